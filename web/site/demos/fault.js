// fault.js: what a page fault is.

import { says, fault, process, address, frame, atFault,
         atPage } from './when.js';

export default {
    title: 'A page fault',
    about: 'memory comes when it is touched',
    command: 'faultdemo -s',
    needs: { lazyheap: 1, demandload: 1 },
    steps: [
        { text: 'A process asks the kernel for two pages of memory and then ' +
            'uses them. Before it does, it has no memory at all.\n\n' +
            'Teak stops at each event that matters, until you go on.' },
        { until: 'the process has asked for memory',
          wait: says(/^pid (\d+) asks for 2 pages of memory, at 0x(\w+)/,
                     (c, said) => { c.va = parseInt(said[2], 16); }),
          show: atPage,
          text: c => `Process ${c.pid} has asked for 2 pages at ` +
            `\`${address(c.va)}\`. The kernel has noted a *region*, a ` +
            'promise, and nothing else: no frame of memory is taken, and ' +
            'the page-table entries are 0.' },
        { until: 'it reads the first page',
          wait: fault('ZERO', (f, c) => f.va === c.va),
          show: atFault,
          text: c => 'It reads the first page. The CPU finds no entry and ' +
            'cannot go on: a *page fault*. The kernel sees that a region ' +
            `promises this address, takes a free frame, \`${
                frame(c.fault.now)}\`, fills it with zeroes and writes its ` +
            'number into the entry.\n\nThen the same instruction runs again. ' +
            'The process has noticed nothing.' },
        { until: 'it writes to the second page',
          wait: fault('ZERO', (f, c) => f.va === c.va + 4096),
          show: atFault,
          text: c => 'It writes to the second page: one more fault, one more ' +
            `frame, \`${frame(c.fault.now)}\`. What is never touched never ` +
            'costs a frame.' },
        { until: 'it maps a file',
          wait: says(/^maps the file README, at 0x(\w+)/,
                     (c, said) => { c.va = parseInt(said[1], 16); }),
          show: atPage,
          text: c => 'It asks for another kind of region, at ' +
            `\`${address(c.va)}\`: here the file README is to appear. Again ` +
            'there is only the promise.' },
        { until: 'it reads the file in memory',
          wait: fault('FILEPAGE', (f, c) => f.va === c.va),
          show: atFault,
          text: c => 'It reads a letter there. Same fault, other source: the ' +
            "kernel's cache gets the block from the disk, and the entry " +
            `names the very frame of the cache, \`${frame(c.fault.now)}\`. ` +
            'Nothing is copied; the entry is read-only.' },
        { until: 'a child reads address 0',
          wait: fault('BAD'),
          text: c => `Its child, process ${c.fault.pid}, reads address 0. ` +
            'The CPU faults as before, but *no region* promises this ' +
            'address. The kernel has nothing to put there: refused.' },
        { until: 'the child has ended',
          wait: process('exit', (p, c) => p.pid === c.fault.pid),
          text: c => `So process ${c.process.pid} is killed: what Unix calls ` +
            'a segmentation fault. It is the one kind of page fault that is ' +
            'an error; all others are how memory works.' },
    ],
};
