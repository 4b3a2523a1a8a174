// fscheck.c: checks everything that fsformat.h promises about the file system
// that hostfs.h has open. One line on standard output for each problem.
//
// The passes: inodes claim their blocks (each block has one owner, index
// blocks match the size); the tree is walked from the root, level by level,
// counting names; counts are compared with nlink, the inode and orphan
// bitmaps; claims are compared with the block bitmap. However damaged the
// image, each block is looked at once as an index block and once as a
// directory's. Nothing is changed.

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include "../types.h"
#include "../boot.h"
#include "fscheck.h"

struct fscheck ck;

void
problem(const char *fmt, ...)
{
    va_list ap;

    if (!ck.quiet) {
        va_start(ap, fmt);
        vprintf(fmt, ap);
        va_end(ap);
        printf("\n");
    }
    ck.problems++;
}

const char *
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

// The partition table.

int
swap_fault(uint i, uint *start, uint *end)
{
    uint from = hfs.offset / SECTSIZE, to = from + hfs.space / SECTSIZE;

    return hfs_partition(i, PART_SWAP, start, end) &&
           (*start < KERNEND || (*start < to && *end > from));
}

static void
check_swap(void)
{
    uint start, end, i;

    for (i = 0; i < 4; i++)
        if (swap_fault(i, &start, &end))
            problem("swap partition %u lies over the files or the kernel",
                    i + 1);
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
    if (bno >= hfs.sb.datastart && bno < hfs.sb.nblocks)
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
    entry = hfs_block(bno);
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

    if (hfs_inode(0)->type)
        problem("inode 0 is in use");
    for (inum = 1; inum < hfs.sb.ninodes; inum++) {
        d = hfs_inode(inum);
        if (hfs_bit(hfs.sb.imapstart, inum) != (d->type != 0))
            problem("inode %u is %s but its bit says otherwise", inum,
                    d->type ? "in use" : "free");
        if (d->type)
            check_inode(inum, d);
    }
}

// The tree.

// Record i, in the directory's first block.
static struct dirent *
record(const struct dinode *d, uint i)
{
    uint bno = hfs_map(d, 0);

    return bno ? (struct dirent *)hfs_block(bno) + i : 0;
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

int
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
    uint bno = d->size % BSIZE ? hfs_map(d, d->size / BSIZE) : 0, i;
    uchar *b = bno ? hfs_block(bno) : 0;

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
    if (de->inum >= hfs.sb.ninodes || hfs_inode(de->inum)->type == 0) {
        problem("directory %u: %s leads to inode %u, which is not in use",
                inum, a_name(de), de->inum);
        return;
    }
    ck.names[de->inum]++;
    d = hfs_inode(de->inum);
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
    const struct dirent *de = hfs_block(bno);

    list = hfs_need(realloc(list, (*n + to - from + 1) * sizeof *list));
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
    const struct dinode *d = hfs_inode(inum);
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
        bno = hfs_map(d, i / each);
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

    if (hfs_inode(ROOTINO)->type != T_DIR) {
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
    int orphan = hfs_bit(hfs.sb.omapstart, inum);

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

    for (bno = 0; bno < hfs.sb.nblocks; bno++) {
        used = bno < hfs.sb.datastart || ck.owner[bno] != 0;
        set = hfs_bit(hfs.sb.bmapstart, bno);
        if (used && !set)
            problem("block %u is in use but its bit says free", bno);
        if (!used && set)
            problem("block %u belongs to nobody but its bit says in use",
                    bno);
    }
}

void
check_all(void)
{
    uint inum;

    if (ck.owner == 0) {
        ck.owner = hfs_need(calloc(hfs.sb.nblocks, sizeof *ck.owner));
        ck.listed = hfs_need(calloc(hfs.sb.nblocks, 1));
        ck.names = hfs_need(calloc(hfs.sb.ninodes, sizeof *ck.names));
        ck.reached = hfs_need(calloc(hfs.sb.ninodes, 1));
        ck.todo = hfs_need(calloc(hfs.sb.ninodes, sizeof *ck.todo));
        ck.parent = hfs_need(calloc(hfs.sb.ninodes, sizeof *ck.parent));
    }
    ck.files = ck.used = ck.ntodo = 0;
    memset(ck.owner, 0, hfs.sb.nblocks * sizeof *ck.owner);
    memset(ck.listed, 0, hfs.sb.nblocks);
    memset(ck.names, 0, hfs.sb.ninodes * sizeof *ck.names);
    memset(ck.reached, 0, hfs.sb.ninodes);
    check_swap();
    check_inodes();
    check_tree();
    for (inum = 1; inum < hfs.sb.ninodes; inum++)
        check_links(inum, hfs_inode(inum));
    check_bitmap();
}
