// map.js: two processes map one file.

import { says, fault, region, address, frame, atFault } from './when.js';

const mapped = r => r.kind === 'file' && r.sharing === 'shared';
const here = (f, c) => f.va === c.va;

export default {
    title: 'mmap, shared by two',
    about: 'one frame, two processes and a file',
    command: 'mapdemo -s',
    needs: { cow: 1, lazyheap: 1 },
    steps: [
        { text: 'mmap() makes a file appear in memory. When two processes ' +
            'map the same file, what one writes the other reads. How often ' +
            'is it in memory then?' },
        { until: 'the parent maps the file',
          wait: region((r, c) => {
              c.va = r.start;
              return mapped(r);
          }),
          show: c => ({ space: c.region.space, vpn: c.region.vpn }),
          text: c => `The parent, process ${c.region.pid}, has mapped a file ` +
            `of one page at \`${address(c.va)}\`, *shared*. Nothing is read ` +
            'yet.' },
        { until: 'the parent writes to it',
          wait: fault('FILEPAGE', here),
          show: c => ({ frame: c.fault.now >>> 12 }),
          text: c => {
              c.frame = c.fault.now >>> 12;
              return 'The parent writes text there. The page fault maps the ' +
                  `frame in which the kernel caches the file, \`${
                      frame(c.fault.now)}\`, *writable*: the process writes ` +
                  'straight into the cache.';
          } },
        { until: 'the child maps the file, too',
          wait: region((r, c) => mapped(r) && r.space !== c.fault.space),
          show: c => ({ space: c.region.space, vpn: c.region.vpn }),
          text: c => `Its child, process ${c.region.pid}, maps the file by ` +
            'itself. It has a region; its entry is still 0.' },
        { until: 'the child reads the page',
          wait: fault('FILEPAGE', here),
          show: c => ({ frame: c.frame }),
          text: c => 'The child reads and faults; its entry names the *same ' +
            `frame*, \`${frame(c.fault.now)}\`. Two page tables and the ` +
            'cache: three owners, one page of memory. It reads what the ' +
            'parent wrote, and no byte was copied.' },
        { until: 'the child has written, and ended',
          wait: says(/in its memory$/),
          show: c => ({ frame: c.frame }),
          text: c => 'The child has written over the first letter and has ' +
            `ended. The parent sees it: \`${c.said.input}\`.` },
        { until: 'the parent has called read()',
          wait: says(/in the file$/),
          show: c => ({ frame: c.frame }),
          text: () => 'read() sees it, too, for it reads from the same ' +
            'frame. The disk does not know yet.' },
        { until: 'the page goes to the disk',
          wait: (event, c) => event.word === 'frame' &&
              event.args[0] === c.frame && event.args[5].includes('w'),
          show: c => ({ frame: c.frame }),
          text: c => `msync(): frame \`${c.frame.toString(16)}\` is being ` +
            'written to its block now. Without it the kernel would have done ' +
            'so some time later.' },
        { until: 'it is there',
          wait: says(/^parent: entry/),
          text: () => 'Memory and file are the same again, and they were the ' +
            'same *frame* all the time.' },
    ],
};
