// player.js: where in the stream the viewer is, and how it moves. No DOM.
//
// A position p means: after the first p events; the event shown is p - 1. A
// snapshot is passed in one step. While following, the position is the end
// of what has come.

import { Cursor } from './log.js';
import { TAGS } from './model.js';

export const SPEEDS = [1, 2, 4, 8, 16, 32, 64, 125, 250, 500, 1000, 4000];

export class Player {
    constructor(model, moved) {
        this.model = model;
        this.cursor = new Cursor(model.log);
        this.moved = moved;         // called when the position is another
        this.following = true;
        this.speed = 4;             // index in SPEEDS, events a second
        this.timer = 0;
    }

    get at() { return this.cursor.at; }
    get state() { return this.cursor.state; }
    get playing() { return this.timer !== 0; }

    go(p) {
        this.following = false;
        this.place(Math.max(0, Math.min(p, this.model.length)));
    }

    place(p) {
        if (p === this.at)
            return;
        this.cursor.seek(p);
        this.moved();
    }

    follow() {
        this.pause();
        this.following = true;
        this.place(this.model.length);
        this.moved();
    }

    // More events have come.
    grown() {
        if (this.following)
            this.place(this.model.length);
    }

    // Not in the middle of a snapshot?
    isStop(p) {
        const inside = this.model.snapshot.data;
        return p <= 0 || p >= this.model.length || !inside[p - 1] ||
            !inside[p];
    }

    step(by) {
        let p = this.at;
        for (let n = Math.abs(by); n > 0; n--)
            do
                p += Math.sign(by);
            while (!this.isStop(p));
        this.go(p);
    }

    // The next (by = 1) or last (-1) event with one of these tags. False:
    // there is none.
    jump(by, ...tags) {
        const wanted = tags.map(t => TAGS.indexOf(t));
        for (let p = this.at + by; p > 0 && p <= this.model.length; p += by)
            if (wanted.includes(this.model.tags.data[p - 1])) {
                this.go(p);
                return true;
            }
        return false;
    }

    // ---- playing: several events at each beat where they come fast ----

    play() {
        if (this.at >= this.model.length)
            this.go(0);
        this.following = false;
        const BEAT = 40;
        let due = 0;
        this.pause();
        this.timer = setInterval(() => {
            due += SPEEDS[this.speed] * BEAT / 1000;
            if (due < 1)
                return;
            this.step(Math.floor(due));
            due %= 1;
            if (this.at >= this.model.length) {
                this.pause();
                this.moved();
            }
        }, BEAT);
        this.moved();
    }

    pause() {
        clearInterval(this.timer);
        this.timer = 0;
    }

    toggle() {
        if (this.playing) {
            this.pause();
            this.moved();
        } else {
            this.play();
        }
    }

    faster(by) {
        this.speed = Math.max(0, Math.min(SPEEDS.length - 1, this.speed + by));
        this.moved();
    }
}
