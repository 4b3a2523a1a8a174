// A recording made by hand, as Teak would write it: a shell forks a program,
// both write to some of 4 pages, one page is evicted and comes back, and one
// process is killed for want of memory. Printed on standard output.

let seq = 0, tick = 100;
const out = [];
const ev = (cpu, pid, text) =>
    out.push(`${seq++} ${tick} ${cpu} ${pid} ${text}`);
const hex = n => n.toString(16);
const SH = 0x200, PARENT = 0x210, CHILD = 0x220, HEAP = 0x206000;

function frames(from, to, text) {
    for (let f = from; f < to; f++)
        ev(0, 0, `frame ${hex(f)} ${text}`);
}

function program(space, table, ino) {
    ev(0, 0, `table ${hex(space)} 0 ${hex(table)}`);
    ev(0, 0, `region ${hex(space)} 1000 5000 r-x text private ${ino} 1000`);
    ev(0, 0, `region ${hex(space)} 5000 6000 rw- data private ${ino} 5000`);
    ev(0, 0, `region ${hex(space)} 106000 206000 rw- stack private 0 0`);
    ev(0, 0, `region ${hex(space)} ${hex(HEAP)} ${hex(HEAP + 0x10000)} rw- ` +
       'heap private 0 0');
}

// The snapshot: 8 MB; the kernel's frames, a file cache, a shell.
ev(0, 0, 'start 1 800 2 100');
frames(0, 0x190, 'kernel 1 - 0 -');
frames(0x190, 0x1c0, 'user 1 fs 40 -');
frames(0x1c0, 0x1c6, 'user 1 fs 90 d');
frames(0x200, 0x202, 'table 1 - 0 -');
frames(0x202, 0x206, 'user 1 - 0 -');
frames(0x190, 0x193, 'user 2 fs 40 -');
ev(0, 0, 'space 200 is');
program(SH, 0x201, 9);
ev(0, 0, 'pte 200 1000 is 190025 191025 192025');
ev(0, 0, 'pte 200 5000 is 202067');
ev(0, 0, `pte 200 205000 is 203067 204067 205067`);
ev(0, 0, 'proc 1 0 is 0 init');
ev(0, 0, 'proc 2 1 is 200 sh');
ev(0, 0, 'run 2');
ev(0, 0, 'end');

// The program, with 4 pages of heap.
tick = 150;
ev(0, 2, 'frame 210 table 1 - 0 -');
ev(0, 2, 'frame 211 table 1 - 0 -');
ev(0, 2, 'space 210 new');
program(PARENT, 0x211, 12);
ev(0, 2, 'proc 6 2 born 210 forkdemo');
ev(1, 6, 'run 6');
ev(1, 6, 'frame 1a0 user 2 fs 50 -');
ev(1, 6, 'fault 210 1000 r FILEPAGE done 0 1a0025');
ev(1, 6, 'mark parent: writes to 4 pages');
for (let i = 0; i < 4; i++) {
    tick += 3;
    ev(1, 6, `frame ${hex(0x230 + i)} user 1 - 0 -`);
    ev(1, 6, `fault 210 ${hex(HEAP + i * 4096 + 4)} w ZERO done 0 ` +
       `${hex(0x230 + i)}067`);
}
tick += 10;
ev(1, 6, 'mark parent: forks </script><b>');
ev(1, 6, 'frame 220 table 1 - 0 -');
ev(1, 6, 'frame 221 table 1 - 0 -');
ev(1, 6, 'space 220 new');
program(CHILD, 0x221, 12);
const shared = [0, 1, 2, 3].map(i => `${hex(0x230 + i)}065`).join(' ');
ev(1, 6, `pte 210 ${hex(HEAP)} fork ${shared}`);
ev(1, 6, `pte 220 ${hex(HEAP)} fork ${shared}`);
ev(1, 6, 'pte 220 1000 fork 1a0025');
ev(1, 6, 'frame 1a0 user 3 fs 50 -');
frames(0x230, 0x234, 'user 2 - 0 -');
ev(1, 6, 'proc 7 6 born 220 forkdemo');
ev(0, 7, 'run 7');
tick += 5;
ev(0, 7, 'mark child:  writes to pages 0 and 1');
for (let i = 0; i < 2; i++) {
    tick += 2;
    ev(0, 7, `frame ${hex(0x240 + i)} user 1 - 0 -`);
    ev(0, 7, `fault 220 ${hex(HEAP + i * 4096)} w COW done ` +
       `${hex(0x230 + i)}065 ${hex(0x240 + i)}067`);
    ev(0, 7, `frame ${hex(0x230 + i)} user 1 - 0 -`);
}
tick += 9;
ev(1, 6, 'mark parent: writes to page 0, and is its last owner');
ev(1, 6, `fault 210 ${hex(HEAP)} w COW done 230065 230067`);

// Memory is short.
tick += 30;
ev(0, 3, 'mark memory is short: a page goes to swap');
ev(0, 3, 'frame 241 user 2 swap 7 d');
ev(0, 3, `pte 220 ${hex(HEAP + 4096)} evict 7000`);
ev(0, 3, 'frame 241 user 1 swap 7 w');
ev(0, 3, 'frame 241 free 0 - 0 -');
tick += 20;
ev(0, 7, 'frame 242 user 1 swap 7 -');
ev(0, 7, `fault 220 ${hex(HEAP + 4096)} r SWAPPED again 7000 7000`);
ev(0, 7, 'frame 242 user 2 swap 7 -');
ev(0, 7, `fault 220 ${hex(HEAP + 4096)} r SWAPPED done 7000 242025`);
tick += 40;
ev(1, 6, 'oom 7 4');
ev(0, 7, 'proc 7 6 exit 0 forkdemo');
ev(0, 7, `pte 220 ${hex(HEAP)} unmap 0*4`);
ev(0, 7, 'pte 220 1000 unmap 0');
for (const f of [0x240, 0x220, 0x221])
    ev(0, 7, `frame ${hex(f)} free 0 - 0 -`);
ev(0, 7, 'frame 232 user 1 - 0 -');
ev(0, 7, 'frame 233 user 1 - 0 -');
ev(0, 7, 'frame 242 user 1 swap 7 -');
ev(0, 7, 'frame 1a0 user 2 fs 50 -');
ev(0, 7, 'space 220 gone');
ev(0, 0, 'run 0');
ev(1, 6, 'proc 7 6 gone 0 forkdemo');
ev(1, 6, 'mark parent: its child has been killed');
console.log(out.join('\n'));
