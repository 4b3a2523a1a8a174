// vga.c: the text screen.
//
// The screen has 25 rows of 80 cells, at physical 0xb8000; a cell is a
// character and an attribute byte. What is on it is kept in an ordinary array
// and copied from there: the adapter's memory is slow to read. The CRT
// controller's registers 14 and 15 hold the cursor, as a cell number that the
// firmware may have left anywhere.
//
// Of the ANSI sequences, ESC [ numbers letter, the screen obeys those that a
// line editor or a clear-screen command needs; the others vanish:
//
//     A B C D cursor by n    H f cursor to row;column    m attributes
//     J clear: 0 to the end of the screen, 2 all    K: 0 to the line's end,
//     2 the line

#include "memlayout.h"
#include "x86.h"
#include "lib.h"
#include "vga.h"

#define TEXTPA   0xb8000
#define CRTC     0x3d4              // index; data is one higher
#define CURSORHI 14
#define CURSORLO 15

#define NCELL    (VGAROWS * VGACOLS)
#define NORMAL   0x07               // light grey on black
#define BRIGHT   0x08
#define TABSTOP  8
#define ESC      0x1b
#define NPARAM   4

static ushort cells[NCELL];
static uint pos;                    // of the cursor, < NCELL
static uint attr = NORMAL;

static enum { PLAIN, ESCAPE, PARAMS } state;
static uint param[NPARAM], nparam;

static ushort
blank(void)
{
    return attr << 8 | ' ';
}

static void
show_cursor(void)
{
    outb(CRTC, CURSORHI);
    outb(CRTC + 1, pos >> 8);
    outb(CRTC, CURSORLO);
    outb(CRTC + 1, pos);
}

static void
show(uint from, uint n)
{
    ushort *screen = P2V(TEXTPA);

    memmove(screen + from, cells + from, n * sizeof cells[0]);
}

static void
fill(uint from, uint to)
{
    uint i;

    for (i = from; i < to; i++)
        cells[i] = blank();
    show(from, to - from);
}

static void
scroll(void)
{
    memmove(cells, cells + VGACOLS,
            (NCELL - VGACOLS) * sizeof cells[0]);
    pos -= VGACOLS;
    show(0, NCELL - VGACOLS);
    fill(NCELL - VGACOLS, NCELL);
}

void
vga_init(void)
{
    uint cell;

    memmove(cells, P2V(TEXTPA), sizeof cells);
    outb(CRTC, CURSORHI);
    cell = inb(CRTC + 1) << 8;
    outb(CRTC, CURSORLO);
    cell |= inb(CRTC + 1);
    pos = cell < NCELL ? cell : 0;
    if (pos % VGACOLS)
        vga_putc('\n');
    if (cell >= NCELL)
        fill(0, NCELL);
    show_cursor();
}

static void
plain(int c)
{
    if (c == '\n')
        pos += VGACOLS - pos % VGACOLS;
    else if (c == '\r')
        pos -= pos % VGACOLS;
    else if (c == '\b')
        pos -= pos > 0;
    else if (c == '\t')
        pos += TABSTOP - pos % TABSTOP;
    else if (c >= ' ') {
        cells[pos] = attr << 8 | (c & 0xff);
        show(pos++, 1);
    }
    if (pos >= NCELL)
        scroll();
}

// Parameter i, or def when it is missing or 0.
static uint
arg(uint i, uint def)
{
    return i < NPARAM && param[i] ? param[i] : def;
}

static void
move(uint row, uint col)
{
    pos = MIN(row, VGAROWS - 1u) * VGACOLS + MIN(col, VGACOLS - 1u);
}

static void
erase(int c)
{
    uint line = pos - pos % VGACOLS;

    if (c == 'J')
        fill(param[0] == 2 ? 0 : pos, NCELL);
    else
        fill(param[0] == 2 ? line : pos, line + VGACOLS);
}

static void
set_attr(uint code)
{
    static const uchar colour[8] = { 0, 4, 2, 6, 1, 5, 3, 7 };  // ANSI to VGA

    if (code == 0)
        attr = NORMAL;
    else if (code == 1)
        attr |= BRIGHT;
    else if (code == 7)
        attr = (attr & BRIGHT) | (attr & 7) << 4 | (attr >> 4 & 7);
    else if (code - 30 < 8)
        attr = (attr & ~7u) | colour[code - 30];
    else if (code - 40 < 8)
        attr = (attr & ~0x70u) | colour[code - 40] << 4;
}

static void
command(int c)
{
    uint row = pos / VGACOLS, col = pos % VGACOLS, i;

    switch (c) {
    case 'A': move(row - MIN(row, arg(0, 1)), col); break;
    case 'B': move(row + arg(0, 1), col); break;
    case 'C': move(row, col + arg(0, 1)); break;
    case 'D': move(row, col - MIN(col, arg(0, 1))); break;
    case 'H':
    case 'f': move(arg(0, 1) - 1, arg(1, 1) - 1); break;
    case 'J':
    case 'K': erase(c); break;
    case 'm':
        for (i = 0; i <= MIN(nparam, NPARAM - 1u); i++)
            set_attr(param[i]);
        break;
    }
}

// A byte within an escape sequence.
static void
escaped(int c)
{
    if (state == ESCAPE) {
        state = c == '[' ? PARAMS : PLAIN;
        memset(param, 0, sizeof param);
        nparam = 0;
    } else if (c >= '0' && c <= '9') {
        if (nparam < NPARAM && param[nparam] < 1000)
            param[nparam] = param[nparam] * 10 + c - '0';
    } else if (c == ';') {
        nparam += nparam < NPARAM;
    } else if (c >= '@' || c < ' ') {
        state = PLAIN;
        command(c);
    }
}

void
vga_putc(int c)
{
    c &= 0xff;
    if (c == ESC)
        state = ESCAPE;
    else if (state != PLAIN)
        escaped(c);
    else
        plain(c);
    if (state == PLAIN)
        show_cursor();
}
