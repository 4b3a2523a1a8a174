// load.js: a program is read as it runs.

import { says, fault, process, address, frame, atFault } from './when.js';

const ofCat = (f, c) => f.space === c.cat;

export default {
    title: 'Demand loading',
    about: 'a program is read as it runs',
    command: 'execdemo -s',
    needs: { cow: 1, lazyheap: 1, demandload: 1 },
    steps: [
        { text: 'exec() puts a program into a process. Does it read the ' +
            'program from the disk? No: it says where each part is to be ' +
            'found, and lets page faults do the rest.' },
        { until: 'a child is born',
          wait: says(/^child: {2}is pid (\d+)/,
                     (c, said) => { c.child = Number(said[1]); }),
          text: c => `Process ${c.child} is a fork, the same program as its ` +
            'parent, in the same frames. In a moment it calls exec() and ' +
            'becomes `cat`.' },
        { until: 'it becomes cat',
          wait: process('exec', (p, c) => {
              c.cat = p.space;
              return p.pid === c.child;
          }),
          text: c => 'It is `cat` now: a new, empty address space ' +
            'and promises: text and data, to be read from the file, and a ' +
            'stack. Of all these pages *one* is in memory, the top of the ' +
            'stack, with the arguments.' },
        { until: 'cat runs its first instruction',
          wait: fault('FILEPAGE', ofCat),
          show: atFault,
          text: c => `The very first instruction, at \`${
              address(c.fault.va)}\`, is not there: a page fault. The block ` +
            'of the file is read, unless the cache has it, and the page ' +
            `table names the cache's frame, \`${frame(c.fault.now)}\`. Were ` +
            'another `cat` running, both would share it.' },
        { until: 'cat writes to its data',
          wait: fault('FILEPAGE', (f, c) => ofCat(f, c) && f.access === 'w'),
          show: atFault,
          text: c => 'cat writes to a variable. Data comes from the file, ' +
            'too, but the file must not change: this page is *copied* into a ' +
            `frame of cat's own, \`${frame(c.fault.now)}\`.` },
        { until: 'cat has answered',
          wait: says(/^cat: {4}(\d+) of its (\d+) pages in memory/),
          text: c => `cat has done its work with ${c.said[1]} of its ` +
            `${c.said[2]} pages. What it did not need, its usage text say, ` +
            'was never read.' },
        { until: 'cat has ended',
          wait: process('exit', (p, c) => p.pid === c.child),
          text: () => 'cat has ended. Its own frames are free; the frames of ' +
            'its file stay in the cache, and the next `cat` starts faster.' +
            '\n\nSwitch demand loading off, above, and run `execdemo`: all ' +
            'is read at once.' },
    ],
};
