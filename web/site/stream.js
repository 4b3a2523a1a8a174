// stream.js: hands the events on to the model, one by one. A demo can hold
// them at one: what has come after it then waits here, and the machine stands
// still.

export class Stream {
    constructor(machine, model) {
        this.machine = machine;
        this.model = model;
        this.rest = '';                 // a line that is not complete
        this.lines = [];                // complete, and held back
        this.held = false;
        this.watch = () => false;       // of an event: hold here?
    }

    feed(text) {
        const lines = (this.rest + text).split('\n');

        this.rest = lines.pop();
        this.lines.push(...lines);
        this.drain();
    }

    drain() {
        let done = 0;

        while (!this.held && done < this.lines.length)
            if (this.watch(this.model.apply(this.lines[done++])))
                this.hold();
        this.lines.splice(0, done);
        this.model.tell();
    }

    hold() {
        this.held = true;
        this.machine.pause();
    }

    // What was held back comes first; it may be held again in there.
    go() {
        this.held = false;
        this.drain();
        if (!this.held)
            this.machine.go();
    }

    reset() {
        this.rest = '';
        this.lines = [];
        this.held = false;
    }
}
