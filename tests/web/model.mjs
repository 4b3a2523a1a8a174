// The viewer's model, without a browser: streams written by hand, with the
// states they must lead to. Prints lines for prove.
import { Model, TAGS } from '../../web/model.js';
import { pageKey } from '../../web/state.js';
import { pageLook } from '../../web/look.js';
import { eventWords, frameWords, pageWords } from '../../web/words.js';

let n = 0;

function ok(good, what, more = '') {
    console.log(`${good ? '' : 'not '}ok ${++n} - ${what}`);
    if (!good && more !== '')
        console.log(`# ${more}`);
}

function is(got, want, what) {
    got = JSON.stringify(got);
    want = JSON.stringify(want);
    ok(got === want, what, `got ${got}, want ${want}`);
}

// A model that has read these events: WORD ARG ..., or a whole line.
function play(...events) {
    const m = new Model();
    more(m, ...events);
    return m;
}

function more(m, ...events) {
    events.forEach(e => m.line(/^\d/.test(e) ? e : line(m, e)));
}

const line = (m, e) => `${m.next < 0 ? 0 : m.next} 100 0 3 ${e}`;
const bytes = list => list.join('\n') + '\n';

const BOOT = [
    'start 1 100 2 100', 'frame 10 kernel 1 - 0 -', 'frame 20 table 1 - 0 -',
    'frame 21 table 1 - 0 -', 'frame 30 user 1 - 0 -', 'space 20 is',
    'region 20 1000 3000 r-x text private 7 1000',
    'region 20 3000 5000 rw- data private 0 0', 'table 20 0 21',
    'pte 20 3000 is 30067', 'proc 3 1 is 20 sh', 'run 3', 'end'];

// ---- a snapshot ----

let m = play(...BOOT);
is(m.bad, 0, 'a snapshot is understood');
is([m.version, m.ncpu, m.hz, m.state.top], [1, 2, 100, 256],
   'version, processors, ticks, frames');
is(m.state.frame(0x30), { pfn: 0x30, kind: 'user', dev: '-', flags: 0, ref: 1,
                          block: 0 }, 'a frame');
is(m.state.owners(0x30), [{ space: 0x20, vpn: 3 }], 'and who owns it');
is(m.state.procOf(0x20).name, 'sh', 'a space is a process\'s');
is(m.state.region(0x20, 0x2fff).kind, 'text', 'an address is in a region');
is(m.state.region(0x20, 0x5000), undefined, 'or in none');
is([m.state.sums.frames, m.state.sums.resident], [[252, 1, 2, 1], 1],
   'the sums');
is(m.state.miscounted(), [], 'each reference has an owner');

// ---- copy-on-write, by hand ----

const FORK = [
    'proc 4 3 born 40 sh', 'space 40 new',
    'region 40 3000 5000 rw- data private 0 0',
    'frame 40 table 1 - 0 -', 'frame 41 table 1 - 0 -', 'table 40 0 41',
    'pte 20 3000 fork 30065', 'pte 40 3000 fork 30065',
    'frame 30 user 2 - 0 -'];
const WRITE = ['frame 31 user 1 - 0 -',
               'fault 40 3004 w COW done 30065 31067', 'frame 30 user 1 - 0 -'];

more(m, ...FORK);
is(m.state.owners(0x30), [{ space: 0x20, vpn: 3 }, { space: 0x40, vpn: 3 }],
   'after fork, two own the frame');
is(m.state.miscounted(), [], 'and it says so');
const forked = m.length;
more(m, ...WRITE);
is(m.state.owners(0x30), [{ space: 0x20, vpn: 3 }],
   'a write: it has one again');
is(m.state.owners(0x31), [{ space: 0x40, vpn: 3 }], 'and the writer a copy');
is([m.state.count('forks'), m.state.count('COW'), m.state.count('copies')],
   [1, 1, 1], 'counted');
is(m.event(forked + 1).tag, 'cow', 'and found as a COW');
more(m, 'fault 20 3000 w COW done 30065 30067');
is([m.state.count('COW'), m.state.count('copies')], [2, 1],
   'the last owner copies nothing');

const c = m.cursor();
c.seek(forked);
is([c.state.ownerCount(0x30), c.state.ownerCount(0x31), c.state.count('COW')],
   [2, 0, 0], 'a cursor goes back to before the write');
is(c.seek(m.length).compare(m.state), [], 'and to the end');

// ---- eviction, exit, regions ----

more(m, 'frame 31 user 2 swap 5 dw', 'pte 40 3000 evict 5000',
     'frame 31 user 1 swap 5 w');
is([m.state.entry(0x40, 3), m.state.sums.swapped, m.state.count('evictions')],
   [0x5000, 1, 1], 'an eviction leaves a slot in the entry');
is(m.state.frame(0x31).flags, 4, 'the frame is being written');
more(m, 'fault 40 3000 r SWAPPED again 5000 5000');
is(m.state.count('SWAPPED'), 0, 'a try that waits is no fault yet');
more(m, 'fault 40 3000 r SWAPPED done 5000 31065');
is([m.state.count('SWAPPED'), m.state.sums.swapped], [1, 0], 'then it is');
more(m, 'region 40 3000 4000 rw- data private 0 0',
     'region 40 4000 5000 r-- data private 0 0');
is([...m.state.spaces.get(0x40).regions.values()].map(r => r.rights),
   ['rw-', 'r--'], 'a region is cut in two');
more(m, 'pte 40 3000 unmap 0', 'noregion 40 3000 4000',
     'noregion 40 4000 5000');
is(m.state.spaces.get(0x40).regions.size, 0, 'and both go');
more(m, 'pte 40 0 unmap 0*400');
is(m.state.spaces.get(0x40).entries.size, 0, 'a run of entries');
more(m, 'proc 4 3 exec 40 my  prog');
is(m.state.procs.get(4).name, 'my  prog', 'a name is the rest of the line');
more(m, 'proc 4 3 exit 0 sh', 'space 40 gone');
is([m.state.procs.get(4).zombie, m.state.spaces.has(0x40)], [true, false],
   'an exit leaves a zombie');
more(m, 'proc 4 3 gone 0 sh', 'oom 3 12', 'lost 9', 'mark done </script> now');
is([m.state.procs.has(4), m.state.count('kills'), m.state.count('lost')],
   [false, 1, 9], 'wait, out of memory, lost');
is(m.event(m.length - 1).args, ['done </script> now'], 'a mark keeps its text');
more(m, 'hole 80 90');
is([m.state.frame(0x8f).kind, m.state.frame(0x90).kind], ['kernel', 'free'],
   'where there is no memory, no frame is free');
more(m, 'pte 77 5000 is 30065', 'region 77 0 1000 r-- anon private 0 0');
is(m.state.spaces.has(0x77), false, 'a space that is going is passed over');

// ---- in words ----

const told = play(...BOOT, ...FORK);
const says = (text, what) => (more(told, text),
    ok(eventWords(told, told.event(told.length - 1), told.state).includes(what),
       `in words: ${what}`, eventWords(told, told.event(told.length - 1))));
is(pageLook(told.state, 0x40, 3), 'cow', 'a page that two share');
more(told, 'frame 30 user 3 swap 5 d');
is(pageLook(told.state, 0x40, 3), 'cow', 'also while swap has it');
ok(/^sh \(3\) at 00003000 is in frame 30 \(copy-on-write/.test(
    pageWords(told.state, 0x20, 3)), 'and so it is called');
ok(/at 00004000: empty; the next access will fault\.$/.test(
    pageWords(told.state, 0x20, 4)), 'a page that is not there');
ok(/refused, as no region is there/.test(pageWords(told.state, 0x20, 9)),
   'nor ought to be');
ok(/no such address space/.test(pageWords(told.state, 0x99, 3)),
   'of a space that is not there');
says('pte 20 3000 fork 30065 0*5', 'fork: 1 page of sh (3) from 00003000 on');
says('pte 20 3000 unmap 0*5', 'nothing is mapped any more at 00003000-00008000');
says('fault 20 3000 w ZERO refused 0 0', 'writes to 00003000 and is refused');
says('fault 20 1000 r FILEPAGE done 0 31025', 'read-only; it is a copy');
more(told, 'frame 31 user 2 fs 9 -');
says('fault 20 1000 r FILEPAGE done 0 31025', "the cache's own");
ok(/^Frame 31, file in the cache: a block of the disk/.test(
    frameWords(told.state, 0x31)), 'and what a frame has');

// ---- a second snapshot ----

const before = m.length;
more(m, 'start 1 80 1 100', 'space 50 is', 'end');
is([m.state.top, m.state.spaces.size, m.state.ownerCount(0x30)], [128, 1, 0],
   'a snapshot forgets');
c.seek(m.length);
c.seek(before);
is([c.state.top, c.state.entry(0x20, 3)], [256, 0x30067],
   'and is taken back by a cursor');

// ---- compare says what differs ----

let a = play(...BOOT), b = play(...BOOT);
is(a.compare(b), [], 'equal streams, equal models');
more(b, 'pte 20 3000 is 30007');
is(a.compare(b), [], 'the bits that the processor sets do not count');
more(b, 'pte 20 3000 is 30065', 'frame 30 user 3 fs 9 d', 'proc 3 1 is 20 ls',
     'noregion 20 1000 3000', 'table 20 0 0', 'run 0', 'space 99 new');
is(a.compare(b).map(s => s.split(':')[0]),
   ['frame 30', 'proc 3', 'space 99', 'space 20 region 1000',
    'space 20 table 0', 'space 20 page 3', 'cpu 0'], 'each difference is told');
is(b.state.miscounted().length, 1, 'and a reference without an owner');

// ---- lines that cannot be right ----

m = play(...BOOT);
const rows = m.log.rows, length = m.length;
const BAD = [
    '', ' ', '1', 'x 1 0 3 end', '20 1 0 3', '20 1 0 3 nosuch',
    '20 1 0 3 constructor', '20 1 0 3 __proto__ 1', '20 1 999 3 end',
    '20 1 0 3 start 2 100 1 100', '20 1 0 3 start 1 0 1 100',
    '20 1 0 3 start 1 ffffffff 1 100', '20 1 0 3 start 1 100 1',
    '20 1 0 3 frame 100 user 1 - 0 -', '20 1 0 3 frame 30 used 1 - 0 -',
    '20 1 0 3 frame 30 user 1 - 0 z', '20 1 0 3 frame 30 user 99999999 - 0 -',
    '20 1 0 3 frame 3', '20 1 0 3 pte 20 3000 is', '20 1 0 3 pte 20 3001 is 0',
    '20 1 0 3 pte 20 3000 is 3006g', '20 1 0 3 pte 20 3000 is 0*ffffff',
    '20 1 0 3 pte 20 3000 is ffffffff', '20 1 0 3 pte 20 80000000 is 0',
    '20 1 0 3 pte 20 3000 why 0', '20 1 0 3 pte 20 3000 is 1*2*3',
    '20 1 0 3 fault 20 3000 x ZERO done 0 0',
    '20 1 0 3 fault 20 3000 w NONE done 0 0',
    '20 1 0 3 fault 20 3000 w ZERO done 0', '20 1 0 3 proc 3 1 was 20 sh',
    '20 1 0 3 region 20 3000 3000 rw- heap private 0 0',
    '20 1 0 3 region 20 3000 4000 rwz heap private 0 0',
    '20 1 0 3 region 20 3000 4000 rw- heap none 0 0',
    '20 1 0 3 table 20 0 500', '20 1 0 3 hole 3 3', '20 1 0 3 hole 0 101',
    '20 1 0 3 proc 3 1 exec 20', '20 1 0 3 run', '-1 1 0 3 end',
    '\u0000\uffff'];
for (const text of BAD)
    if (!m.line(text).bad)
        ok(false, `taken as right: ${text}`);
is([m.bad, m.log.rows, m.length], [BAD.length, rows, length],
   'each bad line is counted and changes nothing');
is(m.badLines[0], { text: '', why: 'less than five words', after: length },
   'and kept with the reason');
m.line('20 1 0 3 run 0');
is(m.missing, 20 - BOOT.length, 'missing numbers are counted');
m.line('30 1 0 3 lost 9');
is([m.missing, m.state.count('lost')], [20 - BOOT.length, 9],
   'but for those that the kernel has counted');

// ---- pieces ----

m = new Model();
const whole = bytes(BOOT.map((e, i) => `${i} 100 0 3 ${e}`));
for (let i = 0; i < whole.length; i += 7)
    m.feed(whole.slice(i, i + 7));
is(m.compare(play(...BOOT)), [], 'a stream in pieces of seven bytes');
m.feed('13 100 0 3 fault 20 30');
m.finish();
is([m.bad, m.length], [1, BOOT.length], 'its torn last line is a bad one');
m = play(...BOOT);
m.feed('13 100 0 3 pte 20 3000 is 30');
m.finish();
is([m.bad, m.state.entry(0x20, 3)], [1, 0x30067],
   'even where it could be a whole one');
const half = new Model();
half.feed(whole.slice(0, 200).replace(/\n/g, '\r\n'));
half.finish();
ok(half.length >= 5 && half.bad <= 1, 'carriage returns do not matter');

// ---- many events ----

// Numbers that are the same each time (Park and Miller).
let seed = 12345;
const random = below => (seed = seed * 48271 % 2147483647) % below;
const hex = x => x.toString(16);

function randomEvent() {
    const space = hex(0x200 + random(8)), va = hex(random(2048) * 4096);
    const pfn = random(0x2000), entry = hex(pfn * 4096 + 0x65);
    switch (random(12)) {
    case 0: return `pte ${space} ${va} fork ${entry}*${hex(1 + random(40))}`;
    case 1: return `pte ${space} ${va} evict ${hex(random(900) * 4096)}`;
    case 2: return `region ${space} ${va} ${hex(0x800000 + random(9) * 4096)}` +
                   ` rw- heap private 0 0`;
    case 3: return `noregion ${space} 0 ${hex(random(0x900) * 4096 + 4096)}`;
    case 4: return `proc ${random(9)} 1 ${['born', 'exec', 'exit', 'gone'][
                   random(4)]} ${space} p${random(5)}`;
    case 5: return `run ${random(9)}`;
    case 6: return `table ${space} ${va} ${random(2) ? hex(pfn) : 0}`;
    case 7: return random(20) ? `oom 3 5` : `space ${space} gone`;
    case 8: return random(500) ? 'mark x' : 'start 1 2000 2 100';
    default: return random(2) ?
        `fault ${space} ${va} w COW done ${entry} ${entry}` :
        `frame ${hex(pfn)} user ${1 + random(3)} fs ${hex(random(99))} d`;
    }
}

const many = ['0 0 0 0 start 1 2000 2 100'];
for (let i = 1; i < 6000; i++)
    many.push(`${i} ${i >> 4} ${i & 1} 3 ${randomEvent()}`);
m = new Model();
m.feed(bytes(many));
is(m.bad, 0, 'a random stream is right');
const cursor = m.cursor();
let wrong = 0;
for (let i = 0; i < 25; i++) {
    const at = random(m.length + 1), direct = new Model();
    direct.feed(bytes(many.slice(0, at)));
    const s = cursor.seek(at);
    wrong += s.compare(direct.state).length > 0 ||
        JSON.stringify(s.sums) !== JSON.stringify(direct.state.sums) ||
        s.counts.join() !== direct.state.counts.join() ||
        JSON.stringify(s.owners(0x100)) === undefined;
    for (const pfn of [...direct.state.core.owners.keys()].slice(0, 50))
        wrong += s.ownerCount(pfn) !== direct.state.ownerCount(pfn);
}
is(wrong, 0, 'a cursor moved at random agrees with reading from the start');

// 200,000 events, read and jumped over: the processor's time, as the machine
// may have other things to do. The bounds are several times what it takes.
const cpu = () => (u => (u.user + u.system) / 1000)(process.cpuUsage());
const big = ['0 0 0 0 start 1 2000 2 100'];
for (let i = 1; i < 200000; i++) {
    const vpn = random(4096), pfn = hex(random(0x2000));
    big.push(i & 1 ? `${i} ${i >> 6} 0 3 frame ${pfn} user 1 - 0 -` :
        `${i} ${i >> 6} 0 3 fault ${hex(0x200 + random(4))} ` +
        `${hex(vpn * 4096)} w ZERO done 0 ${pfn}067`);
}
const patience = Number(process.env.TEAK_PATIENCE) || 1;
const text = bytes(big);
let t = cpu();
m = new Model();
for (let i = 0; i < text.length; i += 65536)
    m.feed(text.slice(i, i + 65536));
t = cpu() - t;
ok(t < 8000 * patience && m.length === 200000 && !m.bad,
   '200,000 events are read in 8 s', `${t} ms`);
console.log(`# read in ${Math.round(t)} ms`);
const jump = m.cursor();
t = cpu();
for (const at of [200000, 0, 150000, 50000])
    jump.seek(at);
t = cpu() - t;
ok(t < 2000 * patience, 'four jumps over all of them take 2 s', `${t} ms`);
console.log(`# jumped in ${Math.round(t)} ms`);
is(jump.seek(200000).compare(m.state), [], 'and end where they ought to');

// ---- the working set ----

m = new Model();
m.line('0 0 0 3 start 1 100 1 100');
m.line('1 0 0 3 space 20 is');
m.line('2 0 0 3 end');
[[1, 5], [2, 5], [2, 6], [90, 7], [102, 8], [103, 8], [500, 9]].forEach(
    ([tick, page], i) => m.line(
        `${i + 3} ${tick} 0 3 fault 20 ${page}000 w ZERO done 0 30067`));
is([...m.working.data.slice(0, m.length)], [0, 0, 0, 1, 1, 2, 3, 2, 2, 1],
   'the working set: different pages within a second');
m.line('10 500 0 3 pte 20 10000 fork 30065 0*9');
is(m.working.data[m.length - 1], 2, 'not where an entry is empty');
is(pageKey(2, 3), 2 * 0x100000 + 3, 'a page as a number');
ok(TAGS.includes('evict'), 'tags have names');

let times = 0;
const stop = m.subscribe(() => times++);
m.feed('11 500 0 3 run 0\n12 500 0 3 run 3\n');
m.line('13 500 0 3 run 0');
stop();
m.line('14 500 0 3 run 0');
is(times, 2, 'whoever subscribed is told once for each piece');

console.log(`1..${n}`);
