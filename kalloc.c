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
// Each CPU has a short list of its own, and perhaps a batch of BATCH frames in
// reserve, so most allocations touch nothing that another CPU touches. Whole
// batches come from and go to the common stock, which is behind kmem.lock:
// moving one is moving its first frame. `loose` are those of broken batches.
//
//     kalloc():  own list -> own batch -> batches -> loose -> frontier
//     kfree():   own list, when that is a batch -> own batch -> batches
//
// When frames get scarce the own lists are emptied, at the next kfree() or
// clock tick, so that no CPU starves beside another's stock.
//
// kalloc() never sleeps. The last RESERVE frames are kept for the reclaimer
// (p->reserve), which needs them in order to free others, and on top of them
// what operations on files have secured: they must be able to end. Who fails
// and wants to try again calls mem_wait(), which wakes the reclaimer and
// sleeps until it has finished a round.

#include "errno.h"
#include "boot.h"
#include "lib.h"
#include "print.h"
#include "bootarg.h"
#include "kalloc.h"
#include "cpu.h"
#include "sched.h"
#include "proc.h"

#define BATCH   16
#define RESERVE 48                  // frames: what the reclaimer may need
#define SLACKSHARE 32               // of all frames, to be kept free beyond
#define MINSLACK   32               // that; at least, at most
#define MAXSLACK   512
#define MINRAM  0x580000u           // 6 MB less what the firmware may keep
#define LOWRAM  0x10000u            // below lie the BIOS's data and the
                                    // other CPUs' start-up code

struct node {                       // inside a free frame
    struct node *next;
    struct node *batch;             // of a batch's first: the next batch
};

static void mem_poke(void);

struct page *frames;
uint frontier_pfn;
volatile int fail_kalloc;
volatile uint frames_common;

static struct {
    struct spinlock lock;           // guards frames_common, too: all that is
    struct node *batches;           // here and above the frontier
    struct node *loose;
    uint range;                     // the frontier's place in ram[]
    uint keep;                      // RESERVE and what has been secured
    uint scarce;                    // mem_start() as of the last refill
    uint limit;                     // of an own list: BATCH, or 1 while
} kmem = { .lock = SPINLOCK("frames", RANK_FRAME), .keep = RESERVE,
           .limit = BATCH };        // frames_common is below scarce

// That CPU only, interrupts off.
struct ownframes {
    struct node *head;
    uint n;
    struct node *batch;             // in reserve; 0: none
    int inuse[FRAME_USER + 1];      // allocated less freed here, by kind:
                                    // the sum over all CPUs means something
} __attribute__((aligned(64)));

static struct ownframes own[NCPU];

static struct span {
    uint start, end;                // frame numbers
} ram[NE820 + 2];
static uint nram, total;

static struct {
    struct spinlock lock;
    uint wanted;                    // the stock is low
    uint waiting;                   // for the round's end: so many frames
                                    // are waited for at most; 0: nobody waits
    uint begun, round;              // rounds that the reclaimer has begun, and
                                    // finished
    int  result;                    // of the last: 0 or -ENOMEM
    int  relief;                    // somebody died then, or would
    uint faults;                    // that wait, or act on a refusal
    uint dying;                     // somebody was chosen to, or will be
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

// Where an entry ends, as far as the direct map reaches.
static uint64
e820_end(const struct e820 *e)
{
    uint64 end = e->addr + e->len;

    return end < e->addr || end > DIRECTTOP ? DIRECTTOP : end;
}

// Put one entry's whole frames among the ranges, by address. Firmware lists
// entries in any order and may let them overlap: those that meet become one.
static void
add_ram(const struct e820 *e)
{
    struct span s;
    uint i, n;

    if (e->addr >= DIRECTTOP)
        return;
    s.start = (uint)(e->addr + PGSIZE - 1) >> PGSHIFT;
    s.end = (uint)e820_end(e) >> PGSHIFT;
    if (s.start >= s.end)
        return;
    for (i = 0; i < nram && ram[i].end < s.start; i++)
        ;
    for (n = i; n < nram && ram[n].start <= s.end; n++) {
        s.start = MIN(s.start, ram[n].start);
        s.end = MAX(s.end, ram[n].end);
    }
    memmove(&ram[i + 1], &ram[n], (nram - n) * sizeof s);   // i..n-1 are in s
    nram += i + 1 - n;
    ram[i] = s;
}

// One range more per entry at most, and kinit() makes two more by carving.
static void
find_ram(const struct bootinfo *info)
{
    const struct e820 *e, *last = info->e820 + info->ne820;

    for (e = info->e820; e < last; e++)
        if (e->type == E820_RAM)
            add_ram(e);
    for (e = info->e820; e < last; e++)         // reserved wins over RAM
        if (e->type != E820_RAM && e->addr < DIRECTTOP && e->len > 0)
            carve((uint)e->addr >> PGSHIFT,
                  (uint)(e820_end(e) + PGSIZE - 1) >> PGSHIFT);
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

    find_ram(info);
    if (nram == 0 || ram_top() < MINRAM >> PGSHIFT)
        refuse("Teak needs 6 MB of RAM");
    nbytes = ram[nram - 1].end * sizeof(struct page);
    at = place_table(nbytes);
    frames = P2V(at << PGSHIFT);
    carve(0, LOWRAM >> PGSHIFT);
    carve(0xa0000 >> PGSHIFT, PGROUNDUP(V2P(end)) >> PGSHIFT);
    carve(at, at + (PGROUNDUP(nbytes) >> PGSHIFT));
    for (i = 0; i < nram; i++)
        total += ram[i].end - ram[i].start;
    frames_common = total;
    for (i = 0; i < NCPU; i++)
        cpus[i].frames = &own[i];
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

// ---- freed memory that nobody may touch ----

#ifdef SANITIZE
#define POISON 0xdeadbea7u

void
poison(void *mem, uint n)
{
    uint *w = mem;

    for (; n > 0; n -= 4)
        *w++ = POISON;
}

void
poison_check(const void *mem, uint n)
{
    const uint *w = mem;

    for (; n > 0; n -= 4, w++)
        if (*w != POISON)
            panic("frame %x, offset %x: %x written after it was freed",
                  V2P(w) >> PGSHIFT, PGOFF(w), *w);
}
#endif

// ---- the lists ----

static struct node *
pop(struct node **list)
{
    struct node *n = *list;

    if (n)
        *list = n->next;
    return n;
}

static void
push(struct node **list, void *frame)
{
    struct node *n = frame;

    n->next = *list;
    *list = n;
}

// A never-used frame, which gets its struct page now; 0: there is none.
static void *
frontier_take(void)
{
    while (kmem.range < nram && frontier_pfn >= ram[kmem.range].end)
        if (++kmem.range < nram)
            frontier_pfn = MAX(frontier_pfn, ram[kmem.range].start);
    if (kmem.range >= nram)
        return 0;
    memset(&frames[frontier_pfn], 0, sizeof frames[0]);
    poison(P2V(frontier_pfn << PGSHIFT), PGSIZE);
    return P2V(frontier_pfn++ << PGSHIFT);
}

// Anything that is in stock but in no batch; breaks one if there must be.
static void *
take_loose(void)
{
    void *f = pop(&kmem.loose);

    if (f || (f = frontier_take()) != 0)
        return f;
    kmem.loose = kmem.batches;
    kmem.batches = kmem.batches->batch;
    return pop(&kmem.loose);
}

// frames_common has changed. Fewer frames in stock than the reclaimer likes
// are shared out by single ones, and nobody keeps a list of his own.
static void
count_common(uint n)
{
    frames_common = n;
    kmem.limit = n < kmem.scarce ? 1 : BATCH;
}

// n frames have been given to p. What of them had been kept is kept no more.
static void
use_secured(struct proc *p, uint n)
{
    uint kept = kmem.keep > frames_common ? kmem.keep - frames_common : 0;

    n = MIN(MIN(n, kept), p->secured);
    p->secured -= n;
    kmem.keep -= n;
}

// Move a batch, or what is to be had, from the common stock to o: a single
// frame when it is scarce. Who may not touch the reserve gets nothing when
// only that is left.
static void
refill(struct ownframes *o)
{
    struct proc *p = myproc();
    uint keep, n;

    acquire(&kmem.lock);
    kmem.scarce = mem_start();
    count_common(frames_common);
    keep = kmem.keep;
    if (p->reserve || p->secured)   // all but what others have secured
        keep -= RESERVE + p->secured;
    n = frames_common > keep ? MIN(kmem.limit, frames_common - keep) : 0;
    count_common(frames_common - n);
    use_secured(p, n);
    o->n = n;
    if (n == BATCH && kmem.batches) {
        o->head = kmem.batches;
        kmem.batches = kmem.batches->batch;
    } else
        for (; n > 0; n--)
            push(&o->head, take_loose());
    release(&kmem.lock);
    if (kmem.limit == 1 && frames_free() < mem_start())
        mem_poke();
}

// o->head is empty: get frames there.
static void __attribute__((noinline))
restock(struct ownframes *o)
{
    if (o->batch == 0) {
        refill(o);
        return;
    }
    o->head = o->batch;
    o->n = BATCH;
    o->batch = 0;
}

static void
give_batch(struct node *b)
{
    acquire(&kmem.lock);
    b->batch = kmem.batches;
    kmem.batches = b;
    count_common(frames_common + BATCH);
    release(&kmem.lock);
}

// o->head has reached its limit, or what was its limit until a moment ago.
static void __attribute__((noinline))
unload(struct ownframes *o)
{
    if (o->n != BATCH) {
        frames_return();
        return;
    }
    if (o->batch)
        give_batch(o->batch);
    o->batch = o->head;
    o->head = 0;
    o->n = 0;
}

// Interrupts off.
void
frames_return(void)
{
    struct ownframes *o = mycpu()->frames;

    if (o->batch)
        give_batch(o->batch);
    o->batch = 0;
    if (o->n == 0)
        return;
    acquire(&kmem.lock);
    count_common(frames_common + o->n);
    for (; o->n > 0; o->n--)
        push(&kmem.loose, pop(&o->head));
    release(&kmem.lock);
}

void
frames_tick(void)
{
    if (kmem.limit == 1)
        frames_return();
}

int
frames_secure(uint n)
{
    int ok;

    acquire(&kmem.lock);
    if ((ok = frames_common >= kmem.keep + n)) {
        kmem.keep += n;
        myproc()->secured += n;
    }
    release(&kmem.lock);
    return ok;
}

void
frames_unsecure(void)
{
    struct proc *p = myproc();

    acquire(&kmem.lock);
    kmem.keep -= p->secured;
    p->secured = 0;
    release(&kmem.lock);
}

// The allocation is to fail, and the call with it, as if waiting had brought
// nothing. The mark goes with the call (heed()).
static void *
fail_here(void)
{
    myproc()->memfailed = myproc()->ast = 1;
    return 0;
}

static inline void *
take(enum framekind kind)
{
    struct ownframes *o = mycpu()->frames;
    uint eflags = readeflags();
    struct node *f;

    // fires(), in two instructions less for each allocation
    if (fail_kalloc > 0 && atomic_dec_zero((volatile uint *)&fail_kalloc))
        return fail_here();
    cli();
    if (o->head == 0)
        restock(o);
    if ((f = o->head) != 0) {
        o->head = f->next;
        o->n--;
        o->inuse[kind]++;
    }
    if (eflags & FL_IF)
        sti();
    return f;
}

static inline void
give(void *frame, enum framekind kind)
{
    struct ownframes *o = mycpu()->frames;
    uint eflags = readeflags();

    cli();
    o->inuse[kind]--;
    push(&o->head, frame);
    if (++o->n >= kmem.limit)
        unload(o);
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
    chaos();
    poison_check((struct node *)f + 1, PGSIZE - sizeof(struct node));
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

    chaos();
    assert(pg->dev == 0);               // F2: the cache is an owner
    pg->kind = FRAME_FREE;
    poison(page_kva(pg), PGSIZE);
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

    assert(PGOFF(frame) == 0 && pg->ref == 1);  // F1: not shared
    page_put(pg);
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
        n += own[i].inuse[kind];
    return n;
}

uint
frames_free(void)
{
    uint i, n = frames_common;

    for (i = 0; i < ncpu; i++)
        n += own[i].n + (own[i].batch ? BATCH : 0);
    return n;
}

// ---- waiting for memory ----

// The next round's result; n frames are waited for. Held: wait.lock.
static int
wait_round(uint n)
{
    uint seen = wait.round;

    wait.wanted = 1;
    wait.waiting = MAX(wait.waiting, n);
    wakeup(&wait.wanted);
    wakeup(&wait.waiting);
    while (wait.round == seen)
        sleep(&wait.round, &wait.lock);
    return wait.result;
}

// A round that had begun before we came may have looked before there was what
// there is now: its refusal is not for us. Nor is one that makes a fault
// choose who dies, for anybody but the fault.
int
mem_wait_for(uint n)
{
    struct proc *p = myproc();
    int err = 0, refused = 0, failed = p->memfailed;
    uint mine;

    if (p->sranks != 0)
        return -ERESTART;
    p->memfailed = 0;
    if (failed && !p->faulting)
        return -ENOMEM;
    acquire(&wait.lock);
    if (p->faulting == 1) {
        p->faulting = 2;
        wait.faults++;
    }
    mine = wait.begun + 1;
    while (frames_common < kmem.keep + n && !refused &&
           (err = wait_round(n)) < 0)   // else somebody was quicker
        refused = p->killed || ((int)(wait.round - mine) >= 0 &&
                                (p->faulting || !wait.relief));
    release(&wait.lock);
    return refused ? err : 0;
}

int
mem_wait(void)
{
    return mem_wait_for(BATCH + 1);
}

int
mem_again(int err)
{
    if (err == -ERESTART && (err = mem_wait()) == 0)
        return 1;
    return err;
}

void
mem_fault_ends(void)
{
    struct proc *p = myproc();

    if (p->faulting == 2) {
        acquire(&wait.lock);
        wait.faults--;
        release(&wait.lock);
    }
    p->faulting = 0;
}

int
mem_choose(void)
{
    int mine;

    acquire(&wait.lock);
    mine = wait.dying == 0;
    wait.dying = 1;
    release(&wait.lock);
    return mine;
}

void
mem_chosen_gone(void)
{
    wait.dying = 0;
}

int
mem_dying(void)
{
    return wait.dying;
}

int
mem_lacking(void)
{
    return wait.waiting &&
        frames_free() <= MAX(frames_low(), kmem.keep + wait.waiting);
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
mem_begin(void)
{
    acquire(&wait.lock);
    wait.begun = wait.round + 1;
    release(&wait.lock);
}

void
mem_round(int result)
{
    acquire(&wait.lock);
    wait.wanted = wait.waiting = 0;
    wait.result = result;
    wait.relief = wait.faults + wait.dying > 0;
    wait.round++;
    wakeup(&wait.round);
    release(&wait.lock);
}

uint
frames_low(void)
{
    return kmem.keep + BATCH * ncpu;
}

// Reclaiming starts when the stock is below this, and goes on until there are
// as many again. Enough for some read-ahead and some short processes.
uint
mem_start(void)
{
    return frames_low() + MIN(MAX(total / SLACKSHARE, MINSLACK), MAXSLACK);
}
