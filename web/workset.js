// workset.js: the working set over time. No DOM.
//
// Here it is: how many different pages (of all processes, counted once in
// each address space) an event touched within the last second: by a page
// fault there, or by the kernel setting the page's entry (fork, protect),
// unmapping, eviction and snapshots apart. What a program uses again without
// a fault, the kernel does not see, and nor does this.

export class WorkingSet {
    constructor() {
        this.last = new Map();      // page: the number of its last touch
        this.queue = [];            // touches, oldest first: [tick, page]
        this.from = 0;              // queue[from] is the oldest that counts
        this.now = [];              // touched by the event that is read now
    }

    touch(page) { this.now.push(page); }

    // The event of this tick is read. The set's size; a second has hz ticks.
    at(tick, hz) {
        for (const page of this.now) {
            this.last.set(page, this.queue.length);
            this.queue.push([tick, page]);
        }
        this.now.length = 0;
        this.drop(tick - hz);
        return this.last.size;
    }

    drop(before) {
        for (; this.from < this.queue.length; this.from++) {
            const [tick, page] = this.queue[this.from];
            if (tick > before)
                break;
            if (this.last.get(page) === this.from)
                this.last.delete(page);
            this.queue[this.from] = undefined;
        }
    }
}
