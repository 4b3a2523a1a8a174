// kalloc.c: who owns each frame.
//
// Every frame below the frontier has a live struct page. Frames above it were
// never used: nothing is written for them, neither their struct page nor
// anything else, so booting costs the same with 8 MB and with 3 GB.
//
//     RAM ranges   |---used and reused---|------never touched------|
//                                        ^ frontier_pfn
//
// A free frame below the frontier is on the list of the CPU that freed it, whose
// links live in the free frames themselves. A CPU takes from its own list first:
// what it touched last is still in its cache, and to fetch a page line by line
// out of another CPU's costs more than to clear it.
//
// kalloc() never sleeps. It keeps some frames back: the last RESERVE are the
// reclaimer's (p->reclaimer), which needs them in order to free others; on top
// of them is what processes have reserved, as a count, before they began what
// they must be able to end. Whoever gets none passes -ERESTART up to where it
// may wait (memwait.h).

#include "errno.h"
#include "lib.h"
#include "print.h"
#include "bootarg.h"
#include "ram.h"
#include "kalloc.h"
#include "cpu.h"
#include "proc.h"
#include "memwait.h"
#include "event.h"

// Beyond what is kept, so many frames are to be free: one in SLACKSHARE, but no
// fewer and no more than these.
#define SLACKSHARE 32
#define MINSLACK   48
#define MAXSLACK   512

struct node {                       // inside a free frame
    struct node *next;
};

struct page *frames;
uint frontier_pfn;
volatile int fail_kalloc;

static struct {
    struct spinlock lock;           // guards all of this, and the frontier
    struct node *list[NCPU];        // free frames, by the CPU that freed them
    uint nfree;                     // these, and all beyond the frontier
    uint kept;                      // RESERVE and what is reserved
    uint inuse[FRAME_USER + 1];     // by kind
} kmem = { .lock = SPINLOCK("frames", RANK_FRAME), .kept = RESERVE };

void
kinit(struct bootinfo *info)
{
    frames = P2V(ram_init(info, sizeof(struct page)) << PGSHIFT);
    kmem.nfree = ram_frames;
    frontier_pfn = ram_next(0);
    fail_kalloc = bootarg_int("fail.kalloc", 0);
}

int
frame_known(uint pfn)
{
    return pfn < frontier_pfn && frame_is_ram(pfn);
}

uint
frames_total(void)
{
    return ram_frames;
}

uint
frames_of(enum framekind kind)
{
    return kmem.inuse[kind];
}

uint
frames_free(void)
{
    return kmem.nfree;
}

uint
frames_spare(void)
{
    uint n = kmem.nfree, kept = kmem.kept;

    return n > kept ? n - kept : 0;
}

uint
frames_low(void)
{
    return kmem.kept + MIN(MAX(ram_frames / SLACKSHARE, MINSLACK), MAXSLACK);
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

// ---- taking and giving back ----

// A never-used frame, which gets its struct page now.
static void *
frontier_take(void)
{
    uint pfn = frontier_pfn;

    assert(pfn < ram_top, "nfree counts the frames that there are");
    memset(&frames[pfn], 0, sizeof frames[pfn]);
    poison(P2V(pfn << PGSHIFT), PGSIZE);
    frontier_pfn = ram_next(pfn + 1);
    return P2V(pfn << PGSHIFT);
}

// May p have a frame? What it has reserved is used last. Held: kmem.lock.
static int
may_take(struct proc *p)
{
    if (kmem.nfree > kmem.kept)
        return 1;
    if (p->reserved > 0) {
        p->reserved--;
        kmem.kept--;
        return 1;
    }
    return p->reclaimer && kmem.nfree > kmem.kept - RESERVE;
}

// A list that is not empty, if there is one: this CPU's before any other.
// Held: kmem.lock.
static struct node **
list_find(void)
{
    struct node **own = &kmem.list[mycpu()->id];
    uint i;

    for (i = 0; *own == 0 && i < ncpu; i++)
        if (kmem.list[i])
            return &kmem.list[i];
    return own;
}

// A free frame for p, or 0.
static void *
frame_take(struct proc *p, enum framekind kind)
{
    struct node **list, *f = 0;

    acquire(&kmem.lock);
    if (may_take(p)) {
        list = list_find();
        if ((f = *list) != 0)
            *list = f->next;
        else
            f = frontier_take();
        kmem.nfree--;
        kmem.inuse[kind]++;
    }
    release(&kmem.lock);
    return f;
}

void *
frame_alloc(enum framekind kind)
{
    struct page *pg;
    void *f;

    if (fires(&fail_kalloc)) {
        mem_failed();
        return 0;
    }
    f = frame_take(myproc(), kind);
    if (kmem.nfree < frames_low())
        mem_wake_reclaimer();
    if (f == 0)
        return 0;
    chaos();
    poison_check((struct node *)f + 1, PGSIZE - sizeof(struct node));
    pg = page_of(f);
    assert(pg->ref == 0 && pg->kind == FRAME_FREE, F2);
    pg->kind = kind;
    pg->ref = 1;
    EVENT(event_frame(pg));
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
    struct node **list, *f = page_kva(pg);

    chaos();
    assert(pg->dev == 0, F1 ", and the cache is one");
    poison(f, PGSIZE);
    acquire(&kmem.lock);
    kmem.inuse[pg->kind]--;
    pg->kind = FRAME_FREE;
    list = &kmem.list[mycpu()->id];
    f->next = *list;
    *list = f;
    kmem.nfree++;
    release(&kmem.lock);
    EVENT(event_frame(pg));         // or whose it is by now
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

    assert(PGOFF(frame) == 0 && pg->ref == 1, F1);
    page_put(pg);
}

// ---- reserving ----

int
frames_reserve(uint n)
{
    struct proc *p = myproc();
    int err = 0;

    acquire(&kmem.lock);
    if (kmem.nfree >= kmem.kept + n) {
        kmem.kept += n;
        p->reserved += n;
    } else {
        p->memneed = n;
        err = -ERESTART;
    }
    release(&kmem.lock);
    return err;
}

void
frames_unreserve(void)
{
    struct proc *p = myproc();

    acquire(&kmem.lock);
    kmem.kept -= p->reserved;
    p->reserved = 0;
    release(&kmem.lock);
}
