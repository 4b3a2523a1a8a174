// snapshot.c: all there is, as events, and switching the stream. Interface:
// event.h.
//
// The world goes on while a snapshot is made. Events of others come between its
// lines; as each line is true when it is written, and what has been told
// already goes on telling its changes, the reader is right at the end. A space
// is told with its lock held, so that its tables stay.

#include "lib.h"
#include "print.h"
#include "kalloc.h"
#include "ram.h"
#include "sched.h"
#include "fs.h"
#include "region.h"
#include "proc.h"
#include "ptable.h"
#include "vm.h"
#include "event.h"

void
event_region(struct aspace *as, const struct region *r)
{
    static const char *const kind[] = {
        "text", "data", "stack", "heap", "file", "anon"
    };

    event("region %x %x %x %c%c%c %s %s %d %x", space_id(as), r->start,
          r->end, r->prot & PROT_READ ? 'r' : '-',
          r->prot & PROT_WRITE ? 'w' : '-', r->prot & PROT_EXEC ? 'x' : '-',
          kind[r->kind], r->shared ? "shared" : "private",
          r->ip ? r->ip->inum : 0, r->off);
}

void
event_regions(struct aspace *as)
{
    struct region *r;

    for (r = as->regions; r; r = r->next)
        event_region(as, r);
}

void
event_noregion(struct aspace *as, const struct region *r)
{
    event("noregion %x %x %x", space_id(as), r->start, r->end);
}

void
event_fault(struct aspace *as, uint va, int write, int c, int result,
            pte_t old)
{
    static const char *const name[NCASE] = {
        "ZERO", "FILEPAGE", "SWAPPED", "COW", "UPGRADE", "SPURIOUS", "BAD"
    };
    const char *how = result > 0 ? "again" : result < 0 ? "refused" : "done";
    pte_t new = as_pte(as, va);
    struct proc *p = myproc();

    EVENT(event("fault %x %x %c %s %s %x %x", space_id(as), va,
                write ? 'w' : 'r', name[c], how, old, new));
    if (c == COW && result == 0)
        how = PTE_ADDR(old) == PTE_ADDR(new) ? "sole owner" : "copied";
    if (vm_knob[VM_TRACE])
        cprintf("fault: pid %d %s va 0x%x %c %s frame 0x%x %s\n", p->pid,
                p->name, va, write ? 'w' : 'r', name[c], new >> PGSHIFT, how);
}

static void
tell_procs(void)
{
    struct proc *p;

    acquire(&ptable.lock);
    for (p = ptable.first; p; p = p->allnext)
        event_proc(p, p->as || !p->parent ? "is" : "zombie");
    release(&ptable.lock);
}

static void
tell_space(struct aspace *as)
{
    struct ptrun run = PTRUN(as->pgdir, 0, KERNBASE);
    uint d;

    event("space %x is", space_id(as));
    event_regions(as);
    for (d = 0; d < PDX(KERNBASE); d++)
        if (as->pgdir[d] & PTE_P)
            event_table(as, d * BIGSIZE);
    while (ptrun_next(&run))
        event_ptes(as, run.va, run.pte, run.n, "is");
}

// One whose lock somebody has is told later.
static void
tell_spaces(void)
{
    static uint turn;
    struct aspace *as;
    uint busy = 1;

    for (turn++; busy > 0; sleep_ticks(1), yield()) {
        busy = 0;
        while ((as = as_next(TURN_EVENTS, turn, &busy)) != 0) {
            tell_space(as);
            as->turn[TURN_EVENTS] = turn;
            as_done(as);
        }
    }
}

// What kalloc.c does not have: no memory is there, or the kernel itself.
static void
tell_holes(void)
{
    uint pfn, next;

    for (pfn = 0; pfn < ram_top; pfn = next + 1)
        if ((next = MIN(ram_next(pfn), ram_top)) > pfn)
            event("hole %x %x", pfn, next);
}

static void
snapshot(void)
{
    uint pfn;

    event("start 1 %x %d %d", ram_top, ncpu, HZ);
    tell_holes();
    tell_procs();
    tell_spaces();
    for (pfn = 0; pfn < frontier_pfn; pfn++, sched_point())
        if (frame_known(pfn) && frames[pfn].kind != FRAME_FREE)
            event_frame(&frames[pfn]);
    event("end");
}

int
events_switch(int on)
{
    static struct sleeplock one = SLEEPLOCK("events", SRANK_OUTER);
    int err = 0;

    acquiresleep(&one);
    if (!events_on && on && (err = event_init()) == 0)
        events_on = 1;
    if (events_on)
        snapshot();
    if (events_on && !on) {
        event("stop");
        events_on = 0;
    }
    vm_knob[VM_EVENTS] = events_on;
    releasesleep(&one);
    return err;
}
