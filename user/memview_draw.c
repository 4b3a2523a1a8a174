// memview_draw.c: the map on the screen, or in lines.
//
//     title     how much memory, what a cell is, the chosen process
//     map       a row of cells, after the address of its first frame
//     legend    letters with their meanings and numbers of frames, 3 rows
//     detail    what is under the cursor
//     keys
//
// The picture is made whole in memory; only the places that differ from what
// the terminal shows are sent to it.

#include "memview.h"

#define LABEL   9                   // columns of a row's address
#define MBSHIFT (20 - PGSHIFT)      // frames to MB
#define BELOW   5                   // rows under the map
#define AGE     32                  // hundredths of a second
#define KEYS    "q quit  + - zoom  arrows PgUp PgDn move  p process  a all " \
                "processes  0 fit"

// How a place looks: its colours, in the terms of ESC [ m.
enum style { TEXT, TITLE, DIM, STYLES };
static const struct {
    char letter;
    const char *colour;
} owners[NOWNER] = {
    [FREE] = { '.', "90" }, [KERNEL] = { 'K', "91" }, [TABLE] = { 'T', "93" },
    [USER] = { 'U', "92" }, [SHARED] = { '2', "96" }, [CACHE] = { 'C', "94" },
    [MAPPED] = { 'M', "95" }, [SWAPPING] = { 'S', "97" },
};

struct place {
    char  c;
    uchar style;                    // enum style, or STYLES + owner
    uchar reverse;
};
static struct place *picture, *shown;   // rows * cols; shown: 0 at first
static uint rows, cols;

// ---- the picture ----

static void
put(uint row, uint col, char c, uint style, uint reverse)
{
    if (row < rows && col < cols)
        picture[row * cols + col] = (struct place){ c, style, reverse };
}

static uint __attribute__((format(printf, 4, 5)))
text(uint row, uint col, uint style, const char *fmt, ...)
{
    char s[160];
    va_list ap;
    uint i;

    va_start(ap, fmt);
    vsnprintf(s, sizeof(s), fmt, ap);
    va_end(ap);
    for (i = 0; s[i]; i++)
        put(row, col + i, s[i], style, style == TITLE);
    return col + i;
}

static uint
used(const struct cell *c)
{
    uint i, n = 0;

    for (i = FREE + 1; i < NOWNER; i++)
        n += c->n[i];
    return n;
}

static enum owner
main_owner(const struct cell *c)
{
    enum owner best = FREE, o;

    for (o = FREE + 1; o < NOWNER; o++)
        if (c->n[o] > (best == FREE ? 0 : c->n[best]))
            best = o;
    return best;
}

// The letter of most of the frames that are used; a small one where these are
// less than half of all.
static void
put_cell(const struct view *v, uint row, uint col, const struct cell *c)
{
    int chosen = v->pid && !v->ended;
    enum owner o = chosen && c->mine ? c->kind : main_owner(c);
    char letter = owners[o].letter;
    uint style = STYLES + o;

    if (o == FREE && c->n[FREE] == 0)
        return;                     // no memory
    if (o == SHARED)
        letter = c->owners > 9 ? '+' : '0' + c->owners;
    if (o != FREE && used(c) < c->n[FREE])
        letter = tolower(letter);
    if (chosen && o != FREE && c->mine == 0) {
        letter = '-';
        style = DIM;
    }
    put(row, col, letter, style, c->dirty > 0);
}

static void
draw_map(const struct view *v)
{
    uint row, col, pfn;

    for (row = 0; row < v->height; row++) {
        pfn = v->first + row * v->width * v->per;
        if (pfn >= v->top)
            return;
        text(row + 1, 0, TEXT, "%08x", pfn << PGSHIFT);
        for (col = 0; col < v->width; col++)
            put_cell(v, row + 1, LABEL + col, &v->cell[row * v->width + col]);
    }
}

static void
draw_title(const struct view *v)
{
    uint col, kb = v->per * (PGSIZE / 1024);

    for (col = 0; col < cols; col++)
        put(0, col, ' ', TITLE, 1);
    col = text(0, 0, TITLE, "memory up to %u MB; ",
               (v->top + (1 << MBSHIFT) - 1) >> MBSHIFT);
    if (v->per == 1)
        col = text(0, col, TITLE, "a cell is a frame (4 KB)");
    else if (kb < 1024)
        col = text(0, col, TITLE, "a cell is %u frames (%u KB)", v->per, kb);
    else
        col = text(0, col, TITLE, "a cell is %u frames (%u MB)", v->per,
                   kb / 1024);
    if (v->pid && v->ended)
        text(0, col, TITLE, "; pid %d has ended", v->pid);
    else if (v->pid)
        text(0, col, TITLE, "; pid %d %s: %u", v->pid, v->name, v->sum.mine);
}

#define DIRTY  "dirty"
#define PERROW 4                    // entries of the legend in a row
#define ENTRY  19                   // columns

static void
draw_legend(const struct view *v, uint row)
{
    uint o, at, col;

    for (o = 0; o < NOWNER; o++) {
        at = row + o / PERROW;
        col = o % PERROW * ENTRY;
        put(at, col, owners[o].letter, STYLES + o, 0);
        text(at, col + 2, TEXT, "%-6s %7u", ownername[o], v->sum.n[o]);
    }
    at = row + NOWNER / PERROW;
    col = text(at, 0, TEXT, "2 3 + owners  small letter: mostly free  ");
    for (o = 0; o < strlen(DIRTY); o++)
        put(at, col++, DIRTY[o], TEXT, 1);
    text(at, col, TEXT, " %7u", v->sum.dirty);
}

// ---- what is under the cursor ----

static void
draw_frame(const struct view *v, uint row)
{
    const struct frameinfo *f = &v->under;
    uint col = text(row, 0, TEXT, "frame %x: ", v->cursor);

    if (f->size == 0) {
        text(row, col, TEXT, "no memory");
        return;
    }
    col = text(row, col, TEXT, "%s", ownername[owner_of(f)]);
    if (f->kind != FRAME_FREE)
        col = text(row, col, TEXT, f->ref == 1 ? ", %u owner" : ", %u owners",
                   f->ref);
    if (f->dev)
        col = text(row, col, TEXT, ", %s %u used %u s ago",
                   f->dev == DEVFILES ? "disk block" : "swap slot", f->block,
                   f->age * AGE / 100);
    col = text(row, col, TEXT, "%s%s%s%s",
               f->state & FI_DIRTY ? ", dirty" : "",
               f->state & FI_READING ? ", being read" : "",
               f->state & FI_WRITING ? ", being written" : "",
               f->state & FI_LOGGED ? ", logged" : "");
    if (v->va)
        text(row, col, TEXT, ", at %08x of pid %d", v->va, v->pid);
}

static void
draw_cell(const struct view *v, uint row)
{
    const struct cell *c = &v->cell[(v->cursor - v->first) / v->per];
    uint first = v->cursor / v->per * v->per, o;
    uint col = text(row, 0, TEXT, "frames %x-%x:", first, first + v->per - 1);

    if (used(c) + c->n[FREE] == 0)
        text(row, col, TEXT, " no memory");
    for (o = 0; o < NOWNER; o++)
        if (c->n[o] > 0)
            col = text(row, col, TEXT, " %u %s", c->n[o], ownername[o]);
    if (c->dirty > 0)
        text(row, col, TEXT, ", %u dirty", c->dirty);
}

static void
draw_picture(const struct view *v)
{
    uint i, map = v->full ? v->height
        : (v->top - v->first + v->width * v->per - 1) / (v->width * v->per);

    for (i = 0; i < rows * cols; i++)
        picture[i] = (struct place){ ' ', TEXT, 0 };
    draw_title(v);
    draw_map(v);
    draw_legend(v, 1 + (map < v->height ? map : v->height));
    if (v->full) {
        (v->per == 1 ? draw_frame : draw_cell)(v, rows - 2);
        text(rows - 1, 0, DIM, KEYS);
    }
}

// ---- out ----

static const char *
colour_of(uint style)
{
    if (style >= STYLES)
        return owners[style - STYLES].colour;
    return style == DIM ? "90" : "37";
}

void
draw_view(const struct view *v)
{
    uint i, at = rows * cols, cell = (v->cursor - v->first) / v->per;
    struct place pen = { 0, STYLES + NOWNER, 0 }, *p;

    draw_picture(v);
    for (i = 0; i < rows * cols; i++) {
        p = &picture[i];
        if (memcmp(p, &shown[i], sizeof(*p)) == 0)
            continue;
        if (i != at || i % cols == 0)
            printf("\033[%u;%uH", i / cols + 1, i % cols + 1);
        if (p->style != pen.style || p->reverse != pen.reverse)
            printf("\033[0;%s%sm", p->reverse ? "7;" : "", colour_of(p->style));
        putchar(p->c);
        pen = shown[i] = *p;
        at = i + 1;
    }
    printf("\033[m\033[%u;%uH", cell / v->width + 2,
           LABEL + cell % v->width + 1);
    if (fflush(stdout) < 0)
        badwrite(1);
}

void
forget_screen(void)
{
    memset(shown, 0, rows * cols * sizeof(*shown));
}

void
print_view(const struct view *v)
{
    uint row, n, i;

    draw_picture(v);
    for (row = 0; row < rows; row++) {
        for (n = cols; n > 0 && picture[row * cols + n - 1].c == ' '; n--)
            ;
        for (i = 0; i < n; i++)
            putchar(picture[row * cols + i].c);
        if (n > 0)
            putchar('\n');
    }
    if (fflush(stdout) < 0)
        badwrite(1);
}

// The widest power of two that fits: then addresses are round.
void
lay_out(struct view *v)
{
    for (v->width = 1; v->width * 2 + LABEL <= v->cols; v->width *= 2)
        ;
    v->height = v->rows - 1 - BELOW;
    rows = v->rows;
    cols = v->cols;
    picture = calloc(rows * cols, sizeof(*picture));
    shown = calloc(rows * cols, sizeof(*shown));
    v->cell = calloc(v->width * v->height, sizeof(*v->cell));
    if (picture == 0 || shown == 0 || v->cell == 0)
        err(1, "screen");
}
