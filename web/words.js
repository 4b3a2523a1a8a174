// words.js: events, frames and pages in sentences, and where the kernel and
// the book speak of them. No DOM.

import { P, W } from './state.js';
import { LOOKS, frameLook, pageLook } from './look.js';

export const hex = n => n.toString(16);
export const address = n => n.toString(16).padStart(8, '0');
export const plural = (n, word) => `${n.toLocaleString('en')} ${word}` +
                                   (n === 1 ? '' : 's');

// Kernel function and chapter, by event or fault case.
const WHERE = {
    ZERO: ['fill_zero() in vm.c', 'docs/04-faults.md'],
    FILEPAGE: ['fill_file() in vm.c', 'docs/04-faults.md'],
    SWAPPED: ['fill_swap() in vm.c', 'docs/10-watching.md'],
    COW: ['copy_on_write() in vm.c', 'docs/05-fork.md'],
    UPGRADE: ['upgrade() in vm.c', 'docs/04-faults.md'],
    SPURIOUS: ['upgrade() in vm.c', 'docs/04-faults.md'],
    BAD: ['classify() in region.c', 'docs/04-faults.md'],
    fork: ['share_run() in vm.c', 'docs/05-fork.md'],
    unmap: ['deallocuvm() in vm.c', 'docs/04-faults.md'],
    evict: ['sweep_take() in pageout.c', 'docs/10-watching.md'],
    protect: ['protect() in mmap.c', 'docs/04-faults.md'],
    born: ['fork() in proc.c', 'docs/05-fork.md'],
    exec: ['commit() in exec.c', 'docs/06-exec.md'],
    exit: ['exit() in proc.c', 'docs/08-processes.md'],
    gone: ['free_zombie() in proc.c', 'docs/08-processes.md'],
    run: ['switch_to() in sched.c', 'docs/08-processes.md'],
    space: ['as_new() and as_put() in aspace.c', 'docs/04-faults.md'],
    region: ['region_insert() in region.c', 'docs/04-faults.md'],
    noregion: ['region_remove() in region.c', 'docs/04-faults.md'],
    table: ['walkpgdir() and free_tables() in vm.c', 'docs/02-addresses.md'],
    oom: ['oom() in pageout.c', 'docs/10-watching.md'],
    frame: ['page_alloc() and page_free() in kalloc.c', 'docs/03-frames.md'],
    mark: ['written by the program to /dev/events', 'docs/11-events.md'],
    free: ['frame_alloc() in kalloc.c', 'docs/03-frames.md'],
    kernel: ['kalloc() in kalloc.c', 'docs/03-frames.md'],
    own: ['fault_handle() in vm.c', 'docs/04-faults.md'],
    cow: ['copy_on_write() in vm.c', 'docs/05-fork.md'],
    shared: ['fault_handle() in vm.c', 'docs/04-faults.md'],
    file: ['bget() in bcache.c', 'docs/07-disk.md'],
    swap: ['swap_out() in swap.c', 'docs/10-watching.md'],
    moving: ['page_alloc() in kalloc.c', 'docs/03-frames.md'],
    empty: ['classify() in region.c', 'docs/04-faults.md'],
    none: ['protect() in mmap.c', 'docs/04-faults.md'],
};
const EVENTS = ['event.c', 'docs/11-events.md'];
const where = key => WHERE[key] || EVENTS;

// ---- events ----

const FAULTS = {
    ZERO: (who, at, old, now) =>
        `${who} ${at}, which nothing has touched: it gets frame ${now}, ` +
        'all zeroes',
    FILEPAGE: (who, at, old, now, e) =>
        `${who} ${at}, a page of a file: frame ${now} has it, and is mapped ` +
        (e & W ? 'writable' : 'read-only'),
    SWAPPED: (who, at, old, now) =>
        `${who} ${at}, which is in swap slot ${old}: ` +
        `it is back, in frame ${now}`,
    COW: (who, at, old, now) => old === now ?
        `${who} ${at}; it is frame ${now}'s last owner, so it may write to ` +
        'it: nothing is copied' :
        `${who} ${at}, in frame ${old}, which it shares: ` +
        `it gets a copy of its own, frame ${now}`,
    UPGRADE: (who, at) =>
        `${who} ${at}: its region allows more than the entry did; ` +
        'now the entry does too',
    SPURIOUS: (who, at) =>
        `${who} ${at}: the entry is right, only the TLB was behind`,
    BAD: (who, at) => `${who} ${at}, which it may not`,
};

// state: after the event, or undefined.
function faultWords(ev, who, state) {
    const [, va, access, kase, result, old, now] = ev.args;
    const verb = access === 'w' ? 'writes to' : 'reads';

    if (result === 'again')
        return `${who} ${verb} ${address(va)} and has to wait (${kase})`;
    if (result === 'refused' && kase !== 'BAD')
        return `${who} ${verb} ${address(va)} and is refused (${kase})`;
    const text = FAULTS[kase](`${who} ${verb}`, address(va), hex(old >>> 12),
                              hex(now >>> 12), now);
    if (kase === 'FILEPAGE' && state)
        return text + (state.frame(now >>> 12).dev === 'fs' ?
            "; it is the cache's own, nothing is copied" : '; it is a copy');
    return result === 'refused' ? `${text}: refused` : text;
}

// n: pages whose entries are not 0 now; all: the entries from `at` to `to`.
const PTES = {
    fork: (n, whose, at, to, all) => `fork: ${n} of ${whose} from ${at} on: ` +
        'shared, ' + (all.some(([e]) => e & P && e & W) ?
        'writable by both' : 'read-only from now on'),
    unmap: (n, whose, at, to) => `${whose}: nothing is mapped any more at ` +
        `${at}-${to}`,
    evict: (n, whose, at) => `memory is short: the page of ${whose} at ` +
        `${at} is taken away`,
    protect: (n, whose, at) => `${n} of ${whose} from ${at} on: new rights`,
    is: (n, whose, at) => `${n} of ${whose} from ${at} on: so it is`,
};

const PROCS = {
    born: (pid, ppid, name) => `${name} (${pid}) is born: ` +
        (ppid ? `a fork of ${ppid}` : 'the first process'),
    exec: (pid, ppid, name) => `process ${pid} runs the program ${name} now`,
    exit: (pid, ppid, name) => `${name} (${pid}) ends; its memory goes back`,
    gone: (pid, ppid, name) => `${name} (${pid}) has been waited for: gone`,
    is: (pid, ppid, name) => `there is ${name} (${pid})`,
    zombie: (pid, ppid, name) => `there is ${name} (${pid}), a zombie`,
};

// about: whose space the event is of, as "sh (3)".
const WORDS = {
    start: ev => `a snapshot begins: ${plural(ev.args[1], 'frame')} of memory`,
    hole: ev => `frames ${hex(ev.args[0])} to ${hex(ev.args[1] - 1)}: ` +
        'no memory, or the kernel itself',
    end: () => 'the snapshot is complete',
    stop: () => 'the stream ends here: events were switched off',
    lost: ev => `${plural(ev.args[0], 'event')} could not be written: lost`,
    mark: ev => `\u201c${ev.args[0]}\u201d`,
    proc: ev => PROCS[ev.args[2]](ev.args[0], ev.args[1], ev.args[4]),
    run: ev => ev.args[0] ? `CPU ${ev.cpu} runs process ${ev.args[0]}`
        : `CPU ${ev.cpu} has nothing to do`,
    space: (ev, about) => ({ new: 'a new, empty address space',
        gone: `the address space of ${about} is gone`,
        is: 'there is an address space' })[ev.args[1]] +
        `, directory in frame ${hex(ev.args[0])}`,
    region: (ev, about) => {
        const [, start, end, rights, kind, sharing, ino] = ev.args;
        return `${about}: region ${address(start)}-${address(end)}, ${kind} ` +
            `${rights} ${sharing}` + (ino ? `, file ${ino}` : '');
    },
    noregion: (ev, about) => `${about}: no region any more at ` +
        `${address(ev.args[1])}-${address(ev.args[2])}`,
    table: (ev, about) => ev.args[2] ?
        `${about}: the page table for ${address(ev.args[1])} is in frame ` +
        hex(ev.args[2]) :
        `${about}: no page table for ${address(ev.args[1])} any more`,
    pte: (ev, about) => {
        const [, va, why, all] = ev.args;
        const count = list => list.reduce((sum, [, n]) => sum + n, 0);
        return PTES[why](plural(count(all.filter(([e]) => e)), 'page'), about,
                         address(va), address(va + count(all) * 4096), all);
    },
    fault: (ev, about, state) => faultWords(ev, about, state),
    frame: ev => {
        const [pfn, kind, ref, dev, block, state] = ev.args;
        return `frame ${hex(pfn)} is ${KINDWORDS[kind]}` +
            (kind === 'user' ? `, ${plural(ref, 'owner')}` : '') +
            (dev === '-' ? '' : `, holds ${dev} block ${hex(block)}`) +
            stateWords(state);
    },
    oom: (ev, about) => `out of memory: process ${ev.args[0]} with ` +
        `${plural(ev.args[1], 'page')} has to die`,
};

const KINDWORDS = { free: 'free', kernel: "the kernel's",
                    table: 'a page table', user: 'for a page' };

function stateWords(letters) {
    const all = { d: 'dirty', r: 'being read', w: 'being written',
                  l: 'logged' };
    return letters === '-' ? '' : ', ' + [...letters].map(c => all[c])
        .join(', ');
}

// An event in one sentence; state: after it, which can tell more.
export function eventWords(model, ev, state) {
    return WORDS[ev.word](ev, model.aboutOf(ev.index) ||
                              `space ${hex(Number(ev.args[0]) || 0)}`, state);
}

// [kernel function, chapter] of an event.
export function eventWhere(ev) {
    return ev.word === 'fault' ? where(ev.args[3]) :
        where(ev.word === 'pte' || ev.word === 'proc' ? ev.args[2] : ev.word);
}

// ---- frames and pages ----

export function ownerName(state, { space, vpn }) {
    const p = state.procOf(space);
    return `${p ? `${p.name} (${p.pid})` : `space ${hex(space)}`} at ` +
        address(vpn * 4096);
}

function ownersWords(state, pfn) {
    const names = state.owners(pfn).map(o => ownerName(state, o));
    return names.length > 4 ?
        `${names.slice(0, 4).join(', ')} and ${names.length - 4} more` :
        names.join(', ');
}

const FRAMES = {
    free: who => who ? `given back; that ${who} has lost it is told next` :
        'nobody owns it',
    kernel: (who, f) => f.ref ? "the kernel's own data" :
        'the kernel itself, or no memory is there',
    table: () => 'a page directory or page table',
    own: who => `only ${who} has it`,
    cow: who => `${who} share it until one of them writes, who then gets ` +
        'a copy',
    shared: who => `${who} share it: what one writes, the others read`,
    file: who => 'a block of the disk, kept in the cache' +
        (who ? ` and mapped by ${who}` : '; no process maps it'),
    swap: who => 'a page that has a place in swap, too; ' +
        (who ? `mapped by ${who}` : 'no process maps it now'),
    moving: () => 'just taken, and not mapped yet',
};

export function frameWords(state, pfn) {
    const look = frameLook(state, pfn), f = state.frame(pfn);
    const where2 = f.dev === '-' ? '' :
        ` It is block ${hex(f.block)} of ${f.dev === 'fs' ? 'the file system'
            : 'swap'}.`;
    return `Frame ${hex(pfn)}, ${LOOKS[look].name}: ` +
        FRAMES[look](ownersWords(state, pfn), f) +
        stateWords(flags(f.flags)) + '.' + where2;
}

const flags = bits => bits ? [...'drwl'].filter((c, i) => bits >> i & 1)
    .join('') : '-';

export const frameWhere = (state, pfn) => where(frameLook(state, pfn));

export function pageWords(state, space, vpn) {
    const e = state.entry(space, vpn), look = pageLook(state, space, vpn);
    const name = ownerName(state, { space, vpn });
    const r = state.region(space, vpn * 4096);

    if (!state.spaces.has(space))
        return `${name}: there is no such address space at this moment.`;
    if (!e)
        return `${name}: empty; the next access will ` + (!r ?
            'be refused, as no region is there.' : r.ino ?
            `fault and fetch it from file ${r.ino}.` : 'fault.');
    if (!(e & P))
        return `${name}: swapped out, in slot ${hex(e >>> 12)}; the next ` +
            'access brings it back.';
    return `${name} is in frame ${hex(e >>> 12)} (${LOOKS[look].name}), ` +
        (e & W ? 'writable' : 'read-only') + '. ' +
        frameWords(state, e >>> 12);
}

export const pageWhere = (state, space, vpn) =>
    where(pageLook(state, space, vpn));
