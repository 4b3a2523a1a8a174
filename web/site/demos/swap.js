// swap.js: more memory than there is.

import { says, fault, evicted, address, frame, hex, atFault } from './when.js';

const MMAP = 0x70000000;                // its large region is above
const mine = (x, c) => x.space === c.space && x.va >= MMAP;

export default {
    title: 'Eviction and swap',
    about: 'more memory than there is',
    command: 'swapdemo -s 7',
    needs: { lazyheap: 1, policy: 0 },
    steps: [
        { text: 'This machine has 8 MB of memory, the kernel included, and a ' +
            'process is going to write to 7 MB of its own, twice. What does ' +
            'not fit has to go somewhere: to *swap*, a part of the disk.' },
        { until: 'it looks how much memory there is',
          wait: says(/^memory has (\d+) frames, (\d+) of them free/,
                     (c, said) => { c.free = Number(said[2]); }),
          text: c => `Of ${c.said[1]} frames, ${c.free} are free.` },
        { until: 'it begins',
          wait: says(/^the first time: writing to (\d+) pages/,
                     (c, said) => { c.pages = Number(said[1]); }),
          text: c => `It wants ${c.pages} pages, more than are free. It ` +
            'gets all of them, as a promise. Watch the free frames vanish as ' +
            'it writes.' },
        { until: 'one of its pages has to go',
          wait: evicted(mine),
          show: c => ({ space: c.evicted.space, vpn: c.evicted.vpn }),
          text: c => 'Memory is short. A *hand* goes round all pages, like ' +
            "a clock's: one that was used since it last came by gets a " +
            `second chance, another has to go. \`${address(c.evicted.va)}\` has to ` +
            'go. Its entry names no frame any more but a place on the disk, ' +
            `*slot ${hex(c.evicted.slot)}*.` },
        { until: 'all pages have been written to once',
          wait: (event, c, model) => {
              const part = /^(\d+) pages touched: (\d+) in memory, (\d+) /;
              return says(part)(event, c, model) && Number(c.said[1]) === c.pages;
          },
          text: c => `All ${c.said[1]} pages are written to: ${c.said[2]} ` +
            `are in memory, ${c.said[3]} in swap. The process knows nothing ` +
            'of that.' },
        { until: 'it touches a page that is in swap',
          wait: fault('SWAPPED', (f, c) => mine(f, c) && f.now & 1),
          show: atFault,
          text: c => 'The second time. The entry of ' +
            `\`${address(c.fault.va)}\` names slot ${frame(c.fault.old)}: a ` +
            'page fault, and the page is read back, into frame ' +
            `\`${frame(c.fault.now)}\`. For that another has to go: the disk ` +
            'works for each page now. This is *thrashing*.' },
        { until: 'all pages have been touched again',
          wait: says(/^every page came back/),
          text: () => 'Every page came back as it was written. It only took ' +
            'far longer than memory would have.\n\nChoose another policy of ' +
            'eviction, above, run `policy 7`, and compare.' },
    ],
};
