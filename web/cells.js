// cells.js: a canvas of cells that mouse and keyboard can point at. The panels
// of frames and of pages are made of it.
//
// The panel gives layout(width, height), which fills this.cells with {x, y,
// w, h, what} and returns the height used; and paint(ctx, cell). `what` tells
// the viewer what the cell stands for: {frame}, {space, vpn}, {pid}, ...

import { LOOKS } from './look.js';

const NEAR = 400;                   // pixels beyond the edge that are painted

export class Cells {
    constructor(view, element, label) {
        this.view = view;
        this.box = element;
        this.canvas = document.createElement('canvas');
        this.canvas.tabIndex = 0;
        this.canvas.setAttribute('role', 'application');
        this.canvas.setAttribute('aria-label', label);
        this.box.append(this.canvas);
        this.cells = [];
        this.places = new Map();    // key of what: its cell
        this.at = -1;               // the cell that the keyboard is at
        this.listen();
    }

    listen() {
        const c = this.canvas;
        c.addEventListener('mousemove', e => this.point(this.under(e)));
        c.addEventListener('mouseleave', () => this.view.hover(null));
        c.addEventListener('click', e => this.pick(this.under(e)));
        c.addEventListener('keydown', e => this.key(e));
        c.addEventListener('focus', () => this.move(Math.max(0, this.at)));
        c.addEventListener('blur', () => { this.view.hover(null); });
        this.box.addEventListener('scroll', () => this.scrolled());
    }

    // Only what is near the part that can be seen has been painted.
    scrolled() {
        this.view.drawLines();
        if (Math.abs(this.box.scrollTop - this.painted) > NEAR / 2)
            this.view.refresh();
    }

    under(e) {
        const { offsetX: x, offsetY: y } = e;
        return this.cells.find(c => x >= c.x && x < c.x + c.w &&
                                    y >= c.y && y < c.y + c.h);
    }

    point(cell) { this.view.hover(cell ? cell.what : null); }

    pick(cell) {
        if (!cell)
            return;
        this.at = this.cells.indexOf(cell);
        this.view.select(cell.what);
    }

    // Arrow keys go from cell to cell, Enter chooses.
    key(e) {
        const to = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: 'up',
                     ArrowDown: 'down', Home: 'home', End: 'end' }[e.key];
        if (e.ctrlKey || e.altKey || e.metaKey)
            return;
        if (to !== undefined)
            this.move(this.target(to));
        else if (e.key === 'Enter')
            this.pick(this.cells[this.at]);
        else
            return;
        e.preventDefault();
        e.stopPropagation();
    }

    target(to) {
        if (typeof to === 'number')
            return this.at + to;
        if (to === 'home' || to === 'end')
            return to === 'home' ? 0 : this.cells.length - 1;
        return this.beside(to === 'up' ? -1 : 1);
    }

    // The nearest cell in the next row above or below.
    beside(by) {
        const from = this.cells[this.at];
        let best = this.at, row;
        for (let i = this.at + by; from && this.cells[i]; i += by) {
            const c = this.cells[i];
            if (c.y === from.y)
                continue;
            row ??= c.y;
            if (c.y !== row)
                break;
            if (best === this.at || Math.abs(c.x - from.x) <
                                    Math.abs(this.cells[best].x - from.x))
                best = i;
        }
        return best;
    }

    move(i) {
        if (!this.cells.length)
            return;
        this.at = Math.max(0, Math.min(i, this.cells.length - 1));
        this.show(this.cells[this.at]);
        this.view.hover(this.cells[this.at].what);
    }

    // Scroll so that a cell can be seen.
    show(cell) {
        const { scrollTop, clientHeight } = this.box;
        const top = cell.y + this.canvas.offsetTop;
        if (top < scrollTop)
            this.box.scrollTop = Math.max(0, top - 30);
        else if (top + cell.h > scrollTop + clientHeight)
            this.box.scrollTop = top + cell.h - clientHeight + 30;
    }

    placeOf(key) { return this.places.get(key); }

    // The cell's rectangle on the screen, or nothing where it is scrolled away.
    rect(key) {
        const cell = this.places.get(key);
        if (!cell)
            return undefined;
        const c = this.canvas.getBoundingClientRect();
        const b = this.box.getBoundingClientRect();
        const r = { x: c.left + cell.x, y: c.top + cell.y, w: cell.w,
                    h: cell.h };
        return r.y + r.h > b.top && r.y < b.bottom ? r : undefined;
    }

    draw() {
        const width = this.box.clientWidth, ratio = window.devicePixelRatio;
        this.cells = [];
        const height = this.layout(width, this.box.clientHeight);
        this.places = new Map(this.cells.map(c => [c.key, c]));
        this.canvas.width = width * ratio;
        this.canvas.height = height * ratio;
        this.canvas.style.width = `${width}px`;
        this.canvas.style.height = `${height}px`;
        const ctx = this.canvas.getContext('2d');
        ctx.scale(ratio, ratio);
        ctx.textBaseline = 'middle';
        const top = this.box.scrollTop - NEAR;
        const bottom = top + this.box.clientHeight + 2 * NEAR;
        for (const cell of this.cells)
            if (cell.y + cell.h > top && cell.y < bottom)
                this.paint(ctx, cell);
        this.painted = this.box.scrollTop;
        this.outline(ctx);
    }

    // What the event has changed, what is selected, where the keyboard is.
    outline(ctx) {
        const { ink, now, pick } = this.view.colours;
        const ring = (cell, colour, width, dash) => {
            ctx.strokeStyle = colour;
            ctx.lineWidth = width;
            ctx.setLineDash(dash);
            ctx.strokeRect(cell.x - 1, cell.y - 1, cell.w + 1, cell.h + 1);
        };
        for (const key of this.view.changed) {
            const cell = this.placeOf(key);
            if (cell) {
                ring(cell, ink, 5, []);
                ring(cell, now, 2.5, []);
            }
        }
        for (const key of this.view.linked)
            if (this.placeOf(key))
                ring(this.placeOf(key), pick, 2.5, []);
        if (document.activeElement === this.canvas && this.cells[this.at])
            ring(this.cells[this.at], ink, 3, [4, 2]);
        ctx.setLineDash([]);
    }

    // One cell in a look; the letter only where it can be read.
    tile(ctx, cell, key, letter) {
        const look = LOOKS[key], { x, y, w, h } = cell;
        if (look.fill) {
            ctx.fillStyle = look.fill;
            ctx.fillRect(x, y, w - 1, h - 1);
        } else {
            ctx.strokeStyle = this.view.colours.faint;
            ctx.lineWidth = 1;
            ctx.strokeRect(x + .5, y + .5, w - 2, h - 2);
        }
        if (look.pattern && w >= 7)
            stripes(ctx, cell);
        if (w < 12 && look.small)
            speck(ctx, cell, look.small);
        if (w >= 12)
            this.letter(ctx, cell, look, letter ?? look.letter);
    }

    letter(ctx, cell, look, text) {
        ctx.fillStyle = look.fill ? look.ink : this.view.colours.ink;
        ctx.font = `bold ${Math.min(20, cell.h - 6)}px sans-serif`;
        ctx.textAlign = 'center';
        ctx.fillText(text, cell.x + (cell.w - 1) / 2, cell.y + cell.h / 2);
    }

    text(ctx, text, x, y, { bold, size = 15, colour, width } = {}) {
        ctx.fillStyle = colour || this.view.colours.ink;
        ctx.font = `${bold ? 'bold ' : ''}${size * this.view.scale}px ` +
                   'sans-serif';
        ctx.textAlign = 'left';
        ctx.fillText(text, x, y, width);
    }
}

// What a cell has that is too small for a letter.
function speck(ctx, { x, y, w, h }, kind) {
    ctx.fillStyle = ctx.strokeStyle = '#000';
    ctx.lineWidth = 1;
    if (kind === 'dot')
        ctx.fillRect(x + w / 2 - 1.5, y + h / 2 - 1.5, 2, 2);
    else if (kind === 'bar')
        ctx.fillRect(x, y + h - 3, w - 1, 2);
    else if (kind === 'slash')
        line(ctx, x, y + h - 1, x + w - 1, y);
    else
        ctx.strokeRect(x + .5, y + .5, w - 2, h - 2);
}

function line(ctx, x1, y1, x2, y2) {
    ctx.beginPath();
    ctx.moveTo(x1, y1);
    ctx.lineTo(x2, y2);
    ctx.stroke();
}

// Copy-on-write is striped, so that it does not need its colour.
function stripes(ctx, { x, y, w, h }) {
    ctx.save();
    ctx.beginPath();
    ctx.rect(x, y, w - 1, h - 1);
    ctx.clip();
    ctx.strokeStyle = 'rgba(255,255,255,.45)';
    ctx.lineWidth = 1.5;
    ctx.beginPath();
    for (let i = -h; i < w; i += 5) {
        ctx.moveTo(x + i, y + h);
        ctx.lineTo(x + i + h, y);
    }
    ctx.stroke();
    ctx.restore();
}
