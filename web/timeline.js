// timeline.js: the time line: the working set as a curve, a lane of marks for
// each thing worth jumping to, and the position. A slider.
//
// Its length is events, one after the other, a snapshot being one; or time:
// events come in bursts, and on an axis of time a burst is one stroke.

import { plural } from './words.js';
import { TAGS } from './model.js';

const LANES = [['mark', '» marks', '#56B4E9'], ['cow', 'C copy-on-write',
               '#D55E00'], ['evict', 'E evictions', '#CC79A7'],
               ['oom', '! out of memory', '#E69F00']];
const LANE = 15, LEFT = 132, RIGHT = 8, TOP = 6;    // at scale 1

export class TimeLine {
    constructor(view, box) {
        this.view = view;
        this.canvas = document.createElement('canvas');
        this.canvas.tabIndex = 0;
        this.canvas.setAttribute('role', 'slider');
        this.canvas.setAttribute('aria-label', 'Time line');
        this.canvas.setAttribute('aria-valuemin', '0');
        box.append(this.canvas);
        this.box = box;
        this.byTime = false;
        this.listen();
    }

    listen() {
        const c = this.canvas;
        let held = false;
        const scrub = e => this.view.player.go(this.eventAt(e.offsetX));
        c.addEventListener('pointerdown', e => {
            held = true;
            c.setPointerCapture(e.pointerId);
            scrub(e);
        });
        c.addEventListener('pointermove', e => { if (held) scrub(e); });
        c.addEventListener('pointerup', () => { held = false; });
        c.addEventListener('keydown', e => this.key(e));
        c.addEventListener('focus', () => this.view.refresh());
        c.addEventListener('blur', () => this.view.refresh());
    }

    key(e) {
        const { player, model } = this.view;
        const far = Math.max(1, Math.round(model.length / 20));
        const by = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[
            e.key];
        const to = { PageUp: player.at + far, PageDown: player.at - far,
                     Home: 0, End: model.length }[e.key];
        if (by)
            player.step(by);
        else if (to !== undefined)
            player.go(to);
        else
            return;
        e.preventDefault();
        e.stopPropagation();
    }

    // ---- positions and places ----

    get left() { return LEFT * this.view.scale; }

    tick(p) {
        const { ticks } = this.view.model;
        return ticks.length ? ticks.data[Math.max(0, p - 1)] : 0;
    }

    rank(p) { return p ? this.view.model.rank.data[p - 1] : 0; }

    x(p) {
        const { model } = this.view, first = this.tick(1);
        const part = this.byTime ?
            (this.tick(p) - first) / (this.tick(model.length) - first || 1) :
            this.rank(p) / (this.rank(model.length) || 1);
        return this.left + this.width * part;
    }

    // The position at a place: found by halving.
    eventAt(x) {
        let low = 0, high = this.view.model.length;
        while (low < high) {
            const middle = (low + high + 1) >> 1;
            if (this.x(middle) <= x)
                low = middle;
            else
                high = middle - 1;
        }
        return low;
    }

    // ---- drawing ----

    draw() {
        const { model, player } = this.view, ratio = window.devicePixelRatio;
        const width = this.box.clientWidth, height = this.box.clientHeight;
        this.width = width - this.left - RIGHT;
        this.canvas.width = width * ratio;
        this.canvas.height = height * ratio;
        this.canvas.style.width = `${width}px`;
        this.canvas.style.height = `${height}px`;
        this.canvas.setAttribute('aria-valuemax', model.length);
        this.canvas.setAttribute('aria-valuenow', player.at);
        const ctx = this.canvas.getContext('2d');
        ctx.scale(ratio, ratio);
        ctx.textBaseline = 'middle';
        ctx.drawImage(this.ground(width, height, ratio), 0, 0, width, height);
        this.playhead(ctx, height);
    }

    // All but the position: drawn again only when it is another.
    ground(width, height, ratio) {
        const { model, colours, scale } = this.view;
        const key = [model.length, width, height, ratio, this.byTime,
                     colours.dark, scale].join();
        if (key === this.groundKey)
            return this.groundCanvas;
        this.groundKey = key;
        this.groundCanvas = document.createElement('canvas');
        this.groundCanvas.width = width * ratio;
        this.groundCanvas.height = height * ratio;
        const ctx = this.groundCanvas.getContext('2d');
        ctx.scale(ratio, ratio);
        ctx.textBaseline = 'middle';
        const lane = LANE * scale, floor = height - LANES.length * lane - 4;
        this.curves(ctx, floor);
        LANES.forEach((it, i) =>
            this.lane(ctx, it, floor + 4 + i * lane, lane));
        return this.groundCanvas;
    }

    // Both count pages, on one scale.
    curves(ctx, floor) {
        const { model, colours } = this.view;
        const lines = [[model.working, '#0072B2', []],
                       [model.swapped, '#CC79A7', [6, 4]]];
        const most = lines.map(([column]) => this.samples(column));
        const max = Math.max(1, ...most.flat().map(([, n]) => n));
        ctx.strokeStyle = colours.faint;
        ctx.lineWidth = 1;
        ctx.strokeRect(this.left, TOP, this.width, floor - TOP);
        lines.forEach(([, colour, dash], i) => {
            ctx.strokeStyle = colours.dark && !dash.length ? '#56B4E9' : colour;
            ctx.lineWidth = 2.5;
            ctx.setLineDash(dash);
            ctx.beginPath();
            for (const [x, n] of most[i])
                ctx.lineTo(x, floor - (floor - TOP - 3) * n / max);
            ctx.stroke();
        });
        ctx.setLineDash([]);
        const row = 16 * this.view.scale;
        this.label(ctx, '— working set', TOP + row / 2);
        this.label(ctx, '- - swapped out', TOP + row * 1.5);
        this.label(ctx, plural(max, 'page'), TOP + row / 2, this.left + 5);
    }

    label(ctx, text, y, x = 2) {
        ctx.fillStyle = this.view.colours.ink;
        ctx.font = `${13 * this.view.scale}px sans-serif`;
        ctx.textAlign = 'left';
        ctx.fillText(text, x, y, this.left - 8);
    }

    // [x, value], at most one for each pixel: the greatest that falls there.
    samples(column) {
        const { model } = this.view, out = [];
        for (let p = 1; p <= model.length; p++) {
            const x = Math.round(this.x(p)), n = column.data[p - 1];
            const last = out[out.length - 1];
            if (last && last[0] === x)
                last[1] = Math.max(last[1], n);
            else
                out.push([x, n]);
        }
        return out;
    }

    lane(ctx, [tag, name, colour], y, high) {
        const { model } = this.view, code = TAGS.indexOf(tag);
        const { data } = model.tags;
        let last = -2;
        this.label(ctx, name, y + high / 2);
        ctx.fillStyle = colour;
        for (let p = 1; p <= model.length; p++) {
            if (data[p - 1] !== code)
                continue;
            const x = Math.round(this.x(p));
            if (x - last >= 2)
                ctx.fillRect(last = x, y + 1, 2, high - 3);
        }
    }

    playhead(ctx, height) {
        const { player, colours } = this.view, x = this.x(player.at);
        ctx.fillStyle = colours.ink;
        ctx.fillRect(x - 1.5, 0, 3, height);
        ctx.beginPath();
        ctx.moveTo(x - 7, 0);
        ctx.lineTo(x + 7, 0);
        ctx.lineTo(x, 10);
        ctx.fill();
        if (document.activeElement === this.canvas) {
            ctx.strokeStyle = colours.now;
            ctx.lineWidth = 3;
            ctx.strokeRect(1.5, 1.5, this.box.clientWidth - 3, height - 3);
        }
    }
}
