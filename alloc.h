// alloc.h: which blocks and inodes of the file system are in use (alloc.c),
// for the file system's own parts.

#pragma once

#include "fsformat.h"

extern struct superblock super;     // as read at mount

struct op;

static inline int                   // may a file own it?
block_valid(uint bno)
{
    return bno >= super.datastart && bno < super.nblocks;
}

// Superblock, counts. 0 or -errno.
int  alloc_init(void);
uint blocks_free(void);             // those still held by the log too

// In an operation (op.h). A new block, whose bitmap block is kept; for the
// block itself there is room in the operation. -ENOSPC, -EIO, -ERESTART.
int  balloc(struct op *, uint *bno);
// Give a block back: it leaves the cache too. Its bitmap block is kept, by
// balloc or by bfree_keep, so it cannot fail.
void bfree(struct op *, uint bno);
int  bfree_keep(struct op *, uint bno);

// Inode bits, likewise; orphan bits.
int  inum_alloc(struct op *, uint *inum);
void inum_free(struct op *, uint inum);
int  inum_keep(struct op *, uint inum);     // both bitmaps
void orphan_mark(struct op *, uint inum, int orphan);
// The first orphan at or after inum; 0: none, or -errno.
int  orphan_next(uint inum);

// Blocks that changing n file blocks and their bitmaps touches at most.
uint credits_for(uint n);

// Pure: first zero bit in [from, to) of a bitmap, or -1. The first one bit.
int  bits_find_zero(const uint *map, uint from, uint to);
int  bits_find_one(const uint *map, uint from, uint to);
