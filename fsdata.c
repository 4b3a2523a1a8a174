// fsdata.c: the contents of files: which block is where, growing and cutting,
// reading and writing. Interface: fs.h.
//
// A file is a row of blocks without holes, so blocks come and go only at its
// end. The inode names the first ones; an index block names NINDIRECT more, and
// the double-indirect block names further index blocks:
//
//     addr[0..9]  -> data
//     ind         -> [ data ... ]
//     dind        -> [ -> [ data ... ] ... ]
//
// The way to block `index` is its path: a pointer in the inode and an entry in
// each index block. An index block comes with its first entry and goes with
// it. So a block that is appended brings up to two index blocks along, and one
// pointer changes in what was there before: in the parent. Cutting the last
// block off is the reverse.
//
// Every transaction leaves size and blocks in agreement, so a crash between
// two steps of a long write or cut leaves a shorter or longer file and nothing
// else. File data goes to the cache only: the commit writes it before the
// metadata that makes it reachable.
//
// Bytes past the end in the last block are zero when the file grows over them:
// a cut clears the tail, growing clears it again (a mapping may have written
// there).
//
// Each write is an operation, even when it changes no more than bytes that are
// there: so there is one way, and a write across the end is one piece. But a
// write inside the file asks for one credit, as of the metadata it changes the
// time only. Many that wait for the file's lock do not fill the log with
// credits that nobody uses, and so force no commits.
//
// Users' memory is copied in the midst of the work, the inode locked, as far as
// its pages are there. What a short copy has moved counts, and the caller goes
// on behind it (sysfile.c). But a transfer of up to WHOLE bytes counts only as
// a whole: the next try moves all of it again.

#include "errno.h"
#include "lib.h"
#include "rtc.h"
#include "kalloc.h"
#include "stat.h"
#include "disk.h"
#include "cache.h"
#include "log.h"
#include "op.h"
#include "alloc.h"
#include "fs.h"
#include "file.h"
#include "copynow.h"
#include "proc.h"

#define MAXDEPTH   2
#define WRITESTEP  FEWBLOCKS        // blocks appended per transaction,
#define GROWSTEP   64               // zero blocks likewise
#define CUTSTEP    1024             // and blocks cut, at most
#define RAFIRST    4                // blocks read ahead at first,
#define RAMOST     32               // and at most
#define LONGSTEP   (16 * BSIZE)     // bytes in one go: others wait so long
#define ANYSIZE    0xffffffffu      // no file is so large
#define INSIDE     1                // credits to change the inode's block only

// ---- which block is where ----

struct blockpath {
    uint depth;                     // index blocks on the way
    uint *root;                     // the pointer in the inode
    uint at[MAXDEPTH];              // entry in each index block, top first
};

static uint
nblocks(uint size)
{
    return (size + BSIZE - 1) / BSIZE;
}

static void
locate(struct inode *ip, uint index, struct blockpath *way)
{
    uint i1 = index - NDIRECT, i2 = i1 - NINDIRECT;

    if (index < NDIRECT)
        *way = (struct blockpath){ 0, &ip->addr[index], { 0 } };
    else if (i1 < NINDIRECT)
        *way = (struct blockpath){ 1, &ip->ind, { i1 } };
    else
        *way = (struct blockpath){ 2, &ip->dind,
                                   { i2 / NINDIRECT, i2 % NINDIRECT } };
}

// How many index blocks exist for this block alone, as it is their first.
static uint
own_index(const struct blockpath *way)
{
    uint k = 0;

    while (k < way->depth && way->at[way->depth - 1 - k] == 0)
        k++;
    return k;
}

static uint *
entries(struct page *pg)
{
    return page_kva(pg);
}

// The block number at `level` of the way (0: what the inode points to). Each is
// read once: on a damaged disk an index block may be a file's data, too, and
// a program that has mapped it changes it while we look.
static int
walk(const struct blockpath *way, uint level, uint *bno)
{
    uint no = *way->root, d;
    struct page *pg;
    int err;

    for (d = 0; d < level && block_valid(no); d++) {
        if ((err = bread(DEV_FS, no, &pg)) < 0)
            return err;
        no = *(volatile uint *)&entries(pg)[way->at[d]];
        page_put(pg);
    }
    *bno = no;
    return block_valid(no) ? 0 : -EIO;
}

// Find the block, and those after it that lie in a row: ip->extent.
static int
find_extent(struct inode *ip, uint index)
{
    volatile uint *map;
    struct blockpath way;
    struct page *pg = 0;
    uint most, bno, n = 1;
    int err;

    locate(ip, index, &way);
    if (way.depth == 0) {
        map = way.root;
        most = NDIRECT - index;
    } else {
        if ((err = walk(&way, way.depth - 1, &bno)) < 0 ||
            (err = bread(DEV_FS, bno, &pg)) < 0)
            return err;
        map = entries(pg) + way.at[way.depth - 1];
        most = NINDIRECT - way.at[way.depth - 1];
    }
    most = MIN(most, RAMOST);
    for (bno = *map; n < most && map[n] == bno + n; n++)
        ;
    if (pg)
        page_put(pg);
    if (!block_valid(bno) || !block_valid(bno + n - 1))
        return -EIO;
    ip->extent = (struct extent){ index, bno, n };
    return 0;
}

static int
bmap(struct inode *ip, uint index, uint *bno)
{
    struct extent *x = &ip->extent;
    int err;

    if (index - x->index >= x->n && (err = find_extent(ip, index)) < 0)
        return err;
    *bno = x->bno + (index - x->index);
    return 0;
}

// Start reading blocks [from, to), those in a row on the disk together.
static void
start_reads(struct inode *ip, uint from, uint to)
{
    struct extent *x = &ip->extent;
    uint n;

    for (; from < to && find_extent(ip, from) == 0; from += n) {
        n = MIN(to - from, x->n);
        breadahead(DEV_FS, x->bno, n);
    }
}

// A block is not in memory. When the last window of blocks ended just here,
// reading is sequential: get the next window, twice as large, in one go. One
// from within the window is still on its way.
static void
read_ahead(struct inode *ip, uint index)
{
    if (ip->raend - index - 1 < ip->rawin)
        return;
    if (index == ip->raend)
        ip->rawin = ip->rawin ? MIN(2 * ip->rawin, RAMOST) : RAFIRST;
    else
        ip->rawin = 1;
    ip->raend = index + ip->rawin;
    if (ip->rawin > 1)
        start_reads(ip, index, MIN(ip->raend, nblocks(ip->size)));
}

int
iblock(struct inode *ip, uint index, struct page **pp)
{
    uint bno;
    int err;

    if ((err = bmap(ip, index, &bno)) < 0)
        return err;
    if ((*pp = incore(DEV_FS, bno)) != 0)
        return 0;
    read_ahead(ip, index);
    return bread(DEV_FS, bno, pp);
}

int
iblock_keep(struct op *op, struct inode *ip, uint index, struct page **pp)
{
    uint bno;
    int err;

    if ((err = bmap(ip, index, &bno)) < 0)
        return err;
    return op_block(op, bno, pp);
}

int
iframe(struct inode *ip, uint index, struct page **pp)
{
    int err = ilock_now(ip);

    if (err < 0)
        return err;
    if (ip->type != T_FILE || index >= nblocks(ip->size))
        err = -EFAULT;
    else
        err = iblock(ip, index, pp);
    iunlock(ip);
    return err;
}

// ---- a block more, a block less ----

// The parent of a block that comes or goes with its k own index blocks: the
// index block which stays; it is kept. 0: the pointer is in the inode.
static int
parent_keep(struct op *op, const struct blockpath *way, uint k,
            struct page **pp)
{
    uint bno;
    int err;

    *pp = 0;
    if (k == way->depth)
        return 0;
    if ((err = walk(way, way->depth - 1 - k, &bno)) < 0)
        return err;
    return op_block(op, bno, pp);
}

// Set the pointer in the parent.
static void
parent_set(struct inode *ip, const struct blockpath *way, uint k,
           struct page *parent, uint bno)
{
    ip->extent.n = 0;
    if (parent == 0) {
        *way->root = bno;
        return;
    }
    entries(parent)[way->at[way->depth - 1 - k]] = bno;
    log_write(parent);
}

// A new block below k new index blocks, and its frame, referenced and all zero.
// *bno: the topmost of these blocks. Nothing has happened when it fails.
static int
new_blocks(struct op *op, uint k, uint *bno, struct page **pp)
{
    struct page *index;
    int err;

    if ((err = balloc(op, bno)) < 0)
        return err;
    if ((err = bnew(DEV_FS, *bno, pp)) == 0 && k > 0) {
        index = *pp;
        op_take(op, index);
        if ((err = new_blocks(op, k - 1, entries(index), pp)) == 0)
            log_write(index);
    }
    if (err < 0)
        balloc_undo(op, *bno);
    return err;
}

int
iappend(struct op *op, struct inode *ip, struct page **pp)
{
    uint index = nblocks(ip->size), k, bno;
    struct blockpath way;
    struct page *parent;
    int err;

    if (index >= MAXBLOCKS)
        return -EFBIG;
    locate(ip, index, &way);
    k = own_index(&way);
    if ((err = parent_keep(op, &way, k, &parent)) < 0 ||
        (err = new_blocks(op, k, &bno, pp)) < 0)
        return err;
    parent_set(ip, &way, k, parent, bno);
    return 0;
}

// Cut the last block and its own index blocks off. Nothing has happened when
// it fails.
static int
cut_last(struct op *op, struct inode *ip)
{
    uint index = nblocks(ip->size) - 1, bno[MAXDEPTH + 1], k, i;
    struct blockpath way;
    struct page *parent;
    int err;

    if (index >= MAXBLOCKS)
        return -EIO;
    locate(ip, index, &way);
    k = own_index(&way);
    for (i = 0; i <= k; i++)
        if ((err = walk(&way, way.depth - i, &bno[i])) < 0 ||
            (err = map_keep(op, &block_map, bno[i])) < 0)
            return err;
    if ((err = parent_keep(op, &way, k, &parent)) < 0)
        return err;
    parent_set(ip, &way, k, parent, 0);
    for (i = 0; i <= k; i++)
        bfree(op, bno[i]);
    ip->size = index * BSIZE;
    return 0;
}

// Zero what lies behind `size` in its block.
static int
clear_tail(struct inode *ip, uint size)
{
    struct page *pg;
    int err;

    if (size % BSIZE == 0)
        return 0;
    if ((err = iblock(ip, size / BSIZE, &pg)) < 0)
        return err;
    memset((char *)page_kva(pg) + size % BSIZE, 0, BSIZE - size % BSIZE);
    bdirty(pg);
    page_put(pg);
    return 0;
}

// ---- setting the size ----

int
icut_step(struct op *op, struct inode *ip, uint size)
{
    uint old = ip->size, left = CUTSTEP, want = nblocks(size);
    int err = 0;

    if (old <= size)
        return 0;
    while (err == 0 && left-- > 0 && nblocks(ip->size) > want)
        err = cut_last(op, ip);
    if (err == -ERESTART && ip->size < old)
        err = 0;                    // so far: the credits are used up
    if (err == 0 && nblocks(ip->size) == want && ip->size > size &&
        (err = clear_tail(ip, size)) == 0)
        ip->size = size;
    ip->mtime = rtc_seconds();
    iupdate(op, ip);
    return err < 0 ? err : ip->size > size;
}

// Begin an operation on a plain file's content. That nobody runs the file is
// settled by ideny(), which the caller has called.
static int
change_begin(struct op *op, struct inode *ip, uint credits)
{
    int err;

    op_init(op, ip);
    if ((err = op_begin(op, credits)) == 0 && ip->type != T_FILE) {
        op_end(op);
        err = -EINVAL;
    }
    return err;
}

// Cut down to size, in as many operations as it takes. With `only`, not
// ANYSIZE, the file is to have that size when the first one begins, and what
// we have left it with when each other does. If it has not, somebody else has
// changed it meanwhile: then leave it as it is.
static int
shorten(struct inode *ip, uint size, uint only)
{
    struct op op;
    int err;

    do {
        if ((err = change_begin(&op, ip, file_credits())) < 0)
            return err;
        if (only == ANYSIZE || only == ip->size)
            err = icut_step(&op, ip, size);
        if (only != ANYSIZE)
            only = ip->size;
        op_end(&op);
    } while ((err = op_again(&op, err)) > 0);
    return err;
}

// One transaction of growing with zeroes: 1 when there is more to do. It may
// need more credits or frames than an operation has secured, and stop short.
static int
grow_step(struct op *op, struct inode *ip, uint size)
{
    uint left = GROWSTEP;
    struct page *pg;
    int err;

    if ((err = clear_tail(ip, ip->size)) < 0)
        return err;
    ip->size = MIN(size, nblocks(ip->size) * BSIZE);
    while (ip->size < size && left > 0 &&
           (err = iappend(op, ip, &pg)) == 0) {
        bdirty(pg);
        page_put(pg);
        ip->size = MIN(size - ip->size, BSIZE) + ip->size;
        left--;
    }
    ip->mtime = rtc_seconds();
    iupdate(op, ip);
    if (err == -ERESTART && left < GROWSTEP)
        err = 0;
    return err < 0 ? err : ip->size < size;
}

// Grow with zeroes to `size`, if the file is shorter. When that fails our
// zeroes go again, unless somebody has appended behind them.
static int
grow(struct inode *ip, uint size)
{
    uint from = ANYSIZE, reached = ANYSIZE;     // ours are between
    uint now = ip->size;                        // only for a first look
    struct op op;
    int err;

    if (size <= now)
        return 0;
    if (nblocks(size) - nblocks(now) > blocks_free())
        return -ENOSPC;
    do {
        if ((err = change_begin(&op, ip, file_credits())) < 0)
            break;
        if (ip->size != reached)
            from = ip->size;
        if (ip->size < size)
            err = grow_step(&op, ip, size);
        reached = ip->size;
        op_end(&op);
    } while ((err = op_again(&op, err)) > 0);
    if (err < 0 && from < reached)
        shorten(ip, from, reached);
    return err;
}

int
itrunc(struct inode *ip, uint size)
{
    int err;

    if (size > MAXFILE)
        return -EFBIG;
    if ((err = ideny(ip, DENY_EXEC)) < 0)
        return err;
    if (size < ip->size)            // a first look, too
        err = shorten(ip, size, ANYSIZE);
    else
        err = grow(ip, size);
    iallow(ip, DENY_EXEC);
    return err;
}

int
ierror(struct inode *ip)
{
    struct page *pg;
    uint i, bno;
    int err;

    if (bfailed(DEV_FS) == 0)
        return 0;
    if ((err = ilock(ip)) < 0)
        return err;
    for (i = 0; err == 0 && i < nblocks(ip->size); i++) {
        if ((err = bmap(ip, i, &bno)) < 0 || (pg = incore(DEV_FS, bno)) == 0)
            continue;
        err = pg->failed ? -EIO : 0;
        page_put(pg);
    }
    iunlock(ip);
    return err;
}

// ---- reading ----

int
readi_exact(struct inode *ip, void *dst, uint off, uint n)
{
    struct page *pg;
    char *to = dst;
    uint m;
    int err;

    if ((err = ilock(ip)) < 0)
        return err;
    if (off > ip->size || n > ip->size - off)
        err = -ENOEXEC;
    for (; err == 0 && n > 0; n -= m, off += m, to += m) {
        m = MIN(n, BSIZE - off % BSIZE);
        if ((err = iblock(ip, off / BSIZE, &pg)) < 0)
            break;
        memcpy(to, (char *)page_kva(pg) + off % BSIZE, m);
        page_put(pg);
    }
    iunlock(ip);
    return err;
}

// What a step of n bytes to or from user memory returns that has moved `done`
// of them. err: why it ended there; -EAGAIN, for a page that was not there.
static int
step_result(uint done, uint n, int err)
{
    if (done == 0 || ((err == -EAGAIN || err == -ERESTART) && n <= WHOLE))
        return err;
    return done;
}

// n bytes at off, which the file has, to the user.
static int
read_blocks(struct inode *ip, uint off, uint uva, uint n)
{
    uint index = off / BSIZE, at = off % BSIZE, left = n, m, got;
    struct page *pg;
    int err;

    for (; left > 0; index++, at = 0) {
        m = MIN(left, BSIZE - at);
        if ((err = iblock(ip, index, &pg)) < 0)
            return step_result(n - left, n, err);
        got = copyout_now(uva, (char *)page_kva(pg) + at, m);
        page_put(pg);
        uva += got;
        left -= got;
        if (got < m)
            return step_result(n - left, n, -EAGAIN);
    }
    return n;
}

int
readi_user(struct file *f, uint uva, uint n)
{
    struct inode *ip = f->ip;
    int got = 0;

    acquiresleep(&ip->lock);        // valid, as it is open
    if (f->off < ip->size) {
        n = MIN(MIN(n, LONGSTEP), ip->size - f->off);
        if ((got = read_blocks(ip, f->off, uva, n)) > 0)
            f->off += got;
    }
    releasesleep(&ip->lock);
    return got;
}

// ---- writing ----

// n bytes from the user to off, which is not past the end. Blocks behind the
// end are made. The size covers these blocks afterwards, zero where nothing
// came.
static int
write_blocks(struct op *op, struct inode *ip, uint off, uint uva, uint n)
{
    uint done, at, m, got;
    struct page *pg;
    int err = 0;

    for (done = 0; done < n && err == 0; done += got) {
        at = (off + done) % BSIZE;
        m = MIN(n - done, BSIZE - at);
        if ((off + done) / BSIZE < nblocks(ip->size))
            err = iblock(ip, (off + done) / BSIZE, &pg);
        else
            err = iappend(op, ip, &pg);
        if (err < 0)
            break;
        got = copyin_now((char *)page_kva(pg) + at, uva + done, m);
        bdirty(pg);
        page_put(pg);
        ip->size = MAX(ip->size, off + done + m);
        if (got < m)
            err = -EAGAIN;
    }
    return step_result(done, n, err);
}

// Does the file have all n bytes at its offset?
static int
write_inside(const struct file *f, uint n)
{
    uint off = f->off, size = f->ip->size;

    return !f->append && off < size && n <= size - off;
}

// One operation's part of a write, at the file's offset or at its end. Bytes
// done; 0: there is a gap before the offset, or too few credits; -errno.
static int
write_step(struct op *op, struct file *f, uint uva, uint n)
{
    struct inode *ip = f->ip;
    uint off = f->append ? ip->size : f->off, old = ip->size, keep;
    int done, err;

    if (off >= MAXFILE)
        return -EFBIG;
    if (off > old || (op->credits == INSIDE && !write_inside(f, n)))
        return 0;
    n = MIN(n, MAXFILE - off);
    n = MIN(n, WRITESTEP * BSIZE - off % BSIZE);
    done = write_blocks(op, ip, off, uva, n);
    if (done > 0 && (ip->size > old || ip->mtime != rtc_seconds())) {
        ip->mtime = rtc_seconds();
        iupdate(op, ip);
    }
    keep = done > 0 ? MAX(old, off + done) : old;
    // Nothing came from the user for what lies behind `keep`. Where the last
    // block cannot be cleared, the file ends at `keep` all the same: growing
    // clears the tail again.
    if (ip->size > keep && (err = icut_step(op, ip, keep)) < 0) {
        if (nblocks(ip->size) > nblocks(keep))
            return err;
        ip->size = keep;
        iupdate(op, ip);
    }
    if (done > 0)
        f->off = off + done;
    return done;
}

// Fill the gap between the file's end and its offset.
static int
write_gap(struct file *f, uint uva)
{
    char byte;

    if (f->off >= MAXFILE)
        return -EFBIG;
    if (copyin_now(&byte, uva, 1) == 0)
        return -EAGAIN;             // nothing grows for a bad buffer
    return grow(f->ip, f->off);
}

// One operation of a write. Bytes done; -errno; 0: begin again, as somebody
// has cut the file meanwhile, or as freed blocks have become usable.
static int
write_some(struct file *f, uint uva, uint n)
{
    struct op op;
    uint credits;
    int done;

    // Looks without the lock: write_step() looks again.
    if (!f->append && f->off > f->ip->size &&
        (done = write_gap(f, uva)) < 0)
        return done;
    credits = write_inside(f, n) ? INSIDE : file_credits();
    if ((done = change_begin(&op, f->ip, credits)) < 0)
        return done;
    done = write_step(&op, f, uva, n);
    op_end(&op);
    return done == -ENOSPC && op_again(&op, done) > 0 ? 0 : done;
}

int
writei_user(struct file *f, uint uva, uint n)
{
    int done = ideny(f->ip, DENY_EXEC);

    if (done < 0)
        return done;
    while ((done = write_some(f, uva, n)) == 0)
        ;
    iallow(f->ip, DENY_EXEC);
    return done;
}
