// lib_draw.c: a prompt and a line on a terminal's screen, over as many rows
// as they need.
//
// Wanted is a display: the prompt as it is, and the line with control
// characters as ^X, tabs as blanks, broken UTF-8 as ?. Of the display, the
// view is what fits: all of it, or, when it has more rows than the screen,
// all rows of the screen but the last, the cursor's among them.
//
// From the view drawn last to the new one only what is behind their common
// beginning is printed. Moves are relative, as nobody knows at which row the
// prompt stands. After the last column some terminals go to the next row at
// once and some with the next character; a blank and a return bring both
// there, so the cursor never rests behind the last column.

#include "lineedit.h"

struct place {
    uint row, col;
};

struct display {
    struct bytes b;
    uint prompt;                    // its length
    uint cursor;                    // offset of the cursor
    struct place at, end;           // where cursor and end are
};

// Bytes that belong together at s: a character, or, in the prompt, a
// sequence ESC [ ... letter, which has no columns.
static uint
unit(const char *s, uint n, uint *width)
{
    uint i;

    if (s[0] != ESC) {
        *width = charwidth(s, n);
        return charlen(s, n);
    }
    *width = 0;
    for (i = 1; i < n; i++)
        if (s[i] != '[' && s[i] >= '@')
            return i + 1;
    return n;
}

// Go on from p over s[0..n).
static void
advance(struct place *p, const char *s, uint n, uint cols)
{
    uint i, width;

    for (i = 0; i < n; ) {
        i += unit(s + i, n - i, &width);
        p->col += width;
        p->row += p->col / cols;
        p->col %= cols;
    }
}

static struct place
locate(const char *s, uint n, uint cols)
{
    struct place p = { 0, 0 };

    advance(&p, s, n, cols);
    return p;
}

// Add what shows the character at s, after a blank if it is wider than what
// its row has left.
static int
show_char(struct display *d, const char *s, uint n, uint cols)
{
    char caret[2] = { '^', s[0] ^ 0x40 };
    uint from = d->b.n, width = charwidth(s, n);
    int err = 0;

    if (width == 2 && d->end.col == cols - 1)
        err |= bytes_add(&d->b, " ");
    if (s[0] == '\t')
        err |= bytes_add(&d->b, " ");
    else if ((uchar)s[0] < ' ' || s[0] == DEL)
        err |= bytes_insert(&d->b, d->b.n, caret, 2);
    else if (n == 1 && s[0] & 0x80)
        err |= bytes_add(&d->b, "?");
    else
        err |= bytes_insert(&d->b, d->b.n, s, n);
    advance(&d->end, d->b.s + from, d->b.n - from, cols);
    return err;
}

static int
display(struct display *d, const char *prompt, const struct bytes *line,
        uint at, uint cols)
{
    uint i, n;

    memset(d, 0, sizeof(*d));
    if (bytes_add(&d->b, prompt) < 0)
        return -1;
    d->prompt = d->b.n;
    d->end = locate(d->b.s, d->b.n, cols);
    for (i = 0; ; i += n) {
        if (i == at) {
            d->cursor = d->b.n;
            d->at = d->end;
        }
        if (i >= line->n)
            return 0;
        n = charlen(line->s + i, line->n - i);
        if (show_char(d, line->s + i, n, cols) < 0)
            return -1;
    }
}

// ---- the view ----

// Offset at which a row of the display begins; its end if there is no such.
static uint
row_start(const struct display *d, uint row, uint cols)
{
    struct place p = { 0, 0 };
    uint i = 0, n, width;

    while (i < d->b.n && p.row < row) {
        n = unit(d->b.s + i, d->b.n - i, &width);
        advance(&p, d->b.s + i, n, cols);
        i += n;
    }
    return i;
}

// Make the display its view: choose the top row, drop what is not seen.
static void
choose_view(struct drawing *w, struct display *d)
{
    uint most = w->rows - 1, from, to;

    if (d->end.row < w->rows) {
        w->top = 0;
        return;
    }
    if (w->top + most > d->end.row + 1)
        w->top = d->end.row + 1 - most;
    if (d->at.row < w->top)
        w->top = d->at.row;
    if (d->at.row >= w->top + most)
        w->top = d->at.row + 1 - most;
    from = row_start(d, w->top, w->cols);
    to = row_start(d, w->top + most, w->cols);
    bytes_remove(&d->b, to, d->b.n);
    bytes_remove(&d->b, 0, from);
    d->prompt = d->prompt > from ? d->prompt - from : 0;
    d->at.row -= w->top;
    d->end = locate(d->b.s, d->b.n, w->cols);
}

// ---- the terminal ----

static int
command(struct bytes *out, uint n, char letter)
{
    char text[16];

    snprintf(text, sizeof(text), "\033[%u%c", n, letter);
    return n ? bytes_add(out, text) : 0;
}

static int
move(struct drawing *w, struct bytes *out, struct place to)
{
    int err = 0;

    if (to.row < w->row)
        err |= command(out, w->row - to.row, 'A');
    else
        err |= command(out, to.row - w->row, 'B');
    if (to.col == 0 && w->col > 0)
        err |= bytes_add(out, "\r");
    else if (to.col < w->col)
        err |= command(out, w->col - to.col, 'D');
    else
        err |= command(out, to.col - w->col, 'C');
    w->row = to.row;
    w->col = to.col;
    return err;
}

// Length of what both begin with, in whole characters. In the prompt nothing
// is the same unless all is, for its colours.
static uint
common(const struct bytes *a, const struct display *d)
{
    const struct bytes *b = &d->b;
    uint i = 0, n;

    while (i < a->n && i < b->n) {
        n = charlen(b->s + i, b->n - i);
        if (i + n > a->n || memcmp(a->s + i, b->s + i, n) != 0)
            break;
        i += n;
    }
    return i < d->prompt ? 0 : i;
}

static int
redraw(struct drawing *w, struct bytes *out, const struct display *d)
{
    uint same = common(&w->shown, d);
    struct place was = locate(w->shown.s, w->shown.n, w->cols);
    int err = 0;

    if (same < d->b.n || same < w->shown.n)
        err |= move(w, out, locate(d->b.s, same, w->cols));
    if (same < d->b.n) {
        err |= bytes_insert(out, out->n, d->b.s + same, d->b.n - same);
        if (d->end.col == 0)
            err |= bytes_add(out, " \r");
        w->row = d->end.row;
        w->col = d->end.col;
    }
    if (was.row > d->end.row ||
        (was.row == d->end.row && was.col > d->end.col))
        err |= bytes_add(out, "\033[J");
    return err | move(w, out, d->at);
}

int
draw(struct drawing *w, struct bytes *out, const char *prompt,
     const struct bytes *line, uint at)
{
    struct display d;
    int err = display(&d, prompt, line, at, w->cols);

    if (err == 0) {
        choose_view(w, &d);
        err = redraw(w, out, &d);
    }
    free(w->shown.s);
    w->shown = d.b;
    return err;
}

void
draw_forget(struct drawing *w)
{
    free(w->shown.s);
    memset(&w->shown, 0, sizeof(w->shown));
    w->row = w->col = w->top = 0;
}
