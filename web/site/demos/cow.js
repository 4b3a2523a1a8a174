// cow.js: fork copies nothing until somebody writes.

import { says, fault, process, address, frame, atFault,
         atPage } from './when.js';

const same = f => f.old >>> 12 === f.now >>> 12;

export default {
    title: 'Copy-on-write',
    about: 'fork copies nothing, until somebody writes',
    command: 'cowdemo -s',
    needs: { cow: 1, lazyheap: 1 },
    steps: [
        { text: 'fork() makes a second process with the same memory. Were ' +
            'all of it copied, fork would be slow, and mostly for nothing: ' +
            'many children call exec() at once.\n\nWatch one page that a ' +
            'parent and its child both think is theirs.' },
        { until: 'the parent has asked for a page',
          wait: says(/^parent: pid (\d+) asks .* at 0x(\w+)/, (c, said) => {
              c.va = parseInt(said[2], 16);
              c.parent = c.pid;
          }),
          show: atPage,
          text: c => `The parent, process ${c.parent}, has asked for a page ` +
            `at \`${address(c.va)}\`. It is not there yet.` },
        { until: 'the parent writes to it',
          wait: fault('ZERO', (f, c) => f.va === c.va),
          show: c => ({ frame: c.fault.now >>> 12 }),
          text: c => {
              c.first = c.fault.now >>> 12;
              return 'The parent writes to the page and so gets frame ' +
                  `\`${frame(c.fault.now)}\`. Its entry: *writable*. One ` +
                  'owner.';
          } },
        { until: 'the parent forks',
          wait: process('born', (p, c) => p.ppid === c.parent),
          show: c => ({ frame: c.first }),
          text: c => `fork() has made process ${c.process.pid}. No page was ` +
            'copied: *both* page tables name frame ' +
            `\`${c.first.toString(16)}\`, and both entries are *read-only* ` +
            'now, though the regions allow writing. That difference is how ' +
            'the kernel knows.' },
        { until: 'the child writes to the page',
          wait: fault('COW', (f, c) => f.va === c.va && !same(f)),
          show: atFault,
          text: c => 'The child writes. The entry forbids it, the region ' +
            'allows it: copy-on-write. The kernel copies the page into frame ' +
            `\`${frame(c.fault.now)}\` and makes that the child's, ` +
            'writable. The parent has its frame still, and its old bytes.' },
        { until: 'the parent writes to the page',
          wait: fault('COW', (f, c) => f.va === c.va && same(f)),
          show: atFault,
          text: c => 'Now the parent writes, and faults as well: its entry ' +
            'is still read-only. But it is the frame\'s *last owner*. So ' +
            'nothing is copied; the entry is made writable, and that is ' +
            'all.' },
        { until: 'both have read what they wrote',
          wait: says(/^child: {2}reads/),
          text: () => 'Each reads what it wrote itself. Of all that the two ' +
            'have in common, only what was written to has been copied.\n\n' +
            'Then switch copy-on-write off, above, run `cowdemo`, and ' +
            'compare.' },
    ],
};
