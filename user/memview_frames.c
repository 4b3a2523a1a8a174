// memview_frames.c: whose the frames in view are.

#include "memview.h"

#define ATONCE 128                  // records a call

const char *const ownername[NOWNER] = {
    [FREE] = "free", [KERNEL] = "kernel", [TABLE] = "table", [USER] = "user",
    [SHARED] = "shared", [CACHE] = "cache", [MAPPED] = "mapped",
    [SWAPPING] = "swap",
};

// A frame that is cached has the cache as one of its owners.
enum owner
owner_of(const struct frameinfo *f)
{
    static const enum owner plain[] = {
        [FRAME_FREE] = FREE, [FRAME_KERNEL] = KERNEL, [FRAME_TABLE] = TABLE,
    };

    if (f->kind != FRAME_USER)
        return plain[f->kind];
    if (f->dev == DEVSWAP)
        return SWAPPING;
    if (f->dev == DEVFILES)
        return f->ref > 1 ? MAPPED : CACHE;
    return f->ref > 1 ? SHARED : USER;
}

static int
read_frames(uint first, struct frameinfo *f, int n)
{
    n = memframes(first, f, n);
    if (n < 0)
        err(1, "memframes");
    return n;
}

// Below it there are frames from every number on.
uint
top_frame(void)
{
    uint low = 0, high = 1u << (32 - PGSHIFT), middle;
    struct frameinfo f;

    while (low < high) {
        middle = (low + high) / 2;
        if (read_frames(middle, &f, 1) > 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

// ---- the chosen process ----

static uchar *mine;                 // a bit for each frame that it maps

static int
is_mine(uint pfn)
{
    return mine && mine[pfn / 8] >> pfn % 8 & 1;
}

static void
note_entry(struct view *v, uint va, uint e)
{
    uint pfn = e >> PGSHIFT;

    if ((e & PTE_P) == 0 || pfn >= v->top)
        return;
    mine[pfn / 8] |= 1 << pfn % 8;
    if (pfn == v->cursor && v->va == 0)
        v->va = va;
}

static void
look_at_process(struct view *v)
{
    struct regioninfo *r;
    int n, i;
    uint va;

    v->va = 0;
    free(mine);
    mine = 0;
    if (v->pid == 0)
        return;
    r = allregions(v->pid, &n);
    if ((v->ended = r == 0) || (mine = calloc(v->top / 8 + 1, 1)) == 0) {
        free(r);
        return;
    }
    for (i = 0; i < n; i++)
        if (r[i].resident > 0)
            for (va = r[i].start; va < r[i].end; va += PGSIZE)
                note_entry(v, va, getpagetableentry(v->pid, va));
    free(r);
}

void
next_process(struct view *v)
{
    struct procinfo *p, *best = 0;
    int n, i;

    if ((p = allprocs(&n)) == 0)
        return;
    for (i = 0; i < n; i++)
        if (p[i].pid > v->pid && p[i].resident > 0 &&
            (best == 0 || p[i].pid < best->pid))
            best = &p[i];
    v->pid = best ? best->pid : 0;
    v->ended = 0;
    if (best)
        strlcpy(v->name, best->name, sizeof(v->name));
    free(p);
}

// ---- the map ----

static void
count_frame(struct cell *c, const struct frameinfo *f)
{
    enum owner o = owner_of(f);

    if (o == SHARED && f->ref > c->owners)
        c->owners = f->ref;
    c->n[o]++;
    c->dirty += (f->state & FI_DIRTY) != 0;
    if (is_mine(f->pfn)) {
        c->mine++;
        c->kind = o;
    }
}

static void
sum_up(struct view *v)
{
    struct cell *c;
    uint o;

    memset(&v->sum, 0, sizeof(v->sum));
    for (c = v->cell; c < v->cell + v->width * v->height; c++) {
        for (o = 0; o < NOWNER; o++)
            v->sum.n[o] += c->n[o];
        v->sum.dirty += c->dirty;
        v->sum.mine += c->mine;
    }
}

void
look_at_frames(struct view *v)
{
    uint stop = v->first + v->width * v->height * v->per, next = v->first;
    struct frameinfo f[ATONCE];
    int n, i;

    look_at_process(v);
    memset(v->cell, 0, v->width * v->height * sizeof(*v->cell));
    memset(&v->under, 0, sizeof(v->under));
    while (next < stop && (n = read_frames(next, f, ATONCE)) > 0) {
        for (i = 0; i < n && f[i].pfn < stop; i++) {
            count_frame(&v->cell[(f[i].pfn - v->first) / v->per], &f[i]);
            if (f[i].pfn == v->cursor)
                v->under = f[i];
        }
        next = f[n - 1].pfn + 1;
    }
    sum_up(v);
}
