// copynow.h: to and from user memory, as far as its pages are there.

#pragma once

#include "mmu.h"
#include "memlayout.h"
#include "x86.h"

struct aspace;

// The kernel's address of a user byte, if its page is there and allows the
// access, else 0. Interrupts off: as long as they are the page stays. A write
// marks the page as the CPU would. (Inline: a system call gets its arguments
// with it in 40 instructions.)
static inline void *
user_kva(pde_t *pgdir, uint va, int write)
{
    uint need = PTE_P | PTE_U | (write ? PTE_W : 0);
    pde_t pde = pgdir[PDX(va)];
    pte_t *pte, old;

    if ((pde & PTE_U) == 0)             // no table, or the kernel's half
        return 0;
    pte = (pte_t *)P2V(PTE_ADDR(pde)) + PTX(va);
    old = *pte;
    chaos();
    if ((old & need) != need)
        return 0;
    // The reclaimer may take the page away at this moment, on another CPU.
    if (write && (old & PTE_D) == 0 &&
        cmpxchg(pte, old, old | PTE_A | PTE_D) != old)
        return 0;
    chaos();
    return (char *)P2V(PTE_ADDR(old)) + PGOFF(va);
}

// Copy what can be copied at once: bytes done, up to the first page that is
// not there or does not allow it. Any lock may be held; never sleeps. The
// caller then lets go of all that, asks for the page, and tries again: it was
// touched a moment ago and will still be there.
uint copyout_now(uint uva, const void *src, uint n);
uint copyin_now(void *dst, uint uva, uint n);
// The same to a space that no CPU has loaded, its lock held.
uint copyout_to(struct aspace *, uint uva, const void *src, uint n);

// A read or write of up to so many bytes counts as a whole or not at all.
#define WHOLE (2 * PGSIZE)
