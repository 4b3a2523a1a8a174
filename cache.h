// cache.h: the one cache (bcache.c): every 4 KB block of disk that is in
// memory, exactly once, keyed (dev, bno).
//
// Who may sleep: all but those marked "never sleeps". They wait for the disk
// and for frames that others have busy, never for memory: -ENOMEM.

void binit(void);                   // after kinit

// The block's frame, busy (ours alone) and valid. 0, -EIO, -ENOMEM.
int  bread(uint dev, uint bno, struct page **);
// The same without reading: the content of a block not in memory before is
// undefined, and the caller fills the whole block before brelse.
int  bnew(uint dev, uint bno, struct page **);
// A reference to the block's frame, valid but not busy, for blocks whose
// content the caller's own locks guard; page_put gives it back. bhit: only if
// it is in memory, else 0; never sleeps, takes no lock when it is there.
int  bref(uint dev, uint bno, struct page **);
struct page *bhit(uint dev, uint bno);
// No longer busy. The frame stays cached.
void brelse(struct page *);
// The content changed and nobody logs it: the flusher writes it some day.
// Caller has it busy, or holds a reference and has written (mmap, a pin).
// Does nothing when the frame has lost its identity. Never sleeps.
void bdirty(struct page *);
// For the log: set bits in pg->logged. The log writes the frame from now on,
// and the flusher does not, not even when it was dirty: a damaged disk gives
// a block to a file and to a directory. 0, and nothing has happened: one of
// these has freed it, and the frame has no identity any more. Never sleeps.
int  blog(struct page *, uchar bits);
// The block was freed: its frame loses its identity now and lives on until
// its last reference goes. Waits out a transfer under way. Not busy. Returns
// 1, and nothing has happened, if the log has it: log_forget it first.
int  bforget(uint dev, uint bno);
// Start reading blocks that are not cached, if memory is plentiful. Waits
// for nothing and reports nothing. Never sleeps.
void breadahead(uint dev, uint bno, uint n);
// Fail the n-th read from now of the process which calls bfail_reads(), those
// ahead too; that evicts whatever can be, so that there are some.
extern volatile int fail_read;
void bfail_reads(void);
// Write what is dirty, in sorted order, and wait for it. 0 or -EIO (a failed
// block stays dirty).
int  bflush(uint dev);
// How many blocks are dirty because their last write failed? They are written
// again with the others. Is this one of them? Never sleep.
uint bfailed(uint dev);
int  bfailed_block(uint dev, uint bno);
// Evict up to n frames that are clean and unused by second chance; returns
// how many were freed. Never sleeps.
uint bevict(uint n);
// Transfer completion, from the disk driver.
void bdone(struct page *);

// For swap: the block of dev that a process's frame is cached for, get() called
// with it. If there is none it becomes the frame, valid and clean, of a block
// from alloc(), and the cache has a reference beside the caller's: *fresh is 1.
// Both are called with the cache locked. 0: alloc() had none. Never sleeps.
uint bname(struct page *, uint dev, void (*get)(uint bno), uint (*alloc)(void),
           int *fresh);
int  bcached(uint dev, uint bno);   // is, or will be, in memory
// Nobody needs the block any more, or so it seems: cache_unused() decides.
// When it is true, the frame loses its identity; when a transfer is under
// way its end asks again. Never sleeps.
void bunused(uint dev, uint bno);
// Is this block of DEV_SWAP needed by nobody? Asked with the cache locked.
extern int (*cache_unused)(uint bno);

// For the reclaimer. Start writing up to n dirty blocks of a device, oldest
// first; how many were started.
uint bwrite_some(uint dev, uint n);
uint bwriting(void);                // writes under way
int  bwrites_fail(uint dev);        // 1: many in a row did, the last too
void bwait_write(void);             // until one more of these has ended
// The caller's reference goes back, and if nobody else but the cache has the
// frame, and it is clean, it is evicted now. Never sleeps.
void bput(struct page *);
// May this go? Asked for each cached block under the hand: used says whether
// it was touched since the hand passed last.
extern int (*cache_policy)(int used);
uint cache_dirty_of(uint dev);

// For the log: transfer this frame (not in the cache: a private copy) to or
// from (dev, bno), and wait for it. bio_start never sleeps.
void bio_start(struct page *, uint dev, uint bno, int write);
int  bio_wait(struct page *);       // 0 or -EIO

uint cache_count(void);             // cached frames
uint cache_dirty(void);
// For system call 23: cached, clean, nobody's: could be handed out at once.
int  cache_clean_unused(struct page *);
// For the checker: every F1/F3 fact of a cached frame; count of violations.
uint cache_check(void);
