// state.js: what is known of Teak's memory at one moment. No DOM.
//
// A State is changed only through its set functions, each of which changes
// one thing and returns what it was. So a change is (what, a, b, was, now),
// and undoing it is setting `was` (log.js). What can be derived from the
// rest (the owners of a frame, sums) is kept up to date on the way.
//
//   frames    numbers below top; kind, ref, dev, block and flags of each
//   spaces    by the frame of the page directory: regions, tables, entries
//   procs     by pid;  cpus: the pid that runs on each
//   counts    how often which thing has happened (COUNTERS)

export const P = 1, W = 2, U = 4, A = 0x20, D = 0x40;   // bits of an entry
export const KINDS = ['free', 'kernel', 'table', 'user'];
export const DEVS = ['-', 'fs', 'swap'];
export const FLAGS = 'drwl';            // of a frame: bit 0 is d, ...
export const CASES = ['ZERO', 'FILEPAGE', 'SWAPPED', 'COW', 'UPGRADE',
                      'SPURIOUS', 'BAD'];
export const COUNTERS = [...CASES, 'copies', 'forks', 'execs', 'exits',
                         'evictions', 'kills', 'switches', 'lost'];

// A page as one number: its space and its number in the space.
export const pageKey = (space, vpn) => space * 0x100000 + vpn;
export const keySpace = key => Math.floor(key / 0x100000);
export const keyPage = key => key % 0x100000;

// The things that a change can be of.
export const ENTRY = 0, TABLE = 1, FRAME = 2, BLOCK = 3, SPACE = 4,
             REGION = 5, PROC = 6, CPU = 7, COUNT = 8, RESET = 9;
// Those whose values are objects or undefined; the others' are numbers.
export const isObject = what => what >= SPACE && what <= PROC;

// A frame's record but for its block, in one number.
export function packFrame(kind, dev, flags, ref) {
    return (kind | dev << 2 | flags << 4 | ref << 8) >>> 0;
}

function newSpace(id) {
    return { id, regions: new Map(), tables: new Map(), entries: new Map(),
             resident: 0, swapped: 0 };
}

// What `start` forgets.
export function newCore(top = 0) {
    return { top, packed: new Uint32Array(top), blocks: new Uint32Array(top),
             owners: new Map(), spaces: new Map(), procs: new Map(), cpus: [],
             sums: { frames: [top, 0, 0, 0], resident: 0, swapped: 0,
                     cached: 0, dirty: 0 } };
}

export class State {
    constructor() {
        this.core = newCore();
        this.counts = new Array(COUNTERS.length).fill(0);
    }

    get top() { return this.core.top; }
    get spaces() { return this.core.spaces; }
    get procs() { return this.core.procs; }
    get cpus() { return this.core.cpus; }
    get sums() { return this.core.sums; }

    // ---- questions ----

    // {pfn, kind, ref, dev, block, flags}: kind and dev as words.
    frame(pfn) {
        const v = this.core.packed[pfn] || 0;
        return { pfn, kind: KINDS[v & 3], dev: DEVS[v >> 2 & 3],
                 flags: v >> 4 & 15, ref: v >>> 8,
                 block: this.core.blocks[pfn] || 0 };
    }

    // The pages whose entries name the frame, as [{space, vpn}].
    owners(pfn) {
        const set = this.core.owners.get(pfn);
        return set ? [...set].map(k => ({ space: keySpace(k),
                                          vpn: keyPage(k) })) : [];
    }

    ownerCount(pfn) { return this.core.owners.get(pfn)?.size || 0; }

    entry(space, vpn) {
        return this.spaces.get(space)?.entries.get(vpn) || 0;
    }

    region(space, va) {
        for (const r of this.spaces.get(space)?.regions.values() || [])
            if (va >= r.start && va < r.end)
                return r;
        return undefined;
    }

    // The process that has the space, if any.
    procOf(space) {
        for (const p of this.procs.values())
            if (space && p.space === space)
                return p;
        return undefined;
    }

    count(name) { return this.counts[COUNTERS.indexOf(name)]; }

    // ---- changes: each returns what it was ----

    set(what, a, b, now) {
        switch (what) {
        case ENTRY: return this.setEntry(a, b, now);
        case TABLE: return this.setNumber(this.spaces.get(a).tables, b, now);
        case FRAME: return this.setFrame(a, now);
        case BLOCK: return this.setIndex(this.core.blocks, a, now);
        case SPACE: return this.setObject(this.spaces, a, now && newSpace(a));
        case REGION: return this.setObject(this.spaces.get(a).regions, b, now);
        case PROC: return this.setObject(this.procs, a, now);
        case CPU: return this.setIndex(this.core.cpus, a, now);
        case COUNT: return this.setIndex(this.counts, a, now);
        }
    }

    setNumber(map, key, now) {
        const was = map.get(key) || 0;

        if (now)
            map.set(key, now);
        else
            map.delete(key);
        return was;
    }

    setObject(map, key, now) {
        const was = map.get(key);

        if (now)
            map.set(key, now);
        else
            map.delete(key);
        return was;
    }

    setIndex(array, i, now) {
        const was = array[i] || 0;

        array[i] = now;
        return was;
    }

    reset(core) {
        const was = this.core;

        this.core = core;
        return was;
    }

    setFrame(pfn, now) {
        const { packed, sums } = this.core, was = packed[pfn];

        sums.frames[was & 3]--;
        sums.frames[now & 3]++;
        sums.cached += ((now >> 2 & 3) > 0) - ((was >> 2 & 3) > 0);
        sums.dirty += (now >> 4 & 1) - (was >> 4 & 1);
        packed[pfn] = now;
        return was;
    }

    setEntry(space, vpn, now) {
        const sp = this.spaces.get(space);
        const was = this.setNumber(sp.entries, vpn, now);
        const key = pageKey(space, vpn);

        if (was)
            this.tally(sp, key, was, -1);
        if (now)
            this.tally(sp, key, now, 1);
        return was;
    }

    // An entry comes (by = 1) or goes (-1).
    tally(sp, key, entry, by) {
        const { owners, sums } = this.core, pfn = entry >>> 12;

        if (!(entry & P)) {
            sp.swapped += by;
            sums.swapped += by;
            return;
        }
        sp.resident += by;
        sums.resident += by;
        if (by > 0) {
            const set = owners.get(pfn);
            if (set)
                set.add(key);
            else
                owners.set(pfn, new Set([key]));
        } else {
            const set = owners.get(pfn);
            set.delete(key);
            if (set.size === 0)
                owners.delete(pfn);
        }
    }

    // ---- two states ----

    // The differences, in words, at most `most` of them. Not compared is what
    // is not told: the bits A and D, and references that come and go with the
    // entries (miscounted() looks at them, after a snapshot).
    compare(other, most = 100) {
        const out = [];
        const say = text => { if (out.length < most) out.push(text); };
        const hex = n => n === undefined ? 'none' : n.toString(16);

        if (this.top !== other.top)
            say(`top ${hex(this.top)}, ${hex(other.top)}`);
        for (let f = 0; f < Math.min(this.top, other.top); f++) {
            const a = frameText({ ...this.frame(f), ref: 0 });
            const b = frameText({ ...other.frame(f), ref: 0 });
            if (a !== b)
                say(`frame ${hex(f)}: ${a}; ${b}`);
        }
        compareMaps(this.procs, other.procs, procText,
                    (pid, a, b) => say(`proc ${pid}: ${a}; ${b}`));
        compareMaps(this.spaces, other.spaces, () => 'there',
                    (id, a, b) => say(`space ${hex(id)}: ${a}; ${b}`));
        for (const [id, sp] of this.spaces)
            if (other.spaces.has(id))
                compareSpaces(sp, other.spaces.get(id), hex,
                              text => say(`space ${hex(id)} ${text}`));
        for (let c = 0; c < Math.max(this.cpus.length, other.cpus.length); c++)
            if ((this.cpus[c] || 0) !== (other.cpus[c] || 0))
                say(`cpu ${c}: pid ${this.cpus[c]}; ${other.cpus[c]}`);
        return out;
    }

    // Where a user frame's ref is not the entries that name it, plus one if
    // it is cached. Nothing, when nothing moves.
    miscounted(most = 100) {
        const out = [];

        for (let pfn = 0; pfn < this.top && out.length < most; pfn++) {
            const f = this.frame(pfn), n = this.ownerCount(pfn);
            const want = n + (f.dev !== '-');
            if (f.kind === 'user' ? f.ref !== want : n > 0)
                out.push(`frame ${pfn.toString(16)} ${frameText(f)}: ` +
                         `${want} owners`);
        }
        return out;
    }
}

// ---- records as text, to compare and to show ----

export function flagText(flags) {
    return [...FLAGS].filter((c, i) => flags >> i & 1).join('') || '-';
}

export function frameText(f) {
    return `${f.kind} ref ${f.ref} ${f.dev} ` +
           `${f.dev === '-' ? '' : f.block.toString(16)} ${flagText(f.flags)}`;
}

function procText(p) {
    return `${p.ppid} ${p.space.toString(16)} ${p.zombie ? 'zombie ' : ''}` +
           p.name;
}

function regionText(r) {
    return `${r.end.toString(16)} ${r.rights} ${r.kind} ` +
           `${r.shared ? 'shared' : 'private'} ${r.ino} ${r.off.toString(16)}`;
}

function compareMaps(a, b, text, differ) {
    for (const key of new Set([...a.keys(), ...b.keys()])) {
        const x = a.has(key) ? text(a.get(key)) : 'none';
        const y = b.has(key) ? text(b.get(key)) : 'none';
        if (x !== y)
            differ(key, x, y);
    }
}

function compareSpaces(a, b, hex, say) {
    compareMaps(a.regions, b.regions, regionText,
                (va, x, y) => say(`region ${hex(va)}: ${x}; ${y}`));
    compareMaps(a.tables, b.tables, hex,
                (i, x, y) => say(`table ${hex(i)}: ${x}; ${y}`));
    compareMaps(a.entries, b.entries, e => hex((e & ~(A | D)) >>> 0),
                (n, x, y) => say(`page ${hex(n)}: ${x}; ${y}`));
}
