// swap.h: swap slots: 4 KB blocks of the swap partition that hold anonymous
// pages. Slot n is block n; slot 0 is never used, so that a PTE naming a slot
// is never zero.
//   F5  slot.ref == PTEs naming the slot

void swap_init(void);
uint slots_free(void);
uint slots_total(void);
void slot_get(uint slot);           // one more PTE names it
void slot_put(uint slot);           // one less; the last frees it
// The frame of a slot, with a reference, for a PTE that names the slot and
// will name the frame instead; gives the slot's count back. Address-space
// lock held, may sleep for the disk. 0, -EIO, -EAGAIN (no memory).
int  swap_in(uint slot, struct page **);
