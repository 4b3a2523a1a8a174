// fsformat.h: the file system as it lies on the disk. The kernel, tools/mkfs
// and tools/fsck all read this page and no other.
//
//   block 0       superblock; from byte SUPERCOPY on a copy, for fsck
//   log           header block, then nlog - 1 blocks for copies
//   inode bitmap  bit i: inode i is in use
//   orphan bitmap bit i: inode i has no name but was open; freed at boot
//   inode table   INOPB inodes a block
//   block bitmap  bit b: block b of the partition is in use (metadata too)
//   data          files, directories, indirect blocks
//
// All numbers are little-endian. Block numbers count from the partition's
// start. There are no holes: a file of n bytes owns ceil(n / BSIZE) blocks,
// exactly, and the index blocks that these need. The bytes past the end in
// the last block are zero, except where a program wrote them through a
// mapping; the kernel zeroes them again before the file grows over them.

#pragma once

#include "types.h"

#define BSIZE    4096
#define FSMAGIC  0x4b414554         // "TEAK"
#define FSVERSION 1
#define ROOTINO  1                  // inode 0 is never used

struct superblock {
    uint magic, version;
    uint nblocks;                   // whole file system, in blocks
    uint ninodes;                   // at most 65536: dirent.inum has 16 bits
    uint logstart, nlog;
    uint imapstart, nimap;          // inode bitmap
    uint omapstart, nomap;          // orphan bitmap
    uint inodestart, ninodeblocks;
    uint bmapstart, nbmap;          // block bitmap
    uint datastart;
};

#define SUPERCOPY 2048              // in block 0; all zero in old images
#define LOGMIN    32                // blocks: the largest call must fit
#define MAXBITMAP 1024              // blocks: 128 GB of disk

#define NDIRECT   10
#define NINDIRECT (BSIZE / 4)
#define MAXBLOCKS (NDIRECT + NINDIRECT + NINDIRECT * NINDIRECT)
#define MAXFILE   0x7fffffff        // bytes: lseek's offset is an int

struct dinode {                     // 64 bytes
    ushort type;                    // T_DIR, T_FILE, T_DEV; 0 free
    ushort major, minor;            // T_DEV
    ushort nlink;                   // names; a directory's own ., and each
                                    // child's .., count: 2 + subdirectories
    uint   size;                    // bytes
    uint   mtime;                   // seconds since 1970
    uint   addr[NDIRECT];           // direct blocks
    uint   ind, dind;               // indirect, double-indirect; 0 none
};

#define INOPB (BSIZE / 64)
#define BPB   (BSIZE * 8)           // bits in a bitmap block

#define DIRSIZ 14
struct dirent {                     // xv6's 16 bytes; inum 0: free entry
    ushort inum;
    char   name[DIRSIZ];            // zero-padded, unterminated when full
};
// Entries 0 and 1 of a directory are "." and ".."; the root's ".." is itself.

// The log's header block. n == 0: nothing to replay. The header counts as
// written only if sum is right: a torn sector write must not be replayed.
#define LOGMAX ((BSIZE - 16) / 4)
struct loghead {
    uint magic;                     // FSMAGIC
    uint n;                         // copies that follow
    uint seq;                       // transaction number
    uint sum;                       // of n, seq, home[0..n-1] and the copies
    uint home[LOGMAX];              // where each copy belongs
};

// One step of the sum: over n, over seq, over home[0..n-1], over each copy;
// it begins with FSMAGIC. (Multiplying matters: sums by rotation take blocks
// of ones for blocks of zeroes.)
static inline uint
log_sum(uint h, const uint *words, uint n)
{
    while (n-- > 0)
        h = (h ^ h >> 15 ^ *words++) * 0x9e3779b1u;
    return h;
}

// The sum of the header alone; those over the copies follow.
static inline uint
loghead_sum(const struct loghead *h)
{
    uint sum = log_sum(FSMAGIC, &h->n, 1);

    sum = log_sum(sum, &h->seq, 1);
    return log_sum(sum, h->home, h->n);
}

// Does an area of the superblock have n blocks, behind those before it?
static inline int
super_area(uint *next, uint start, uint n, uint want, uint end)
{
    if (start < *next || n != want || start > end || n > end - start)
        return 0;
    *next = start + n;
    return 1;
}

// What is wrong, in words, with a superblock in a partition of so many
// blocks; 0: nothing. The kernel mounts what fsck calls sound, and no other.
static inline const char *
super_fault(const struct superblock *s, uint nblocks)
{
    uint next = 1, end = s->nblocks, inodes = s->ninodes, maps;

    if (s->magic != FSMAGIC || s->version != FSVERSION)
        return "no file system of this version";
    if (end == 0 || end > nblocks)
        return "more blocks than the partition has";
    if (end > MAXBITMAP * (uint)BPB)
        return "too many blocks";
    if (inodes <= ROOTINO || inodes > 65536)
        return "bad number of inodes";
    maps = (inodes - 1) / BPB + 1;
    if (s->nlog < LOGMIN || s->nlog > LOGMAX + 1 ||
        !super_area(&next, s->logstart, s->nlog, s->nlog, end))
        return "bad log";
    if (!super_area(&next, s->imapstart, s->nimap, maps, end) ||
        !super_area(&next, s->omapstart, s->nomap, maps, end))
        return "bad inode bitmaps";
    if (!super_area(&next, s->inodestart, s->ninodeblocks,
                    (inodes - 1) / INOPB + 1, end))
        return "bad inode table";
    if (!super_area(&next, s->bmapstart, s->nbmap, (end - 1) / BPB + 1, end))
        return "bad block bitmap";
    return s->datastart < next || s->datastart >= end ? "bad data area" : 0;
}
