// fs.c: mounting, and inodes in memory.
//
// An inode in memory is found by number in a hash and counted by references;
// there are as many as memory allows. One that nobody refers to is kept on
// the idle list for a while, because programs open the same files again. Its
// fields mirror the disk's inode once `valid`; ilock() reads it when needed,
// iupdate() writes it back as part of a transaction.
//
// An inode's end: unlink drops nlink to 0 and, in the same transaction, sets
// its orphan bit; the last iput() frees the blocks from the end, a bounded
// number per transaction, then the inode and the orphan bit. After a crash
// in between, the boot finds the bit and goes on. When memory is short the
// inode waits on the doomed list for the flusher. All that happens without
// an open transaction and without any other lock, so that create and unlink
// cannot wait for each other through it.
//
// The image is not trusted: a type, size or block number that cannot be is
// -EIO for whoever stumbles on it.

#include <types.h>
#include <errno.h>
#include <param.h>
#include <boot.h>
#include <lib.h>
#include <print.h>
#include <spinlock.h>
#include <x86.h>
#include <mmu.h>
#include <memlayout.h>
#include <cpu.h>
#include <kalloc.h>
#include <pool.h>
#include <sleeplock.h>
#include <sched.h>
#include <stat.h>
#include <fsformat.h>
#include <disk.h>
#include <cache.h>
#include <log.h>
#include <alloc.h>
#include <fs.h>
#include <names.h>
#include <usercopy.h>
#include <proc.h>

#define NCHAIN   256                // hash chains
#define IDLEMAX  256                // inodes kept without a reference
#define MAXNLINK 32767              // what struct stat can say
#define DAMAGED  1
#define FREEOP   2                  // ifree: two bitmaps

static struct pool pool = POOL("inode", sizeof(struct inode));

static struct {
    struct spinlock lock;           // guards all of this
    struct inode *chain[NCHAIN];
    struct inode *idle, *idlelast;  // all with ref == 0, and others that
    uint nidle;                     // were there and came back; newest first
    uint inuse;                     // ref > 0
    struct inode *doomed;           // to be freed by the flusher
} itable = { .lock = SPINLOCK("itable", RANK_ITABLE) };

static struct inode *root;

static uint
no_clock(void)
{
    return 0;
}

uint (*fs_clock)(void) = no_clock;

// The table in memory. Held throughout: itable.lock.

static void
idle_insert(struct inode *ip)
{
    ip->listed = 1;
    ip->lprev = 0;
    ip->lnext = itable.idle;
    if (itable.idle)
        itable.idle->lprev = ip;
    else
        itable.idlelast = ip;
    itable.idle = ip;
    itable.nidle++;
}

static void
idle_remove(struct inode *ip)
{
    if (ip->lprev)
        ip->lprev->lnext = ip->lnext;
    else
        itable.idle = ip->lnext;
    if (ip->lnext)
        ip->lnext->lprev = ip->lprev;
    else
        itable.idlelast = ip->lprev;
    ip->listed = 0;
    itable.nidle--;
}

// Forget an inode that nobody refers to.
static void
table_drop(struct inode *ip)
{
    struct inode **pp = &itable.chain[ip->inum % NCHAIN];

    if (ip->listed)
        idle_remove(ip);
    while (*pp != ip)
        pp = &(*pp)->hnext;
    *pp = ip->hnext;
    pool_put(&pool, ip);
}

static uint
trim(uint keep)
{
    struct inode *ip;
    uint n = 0;

    while (itable.nidle > keep) {
        ip = itable.idlelast;
        idle_remove(ip);
        if (ip->ref == 0) {
            table_drop(ip);
            n++;
        }
    }
    return n;
}

static struct inode *
table_add(uint inum)
{
    struct inode *ip = pool_get(&pool);

    if (ip == 0 && trim(itable.nidle / 2) > 0)
        ip = pool_get(&pool);
    if (ip == 0)
        return 0;
    ip->inum = inum;
    initsleeplock(&ip->lock, "inode", SRANK_INODE);
    ip->hnext = itable.chain[inum % NCHAIN];
    itable.chain[inum % NCHAIN] = ip;
    return ip;
}

// The last reference is gone.
static void
unreferenced(struct inode *ip)
{
    itable.inuse--;
    if (!ip->valid) {
        table_drop(ip);
    } else if (!ip->listed) {
        idle_insert(ip);
        trim(IDLEMAX);
    }
}

struct inode *
iget(uint inum)
{
    struct inode *ip;

    acquire(&itable.lock);
    for (ip = itable.chain[inum % NCHAIN]; ip; ip = ip->hnext)
        if (ip->inum == inum)
            break;
    if (ip == 0)
        ip = table_add(inum);
    if (ip && ip->ref++ == 0)
        itable.inuse++;
    release(&itable.lock);
    return ip;
}

struct inode *
idup(struct inode *ip)
{
    acquire(&itable.lock);
    assert(ip->ref > 0);
    ip->ref++;
    release(&itable.lock);
    return ip;
}

struct inode *
fs_root(void)
{
    return idup(root);
}

struct inode *
iroot(void)
{
    return root;
}

uint
inodes_inuse(void)
{
    return itable.inuse;
}

uint
inodes_trim(uint keep)
{
    uint n;

    acquire(&itable.lock);
    n = trim(keep);
    release(&itable.lock);
    return n;
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

static int
load_inode(struct inode *ip)
{
    struct dinode *d;
    struct page *pg;
    int err;

    if ((err = bref(DEV_FS, inode_block(ip->inum), &pg)) < 0)
        return err;
    d = dinode_in(pg, ip->inum);
    ip->type = d->type;
    ip->major = d->major;
    ip->minor = d->minor;
    ip->nlink = d->nlink;
    ip->size = d->size;
    ip->mtime = d->mtime;
    memcpy(ip->addr, d->addr, sizeof ip->addr);
    ip->ind = d->ind;
    ip->dind = d->dind;
    page_put(pg);
    ip->runlen = ip->raend = ip->rawin = ip->hole = 0;
    if (!plausible(ip))
        return -EIO;
    ip->valid = 1;
    return 0;
}

int
ilock(struct inode *ip)
{
    int err;

    acquiresleep(&ip->lock);
    if (ip->valid)
        return 0;
    err = load_inode(ip);
    if (err < 0)
        releasesleep(&ip->lock);
    return err;
}

void
iunlock(struct inode *ip)
{
    releasesleep(&ip->lock);
}

void
iunlockput(struct inode *ip)
{
    iunlock(ip);
    iput(ip);
}

int
ihold(struct hold *h, struct inode *ip)
{
    return hold_block(h, inode_block(ip->inum));
}

void
iupdate(struct hold *h, struct inode *ip)
{
    struct page *pg = held(h, inode_block(ip->inum));
    struct dinode *d = dinode_in(pg, ip->inum);

    d->type = ip->type;
    d->major = ip->major;
    d->minor = ip->minor;
    d->nlink = ip->nlink;
    d->size = ip->size;
    d->mtime = ip->mtime;
    memcpy(d->addr, ip->addr, sizeof d->addr);
    d->ind = ip->ind;
    d->dind = ip->dind;
    log_write(pg);
}

// A new inode's fields, whatever an older one left on the disk.
static void
fresh(struct inode *ip, int type, int major, int minor)
{
    ip->type = type;
    ip->major = major;
    ip->minor = minor;
    ip->nlink = ip->orphan = 0;
    ip->size = 0;
    ip->mtime = fs_clock();
    memset(ip->addr, 0, sizeof ip->addr);
    ip->ind = ip->dind = 0;
    ip->runlen = ip->raend = ip->rawin = ip->hole = 0;
    ip->valid = 1;
}

// The inode of a number whose bit was clear: nothing may say it is in use.
// 0, -errno, or DAMAGED.
static int
claim(struct hold *h, uint inum, struct inode **out)
{
    struct page *pg;
    uint type;
    int err;

    if ((err = hold_inum(h, inum)) < 0 ||
        (err = hold_block(h, inode_block(inum))) < 0 ||
        (err = bref(DEV_FS, inode_block(inum), &pg)) < 0)
        return err;
    type = dinode_in(pg, inum)->type;
    page_put(pg);
    if ((*out = iget(inum)) == 0)
        return -ENOMEM;
    return type == 0 && !(*out)->valid ? 0 : DAMAGED;
}

int
ialloc(struct hold *h, int type, int major, int minor, struct inode **out)
{
    uint inum;
    int err;

    *out = 0;
    if ((err = inum_alloc(&inum)) < 0)
        return err;
    err = claim(h, inum, out);
    if (err == DAMAGED)
        return -EIO;                // its bit stays set
    if (err < 0) {
        inum_undo(inum);
        return err;
    }
    acquiresleep(&(*out)->lock);
    fresh(*out, type, major, minor);
    iupdate(h, *out);
    return 0;
}

void
ifree(struct hold *h, struct inode *ip)
{
    ip->type = ip->nlink = 0;
    iupdate(h, ip);
    ip->valid = ip->orphan = 0;     // before the number can be given again
    inum_free(h, ip->inum);
}

void
iorphan(struct hold *h, struct inode *ip)
{
    ip->nlink = 0;
    ip->orphan = 1;
    orphan_mark(h, ip->inum, 1);
    iupdate(h, ip);
}

// One step of an inode's end; it is locked. 1 when there is more to do.
static int
destroy_step(struct hold *h, struct inode *ip)
{
    int err = icut_step(h, ip, 0);

    if (err == 0)
        err = hold_inum(h, ip->inum);
    if (err == 0) {
        orphan_mark(h, ip->inum, 0);
        ifree(h, ip);
    }
    return err;
}

// The last reference, and no name: nobody else can come by this inode.
static int
destroy(struct inode *ip)
{
    uint credits = FREEOP + icut_credits();
    struct hold h = { 0 };
    int err;

    do {
        if ((err = begin_op(credits)) < 0)
            return err;
        acquiresleep(&ip->lock);
        err = destroy_step(&h, ip);
        hold_drop(&h);
        releasesleep(&ip->lock);
        end_op(credits);
    } while (err > 0);
    return err;
}

static void
doom(struct inode *ip)
{
    acquire(&itable.lock);
    if (ip->listed)
        idle_remove(ip);
    ip->lnext = itable.doomed;
    itable.doomed = ip;
    release(&itable.lock);
}

// Give back the reference of an inode without names, once it is destroyed.
// One that could not be, for want of memory, waits for the flusher; after
// any other failure its orphan bit brings it back at the next boot. When all
// went well, somebody may have used the number again already, and even have
// left this reference as the last one of another orphan.
static void
put_nameless(struct inode *ip)
{
    int err = destroy(ip);

    if (err == -ENOMEM || err == -EAGAIN) {
        doom(ip);
        return;
    }
    if (err < 0)
        ip->orphan = ip->valid = 0;
    iput(ip);
}

void
iput(struct inode *ip)
{
    acquire(&itable.lock);
    assert(ip->ref > 0);
    if (ip->ref == 1 && ip->orphan) {
        release(&itable.lock);
        put_nameless(ip);
        return;
    }
    if (--ip->ref == 0)
        unreferenced(ip);
    release(&itable.lock);
}

// Try again to destroy what could not be.
static void
reap_doomed(void)
{
    struct inode *list, *ip;

    acquire(&itable.lock);
    list = itable.doomed;
    itable.doomed = 0;
    release(&itable.lock);
    while ((ip = list) != 0) {
        list = ip->lnext;
        put_nameless(ip);
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
            ip->orphan = ip->nlink == 0;
            iunlock(ip);
        }
        if (ip->orphan)
            cprintf("fs: freeing orphan inode %d\n", inum);
        iput(ip);
    }
    return inum;
}

int
fs_init(void)
{
    int err;

    if ((err = alloc_init()) < 0)
        return err;
    names_init();
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
    reap_doomed();
    return log_commit();
}

static void
flusher(void *unused)
{
    (void)unused;
    myproc()->reserve = 1;
    myproc()->nomemwait = 1;        // what needs memory waits for next time
    for (;;) {
        log_nap();
        reap_doomed();
        if (log_pending() > 0 || cache_dirty() > 0)
            log_commit();
    }
}

void
flusher_start(void)
{
    if (kthread("flusher", flusher, 0) < 0)
        panic("no memory for the flusher");
}

// Rights that exclude each other, and stat.

static int
count_right(struct inode *ip, uint *mine, const uint *other)
{
    int ok;

    acquire(&itable.lock);
    assert(ip->ref > 0);
    ok = *other == 0;
    *mine += ok;
    release(&itable.lock);
    return ok ? 0 : -ETXTBSY;
}

static void
drop_right(uint *mine)
{
    acquire(&itable.lock);
    assert(*mine > 0);
    --*mine;
    release(&itable.lock);
}

int
iexec_get(struct inode *ip)
{
    return count_right(ip, &ip->execs, &ip->writers);
}

void
iexec_put(struct inode *ip)
{
    drop_right(&ip->execs);
}

int
iwmap_get(struct inode *ip)
{
    return count_right(ip, &ip->writers, &ip->execs);
}

void
iwmap_put(struct inode *ip)
{
    drop_right(&ip->writers);
}

void
stati(struct inode *ip, struct stat *st)
{
    st->type = ip->type;
    st->dev = DEV_FS;
    st->ino = ip->inum;
    st->nlink = MIN(ip->nlink, MAXNLINK);
    st->size = ip->size;
}
