// op.h: one operation on the file system (op.c): a transaction, the inodes
// locked for it, and the blocks that it keeps in memory.

#pragma once

#include "log.h"

struct inode;
struct page;

#define OPINODES 4                  // a rename: two directories, what moves,
                                    // what it replaces

struct op {
    uint credits;                   // blocks that it may change
    uint released;                  // log_released() before it began
    uint ninodes, nlocked;
    struct inode *ip[OPINODES];     // to be locked, by number
    struct inode *new;              // made by this operation, locked
    uint nblocks;
    struct page *pg[OPMAX];
    uint bno[OPMAX];                // theirs: a freed block's frame has none
};

// A new operation, on ip. Its arrays are not cleared.
void op_init(struct op *, struct inode *ip);
// Before it begins: it works on ip, too. 0, or one given before, is nothing.
void op_add(struct op *, struct inode *);
// Open a transaction and lock the inodes; their blocks are kept. 0 or -errno.
int  op_begin(struct op *, uint credits);
// Let go of everything. The same inodes can be worked on again.
void op_end(struct op *);
// After op_end(): what to do about err, the operation's result. 1: begin it
// again, as more of it is to be done (err > 0), freed blocks have become
// usable, or memory has; else err.
int  op_again(struct op *, int err);

// Keep a block in memory till the end; more than once is the same. So an
// operation can read all that it will change before it changes anything, and
// then nothing fails. Each block that it changes is kept, and so it changes no
// more than its credits allow. 0, -EIO; -ERESTART: no frame, or the credits are
// used up. Then what has been done so far stays, and the next operation goes on
// (icut_step, grow_step). A piece of work that cannot be divided always fits.
int  op_block(struct op *, uint bno, struct page **);
struct page *op_kept(struct op *, uint bno);        // one that is kept
// Keep this block, whose reference the caller gives away. There is room.
void op_take(struct op *, struct page *);
int  op_room(const struct op *, uint n);    // for n more blocks?
