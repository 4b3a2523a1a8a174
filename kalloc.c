// kalloc.c: who owns each frame.
//
// Every frame below the frontier has a live struct page. Frames above it were
// never used: nothing is written for them, neither their struct page nor
// anything else, so booting costs the same with 8 MB and with 3 GB.
//
//     RAM ranges   |---used and reused---|------never touched------|
//                                        ^ frontier_pfn
//
// A free frame sits on a list whose links live in the free frames themselves.
// Each CPU has a short list of its own, filled and drained in batches, so
// most allocations touch nothing that another CPU touches; the common list
// and the frontier are behind kmem.lock.
//
//     kalloc():  own list -> common list -> frontier
//     kfree():   own list -> (when longer than 2 batches) common list
//
// When frames get scarce the own lists are emptied, at the next kfree() or
// clock tick, so that no CPU starves beside another's stock.
//
// kalloc() never sleeps. The last RESERVE frames are kept for the log and
// the reclaimer (p->reserve), which need them in order to free others. Who
// fails and wants to try again calls mem_wait(), which wakes the reclaimer
// and sleeps until it has finished a round.

#include <types.h>
#include <param.h>
#include <boot.h>
#include <mmu.h>
#include <memlayout.h>
#include <x86.h>
#include <lib.h>
#include <print.h>
#include <spinlock.h>
#include <bootarg.h>
#include <errno.h>
#include <kalloc.h>
#include <cpu.h>
#include <sleeplock.h>
#include <sched.h>
#include <usercopy.h>
#include <proc.h>

#define BATCH   16
#define RESERVE 48                  // frames: two commits' bookkeeping and a
                                    // round of the reclaimer's page tables
#define SLACKSHARE 32               // of all frames, to be kept free beyond
#define MINSLACK   32               // that; at least, at most
#define MAXSLACK   512
#define LOWRAM  0x10000u            // below lie the BIOS's data and the
                                    // other CPUs' start-up code

struct node {                       // inside a free frame
    struct node *next;
};

static void mem_poke(void);

struct framelist {
    struct node *head;
    uint n;
};

struct page *frames;
uint frontier_pfn;
volatile int fail_kalloc;

static struct {
    struct spinlock lock;
    struct framelist list;
    uint left;                      // frames above the frontier
    uint range;                     // the frontier's place in ram[]
    uint scarce;                    // mem_start() as of the last refill
} kmem = { .lock = SPINLOCK("frames", RANK_FRAME) };

static struct percpu {              // that CPU only, interrupts off
    struct framelist list;
    int inuse[FRAME_USER + 1];      // allocated less freed here, by kind:
                                    // the sum over all CPUs means something
} __attribute__((aligned(64))) percpu[NCPU];

static struct span {
    uint start, end;                // frame numbers
} ram[NE820 + 2];
static uint nram, total;

static struct {
    struct spinlock lock;
    uint wanted;                    // the stock is low
    uint waiting;                   // somebody waits for the round's end
    uint round;                     // rounds the reclaimer has finished
    int  result;                    // of the last: 0 or -ENOMEM
} wait = { .lock = SPINLOCK("memory wait", RANK_TICKS) };

extern char end[];                  // kernel.ld: end of the kernel's bss

// ---- finding RAM ----

// Take [start, end) out of the RAM ranges.
static void
carve(uint start, uint end)
{
    struct span *s;
    uint i, n = nram;

    for (i = 0; i < n; i++) {
        s = &ram[i];
        if (end <= s->start || s->end <= start)
            continue;
        if (s->start < start && end < s->end) {
            memmove(s + 2, s + 1, (nram - i - 1) * sizeof *s);
            nram++;
            n++;
            s[1] = (struct span){ end, s->end };
            s->end = start;
        } else if (s->start < start)
            s->end = start;
        else
            s->start = MIN(end, s->end);
    }
}

// Put one E820 entry among the ranges, by address.
static void
add_ram(const struct e820 *e)
{
    uint64 end = MIN(e->addr + e->len, (uint64)DIRECTTOP);
    struct span s;
    uint i;

    if (e->addr >= end || end < PGSIZE || nram == NE820)
        return;
    s.start = (uint)(e->addr + PGSIZE - 1) >> PGSHIFT;
    s.end = (uint)end >> PGSHIFT;
    if (s.start >= s.end)
        return;
    for (i = nram; i > 0 && ram[i - 1].start > s.start; i--)
        ram[i] = ram[i - 1];
    ram[i] = s;
    if (i > 0 && ram[i - 1].end > s.start)      // firmware may list overlaps
        ram[i].start = MIN(ram[i - 1].end, s.end);
    nram++;
}

// The frame table goes into the first range with room behind the kernel.
static uint
place_table(uint nbytes)
{
    uint i, n = PGROUNDUP(nbytes) >> PGSHIFT;
    uint floor = PGROUNDUP(V2P(end)) >> PGSHIFT, start;

    for (i = 0; i < nram; i++) {
        start = MAX(ram[i].start, floor);
        if (start < ram[i].end && ram[i].end - start >= n)
            return start;
    }
    panic("no room for the frame table");
}

void
kinit(struct bootinfo *info)
{
    uint i, at, nbytes;

    for (i = 0; i < info->ne820; i++)
        if (info->e820[i].type == 1)
            add_ram(&info->e820[i]);
    for (i = 0; i < info->ne820; i++)           // reserved wins over RAM
        if (info->e820[i].type != 1 && info->e820[i].addr < DIRECTTOP)
            carve((uint)info->e820[i].addr >> PGSHIFT,
                  (uint)((MIN(info->e820[i].addr + info->e820[i].len,
                              (uint64)DIRECTTOP) + PGSIZE - 1) >> PGSHIFT));
    if (nram == 0)
        panic("the firmware reports no RAM");
    nbytes = ram[nram - 1].end * sizeof(struct page);
    at = place_table(nbytes);
    frames = P2V(at << PGSHIFT);
    carve(0, LOWRAM >> PGSHIFT);
    carve(0xa0000 >> PGSHIFT, PGROUNDUP(V2P(end)) >> PGSHIFT);
    carve(at, at + (PGROUNDUP(nbytes) >> PGSHIFT));
    for (i = 0; i < nram; i++)
        kmem.left += ram[i].end - ram[i].start;
    total = kmem.left;
    frontier_pfn = ram[0].start;
    fail_kalloc = bootarg_int("fail.kalloc", 0);
}

uint
ram_top(void)
{
    return ram[nram - 1].end;
}

int
frame_is_ram(uint pfn)
{
    uint i;

    for (i = 0; i < nram; i++)
        if (pfn >= ram[i].start && pfn < ram[i].end)
            return 1;
    return 0;
}

int
frame_known(uint pfn)
{
    return pfn < frontier_pfn && frame_is_ram(pfn);
}

// ---- the lists ----

static void *
pop(struct framelist *l)
{
    struct node *n = l->head;

    if (n) {
        l->head = n->next;
        l->n--;
    }
    return n;
}

static void
push(struct framelist *l, void *frame)
{
    struct node *n = frame;

    n->next = l->head;
    l->head = n;
    l->n++;
}

// Up to n never-used frames go on l; they get their struct pages now.
static void
frontier_take(struct framelist *l, uint n)
{
    while (kmem.range < nram && frontier_pfn >= ram[kmem.range].end)
        if (++kmem.range < nram)
            frontier_pfn = MAX(frontier_pfn, ram[kmem.range].start);
    if (kmem.range >= nram)
        return;
    n = MIN(n, ram[kmem.range].end - frontier_pfn);
    memset(&frames[frontier_pfn], 0, n * sizeof frames[0]);
    kmem.left -= n;
    for (; n > 0; n--)
        push(l, P2V(frontier_pfn++ << PGSHIFT));
}

// Fewer frames in stock than the reclaimer likes: they are shared out by
// single ones then, and nobody keeps a list of his own.
static inline int
scarce(void)
{
    return kmem.list.n + kmem.left < kmem.scarce;
}

// Move up to a batch from the common stock to l. Who may not touch the
// reserve gets nothing when only that is left.
static void __attribute__((noinline))
refill(struct framelist *l)
{
    uint keep = myproc()->reserve ? 0 : RESERVE;
    uint n, low;
    void *f;

    acquire(&kmem.lock);
    n = kmem.list.n + kmem.left;
    n = n > keep ? MIN(BATCH, n - keep) : 0;
    for (; n > 0 && (f = pop(&kmem.list)) != 0; n--)
        push(l, f);
    frontier_take(l, n);
    kmem.scarce = mem_start();
    low = scarce();
    release(&kmem.lock);
    if (low && frames_free() < mem_start())
        mem_poke();
}

static void
drain(struct framelist *l, uint n)
{
    acquire(&kmem.lock);
    for (; n > 0; n--)
        push(&kmem.list, pop(l));
    release(&kmem.lock);
}

// Interrupts off.
void
frames_return(void)
{
    struct percpu *pc = &percpu[mycpu()->id];

    if (pc->list.n > 0)
        drain(&pc->list, pc->list.n);
}

void
frames_tick(void)
{
    if (scarce())
        frames_return();
}

static inline void *
take(enum framekind kind)
{
    struct percpu *pc = &percpu[mycpu()->id];
    uint eflags = readeflags();
    void *f;

    if (fail_kalloc > 0 && atomic_dec_zero((volatile uint *)&fail_kalloc))
        return 0;
    cli();
    if (pc->list.n == 0)
        refill(&pc->list);
    if ((f = pop(&pc->list)) != 0)
        pc->inuse[kind]++;
    if (eflags & FL_IF)
        sti();
    if (f == 0)
        myproc()->starved = 1;
    return f;
}

static void
give(void *frame, enum framekind kind)
{
    struct percpu *pc = &percpu[mycpu()->id];
    uint eflags = readeflags();

    cli();
    pc->inuse[kind]--;
    push(&pc->list, frame);
    if (pc->list.n > 2 * BATCH)
        drain(&pc->list, BATCH);
    else if (scarce())
        drain(&pc->list, pc->list.n);
    if (eflags & FL_IF)
        sti();
}

void *
frame_alloc(enum framekind kind)
{
    struct page *pg;
    void *f = take(kind);

    if (f == 0)
        return 0;
    pg = page_of(f);
    assert(pg->ref == 0 && pg->kind == FRAME_FREE);     // F2
    pg->kind = kind;
    pg->ref = 1;
    return f;
}

struct page *
page_alloc(enum framekind kind)
{
    void *f = frame_alloc(kind);

    return f ? page_of(f) : 0;
}

void
page_free(struct page *pg)
{
    enum framekind kind = pg->kind;

    assert(pg->dev == 0);               // F2: the cache is an owner
    pg->kind = FRAME_FREE;
    give(page_kva(pg), kind);
}

void *
kalloc(void)
{
    return frame_alloc(FRAME_KERNEL);
}

void *
kalloc_zeroed(void)
{
    void *f = kalloc();

    return f ? memset(f, 0, PGSIZE) : 0;
}

void
kfree(void *frame)
{
    struct page *pg = page_of(frame);

    assert(PGOFF(frame) == 0 && pg->ref > 0);
    page_put(pg);                   // bhit() may hold it too for a moment
}

uint
frames_total(void)
{
    return total;
}

uint
frames_of(enum framekind kind)
{
    int n = 0;
    uint i;

    for (i = 0; i < ncpu; i++)
        n += percpu[i].inuse[kind];
    return n;
}

int
frames_plenty(uint besides)
{
    return kmem.list.n + kmem.left >
        total / 32 + besides + kmem.scarce + FILEFLOOR;
}

uint
frames_free(void)
{
    uint i, n = kmem.list.n + kmem.left;

    for (i = 0; i < ncpu; i++)
        n += percpu[i].list.n;
    return n;
}

// ---- waiting for memory ----

int
mem_wait(void)
{
    uint round;
    int result;

    assert(may_wait_memory(myproc()));
    if (kmem.list.n + kmem.left > RESERVE + BATCH)
        return 0;                       // somebody was quicker, or injected
    acquire(&wait.lock);
    round = wait.round;
    wait.wanted = wait.waiting = 1;
    wakeup(&wait.wanted);
    wakeup(&wait.waiting);
    while (wait.round == round)
        sleep(&wait.round, &wait.lock);
    result = wait.result;
    release(&wait.lock);
    return result;
}

// The stock runs low: the reclaimer is to begin before anybody must wait.
static void
mem_poke(void)
{
    if (wait.wanted)
        return;
    acquire(&wait.lock);
    wait.wanted = 1;
    wakeup(&wait.wanted);
    release(&wait.lock);
}

int
mem_wanted(uint patience)
{
    int yes;

    acquire(&wait.lock);
    if (!wait.wanted)
        sleep_timed(&wait.wanted, &wait.lock, patience);
    yes = wait.wanted;
    release(&wait.lock);
    return yes;
}

void
mem_nap(uint n)
{
    acquire(&wait.lock);
    if (!wait.waiting)
        sleep_timed(&wait.waiting, &wait.lock, n);
    release(&wait.lock);
}

void
mem_round(int result)
{
    acquire(&wait.lock);
    wait.wanted = wait.waiting = 0;
    wait.result = result;
    wait.round++;
    wakeup(&wait.round);
    release(&wait.lock);
}

uint
frames_low(void)
{
    return RESERVE + BATCH * ncpu;
}

// Reclaiming starts when the stock is below this, and goes on until there are
// as many again. Enough for some read-ahead and some short processes.
uint
mem_start(void)
{
    return frames_low() + MIN(MAX(total / SLACKSHARE, MINSLACK), MAXSLACK);
}
