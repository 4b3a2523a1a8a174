// oom.js: when memory and swap are used up.

import { says, evicted, process, address } from './when.js';

const MMAP = 0x70000000;                // its large region is above

export default {
    title: 'Out of memory',
    about: 'when swap is full as well, somebody has to die',
    command: 'oomdemo -s',
    needs: { lazyheap: 1, policy: 0 },
    steps: [
        { text: 'The kernel promises more memory than it has; mostly that ' +
            'does no harm. Here a process takes it at its word.' },
        { until: 'the parent has counted what there is',
          wait: says(/^parent: (\d+) pages of memory and swap/),
          text: c => `Memory and swap together have room for ${c.said[1]} ` +
            'pages. The parent forks.' },
        { until: 'the child has asked for all of it',
          wait: says(/^child: {2}has a region of (\d+) pages/,
                     c => { c.child = c.pid; }),
          text: c => `The child, process ${c.child}, has asked for ` +
            `${c.said[1]} pages, all there are, and was told yes: a region ` +
            'costs nothing. Now it touches them, one by one.' },
        { until: 'the first of its pages goes to swap',
          wait: evicted((e, c) => e.space === c.space && e.va >= MMAP),
          show: c => ({ space: c.evicted.space, vpn: c.evicted.vpn }),
          text: c => 'Memory is full. As before, pages go to swap, ' +
            `\`${address(c.evicted.va)}\` first, and it goes on growing.` },
        { until: 'there is no memory and no swap left',
          wait: (event, c) => {
              if (event.word !== 'oom')
                  return false;
              [c.victim, c.pages] = event.args;
              return true;
          },
          text: c => 'No frame is free, no slot is free, and a page is ' +
            `wanted. The kernel cannot keep its promise. It picks process ` +
            `${c.victim}, which has the most pages, ${c.pages}, so that one ` +
            'death helps.' },
        { until: 'it is dead',
          wait: process('exit', (p, c) => p.pid === c.victim),
          text: c => `Process ${c.victim} is dead, and its memory is being ` +
            'given back. The others, the shell and the kernel too, were ' +
            'never in danger.' },
        { until: 'its parent has looked again',
          wait: says(/^parent: (\d+) frames and (\d+) slots are free/),
          text: c => `${c.said[1]} frames and ${c.said[2]} slots are free ` +
            'again. The parent learned of it from wait(), as of any other ' +
            'end.' },
    ],
};
