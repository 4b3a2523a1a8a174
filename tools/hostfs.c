// hostfs.c: a Teak file system in a file of the host (hostfs.h).
//
// Numbers are used as they lie in memory: the host must be little-endian.

#define _GNU_SOURCE                 // F_OFD_SETLK
#define _FILE_OFFSET_BITS 64
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "hostfs.h"

struct hostfs hfs = { .failure = 1 };

void
hfs_die(const char *fmt, ...)
{
    va_list ap;

    fflush(stdout);
    fprintf(stderr, "%s: ", hfs.tool);
    va_start(ap, fmt);
    vfprintf(stderr, fmt, ap);
    va_end(ap);
    fprintf(stderr, "\n");
    if (hfs.undo)
        hfs.undo();
    exit(hfs.failure);
}

void *
hfs_need(void *p)
{
    if (p == 0)
        hfs_die("out of memory");
    return p;
}

// ---- the image ----

#ifdef F_OFD_SETLK
#define LOCKCMD F_OFD_SETLK
#define TESTCMD F_OFD_GETLK
#else
#define LOCKCMD F_SETLK
#define TESTCMD F_GETLK
#endif

// QEMU's agreement about an image: who reads it read-locks byte 100, who
// writes it byte 101, who wants no other writer byte 201. Then each looks
// whether another one has the byte that contradicts.
enum { LOCK_READS = 100, LOCK_WRITES, LOCK_ALONE = 201 };

static int
lock_byte(int cmd, int type, off_t at)
{
    struct flock l = { .l_type = type, .l_whence = SEEK_SET, .l_start = at,
                       .l_len = 1 };

    return fcntl(fileno(hfs.file), cmd, &l) == 0 ? l.l_type : F_UNLCK;
}

void
hfs_lock(int write)
{
    lock_byte(LOCKCMD, F_RDLCK, LOCK_READS);
    lock_byte(LOCKCMD, F_RDLCK, LOCK_ALONE);
    if (write)
        lock_byte(LOCKCMD, F_RDLCK, LOCK_WRITES);
    if (lock_byte(TESTCMD, F_WRLCK, LOCK_WRITES) != F_UNLCK ||
        (write && lock_byte(TESTCMD, F_WRLCK, LOCK_ALONE) != F_UNLCK))
        hfs_die("%s is in use; end the emulator first", hfs.image);
}

void
hfs_open(const char *image, int write)
{
    hfs.image = image;
    if ((hfs.file = fopen(image, write ? "r+b" : "rb")) == 0)
        hfs_die("cannot open %s: %s", image, strerror(errno));
}

void
hfs_read_at(long long off, void *buf, uint n)
{
    size_t got;

    if (fseeko(hfs.file, off, SEEK_SET) != 0)
        hfs_die("cannot seek in %s: %s", hfs.image, strerror(errno));
    got = fread(buf, 1, n, hfs.file);
    if (ferror(hfs.file))
        hfs_die("cannot read %s: %s", hfs.image, strerror(errno));
    memset((char *)buf + got, 0, n - got);
}

void
hfs_write_at(long long off, const void *buf, uint n)
{
    if (fseeko(hfs.file, off, SEEK_SET) != 0 ||
        fwrite(buf, n, 1, hfs.file) != 1)
        hfs_die("cannot write %s: %s", hfs.image, strerror(errno));
}

static void
flush(void)
{
    if (fflush(hfs.file) != 0 || (!hfs.fresh && fileno(hfs.file) >= 0 &&
        fsync(fileno(hfs.file)) != 0 && errno != EINVAL))
        hfs_die("cannot write %s: %s", hfs.image, strerror(errno));
}

int
hfs_partition(uint i, uchar type, uint *start, uint *end)
{
    const uchar *p = hfs.mbr + PARTTABLE + PARTSIZE * i;    // type at 4
    uint n, sectors = hfs.size / SECTSIZE;

    memcpy(start, p + 8, sizeof *start);
    memcpy(&n, p + 12, sizeof n);
    if (!hfs.parted || p[4] != type || *start == 0 || *start >= sectors)
        return 0;
    n = n < sectors - *start ? n : sectors - *start;
    *end = *start + n;
    return n / (BSIZE / SECTSIZE) > 0;
}

static const char *
find_partition(void)
{
    uint magic, i, start, end;

    hfs_read_at(0, hfs.mbr, sizeof hfs.mbr);
    memcpy(&magic, hfs.mbr, sizeof magic);
    if (magic == FSMAGIC)
        return 0;
    if (hfs.mbr[SECTSIZE - 2] != 0x55 || hfs.mbr[SECTSIZE - 1] != 0xaa)
        return "neither a file system nor a disk with partitions";
    hfs.parted = 1;
    for (i = 0; i < 4 && !hfs_partition(i, PART_FS, &start, &end); i++)
        ;
    if (i == 4)
        return "no partition of type 0x7f that has room for a block";
    hfs.offset = (long long)start * SECTSIZE;
    hfs.space = (long long)(end - start) * SECTSIZE;
    return 0;
}

const char *
hfs_find(long long offset)
{
    if (fseeko(hfs.file, 0, SEEK_END) != 0 ||
        (hfs.size = ftello(hfs.file)) < 0)
        hfs_die("cannot seek in %s: %s", hfs.image, strerror(errno));
    hfs.offset = offset < 0 ? 0 : offset;
    hfs.space = hfs.offset < hfs.size ? hfs.size - hfs.offset : 0;
    return offset < 0 ? find_partition() : 0;
}

static uint
blocks_for(uint n, uint each)
{
    return n / each + (n % each != 0);
}

void
hfs_layout(struct superblock *sb, uint nblocks, uint ninodes, uint nlog)
{
    sb->magic = FSMAGIC;
    sb->version = FSVERSION;
    sb->nblocks = nblocks;
    sb->ninodes = ninodes;
    sb->logstart = 1;
    sb->nlog = nlog;
    sb->imapstart = sb->logstart + nlog;
    sb->nimap = blocks_for(ninodes, BPB);
    sb->omapstart = sb->imapstart + sb->nimap;
    sb->nomap = sb->nimap;
    sb->inodestart = sb->omapstart + sb->nomap;
    sb->ninodeblocks = blocks_for(ninodes, INOPB);
    sb->bmapstart = sb->inodestart + sb->ninodeblocks;
    sb->nbmap = blocks_for(nblocks, BPB);
    sb->datastart = sb->bmapstart + sb->nbmap;
}

void
hfs_put_super(void)
{
    uchar *b = hfs_block(0);

    memcpy(b, &hfs.sb, sizeof hfs.sb);
    memcpy(b + SUPERCOPY, &hfs.sb, sizeof hfs.sb);
    hfs_dirty(0);
}

void
hfs_begin(void)
{
    hfs.block = hfs_need(calloc(hfs.sb.nblocks, sizeof *hfs.block));
    hfs.state = hfs_need(calloc(hfs.sb.nblocks, 1));
    hfs.rotor = hfs.sb.datastart;
}

const char *
hfs_mount(void)
{
    long long n = hfs.space / BSIZE;
    const char *fault;

    hfs_read_at(hfs.offset, &hfs.sb, sizeof hfs.sb);
    fault = super_fault(&hfs.sb, n < 0xffffffff ? n : 0xffffffff);
    if (fault == 0)
        hfs_begin();
    return fault;
}

// ---- the log ----

int
hfs_committed(void)
{
    const struct loghead *h = hfs_block(hfs.sb.logstart);
    uint i, sum;

    if (h->magic != FSMAGIC || h->n == 0 || h->n >= hfs.sb.nlog)
        return 0;
    sum = loghead_sum(h);
    for (i = 0; i < h->n; i++)
        sum = log_sum(sum, hfs_block(hfs.sb.logstart + 1 + i),
                      BSIZE / sizeof(uint));
    return sum == h->sum;
}

static void
write_block(uint bno, const void *data)
{
    hfs_write_at(hfs.offset + (long long)bno * BSIZE, data, BSIZE);
}

static int
wants_log(uint bno)
{
    return (hfs.state[bno] & (HFS_DIRTY | HFS_NEW)) == HFS_DIRTY;
}

uint
hfs_ndirty(void)
{
    uint bno, n = 0;

    for (bno = 0; bno < hfs.sb.nblocks; bno++)
        n += wants_log(bno);
    return n;
}

// Write the dirty blocks home: the new ones, which nothing leads to yet, or
// the others.
static void
write_home(int new)
{
    static const uchar zero[BSIZE];
    uint bno;

    for (bno = 0; bno < hfs.sb.nblocks; bno++) {
        if (!(hfs.state[bno] & HFS_DIRTY) ||
            !(hfs.state[bno] & HFS_NEW) != !new)
            continue;
        if (!hfs.fresh || memcmp(hfs.block[bno], zero, BSIZE))
            write_block(bno, hfs.block[bno]);
    }
    flush();
}

static void
write_header(struct loghead *h, uint n)
{
    h->n = n;
    write_block(hfs.sb.logstart, h);
    flush();
}

// The changes, when they fit, to the log: from its header on they count.
static void
write_log(struct loghead *h)
{
    uint bno, n = 0, sum;

    for (bno = 0; bno < hfs.sb.nblocks; bno++)
        if (wants_log(bno)) {
            h->home[n++] = bno;
            write_block(hfs.sb.logstart + n, hfs.block[bno]);
        }
    flush();
    h->magic = FSMAGIC;
    h->n = n;
    h->seq++;
    sum = loghead_sum(h);
    for (bno = 0; bno < n; bno++)
        sum = log_sum(sum, hfs_block(h->home[bno]), BSIZE / sizeof(uint));
    h->sum = sum;
    write_header(h, n);
}

void
hfs_commit(void)
{
    struct loghead *h = hfs_block(hfs.sb.logstart);
    uint n = hfs.fresh ? 0 : hfs_ndirty();

    write_home(1);
    if (n > 0 && n < hfs.sb.nlog)
        write_log(h);
    write_home(0);
    if (n > 0 && n < hfs.sb.nlog)
        write_header(h, 0);
    memset(hfs.state, 0, hfs.sb.nblocks);
    hfs.nfreed = 0;
}

uint
hfs_replay(int to_image)
{
    struct loghead *h = hfs_block(hfs.sb.logstart);
    uint i, bno, bad = 0;

    if (!hfs_committed())
        return 0;
    for (i = 0; i < h->n; i++) {
        bno = h->home[i];
        if (bno < hfs.sb.imapstart || bno >= hfs.sb.nblocks) {
            bad++;
            continue;
        }
        memcpy(hfs_block(bno), hfs_block(hfs.sb.logstart + 1 + i), BSIZE);
        if (to_image)
            write_block(bno, hfs_block(bno));
    }
    if (to_image) {
        flush();
        write_header(h, 0);
    }
    return bad;
}

// ---- blocks ----

void *
hfs_block(uint bno)
{
    if (hfs.block[bno] == 0) {
        hfs.block[bno] = hfs_need(calloc(1, BSIZE));
        if (!hfs.fresh)
            hfs_read_at(hfs.offset + (long long)bno * BSIZE, hfs.block[bno],
                        BSIZE);
    }
    return hfs.block[bno];
}

void
hfs_dirty(uint bno)
{
    hfs.state[bno] |= HFS_DIRTY;
}

void
hfs_read_data(uint bno, void *buf, uint n)
{
    if (hfs.block[bno])
        memcpy(buf, hfs.block[bno], n);
    else
        hfs_read_at(hfs.offset + (long long)bno * BSIZE, buf, n);
}

// A cached copy is one of what the block was before it was freed.
void
hfs_write_data(uint bno, const void *data)
{
    static const uchar zero[BSIZE];

    if (hfs.block[bno])
        memcpy(hfs.block[bno], data, BSIZE);
    if (!hfs.fresh || memcmp(data, zero, BSIZE))
        write_block(bno, data);
}

int
hfs_bit(uint start, uint i)
{
    const uchar *map = hfs_block(start + i / BPB);

    return map[i % BPB / 8] >> i % 8 & 1;
}

void
hfs_set_bit(uint start, uint i, int on)
{
    uchar *map = hfs_block(start + i / BPB);

    if (hfs_bit(start, i) == !!on)
        return;
    map[i % BPB / 8] ^= 1 << i % 8;
    hfs_dirty(start + i / BPB);
}

int
hfs_is_data(uint bno)
{
    return bno >= hfs.sb.datastart && bno < hfs.sb.nblocks;
}

static int
block_free(uint bno)
{
    return !hfs_bit(hfs.sb.bmapstart, bno) &&
           !(hfs.state[bno] & HFS_FREED);
}

uint
hfs_blocks_free(void)
{
    uint bno, n = 0;

    for (bno = hfs.sb.datastart; bno < hfs.sb.nblocks; bno++)
        n += block_free(bno);
    return n;
}

static uint
take_block(uint from, uint to)
{
    for (; from < to; from++)
        if (block_free(from)) {
            hfs_set_bit(hfs.sb.bmapstart, from, 1);
            hfs.state[from] |= HFS_NEW;
            hfs.rotor = from + 1;
            return from;
        }
    return 0;
}

uint
hfs_balloc(void)
{
    uint bno = take_block(hfs.rotor, hfs.sb.nblocks);

    return bno ? bno : take_block(hfs.sb.datastart, hfs.rotor);
}

uint
hfs_balloc_index(void)
{
    uint bno = hfs_balloc();

    if (bno == 0)
        return 0;
    if (hfs.block[bno] == 0)
        hfs.block[bno] = hfs_need(malloc(BSIZE));
    memset(hfs.block[bno], 0, BSIZE);
    hfs_dirty(bno);
    return bno;
}

void
hfs_bfree(uint bno)
{
    hfs_set_bit(hfs.sb.bmapstart, bno, 0);
    hfs.state[bno] = HFS_FREED;
    hfs.nfreed++;
}

// ---- inodes ----

struct dinode *
hfs_inode(uint inum)
{
    return (struct dinode *)hfs_block(hfs.sb.inodestart + inum / INOPB)
           + inum % INOPB;
}

void
hfs_inode_dirty(uint inum)
{
    hfs_dirty(hfs.sb.inodestart + inum / INOPB);
}

uint
hfs_ialloc(uint type, uint mtime)
{
    struct dinode *d;
    uint inum;

    for (inum = ROOTINO; inum < hfs.sb.ninodes; inum++)
        if (!hfs_bit(hfs.sb.imapstart, inum)) {
            hfs_set_bit(hfs.sb.imapstart, inum, 1);
            d = hfs_inode(inum);
            *d = (struct dinode){ .type = type, .mtime = mtime };
            hfs_inode_dirty(inum);
            return inum;
        }
    return 0;
}

void
hfs_ifree(uint inum)
{
    struct dinode *d = hfs_inode(inum);

    hfs_truncate(d);
    memset(d, 0, sizeof *d);
    hfs_inode_dirty(inum);
    hfs_set_bit(hfs.sb.imapstart, inum, 0);
}

// ---- files ----

uint
hfs_nblocks(const struct dinode *d)
{
    return d->size / BSIZE + (d->size % BSIZE != 0);
}

// The way to block i of a file: how many index blocks, the first pointer, and
// which entry to follow in each.
static uint
block_way(struct dinode *d, uint i, uint **first, uint way[2])
{
    if (i < NDIRECT) {
        *first = &d->addr[i];
        return 0;
    }
    if ((i -= NDIRECT) < NINDIRECT) {
        *first = &d->ind;
        way[0] = i;
        return 1;
    }
    *first = &d->dind;
    way[0] = (i - NINDIRECT) / NINDIRECT;
    way[1] = (i - NINDIRECT) % NINDIRECT;
    return 2;
}

uint
hfs_way(const struct dinode *d, uint i, uint bnos[3])
{
    uint way[2], *p, depth, k;

    if (i >= MAXBLOCKS)
        return 0;
    depth = block_way((struct dinode *)d, i, &p, way);
    for (k = 0; k <= depth; k++) {
        if (!hfs_is_data(*p))
            return 0;
        bnos[k] = *p;
        if (k < depth)
            p = (uint *)hfs_block(*p) + way[k];
    }
    return k;
}

uint
hfs_map(const struct dinode *d, uint i)
{
    uint bnos[3], n = hfs_way(d, i, bnos);

    return n ? bnos[n - 1] : 0;
}

int
hfs_map_add(struct dinode *d, uint i, uint bno)
{
    uint way[2], *p, depth, k, at = 0;

    depth = block_way(d, i, &p, way);
    for (k = 0; k < depth; k++) {
        if (*p == 0) {
            if ((*p = hfs_balloc_index()) == 0)
                return -1;
            if (at)
                hfs_dirty(at);
        }
        at = *p;
        p = (uint *)hfs_block(at) + way[k];
    }
    *p = bno;
    if (at)
        hfs_dirty(at);
    return 0;
}

uint
hfs_index_blocks(uint n)
{
    if (n <= NDIRECT)
        return 0;
    n -= NDIRECT;
    return n <= NINDIRECT ? 1 : 1 + 1 + (n - 1) / NINDIRECT;
}

static void
walk_tree(uint bno, uint depth, void (*fn)(uint bno))
{
    const uint *entry;
    uint i;

    if (!hfs_is_data(bno))
        return;
    if (depth > 0) {
        entry = hfs_block(bno);
        for (i = 0; i < NINDIRECT; i++)
            walk_tree(entry[i], depth - 1, fn);
    }
    fn(bno);
}

void
hfs_walk_blocks(const struct dinode *d, void (*fn)(uint bno))
{
    uint i;

    for (i = 0; i < NDIRECT; i++)
        walk_tree(d->addr[i], 0, fn);
    walk_tree(d->ind, 1, fn);
    walk_tree(d->dind, 2, fn);
}

void
hfs_truncate(struct dinode *d)
{
    hfs_walk_blocks(d, hfs_bfree);
    memset(d->addr, 0, sizeof d->addr);
    d->ind = d->dind = d->size = 0;
}

int
hfs_copy_in(struct dinode *d, FILE *from, const char *name)
{
    uchar buf[BSIZE];
    uint i, bno;
    size_t n;

    for (i = 0; (n = fread(buf, 1, BSIZE, from)) > 0; i++) {
        if (n > MAXFILE - d->size || i == MAXBLOCKS)
            hfs_die("%s is larger than a file can be", name);
        memset(buf + n, 0, BSIZE - n);
        if ((bno = hfs_balloc()) == 0 || hfs_map_add(d, i, bno) < 0)
            return -1;
        hfs_write_data(bno, buf);
        d->size += n;
    }
    if (ferror(from))
        hfs_die("cannot read %s: %s", name, strerror(errno));
    return 0;
}

// ---- directories ----

#define DIRPERBLOCK (BSIZE / sizeof(struct dirent))

struct dirent *
hfs_entry(uint dir, uint i)
{
    uint bno = hfs_map(hfs_inode(dir), i / DIRPERBLOCK);

    return bno ? (struct dirent *)hfs_block(bno) + i % DIRPERBLOCK : 0;
}

uint
hfs_nentries(uint dir)
{
    return hfs_inode(dir)->size / sizeof(struct dirent);
}

void
hfs_entry_dirty(uint dir, uint i)
{
    hfs_dirty(hfs_map(hfs_inode(dir), i / DIRPERBLOCK));
}

int
hfs_name_equal(const struct dirent *de, const char *name)
{
    return strlen(name) <= DIRSIZ && strncmp(de->name, name, DIRSIZ) == 0;
}

uint
hfs_lookup(uint dir, const char *name, uint *at)
{
    uint n = hfs_nentries(dir), i;
    struct dirent *de;

    for (i = 0; i < n; i++)
        if ((de = hfs_entry(dir, i)) != 0 && de->inum &&
            hfs_name_equal(de, name)) {
            if (at)
                *at = i;
            return de->inum;
        }
    return 0;
}

// The first free record of a directory, at its end if need be, in *at.
static int
free_entry(uint dir, uint *at)
{
    struct dinode *d = hfs_inode(dir);
    uint n = hfs_nentries(dir), i, bno;
    struct dirent *de;

    for (i = 0; i < n; i++)
        if ((de = hfs_entry(dir, i)) != 0 && de->inum == 0)
            break;
    *at = i;
    if (i < n)
        return 0;
    if (i % DIRPERBLOCK == 0) {
        if ((bno = hfs_balloc_index()) == 0)
            return -1;
        if (hfs_map_add(d, i / DIRPERBLOCK, bno) < 0) {
            hfs_bfree(bno);
            return -1;
        }
    }
    d->size += sizeof(struct dirent);
    hfs_inode_dirty(dir);
    return 0;
}

int
hfs_enter(uint dir, const char *name, uint inum)
{
    struct dirent *de;
    uint i;

    if (free_entry(dir, &i) < 0)
        return -1;
    de = hfs_entry(dir, i);
    memset(de, 0, sizeof *de);
    de->inum = inum;
    memcpy(de->name, name, strnlen(name, DIRSIZ));
    hfs_entry_dirty(dir, i);
    return 0;
}

void
hfs_remove(uint dir, uint i)
{
    memset(hfs_entry(dir, i), 0, sizeof(struct dirent));
    hfs_entry_dirty(dir, i);
}

uint
hfs_mkdir(uint dir, const char *name, uint mtime)
{
    uint inum = hfs_ialloc(T_DIR, mtime);

    if (inum == 0)
        return 0;
    if (hfs_enter(inum, ".", inum) < 0 || hfs_enter(inum, "..", dir) < 0 ||
        (dir != inum && hfs_enter(dir, name, inum) < 0)) {
        hfs_ifree(inum);
        return 0;
    }
    hfs_inode(inum)->nlink = 2;
    if (dir != inum) {
        hfs_inode(dir)->nlink++;
        hfs_inode_dirty(dir);
    }
    return inum;
}
