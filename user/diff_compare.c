// diff_compare.c: which lines two files do not share.
//
// E. W. Myers, "An O(ND) Difference Algorithm and Its Variations", 1986, in
// its linear-space form. A place (x, y) says: x lines of one side and y of
// the other are done with; diagonal k is where x - y = k. From both ends a
// wave grows, which knows the furthest place on each diagonal for so many
// edits. Where the waves meet lies the middle of a shortest script, and both
// halves are done alike. Lines that the other file lacks altogether are set
// aside before, which makes files that share little fast. Beyond COSTMOST
// edits the furthest place is taken: the script may be longer than it has
// to, but the time stays bounded.

#include "diff.h"

#ifndef COSTMOST
#define COSTMOST 1024
#endif

struct row {                        // lines that the other side has, too
    uint *same;
    uint *line;                     // which they are, from 1
    int n;
    uchar *changed;
};

static struct row xs, ys;

struct box {                        // a part of both rows
    int x0, x1, y0, y1;
};

struct wave {
    int *x;                         // furthest, by diagonal
    int low, high;                  // diagonals reached; every other one
};

static struct wave ahead, back;

static void *
must(void *p)
{
    if (p == 0)
        errx(2, "out of memory");
    return p;
}

// -- where two waves meet -------------------------------------------------

// One diagonal more at each end, as far as the box has them; none marks the
// places beside them as not reached.
static void
widen(struct wave *w, struct box *b, int none)
{
    if (w->low > b->x0 - b->y1)
        w->x[--w->low - 1] = none;
    else
        w->low++;
    if (w->high < b->x1 - b->y0)
        w->x[++w->high + 1] = none;
    else
        w->high--;
}

static int
reached(struct wave *w, int k)
{
    return k >= w->low && k <= w->high && ((k - w->low) & 1) == 0;
}

// One edit more from the front. 1: met the other wave, on diagonal *at.
static int
stepahead(struct box *b, int *at)
{
    int k, x;

    widen(&ahead, b, -1);
    for (k = ahead.high; k >= ahead.low; k -= 2) {
        x = ahead.x[k - 1] + 1;
        if (x < ahead.x[k + 1])
            x = ahead.x[k + 1];
        while (x < b->x1 && x - k < b->y1 && xs.same[x] == ys.same[x - k])
            x++;
        ahead.x[k] = x;
        if (reached(&back, k) && back.x[k] <= x) {
            *at = k;
            return 1;
        }
    }
    return 0;
}

static int
stepback(struct box *b, int *at)
{
    int k, x;

    widen(&back, b, INT_MAX);
    for (k = back.high; k >= back.low; k -= 2) {
        x = back.x[k + 1] - 1;
        if (x > back.x[k - 1])
            x = back.x[k - 1];
        while (x > b->x0 && x - k > b->y0 &&
               xs.same[x - 1] == ys.same[x - k - 1])
            x--;
        back.x[k] = x;
        if (reached(&ahead, k) && ahead.x[k] >= x) {
            *at = k;
            return 1;
        }
    }
    return 0;
}

// The place furthest from its corner that the wave has; *gain is how far.
static void
furthest(struct wave *w, struct box *b, int *gain, int *bestx, int *bestk)
{
    int forward = w == &ahead, k, x, far;

    *gain = -1;
    *bestx = *bestk = 0;
    for (k = w->low; k <= w->high; k += 2) {
        x = w->x[k];
        if (x < b->x0 || x > b->x1 || x - k < b->y0 || x - k > b->y1)
            continue;
        far = forward ? x - b->x0 + x - k - b->y0
                      : b->x1 - x + b->y1 - (x - k);
        if (far > *gain) {
            *gain = far;
            *bestx = x;
            *bestk = k;
        }
    }
}

static void
settle(struct box *b, int *x, int *k)
{
    int gain1, gain2, x2, k2;

    furthest(&ahead, b, &gain1, x, k);
    furthest(&back, b, &gain2, &x2, &k2);
    if (gain2 > gain1) {
        *x = x2;
        *k = k2;
    }
}

// A place on a script from one corner of the box to the other. The box has
// no equal lines at its corners and is not empty either way.
static void
middle(struct box *b, int *x, int *y)
{
    int cost, k;

    ahead.low = ahead.high = b->x0 - b->y0;
    back.low = back.high = b->x1 - b->y1;
    ahead.x[ahead.low] = b->x0;
    back.x[back.low] = b->x1;
    for (cost = 0; cost < COSTMOST; cost++) {
        if (stepahead(b, &k)) {
            *x = ahead.x[k];
            *y = *x - k;
            return;
        }
        if (stepback(b, &k)) {
            *x = back.x[k];
            *y = *x - k;
            return;
        }
    }
    settle(b, x, &k);
    *y = *x - k;
}

static void
compare(struct box b)
{
    struct box first;
    int x, y;

    while (b.x0 < b.x1 && b.y0 < b.y1 && xs.same[b.x0] == ys.same[b.y0]) {
        b.x0++;
        b.y0++;
    }
    while (b.x0 < b.x1 && b.y0 < b.y1 &&
           xs.same[b.x1 - 1] == ys.same[b.y1 - 1]) {
        b.x1--;
        b.y1--;
    }
    if (b.x0 < b.x1 && b.y0 < b.y1) {
        middle(&b, &x, &y);
        first = b;
        first.x1 = x;
        first.y1 = y;
        compare(first);
        b.x0 = x;
        b.y0 = y;
        compare(b);
        return;
    }
    for (; b.x0 < b.x1; b.x0++)
        xs.changed[xs.line[b.x0]] = 1;
    for (; b.y0 < b.y1; b.y0++)
        ys.changed[ys.line[b.y0]] = 1;
}

// -- before and after -----------------------------------------------------

// Keeps those lines of s that the other side has; the rest is changed.
static void
makerow(struct row *r, struct side *s, struct side *other, uchar *has)
{
    uint i;

    for (i = 0; i < other->n; i++)
        has[other->same[i]] = 1;
    r->same = must(malloc((s->n + 1) * sizeof(*r->same)));
    r->line = must(malloc((s->n + 1) * sizeof(*r->line)));
    r->changed = s->changed;
    r->n = 0;
    for (i = 0; i < s->n; i++) {
        if (has[s->same[i]]) {
            r->same[r->n] = s->same[i];
            r->line[r->n++] = i + 1;
        } else {
            s->changed[i + 1] = 1;
        }
    }
    for (i = 0; i < other->n; i++)
        has[other->same[i]] = 0;
}

// A run of changed lines from..to, and the line of the other side that its
// place is at: unchanged lines pair up.
struct run {
    struct side *s, *other;
    uint from, to, beside;
};

static int
equal(struct side *s, uint i, uint j)
{
    return s->same[i - 1] == s->same[j - 1];
}

static void
slideup(struct run *r)
{
    while (r->from > 1 && equal(r->s, r->from - 1, r->to)) {
        r->s->changed[--r->from] = 1;
        r->s->changed[r->to--] = 0;
        while (r->s->changed[r->from - 1])
            r->from--;
        do
            r->beside--;
        while (r->other->changed[r->beside]);
    }
}

// Returns where the run ended when it last stood beside a change of the
// other side, 0 if it never did.
static uint
slidedown(struct run *r)
{
    uint meets = r->other->changed[r->beside - 1] ? r->to : 0;

    while (r->to < r->s->n && equal(r->s, r->from, r->to + 1)) {
        r->s->changed[r->from++] = 0;
        r->s->changed[++r->to] = 1;
        while (r->s->changed[r->to + 1])
            r->to++;
        r->beside++;
        while (r->other->changed[r->beside]) {
            r->beside++;
            meets = r->to;
        }
    }
    return meets;
}

// Many scripts are equally short. This one joins runs where they touch, puts
// each beside a change of the other side if it can, and else at its end.
static void
slide(struct run *r)
{
    uint length, meets;

    do {
        length = r->to - r->from;
        slideup(r);
        meets = slidedown(r);
    } while (length != r->to - r->from);
    while (meets && r->to > meets) {
        r->s->changed[--r->from] = 1;
        r->s->changed[r->to--] = 0;
        do
            r->beside--;
        while (r->other->changed[r->beside]);
    }
}

static void
slideall(struct side *s, struct side *other)
{
    struct run r = { s, other, 1, 0, 1 };
    uint i;

    for (i = 1; i <= s->n; i++) {
        while (other->changed[r.beside])
            r.beside++;
        if (s->changed[i]) {
            r.from = r.to = i;
            while (s->changed[r.to + 1])
                r.to++;
            slide(&r);
            i = r.to;
        } else {
            r.beside++;
        }
    }
}

void
comparesides(struct side *a, struct side *b)
{
    uchar *has = must(calloc(a->n + b->n + 1, 1));
    uint room = a->n + b->n + 3;
    struct box all = { 0, 0, 0, 0 };
    int *one, *two;

    makerow(&xs, a, b, has);
    makerow(&ys, b, a, has);
    one = must(malloc(room * sizeof(*one)));
    two = must(malloc(room * sizeof(*two)));
    ahead.x = one + ys.n + 1;
    back.x = two + ys.n + 1;
    all.x1 = xs.n;
    all.y1 = ys.n;
    compare(all);
    free(has);
    free(one);
    free(two);
    free(xs.same);
    free(xs.line);
    free(ys.same);
    free(ys.line);
    slideall(a, b);
    slideall(b, a);
}
