// memory.js: the panel of physical memory: one cell for each frame.
//
// Frames that were never in use, and the kernel's that never change, are
// drawn as one bar for each long run of them: on a machine of 512 MB they are
// nearly all of 131,072. What is a bar depends on the whole stream, not on
// the moment: cells keep their places while one scrubs.

import { Cells } from './cells.js';
import { frameLook } from './look.js';
import { hex, plural } from './words.js';

const LONG = 24;                    // frames that make a bar
const BAR = 22;                     // its height, at scale 1
const GUTTER = 52;                  // room for the frame's number, likewise
const BIGGEST = 24, SMALLEST = 6;   // a cell's sides

export class MemoryPanel extends Cells {
    constructor(view, element) {
        super(view, element, 'Physical memory, a cell for each frame; ' +
              'arrow keys move');
        this.runs = [];
        this.known = '';
    }

    // Is the frame part of a bar, if enough of its neighbours are?
    dull(pfn) {
        const { model } = this.view;
        if (!model.touched.has(pfn))
            return 'free';
        return !model.changed.has(pfn) &&
            model.state.frame(pfn).kind === 'kernel' ? 'kernel' : '';
    }

    // The runs: {from, to, bar}. Found again when the stream has grown.
    findRuns() {
        const { model } = this.view, top = model.state.top;
        const known = `${top} ${model.touched.size} ${model.changed.size}`;
        if (known === this.known)
            return;
        this.known = known;
        this.runs = [];
        for (let from = 0, to; from < top; from = to) {
            const kind = this.dull(from);
            for (to = from + 1; to < top && this.dull(to) === kind; to++)
                ;
            this.addRun(from, to, kind && to - from >= LONG ? kind : '');
        }
    }

    addRun(from, to, bar) {
        const last = this.runs[this.runs.length - 1];
        if (last && !last.bar && !bar)
            last.to = to;
        else
            this.runs.push({ from, to, bar });
    }

    get bar() { return BAR * this.view.scale; }
    get gutter() { return GUTTER * this.view.scale; }

    heightWith(side, width) {
        const columns = Math.floor((width - this.gutter) / side);
        return this.runs.reduce((sum, r) => sum + (r.bar ? this.bar :
            Math.ceil((r.to - r.from) / columns) * side + 2), 0);
    }

    layout(width, height) {
        this.findRuns();
        let side = Math.round(BIGGEST * this.view.scale), y = 0;
        while (side > SMALLEST && this.heightWith(side, width) > height)
            side--;
        const columns = Math.max(1, Math.floor((width - this.gutter) / side));
        for (const run of this.runs)
            y = run.bar ? this.addBar(run, y, width)
                : this.addCells(run, y, side, columns);
        return Math.max(y, 1);
    }

    addBar({ from, to, bar }, y, width) {
        this.cells.push({ x: this.gutter, w: width - this.gutter, y,
                          h: this.bar, bar, from, to, key: `bar${from}`,
                          what: { bar, from, to } });
        return y + this.bar;
    }

    addCells({ from, to }, y, side, columns) {
        for (let pfn = from; pfn < to; pfn++) {
            const i = pfn - from, column = i % columns;
            this.cells.push({ x: this.gutter + column * side, w: side, h: side,
                              y: y + Math.floor(i / columns) * side,
                              pfn, first: column === 0, key: `f${pfn}`,
                              what: { frame: pfn } });
        }
        return y + Math.ceil((to - from) / columns) * side + 2;
    }

    paint(ctx, cell) {
        if (cell.bar)
            this.paintBar(ctx, cell);
        else
            this.paintFrame(ctx, cell);
    }

    paintBar(ctx, { x, y, w, h, bar, from, to }) {
        const { colours } = this.view;
        ctx.fillStyle = bar === 'kernel' ? '#8a8a8a' : colours.back;
        ctx.fillRect(x, y + 2, w - 1, h - 4);
        ctx.strokeStyle = colours.faint;
        ctx.lineWidth = 1;
        ctx.strokeRect(x + .5, y + 2.5, w - 2, h - 5);
        this.text(ctx, `${plural(to - from, 'frame')}: ` +
                  (bar === 'kernel' ? 'the kernel, or no memory'
                      : 'free all the time'),
                  x + 6, y + h / 2 + 1,
                  { size: 14, colour: bar === 'kernel' ? '#000' : colours.ink,
                    width: w - 12 });
        this.number(ctx, from, y + h / 2, 14);
    }

    paintFrame(ctx, cell) {
        const { state } = this.view.player;
        const look = frameLook(state, cell.pfn);
        const owners = state.ownerCount(cell.pfn);
        this.tile(ctx, cell, look, owners > 1 ? String(owners) : undefined);
        if (state.frame(cell.pfn).flags & 1)
            dirtyCorner(ctx, cell);
        if (cell.first && (cell.h >= 16 || cell.pfn % 8 === 0))
            this.number(ctx, cell.pfn, cell.y + cell.h / 2,
                        14);
    }

    number(ctx, pfn, y, size) {
        this.text(ctx, hex(pfn), 0, y,
                  { size, colour: this.view.colours.soft });
    }
}

// Dirty: a black corner with a white edge.
function dirtyCorner(ctx, { x, y, w }) {
    const n = Math.max(4, w * .45);
    ctx.beginPath();
    ctx.moveTo(x + w - 1 - n, y);
    ctx.lineTo(x + w - 1, y);
    ctx.lineTo(x + w - 1, y + n);
    ctx.closePath();
    ctx.fillStyle = '#000';
    ctx.fill();
    ctx.strokeStyle = '#fff';
    ctx.lineWidth = 1;
    ctx.stroke();
}
