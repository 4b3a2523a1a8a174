// cache.h: the one cache (bcache.c): every 4 KB block of disk that is in
// memory, exactly once, in a frame found by (dev, bno).
//
// A block is used with a reference to its frame, which page_put() gives back;
// what it contains is guarded by the caller's own locks. Functions that say
// nothing else may sleep: for the disk, never for memory (-ERESTART).

#pragma once

#include "types.h"

struct page;
struct spinlock;

void binit(void);                   // after kinit

// ---- blocks ----

// The block's frame, read. 0, -EIO, -ERESTART.
int  bread(uint dev, uint bno, struct page **);
// The frame of a block whose old content is nobody's: all zero, not dirty.
int  bnew(uint dev, uint bno, struct page **);
// The same as bread, but 0 if it is not in memory. Never sleeps.
struct page *incore(uint dev, uint bno);
// Start reading those of n blocks that are not in memory, while there is
// plenty of memory. Never sleeps, reports nothing.
void breadahead(uint dev, uint bno, uint n);
// The content was changed, and nobody logs it: it is written some day. Does
// nothing when the block was freed meanwhile. Never sleeps.
void bdirty(struct page *);
// The block was freed: its frame loses its identity and lives on until its
// last reference goes. Metadata stays, as the log will write it.
void bforget(uint dev, uint bno);

// ---- writing ----

// Write what is dirty and wait for it; one caller at a time for a device. 0,
// or -EIO: some block could not be written, and stays dirty.
int  bflush(uint dev);
// Start writing up to n dirty blocks, oldest first; how many. Never sleeps.
uint bwrite_some(uint dev, uint n);
uint bwriting(void);                // writes under way
void bwait_write(void);             // until one more of these has ended
// Have many writes failed in a row, the last one too?
int  bwrites_fail(uint dev);
// How many blocks are dirty because their last write failed? (pg->failed.)
uint bfailed(uint dev);
void bdone(struct page *);          // a transfer has ended: from the disk

// ---- eviction ----

// Evict up to n frames; how many were. Never sleeps.
uint bevict(uint n);
// May this one go? Asked for each evictable frame under the hand: used says
// whether it was used since the hand passed last. 0: those not used go.
extern int (*cache_policy)(int used);
// Could the frame of a user's or cached page be had at once? As of now, unless
// cache_lock is held.
int  evictable(const struct page *);
// Give a reference back and evict the frame, if it is evictable then.
void bput(struct page *);

// ---- for the log ----

// Set bits in pg->logged: from now on the log writes the frame, and nobody
// else. 0: the block was freed, and nothing has happened. Never sleeps.
int  blog(struct page *, uchar bits);

// ---- for swap.c ----

// Slots and the frames cached for them change together, under this lock, which
// the next two functions want held.
extern struct spinlock cache_lock;
// An anonymous page becomes the content of a slot.
void swap_cache_add(struct page *, uint slot);
// No PTE names the slot any more. 1: nor is there a frame for it now. 0: it
// is being read or written; when that ends slot_unused() is asked.
int  swap_cache_drop(uint slot);

// ---- counts and checks ----

uint cache_count(void);             // cached frames
// Since the frame was last used, in units of 32 ticks, modulo 256.
uint cache_age(const struct page *);
uint cache_dirty(uint dev);
uint cache_check(void);             // frames that break F1 or F3, and such
