// check.c: recounting the world.
//
// Every invariant of the frame table (F1-F5, kalloc.h) is checked against
// what page tables, cache and processes really say: owners are counted into
// page.recount and compared with page.ref. While a process is in the middle
// of a fault, the counts differ for a moment; so a difference is believed
// only when it stays. Tests run the checker when nothing else is going on.
//
// Kernel frames have no such owners. They are accounted for instead: pools,
// stacks, counts of slots and what boot took (the log's, too) must add up to
// all of them, and what is left over belongs to live objects (a pipe's buffer),
// which tests compare before and after.

#include "lib.h"
#include "bootarg.h"
#include "print.h"
#include "kalloc.h"
#include "pool.h"
#include "pagetable.h"
#include "sched.h"
#include "cache.h"
#include "swap.h"
#include "fs.h"
#include "file.h"
#include "region.h"
#include "ptable.h"
#include "vm.h"
#include "check.h"

#define TRIES 100                   // looks, a tick apart

int test_hooks;

static uint boot_frames;            // kernel frames that boot took for good
static uint loud;                   // say what is broken

static uint
broken(uint pfn, const char *what)
{
    struct page *pg = &frames[pfn];

    if (loud)
        cprintf("check: frame 0x%x kind %d ref %d recount %d dev %d bno %d:"
                " %s\n", pfn, pg->kind, pg->ref, pg->recount, pg->dev,
                pg->bno, what);
    return 1;
}

// One PTE of a region (0: of no region).
static void
count_pte(const struct region *r, pte_t pte, struct kcheckinfo *ki)
{
    uint pfn = pte >> PGSHIFT;

    if (pte == 0)
        return;
    if (r == 0)
        ki->broken += broken(frame_known(pfn) ? pfn : 0, "mapped outside");
    if ((pte & PTE_P) == 0) {
        ki->broken += !swap_recount(pfn);
        return;
    }
    if (!frame_known(pfn)) {
        ki->broken++;
        return;
    }
    frames[pfn].recount++;
    if (r && !r->shared && (pte & PTE_W) &&
        (frames[pfn].dev || frames[pfn].ref != 1))
        ki->broken += broken(pfn, F4);
}

static void
count_space(struct aspace *as, void *arg)
{
    struct ptrun run = PTRUN(as->pgdir, 0, KERNBASE);
    struct kcheckinfo *ki = arg;
    struct region *r;
    uint d, i, va;

    if (!trysleep(&as->lock)) {     // its regions may go away under us
        ki->broken += broken(V2P(as->pgdir) >> PGSHIFT, "space is busy");
        return;
    }
    frames[V2P(as->pgdir) >> PGSHIFT].recount++;
    for (d = 0; d < PDX(KERNBASE); d++)
        if (as->pgdir[d] & PTE_P)
            frames[as->pgdir[d] >> PGSHIFT].recount++;
    r = as->regions;
    while (ptrun_next(&run)) {
        for (i = 0; i < run.n; i++) {
            va = run.va + i * PGSIZE;
            while (r && va >= r->end)
                r = r->next;
            count_pte(r && va >= r->start ? r : 0, run.pte[i], ki);
        }
    }
    as_unlock(as);
}

static uint
compare(uint pfn, struct kcheckinfo *ki)
{
    struct page *pg = &frames[pfn];

    switch (pg->kind) {
    case FRAME_FREE:
        return pg->ref || pg->recount ? broken(pfn, F2) : 0;
    case FRAME_KERNEL:
        ki->kernel++;
        return pg->ref != 1 ? broken(pfn, F1) : 0;
    case FRAME_TABLE:
        ki->pagetables++;
        return pg->ref != 1 || pg->recount != 1 ? broken(pfn, F1) : 0;
    }
    if (pg->dev && pg->recount == 0)
        ki->cachedonly++;
    else
        ki->user++;
    pg->recount += pg->dev != 0;
    return pg->ref != pg->recount || pg->ref == 0 ? broken(pfn, F1) : 0;
}

static void
recount(struct kcheckinfo *ki)
{
    uint bad, pfn;

    memset(ki, 0, sizeof *ki);
    ki->size = sizeof *ki;
    as_each(count_space, ki);
    for (pfn = 0; pfn < frontier_pfn; pfn++)
        if (frame_known(pfn)) {
            ki->broken += compare(pfn, ki);
            frames[pfn].recount = 0;        // for the next time
        }
    ki->broken += cache_check();
    if ((bad = swap_check()) > 0 && loud)
        cprintf("check: %d slots: %s\n", bad, F5);
    ki->broken += bad;
}

// Kernel frames that no one object has to itself: more or fewer at times.
static uint
common_frames(void)
{
    return pool_frames() + kstack_spare() + swap_frames();
}

void
kcheck_boot_done(void)
{
    boot_frames = frames_of(FRAME_KERNEL) - common_frames();
    test_hooks = bootarg_int("test", 0);
}

void
kcheck(struct kcheckinfo *ki)
{
    static struct sleeplock one = SLEEPLOCK("check", SRANK_OUTER);
    int i;

    acquiresleep(&one);
    for (i = 0; i < TRIES; i++) {
        loud = i == TRIES - 1;
        recount(ki);
        if (ki->broken == 0)
            break;
        sleep_ticks(1);
    }
    ki->kernel -= MIN(ki->kernel, common_frames() + boot_frames);
    ki->free = frames_total() - ki->user - ki->cachedonly - ki->pagetables -
        ki->kernel;
    ki->procs = ptable.n;
    ki->files = files_inuse();
    ki->inodes = inodes_inuse();
    ki->regions = regions_inuse();
    ki->pipes = pipes_inuse();
    ki->slots = slots_total() - slots_free();
    releasesleep(&one);
}
