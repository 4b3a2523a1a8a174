// vga.c: the text screen.
//
// The screen has 25 rows of 80 cells, at physical 0xb8000; a cell is a
// character and an attribute byte. What is on it is kept in an ordinary array
// and copied from there: the adapter's memory is slow to read. The CRT
// controller's registers 14 and 15 hold the cursor, as a cell number that the
// firmware may have left anywhere; bit 5 of register 10 hides it.
//
// Rows that leave the screen at its top go into a ring, past[]. The keyboard
// can look back at them; new output returns to the present:
//
//     past[(npast - back) % NPAST]    first row to be seen
//     ...                             back rows of the past
//     cells[0]                        then those of the screen, as many as fit
//
// Of the ANSI sequences, ESC [ numbers letter, the screen obeys these, and the
// others vanish. n is 1 when missing; rows and columns begin with 1.
//
//     A B C D  cursor by n           G d    to column, to row n
//     H f      to row;column         s u    save cursor and colours, restore
//     J K      erase in the screen, in the line: 0 from the cursor, 1 up to
//              it, 2 all
//     L M @ P  insert, delete n lines, n characters
//     r        scroll region from row;to row       S T    scroll it by n
//     m        colours and attributes              ?25h ?25l  show, hide the
//              cursor
//
// As on other terminals a character in the last column leaves the cursor
// there; the next one goes to the next row. A character of UTF-8 takes one
// cell; those that are not ASCII are shown as a block.

#include "memlayout.h"
#include "x86.h"
#include "lib.h"
#include "vga.h"

#define TEXTPA   0xb8000
#define CRTC     0x3d4              // index; data is one higher
#define CURSOR   10
#define NOCURSOR (1 << 5)
#define CURSORHI 14
#define CURSORLO 15

#define NCELL    (VGAROWS * VGACOLS)
#define NPAST    256                // rows
#define GREY     7
#define BRIGHT   0x08
#define BLOCK    0xfe
#define TABSTOP  8
#define ESC      0x1b
#define NPARAM   8

static ushort cells[NCELL], past[NPAST][VGACOLS];
static uint npast, back;            // rows ever in past[]; looked back by
static uint pos, savedpos;          // of the cursor, < NCELL
static uint top, bottom = NCELL;    // scroll region, as cells
static int wrap;                    // the next character goes to the next row
static struct pen { uint fg, bg, bold, reverse; } pen = { GREY, 0, 0, 0 };
static struct pen savedpen = { GREY, 0, 0, 0 };

static enum { PLAIN, ESCAPE, PARAMS } state;
static uint param[NPARAM], nparam;
static int private;                 // the '?' of ESC [ ?, or one like it

static ushort
cell(int c)
{
    uint fg = pen.fg | pen.bold;

    return (pen.reverse ? (fg & 7) << 4 | pen.bg : pen.bg << 4 | fg) << 8 | c;
}

static void
crtc(uint reg, uint value)
{
    outb(CRTC, reg);
    outb(CRTC + 1, value);
}

static uint
crtc_now(uint reg)
{
    outb(CRTC, reg);
    return inb(CRTC + 1);
}

static void
show_cursor(void)
{
    uint at = pos + back * VGACOLS; // below the screen it is not seen

    crtc(CURSORHI, at >> 8);
    crtc(CURSORLO, at);
}

static void
show(uint from, uint to)
{
    ushort *screen = P2V(TEXTPA);

    memmove(screen + from, cells + from, (to - from) * sizeof cells[0]);
}

static void
fill(uint from, uint to)
{
    uint i;

    for (i = from; i < to; i++)
        cells[i] = pen.bg << 12 | pen.fg << 8 | ' ';
    show(from, to);
}

// Move what is in these cells by n cells: up or left, or (push) down or right.
static void
pull(uint from, uint to, uint n, int push)
{
    uint gone = MIN(n, to - from), left = to - from - gone;

    memmove(cells + from + (push ? gone : 0), cells + from + (push ? 0 : gone),
            left * sizeof cells[0]);
    show(from, to);
    fill(push ? from : from + left, push ? from + gone : to);
}

static void
new_row(void)
{
    pos -= pos % VGACOLS;
    if (pos + VGACOLS != bottom) {
        pos += pos + VGACOLS < NCELL ? VGACOLS : 0;
        return;
    }
    if (top == 0)
        memmove(past[npast++ % NPAST], cells, sizeof past[0]);
    pull(top, bottom, VGACOLS, 0);
}

void
vga_look(int rows)
{
    ushort *screen = P2V(TEXTPA);
    uint most = MIN(npast, (uint)NPAST), i;

    back = MIN(MAX((int)back + rows, 0), (int)most);
    for (i = 0; i < back && i < VGAROWS; i++)
        memmove(screen + i * VGACOLS, past[(npast - back + i) % NPAST],
                sizeof past[0]);
    memmove(screen + i * VGACOLS, cells,
            (VGAROWS - i) * sizeof past[0]);
    show_cursor();
}

void
vga_init(void)
{
    uint at = crtc_now(CURSORHI) << 8 | crtc_now(CURSORLO);

    memmove(cells, P2V(TEXTPA), sizeof cells);
    pos = at < NCELL ? at : 0;
    if (pos % VGACOLS)
        vga_putc('\n');
    if (at >= NCELL)
        fill(0, NCELL);
    show_cursor();
}

static void
move(uint row, uint col)
{
    pos = MIN(row, VGAROWS - 1u) * VGACOLS + MIN(col, VGACOLS - 1u);
}

static void
plain(int c)
{
    int full = wrap;

    wrap = 0;
    if (c == '\n')
        new_row();
    else if (c == '\r')
        pos -= pos % VGACOLS;
    else if (c == '\b')
        pos -= pos > 0 && !full;    // full: the cursor is there already
    else if (c == '\t')
        move(pos / VGACOLS, (pos % VGACOLS | (TABSTOP - 1)) + 1);
    else if (c >= ' ' && (c & 0xc0) != 0x80) {  // those go on in UTF-8
        if (full)
            new_row();
        cells[pos] = cell(c < 0x80 ? c : BLOCK);
        show(pos, pos + 1);
        wrap = pos % VGACOLS == VGACOLS - 1;
        pos += !wrap;
    }
}

// Parameter i, or 1 when it is missing or 0.
static uint
arg(uint i)
{
    return MAX(param[i], 1u);
}

// From the cursor to the end, from the start to the cursor, or all.
static void
erase(uint start, uint end)
{
    fill(param[0] == 0 ? pos : start, param[0] == 1 ? pos + 1 : end);
}

static void
set_region(void)
{
    uint last = param[1] ? MIN(param[1], (uint)VGAROWS) : VGAROWS;

    if (arg(0) >= last)
        return;
    top = (arg(0) - 1) * VGACOLS;
    bottom = last * VGACOLS;
    pos = 0;
}

static void
set_pen(uint code)
{
    static const uchar colour[] = { 0, 4, 2, 6, 1, 5, 3, 7, 7, 7 };
    static const uchar ground[] = { 0, 4, 2, 6, 1, 5, 3, 7, 0, 0 };

    if (code == 0)
        pen = (struct pen){ GREY, 0, 0, 0 };
    else if (code == 1 || code == 22)
        pen.bold = code == 1 ? BRIGHT : 0;
    else if (code == 7 || code == 27)
        pen.reverse = code == 7;
    else if (code - 30 < NELEM(colour))
        pen.fg = colour[code - 30];             // ANSI's to VGA's
    else if (code - 40 < NELEM(ground))
        pen.bg = ground[code - 40];
    else if (code - 90 < 8)
        pen.fg = colour[code - 90] | BRIGHT;
}

static void
command(int c)
{
    uint row = pos / VGACOLS, col = pos % VGACOLS, n = arg(0), i;
    uint line = pos - col, next = line + VGACOLS;

    wrap &= c == 'm';
    switch (c) {
    case 'A': move(row - MIN(row, n), col); break;
    case 'B': move(row + n, col); break;
    case 'C': move(row, col + n); break;
    case 'D': move(row, col - MIN(col, n)); break;
    case 'G': move(row, n - 1); break;
    case 'd': move(n - 1, col); break;
    case 'H':
    case 'f': move(n - 1, arg(1) - 1); break;
    case 's': savedpos = pos, savedpen = pen; break;
    case 'u': pos = savedpos, pen = savedpen; break;
    case 'J': erase(0, NCELL); break;
    case 'K': erase(line, next); break;
    case '@':
    case 'P': pull(pos, next, n, c == '@'); break;
    case 'S':
    case 'T': pull(top, bottom, n * VGACOLS, c == 'T'); break;
    case 'r': set_region(); break;
    case 'L':
    case 'M':
        if (line >= top && line < bottom)
            pull(pos = line, bottom, n * VGACOLS, c == 'L');
        break;
    case 'm':
        for (i = 0; i <= nparam; i++)
            set_pen(param[i]);
        break;
    }
}

// A byte within an escape sequence.
static void
escaped(int c)
{
    if (state == ESCAPE) {
        state = c == '[' ? PARAMS : (c & 0xf0) == ' ' ? ESCAPE : PLAIN;
        memset(param, 0, sizeof param);
        nparam = private = 0;
    } else if (c >= '0' && c <= '9') {
        if (param[nparam] < 1000)
            param[nparam] = param[nparam] * 10 + c - '0';
    } else if (c == ';') {
        nparam += nparam < NPARAM - 1;
    } else if (c >= '<' && c <= '?') {
        private = c;
    } else if (c >= '@' || c < ' ') {
        state = PLAIN;
        if (!private)
            command(c);
        else if (private == '?' && param[0] == 25 && (c == 'h' || c == 'l'))
            crtc(CURSOR, (crtc_now(CURSOR) & ~NOCURSOR) | (c == 'l') << 5);
    }
}

void
vga_putc(int c)
{
    c &= 0xff;
    if (back)
        vga_look(-(int)back);
    if (c == ESC)
        state = ESCAPE;
    else if (state != PLAIN)
        escaped(c);
    else
        plain(c);
    if (state == PLAIN)
        show_cursor();
}
