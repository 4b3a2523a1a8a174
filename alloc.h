// alloc.h: which blocks and inodes of the file system are in use (alloc.c),
// for the file system's own parts.

#pragma once

#include "fsformat.h"

extern struct superblock super;     // as read at mount

struct bitmap;
struct op;

static inline int                   // may a file own it?
block_valid(uint bno)
{
    return bno >= super.datastart && bno < super.nblocks;
}

// Superblock, counts. 0 or -errno.
int  alloc_init(void);
uint blocks_free(void);             // those still held by the log too

// The bitmaps. All is done in an operation, which keeps a block: holds it in
// memory till the operation ends (op.h). Set the first clear bit that may be
// taken, and keep the bitmap's block. -ENOSPC, -EIO; -ERESTART: no frame, or
// the operation has no room for the new block and its bitmap block.
extern struct bitmap block_map, inode_map, orphan_map;
int  map_take(struct op *, struct bitmap *, uint *n);
// Keep the block of bit n, so that setting or clearing it cannot fail.
int  map_keep(struct op *, const struct bitmap *, uint n);
void map_set(struct op *, struct bitmap *, uint n, int on);

// A new block, as map_take() finds it. Give a block back: it leaves the cache,
// too, and is free after the commit; or at once, when this operation has just
// got it and nothing names it yet.
int  balloc(struct op *, uint *bno);
void bfree(struct op *, uint bno);
void balloc_undo(struct op *, uint bno);
// Keep both bits of an inode.
int  inum_keep(struct op *, uint inum);
// The first orphan at or after inum; 0: none, or -errno.
int  orphan_next(uint inum);

// Credits for FEWBLOCKS blocks at the end of a file to come or go. A longer
// piece of work comes as far with them as it can: mostly far, as blocks that
// lie side by side share their bitmap block.
#define FEWBLOCKS 8
uint file_credits(void);
