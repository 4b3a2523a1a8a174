// diskq.c: the elevator.
//
// The disk's arm sweeps one way only (C-SCAN). Requests for blocks that the
// sweep has yet to reach go into `ahead`, all others into `behind`, the next
// sweep's; so nobody is passed over for ever. Neighbours in the list that are
// neighbours on the disk leave the queue together, as one command.
//
// Devices are partitions, numbered by their type: first the files, then swap.
// tools/mkimage lays them out in this order, so (dev, bno) sorts like the
// disk's own addresses; elsewhere a sweep is only less short. Requests come
// mostly in order: then the place of one is right behind the one before, and
// each sweep remembers which that was.

#include "kalloc.h"
#include "diskq.h"

static int
before(const struct page *pg, uint dev, uint bno)
{
    return pg->dev < dev || (pg->dev == dev && pg->bno < bno);
}

static void
sweep_add(struct sweep *s, struct page *pg)
{
    struct page **at = &s->first;

    if (s->latest && before(s->latest, pg->dev, pg->bno))
        at = &s->latest->qnext;
    while (*at && !before(pg, (*at)->dev, (*at)->bno))
        at = &(*at)->qnext;
    pg->qnext = *at;
    *at = pg;
    s->latest = pg;
}

void
diskq_add(struct diskq *q, struct page *pg)
{
    sweep_add(before(pg, q->dev, q->bno) ? &q->behind : &q->ahead, pg);
}

static int
joins(const struct page *a, const struct page *b)
{
    return b && b->dev == a->dev && b->bno == a->bno + 1 &&
           b->iowrite == a->iowrite;
}

struct page *
diskq_take(struct diskq *q, uint max, uint *n)
{
    struct page *first, *last;

    if (q->ahead.first == 0) {
        q->ahead = q->behind;
        q->behind = (struct sweep){ 0 };
        q->dev = q->bno = 0;
    }
    *n = 0;
    if ((first = last = q->ahead.first) == 0)
        return 0;
    for (*n = 1; *n < max && joins(last, last->qnext); ++*n)
        last = last->qnext;
    q->ahead.first = last->qnext;
    last->qnext = 0;
    q->dev = last->dev;
    q->bno = last->bno + 1;         // the same block again waits its turn
    if (q->ahead.latest && before(q->ahead.latest, q->dev, q->bno))
        q->ahead.latest = 0;        // it is among those taken
    return first;
}
