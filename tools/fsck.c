// fsck.c: checks everything that fsformat.h promises about a file system.
//
//     fsck [-r] [--fs-offset BYTES] IMAGE
//
// IMAGE is a whole disk, whose partition of type PART_FS is found in the MBR
// by the kernel's rules (disk.c), or a bare file system; --fs-offset says
// where it begins instead. What the kernel asks of a superblock is asked here
// by the same function (fsformat.h). A log
// that holds a committed transaction is replayed in memory first, as the
// kernel would; -r replays it into the image. Nothing else is ever changed.
//
// In the MBR a swap partition that lies over the files, or over the boot loader
// and the kernel, is a problem, too.
//
// One line for each problem; status 0: clean, 1: problems, 2: wrong usage,
// or no readable file system.
//
// The passes: inodes claim their blocks (each block has one owner, index
// blocks match the size); the tree is walked from the root, level by level,
// counting names; counts are compared with nlink, the inode and orphan
// bitmaps; claims are compared with the block bitmap. However damaged the
// image, each block is looked at once as an index block and once as a
// directory's.

#define _FILE_OFFSET_BITS 64
#include <stdio.h>
#include <stdlib.h>
#include <stdarg.h>
#include <string.h>
#include "../types.h"
#include "../stat.h"
#include "../boot.h"
#include "../fsformat.h"

enum { CLEAN, PROBLEMS, UNUSABLE };

static struct {
    FILE  *file;
    long long offset;               // of the file system, in bytes,
    long long space;                // and how many are there for it
    struct superblock sb;
    uchar **block;                  // read so far, or replayed
    uint  *owner;                   // inode of each block; 0: none
    uint  *names;                   // of each inode, as nlink counts them
    uchar *listed;                  // blocks: looked at as a directory's
    uchar *reached;                 // directories: in the tree,
    uint  *todo, ntodo;             // in the order they were found;
    uint  *parent;                  // and from where
    uint  problems, files, used;
} ck;

static void
problem(const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    vprintf(fmt, ap);
    va_end(ap);
    printf("\n");
    ck.problems++;
}

static void __attribute__((noreturn))
unusable(const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    fprintf(stderr, "fsck: ");
    vfprintf(stderr, fmt, ap);
    fprintf(stderr, "\n");
    va_end(ap);
    exit(UNUSABLE);
}

static void *
need(void *p)
{
    if (p == 0)
        unusable("out of memory");
    return p;
}

static void
read_at(long long off, void *buf, size_t n)
{
    size_t got;

    if (fseeko(ck.file, off, SEEK_SET) != 0)
        unusable("cannot seek in the image");
    got = fread(buf, 1, n, ck.file);
    if (ferror(ck.file))
        unusable("cannot read the image");
    memset((char *)buf + got, 0, n - got);
}

static void *
get_block(uint bno)
{
    if (ck.block[bno] == 0) {
        ck.block[bno] = need(malloc(BSIZE));
        read_at(ck.offset + (long long)bno * BSIZE, ck.block[bno], BSIZE);
    }
    return ck.block[bno];
}

static int
bit_at(uint start, uint i)
{
    const uchar *map = get_block(start + i / BPB);

    return map[i % BPB / 8] >> i % 8 & 1;
}

static struct dinode *
get_inode(uint inum)
{
    return (struct dinode *)get_block(ck.sb.inodestart + inum / INOPB)
           + inum % INOPB;
}

static const char *
a_name(const struct dirent *de)
{
    static char s[DIRSIZ + 1];
    uint i;

    memcpy(s, de->name, DIRSIZ);
    for (i = 0; i < DIRSIZ && s[i]; i++)
        if (s[i] < ' ' || s[i] > '~')
            s[i] = '?';
    return s;
}

// Finding the file system.

// Does entry i have this type, and room for a block? Then where it lies, in
// sectors.
static int
read_entry(const uchar *mbr, uint i, uchar type, uint *start, uint *end)
{
    const uchar *p = mbr + 446 + 16 * i;    // type at 4, start, number at 8
    uint n, sectors = ck.space / SECTSIZE;

    memcpy(start, p + 8, sizeof *start);
    memcpy(&n, p + 12, sizeof n);
    if (p[4] != type || *start == 0 || *start >= sectors)
        return 0;
    n = n < sectors - *start ? n : sectors - *start;
    *end = *start + n;
    return n / (BSIZE / SECTSIZE) > 0;
}

static void
check_swap(const uchar *mbr, uint from, uint to)
{
    uint start, end, i;

    for (i = 0; i < 4; i++)
        if (read_entry(mbr, i, PART_SWAP, &start, &end) &&
            (start < KERNEND || (start < to && end > from)))
            problem("swap partition %u lies over the files or the kernel",
                    i + 1);
}

static void
find_partition(void)
{
    uchar mbr[SECTSIZE];
    uint start, end, i;

    read_at(0, mbr, sizeof mbr);
    memcpy(&start, mbr, sizeof start);
    if (start == FSMAGIC)
        return;
    if (mbr[510] != 0x55 || mbr[511] != 0xaa)
        unusable("neither a file system nor a disk with partitions");
    for (i = 0; i < 4 && !read_entry(mbr, i, PART_FS, &start, &end); i++)
        ;
    if (i == 4)
        unusable("no partition of type 0x%x that has room for a block",
                 PART_FS);
    check_swap(mbr, start, end);
    ck.offset = (long long)start * SECTSIZE;
    ck.space = (long long)(end - start) * SECTSIZE;
}

static void
find_space(long long offset)
{
    if (fseeko(ck.file, 0, SEEK_END) != 0 || (ck.space = ftello(ck.file)) < 0)
        unusable("cannot seek in the image");
    if (offset < 0) {
        find_partition();
    } else {
        ck.offset = offset;
        ck.space = offset < ck.space ? ck.space - offset : 0;
    }
}

static void
read_super(void)
{
    struct superblock *s = &ck.sb;
    long long nblocks = ck.space / BSIZE;
    const char *fault;

    read_at(ck.offset, s, sizeof *s);
    fault = super_fault(s, nblocks < 0xffffffff ? nblocks : 0xffffffff);
    if (fault)
        unusable("superblock: %s", fault);
    ck.block = need(calloc(s->nblocks, sizeof *ck.block));
    ck.owner = need(calloc(s->nblocks, sizeof *ck.owner));
    ck.listed = need(calloc(s->nblocks, 1));
    ck.names = need(calloc(s->ninodes, sizeof *ck.names));
    ck.reached = need(calloc(s->ninodes, 1));
    ck.todo = need(calloc(s->ninodes, sizeof *ck.todo));
    ck.parent = need(calloc(s->ninodes, sizeof *ck.parent));
}

// The log.

static int
log_committed(const struct loghead *h)
{
    uint i, sum;

    if (h->magic != FSMAGIC || h->n == 0 || h->n >= ck.sb.nlog)
        return 0;
    sum = log_sum(FSMAGIC, &h->n, 1);
    sum = log_sum(sum, &h->seq, 1);
    sum = log_sum(sum, h->home, h->n);
    for (i = 0; i < h->n; i++)
        sum = log_sum(sum, get_block(ck.sb.logstart + 1 + i),
                      BSIZE / sizeof(uint));
    return sum == h->sum;
}

static void
write_block(uint bno, const void *data)
{
    if (fseeko(ck.file, ck.offset + (long long)bno * BSIZE, SEEK_SET) != 0 ||
        fwrite(data, BSIZE, 1, ck.file) != 1 || fflush(ck.file) != 0)
        unusable("cannot write the image");
}

static void
replay_log(int to_image)
{
    struct loghead *h = get_block(ck.sb.logstart);
    uint i, bno;

    if (!log_committed(h))
        return;
    for (i = 0; i < h->n; i++) {
        bno = h->home[i];
        if (bno < ck.sb.imapstart || bno >= ck.sb.nblocks) {
            problem("log: block %u is not one to be logged", bno);
            continue;
        }
        memcpy(get_block(bno), get_block(ck.sb.logstart + 1 + i), BSIZE);
        if (to_image)
            write_block(bno, get_block(bno));
    }
    if (to_image) {
        h->n = 0;
        write_block(ck.sb.logstart, h);
    }
}

// Inodes and the blocks they own.

// Is it nobody's yet?
static int
claim_block(uint inum, uint bno)
{
    if (ck.owner[bno]) {
        problem("block %u belongs to inodes %u and %u", bno, ck.owner[bno],
                inum);
        return 0;
    }
    ck.used++;
    ck.owner[bno] = inum;
    return 1;
}

static int
usable(uint inum, uint bno, const char *what)
{
    if (bno >= ck.sb.datastart && bno < ck.sb.nblocks)
        return 1;
    problem("inode %u: %s block number %u is out of range", inum, what, bno);
    return 0;
}

// Claim what the tree of `depth` index levels at bno holds: the next blocks
// of the *left that the size calls for.
static void
claim_tree(uint inum, uint bno, uint depth, uint *left)
{
    const uint *entry;
    uint i;

    if (*left == 0) {
        if (bno)
            problem("inode %u: block %u behind its end", inum, bno);
        return;
    }
    if (!usable(inum, bno, depth ? "index" : "data") ||
        !claim_block(inum, bno) || depth == 0) {
        for (i = 1; depth > 0; depth--)
            i *= NINDIRECT;
        *left -= *left < i ? *left : i;
        return;
    }
    entry = get_block(bno);
    for (i = 0; i < NINDIRECT; i++)
        claim_tree(inum, entry[i], depth - 1, left);
}

static void
check_inode(uint inum, const struct dinode *d)
{
    uint left = (d->size + BSIZE - 1) / BSIZE, i;

    ck.files++;
    if (d->type > T_DEV) {
        problem("inode %u: type %u does not exist", inum, d->type);
        return;
    }
    if (d->size > MAXFILE)
        problem("inode %u: size %u is too large", inum, d->size);
    if (d->type == T_DEV && d->size > 0)
        problem("inode %u: a device of %u bytes", inum, d->size);
    for (i = 0; i < NDIRECT; i++)
        claim_tree(inum, d->addr[i], 0, &left);
    claim_tree(inum, d->ind, 1, &left);
    claim_tree(inum, d->dind, 2, &left);
    if (left)
        problem("inode %u: %u blocks are missing", inum, left);
}

static void
check_inodes(void)
{
    const struct dinode *d;
    uint inum;

    if (get_inode(0)->type)
        problem("inode 0 is in use");
    for (inum = 1; inum < ck.sb.ninodes; inum++) {
        d = get_inode(inum);
        if (bit_at(ck.sb.imapstart, inum) != (d->type != 0))
            problem("inode %u is %s but its bit says otherwise", inum,
                    d->type ? "in use" : "free");
        if (d->type)
            check_inode(inum, d);
    }
}

// The tree.

// The block of a file that holds byte `off`; 0 when it cannot be had.
static uint
file_block(const struct dinode *d, uint off)
{
    uint i = off / BSIZE, bno, way[2], depth, k;

    if (i < NDIRECT) {
        depth = 0;
        bno = d->addr[i];
    } else if ((i -= NDIRECT) < NINDIRECT) {
        depth = 1;
        bno = d->ind;
        way[0] = i;
    } else {
        depth = 2;
        bno = d->dind;
        way[0] = (i - NINDIRECT) / NINDIRECT;
        way[1] = (i - NINDIRECT) % NINDIRECT;
    }
    for (k = 0; k <= depth; k++) {
        if (bno < ck.sb.datastart || bno >= ck.sb.nblocks)
            return 0;
        if (k < depth)
            bno = ((uint *)get_block(bno))[way[k]];
    }
    return bno;
}

// Record i, in the directory's first block.
static struct dirent *
record(const struct dinode *d, uint i)
{
    uint bno = file_block(d, 0);

    return bno ? (struct dirent *)get_block(bno) + i : 0;
}

static void
check_dots(uint inum, uint parent, const struct dinode *d)
{
    static const char dot[DIRSIZ] = ".", dotdot[DIRSIZ] = "..";
    const struct dirent *a = record(d, 0), *b = record(d, 1);

    if (d->size < 2 * sizeof *a || a == 0 || b == 0) {
        problem("directory %u has no . and ..", inum);
        return;
    }
    if (a->inum != inum || memcmp(a->name, dot, DIRSIZ))
        problem("directory %u: first entry is not . but %s -> %u", inum,
                a_name(a), a->inum);
    if (b->inum != parent || memcmp(b->name, dotdot, DIRSIZ))
        problem("directory %u: second entry is not .. -> %u but %s -> %u",
                inum, parent, a_name(b), b->inum);
}

static int
well_formed(const struct dirent *de)
{
    uint i, n = 0;

    while (n < DIRSIZ && de->name[n])
        n++;
    for (i = n; i < DIRSIZ; i++)
        if (de->name[i])
            return 0;
    return n > 0 && memchr(de->name, '/', DIRSIZ) == 0 &&
           strcmp(a_name(de), ".") && strcmp(a_name(de), "..");
}

static int
by_name(const void *a, const void *b)
{
    return memcmp(((const struct dirent *)a)->name,
                  ((const struct dirent *)b)->name, DIRSIZ);
}

static void
check_unique(uint inum, struct dirent *list, uint n)
{
    uint i;

    if (n == 0)
        return;
    qsort(list, n, sizeof *list, by_name);
    for (i = 1; i < n; i++)
        if (by_name(&list[i - 1], &list[i]) == 0)
            problem("directory %u: two entries %s", inum, a_name(&list[i]));
}

static void
check_tail(uint inum, const struct dinode *d)
{
    uint bno = d->size % BSIZE ? file_block(d, d->size) : 0, i;
    uchar *b = bno ? get_block(bno) : 0;

    for (i = d->size % BSIZE; b && i < BSIZE; i++)
        if (b[i]) {
            problem("directory %u: bytes behind its end", inum);
            return;
        }
}

// A directory was found; its turn comes.
static void
reach(uint inum, uint parent)
{
    ck.reached[inum] = 1;
    ck.parent[inum] = parent;
    ck.todo[ck.ntodo++] = inum;
}

static void
check_entry(uint inum, const struct dirent *de)
{
    const struct dinode *d;

    if (!well_formed(de))
        problem("directory %u: bad name %s", inum, a_name(de));
    if (de->inum >= ck.sb.ninodes || get_inode(de->inum)->type == 0) {
        problem("directory %u: %s leads to inode %u, which is not in use",
                inum, a_name(de), de->inum);
        return;
    }
    ck.names[de->inum]++;
    d = get_inode(de->inum);
    if (d->type != T_DIR)
        return;
    ck.names[inum]++;               // its ..
    if (ck.reached[de->inum])
        problem("directory %u: %s is a second name of directory %u", inum,
                a_name(de), de->inum);
    else
        reach(de->inum, inum);
}

// The entries in one block of a directory are checked and added to a list.
static struct dirent *
check_block(uint inum, uint bno, uint from, uint to, struct dirent *list,
            uint *n)
{
    const struct dirent *de = get_block(bno);

    list = need(realloc(list, (*n + to - from + 1) * sizeof *list));
    for (; from < to; from++) {
        if (de[from].inum == 0)
            continue;
        list[(*n)++] = de[from];
        check_entry(inum, &de[from]);
    }
    return list;
}

static void
check_directory(uint inum, uint parent)
{
    const struct dinode *d = get_inode(inum);
    const uint each = BSIZE / sizeof(struct dirent);
    uint n = d->size / sizeof(struct dirent), i, bno, to, count = 0;
    struct dirent *list = 0;

    ck.names[inum]++;               // its .
    if (d->size % sizeof *list)
        problem("directory %u: size %u is no multiple of %zu", inum, d->size,
                sizeof *list);
    check_dots(inum, parent, d);
    check_tail(inum, d);
    for (i = 0; i < n; i += each) {
        bno = file_block(d, i * sizeof *list);
        if (bno == 0 || ck.listed[bno])
            continue;
        ck.listed[bno] = 1;
        to = n - i < each ? n - i : each;
        if (i > 0 || to > 2)
            list = check_block(inum, bno, i ? 0 : 2, to, list, &count);
    }
    check_unique(inum, list, count);
    free(list);
}

static void
check_tree(void)
{
    uint i;

    if (get_inode(ROOTINO)->type != T_DIR) {
        problem("the root is no directory");
        return;
    }
    ck.names[ROOTINO]++;            // the name that it has not
    reach(ROOTINO, ROOTINO);
    for (i = 0; i < ck.ntodo; i++)
        check_directory(ck.todo[i], ck.parent[ck.todo[i]]);
}

// Counts and bitmaps.

static void
check_links(uint inum, const struct dinode *d)
{
    int orphan = bit_at(ck.sb.omapstart, inum);

    if (orphan && (d->type == 0 || d->nlink > 0 || ck.names[inum] > 0))
        problem("inode %u is marked as orphan but %s", inum,
                d->type == 0 ? "free" : "has a name");
    if (d->type == 0)
        return;
    if (ck.names[inum] == 0 && !orphan)
        problem("inode %u has no name", inum);
    if (d->nlink != ck.names[inum])
        problem("inode %u: %u links, but %u names", inum, d->nlink,
                ck.names[inum]);
}

static void
check_bitmap(void)
{
    uint bno;
    int used, set;

    for (bno = 0; bno < ck.sb.nblocks; bno++) {
        used = bno < ck.sb.datastart || ck.owner[bno] != 0;
        set = bit_at(ck.sb.bmapstart, bno);
        if (used && !set)
            problem("block %u is in use but its bit says free", bno);
        if (!used && set)
            problem("block %u belongs to nobody but its bit says in use",
                    bno);
    }
}

// Check the file system whose superblock has been read.
static void
check_all(int replay)
{
    uint inum;

    replay_log(replay);
    check_inodes();
    check_tree();
    for (inum = 1; inum < ck.sb.ninodes; inum++)
        check_links(inum, get_inode(inum));
    check_bitmap();
}

static void
usage(void)
{
    fprintf(stderr, "usage: fsck [-r] [--fs-offset BYTES] IMAGE\n");
    exit(UNUSABLE);
}

int
main(int argc, char **argv)
{
    const char *image = 0;
    long long offset = -1;
    int i, replay = 0;
    char *end;

    for (i = 1; i < argc; i++) {
        if (strcmp(argv[i], "-r") == 0) {
            replay = 1;
        } else if (strcmp(argv[i], "--fs-offset") == 0 && i + 1 < argc) {
            offset = strtoll(argv[++i], &end, 0);
            if (*end || end == argv[i] || offset < 0)
                usage();
        } else if (image || argv[i][0] == '-') {
            usage();
        } else {
            image = argv[i];
        }
    }
    if (image == 0)
        usage();
    if ((ck.file = fopen(image, replay ? "r+b" : "rb")) == 0)
        unusable("cannot open %s", image);
    find_space(offset);
    read_super();
    check_all(replay);
    if (ck.problems) {
        printf("%u problems\n", ck.problems);
        return PROBLEMS;
    }
    printf("clean: %u inodes, %u of %u data blocks in use\n", ck.files,
           ck.used, ck.sb.nblocks - ck.sb.datastart);
    return CLEAN;
}
