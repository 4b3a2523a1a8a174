// t_diskq.c: the elevator, over random requests: nothing is lost or given
// twice, lists stay sorted, a run is made of neighbours in one direction,
// and no request waits longer than two sweeps.

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#pragma GCC diagnostic ignored "-Wpointer-to-int-cast"
#pragma GCC diagnostic ignored "-Wint-to-pointer-cast"
#include "../../diskq.c"

#define ROUNDS 500000
#define NPAGE  1000
#define NBNO   400                  // few, so that many are neighbours

struct page *frames;
static struct page pages[NPAGE];
static uchar queued[NPAGE];
static uint sweeps[NPAGE];          // begun when it was queued
static uint nqueued, nsweeps;

static void
add(struct diskq *q)
{
    uint i = rand() % NPAGE;

    if (queued[i])
        return;
    pages[i].dev = 1 + rand() % 2;
    pages[i].bno = rand() % NBNO;
    pages[i].iowrite = rand() % 4 == 0;
    queued[i] = 1;
    sweeps[i] = nsweeps;
    nqueued++;
    diskq_add(q, &pages[i]);
}

static void
check_sorted(const struct page *pg)
{
    for (; pg && pg->qnext; pg = pg->qnext)
        assert(!before(pg->qnext, pg->dev, pg->bno));
}

static void
take(struct diskq *q)
{
    uint max = rand() % 2 ? 64 : 32, n, count = 0, turn = q->ahead.first == 0;
    struct page *pg = diskq_take(q, max, &n);

    nsweeps += turn;
    assert(pg || nqueued == 0);
    for (; pg; pg = pg->qnext, count++) {
        assert(queued[pg - pages]);
        assert(nsweeps - sweeps[pg - pages] <= 1);
        queued[pg - pages] = 0;
        assert(pg->qnext == 0 || joins(pg, pg->qnext));
    }
    assert(count == n && n <= max);
    nqueued -= n;
    check_sorted(q->ahead.first);
    check_sorted(q->behind.first);
}

int
main(void)
{
    struct diskq q = { 0 };
    int i;

    for (i = 0; i < ROUNDS; i++)
        if (rand() % 5 < 3)
            add(&q);
        else
            take(&q);
    while (nqueued > 0)
        take(&q);
    printf("ok\n");
    return 0;
}
