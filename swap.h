// swap.h: swap slots: 4 KB blocks of the swap partition that hold anonymous
// pages. Slot n is block n; slot 0 is never used, so that a PTE naming a slot
// is never zero. F5 (kalloc.h) says when a slot is free.

#pragma once

#include "types.h"

struct page;

void swap_init(void);
uint slots_free(void);
uint slots_total(void);
void slot_get(uint slot);           // one more PTE names it
// One less; the last frees it, and its cached frame loses its identity.
// Never sleeps.
void slot_put(uint slot);
// Have the content of a slot that a PTE names in memory, and its neighbours'
// on the way. No address-space lock held: waits for the disk. 0, -EIO,
// -ERESTART.
int  swap_fetch(uint slot);
// The frame of a slot, with a reference, for a PTE that names the slot and
// will name the frame instead; gives the slot's count back. Address-space
// lock held, may sleep for the disk. 0, -EIO, -ERESTART.
int  swap_in(uint slot, struct page **);
// For the reclaimer: the slot, with one more count, that a PTE naming this
// frame is to name instead; 0 when there is none. *fresh: the slot is new and
// the frame was cached under its key just now: it is to be made dirty when
// nobody can write to it any more. The caller keeps its reference.
uint swap_out(struct page *, int *fresh);

extern volatile uint swap_ins, swap_outs;   // pages
extern volatile int  fail_slot;     // fail the n-th allocation from now

// For the cache: does no PTE name the slot? Then it is free from now on, and
// its frame is to be dropped. Asked about each slot whose transfer has ended,
// or is to begin. Held: cache_lock.
int  slot_unused(uint slot);

// For the checker: count a PTE, 0 if there is no such slot; how many slots
// differ from their counts, which begin anew then. And the kernel frames that
// the counts live in.
int  swap_recount(uint slot);
uint swap_check(void);
uint swap_frames(void);
