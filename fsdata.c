// fsdata.c: the contents of files: which block is where, reading, writing,
// growing and cutting.
//
// Block number `index` of a file hangs at a spot: in the inode, in an index
// block, or in one of the index blocks that the double-indirect block names.
// As there are no holes, blocks come and go only at the end, and an index
// block comes with its first entry and goes with it. So appending a block
// makes up to three (the block, its index block, the one above) and changes
// one pointer in what exists already; cutting the last one is the reverse.
//
//     addr[0..9]  -> data
//     ind         -> [ data ... ]
//     dind        -> [ -> [ data ... ] ... ]
//
// Every transaction leaves size and blocks in agreement, so a crash between
// two steps of a long write or cut leaves a shorter or longer file and
// nothing else. File data goes to the cache only: the commit writes it
// before the metadata that makes it reachable.
//
// Bytes past the end in the last block are zero when the file grows over
// them: a cut clears the tail, growing clears it again (a mapping may have
// written there).

#include "errno.h"
#include "lib.h"
#include "rtc.h"
#include "kalloc.h"
#include "stat.h"
#include "disk.h"
#include "cache.h"
#include "log.h"
#include "alloc.h"
#include "fs.h"
#include "file.h"
#include "usercopy.h"
#include "memwait.h"

#define MAXDEPTH   2
#define FEWMAPS    8                // bitmap blocks an operation may all touch
#define WRITESTEP  8                // blocks appended per transaction,
#define GROWSTEP   64               // zero blocks likewise
#define CUTSTEP    1024             // and blocks cut, with few bitmap blocks;
#define SAFESTEP   8                // the last two with many
#define RAFIRST    4                // blocks read ahead at first,
#define RAMOST     32               // and at most
#define LONGREAD   (16 * BSIZE)     // read in one go: others wait so long
#define ANYSIZE    0xffffffffu      // no file is so large

struct spot {
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
locate(struct inode *ip, uint index, struct spot *s)
{
    s->depth = 0;
    if (index < NDIRECT) {
        s->root = &ip->addr[index];
        return;
    }
    index -= NDIRECT;
    s->depth = 1;
    s->root = &ip->ind;
    s->at[0] = index;
    if (index < NINDIRECT)
        return;
    index -= NINDIRECT;
    s->depth = 2;
    s->root = &ip->dind;
    s->at[0] = index / NINDIRECT;
    s->at[1] = index % NINDIRECT;
}

// How many index blocks exist for this block alone, as it is their first.
static uint
own_index(const struct spot *s)
{
    uint k = 0;

    while (k < s->depth && s->at[s->depth - 1 - k] == 0)
        k++;
    return k;
}

static uint *
entries(struct page *pg)
{
    return page_kva(pg);
}

// The block numbers on the way to `level` (0: what the inode points to).
static int
walk(const struct spot *s, uint level, uint bno[MAXDEPTH + 1])
{
    struct page *pg;
    uint d;
    int err;

    bno[0] = *s->root;
    for (d = 0; d < level; d++) {
        if (!block_valid(bno[d]))
            return -EIO;
        if ((err = bread(DEV_FS, bno[d], &pg)) < 0)
            return err;
        bno[d + 1] = *(volatile uint *)&entries(pg)[s->at[d]];
        page_put(pg);
    }
    return block_valid(bno[level]) ? 0 : -EIO;
}

// Remember the run of consecutive blocks that begins with entry 0 of n. Each
// is read once: on a damaged disk an index block may be a file's data, too,
// and a program that has mapped it changes it while we look.
static int
set_run(struct inode *ip, uint index, const volatile uint *entry, uint n)
{
    uint first = entry[0], i = 1;

    while (i < n && entry[i] == first + i)
        i++;
    if (!block_valid(first) || !block_valid(first + i - 1))
        return -EIO;
    ip->runat = index;
    ip->runbno = first;
    ip->runlen = i;
    return 0;
}

static int
find_run(struct inode *ip, uint index)
{
    uint way[MAXDEPTH + 1], at;
    struct page *pg;
    struct spot s;
    int err;

    if (index < NDIRECT)
        return set_run(ip, index, &ip->addr[index], NDIRECT - index);
    locate(ip, index, &s);
    if ((err = walk(&s, s.depth - 1, way)) < 0)
        return err;
    if ((err = bread(DEV_FS, way[s.depth - 1], &pg)) < 0)
        return err;
    at = s.at[s.depth - 1];
    err = set_run(ip, index, entries(pg) + at, NINDIRECT - at);
    page_put(pg);
    return err;
}

static inline int
bmap(struct inode *ip, uint index, uint *bno)
{
    int err;

    if (index - ip->runat >= ip->runlen && (err = find_run(ip, index)) < 0)
        return err;
    *bno = ip->runbno + (index - ip->runat);
    return 0;
}

static void
start_reads(struct inode *ip, uint from, uint to)
{
    uint bno, first = 0, n = 0;

    for (; from < to && bmap(ip, from, &bno) == 0; from++) {
        if (n > 0 && bno != first + n) {
            breadahead(DEV_FS, first, n);
            n = 0;
        }
        if (n++ == 0)
            first = bno;
    }
    breadahead(DEV_FS, first, n);
}

// A block is not in memory. When the last window of blocks ended just here,
// reading is sequential: get the next window, twice as large, in one go. One
// from within the window is still on its way.
static int
load_block(struct inode *ip, uint index, uint bno, struct page **pp)
{
    if (ip->raend - index - 1 < ip->rawin)
        return bread(DEV_FS, bno, pp);
    if (index == ip->raend)
        ip->rawin = ip->rawin ? MIN(2 * ip->rawin, RAMOST) : RAFIRST;
    else
        ip->rawin = 1;
    ip->raend = index + ip->rawin;
    if (ip->rawin > 1)
        start_reads(ip, index, MIN(ip->raend, nblocks(ip->size)));
    return bread(DEV_FS, bno, pp);
}

int
iblock(struct inode *ip, uint index, struct page **pp)
{
    uint bno;
    int err;

    if ((err = bmap(ip, index, &bno)) < 0)
        return err;
    *pp = incore(DEV_FS, bno);
    return *pp ? 0 : load_block(ip, index, bno, pp);
}

int
ihold_block(struct hold *h, struct inode *ip, uint index, struct page **pp)
{
    uint bno;
    int err;

    if ((err = bmap(ip, index, &bno)) < 0 || (err = hold_block(h, bno)) < 0)
        return err;
    *pp = held(h, bno);
    return 0;
}

// The index block that will stay when the block at s comes or goes together
// with its k own index blocks. 0: the pointer is in the inode.
static int
open_stem(const struct spot *s, uint k, struct page **pp)
{
    uint way[MAXDEPTH + 1];
    int err;

    *pp = 0;
    if (k == s->depth)
        return 0;
    if ((err = walk(s, s->depth - 1 - k, way)) < 0)
        return err;
    return bread(DEV_FS, way[s->depth - 1 - k], pp);
}

// Set the one pointer outside the blocks that come or go, and let go.
static void
close_stem(const struct spot *s, uint k, struct page *stem, uint bno)
{
    if (stem == 0) {
        *s->root = bno;
        return;
    }
    entries(stem)[s->at[s->depth - 1 - k]] = bno;
    log_write(stem);
    page_put(stem);
}

// n new blocks and their frames, referenced, all zero. All or none.
static int
new_blocks(uint n, struct page **pg)
{
    uint i, bno;
    int err = 0;

    for (i = 0; i < n; i++) {
        if ((err = balloc(&bno)) < 0)
            break;
        if ((err = bnew(DEV_FS, bno, &pg[i])) < 0) {
            balloc_undo(bno);
            break;
        }
    }
    while (err < 0 && i > 0) {
        bno = pg[--i]->bno;
        page_put(pg[i]);
        balloc_undo(bno);
    }
    return err;
}

int
iappend(struct inode *ip, struct page **pp)
{
    uint index = nblocks(ip->size), k, i;
    struct page *stem, *pg[MAXDEPTH + 1];
    struct spot s;
    int err;

    if (index >= MAXBLOCKS)
        return -EFBIG;
    locate(ip, index, &s);
    k = own_index(&s);
    if ((err = open_stem(&s, k, &stem)) < 0)
        return err;
    if ((err = new_blocks(k + 1, pg)) < 0) {
        if (stem)
            page_put(stem);
        return err;
    }
    close_stem(&s, k, stem, pg[k]->bno);
    if (index - ip->runat < ip->runlen)
        ip->runlen = index - ip->runat; // damaged: a number behind the end
    for (i = 1; i <= k; i++) {
        entries(pg[i])[0] = pg[i - 1]->bno;
        log_write(pg[i]);
        page_put(pg[i]);
    }
    *pp = pg[0];
    return 0;
}

// Cut the last block and its own index blocks off. Nothing has happened when
// it fails.
static int
cut_last(struct hold *h, struct inode *ip)
{
    uint index = nblocks(ip->size) - 1, way[MAXDEPTH + 1], k, i;
    struct page *stem;
    struct spot s;
    int err;

    if (index >= MAXBLOCKS)
        return -EIO;
    locate(ip, index, &s);
    k = own_index(&s);
    if ((err = walk(&s, s.depth, way)) < 0)
        return err;
    for (i = 0; i <= k; i++)
        if ((err = hold_bitmap(h, way[s.depth - i])) < 0)
            return err;
    if ((err = open_stem(&s, k, &stem)) < 0)
        return err;
    close_stem(&s, k, stem, 0);
    for (i = 0; i <= k; i++)
        bfree(h, way[s.depth - i]);
    ip->size = index * BSIZE;
    ip->runlen = 0;
    return 0;
}

// Cut up to max blocks off the end, down to `first` blocks in all. Those that
// hang at one index block, or in the inode, go together, but for the index
// block's first. Returns how many, or -errno.
static int
cut_some(struct hold *h, struct inode *ip, uint first, uint max)
{
    uint last = nblocks(ip->size) - 1, at = last, n, bno;
    volatile uint *entry;
    struct page *stem;
    struct spot s;
    int err;

    if (last >= MAXBLOCKS)
        return -EIO;
    locate(ip, last, &s);
    if (own_index(&s) > 0)
        return (err = cut_last(h, ip)) < 0 ? err : 1;
    if ((err = open_stem(&s, 0, &stem)) < 0)
        return err;
    max = MIN(max, last + 1 - first);
    if (stem) {
        at = s.at[s.depth - 1];
        max = MIN(max, at);
    }
    entry = stem ? entries(stem) : ip->addr;
    for (n = 0; n < max; n++, at--) {
        bno = entry[at];                // once: see set_run()
        err = block_valid(bno) ? hold_bitmap(h, bno) : -EIO;
        if (err < 0)
            break;
        bfree(h, bno);
        entry[at] = 0;
        ip->size = (last - n) * BSIZE;
    }
    ip->runlen = 0;
    if (stem) {
        if (n > 0)
            log_write(stem);
        page_put(stem);
    }
    return n > 0 ? (int)n : err;
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
    if (ip->type == T_DIR)
        log_write(pg);
    else
        bdirty(pg);
    page_put(pg);
    return 0;
}

// Blocks that one transaction may handle of a long piece of work.
static uint
long_step(uint few)
{
    return super.nbmap <= FEWMAPS ? few : SAFESTEP;
}

uint
icut_credits(void)
{
    return credits_for(long_step(CUTSTEP));
}

int
icut_step(struct hold *h, struct inode *ip, uint size)
{
    uint left = long_step(CUTSTEP), first = nblocks(size);
    int n = 0;

    if ((n = ihold(h, ip)) < 0 || ip->size <= size)
        return n;
    while (n >= 0 && left > 0 && nblocks(ip->size) > first) {
        n = cut_some(h, ip, first, left);
        left -= MAX(n, 0);
    }
    if (n >= 0 && nblocks(ip->size) == first && ip->size > size &&
        (n = clear_tail(ip, size)) == 0)
        ip->size = size;
    ip->mtime = rtc_seconds();
    iupdate(h, ip);
    return n < 0 ? n : ip->size > size;
}

// Cut down to size, step by step. reached: how large the file is, or ANYSIZE;
// once it is not, somebody else has changed it and the rest is his.
static int
shorten(struct inode *ip, uint size, uint reached)
{
    uint credits = icut_credits();
    struct hold h = { 0 };
    int err;

    do {
        if ((err = begin_op(credits)) < 0)
            return err;
        if ((err = ilock(ip)) == 0) {
            if (reached == ANYSIZE || reached == ip->size)
                err = icut_step(&h, ip, size);
            if (reached != ANYSIZE)
                reached = ip->size;
            hold_drop(&h);
            iunlock(ip);
        }
        end_op(credits);
    } while ((err = mem_again(err)) > 0);
    return err;
}

// One transaction of growing with zeroes: 1 when there is more to do. It may
// need more frames than an operation has secured, and stop short.
static int
grow_step(struct inode *ip, uint size, struct hold *h)
{
    uint n = 0, step = long_step(GROWSTEP);
    struct page *pg;
    int err;

    if ((err = ihold(h, ip)) < 0 || (err = clear_tail(ip, ip->size)) < 0)
        return err;
    ip->size = MIN(size, nblocks(ip->size) * BSIZE);
    while (ip->size < size && n++ < step && (err = iappend(ip, &pg)) == 0) {
        bdirty(pg);
        page_put(pg);
        ip->size = MIN(size - ip->size, BSIZE) + ip->size;
    }
    ip->mtime = rtc_seconds();
    iupdate(h, ip);
    if (err == -ERESTART && n > 1)
        err = 0;
    return err < 0 ? err : ip->size < size;
}

// Grow with zeroes to `size`. When that fails our zeroes go again, but for
// those with another's append behind them.
static int
grow(struct inode *ip, uint size)
{
    uint credits = credits_for(long_step(GROWSTEP));
    uint from = ANYSIZE, reached = ANYSIZE;     // ours are between
    uint now = ip->size;                        // only for a first look
    uint seen;
    struct hold h = { 0 };
    int err;

    if (size > now && nblocks(size) - nblocks(now) > blocks_free())
        return -ENOSPC;
    do {
        seen = log_released();
        if ((err = begin_op(credits)) < 0)
            break;
        if ((err = ilock(ip)) == 0) {
            if (ip->size != reached)
                from = ip->size;
            err = ip->size < size ? grow_step(ip, size, &h) : 0;
            reached = ip->size;
            hold_drop(&h);
            iunlock(ip);
        }
        end_op(credits);
        if (err == -ENOSPC && log_release_held(seen))
            err = 1;
    } while ((err = mem_again(err)) > 0);
    if (err < 0 && from < reached)
        shorten(ip, from, reached);
    return err;
}

// May the file's content change? Inode locked. That nobody runs it is settled
// by the right that itrunc() and writei_spans() take for their whole length.
static int
changeable(struct inode *ip)
{
    return ip->type == T_FILE ? log_readonly() : -EINVAL;
}

static int
set_size(struct inode *ip, uint size)
{
    uint old;
    int err;

    if ((err = ilock(ip)) < 0)
        return err;
    err = changeable(ip);
    old = ip->size;
    iunlock(ip);
    if (err < 0 || size == old)
        return err;
    return size < old ? shorten(ip, size, ANYSIZE) : grow(ip, size);
}

int
itrunc(struct inode *ip, uint size)
{
    int err;

    if (size > MAXFILE)
        return -EFBIG;
    if ((err = ideny_exec(ip)) < 0)
        return err;
    err = set_size(ip, size);
    iallow_exec(ip);
    return err;
}

int
ierror(struct inode *ip)
{
    uint i, bno;
    int err;

    if (bfailed(DEV_FS) == 0)
        return 0;
    if ((err = ilock(ip)) < 0)
        return err;
    for (i = 0; err == 0 && i < nblocks(ip->size); i++)
        if ((err = bmap(ip, i, &bno)) == 0 && bfailed_block(DEV_FS, bno))
            err = -EIO;
    iunlock(ip);
    return err;
}

// Moving bytes between the file's blocks and the caller's spans.

struct cursor {
    const struct span *s;
    uint at;                        // bytes of it that are done
};

static uint
bytes_of(const struct span *s, int nspans)
{
    uint n = 0;

    while (nspans-- > 0)
        n += s++->n;
    return n;
}

// From the caller's spans into a block, which may be the same memory, mapped.
static void
move(struct cursor *c, struct page *pg, uint at, uint n)
{
    char *block = (char *)page_kva(pg) + at;
    uint m;

    for (; n > 0; n -= m, block += m) {
        m = MIN(n, c->s->n - c->at);
        memmove(block, c->s->p + c->at, m);
        c->at += m;
        if (c->at == c->s->n) {
            c->s++;
            c->at = 0;
        }
    }
}

// Reading.

int
readi(struct inode *ip, void *dst, uint off, uint n)
{
    uint at = off, end, m;
    struct page *pg;
    int err;

    if (ip->type == T_DEV)
        return -EINVAL;
    if (off >= ip->size)
        return 0;
    end = off + MIN(n, ip->size - off);
    for (; at < end; at += m) {
        if ((err = iblock(ip, at / BSIZE, &pg)) < 0)
            return at > off ? (int)(at - off) : err;
        m = MIN(end - at, BSIZE - at % BSIZE);
        memcpy((char *)dst + at - off, (char *)page_kva(pg) + at % BSIZE, m);
        page_put(pg);
    }
    return end - off;
}

int
readi_at(struct inode *ip, void *dst, uint *off, uint n)
{
    int got = ilock(ip);

    if (got < 0)
        return got;
    got = readi(ip, dst, *off, n);
    if (got > 0)
        *off += got;
    iunlock(ip);
    return got;
}

// n bytes within one block, to the user: all of them, or -EAGAIN.
static inline int
read_block(struct inode *ip, uint off, uint uva, uint n)
{
    uint index = off / BSIZE, at = index - ip->runat, got;
    struct page *pg = 0;
    int err;

    if (at < ip->runlen)            // iblock()'s own case most often
        pg = incore(DEV_FS, ip->runbno + at);
    if (pg == 0 && (err = iblock(ip, index, &pg)) < 0)
        return err;
    got = copyout_now(myproc()->as, uva, (char *)page_kva(pg) + off % BSIZE, n);
    page_put(pg);
    return got == n ? (int)n : -EAGAIN;
}

static int __attribute__((noinline))
read_blocks(struct inode *ip, uint off, uint uva, uint n)
{
    uint done = 0, m;
    int got;

    n = MIN(n, LONGREAD);
    do {
        m = MIN(n - done, BSIZE - (off + done) % BSIZE);
        if ((got = read_block(ip, off + done, uva + done, m)) > 0)
            done += got;
    } while (done < n && got > 0);
    if (done == 0 || (got == -EAGAIN && n <= BSIZE))
        return got;
    return done;
}

int
readi_user(struct file *f, uint uva, uint n)
{
    struct inode *ip = f->ip;
    uint off;
    int got = 0;

    acquiresleep(&ip->lock);        // valid, as it is open
    off = f->off;
    if (off < ip->size) {
        n = MIN(n, ip->size - off);
        if (off % BSIZE + n <= BSIZE)
            got = read_block(ip, off, uva, n);
        else
            got = read_blocks(ip, off, uva, n);
        if (got > 0)
            f->off = off + got;
    }
    releasesleep(&ip->lock);
    return got;
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

// Writing. The cursor c stands where the next byte comes from.

// The frame, referenced, of an existing block that is to be written; when
// all of it is, its old content need not be read.
static int
block_to_write(struct inode *ip, uint index, uint n, struct page **pp)
{
    uint bno;
    int err;

    if (n < BSIZE)
        return iblock(ip, index, pp);
    if ((err = bmap(ip, index, &bno)) < 0 ||
        (*pp = incore(DEV_FS, bno)) != 0)
        return err;
    return bnew(DEV_FS, bno, pp);
}

// Copy into existing blocks of a locked file. Bytes done, or -errno.
static int
overwrite(struct inode *ip, struct cursor *c, uint off, uint n)
{
    uint at = off, end = off + n, m;
    struct page *pg;
    int err;

    for (; at < end; at += m) {
        m = MIN(end - at, BSIZE - at % BSIZE);
        if ((err = block_to_write(ip, at / BSIZE, m, &pg)) < 0)
            return at > off ? (int)(at - off) : err;
        move(c, pg, at % BSIZE, m);
        bdirty(pg);
        page_put(pg);
    }
    return n;
}

// Write n bytes of a block that exists or, at the end, is made.
static int
extend_block(struct inode *ip, struct cursor *c, uint at, uint n)
{
    struct page *pg;
    int err;

    if (at / BSIZE < nblocks(ip->size))
        return overwrite(ip, c, at, n);
    if ((err = iappend(ip, &pg)) < 0)
        return err;
    move(c, pg, 0, n);
    bdirty(pg);
    page_put(pg);
    return n;
}

// Write at off, which is not past the end, up to WRITESTEP blocks; part of a
// transaction, inode locked and held.
static int
extend(struct hold *h, struct inode *ip, struct cursor *c, uint off, uint n)
{
    uint at = off, end = off + n, m, step = 0;
    int err = 0;

    for (; at < end && step++ < WRITESTEP; at += m) {
        m = MIN(end - at, BSIZE - at % BSIZE);
        if ((err = extend_block(ip, c, at, m)) < 0)
            break;
        ip->size = MAX(ip->size, at + m);
    }
    ip->mtime = rtc_seconds();
    iupdate(h, ip);
    return at > off ? (int)(at - off) : err;
}

// The time of a change that needed no transaction; once a second will do.
static void
touch(struct inode *ip)
{
    struct hold h = { 0 };

    if (begin_op(1) < 0)
        return;
    if (ilock(ip) == 0) {
        if (ihold(&h, ip) == 0) {
            ip->mtime = rtc_seconds();
            iupdate(&h, ip);
        }
        hold_drop(&h);
        iunlock(ip);
    }
    end_op(1);
}

// Change bytes before the end of the file: no transaction. Bytes done; 0:
// there are none any more; or -errno.
static int
write_inside(struct inode *ip, struct cursor *c, uint *off, uint n)
{
    int done, stale;

    if ((done = ilock(ip)) < 0)
        return done;
    done = changeable(ip);
    if (done == 0 && *off < ip->size)
        done = overwrite(ip, c, *off, MIN(n, ip->size - *off));
    if (done > 0)
        *off += done;
    stale = done > 0 && ip->mtime != rtc_seconds();
    iunlock(ip);
    if (stale)
        touch(ip);
    return done;
}

// Under the lock: is this the place to write, and how much?
static int
write_locked(struct inode *ip, struct cursor *c, uint *off, uint n,
             int append)
{
    struct hold h = { 0 };
    int done;

    if ((done = changeable(ip)) < 0)
        return done;
    if (append)
        *off = ip->size;
    if (*off >= MAXFILE)
        return -EFBIG;
    if (*off > ip->size)
        return 0;                   // cut meanwhile: fill the gap first
    done = ihold(&h, ip);
    if (done == 0)
        done = extend(&h, ip, c, *off, MIN(n, MAXFILE - *off));
    hold_drop(&h);
    if (done > 0)
        *off += done;
    return done;
}

// One transaction of a write at the end. Bytes done, 0: try again, -errno.
static int
write_end(struct inode *ip, struct cursor *c, uint *off, uint n, int append)
{
    uint credits = credits_for(WRITESTEP), seen = log_released();
    int done;

    if ((done = begin_op(credits)) < 0)
        return done;
    if ((done = ilock(ip)) == 0) {
        done = write_locked(ip, c, off, n, append);
        iunlock(ip);
    }
    end_op(credits);
    if (done == -ENOSPC && log_release_held(seen))
        return 0;
    return done;
}

static int
write_gap(struct inode *ip, uint off)
{
    int err;

    if (off >= MAXFILE)
        return -EFBIG;
    if ((err = ilock(ip)) < 0)
        return err;
    err = changeable(ip);
    iunlock(ip);
    return err < 0 ? err : grow(ip, off);
}

// Looks at size without the lock, to choose; each choice looks again.
static int
write_some(struct inode *ip, struct cursor *c, uint *off, uint n, int append)
{
    int done = 0;

    if (!append && *off > ip->size && (done = write_gap(ip, *off)) < 0)
        return done;
    if (!append && *off < ip->size)
        done = write_inside(ip, c, off, n);
    return done ? done : write_end(ip, c, off, n, append);
}

int
writei_spans(struct inode *ip, const struct span *s, int nspans, uint *off,
             int append)
{
    uint n = bytes_of(s, nspans), done = 0;
    struct cursor c = { s, 0 };
    int m = ideny_exec(ip);

    if (m < 0)
        return m;
    while (done < n && m >= 0) {
        m = write_some(ip, &c, off, n - done, append);
        if (m > 0)
            done += m;
    }
    iallow_exec(ip);
    return done ? (int)done : MIN(m, 0);
}

int
writei(struct inode *ip, const void *src, uint *off, uint n, int append)
{
    struct span s = { (uchar *)src, n };

    return writei_spans(ip, &s, 1, off, append);
}
