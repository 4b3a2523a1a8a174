// kalloc.h: the frame table and the frame allocator.
//
// Each frame of RAM has a struct page. The kernel's code quotes these rules by
// number; check.c recounts them after every test:
//
//   F1  a user's or cached frame: ref == present user PTEs naming it +
//       (cached ? 1 : 0) + calls that use it at this moment; a kernel or
//       page-table frame: ref == 1
//   F2  free  <=>  ref == 0
//   F3  evictable  <=>  cached, ref == 1, not being read or written, not
//       dirty, not logged
//   F4  in a private region a PTE is writable  =>  its frame is not cached
//       and ref == 1
//   F5  slot.ref == PTEs naming the slot; slot.ref == 0  =>  no cached frame
//       has its key, or the frame is on its way to or from the disk, and
//       whoever ends that transfer frees both

#pragma once

#define F1 "F1: a frame's count is the number of its owners"
#define F2 "F2: a free frame has no owner, and only a free one"
#define F4 "F4: a page that one process may write is its own"
#define F5 "F5: a slot's count is the number of entries that name it"

#include "frameinfo.h"
#include "mmu.h"
#include "memlayout.h"
#include "x86.h"

struct bootinfo;

struct page {
    /* atomic */
    volatile uint ref;

    /* set by kalloc.c alone */
    uchar kind;                     // enum framekind

    /* guarded by cache_lock */
    uchar dev;                      // DEV_*; 0: not cached
    uchar reading : 1;              // being filled: its users wait
    uchar writing : 1;              // on its way to the disk
    uchar valid : 1;                // holds the block's content
    uchar dirty : 1;                // to be written by the flusher
    uchar failed : 1;               // the last write of it did, so it is dirty
    uchar used : 1;                 // touched again since the hand passed
    uchar touched;                  // when, coarsely
    uint  bno;
    struct page *hnext;             // hash chain
    struct {
        struct page *next, *prev;
    } ring[2];                      // CLOCK, DIRTY (bcache.c)

    /* set under cache_lock, cleared under the log's; a commit turns RUNNING
       into COMMIT while no operation is open */
    uchar logged;                   // bits: RUNNING, COMMIT (log.c)

    /* the disk's while a transfer is under way */
    uchar iowrite;
    uchar ioerr;                    // the transfer failed
    struct page *qnext;

    uint recount;                   // check.c: owners found by recounting
};

extern struct page *frames;         // indexed by frame number

static inline struct page *
page_of(const void *kva)
{
    return &frames[V2P(kva) >> PGSHIFT];
}

static inline uint
page_pa(const struct page *pg)
{
    return (uint)(pg - frames) << PGSHIFT;
}

static inline void *
page_kva(const struct page *pg)
{
    return P2V(page_pa(pg));
}

void kinit(struct bootinfo *);      // finds RAM, sets the frontier

// One frame as its kernel address, contents undefined, ref 1. Never sleeps,
// any context. 0 when none is free beyond the reserve and what others have
// reserved; the reclaimer (p->reclaimer) may take the reserve, too.
void *kalloc(void);
void *kalloc_zeroed(void);
void  kfree(void *);                // a frame of any kind with one owner

// The same for a frame of another kind.
void *frame_alloc(enum framekind);
struct page *page_alloc(enum framekind);

static inline void
page_get(struct page *pg)
{
    atomic_inc(&pg->ref);
}

void page_free(struct page *);      // its last reference has gone

static inline void
page_put(struct page *pg)               // F1: an owner gives its share back
{
    if (atomic_dec_zero(&pg->ref))
        page_free(pg);
}

// With SANITIZE=1 what is freed is filled, and checked when it is taken again:
// a panic if anybody wrote there since. n is a multiple of 4.
#ifdef SANITIZE
void poison(void *, uint n);
void poison_check(const void *, uint n);
#else
static inline void poison(void *mem, uint n) { (void)mem, (void)n; }
static inline void poison_check(const void *m, uint n) { (void)m, (void)n; }
#endif

#define RESERVE 48                  // frames kept for the reclaimer

// Before an operation begins: keep n frames for this process alone, which
// kalloc() gives it when there are no others. 0, or -ERESTART when there are
// not so many.
int  frames_reserve(uint n);
// After it: give back what this process has not used of them.
void frames_unreserve(void);

// 1 if pfn is RAM that the allocator has ever handed out.
int  frame_known(uint pfn);
uint frames_total(void);
uint frames_free(void);
uint frames_spare(void);            // of these, what nobody has reserved
uint frames_low(void);              // the low-water mark: fewer free ones, and
                                    // the reclaimer begins
uint frames_of(enum framekind);     // in use as that
extern uint frontier_pfn;           // no frame at or above was ever used

// Fail the n-th frame allocation from now, of any kind (0: none).
extern volatile int fail_kalloc;
