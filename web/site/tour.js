// tour.js: leads through a demo, step by step.
//
// A demo is data (demos/): {name, title, about, needs, command, steps}. A step
// is {text, until, wait, show}: its text is shown when an event has come that
// wait(event, c, model) says yes to; `until` tells in words what that is. c
// is the demo's own, to keep what was seen. Text may be a function of c; in
// it `so` is code and *so* is stressed. show(c) is what the picture is to point
// at: {space, vpn} or {frame}. The first step waits for nothing.
//
// While a step is read, the machine stands still at its event; going back
// shows the texts and moments that have been, without the machine.

import { pageKey } from './view/state.js';

const PATIENCE = 15000;                 // ms without an event that are strange
const ENDED = 3000;                     // so many when the prompt is there

export class Tour {
    // changed() is called when there is something else to show.
    constructor(demo, { stream, shell, machine, view }, changed) {
        Object.assign(this, { demo, stream, shell, machine, view, changed });
        this.c = {};
        this.at = 0;                    // the step that is shown
        this.reached = 0;               // the last one that has come
        this.places = [0];              // where in the stream each came
        this.texts = [text(demo.steps[0], this.c)];
        this.waiting = false;
        this.trouble = '';
        this.over = false;
    }

    get last() { return this.at === this.demo.steps.length - 1; }
    get until() { return this.demo.steps[this.reached + 1]?.until; }

    async next() {
        if (this.waiting || this.last)
            return;
        if (this.at < this.reached) {
            this.show(this.at + 1);
            return;
        }
        this.begin();
        if (this.reached > 0)
            this.stream.go();
        else if (await this.prepare())
            await this.shell.run(this.demo.command);
    }

    begin() {
        this.waiting = true;
        this.trouble = '';
        this.view.player.follow();
        this.view.select(null);
        this.stream.watch = event => this.see(event);
        this.lastEvent = performance.now();
        this.timer = setInterval(() => this.look(), 1000);
        this.changed();
    }

    // The switches as the texts have them.
    async prepare() {
        const now = this.machine.knobs();

        for (const [name, value] of Object.entries(this.demo.needs || {}))
            if (now[name] !== value)
                await this.shell.run(`vmctl ${name} ${value}`);
        await this.shell.prompt();
        return !this.over;
    }

    // Is this the event that the next step speaks of?
    see(event) {
        const step = this.demo.steps[this.reached + 1];

        this.lastEvent = performance.now();
        if (event.bad || !step.wait(event, this.c, this.stream.model))
            return false;
        clearInterval(this.timer);
        this.waiting = false;
        this.trouble = '';
        this.stream.watch = () => false;
        this.reached++;
        this.places.push(event.index + 1);
        this.texts.push(text(step, this.c));
        queueMicrotask(() => this.show(this.reached));
        return !(this.reached === this.demo.steps.length - 1);
    }

    show(step) {
        this.at = step;
        if (step === this.reached)
            this.view.player.follow();
        else
            this.view.player.go(this.places[step]);
        this.point(this.demo.steps[step].show?.(this.c) || null);
        this.changed();
    }

    // Choose it in the picture and, once that is drawn, bring it into sight.
    point(what) {
        const { view } = this;

        view.select(what);
        requestAnimationFrame(() => requestAnimationFrame(() => {
            const keys = [...view.linked];
            if (what?.vpn !== undefined)
                keys.unshift(`v${pageKey(what.space, what.vpn)}`);
            for (const panel of [view.memory, view.spaces]) {
                const place = keys.map(k => panel.placeOf(k)).find(p => p);
                if (place)
                    panel.show(place);
            }
        }));
    }

    back() {
        if (this.at > 0 && !this.waiting)
            this.show(this.at - 1);
    }

    // Does it come no more?
    look() {
        const quiet = performance.now() - this.lastEvent;

        if (quiet < (this.shell.ready ? ENDED : PATIENCE))
            return;
        clearInterval(this.timer);
        this.trouble = `Teak was to run until ${this.until}, and that has not` +
            ' come. What the terminal shows may say why. "From the start" ' +
            'tries again.';
        this.changed();
    }

    drop() {
        this.over = true;
        clearInterval(this.timer);
        this.stream.watch = () => false;
    }

    // Leaves the demo; its program is ended if it still runs.
    async end() {
        const busy = this.reached > 0 || this.waiting;

        this.drop();
        this.stream.go();
        this.view.select(null);
        this.view.player.follow();
        if (busy && !this.shell.ready)
            await this.shell.interrupt();
    }
}

function text(step, c) {
    return typeof step.text === 'function' ? step.text(c) : step.text;
}
