// diskmend.c: repairs what fsck needs before it can look at a file system:
// the superblock and the partition table.
//
// mkfs lays a file system out by three numbers: blocks, inodes, blocks of the
// log. All the rest follows (hfs_layout()). So a superblock that is damaged in
// a few words is found again: of all layouts that its numbers and those of its
// copy suggest, the one that agrees with most of them. Where the partition
// table does not lead to a superblock, it is looked for at the 1 MB boundaries
// of the disk, where mkimage puts partitions.

#include <string.h>
#include <unistd.h>
#include "fsmend.h"

#define WORDS    (sizeof(struct superblock) / sizeof(uint))
#define ENOUGH   8                  // words that must agree
#define STEP     (1 << 20)          // where partitions may begin
#define MAXSTEPS (1 << 12)

union words {
    struct superblock sb;
    uint w[WORDS];
};

static uint
agreeing(const union words *a, const union words *b)
{
    uint i, n = 0;

    for (i = 0; i < WORDS; i++)
        n += a->w[i] == b->w[i];
    return n;
}

// Try the layouts that one superblock's numbers suggest. The best one so far,
// judged by both, and how well it agrees.
static void
try_layouts(const union words seen[2], const struct superblock *s, uint room,
            union words *best, uint *score)
{
    uint blocks[] = { s->nblocks, room };
    uint inodes[] = { s->ninodes, s->ninodeblocks * INOPB,
                      (s->bmapstart - s->inodestart) * INOPB };
    uint logs[] = { s->nlog, s->imapstart - 1 };
    union words t;
    uint i, n, a, b;

    for (i = 0; i < 2 * 3 * 2; i++) {
        hfs_layout(&t.sb, blocks[i % 2], inodes[i / 2 % 3], logs[i / 6]);
        if (super_fault(&t.sb, 0xffffffff))
            continue;
        a = agreeing(&t, &seen[0]);
        b = agreeing(&t, &seen[1]);
        n = (a > b ? a : b) * WORDS + (a > b ? b : a);
        if (n > *score) {
            *best = t;
            *score = n;
        }
    }
}

// Is there a superblock, more or less, at this place? Then hfs.sb is what it
// should be. Returns how sure that is, 0: not at all.
static uint
guess_super(long long offset, uint room)
{
    static uchar block[BSIZE];
    union words seen[2], best;
    uint score = 0;

    hfs_read_at(offset, block, sizeof block);
    memcpy(&seen[0], block, sizeof seen[0]);
    memcpy(&seen[1], block + SUPERCOPY, sizeof seen[1]);
    try_layouts(seen, &seen[1].sb, room, &best, &score);
    try_layouts(seen, &seen[0].sb, room, &best, &score);
    if (score < ENOUGH * WORDS)
        return 0;
    hfs.sb = best.sb;
    return score;
}

static uchar *
entry(uint i)
{
    return hfs.mbr + PARTTABLE + PARTSIZE * i;
}

static uint
get_number(const uchar *p)
{
    uint n;

    memcpy(&n, p, sizeof n);
    return n;
}

// Where is the best superblock of the image? -1: nowhere.
static long long
find_super(long long offset)
{
    uint score = guess_super(offset < 0 ? 0 : offset, hfs.size / BSIZE), n, i;
    long long at, best = score ? (offset < 0 ? 0 : offset) : -1;
    struct superblock sb = hfs.sb;

    for (i = 0; offset < 0 && i < 4 + MAXSTEPS; i++) {
        at = i < 4 ? (long long)get_number(entry(i) + 8) * SECTSIZE
                   : (long long)(i - 3) * STEP;
        if (at == 0 || at >= hfs.size)
            continue;
        n = guess_super(at, i < 4 ? get_number(entry(i) + 12) /
                        (BSIZE / SECTSIZE) : (hfs.size - at) / BSIZE);
        if (n > score) {
            score = n;
            best = at;
            sb = hfs.sb;
        }
    }
    hfs.sb = sb;
    return best;
}

// Make the partition table say where the file system is: the entry that
// begins there, else the first of its type, else the first.
static void
mend_table(void)
{
    uint start = hfs.offset / SECTSIZE, i, at = 4, n;
    uint need = hfs.sb.nblocks * (BSIZE / SECTSIZE);

    for (i = 0; i < 4 && at == 4; i++)
        if (get_number(entry(i) + 8) == start)
            at = i;
    for (i = 0; i < 4 && at == 4; i++)
        if (entry(i)[4] == PART_FS)
            at = i;
    at %= 4;
    for (i = 0; i < at; i++)
        if (entry(i)[4] == PART_FS)
            entry(i)[4] = 0;
    n = get_number(entry(at) + 12);
    if (n < need || n > hfs.size / SECTSIZE - start)
        n = need;
    entry(at)[4] = PART_FS;
    memcpy(entry(at) + 8, &start, sizeof start);
    memcpy(entry(at) + 12, &n, sizeof n);
    hfs.mbr[SECTSIZE - 2] = 0x55;
    hfs.mbr[SECTSIZE - 1] = 0xaa;
    hfs_write_at(0, hfs.mbr, sizeof hfs.mbr);
    mended("partition %u: the file system, from sector %u on", at + 1, start);
}

const char *
mend_disk(long long offset)
{
    long long at, end;
    const char *fault;

    hfs_read_at(0, hfs.mbr, sizeof hfs.mbr);
    if ((at = find_super(offset)) < 0)
        return "there is no superblock, nor what is left of one";
    hfs.offset = at;
    end = at + (long long)hfs.sb.nblocks * BSIZE;
    if (end > hfs.size) {
        mended("the image is cut short: %lld bytes of zeroes are added",
               end - hfs.size);
        if (fflush(hfs.file) != 0 || ftruncate(fileno(hfs.file), end) != 0)
            return "the image cannot be made longer";
        hfs.size = end;
    }
    hfs_write_at(at, &hfs.sb, sizeof hfs.sb);
    hfs_write_at(at + SUPERCOPY, &hfs.sb, sizeof hfs.sb);
    mended("superblock: %u blocks, %u inodes, %u blocks of log",
           hfs.sb.nblocks, hfs.sb.ninodes, hfs.sb.nlog);
    if (offset < 0 && at > 0)
        mend_table();
    if ((fault = hfs_find(offset)) != 0)
        return fault;
    return hfs_mount();
}

// Where the file system really ends, in sectors.
static uint
files_end(void)
{
    return hfs.offset / SECTSIZE + hfs.sb.nblocks * (BSIZE / SECTSIZE);
}

// A partition of files that is too long is made as short as the superblock
// says.
static void
shorten_files(void)
{
    uint start = hfs.offset / SECTSIZE, n = files_end() - start, i;

    for (i = 0; i < 4; i++)
        if (entry(i)[4] == PART_FS && get_number(entry(i) + 8) == start) {
            memcpy(entry(i) + 12, &n, sizeof n);
            hfs.space = (long long)n * SECTSIZE;
            mended("partition %u: %u sectors", i + 1, n);
            return;
        }
}

// Swap behind the files, as much as there is room for; else none.
static void
move_swap(uint i)
{
    uint start = files_end(), n = hfs.size / SECTSIZE;

    n = n > start ? n - start : 0;
    memcpy(entry(i) + 8, &start, sizeof start);
    memcpy(entry(i) + 12, &n, sizeof n);
    if (n < BSIZE / SECTSIZE)
        memset(entry(i), 0, PARTSIZE);
    mended("partition %u: %u sectors of swap", i + 1, n);
}

void
mend_swap(void)
{
    uint i, start, end;

    for (i = 0; i < 4; i++) {
        if (swap_fault(i, &start, &end) && start >= files_end() &&
            start >= KERNEND)
            shorten_files();
        if (swap_fault(i, &start, &end))
            move_swap(i);
    }
    if (hfs.parted)
        hfs_write_at(0, hfs.mbr, sizeof hfs.mbr);
}
