// log.c: the write-ahead log for metadata.
//
// A transaction gathers the metadata blocks changed by many operations.
// Operations only change cached frames; a commit makes them all durable:
//
//   freeze    wait for open operations to end, let none begin; copy every
//             changed block to a frame of the log's own; start writing all
//             dirty file data, which the new metadata will point at; start a
//             new running transaction; unfreeze: operations go on
//   data      wait for the file data
//   log       copies to the log area, FLUSH, header with its sum, FLUSH
//   home      copies to their places, FLUSH, header with n = 0
//
// Home is written only from the copies, so a block may be changed again at
// once. Only one committed transaction is ever uninstalled: the next commit
// waits, and so no revoke records are needed. `logged` in a frame says that
// the running (RUNNING) or the committing (COMMIT) transaction has it, which
// keeps it from eviction, as home is out of date.
//
// An operation says when it begins how many blocks it may change: its credits,
// those of other open operations and the blocks already in the transaction
// never exceed the log's capacity. The frames for the copies belong to the log
// from boot, and the frames that an operation may need are reserved when it
// begins. So neither an operation nor a commit ever waits for memory, and a
// commit waits only for operations that can end.
//
// Blocks freed by an uncommitted transaction are marked in a bitmap, one for
// the running and one for the committing transaction. After a crash the old
// owner may have them again, so they are not handed out. A freed block of
// metadata stays in its transaction: to write it home harms nobody, as long
// as it is not handed out.
//
// A write that fails is tried again: all that a commit writes is the same the
// second time, and each step waits for the last. A block of data that cannot
// be written even so stays dirty and is its file's trouble (ierror()): the
// commit goes on without it. When the log or home cannot be written even so,
// the file system is read-only from then on; in the second case the header is
// left for the next boot's replay. A FLUSH that fails is not tried again: the
// drive does not say which writes it has lost, and would call the next FLUSH a
// success.

#include "errno.h"
#include "lib.h"
#include "print.h"
#include "kalloc.h"
#include "proc.h"
#include "sched.h"
#include "fsformat.h"
#include "disk.h"
#include "cache.h"
#include "event.h"
#include "log.h"

#define RUNNING 1                   // page.logged
#define COMMIT  2

#define RAMSHARE 32                 // copies: 1/32 of RAM; as much again is
                                    // what the running transaction changes
#define TRIES    3                  // attempts at a write

_Static_assert(OPMAX < LOGMIN, "an operation fits into the smallest log");

static struct {
    struct spinlock lock;           // guards the first two groups; while no
                                    // operation is open, a commit reads the
                                    // second and seq without it
    uint cap;                       // blocks a transaction may have
    uint credits;                   // blocks that open operations may add;
                                    // 0: no operation is open
    uint freeze;                    // a commit waits for credits == 0
    uint committing;                // somebody commits
    uint seq;                       // the running transaction's number
    uint done;                      // the last one that is home
    int  result;                    // how the last commit went
    int  error;                     // 0 or -EROFS, for good

    uint n;                         // the running transaction's blocks
    struct page *pg[LOGMAX];

    /* owned by the committer */
    uint ncopy;
    struct page *old[LOGMAX];       // the blocks
    struct page *copy[LOGMAX];      // cap frames, the log's from boot
    struct page *head;              // the header block's frame
    uint logstart;

    /* atomic; swapped during the freeze */
    uint *freed[2][MAXBITMAP];      // for each bitmap block, one like it
    uint nfreed[2];
    uint released;                  // how often such blocks became usable
    uint cur;                       // the running transaction's
    uint nbmap;
} wal = { .lock = SPINLOCK("log", RANK_LOG) };

static struct loghead *
header(void)
{
    return page_kva(wal.head);
}

static int
transfer(struct page *pg, uint bno, int write)
{
    int tries, err = -EIO;

    for (tries = 0; err < 0 && tries < TRIES; tries++) {
        disk_start(pg, DEV_FS, bno, write);
        err = disk_wait(pg);
    }
    return err;
}

// ---- boot: replay, and the log's memory ----

// Read each copy again and sum it or, with `install`, write it home.
static int
replay_pass(struct page *pg, uint *sum, int install)
{
    struct loghead *h = header();
    uint i;
    int err;

    for (i = 0; i < h->n; i++) {
        if ((err = transfer(pg, wal.logstart + 1 + i, 0)) < 0)
            return err;
        if (!install)
            *sum = log_sum(*sum, page_kva(pg), BSIZE / sizeof(uint));
        else if ((err = transfer(pg, h->home[i], 1)) < 0)
            return err;
    }
    return install ? disk_flush() : 0;
}

static int
homes_sane(const struct loghead *h, const struct superblock *sb)
{
    uint i;

    for (i = 0; i < h->n; i++)
        if (h->home[i] < sb->imapstart || h->home[i] >= sb->nblocks)
            return 0;
    return 1;
}

static int
clear_header(void)
{
    header()->n = 0;
    return transfer(wal.head, wal.logstart, 1);
}

static int
replay(struct superblock *sb)
{
    struct loghead *h = header();
    uint sum;
    int err;

    if ((err = transfer(wal.head, sb->logstart, 0)) < 0)
        return err;
    if (h->magic != FSMAGIC || h->n == 0 || h->n >= sb->nlog)
        return 0;
    sum = loghead_sum(h);
    if ((err = replay_pass(wal.copy[0], &sum, 0)) < 0)
        return err;
    if (sum != h->sum)
        return 0;                   // torn: it was never committed
    if (!homes_sane(h, sb))
        return -EIO;
    cprintf("log: replaying %u blocks\n", h->n);
    if ((err = replay_pass(wal.copy[0], &sum, 1)) < 0)
        return err;
    if ((err = clear_header()) < 0)
        return err;
    return disk_flush();
}

// The log's own frames: 0 or -ENOMEM.
static int
alloc_frames(struct superblock *sb)
{
    void *kva;
    uint i;

    for (i = 0; i < wal.cap; i++) {
        if ((kva = kalloc()) == 0)
            return -ENOMEM;
        wal.copy[i] = page_of(kva);
    }
    for (i = 0; i < sb->nbmap; i++)
        if ((wal.freed[0][i] = kalloc_zeroed()) == 0 ||
            (wal.freed[1][i] = kalloc_zeroed()) == 0)
            return -ENOMEM;
    if ((kva = kalloc()) == 0)
        return -ENOMEM;
    wal.head = page_of(kva);
    wal.nbmap = sb->nbmap;
    return 0;
}

int
log_init(struct superblock *sb)
{
    int err;

    wal.cap = MIN(MIN(sb->nlog - 1, LOGMAX), frames_total() / RAMSHARE);
    if (wal.cap < OPMAX)
        return -ENOMEM;
    wal.logstart = sb->logstart;
    if ((err = alloc_frames(sb)) < 0 || (err = replay(sb)) < 0)
        return err;
    wal.seq = header()->magic == FSMAGIC ? header()->seq + 1 : 1;
    wal.done = wal.seq - 1;
    header()->magic = FSMAGIC;
    return 0;
}

// ---- commit: wal.committing is ours throughout ----

static void
freeze_and_copy(void)
{
    uint i;

    acquire(&wal.lock);
    wal.freeze = 1;
    while (wal.credits > 0)
        sleep(&wal.credits, &wal.lock);
    release(&wal.lock);

    // Nothing is logged or freed while no operation is open.
    for (i = 0; i < wal.n; i++) {
        wal.old[i] = wal.pg[i];
        header()->home[i] = wal.old[i]->bno;
        memcpy(page_kva(wal.copy[i]), page_kva(wal.old[i]), BSIZE);
        wal.old[i]->logged = COMMIT;
    }
    wal.ncopy = wal.n;
    header()->n = wal.n;
    header()->seq = wal.seq;

    // A block that an operation allocated must be written once, even if the
    // next operation frees it: after a crash the file may still have it. On
    // its way to the disk its frame cannot be dropped.
    bwrite_some(DEV_FS, cache_dirty(DEV_FS));

    acquire(&wal.lock);
    wal.n = 0;
    wal.seq++;
    wal.cur ^= 1;
    wal.freeze = 0;
    wakeup(&wal.freeze);
    release(&wal.lock);
}

static void
flush_data(void)
{
    int tries = 0;

    while (bflush(DEV_FS) < 0 && ++tries < TRIES)
        ;
}

static uint
place(uint i, int home)
{
    return home ? header()->home[i] : wal.logstart + 1 + i;
}

// Write every copy to the log area or, with `home`, to its place: all at
// once, and those that failed again one by one.
static int
write_copies(int home)
{
    struct page **copy = wal.copy;
    int err = 0;
    uint i;

    for (i = 0; i < wal.ncopy; i++)
        disk_start(copy[i], DEV_FS, place(i, home), 1);
    for (i = 0; i < wal.ncopy; i++)
        if (disk_wait(copy[i]) < 0 && transfer(copy[i], place(i, home), 1) < 0)
            err = -EIO;
    return err < 0 ? err : disk_flush();
}

static int
write_header(void)
{
    struct loghead *h = header();
    uint i;
    int err;

    h->sum = loghead_sum(h);
    for (i = 0; i < wal.ncopy; i++)
        h->sum = log_sum(h->sum, page_kva(wal.copy[i]), BSIZE / sizeof(uint));
    if ((err = transfer(wal.head, wal.logstart, 1)) < 0)
        return err;
    return disk_flush();
}

static int
write_transaction(void)
{
    int err;

    flush_data();
    if (wal.ncopy == 0)
        return disk_flush();
    if ((err = write_copies(0)) < 0 || (err = write_header()) < 0)
        return err;
    if ((err = write_copies(1)) < 0)
        return err;
    return clear_header();
}

// The transaction is home: its blocks may be evicted, its freed blocks used.
static void
let_go(void)
{
    uint which = wal.cur ^ 1, i;

    // First the frames leave the log: of a logged one bdirty() would not keep
    // what a block's next owner has written.
    acquire(&wal.lock);
    for (i = 0; i < wal.ncopy; i++) {
        wal.old[i]->logged &= ~COMMIT;
        EVENT(event_frame(wal.old[i]));
    }
    release(&wal.lock);
    if (wal.nfreed[which] == 0)
        return;
    for (i = 0; i < wal.nbmap; i++)
        memset(wal.freed[which][i], 0, PGSIZE);
    acquire(&wal.lock);
    wal.nfreed[which] = 0;
    wal.released++;
    release(&wal.lock);
}

// Held: wal.lock, but not meanwhile.
static void
commit(void)
{
    int err;

    wal.committing = 1;
    release(&wal.lock);
    freeze_and_copy();
    if ((err = write_transaction()) == 0)
        let_go();
    else if (wal.ncopy > 0)
        cprintf("log: cannot commit: the file system is read-only now\n");

    acquire(&wal.lock);
    wal.result = err;
    if (err < 0 && wal.ncopy > 0)
        wal.error = -EROFS;
    wal.done = wal.seq - 1;
    wal.committing = 0;
    wakeup(&wal.committing);
}

// Commit all that has ended so far, or wait while others do. Lock as above.
static void
commit_running(void)
{
    uint mine = wal.seq;

    while (wal.error == 0 && (int)(wal.done - mine) < 0) {
        if (wal.committing)
            sleep(&wal.committing, &wal.lock);
        else
            commit();
    }
}

int
log_commit(void)
{
    int err;

    acquire(&wal.lock);
    if ((err = wal.error) == 0) {
        commit_running();
        err = wal.result;
    }
    release(&wal.lock);
    return err;
}

// ---- operations ----

int
begin_op(uint nblocks)
{
    int err;

    assert(nblocks > 0 && nblocks <= OPMAX, "an operation fits into the log");
    acquire(&wal.lock);
    while ((err = wal.error) == 0) {
        if (wal.freeze)
            sleep(&wal.freeze, &wal.lock);
        else if (wal.n + wal.credits + nblocks > wal.cap)
            commit_running();
        else
            break;
    }
    if (err == 0)
        err = frames_reserve(nblocks + OPDATA);
    if (err == 0)
        wal.credits += nblocks;
    release(&wal.lock);
    if (err == 0)
        srank_take(SRANK_LOG);
    return err;
}

void
end_op(uint nblocks)
{
    frames_unreserve();
    acquire(&wal.lock);
    assert(wal.credits >= nblocks, "it gives back what it was given");
    wal.credits -= nblocks;
    if (wal.credits == 0 && wal.freeze)
        wakeup(&wal.credits);
    if (wal.n > wal.cap / 2 && !wal.committing)
        wakeup(&wal.n);
    release(&wal.lock);
    srank_drop(SRANK_LOG);
}

void
log_write(struct page *pg)
{
    if (pg->logged & RUNNING)       // only cleared while no operation is open
        return;
    acquire(&wal.lock);
    if (!(pg->logged & RUNNING) && blog(pg, RUNNING)) {
        assert(wal.credits > 0 && wal.n < wal.cap, "it was reserved");
        wal.pg[wal.n++] = pg;
    }
    release(&wal.lock);
}

static uint
freed_in(uint which, uint bno)
{
    return wal.freed[which][bno / BPB][bno % BPB / 32] >> bno % 32 & 1;
}

void
log_freed(uint bno)
{
    uint which = wal.cur;

    atomic_or(&wal.freed[which][bno / BPB][bno % BPB / 32], 1u << bno % 32);
    atomic_inc(&wal.nfreed[which]);
}

int
log_awaits_commit(uint bno)
{
    if (wal.nfreed[0] + wal.nfreed[1] == 0)
        return 0;
    return freed_in(0, bno) || freed_in(1, bno);
}

uint
log_released(void)
{
    return wal.released;
}

int
log_release_held(uint seen)
{
    int news, held;

    acquire(&wal.lock);
    news = wal.released != seen;
    held = wal.nfreed[0] + wal.nfreed[1] > 0;
    release(&wal.lock);
    return news || (held && log_commit() == 0);
}

uint
log_pending(void)
{
    return wal.error ? 0 : wal.n;
}

void
log_await_work(void)
{
    acquire(&wal.lock);
    if (wal.n <= wal.cap / 2 || wal.error)
        sleep_timed(&wal.n, &wal.lock, FLUSHTICKS);
    release(&wal.lock);
}
