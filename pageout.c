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
//   - Nobody waits for memory who holds what others wait for (kalloc.h): who
//     has a lock, a transaction or a busy frame waits for others of these and
//     for the disk, which needs no memory, and lets go of it some day.
//   - A commit waits for open operations. They have secured what they need in
//     order to end (begin_op), and so has the commit itself.
//   - The reclaimer waits for the disk, for commits and for ticks. It takes
//     address-space locks only by trying, again in a later turn, and opens no
//     transaction. What it allocates itself (the counts of swap slots, a few
//     frames a round) comes from the reserve.
//   - So every round ends: with memory free, or with writes under way that
//     free some, or with nothing. It is nothing when two full turns of both
//     hands, the second sparing no page for being in use, have found nothing
//     after a commit, nobody's lock was busy, and nobody is about to die. Then
//     a fault chooses who dies, and a call is refused when no fault waits.
//   - A write that fails frees nothing and is made again. But where nothing
//     but failures has come for long (bwrites_fail) none is started, and
//     swap counts as full.
//
// When pages cannot be swapped out any more, clean ones are all that can be
// had, of files and such as have their slot still. Programs that run would
// lose their text as fast as they read it, or a page to copy from while they
// wait for one to copy to. So the last FILEFLOOR cached blocks are not taken
// then: better one process killed than a machine that only reads.

#include "errno.h"
#include "lib.h"
#include "print.h"
#include "kalloc.h"
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
#include "memwait.h"

#define WANTED    64                // frames a round tries to free
#define LOOKS     4096              // PTEs a round looks at
#define GATHER    64                // PTEs cleared per shoot-down
#define MAXNAP    8                 // ticks between rounds that find nothing
#define PATIENCE  (30 * HZ)         // tries, a tick apart, before giving up:
                                    // no disk keeps a lock for longer
#define MAXVAIN   8                 // waits for a write that bring nothing
#define CARRY     (10 * HZ)         // ticks between carrying dirty bits

// ---- the policy ----

enum policy { CLOCK, SWEEP, RANDOM };

static volatile int desperate;      // in use or not: it is to go

// Asked once for each page or cached block under a hand: may it go?
static int
may_go(int used)
{
    static uint seed = 1;

    if (desperate)
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

static uint vain;                   // waits for a write since there was a find

static int
swap_full(void)
{
    return bwrites_fail(DEV_SWAP) ||
           (slots_free() == 0 && cache_dirty(DEV_SWAP) == 0);
}

// Cached blocks, without those that nothing can take away any more.
static uint
blocks(void)
{
    uint n = cache_count();
    uint stuck = bwrites_fail(DEV_SWAP) ? cache_dirty(DEV_SWAP) : 0;

    return n > stuck ? n - stuck : 0;
}

// May no block leave the cache, when so many are about to?
static int
at_floor(uint leaving)
{
    return swap_full() && blocks() <= FILEFLOOR + leaving;
}

// ---- the sweep over address spaces ----

static struct sweep {
    struct aspace *as;              // locked
    uint want, looks;               // pages yet to take, PTEs yet to look at
    uint taken;
    uint turn, busy;                // turns completed; locks not had in this

    /* pages taken from as, not shot down yet */
    uint n, start, end;
    struct {
        struct page *pg;
        int dirty;
    } item[GATHER];
    int cleared;                    // accessed bits were
} sw;

// Nobody can write to the pages taken any more, when this has begun.
static void
let_go(struct sweep *s)
{
    uint i;

    if (s->n > 0)
        tlb_shoot(s->as, s->start, s->end);
    for (i = 0; i < s->n; i++) {
        if (s->item[i].dirty)
            bdirty(s->item[i].pg);
        bput(s->item[i].pg);
    }
    s->n = 0;
}

// Take the page away from its PTE, if there is a place for it.
static void
take(struct sweep *s, uint va, pte_t *pte, struct page *pg)
{
    struct aspace *as = s->as;
    int fresh = 0;
    uint slot = 0;
    pte_t old;

    if (at_floor(s->n) ||
        (pg->dev != DEV_FS && (slot = swap_out(pg, &fresh)) == 0))
        return;
    old = xchg(pte, slot << PGSHIFT);
    as->resident--;
    as->swapped += slot != 0;
    if (s->n == 0)
        s->start = va;
    s->end = va + PGSIZE;
    s->item[s->n].pg = pg;
    s->item[s->n++].dirty = fresh || (old & PTE_D);
    s->taken++;
    s->want--;
    if (s->n == GATHER)
        let_go(s);
}

// Is the frame pinned, as far as can be told? Who writes a private page is
// its only owner (F4); any more are pins.
static int
pinned(const struct region *r, pte_t pte, const struct page *pg)
{
    return !r->shared && (pte & PTE_W) && pg->ref > 1;
}

static void
look_at(struct sweep *s, const struct region *r, uint va, pte_t *pte)
{
    struct page *pg = &frames[*pte >> PGSHIFT];
    int used = (*pte & PTE_A) != 0;

    s->looks--;
    if (used) {
        atomic_and(pte, ~PTE_A);
        s->cleared = 1;
    }
    if (may_go(used) && !pinned(r, *pte, pg))
        take(s, va, pte, pg);
}

// Go on in a region from va; where it stopped.
static uint
sweep_region(struct sweep *s, const struct region *r, uint va)
{
    pte_t *pte;

    for (; va < r->end && s->want > 0 && s->looks > 0; va += PGSIZE) {
        if ((pte = walkpgdir(s->as->pgdir, (void *)va, 0)) == 0)
            va = (va | (BIGSIZE - 1)) - (PGSIZE - 1);
        else if (*pte & PTE_P)
            look_at(s, r, va, pte);
    }
    return va;
}

// Go on in one address space. A CPU that has a translation cached does not
// set the accessed bit again, so those cleared are flushed.
static void
sweep_space(struct sweep *s, struct aspace *as)
{
    struct region *r;

    s->as = as;
    s->cleared = 0;
    for (r = as->regions; r && s->want > 0 && s->looks > 0; r = r->next)
        if (r->end > as->hand)
            as->hand = sweep_region(s, r, MAX(as->hand, r->start));
    let_go(s);
    if (s->cleared)
        tlb_shoot(as, 0, KERNBASE);
    if (s->want > 0 && s->looks > 0) {
        as->hand = 0;
        as->turn[TURN_SWEEP] = s->turn;
    }
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
        sweep_space(s, as);
        as_unlock(as);
    }
    return 0;
}

// ---- a round ----

static uint
evict(uint n)
{
    uint have = blocks();

    if (swap_full() && have < FILEFLOOR + n)
        n = have > FILEFLOOR ? have - FILEFLOOR : 0;
    return bevict(n);
}

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

// Once more all round, at last without asking the policy. What there is now
// that was not before; *busy: an address space could not be looked at.
static uint
last_turns(uint free, uint *busy)
{
    uint got = full_turn();

    *busy = sw.busy;
    if (got == 0) {
        desperate = 1;
        got = full_turn();
        desperate = 0;
        *busy |= sw.busy;
    }
    return got > 0 || frames_free() > free;
}

// Nothing was found, but writes under way may free frames. Not for ever: some
// blocks are made dirty again and again.
static int
writes_help(void)
{
    if (vain > MAXVAIN || (start_writing() == 0 && bwriting() == 0))
        return 0;
    vain++;
    bwait_write();
    return 1;
}

// All that is dirty or logged is so no more.
static void
settle(void)
{
    log_commit();
    if (!bwrites_fail(DEV_SWAP))
        bflush(DEV_SWAP);
}

// The easy ways have failed. 0: there is something, or will be; -ENOMEM.
static int
try_hard(void)
{
    uint tries, free = frames_free(), busy = 1;
    int settled = 0;

    inodes_trim();
    kstack_trim();
    for (tries = 0; tries < PATIENCE && busy > 0; tries++) {
        if (last_turns(free, &busy)) {
            vain = 0;
            return 0;
        }
        if (writes_help())
            return 0;
        if (!settled) {
            settle();
            settled = busy = 1;     // look again
        } else if (busy > 0) {
            sleep_ticks(1);
        }
    }
    if (mem_dying())
        sleep_ticks(1);
    return -ENOMEM;
}

// A sweep's first turn may find only pages in use and clear their accessed
// bits; so two turns must have found nothing before there is time to rest.
static int
one_round(void)
{
    static uint idle;               // how long it slept last
    static uint fruitful;           // the turn that found something last
    uint high = frames_low() + WANTED, got;

    if (frames_free() + bwriting() >= high) {
        bwait_write();
        return 0;
    }
    got = evict(WANTED);
    if (got < WANTED) {
        sweep(&sw, WANTED - got, LOOKS);
        got += sw.taken;
        start_writing();
    }
    if (got > 0) {
        idle = 0;
        fruitful = sw.turn;
    } else if (bwriting() > 0) {
        bwait_write();
    } else if (!mem_lacking()) {
        if (sw.turn - fruitful > 2)
            mem_rest(idle = MIN(2 * idle + 1, MAXNAP));
    } else {
        return try_hard();
    }
    return 0;
}

// ---- dirty bits ----

// Stores through shared mappings are known to the PTEs alone. Carry them to
// the frames, so that the flusher writes them some day: from va on, a gather
// at most. Where it stopped.
static uint
carry_some(struct aspace *as, const struct region *r, uint va)
{
    struct page *pg[GATHER];
    uint n = 0;
    pte_t *pte;

    for (; va < r->end && n < GATHER; va += PGSIZE) {
        pte = walkpgdir(as->pgdir, (void *)va, 0);
        if (pte == 0) {
            va = (va | (BIGSIZE - 1)) - (PGSIZE - 1);
        } else if ((*pte & (PTE_P | PTE_D)) == (PTE_P | PTE_D)) {
            atomic_and(pte, ~PTE_D);
            pg[n++] = &frames[*pte >> PGSHIFT];
        }
    }
    if (n > 0)
        tlb_shoot(as, r->start, va);
    while (n > 0)
        bdirty(pg[--n]);            // a store before the shoot-down is in; a
    return va;                      // later one sets the bit again
}

static void
carry_dirty_bits(void)
{
    static uint turn;
    struct aspace *as;
    struct region *r;
    uint busy = 0, va;

    for (turn++; (as = as_next(TURN_CARRY, turn, &busy)) != 0; as_unlock(as)) {
        for (r = as->regions; r; r = r->next)
            for (va = r->start; r->shared && r->ip && va < r->end; )
                va = carry_some(as, r, va);
        as->turn[TURN_CARRY] = turn;
    }
}

// ---- the thread ----

static void
reclaimer(void *unused)
{
    int err = 0;

    (void)unused;
    myproc()->reclaimer = 1;
    cache_policy = may_go;
    sw.turn = 1;
    for (;;) {
        if ((err < 0 || frames_free() >= frames_low() + WANTED) &&
            !mem_wanted(CARRY)) {
            carry_dirty_bits();
            continue;
        }
        err = one_round();
        mem_round_done(err);
        yield();                    // nobody preempts a kernel thread
    }
}

void
pageout_start(void)
{
    if (kthread("pageout", reclaimer, 0) < 0)
        panic("no memory for the reclaimer");
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
    return pages_total() / 32 + frames_low() + FILEFLOOR;
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
// which have no pages. Whoever asks and has half as many dies itself, and of
// equals the youngest: a child that copies what it shares with its parent must
// not be its death.

struct choice {
    int pid;
    uint pages;
    int dying;                      // somebody is, and will free some
    char name[16];
};

static uint
pages_in(const struct aspace *as)
{
    return as ? as->resident + as->swapped + as->ntables +
        as->nregions * sizeof(struct region) / PGSIZE : 0;
}

// Half of a pipe's frames count for either end. Held: the lock of p's slot, or
// p is the caller.
static uint
pages_of(const struct proc *p)
{
    return pages_in(p->as) + pages_in(p->newas) +
        p->npipes * (PIPESIZE / PGSIZE / 2);
}

static void
consider(struct proc *p, void *arg)
{
    struct choice *c = arg;
    uint pages;

    if (p->as == 0 || p->parent == 0)
        return;
    if (p->killed) {
        c->dying = 1;
        return;
    }
    pages = pages_of(p);
    if (pages > c->pages || (pages == c->pages && p->pid > c->pid)) {
        c->pid = p->pid;
        c->pages = pages;
        strlcpy(c->name, p->name, sizeof c->name);
    }
}

// Process c->pid is to die for the others, and says so when it has gone. 0: it
// has gone already.
static int
doom(const struct choice *c)
{
    struct proc *p = proc_lock(c->pid);
    int there;

    if (p == 0)
        return 0;
    if ((there = p->as != 0) != 0)
        p->victim = 1;
    proc_unlock(p);
    kill(c->pid);
    return there;
}

int
oom(uint va)
{
    struct proc *p = myproc();
    struct choice c = { 0, 0, 0, "" };

    if (!mem_choose()) {
        sleep_ticks(1);             // what another frees is on its way
        return 1;
    }
    proc_each(consider, &c);
    if (!c.dying && (c.pid == 0 ||
                     (p->parent && pages_of(p) >= c.pages / 2))) {
        p->victim = 1;
        return 0;
    }
    if (c.dying || !doom(&c)) {
        mem_chosen_gone();
        sleep_ticks(1);
        return 1;
    }
    cprintf("out of memory and swap: pid %d %s with %d pages--kill proc"
            " (for pid %d %s addr 0x%x)\n", c.pid, c.name, c.pages, p->pid,
            p->name, va);
    sleep_ticks(1);
    return 1;
}
