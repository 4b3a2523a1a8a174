// pageout.c: finding frames when there are none.
//
// The reclaimer sleeps until free frames are fewer than frames_low(), and then
// works in rounds until there are some more. A round has two hands:
//
//   the cache's   bevict(): round the ring of cached blocks; clean ones that
//                 were not touched since the last time are evicted. A block
//                 that was read only once never counts as touched, so a scan
//                 of a large file feeds on itself.
//   the sweep     over address spaces, when the first finds too little. A
//                 page whose accessed bit is clear loses its PTE. If it is
//                 a file's, the file has it; else it gets a swap slot, which
//                 the PTE names, and is written. There is no reverse map: a
//                 shared frame goes when its last PTE has been met.
//
// A PTE is changed under its address space's lock, all CPUs drop it, and only
// then is the frame's content taken as final: marked dirty, written, reused.
//
// Why there is always progress:
//
//   1. Nobody waits for memory who holds what others wait for (memwait.h), so
//      every lock, transaction and transfer ends without any.
//   2. A commit waits for open operations, and these have reserved what they
//      need in order to end, as has the commit.
//   3. The reclaimer waits for the disk, for commits and for ticks only: it
//      takes address spaces' locks by trying, opens no transaction, and what
//      it allocates itself comes from the last frames, which are kept for it.
//   4. So every round ends: with frames, with writes under way that free some,
//      or, after two full turns of both hands, the second sparing nothing,
//      with nothing; then a fault chooses who dies, or calls are refused.
//
// When pages cannot be swapped out any more, clean ones are all that can be
// had, of files and such as have their slot still. Programs that run would
// lose their text as fast as they read it, or a page to copy from while they
// wait for one to copy to. So the last MINCACHED cached blocks are not taken
// then: better one process killed than a machine that only reads.

#include "errno.h"
#include "lib.h"
#include "print.h"
#include "kalloc.h"
#include "memwait.h"
#include "cpu.h"
#include "tlb.h"
#include "pagetable.h"
#include "sched.h"
#include "disk.h"
#include "cache.h"
#include "log.h"
#include "swap.h"
#include "fs.h"
#include "region.h"
#include "proc.h"
#include "ptable.h"
#include "vm.h"
#include "pageout.h"
#include "event.h"

#define WANTED     64               // frames a round tries to free
#define LOOKS      4096             // PTEs a round looks at
#define LOCKWAIT   (30 * HZ)        // ticks, while somebody has a space locked:
                                    // no disk keeps a lock for longer
#define WRITEWAITS 8                // waits in a row for a write that bring
                                    // nothing
#define COLLECT    (10 * HZ)        // ticks between collecting dirty bits

// ---- the policy ----

enum policy { CLOCK, SWEEP, RANDOM };

static int spare_nothing;           // in use or not: it may go

// Asked once for each page or cached block under a hand: may it go?
static int
may_go(int used)
{
    static uint seed = 1;

    if (spare_nothing)
        return 1;
    switch (vm_knob[VM_POLICY]) {
    case SWEEP:
        return 1;
    case RANDOM:
        seed = seed * 1103515245 + 12345;
        return seed >> 30 == 0;
    default:
        return !used;               // a second chance
    }
}

// ---- the cache's hand ----

// How many blocks may leave the cache: any number while swap takes pages. When
// its writes fail, its dirty pages are in the cache for good.
static uint
may_leave(void)
{
    uint n = cache_count(), kept = MINCACHED;

    if (bwrites_fail(DEV_SWAP))
        kept += cache_dirty(DEV_SWAP);
    else if (slots_free() > 0 || cache_dirty(DEV_SWAP) > 0)
        return ~0u;
    return n > kept ? n - kept : 0;
}

static uint
evict(uint n)
{
    return bevict(MIN(n, may_leave()));
}

// ---- the sweep over address spaces ----

static struct sweep {
    uint want, looks;               // pages yet to take, PTEs yet to look at
    uint taken;
    uint turn, busy;                // turns completed; locks not had in this
    int cleared;                    // accessed bits were, in this space
    struct batch batch;             // of this space, which is locked
} sw;

// Take the page away from its PTE, if there is a place for it.
static void
sweep_take(struct sweep *s, uint va, pte_t *pte, struct page *pg)
{
    struct aspace *as = s->batch.as;
    int fresh = 0;
    uint slot = 0;
    pte_t old;

    if (may_leave() <= s->batch.n ||
        (pg->dev != DEV_FS && (slot = swap_out(pg, &fresh)) == 0))
        return;
    old = xchg(pte, slot << PGSHIFT);
    EVENT(event_ptes(as, va, pte, 1, "evict"));
    as->resident--;
    as->swapped += slot != 0;
    s->taken++;
    s->want--;
    batch_add(&s->batch, pg, fresh || (old & PTE_D));
}

static void
sweep_look(struct sweep *s, uint va, pte_t *pte)
{
    int used = (*pte & PTE_A) != 0;

    s->looks--;
    if (used) {
        atomic_and(pte, ~PTE_A);
        s->cleared = 1;
    }
    if (may_go(used))
        sweep_take(s, va, pte, &frames[*pte >> PGSHIFT]);
}

// Go on in one address space; where it stopped. A CPU that has a translation
// cached does not set the accessed bit again, so those cleared are flushed.
static uint
sweep_space(struct sweep *s, struct aspace *as)
{
    struct ptrun run = PTRUN(as->pgdir, as->hand, KERNBASE);
    uint i = 0, more = 1;

    batch_begin(&s->batch, as, 0, KERNBASE);
    s->batch.evict = 1;
    s->cleared = 0;
    while (more && ptrun_next(&run))
        for (i = 0; i < run.n && (more = s->want && s->looks) != 0; i++)
            if (run.pte[i] & PTE_P)
                sweep_look(s, run.va + i * PGSIZE, &run.pte[i]);
    if (s->batch.n == 0 && s->cleared)
        tlb_shoot(as, 0, KERNBASE);
    batch_flush(&s->batch);
    return more ? KERNBASE : run.va + i * PGSIZE;
}

// Take up to want pages from processes, looking at no more than so many
// PTEs, and ending with the turn. 1: the turn ended.
static int
sweep(struct sweep *s, uint want, uint looks)
{
    struct aspace *as;

    s->want = want;
    s->looks = looks;
    s->taken = 0;
    s->busy = 0;
    while (s->want > 0 && s->looks > 0) {
        if ((as = as_next(TURN_SWEEP, s->turn, &s->busy)) == 0) {
            s->turn++;
            return 1;
        }
        as->hand = sweep_space(s, as);
        if (as->hand == KERNBASE) {
            as->hand = 0;
            as->turn[TURN_SWEEP] = s->turn;
        }
        as_done(as);
    }
    return 0;
}

// ---- writing ----

static uint
write_some(uint dev)
{
    return bwrites_fail(dev) ? 0 : bwrite_some(dev, WANTED);
}

// Start writing what is dirty, a batch of neighbours at a time.
static uint
start_writing(void)
{
    uint n = write_some(DEV_SWAP);

    if (cache_dirty(DEV_FS) > cache_count() / 4 || n == 0)
        n += write_some(DEV_FS);
    return n;
}

static uint writewaits;             // in a row, since frames were found

// Nothing was found, but writes under way may free frames. Not for ever: some
// blocks are made dirty again and again, others fail each time.
static int
writes_help(void)
{
    if (writewaits > WRITEWAITS || (start_writing() == 0 && bwriting() == 0))
        return 0;
    writewaits++;
    bwait_write();
    return 1;
}

// ---- a round ----

// Both hands, a full turn each. What was got.
static uint
full_turn(void)
{
    uint got = 0, left;
    int ended = 0;

    for (left = cache_count() / WANTED + 1; left > 0 && got == 0; left--)
        got = evict(WANTED);
    while (got == 0 && !ended) {
        ended = sweep(&sw, WANTED, LOOKS);
        got = sw.taken;
    }
    return got;
}

// A full turn, and one that spares nothing. Are there frames now that were not
// before? If not, sw.busy tells whether an address space was locked.
static int
two_turns(uint free)
{
    uint got = full_turn();

    if (got == 0) {
        spare_nothing = 1;
        got = full_turn();
        spare_nothing = 0;
    }
    return got > 0 || frames_free() > free;
}

// Somebody waits, and the easy ways have failed. 0: there is something, or
// will be; -ENOMEM.
static int
last_resort(void)
{
    uint tries, free = frames_free();

    inodes_trim();
    kstack_trim();
    for (tries = 0; tries < LOCKWAIT; tries++) {
        if (two_turns(free)) {
            writewaits = 0;
            return 0;
        }
        if (writes_help())
            return 0;
        if (tries == 0) {           // what is logged or dirty hold frames, too
            log_commit();
            if (!bwrites_fail(DEV_SWAP))
                bflush(DEV_SWAP);
        } else if (sw.busy == 0) {
            break;
        } else {
            sleep_ticks(1);
        }
    }
    sleep_ticks(1);                 // who runs may end meanwhile, or fault
    return frames_free() > free ? 0 : -ENOMEM;
}

static int
one_round(void)
{
    uint got;

    if (!mem_lacking() && frames_free() + bwriting() >= frames_low() + WANTED) {
        bwait_write();
        return 0;
    }
    got = evict(WANTED);
    if (got < WANTED) {
        sweep(&sw, WANTED - got, LOOKS);
        got += sw.taken;
        start_writing();
    }
    if (got > 0)
        return 0;
    if (bwriting() > 0)
        bwait_write();
    else if (mem_lacking())
        return last_resort();
    else
        mem_rest();
    return 0;
}

// ---- the thread ----

// Stores through shared mappings are known to the PTEs alone until their dirty
// bits are collected, so that the flusher writes them some day.
static void
collect_all(void)
{
    static uint turn;
    struct aspace *as;
    struct region *r;
    uint busy = 0;

    for (turn++; (as = as_next(TURN_COLLECT, turn, &busy)) != 0;
         as_done(as)) {
        for (r = as->regions; r; r = r->next)
            if (r->shared && r->ip)
                as_collect_dirty(as, r->start, r->end);
        as->turn[TURN_COLLECT] = turn;
    }
}

void
reclaimer(void)
{
    int err = 0;

    sched_started();
    myproc()->reclaimer = 1;
    cache_policy = may_go;
    sw.turn = 1;
    for (;;) {
        if ((err < 0 || frames_free() >= frames_low() + WANTED) &&
            !mem_wanted(COLLECT)) {
            collect_all();
            continue;
        }
        err = one_round();
        mem_round_done(err);
        yield();                    // nobody preempts a kernel thread
    }
}

// ---- the overcommit check ----

// Of n slots, those that pages can go to: none while the disk takes none.
static uint
usable(uint n)
{
    return bwrites_fail(DEV_SWAP) ? 0 : n;
}

static uint
pages_available(void)
{
    return frames_free() + kstack_spare() + cache_count() +
        usable(slots_free());
}

static uint
pages_total(void)
{
    return frames_total() + usable(slots_total());
}

// So many are never given away by choice: 1/32 of all, and what the reclaimer
// keeps free or in the cache anyway.
static uint
commit_reserve(void)
{
    return pages_total() / 32 + frames_low() + MINCACHED;
}

int
overcommit_ok(void)
{
    return pages_available() > commit_reserve();
}

int
overcommit_ok_fork(void)
{
    return pages_available() > commit_reserve() - pages_total() / 64;
}

// ---- when nothing is left ----
//
// The victim is the process with the most pages: in memory, in swap, and what
// the kernel keeps for it in page tables, regions and pipes. That frees the
// most for one death; it is most often the one that brought the shortage about;
// and it cannot be dodged by sleeping. Many small processes (a fork bomb) never
// get so far alone: fork() is refused when half of memory is stacks and tables.
// A shell, small, comes last. init is never chosen, nor are kernel threads,
// which have no pages. If the process that asks has at least half as many, it
// dies itself. Of equals the higher pid dies: a child that copies what it
// shares must not kill its parent.

static uint
pages_in(const struct aspace *as)
{
    return as ? as->resident + as->swapped + as->ntables +
        as->nregions * sizeof(struct region) / PGSIZE : 0;
}

// Half of a pipe's frames count for either end. Held: ptable.lock, or p is the
// caller.
static uint
pages_of(const struct proc *p)
{
    return pages_in(p->as) + pages_in(p->newas) +
        p->npipes * (PIPESIZE / PGSIZE / 2);
}

// The process that is to die, perhaps the caller, marked as the victim: it says
// so when it has gone. 0: somebody is dying already, and will free some. Held:
// ptable.lock.
static struct proc *
choose_victim(void)
{
    struct proc *me = myproc(), *p, *best = 0;
    uint pages, most = 0;

    for (p = ptable.first; p; p = p->allnext) {
        if (p->as == 0 || p->parent == 0)
            continue;
        if (p->killed)
            return 0;
        pages = pages_of(p);
        if (best == 0 || pages > most ||
            (pages == most && p->pid > best->pid)) {
            best = p;
            most = pages;
        }
    }
    if (best == 0 || (me->parent && pages_of(me) >= most / 2))
        best = me;
    best->victim = 1;
    return best;
}

static void
kill_victim(int pid, const char *name, uint pages, uint va)
{
    struct proc *me = myproc();

    kill(pid);
    cprintf("out of memory and swap: pid %d %s with %d pages--kill proc"
            " (for pid %d %s addr 0x%x)\n", pid, name, pages, me->pid,
            me->name, va);
}

int
oom(uint va)
{
    struct proc *p;
    char name[sizeof p->name];
    uint pages;
    int pid;

    if (mem_choose()) {
        acquire(&ptable.lock);
        if ((p = choose_victim()) != 0) {
            pid = p->pid;
            pages = pages_of(p);
            strlcpy(name, p->name, sizeof name);
        }
        release(&ptable.lock);
        if (p)
            EVENT(event("oom %d %d", pid, pages));
        if (p == myproc())
            return 0;
        if (p)
            kill_victim(pid, name, pages, va);
        else
            mem_chosen_gone();
    }
    sleep_ticks(1);                 // what another frees is on its way
    return 1;
}
