// screen.js: the terminal, 80 columns by 25 lines as Teak's own screen. Its
// letters are as large as the room for it allows.

import { Terminal } from './xterm/xterm.mjs';

const COLUMNS = 80, LINES = 25;
const SMALLEST = 7, LARGEST = 26;       // pixels
const FRAME = 14;                       // around it, both sides
const MOST = 0.58;                      // of the window's height

const DARK = {
    background: '#11151a', foreground: '#d6dde5', cursor: '#ffb454',
    selectionBackground: '#3a4a5c',
};
const LIGHT = {
    background: '#fbfaf7', foreground: '#22272e', cursor: '#b35900',
    selectionBackground: '#cfdcec', black: '#22272e', white: '#6e7781',
    brightWhite: '#4a525a', yellow: '#7d5c00', brightYellow: '#7d5c00',
    green: '#1f6f3a', brightGreen: '#1f6f3a', cyan: '#0b6a78',
    brightCyan: '#0b6a78',
};

export class Screen {
    // typed(text) is called with what is typed or pasted.
    constructor(room, typed) {
        this.room = room;
        this.term = new Terminal({
            cols: COLUMNS, rows: LINES, scrollback: 5000, fontSize: 13,
            fontFamily: '"DejaVu Sans Mono", Menlo, Consolas, monospace',
            cursorBlink: true, minimumContrastRatio: 4.5,
        });
        this.term.open(room);
        this.term.onData(typed);
        this.term.textarea.setAttribute('aria-label', 'Terminal of Teak');
        new ResizeObserver(() => this.fit()).observe(room);
        addEventListener('resize', () => this.fit());
        this.fit();
    }

    // wanted(event) says of a key that the page has a use for it.
    passes(wanted) {
        this.term.attachCustomKeyEventHandler(event => !wanted(event));
    }

    write(bytes) { this.term.write(bytes); }
    clear() { this.term.reset(); }
    focus() { this.term.focus(); }
    get focused() { return document.activeElement === this.term.textarea; }

    theme(dark) { this.term.options.theme = dark ? DARK : LIGHT; }

    // The largest letters with which all lines and columns fit.
    fit() {
        const inner = this.room.querySelector('.xterm-screen');
        const size = this.term.options.fontSize;
        const wide = this.room.clientWidth - FRAME;

        if (!inner?.offsetWidth || wide <= 0)
            return;
        const fits = Math.min(wide / inner.offsetWidth,
                              innerHeight * MOST / inner.offsetHeight) * size;
        const next = Math.max(SMALLEST, Math.min(LARGEST,
                                                 Math.floor(fits * 2) / 2));
        if (next !== size)
            this.term.options.fontSize = next;
        this.room.style.height = `${inner.offsetHeight + FRAME}px`;
    }

    // All that is on it, for tests.
    text() {
        const b = this.term.buffer.active;
        return Array.from({ length: b.length }, (_, i) =>
            b.getLine(i).translateToString(true)).join('\n');
    }
}
