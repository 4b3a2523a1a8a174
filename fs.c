// fs.c: mounting, and inodes in memory.
//
// An inode in memory is found by number in a hash and counted by references;
// there are as many as memory allows. Each chain of the hash keeps a few that
// nobody refers to, because programs open the same files again. Its fields
// mirror the disk's inode once `valid`; ilock() reads it when needed,
// iupdate() writes it back as part of a transaction.
//
// An inode's end: unlink drops nlink to 0 and, in the same transaction, sets
// its orphan bit; the last iput() frees the blocks from the end, a bounded
// number per transaction, then the inode and the orphan bit. After a crash
// in between, the boot finds the bit and goes on. When memory is short the
// inode waits on a list for the flusher. All that happens without an open
// transaction and without any other lock, so that create and unlink cannot
// wait for each other through it.
//
// The image is not trusted: a type, size or block number that cannot be is
// -EIO for whoever stumbles on it.

#include "errno.h"
#include "lib.h"
#include "rtc.h"
#include "sched.h"
#include "print.h"
#include "kalloc.h"
#include "pool.h"
#include "stat.h"
#include "disk.h"
#include "cache.h"
#include "log.h"
#include "op.h"
#include "alloc.h"
#include "fs.h"
#include "names.h"

#define NCHAIN   256                // hash chains
#define NKEEP    2                  // unreferenced inodes that each keeps
#define MAXNLINK 32767              // what struct stat can say
#define FREEOP   2                  // ifree: two bitmaps
#define INODEOP  1                  // the inode's block only

_Static_assert(__builtin_offsetof(struct inode, dind) ==
               __builtin_offsetof(struct inode, disk.dind),
               "an inode's own fields are the disk's");

static struct pool pool = POOL("inode", sizeof(struct inode));

static struct {
    struct spinlock lock;           // guards all of this
    struct inode *chain[NCHAIN];    // by hnext, newest first
    struct inode *deferred;         // by dnext: to be freed by the flusher
} itable = { .lock = SPINLOCK("inode table", RANK_ITABLE) };

static struct inode *root;

// The table in memory.

// Drop unreferenced inodes of a chain until it keeps no more than so many, the
// newest. How many went. Held: itable.lock.
static uint
chain_trim(uint i, uint keep)
{
    struct inode **pp = &itable.chain[i], *ip;
    uint n = 0;

    while ((ip = *pp) != 0) {
        if (ip->ref > 0 || keep > 0) {
            keep -= ip->ref == 0;
            pp = &ip->hnext;
        } else {
            *pp = ip->hnext;
            pool_put(&pool, ip);
            n++;
        }
    }
    return n;
}

static struct inode *
chain_add(uint inum)
{
    uint i = inum % NCHAIN;
    struct inode *ip;

    chain_trim(i, NKEEP - 1);
    if ((ip = pool_get(&pool)) == 0)
        return 0;
    ip->inum = inum;
    ip->lock = SLEEPLOCK("inode", SRANK_INODE);
    ip->hnext = itable.chain[i];
    itable.chain[i] = ip;
    return ip;
}

uint
inodes_trim(void)
{
    uint i, n = 0;

    for (i = 0; i < NCHAIN; i++) {
        acquire(&itable.lock);
        n += chain_trim(i, 0);
        release(&itable.lock);
    }
    return n;
}

uint
inodes_inuse(void)
{
    struct inode *ip;
    uint i, n = 0;

    acquire(&itable.lock);
    for (i = 0; i < NCHAIN; i++)
        for (ip = itable.chain[i]; ip; ip = ip->hnext)
            n += ip->ref > 0;
    release(&itable.lock);
    return n;
}

struct inode *
iget(uint inum)
{
    struct inode *ip;

    acquire(&itable.lock);
    for (ip = itable.chain[inum % NCHAIN]; ip && ip->inum != inum; )
        ip = ip->hnext;
    if (ip == 0)
        ip = chain_add(inum);
    if (ip)
        atomic_inc(&ip->ref);
    release(&itable.lock);
    return ip;
}

struct inode *
idup(struct inode *ip)
{
    assert(ip->ref > 0, "who uses an inode holds a reference");
    atomic_inc(&ip->ref);
    return ip;
}

struct inode *
fs_root(void)
{
    return idup(root);
}

// Between memory and disk.

static uint
inode_block(uint inum)
{
    return super.inodestart + inum / INOPB;
}

static struct dinode *
dinode_in(struct page *pg, uint inum)
{
    return (struct dinode *)page_kva(pg) + inum % INOPB;
}

static int
plausible(const struct inode *ip)
{
    if (ip->type < T_DIR || ip->type > T_DEV || ip->size > MAXFILE)
        return 0;
    return ip->type != T_DIR || ip->size % sizeof(struct dirent) == 0;
}

// What the disk has of an inode; nothing is known of its blocks yet.
static void
inode_set(struct inode *ip, const struct dinode *d)
{
    ip->disk = *d;
    ip->extent.n = 0;
    ip->raend = ip->rawin = 0;
}

// The inode has just been locked: read it, if nobody has. After a failure it
// is unlocked again.
static int
inode_load(struct inode *ip)
{
    struct page *pg;
    int err;

    if (ip->valid)
        return 0;
    if ((err = bread(DEV_FS, inode_block(ip->inum), &pg)) == 0) {
        inode_set(ip, dinode_in(pg, ip->inum));
        page_put(pg);
        ip->valid = plausible(ip);
        err = ip->valid ? 0 : -EIO;
    }
    if (err < 0)
        releasesleep(&ip->lock);
    return err;
}

int
ilock(struct inode *ip)
{
    acquiresleep(&ip->lock);
    return inode_load(ip);
}

int
ilock_now(struct inode *ip)
{
    return trysleep(&ip->lock) ? inode_load(ip) : -EBUSY;
}

void
iunlock(struct inode *ip)
{
    releasesleep(&ip->lock);
}

int
ikeep(struct op *op, struct inode *ip)
{
    struct page *pg;

    return op_block(op, inode_block(ip->inum), &pg);
}

void
iupdate(struct op *op, struct inode *ip)
{
    struct page *pg = op_kept(op, inode_block(ip->inum));

    *dinode_in(pg, ip->inum) = ip->disk;
    log_write(pg);
}

int
ialloc(struct op *op, int type, int major, int minor, struct inode **out)
{
    struct dinode fresh = { .type = type, .major = major, .minor = minor,
                            .mtime = rtc_seconds() };
    struct page *pg;
    uint inum;
    int err;

    if ((err = map_take(op, &inode_map, &inum)) < 0)
        return err;
    if ((err = inum_keep(op, inum)) == 0 &&
        (err = op_block(op, inode_block(inum), &pg)) == 0) {
        if (dinode_in(pg, inum)->type != 0)
            return -EIO;            // damaged: in use, so its bit stays set
        op->new = iget(inum);
        err = op->new ? 0 : -ERESTART;
    }
    if (err < 0) {
        map_set(op, &inode_map, inum, 0);
        return err;
    }
    acquiresleep(&op->new->lock);
    inode_set(op->new, &fresh);
    op->new->valid = 1;
    iupdate(op, op->new);
    *out = op->new;
    return 0;
}

void
ifree(struct op *op, struct inode *ip)
{
    ip->type = ip->nlink = 0;
    iupdate(op, ip);
    ip->valid = 0;                  // before the number can be given again
    ip->orphan = 0;
    map_set(op, &inode_map, ip->inum, 0);
}

void
iorphan(struct op *op, struct inode *ip)
{
    ip->nlink = 0;
    ip->orphan = 1;
    map_set(op, &orphan_map, ip->inum, 1);
    iupdate(op, ip);
}

// The last reference, and no name: nobody else can come by this inode.
static int
destroy(struct inode *ip)
{
    struct op op;
    int err;

    op_init(&op, ip);
    do {
        if ((err = op_begin(&op, FREEOP + file_credits())) < 0)
            break;
        if ((err = icut_step(&op, ip, 0)) == 0 &&
            (err = inum_keep(&op, ip->inum)) == 0) {
            map_set(&op, &orphan_map, ip->inum, 0);
            ifree(&op, ip);
        }
        op_end(&op);
    } while ((err = op_again(&op, err)) > 0);
    return err;
}

// No memory to free it: its last reference is the flusher's now.
static void
defer(struct inode *ip)
{
    acquire(&itable.lock);
    ip->dnext = itable.deferred;
    itable.deferred = ip;
    release(&itable.lock);
}

// The last reference to an inode without names. After a failure other than
// for want of memory its orphan bit brings it back at the next boot. When all
// went well, somebody may have used the number again already, and even have
// left this reference as the last one of another orphan.
static void
put_orphan(struct inode *ip)
{
    int err = destroy(ip);

    if (err == -ENOMEM || err == -ERESTART) {
        defer(ip);
        return;
    }
    if (err < 0)
        ip->valid = ip->orphan = 0;
    iput(ip);
}

// Give a reference back that is not the last. 0: it is the last.
static int
ref_drop(struct inode *ip)
{
    uint ref;

    while ((ref = ip->ref) > 1)
        if (cmpxchg(&ip->ref, ref, ref - 1) == ref)
            return 1;
    assert(ref == 1, "who uses an inode holds a reference");
    return 0;
}

// With the lock held iget() does not find it: who has the last reference then
// is alone with it. Others come and go until then, so look again.
void
iput(struct inode *ip)
{
    int end = 0;

    if (ip == 0 || ref_drop(ip))
        return;
    acquire(&itable.lock);
    if (!ref_drop(ip)) {
        end = ip->orphan;
        ip->ref = end;              // an orphan keeps it until it is freed
    }
    release(&itable.lock);
    if (end)
        put_orphan(ip);
}

// Try again to free what could not be.
static void
free_deferred(void)
{
    struct inode *list, *ip;

    acquire(&itable.lock);
    list = itable.deferred;
    itable.deferred = 0;
    release(&itable.lock);
    while ((ip = list) != 0) {
        list = ip->dnext;
        put_orphan(ip);
    }
}

static int
free_orphans(void)
{
    struct inode *ip;
    int inum = 0;

    while ((inum = orphan_next(inum + 1)) > 0) {
        if ((ip = iget(inum)) == 0)
            return -ENOMEM;
        if (ilock(ip) == 0) {
            if (ip->nlink == 0) {
                ip->orphan = 1;
                cprintf("fs: freeing orphan inode %d\n", inum);
            }
            iunlock(ip);
        }
        iput(ip);
    }
    return inum;
}

int
fs_init(void)
{
    int err;

    if ((err = alloc_init()) < 0 || (err = names_init()) < 0)
        return err;
    if ((root = iget(ROOTINO)) == 0)
        return -ENOMEM;
    if ((err = ilock(root)) < 0)
        return err;
    if (root->type != T_DIR || root->nlink == 0)
        err = -EIO;
    iunlock(root);
    return err < 0 ? err : free_orphans();
}

int
fs_sync(void)
{
    int err;

    free_deferred();
    err = log_commit();
    return err == 0 && bfailed(DEV_FS) > 0 ? -EIO : err;
}

int
isync(struct inode *ip)
{
    int err = log_commit();

    return err < 0 ? err : ierror(ip);
}

void
flusher(void)
{
    sched_started();
    for (;;) {
        log_await_work();
        free_deferred();
        if (log_pending() > 0 || cache_dirty(DEV_FS) > 0)
            log_commit();
    }
}

int
ideny(struct inode *ip, enum denial what)
{
    int err = 0;

    acquire(&itable.lock);
    if (ip->deny * what < 0)
        err = -ETXTBSY;
    else
        ip->deny += what;
    release(&itable.lock);
    return err;
}

void
iallow(struct inode *ip, enum denial what)
{
    acquire(&itable.lock);
    ip->deny -= what;
    assert(ip->deny * what >= 0, "nobody both writes a file and runs it");
    release(&itable.lock);
}

int
isetmtime(struct inode *ip, uint seconds)
{
    struct op op;
    int err;

    op_init(&op, ip);
    if ((err = op_begin(&op, INODEOP)) < 0)
        return err;
    ip->mtime = seconds;
    iupdate(&op, ip);
    op_end(&op);
    return 0;
}

// Blocks that a file of this size owns, index blocks too.
static uint
blocks_of(uint size)
{
    uint n = (size + BSIZE - 1) / BSIZE, more;

    if (n <= NDIRECT)
        return n;
    more = (n - NDIRECT - 1) / NINDIRECT;       // those that dind names
    return n + 1 + more + (more > 0);
}

void
stati(struct inode *ip, struct stat *st)
{
    st->type = ip->type;
    st->dev = DEV_FS;
    st->ino = ip->inum;
    st->nlink = MIN(ip->nlink, MAXNLINK);
    st->size = ip->size;
    st->mtime = ip->mtime;
    st->blocks = blocks_of(st->size);
}
