// swap.c: swap slots. Nothing is swapped out yet, so no slot is ever in use
// and a PTE that names one is a broken invariant.

#include "types.h"
#include "mmu.h"
#include "x86.h"
#include "memlayout.h"
#include "print.h"
#include "kalloc.h"
#include "swap.h"

void
swap_init(void)
{
}

uint
slots_free(void)
{
    return 0;
}

uint
slots_total(void)
{
    return 0;
}

void
slot_get(uint slot)
{
    panic("slot %d is not in use", slot);
}

void
slot_put(uint slot)
{
    panic("slot %d is not in use", slot);
}

int
swap_in(uint slot, struct page **pg)
{
    (void)pg;
    panic("slot %d is not in use", slot);
}
