// diskq.c: the elevator.
//
// The disk's arm sweeps one way only (C-SCAN). Requests for blocks that the
// sweep has yet to reach go into `ahead`, all others into `behind`, the next
// sweep's list; so nobody is passed over for ever. Neighbours in the list
// that are neighbours on the disk leave the queue together, as one command.
//
// Devices are partitions, numbered in the order in which they lie on the
// disk, so (dev, bno) sorts like the disk's own addresses. Each list
// remembers what was inserted last: requests come mostly in order, and then
// the next one's place is right behind.

#include "kalloc.h"
#include "diskq.h"

static int
before(const struct page *pg, uint dev, uint bno)
{
    return pg->dev < dev || (pg->dev == dev && pg->bno < bno);
}

static void
insert(struct page **list, struct page **hint, struct page *pg)
{
    struct page **at = list;

    if (*hint && before(*hint, pg->dev, pg->bno))
        at = &(*hint)->qnext;
    while (*at && !before(pg, (*at)->dev, (*at)->bno))
        at = &(*at)->qnext;
    pg->qnext = *at;
    *at = pg;
    *hint = pg;
}

void
diskq_add(struct diskq *q, struct page *pg)
{
    if (before(pg, q->dev, q->bno))
        insert(&q->behind, &q->behindhint, pg);
    else
        insert(&q->ahead, &q->aheadhint, pg);
}

static void
turn_round(struct diskq *q)
{
    q->ahead = q->behind;
    q->aheadhint = q->behindhint;
    q->behind = q->behindhint = 0;
    q->dev = q->bno = 0;
}

uint
diskq_next_dev(struct diskq *q)
{
    if (q->ahead == 0)
        turn_round(q);
    return q->ahead ? q->ahead->dev : 0;
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

    *n = 0;
    if (diskq_next_dev(q) == 0)
        return 0;
    first = last = q->ahead;
    for (*n = 1; *n < max && joins(last, last->qnext); ++*n)
        last = last->qnext;
    q->ahead = last->qnext;
    last->qnext = 0;
    if (q->ahead == 0 || (q->aheadhint && !before(last, q->aheadhint->dev,
                                                  q->aheadhint->bno)))
        q->aheadhint = 0;
    q->dev = last->dev;
    q->bno = last->bno + 1;         // the same block again waits its turn
    return first;
}
