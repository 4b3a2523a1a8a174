// stream.js: hands the events on to the model, one by one. A demo can hold
// them at one: what has come after it then waits here, and the machine stands
// still.

// Drawing takes longer than most events: in a flood of them the picture is
// drawn only so often, or the machine would have to wait for it.
const FLOOD = 100;                      // events at a time that are one
const SOON = 30, LATER = 300;           // ms until it is drawn

export class Stream {
    constructor(machine, model) {
        this.machine = machine;
        this.model = model;
        this.rest = '';                 // a line that is not complete
        this.lines = [];                // complete, and held back
        this.held = false;
        this.watch = () => false;       // of an event: hold here?
        this.timer = 0;
        this.told = 0;                  // events that have been drawn
        this.flood = false;
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
        this.timer ||= setTimeout(() => this.tell(),
                                  this.flood ? LATER : SOON);
    }

    tell() {
        clearTimeout(this.timer);
        this.timer = 0;
        this.flood = this.model.length - this.told > FLOOD;
        this.told = this.model.length;
        this.model.tell();
    }

    hold() {
        this.held = true;
        this.machine.pause();
        this.tell();
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
