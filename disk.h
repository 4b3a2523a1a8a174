// disk.h: the disks. disk.c finds the partitions and takes the requests, ata.c
// makes commands of them, ide.c and ahci.c drive the controllers.
//
// A request is a frame: pg->dev and pg->bno name the block, pg->qnext links
// it into a queue sorted by block, pg->iowrite its direction. Neighbouring
// blocks become one multi-sector command, so requests need no memory of
// their own. Completion is told by callback, from the interrupt.

#pragma once

#include "types.h"

struct bootinfo;
struct page;

enum { DEV_NONE, DEV_FS, DEV_SWAP, NDEV };  // partitions, by their type

// Find controllers, disks and partitions. done(pg) runs in
// interrupt context, no lock held, for every frame that the cache submits,
// exactly once; pg->ioerr tells failure. Sleeps.
void disk_init(struct bootinfo *, void (*done)(struct page *));
uint disk_blocks(uint dev);                 // size in BSIZE blocks, 0: none

// Queue a transfer of a whole cached frame. Never sleeps; needs no memory. The
// caller keeps the frame until done(). Blocks beyond the partition fail.
void disk_submit(struct page *, int write);
// The same for a frame from kalloc, to or from (dev, bno); wait for it. 0 or
// -EIO. disk_start never sleeps.
void disk_start(struct page *, uint dev, uint bno, int write);
int  disk_wait(struct page *);
// Make sure that what has been written reaches the medium, not only the
// drive's own cache. Sleeps; one caller at a time. 0 or -EIO.
int  disk_flush(void);

void disk_done(struct page *);              // a request has ended: from ata.c
void disk_intr(int irq);                    // for whichever disk has it
void disk_tick(void);                       // every clock tick, CPU 0

extern volatile uint disk_reads, disk_writes;      // blocks
// Fail the n-th request, the n-th write, from now.
extern volatile int  fail_disk, fail_write;
// Fail the n-th read that the process fail_reader asks for.
extern volatile int  fail_read;
extern int fail_reader;
