// log.js: the changes that events made, so that a second State can be led to
// any event, forwards and backwards, without reading a line again. No DOM.
//
// A change is a row of five columns: what, a, b, was, now (state.js). Rows
// are numbers in typed arrays, 17 bytes each; where a value is an object, the
// row has its index in objects[], 0 for none. first[i] is the number of rows
// there were before event i.

import { State, isObject, newCore, RESET } from './state.js';

// An array of numbers that grows.
export class Column {
    constructor(Type) {
        this.data = new Type(1024);
        this.length = 0;
    }

    push(n) {
        if (this.length === this.data.length) {
            const old = this.data;
            this.data = new old.constructor(2 * old.length);
            this.data.set(old);
        }
        this.data[this.length++] = n;
    }
}

export class Log {
    constructor() {
        this.what = new Column(Uint8Array);
        this.a = new Column(Uint32Array);
        this.b = new Column(Uint32Array);
        this.was = new Column(Uint32Array);
        this.now = new Column(Uint32Array);
        this.objects = [undefined];
        this.first = new Column(Uint32Array);
    }

    get rows() { return this.what.length; }
    get events() { return this.first.length; }

    begin() { this.first.push(this.rows); }

    add(what, a, b, was, now) {
        this.what.push(what);
        this.a.push(a);
        this.b.push(b);
        this.was.push(isObject(what) ? this.keep(was) : was);
        this.now.push(isObject(what) ? this.keep(now) : now);
    }

    keep(object) {
        return object === undefined ? 0 : this.objects.push(object) - 1;
    }

    // The first row that does not belong to the first n events.
    rowOf(n) { return n < this.events ? this.first.data[n] : this.rows; }

    value(column, row) {
        const n = column.data[row];
        return isObject(this.what.data[row]) ? this.objects[n] : n;
    }
}

// A State of its own, at any place of a log: after the first `at` events.
export class Cursor {
    constructor(log) {
        this.log = log;
        this.state = new State();
        this.at = 0;
        this.row = 0;
        this.cores = new Map();     // row of a RESET: what was before it
    }

    seek(n) {
        n = Math.max(0, Math.min(n, this.log.events));
        const row = this.log.rowOf(n);
        while (this.row < row)
            this.redo(this.row++);
        while (this.row > row)
            this.undo(--this.row);
        this.at = n;
        return this.state;
    }

    redo(row) {
        const { what, a, b, now } = this.log;

        if (what.data[row] === RESET)
            this.cores.set(row, this.state.reset(newCore(a.data[row])));
        else
            this.state.set(what.data[row], a.data[row], b.data[row],
                           this.log.value(now, row));
    }

    undo(row) {
        const { what, a, b, was } = this.log;

        if (what.data[row] === RESET) {
            this.state.reset(this.cores.get(row));
            this.cores.delete(row);
        } else {
            this.state.set(what.data[row], a.data[row], b.data[row],
                           this.log.value(was, row));
        }
    }
}
