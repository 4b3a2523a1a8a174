// log.h: the write-ahead log. A call that changes metadata does it between
// begin_op() and end_op(); all of it reaches the disk or nothing.

#pragma once

#include "types.h"

struct superblock;
struct page;

#define OPMAX 24                    // blocks that one operation may change
#define OPDATA 12                   // frames that it may need besides: for new
                                    // data, for blocks that it only reads

// Replay what a crash left. 0 or -errno (the mount fails).
int  log_init(struct superblock *);
// Open a transaction that may change 1 to OPMAX metadata blocks. When it begins
// it has reserved log room and frames, so that it can end. May sleep, but not
// for memory: no inode or address-space lock is held. 0; -EROFS after a log
// failure; -ERESTART: the caller is to wait for frames (mem_wait()).
int  begin_op(uint nblocks);
void end_op(uint nblocks);          // the same number
// This block, to which the caller has a reference, is changed by the
// transaction. It will not be evicted or written home before the commit.
// Nothing happens when the frame has lost its identity.
void log_write(struct page *);
// Commit all that has ended so far and wait: data first, then the log, home.
// 0, -EIO, -EROFS. This is what sync and fsync are made of. Data that could
// not be written is no failure of this: bfailed() knows.
int  log_commit(void);
// Freed blocks: not to be handed out again before the freeing transaction
// has committed. log_freed() comes before the bit in the bitmap is cleared.
void log_freed(uint bno);
int  log_awaits_commit(uint bno);   // 1: freed by an uncommitted transaction
// A call that finds no room: commit when freed blocks are held. 1: some have
// become usable since log_released() gave `seen`, before the look for room, so
// try again. No transaction open.
uint log_released(void);
int  log_release_held(uint seen);
void log_await_work(void);          // for the flusher: sleep till work is due
uint log_pending(void);             // blocks that a commit will free
