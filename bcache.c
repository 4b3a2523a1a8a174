// bcache.c: the cache of disk blocks. Every 4 KB block that is in memory -
// metadata, file data or swap - is there exactly once, in a frame found by
// its identity (device, block). All memory that is free may serve. Interface:
// cache.h.
//
//   hash     chains of frames by identity
//   clock    a ring of all cached frames; the hand goes round it and evicts
//            what was not used since it last passed
//   dirty    a ring for each device, oldest first: what is to be written
//
// The cache's own reference is one of frame.ref (F1). A frame that is cached
// is in one of these states, or in several (bits of struct page):
//
//   reading  its content is on its way from the disk, or being made (bnew):
//            whoever wants it waits
//   writing  on its way to the disk; users go on, and who changes the content
//            makes the frame dirty once more
//   dirty    to be written some day; failed: the last write of it went wrong
//   logged   in a transaction: the log writes it, the flusher does not
//
// A frame with none of these, whose only owner is the cache, is evictable
// (F3). All look-ups are made under cache_lock, so nobody can come by a
// reference while the hand decides. The content of a block is guarded by the
// lock of the inode or the address space whose it is, not by the cache.
//
// Whoever has slept looks the block up again: it may be elsewhere now.

#include "errno.h"
#include "lib.h"
#include "print.h"
#include "cpu.h"
#include "kalloc.h"
#include "sleeplock.h"
#include "sched.h"
#include "disk.h"
#include "cache.h"
#include "swap.h"
#include "event.h"

#define PERFRAME    (PGSIZE / sizeof(struct page *))
#define MAXTABLE    256             // frames of chain heads
#define FRAMESCHAIN 8               // frames of RAM to a chain
#define DEVSPREAD   0x9e3779b1u     // keeps the devices' blocks apart
#define EVICTBATCH  8               // frames evicted when one is missing
#define EVICTLOOKS  64              // frames looked at for each one wanted
#define AHEADSPARE  16              // fewer spare frames: no read-ahead
#define USEWINDOW   32              // ticks: touches so near are one use
#define MAXFAILURES 256             // writes that fail in a row: no use

enum { CLOCK, DIRTY };              // page.ring

struct spinlock cache_lock = SPINLOCK("cache", RANK_CACHE);

static struct {                     // guarded by cache_lock
    uint mask;                      // chains, a power of two, less one
    struct page **table[MAXTABLE];
    struct page *hand;              // of the clock ring
    struct page *dirty[NDEV];       // oldest of each device's dirty ring
    uint count, ndirty[NDEV];       // frames in the rings
    uint nfailed[NDEV];             // dirty as their last write failed
    uint nwriting[NDEV];            // writes under way
    uint failures[NDEV];            // writes that failed since one did not
    uchar flushing[NDEV];           // bflush() is at work: it alone sets this,
                                    // one at a time for a device, so without
                                    // the lock
} cache;

int (*cache_policy)(int used);

// ---- identity ----

void
binit(void)
{
    uint nchains = PERFRAME, i;

    while (nchains < frames_total() / FRAMESCHAIN &&
           nchains < MAXTABLE * PERFRAME)
        nchains *= 2;
    cache.mask = nchains - 1;
    for (i = 0; i < nchains / PERFRAME; i++) {
        cache.table[i] = kalloc_zeroed();
        if (cache.table[i] == 0)
            panic("binit: no memory for the cache's table");
    }
}

static struct page **
hash_chain(uint dev, uint bno)
{
    uint h = (bno + dev * DEVSPREAD) & cache.mask;

    return &cache.table[h / PERFRAME][h % PERFRAME];
}

static inline struct page *
cache_find(uint dev, uint bno)
{
    struct page *pg;

    for (pg = *hash_chain(dev, bno); pg; pg = pg->hnext)
        if (pg->bno == bno && pg->dev == dev)
            return pg;
    return 0;
}

// Put a frame at the end of a ring, just behind its head.
static void
ring_add(struct page **head, struct page *pg, int r)
{
    struct page *first = *head ? *head : pg;
    struct page *last = *head ? first->ring[r].prev : pg;

    *head = first;
    pg->ring[r].next = first;
    pg->ring[r].prev = last;
    last->ring[r].next = pg;
    first->ring[r].prev = pg;
}

static void
ring_remove(struct page **head, struct page *pg, int r)
{
    struct page *next = pg->ring[r].next, *prev = pg->ring[r].prev;

    if (*head == pg)
        *head = next == pg ? 0 : next;
    next->ring[r].prev = prev;
    prev->ring[r].next = next;
    pg->ring[r].next = pg->ring[r].prev = 0;
}

static void
set_dirty(struct page *pg, int dirty)
{
    if (pg->dirty == dirty)
        return;
    pg->dirty = dirty;
    if (dirty)
        ring_add(&cache.dirty[pg->dev], pg, DIRTY);
    else
        ring_remove(&cache.dirty[pg->dev], pg, DIRTY);
    cache.ndirty[pg->dev] += dirty ? 1 : -1;
    EVENT(event_frame(pg));
}

static void
set_failed(struct page *pg, int failed)
{
    cache.nfailed[pg->dev] += failed - pg->failed;
    pg->failed = failed;
}

// Give a frame its identity. It enters the clock just behind the hand, so it
// has one whole turn to prove itself. reading: it is to be filled.
static void
cache_insert(struct page *pg, uint dev, uint bno, int reading)
{
    struct page **head = hash_chain(dev, bno);

    assert(pg->dev == 0 && !pg->reading && !pg->writing && !pg->logged);
    pg->dev = dev;
    pg->bno = bno;
    pg->reading = reading;
    pg->valid = !reading;
    pg->dirty = pg->failed = pg->used = 0;
    pg->touched = ticks / USEWINDOW;
    pg->hnext = *head;
    *head = pg;
    ring_add(&cache.hand, pg, CLOCK);
    cache.count++;
    EVENT(event_frame(pg));
}

static int
in_transfer(const struct page *pg)
{
    return pg->reading || pg->writing;
}

int
evictable(const struct page *pg)    // F3
{
    return pg->dev && pg->ref == 1 && !in_transfer(pg) && !pg->dirty &&
           !pg->logged;
}

// Take its identity away and give the cache's reference back.
static void
cache_remove(struct page *pg)
{
    struct page **pp = hash_chain(pg->dev, pg->bno);

    assert(!pg->logged && !pg->writing && !pg->reading);
    while (*pp != pg)
        pp = &(*pp)->hnext;
    *pp = pg->hnext;
    pg->hnext = 0;
    set_dirty(pg, 0);
    set_failed(pg, 0);
    ring_remove(&cache.hand, pg, CLOCK);
    cache.count--;
    pg->dev = 0;
    EVENT(event_frame(pg));
    page_put(pg);
}

// ---- reading ----

// A reference for a user. Touches that follow one another closely are one
// use: a scan uses no block twice, whatever the size of its steps.
static struct page *
refer(struct page *pg)
{
    uchar now = ticks / USEWINDOW;

    if (pg->touched != now)
        pg->used = 1;
    pg->touched = now;
    page_get(pg);
    return pg;
}

// The block's frame with a reference, once its content is there; 0 if it is
// not in memory. Held: cache_lock, not while it sleeps.
static struct page *
look_up(uint dev, uint bno)
{
    struct page *pg;

    while ((pg = cache_find(dev, bno)) != 0 && pg->reading)
        sleep(pg, &cache_lock);
    return pg ? refer(pg) : 0;
}

struct page *
incore(uint dev, uint bno)
{
    struct page *pg;

    acquire(&cache_lock);
    pg = cache_find(dev, bno);
    pg = pg && !pg->reading ? refer(pg) : 0;
    release(&cache_lock);
    return pg;
}

// A scan of a large file takes its frames from what it has read before.
static struct page *
new_frame(void)
{
    struct page *pg;

    while ((pg = page_alloc(FRAME_USER)) == 0 && bevict(EVICTBATCH) > 0)
        ;
    return pg;
}

// The block's frame with a reference; 0: no memory. If `reading` is set, it was
// not in memory, and the caller is to fill the frame.
static struct page *
bget(uint dev, uint bno)
{
    struct page *pg, *frame = 0;

    acquire(&cache_lock);
    while ((pg = look_up(dev, bno)) == 0 && frame == 0) {
        release(&cache_lock);
        if ((frame = new_frame()) == 0)
            return 0;
        acquire(&cache_lock);
    }
    if (pg == 0) {
        pg = frame;
        cache_insert(pg, dev, bno, 1);
        page_get(pg);
    }
    release(&cache_lock);
    if (frame && frame != pg)
        page_put(frame);
    return pg;
}

// A frame is filled, or could not be; then it is not cached any more, and
// whoever waits for it reads the block himself. Held: cache_lock.
static void
end_read(struct page *pg, int valid)
{
    int unused = pg->dev == DEV_SWAP && slot_unused(pg->bno);

    pg->valid = valid;
    pg->reading = 0;
    EVENT(event_frame(pg));
    wakeup(pg);
    if (!valid || unused)
        cache_remove(pg);
}

int
bread(uint dev, uint bno, struct page **pp)
{
    struct page *pg = *pp = bget(dev, bno);
    int err;

    if (pg == 0)
        return -ERESTART;
    if (!pg->reading)
        return 0;
    disk_submit(pg, 0);
    acquire(&cache_lock);
    while (pg->reading)
        sleep(pg, &cache_lock);
    err = pg->valid ? 0 : -EIO;
    release(&cache_lock);
    if (err < 0)
        page_put(pg);
    return err;
}

int
bnew(uint dev, uint bno, struct page **pp)
{
    struct page *pg = *pp = bget(dev, bno);

    if (pg == 0)
        return -ERESTART;
    memset(page_kva(pg), 0, PGSIZE);
    if (pg->reading) {
        acquire(&cache_lock);
        end_read(pg, 1);
        release(&cache_lock);
    }
    return 0;
}

// A frame for a block that is not in memory, or 0. Held: cache_lock.
static struct page *
frame_ahead(uint dev, uint bno)
{
    struct page *pg;

    if (cache_find(dev, bno) || frames_spare() < AHEADSPARE ||
        (dev == DEV_SWAP && slot_unused(bno)) ||
        (pg = page_alloc(FRAME_USER)) == 0)
        return 0;
    cache_insert(pg, dev, bno, 1);
    pg->used = dev == DEV_SWAP;     // the ring is short when all swaps
    return pg;
}

void
breadahead(uint dev, uint bno, uint n)
{
    struct page *pg;

    for (; n > 0; n--, bno++) {
        acquire(&cache_lock);
        pg = frame_ahead(dev, bno);
        release(&cache_lock);
        if (pg)
            disk_submit(pg, 0);
    }
}

// ---- writing ----

void
bdirty(struct page *pg)
{
    acquire(&cache_lock);
    if (pg->dev && !pg->logged)
        set_dirty(pg, 1);
    release(&cache_lock);
}

int
blog(struct page *pg, uchar bits)
{
    int ours;

    acquire(&cache_lock);
    if ((ours = pg->dev == DEV_FS) != 0) {
        set_dirty(pg, 0);
        set_failed(pg, 0);
        pg->logged |= bits;
        EVENT(event_frame(pg));
    }
    release(&cache_lock);
    return ours;
}

// Take the oldest dirty frame that is not being written. The others go to the
// end of their ring.
static struct page *
take_dirty(uint dev)
{
    struct page *pg = 0;
    uint left;

    acquire(&cache_lock);
    for (left = cache.ndirty[dev]; left > 0 && pg == 0; left--) {
        if (!cache.dirty[dev]->writing)
            pg = cache.dirty[dev];
        else
            cache.dirty[dev] = cache.dirty[dev]->ring[DIRTY].next;
    }
    if (pg) {
        pg->writing = 1;
        set_dirty(pg, 0);
        cache.nwriting[dev]++;
    }
    release(&cache_lock);
    return pg;
}

static uint
start_writes(uint dev, uint n)
{
    struct page *pg;
    uint started = 0;

    while (started < n && (pg = take_dirty(dev)) != 0) {
        disk_submit(pg, 1);
        started++;
    }
    return started;
}

uint
bwrite_some(uint dev, uint n)
{
    return cache.flushing[dev] ? 0 : start_writes(dev, n);
}

static void
wait_writes(uint dev)
{
    acquire(&cache_lock);
    while (cache.nwriting[dev] > 0)
        sleep(&cache.flushing[dev], &cache_lock);
    release(&cache_lock);
}

// While it is at work nobody else starts writes to the device, so that those
// it waits for end. What was being written when it began may be dirty again:
// so it waits before, too.
int
bflush(uint dev)
{
    cache.flushing[dev] = 1;
    wait_writes(dev);
    start_writes(dev, cache.ndirty[dev]);
    wait_writes(dev);
    cache.flushing[dev] = 0;
    return cache.nfailed[dev] ? -EIO : 0;
}

// A page of swap goes if nobody needs its slot any more, and also if nobody has
// the page, as it was written to have the frame. Held: cache_lock.
static void
end_write(struct page *pg)
{
    uint dev = pg->dev;

    pg->writing = 0;
    EVENT(event_frame(pg));
    if (pg->ioerr && !pg->logged)
        set_dirty(pg, 1);
    set_failed(pg, pg->ioerr && pg->dirty);
    cache.failures[dev] = pg->ioerr ? cache.failures[dev] + 1 : 0;
    wakeup(pg);
    wakeup(cache.nwriting);         // bwait_write
    if (--cache.nwriting[dev] == 0)
        wakeup(&cache.flushing[dev]);
    if (dev == DEV_SWAP && (slot_unused(pg->bno) || evictable(pg)))
        cache_remove(pg);
}

void
bdone(struct page *pg)
{
    acquire(&cache_lock);
    if (pg->iowrite)
        end_write(pg);
    else
        end_read(pg, !pg->ioerr);
    release(&cache_lock);
}

uint
bwriting(void)
{
    return cache.nwriting[DEV_FS] + cache.nwriting[DEV_SWAP];
}

void
bwait_write(void)
{
    acquire(&cache_lock);
    if (bwriting() > 0)
        sleep(cache.nwriting, &cache_lock);
    release(&cache_lock);
}

int
bwrites_fail(uint dev)
{
    return cache.failures[dev] > MAXFAILURES;
}

uint
bfailed(uint dev)
{
    return cache.nfailed[dev];
}

// ---- leaving the cache ----

uint
bevict(uint n)
{
    struct page *pg;
    uint freed = 0, left;
    int used;

    acquire(&cache_lock);
    left = MIN(cache.count, n * EVICTLOOKS);
    for (; left > 0 && freed < n; left--) {
        pg = cache.hand;
        cache.hand = pg->ring[CLOCK].next;
        if (!evictable(pg))
            continue;
        used = pg->used;
        pg->used = 0;
        if (cache_policy ? cache_policy(used) : !used) {
            cache_remove(pg);
            freed++;
        }
    }
    release(&cache_lock);
    return freed;
}

void
bput(struct page *pg)
{
    int cached;

    acquire(&cache_lock);
    cached = pg->dev != 0;          // then the cache's reference stays
    page_put(pg);
    if (cached && evictable(pg))
        cache_remove(pg);
    release(&cache_lock);
}

void
bforget(uint dev, uint bno)
{
    struct page *pg;

    acquire(&cache_lock);
    while ((pg = cache_find(dev, bno)) != 0 && in_transfer(pg))
        sleep(pg, &cache_lock);
    if (pg && !pg->logged)
        cache_remove(pg);
    release(&cache_lock);
}

// ---- for swap ----

void
swap_cache_add(struct page *pg, uint slot)
{
    assert(holding(&cache_lock) && cache_find(DEV_SWAP, slot) == 0);
    page_get(pg);
    cache_insert(pg, DEV_SWAP, slot, 0);
}

int
swap_cache_drop(uint slot)
{
    struct page *pg = cache_find(DEV_SWAP, slot);

    assert(holding(&cache_lock));
    if (pg && in_transfer(pg))
        return 0;
    if (pg)
        cache_remove(pg);
    return 1;
}

// ---- counts ----

uint
cache_age(const struct page *pg)
{
    return (uchar)(ticks / USEWINDOW - pg->touched);
}

uint
cache_count(void)
{
    return cache.count;
}

uint
cache_dirty(uint dev)
{
    return cache.ndirty[dev];
}

static uint
check_page(struct page *pg)
{
    uint bad = 0;

    bad += pg->dev == 0 || cache_find(pg->dev, pg->bno) != pg;
    bad += pg->ref < 1 || pg->kind != FRAME_USER;
    bad += pg->dirty != (pg->ring[DIRTY].next != 0);
    bad += pg->dirty && (pg->logged || !pg->valid);
    bad += pg->valid == pg->reading;
    bad += pg->ring[CLOCK].next->ring[CLOCK].prev != pg;
    return bad;
}

uint
cache_check(void)
{
    uint n, dirty = 0, bad = 0;
    struct page *pg;

    acquire(&cache_lock);
    pg = cache.hand;
    for (n = 0; n < cache.count; n++) {
        bad += check_page(pg);
        dirty += pg->dirty;
        pg = pg->ring[CLOCK].next;
    }
    bad += pg != cache.hand || dirty != cache.ndirty[DEV_FS] +
        cache.ndirty[DEV_SWAP];
    release(&cache_lock);
    return bad;
}
