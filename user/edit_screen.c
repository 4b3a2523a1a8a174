// edit_screen.c: edit's terminal.
//
// Two pictures of the screen are kept: what it shows, and what it is to show.
// screen_show() sends the difference, since a serial line is slow; lines that
// only moved are moved by the terminal. Sent are the sequences for moving
// the cursor (H), reverse (7m), erasing to the right (K), scrolling (r S T).

#include <stdlib.h>
#include <string.h>
#include "edit.h"
#include "keys.h"

enum { LEASTROWS = 5, LEASTCOLS = 20, ESCAPEWAIT = 10, LONGEST = 1000 };

struct cell {
    uint code : 24;
    uint attr : 8;
};

uint rows, cols;

static struct cell *shown, *wanted;
static uint outrow, outcol, outattr; // the terminal's; outrow NONE: not known
static struct cell *row;            // the one being made
static uint skipped, column;
static char input[256];
static uint inputpos, inputend;

// --- the terminal ---

static uint
size_from(const char *name, uint otherwise, uint least)
{
    const char *s = getenv(name);
    int n = s ? atoi(s) : 0;

    if (n < (int)least || n > LONGEST)
        n = otherwise;
    return n < (int)least ? least : (uint)n;
}

static struct cell *
new_cells(void)
{
    return calloc(rows * cols, sizeof(struct cell));
}

int
screen_open(void)
{
    int size = consctl(CONS_SIZE, 0);

    if (size <= 0)
        size = 25 << 16 | 80;
    rows = size_from("LINES", size >> 16, LEASTROWS);
    cols = size_from("COLUMNS", size & 0xffff, LEASTCOLS);
    if ((shown = new_cells()) == 0 || (wanted = new_cells()) == 0)
        return -1;
    setvbuf(stdout, 0, _IOFBF, BUFSIZ);
    consctl(CONS_MODE, CONS_RAW);
    screen_clear();
    return 0;
}

// Leaves the text, and the cursor below it.
void
screen_close(void)
{
    printf("\033[m\033[r\033[%u;1H\033[J", rows - 1);
    fflush(stdout);
    consctl(CONS_MODE, CONS_COOKED);
}

void
screen_clear(void)
{
    uint i;

    printf("\033[m\033[r\033[H\033[J");
    for (i = 0; i < rows * cols; i++)
        shown[i] = (struct cell){ ' ', PLAIN };
    outrow = outcol = 0;
    outattr = PLAIN;
}

// --- keys ---

int
key_pending(void)
{
    return inputpos < inputend || consctl(CONS_WAIT, 0) > 0;
}

// Reads more behind what is left of the input; 0 at the end.
static int
read_input(void)
{
    int n;

    inputend -= inputpos;
    memmove(input, input + inputpos, inputend);
    inputpos = 0;
    do
        n = read(0, input + inputend, sizeof(input) - inputend);
    while (n < 0 && errno == EINTR);
    inputend += n > 0 ? n : 0;
    return n > 0;
}

// The bytes of a key come soon after each other, or they are all.
int
key_read(void)
{
    int key, nomore = 0;
    uint used;

    if (inputpos == inputend && !read_input())
        return -1;
    while ((key = key_decode(input + inputpos, inputend - inputpos, nomore,
                             &used)) == KEY_MORE)
        nomore = consctl(CONS_WAIT, ESCAPEWAIT) <= 0 || !read_input();
    if (key == KEY_TEXT) {          // its other bytes are the next keys
        key = (uchar)input[inputpos];
        used = 1;
    }
    inputpos += used;
    return key;
}

// --- what is to be shown ---

void
row_begin(uint n, uint skip)
{
    row = wanted + n * cols;
    skipped = skip;
    column = 0;
}

// Characters to the right of the screen make its last column a mark.
void
row_code(uint code, int attr)
{
    uint at = column++ - skipped;

    if (column <= skipped)
        return;
    if (at < cols)
        row[at] = (struct cell){ code, attr };
    else if (at == cols)
        row[cols - 1] = (struct cell){ '>', REVERSE };
}

void
row_string(const char *s, int attr)
{
    while (*s)
        row_code((uchar)*s++, attr);
}

static uint
decode(const struct text *t, uint pos, uint n)
{
    uint code = text_at(t, pos) & (0x7f >> n), i;

    for (i = 1; i < n; i++)
        code = code << 6 | (text_at(t, pos + i) & 0x3f);
    return code;
}

// The character at pos; one with a code of its own is spelt out.
static void
row_char(const struct text *t, uint pos, int marked)
{
    uint width = text_width(t, pos, column), n = text_charlen(t, pos);
    int c = text_at(t, pos), special = marked ? PLAIN : REVERSE;

    if (c == '\t') {
        while (width--)
            row_code(' ', marked);
    } else if (width == 2) {
        row_code('^', special);
        row_code(c ^ 0x40, special);
    } else if (width == 4) {
        row_code('\\', special);
        row_code('x', special);
        row_code("0123456789abcdef"[c >> 4], special);
        row_code("0123456789abcdef"[c & 15], special);
    } else {
        row_code(n == 1 ? (uint)c : decode(t, pos, n), marked);
    }
}

// The line that begins at pos; what is from `from` to `to` is marked.
void
row_text(const struct text *t, uint pos, uint from, uint to)
{
    int c;

    pos = text_walk(t, pos, text_eol(t, pos), &column, skipped);
    while ((c = text_at(t, pos)) != -1 && c != '\n' &&
           column <= skipped + cols) {
        row_char(t, pos, pos >= from && pos < to ? REVERSE : PLAIN);
        pos = text_next(t, pos);
    }
    if (c == '\n' && pos >= from && pos < to)
        row_code(' ', REVERSE);
    if (skipped && column)
        row[0] = (struct cell){ '<', REVERSE };
}

void
row_end(void)
{
    uint at = column > skipped ? column - skipped : skipped && column;

    for (; at < cols; at++)
        row[at] = (struct cell){ ' ', PLAIN };
}

// --- sending it ---

static void
send_code(uint code)
{
    if (code < 0x80) {
        putchar(code);
    } else if (code < 0x800) {
        putchar(0xc0 | code >> 6);
        putchar(0x80 | (code & 0x3f));
    } else {
        if (code < 0x10000) {
            putchar(0xe0 | code >> 12);
        } else {
            putchar(0xf0 | code >> 18);
            putchar(0x80 | (code >> 12 & 0x3f));
        }
        putchar(0x80 | (code >> 6 & 0x3f));
        putchar(0x80 | (code & 0x3f));
    }
}

static void
set_attr(uint attr)
{
    if (attr != outattr)
        printf(attr == REVERSE ? "\033[7m" : "\033[m");
    outattr = attr;
}

static void
go(uint r, uint c)
{
    if (r == outrow && c == outcol)
        return;
    if (r == outrow && c == 0)
        putchar('\r');
    else
        printf("\033[%u;%uH", r + 1, c + 1);
    outrow = r;
    outcol = c;
}

static void
send_cell(uint r, uint c, struct cell cell)
{
    go(r, c);
    set_attr(cell.attr);
    send_code(cell.code);
    if (++outcol == cols)
        outrow = NONE;              // terminals differ in where it is now
}

static int
same_cell(struct cell a, struct cell b)
{
    return a.code == b.code && a.attr == b.attr;
}

// Where the blank end of a row begins.
static uint
blank_end(const struct cell *r)
{
    struct cell blank = { ' ', PLAIN };
    uint n = cols;

    while (n > 0 && same_cell(r[n - 1], blank))
        n--;
    return n;
}

static void
send_row(uint r)
{
    struct cell *is = shown + r * cols, *be = wanted + r * cols;
    uint end = blank_end(be), c;

    if (r == rows - 1 && end == cols)
        end--;                      // it might scroll the screen
    for (c = 0; c < end; c++)
        if (!same_cell(is[c], be[c]))
            send_cell(r, c, be[c]);
    if (blank_end(is) > end) {
        go(r, end);
        set_attr(PLAIN);
        printf("\033[K");
    }
    memcpy(is, be, cols * sizeof(*is));
}

void
screen_scroll(int n)
{
    uint lines = rows - 2, k = n < 0 ? -n : n, i;
    uint from = n > 0 ? k * cols : 0, to = n > 0 ? 0 : k * cols;
    uint fresh = n > 0 ? (lines - k) * cols : 0;

    if (n == 0 || k >= lines)
        return;
    set_attr(PLAIN);
    printf("\033[1;%ur\033[%u%c\033[r", lines, k, n > 0 ? 'S' : 'T');
    outrow = NONE;
    memmove(shown + to, shown + from, (lines - k) * cols * sizeof(*shown));
    for (i = 0; i < k * cols; i++)
        shown[fresh + i] = (struct cell){ ' ', PLAIN };
}

void
screen_show(uint r, uint c)
{
    uint i;

    for (i = 0; i < rows; i++)
        send_row(i);
    go(r, c);
    fflush(stdout);
}
