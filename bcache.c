// bcache.c: the cache of disk blocks. Every 4 KB block that is in memory -
// metadata, file data or swap - is there exactly once, in a frame found by
// (device, block). All memory that is free may serve.
//
//   hash     chains of frames by key
//   ring     all cached frames; the clock hand goes round it and evicts what
//            was not touched since it last passed
//   dirty    a ring per device, oldest first; the flusher's work
//
// A frame's states (flags in struct page, changed under cache.lock):
//
//   busy & BUSY      somebody uses the content alone (bread .. brelse)
//   busy & READING   its content is on the way from the disk
//   busy & WAITED    somebody sleeps until busy or writing ends
//   writing          on its way to the disk; not busy: readers and writers
//                    go on, and who changes it makes it dirty once more
//   logged           in a transaction: neither evicted nor written home here
//
// The cache's own reference is one of frame.ref (F1), so a frame is
// evictable when ref == 1 and none of the flags is set (F3). bhit() takes
// references without the lock, though never the first one, so ref may rise
// at any time: who evicts takes it from 1 to 0 in one exchange (claim_page()).
//
// After sleeping for a frame it may be anybody's: look it up again.

#include <types.h>
#include <errno.h>
#include <param.h>
#include <lib.h>
#include <print.h>
#include <spinlock.h>
#include <x86.h>
#include <mmu.h>
#include <memlayout.h>
#include <cpu.h>
#include <kalloc.h>
#include <sleeplock.h>
#include <sched.h>
#include <proc.h>
#include <disk.h>
#include <cache.h>

#define BUSY    1
#define READING 2
#define WAITED  4

#define PRIVATE 3                   // writing: a frame outside the cache

#define PERFRAME    (PGSIZE / sizeof(struct page *))
#define MAXTABLE    256             // frames of chain heads
#define FRAMESCHAIN 8               // frames of RAM to a chain
#define DEVSPREAD   0x9e3779b1u     // keeps the devices' blocks apart
#define EVICTBATCH  8               // frames evicted when one is missing
#define SCANBASE    256             // ring positions a bevict looks at,
#define SCANEACH    32              // and more for each frame wanted
#define BATCH       32              // writes started per lock hold
#define MAXVAIN     256             // writes that fail in a row: no use
#define BURST       32              // ticks: touches so near are one use

static struct {
    struct spinlock lock;           // guards all of this
    uint nchains;                   // a power of two
    struct page **table[MAXTABLE];
    struct page *hand;              // clock ring
    struct page *dirty[NDEV];       // oldest of each device's dirty ring
    uint count, ndirty[NDEV];
    uint writes[2];                 // writes under way, by epoch
    uint epoch;                     // which of the two counts new ones
    uint flushing;                  // a bflush is at work
    uchar failed[NDEV];             // a write failed since bflush began
    uint nfailed[NDEV];             // frames whose last write failed
    uint vain[NDEV];                // writes that failed since one did not
    uchar waited;                   // somebody is in bwait_write
} cache = { .lock = SPINLOCK("cache", RANK_CACHE) };

static int
clock(int used)
{
    return !used;
}

int (*cache_policy)(int used) = clock;
volatile int fail_read;
static int fail_reader;             // its process
int (*cache_unused)(uint bno);

void
binit(void)
{
    uint i;

    cache.nchains = PERFRAME;
    while (cache.nchains < frames_total() / FRAMESCHAIN &&
           cache.nchains < MAXTABLE * PERFRAME)
        cache.nchains *= 2;
    for (i = 0; i < cache.nchains / PERFRAME; i++) {
        cache.table[i] = kalloc_zeroed();
        if (cache.table[i] == 0)
            panic("binit: no memory for the cache's table");
    }
}

static inline struct page **
chain(uint dev, uint bno)
{
    uint h = (bno + dev * DEVSPREAD) & (cache.nchains - 1);

    return &cache.table[h / PERFRAME][h % PERFRAME];
}

static inline struct page *
find(uint dev, uint bno)
{
    struct page *pg;

    for (pg = *chain(dev, bno); pg; pg = pg->hnext)
        if (pg->bno == bno && pg->dev == dev)
            return pg;
    return 0;
}

static void
set_dirty(struct page *pg)
{
    struct page **head = &cache.dirty[pg->dev];

    pg->dirty = 1;
    cache.ndirty[pg->dev]++;
    if (*head == 0) {
        *head = pg->dnext = pg->dprev = pg;
        return;
    }
    pg->dnext = *head;
    pg->dprev = (*head)->dprev;
    pg->dprev->dnext = pg;
    pg->dnext->dprev = pg;
}

static void
clear_dirty(struct page *pg)
{
    struct page **head = &cache.dirty[pg->dev];

    pg->dirty = 0;
    cache.ndirty[pg->dev]--;
    if (*head == pg)
        *head = pg->dnext == pg ? 0 : pg->dnext;
    pg->dnext->dprev = pg->dprev;
    pg->dprev->dnext = pg->dnext;
    pg->dnext = pg->dprev = 0;
}

static void
set_failed(struct page *pg, int failed)
{
    cache.nfailed[pg->dev] += failed - pg->failed;
    pg->failed = failed;
}

// Give a frame its identity. It enters the ring just behind the hand, so it
// has one whole turn to prove itself.
static void
insert(struct page *pg, uint dev, uint bno)
{
    struct page **head = chain(dev, bno);

    pg->dev = dev;
    pg->bno = bno;
    pg->busy = pg->writing = pg->valid = pg->dirty = 0;
    pg->failed = 0;
    pg->logged = pg->used = pg->ioerr = pg->readahead = pg->burst = 0;
    pg->dnext = pg->dprev = 0;
    pg->hnext = *head;
    *head = pg;
    if (cache.hand == 0) {
        cache.hand = pg->cnext = pg->cprev = pg;
    } else {
        pg->cnext = cache.hand;
        pg->cprev = cache.hand->cprev;
        pg->cprev->cnext = pg;
        pg->cnext->cprev = pg;
    }
    cache.count++;
}

// Take it away again; whoever sleeps for the frame looks it up anew. The
// caller gives the cache's reference back.
static void
remove(struct page *pg)
{
    struct page **pp;

    assert(!pg->logged && !pg->writing);
    for (pp = chain(pg->dev, pg->bno); *pp != pg; pp = &(*pp)->hnext)
        ;
    *pp = pg->hnext;
    if (pg->dirty)
        clear_dirty(pg);
    set_failed(pg, 0);
    if (cache.hand == pg)
        cache.hand = pg->cnext == pg ? 0 : pg->cnext;
    pg->cnext->cprev = pg->cprev;
    pg->cprev->cnext = pg->cnext;
    if (pg->busy & WAITED)
        wakeup(pg);
    pg->hnext = pg->cnext = pg->cprev = 0;
    pg->dev = pg->busy = pg->valid = 0;
    cache.count--;
}

static void
wait_for(struct page *pg)
{
    pg->busy |= WAITED;
    sleep(pg, &cache.lock);
}

static void
wake_waiters(struct page *pg)
{
    if (pg->busy & WAITED) {
        pg->busy &= ~WAITED;
        wakeup(pg);
    }
}

static struct page *
new_frame(void)
{
    struct page *pg;

    while ((pg = page_alloc(FRAME_USER)) == 0 && bevict(EVICTBATCH) > 0)
        ;
    return pg;
}

// A block is used when it is touched again after some time. A burst is one
// touch: a scan reads each block once, whatever the size of its steps, and
// leaves nothing behind that looks used.
static void
touch(struct page *pg)
{
    uchar now = ticks / BURST | 1;

    if (pg->burst && pg->burst != now)
        pg->used = 1;
    pg->burst = now;
}

// The block's frame, busy; its content may be invalid.
static int
bget(uint dev, uint bno, struct page **pp)
{
    struct page *pg, *fresh = 0;
    int err = 0;

    srank_take(SRANK_PAGE);
    acquire(&cache.lock);
    while ((pg = find(dev, bno)) == 0 || (pg->busy & (BUSY | READING))) {
        if (pg) {
            wait_for(pg);
        } else if (fresh) {
            insert(fresh, dev, bno);
            fresh = 0;
        } else {
            release(&cache.lock);
            fresh = new_frame();
            acquire(&cache.lock);
            if (fresh == 0) {
                err = -ERESTART;
                break;
            }
        }
    }
    if (err == 0) {
        pg->busy |= BUSY;
        touch(pg);
    }
    release(&cache.lock);
    if (fresh)
        page_put(fresh);
    if (err < 0)
        srank_drop(SRANK_PAGE);
    *pp = pg;
    return err;
}

static void
submit_read(struct page *pg)
{
    if (myproc()->pid == fail_reader && fires(&fail_read)) {
        pg->iowrite = 0;
        pg->ioerr = 1;
        bdone(pg);
    } else {
        disk_submit(pg, 0);
    }
}

// Read a busy frame's content. When that fails the frame is not cached.
static int
load(struct page *pg)
{
    int ok;

    acquire(&cache.lock);
    pg->busy |= READING;
    release(&cache.lock);
    submit_read(pg);

    acquire(&cache.lock);
    while (pg->busy & READING)
        wait_for(pg);
    ok = pg->valid;
    if (!ok)
        remove(pg);
    release(&cache.lock);
    if (ok)
        return 0;
    page_put(pg);
    srank_drop(SRANK_PAGE);
    return -EIO;
}

int
bread(uint dev, uint bno, struct page **pp)
{
    int err = bget(dev, bno, pp);

    if (err < 0 || (*pp)->valid)
        return err;
    return load(*pp);
}

int
bnew(uint dev, uint bno, struct page **pp)
{
    int err = bget(dev, bno, pp);

    if (err == 0)
        (*pp)->valid = 1;
    return err;
}

// A reference, unless there is none any more.
static inline int
get_live(struct page *pg)
{
    uint ref;

    do {
        if ((ref = pg->ref) == 0)
            return 0;
    } while (cmpxchg(&pg->ref, ref, ref + 1) != ref);
    return 1;
}

// valid first: insert() gives a frame its name before that is set, so what
// was valid keeps, while we have a reference, the name that is read after it.
static inline int
readable(const struct page *pg, uint dev, uint bno)
{
    if (!pg->valid || (pg->busy & READING))
        return 0;
    asm volatile("" ::: "memory");
    chaos();
    return pg->bno == bno && pg->dev == dev;
}

static struct page * __attribute__((noinline))
hit_locked(uint dev, uint bno)
{
    struct page *pg;

    acquire(&cache.lock);
    if ((pg = find(dev, bno)) != 0 && readable(pg, dev, bno))
        page_get(pg);
    else
        pg = 0;
    release(&cache.lock);
    return pg;
}

// The most frequent look-up takes no lock. A frame may lose its identity, and
// be given to somebody else, at any moment before we have a reference; so it
// is asked who it is once we have one, and given back if it is not what we
// look for. Having it, we know that it stays: claim_page() fails from then on.
struct page *
bhit(uint dev, uint bno)
{
    struct page *pg = find(dev, bno);

    if (pg && get_live(pg)) {
        if (readable(pg, dev, bno)) {
            touch(pg);              // a hint: a lost one does no harm
            return pg;
        }
        page_put(pg);
    }
    return hit_locked(dev, bno);
}

int
bref(uint dev, uint bno, struct page **pp)
{
    int err;

    if ((*pp = bhit(dev, bno)) != 0)
        return 0;
    if ((err = bread(dev, bno, pp)) < 0)
        return err;
    page_get(*pp);
    brelse(*pp);
    return 0;
}

void
brelse(struct page *pg)
{
    acquire(&cache.lock);
    assert(pg->busy & BUSY);
    pg->busy &= ~BUSY;
    wake_waiters(pg);
    release(&cache.lock);
    srank_drop(SRANK_PAGE);
}

void
bdirty(struct page *pg)
{
    acquire(&cache.lock);
    if (pg->dev && !pg->dirty && !pg->logged)
        set_dirty(pg);
    release(&cache.lock);
}

int
blog(struct page *pg, uchar bits)
{
    int ours;

    acquire(&cache.lock);
    if ((ours = pg->dev == DEV_FS) != 0) {
        if (pg->dirty)
            clear_dirty(pg);
        set_failed(pg, 0);
        pg->logged |= bits;
    }
    release(&cache.lock);
    return ours;
}

int
bforget(uint dev, uint bno)
{
    struct page *pg;
    int logged = 0;

    acquire(&cache.lock);
    while ((pg = find(dev, bno)) != 0 && (pg->busy || pg->writing))
        wait_for(pg);
    if (pg && pg->logged)
        logged = 1;
    else if (pg)
        remove(pg);
    release(&cache.lock);
    if (pg && !logged)
        page_put(pg);
    return logged;
}

void
breadahead(uint dev, uint bno, uint n)
{
    struct page *pg;

    for (; n > 0; n--, bno++) {
        acquire(&cache.lock);
        pg = find(dev, bno) || frames_free() <= frames_low() ||
            (dev == DEV_SWAP && cache_unused(bno)) ? 0
            : page_alloc(FRAME_USER);
        if (pg) {
            insert(pg, dev, bno);
            pg->busy = READING;
            pg->readahead = 1;
            pg->used = dev == DEV_SWAP; // the ring is short when all swaps
        }
        release(&cache.lock);
        if (pg)
            submit_read(pg);
    }
}

static int
clean_idle(struct page *pg)
{
    return !pg->busy && !pg->writing && !pg->logged && !pg->dirty;
}

static int
evictable(struct page *pg)          // F3
{
    return pg->ref == 1 && clean_idle(pg);
}

// Take the last references, so that nobody can come by this frame any more,
// and its identity; then it is free. 0: somebody has one more.
static int
claim_page(struct page *pg, uint refs)
{
    if (!clean_idle(pg) || cmpxchg(&pg->ref, refs, 0) != refs)
        return 0;
    remove(pg);
    page_free(pg);
    return 1;
}

// may_go: the policy, or 0: all may.
static uint
evict(uint n, int (*may_go)(int used))
{
    uint freed = 0, left, used;
    struct page *pg;

    acquire(&cache.lock);
    left = MIN(cache.count, SCANBASE + n * SCANEACH);
    for (; left > 0 && freed < n && cache.hand; left--) {
        pg = cache.hand;
        cache.hand = pg->cnext;
        if (!evictable(pg))
            continue;
        used = pg->used;
        pg->used = 0;
        if (may_go == 0 || may_go(used))
            freed += claim_page(pg, 1);
    }
    release(&cache.lock);
    return freed;
}

uint
bevict(uint n)
{
    return evict(n, cache_policy);
}

void
bfail_reads(void)
{
    fail_reader = myproc()->pid;
    while (evict(BATCH, 0) > 0)
        ;
}

void
bput(struct page *pg)
{
    int gone;

    acquire(&cache.lock);
    gone = pg->dev && claim_page(pg, 2);    // the cache's and the caller's
    release(&cache.lock);
    if (!gone)
        page_put(pg);
}

// Take up to max dirty pages of a device to write them, oldest first. Those
// still being written stay, at the far end; *skipped counts them.
static uint
take_dirty(uint dev, struct page **list, uint max, uint *skipped)
{
    uint n = 0, left;
    struct page *pg;

    acquire(&cache.lock);
    for (left = cache.ndirty[dev]; left > 0 && n < max; left--) {
        pg = cache.dirty[dev];
        if (pg->writing) {
            cache.dirty[dev] = pg->dnext;
            (*skipped)++;
            continue;
        }
        clear_dirty(pg);
        pg->writing = 1 + cache.epoch;
        cache.writes[cache.epoch]++;
        list[n++] = pg;
    }
    release(&cache.lock);
    return n;
}

// Start writing up to max pages of a device.
static uint
start_writes(uint dev, uint max, uint *skipped)
{
    struct page *list[BATCH];
    uint i, n, total = 0;

    do {
        n = take_dirty(dev, list, MIN(max - total, BATCH), skipped);
        for (i = 0; i < n; i++)
            disk_submit(list[i], 1);
        total += n;
    } while (n > 0 && total < max);
    return total;
}

uint
bwrite_some(uint dev, uint n)
{
    uint skipped = 0;

    return start_writes(dev, n, &skipped);
}

// Wait until every write started so far has ended, and for none later: new
// ones count in the other epoch from now on.
static void
wait_writes(void)
{
    uint old;

    acquire(&cache.lock);
    old = cache.epoch;
    cache.epoch ^= 1;
    while (cache.writes[old] > 0)
        sleep(&cache.writes[old], &cache.lock);
    release(&cache.lock);
}

int
bflush(uint dev)
{
    uint skipped = 0, again = 0;
    int err;

    acquire(&cache.lock);
    while (cache.flushing)
        sleep(&cache.flushing, &cache.lock);
    cache.flushing = 1;
    cache.failed[dev] = 0;
    release(&cache.lock);

    start_writes(dev, cache.ndirty[dev], &skipped);
    wait_writes();
    if (skipped > 0) {
        start_writes(dev, cache.ndirty[dev], &again);
        wait_writes();
    }

    acquire(&cache.lock);
    err = cache.failed[dev] ? -EIO : 0;
    cache.flushing = 0;
    wakeup(&cache.flushing);
    release(&cache.lock);
    return err;
}

// A transfer of a swap block has ended. Its frame goes when nobody needs the
// slot; or when it was written in order to have the frame. 1: it is gone.
static int
swap_over(struct page *pg)
{
    if (pg->dev != DEV_SWAP || (pg->busy & (BUSY | READING)))
        return 0;
    if (!cache_unused(pg->bno))
        return pg->iowrite && claim_page(pg, 1);
    remove(pg);
    page_put(pg);
    return 1;
}

static void
write_done(struct page *pg)
{
    uint e = pg->writing - 1;

    pg->writing = 0;
    cache.vain[pg->dev] = pg->ioerr ? cache.vain[pg->dev] + 1 : 0;
    if (pg->ioerr)
        cache.failed[pg->dev] = 1;
    if (pg->ioerr && !pg->dirty && !pg->logged)
        set_dirty(pg);
    set_failed(pg, pg->ioerr && pg->dirty);
    wake_waiters(pg);
    if (--cache.writes[e] == 0)
        wakeup(&cache.writes[e]);
    if (cache.waited) {
        cache.waited = 0;
        wakeup(&cache.waited);
    }
    swap_over(pg);
}

static void
read_done(struct page *pg)
{
    pg->valid = !pg->ioerr;
    pg->busy &= ~READING;
    if (pg->readahead && pg->ioerr) {
        remove(pg);                 // who wants it reads it himself
        page_put(pg);
        return;
    }
    if (pg->readahead && swap_over(pg))
        return;
    pg->readahead = 0;
    wake_waiters(pg);
}

void
bdone(struct page *pg)
{
    acquire(&cache.lock);
    if (pg->writing == PRIVATE) {
        pg->dev = pg->writing = 0;
        wakeup(pg);
    } else if (pg->iowrite) {
        write_done(pg);
    } else {
        read_done(pg);
    }
    release(&cache.lock);
}

void
bio_start(struct page *pg, uint dev, uint bno, int write)
{
    assert(pg->dev == 0 && !pg->writing);
    pg->dev = dev;
    pg->bno = bno;
    pg->writing = PRIVATE;
    pg->ioerr = 0;
    disk_submit(pg, write);
}

int
bio_wait(struct page *pg)
{
    acquire(&cache.lock);
    while (pg->writing)
        sleep(pg, &cache.lock);
    release(&cache.lock);
    return pg->ioerr ? -EIO : 0;
}

// For swap and the reclaimer.

uint
bname(struct page *pg, uint dev, void (*get)(uint bno), uint (*alloc)(void),
      int *fresh)
{
    uint bno;

    acquire(&cache.lock);
    *fresh = pg->dev != dev;
    if (!*fresh) {
        bno = pg->bno;
        get(bno);
    } else if ((bno = alloc()) != 0) {
        assert(pg->dev == 0 && find(dev, bno) == 0);
        page_get(pg);
        insert(pg, dev, bno);
        pg->valid = 1;
    }
    release(&cache.lock);
    return bno;
}

int
bcached(uint dev, uint bno)
{
    int yes;

    acquire(&cache.lock);
    yes = find(dev, bno) != 0;
    release(&cache.lock);
    return yes;
}

void
bunused(uint dev, uint bno)
{
    struct page *pg;

    acquire(&cache.lock);
    pg = find(dev, bno);
    if (pg && (pg->busy || pg->writing))
        pg = 0;                     // its end asks again
    else if (!cache_unused(bno))
        pg = 0;
    else if (pg)
        remove(pg);
    release(&cache.lock);
    if (pg)
        page_put(pg);
}

uint
bfailed(uint dev)
{
    return cache.nfailed[dev];
}

int
bfailed_block(uint dev, uint bno)
{
    struct page *pg;
    int yes;

    acquire(&cache.lock);
    yes = (pg = find(dev, bno)) != 0 && pg->failed;
    release(&cache.lock);
    return yes;
}

int
bwrites_fail(uint dev)
{
    return cache.vain[dev] > MAXVAIN;
}

uint
bwriting(void)
{
    return cache.writes[0] + cache.writes[1];
}

void
bwait_write(void)
{
    acquire(&cache.lock);
    if (bwriting() > 0) {
        cache.waited = 1;
        sleep(&cache.waited, &cache.lock);
    }
    release(&cache.lock);
}

uint
cache_dirty_of(uint dev)
{
    return cache.ndirty[dev];
}

uint
cache_count(void)
{
    return cache.count;
}

uint
cache_dirty(void)
{
    uint dev, n = 0;

    for (dev = 1; dev < NDEV; dev++)
        n += cache.ndirty[dev];
    return n;
}

int
cache_clean_unused(struct page *pg)
{
    int yes;

    acquire(&cache.lock);
    yes = pg->kind == FRAME_USER && pg->dev && evictable(pg);
    release(&cache.lock);
    return yes;
}

static uint
check_page(struct page *pg)
{
    uint bad = 0;

    bad += pg->dev == 0 || find(pg->dev, pg->bno) != pg;
    bad += pg->ref < 1 || pg->kind != FRAME_USER;
    bad += pg->dirty != (pg->dnext != 0);
    bad += pg->dirty && (pg->logged || !pg->valid);
    bad += !pg->valid && !pg->busy;
    bad += pg->cnext->cprev != pg || pg->cprev->cnext != pg;
    return bad;
}

uint
cache_check(void)
{
    uint n = 0, dirty = 0, bad = 0;
    struct page *pg;

    acquire(&cache.lock);
    pg = cache.hand;
    while (pg && n <= cache.count) {
        bad += check_page(pg);
        dirty += pg->dirty;
        n++;
        pg = pg->cnext;
        if (pg == cache.hand)
            break;
    }
    bad += n != cache.count || dirty != cache_dirty();
    release(&cache.lock);
    return bad;
}
