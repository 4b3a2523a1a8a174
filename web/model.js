// model.js: reads the stream of events that Teak writes (docs/11-events.md)
// and knows from it what memory is like after each event. No DOM.
//
//     const model = new Model();
//     model.feed(text);            any piece of the stream
//     model.finish();              it ends here
//     const c = model.cursor();    its own State, at any event
//     c.seek(1000);                after the first 1000 events
//
// model.state is after the last event. A line that cannot be understood is
// left out, counted (bad), and shown (badLines); nothing here throws for one.

import { State, COUNTERS, CASES, KINDS, DEVS, FLAGS, P, packFrame, newCore,
         pageKey, ENTRY, TABLE, FRAME, BLOCK, SPACE, REGION, PROC,
         CPU, COUNT, RESET } from './state.js';
import { Log, Column, Cursor } from './log.js';
import { WorkingSet } from './workset.js';

const USERPAGES = 0x80000;          // pages below KERNBASE
const MAXTOP = 0x100000;            // 4 GB of frames
const MAXBAD = 20;                  // bad lines that are kept

// What an event is worth jumping to, or a mark in the time line.
export const TAGS = ['', 'cow', 'fault', 'evict', 'oom', 'mark', 'fork',
                     'exec', 'swapin', 'lost'];

// The arguments of each word: d decimal, h hexadecimal, w a word. A capital
// may be there more than once; t: the rest of the line. t and E come last.
const SHAPES = {
    start: 'dhdd', hole: 'hh', end: '', stop: '', lost: 'd', mark: 't',
    proc: 'ddwht', run: 'd', space: 'hw', region: 'hhhwwwdh', noregion: 'hhh',
    table: 'hhh', pte: 'hhwE', fault: 'hhwwwhh', frame: 'hwdwhw', oom: 'dd',
};
const DECIMAL = /^\d{1,10}$/, HEX = /^[0-9a-f]{1,8}$/;
const ENTRIES = /^([0-9a-f]{1,8})(?:\*([0-9a-f]{1,6}))?$/;
const RIGHTS = /^[r-][w-][x-]$/, STATE = /^(?:-|d?r?w?l?)$/;

class Bad extends Error {}          // caught in line()
const bad = why => { throw new Bad(why); };
const among = (word, list) =>
    list.includes(word) || bad(`${word} is none of ${list.join(' ')}`);

function number(text, shape) {
    const decimal = shape === 'd';
    (decimal ? DECIMAL : HEX).test(text) ||
        bad(`"${text}" is no ${decimal ? '' : 'hexa'}decimal number`);
    return parseInt(text, decimal ? 10 : 16);
}

// E*N N entries E, all in one array of [E, N].
function runs(words) {
    return words.map(word => {
        const m = ENTRIES.exec(word);
        m || bad(`"${word}" is no entry`);
        return [parseInt(m[1], 16), m[2] ? parseInt(m[2], 16) : 1];
    });
}

function args(word, words) {
    Object.hasOwn(SHAPES, word) || bad(`no such event: ${word}`);
    const shape = SHAPES[word];
    const more = shape.endsWith('E'), n = shape.length;
    if (shape.endsWith('t') && words.length >= n)
        words.push(words.splice(n - 1).join(' '));
    (more ? words.length >= n : words.length === n) ||
        bad(`${word} has ${words.length} arguments, not ${n}`);
    const out = words.slice(0, more ? n - 1 : n).map((w, i) =>
        'wt'.includes(shape[i]) ? w : number(w, shape[i]));
    if (more)
        out.push(runs(words.slice(n - 1)));
    return out;
}

// A line as {seq, tick, cpu, pid, word, args}. Throws Bad.
function parse(text) {
    const words = text.split(' ');
    words.length >= 5 || bad('less than five words');
    const [seq, tick, cpu, pid] = words.slice(0, 4).map(w => number(w, 'd'));
    cpu < 256 || bad(`there is no cpu ${cpu}`);
    return { seq, tick, cpu, pid, word: words[4],
             args: args(words[4], words.slice(5)) };
}

export class Model {
    constructor() {
        this.state = new State();
        this.log = new Log();
        this.lines = [];
        this.ticks = new Column(Uint32Array);
        this.tags = new Column(Uint8Array);
        this.whose = new Column(Uint32Array);   // names[]: of who ran
        this.about = new Column(Uint32Array);   // names[]: whose space
        this.names = [''];
        this.nameIndex = new Map();
        this.lastOf = new Map();    // space: who has it, or had it last
        this.snapshot = new Column(Uint8Array); // 1: within a snapshot
        this.rank = new Column(Uint32Array);    // events not in snapshots
        this.swapped = new Column(Uint32Array);
        this.working = new Column(Uint32Array);
        this.workset = new WorkingSet();
        this.version = 0;
        this.ncpu = 0;
        this.hz = 100;
        this.bad = 0;
        this.badLines = [];
        this.missing = 0;           // numbers that no line had
        this.next = -1;             // the number that is expected
        this.starting = false;      // between start and end
        this.touched = new Set();   // frames that were ever in use
        this.changed = new Set();   // those that changed after a snapshot
        this.pages = new Set();     // pages (pageKey) that ever were there
        this.active = new Set();    // pids whose memory ever changed
        this.rest = '';
        this.listeners = new Set();
    }

    get length() { return this.lines.length; }

    // fn() is called after each line, or once after each piece that is fed.
    subscribe(fn) {
        this.listeners.add(fn);
        return () => this.listeners.delete(fn);
    }

    tell() {
        for (const fn of this.listeners)
            fn();
    }

    // A piece of the stream; it may end within a line.
    feed(text) {
        const lines = (this.rest + text).split('\n');
        this.rest = lines.pop();
        for (const line of lines)
            this.apply(line);
        this.tell();
    }

    finish() {
        if (this.rest !== '')
            this.refuse(this.rest, 'the stream ends within it');
        this.rest = '';
        this.tell();
    }

    // One line. The event: {index, seq, tick, cpu, pid, word, args, tag,
    // rows: [from, to) in the log}; or {bad: why, text}.
    line(text) {
        const event = this.apply(text);
        this.tell();
        return event;
    }

    apply(text) {
        text = text.replace(/\r$/, '');
        try {
            const ev = parse(text);
            check[ev.word]?.(this, ...ev.args);
            return this.enter(text, ev);
        } catch (e) {
            if (!(e instanceof Bad))
                throw e;
            return this.refuse(text, e.message);
        }
    }

    refuse(text, why) {
        this.bad++;
        if (this.badLines.length < MAXBAD)
            this.badLines.push({ text, why, after: this.length });
        return { bad: why, text };
    }

    // An event that is right: nothing fails from here on.
    enter(text, ev) {
        this.sequence(ev);
        this.log.begin();
        ev.index = this.lines.push(text) - 1;
        ev.rows = [this.log.rows, 0];
        ev.tag = handle[ev.word].call(this, ev, ...ev.args) || '';
        ev.rows[1] = this.log.rows;
        this.note(ev);
        return ev;
    }

    // Lines that are missing are known by their numbers, but for those that
    // the kernel itself counts.
    sequence(ev) {
        if (this.next >= 0 && ev.seq !== this.next && ev.word !== 'start' &&
            ev.word !== 'lost')
            this.missing += Math.max(1, ev.seq - this.next);
        this.next = ev.seq + 1;
    }

    // The columns that a time line is drawn from.
    note(ev) {
        const { sums } = this.state;
        this.ticks.push(ev.tick);
        this.tags.push(TAGS.indexOf(ev.tag));
        this.whose.push(this.nameOf(this.state.procs.get(ev.pid)));
        this.about.push(this.nameOf(this.aboutSpace(ev)));
        this.snapshot.push(this.starting || ev.word === 'end' ? 1 : 0);
        this.rank.push((this.rank.data[this.rank.length - 1] || 0) +
                       (this.starting ? 0 : 1));
        this.swapped.push(sums.swapped);
        this.working.push(this.workset.at(ev.tick, this.hz));
        if (ev.word === 'end')
            this.starting = false;
    }

    // A process as an index in names[], where it is kept as "sh (3)".
    nameOf(proc) {
        if (!proc)
            return 0;
        if (proc.index === undefined) {
            const name = `${proc.name} (${proc.pid})`;
            proc.index = this.nameIndex.get(name) ??
                this.names.push(name) - 1;
            this.nameIndex.set(name, proc.index);
        }
        return proc.index;
    }

    // Whose space it speaks of: most events begin with one.
    aboutSpace(ev) {
        return SHAPES[ev.word].length > 1 && SHAPES[ev.word][0] === 'h' &&
            ev.word !== 'frame' && ev.word !== 'hole' ?
            this.lastOf.get(ev.args[0]) : undefined;
    }

    aboutOf(i) { return this.names[this.about.data[i]]; }

    // Event i, read again from its line.
    event(i) {
        return { ...parse(this.lines[i]), index: i,
                 tag: TAGS[this.tags.data[i]],
                 name: this.names[this.whose.data[i]] };
    }

    cursor() { return new Cursor(this.log); }

    // How this model's last state differs from another's.
    compare(other, most) { return this.state.compare(other.state, most); }

    // ---- changes ----

    set(what, a, b, now) {
        const was = this.state.set(what, a, b, now);
        if (was !== now)
            this.log.add(what, a, b, was, now);
    }

    add(counter, n = 1) {
        const i = COUNTERS.indexOf(counter);
        this.set(COUNT, i, 0, this.state.counts[i] + n);
    }

    // An event may speak of a space that is not there: one that is just
    // going, or one that the snapshot comes to later. Both may be passed over.
    knows(id) { return this.state.spaces.has(id); }

    // What is there now is of the working set, unless it is evicted or told.
    entry(space, vpn, now, why) {
        this.set(ENTRY, space, vpn, now);
        if (now === 0)
            return;
        this.pages.add(pageKey(space, vpn));
        if (now & P)
            this.touched.add(now >>> 12);
        if (why !== 'is' && why !== 'evict' && !this.starting)
            this.workset.touch(pageKey(space, vpn));
    }

    // Entries of the space are told anew.
    moves(space) {
        const proc = this.starting ? undefined : this.state.procOf(space);
        if (proc)
            this.active.add(proc.pid);
    }

    empty(id) {
        const sp = this.state.spaces.get(id);
        for (const vpn of [...sp.entries.keys()])
            this.set(ENTRY, id, vpn, 0);
        for (const va of [...sp.regions.keys()])
            this.set(REGION, id, va, undefined);
        for (const i of [...sp.tables.keys()])
            this.set(TABLE, id, i, 0);
    }
}

const frameOk = (m, pfn) =>
    pfn < m.state.top || bad(`frame ${pfn.toString(16)} is above the top`);
const userOk = va => va < USERPAGES * 4096 && va % 4096 === 0 ||
    bad(`${va.toString(16)} is no user page`);
const entryOk = (m, e) => { if (e & P) frameOk(m, e >>> 12); };

// What an event's arguments must be like.
const check = {
    start(m, version, top, ncpu, hz) {
        version === 1 || bad(`version ${version} is not known here`);
        (top > 0 && top <= MAXTOP) || bad('no such number of frames');
        (ncpu > 0 && ncpu <= 256 && hz > 0) || bad('no such machine');
    },
    hole(m, from, to) {
        from < to && to <= m.state.top || bad('no such frames');
    },
    proc(m, pid, ppid, why) {
        among(why, ['born', 'exec', 'exit', 'gone', 'is', 'zombie']);
    },
    space(m, id, why) { among(why, ['new', 'gone', 'is']); },
    region(m, id, start, end, rights, kind, sharing) {
        userOk(start);
        (end > start && end <= USERPAGES * 4096) || bad('an empty region');
        RIGHTS.test(rights) || bad(`${rights} are no rights`);
        among(sharing, ['shared', 'private']);
    },
    noregion(m, id, start, end) { end > start || bad('an empty region'); },
    table(m, id, va, pfn) {
        va < USERPAGES * 4096 || bad('no user address');
        frameOk(m, pfn);
    },
    pte(m, id, va, why, entries) {
        userOk(va);
        among(why, ['fork', 'unmap', 'evict', 'protect', 'is']);
        const n = entries.reduce((sum, [, count]) => sum + count, 0);
        va / 4096 + n <= USERPAGES || bad('more entries than user pages');
        entries.forEach(([e]) => entryOk(m, e));
    },
    fault(m, id, va, access, kase, result, old, now) {
        among(access, ['r', 'w']);
        among(kase, CASES);
        among(result, ['done', 'again', 'refused']);
        entryOk(m, now);
        va < USERPAGES * 4096 || bad('no user address');
    },
    frame(m, pfn, kind, ref, dev, block, state) {
        frameOk(m, pfn);
        among(kind, KINDS);
        among(dev, DEVS);
        STATE.test(state) || bad(`${state} is no state`);
        ref < 1 << 24 || bad('so many references');
    },
};

// What each event does. Called with the model as `this`; returns its tag.
const handle = {
    start(ev, version, top, ncpu, hz) {
        Object.assign(this, { version, ncpu, hz, starting: true });
        this.state.reset(newCore(top));
        this.log.add(RESET, top, 0, 0, 0);
    },

    hole(ev, from, to) {
        const kernel = packFrame(KINDS.indexOf('kernel'), 0, 0, 0);
        for (let pfn = from; pfn < to; pfn++) {
            this.set(FRAME, pfn, 0, kernel);
            this.touched.add(pfn);
        }
    },

    end() { },
    stop() { },
    mark() { return 'mark'; },

    lost(ev, n) {
        this.add('lost', n);
        return 'lost';
    },

    proc(ev, pid, ppid, why, space, name) {
        const zombie = why === 'exit' || why === 'zombie';
        this.set(PROC, pid, 0, why === 'gone' ? undefined :
                 { pid, ppid, space: zombie ? 0 : space, name, zombie });
        if (space && !zombie)
            this.lastOf.set(space, this.state.procs.get(pid));
        if (why !== 'is' && !this.starting)
            this.active.add(pid);
        if (why === 'born')
            this.add('forks');
        if (why === 'exec')
            this.add('execs');
        if (why === 'exit')
            this.add('exits');
        return why === 'born' ? 'fork' : why === 'exec' ? 'exec' : '';
    },

    run(ev, pid) {
        this.set(CPU, ev.cpu, 0, pid);
        if (!this.starting)
            this.add('switches');
    },

    space(ev, id, why) {
        if (this.knows(id))
            this.empty(id);
        else
            this.set(SPACE, id, 0, why === 'gone' ? undefined : true);
        if (why === 'new')
            this.lastOf.delete(id);
        if (why === 'gone')
            this.set(SPACE, id, 0, undefined);
    },

    region(ev, id, start, end, rights, kind, sharing, ino, off) {
        if (this.knows(id))
            this.set(REGION, id, start, { start, end, rights, kind, ino, off,
                                          shared: sharing === 'shared' });
    },

    noregion(ev, id, start) {
        if (this.knows(id))
            this.set(REGION, id, start, undefined);
    },

    table(ev, id, va, pfn) {
        if (this.knows(id))
            this.set(TABLE, id, va >>> 22, pfn);
        if (pfn)
            this.touched.add(pfn);
    },

    pte(ev, id, va, why, entries) {
        let vpn = va / 4096;
        this.moves(id);
        for (const [e, n] of this.knows(id) ? entries : [])
            for (let i = 0; i < n; i++, vpn++)
                this.entry(id, vpn, e, why);
        if (why !== 'evict')
            return '';
        this.add('evictions');      // one page at a time
        return 'evict';
    },

    fault(ev, id, va, access, kase, result, old, now) {
        this.moves(id);
        if (result !== 'refused' && this.knows(id))
            this.entry(id, va >>> 12, now, 'fault');
        if (result === 'again')
            return '';
        this.add(kase);
        if (kase === 'COW' && old >>> 12 !== now >>> 12)
            this.add('copies');
        return kase === 'COW' ? 'cow' : kase === 'SWAPPED' ? 'swapin' : 'fault';
    },

    frame(ev, pfn, kind, ref, dev, block, state) {
        this.set(FRAME, pfn, 0,
                 packFrame(KINDS.indexOf(kind), DEVS.indexOf(dev),
                           flagBits(state), ref));
        this.set(BLOCK, pfn, 0, dev === '-' ? 0 : block);
        if (kind !== 'free')
            this.touched.add(pfn);
        if (!this.starting)
            this.changed.add(pfn);
    },

    oom() {
        this.add('kills');
        return 'oom';
    },
};

function flagBits(text) {
    return [...FLAGS].reduce((bits, c, i) =>
        bits | (text.includes(c) ? 1 << i : 0), 0);
}
