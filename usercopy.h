// usercopy.h: the only door to user memory. All calls check the right to all
// that they touch. They mean the current process, may sleep (a page may have to
// be read), and are called with nothing locked; but for those that end in _now.

#pragma once

#include "mmu.h"
#include "memlayout.h"
#include "x86.h"

struct aspace;

int  copyin(void *dst, uint uva, uint n);           // 0 or -EFAULT
int  copyout(uint uva, const void *src, uint n);    // 0 or -EFAULT
// A string with its NUL; its length, -EFAULT, or -ENAMETOOLONG when it does
// not fit in max bytes.
int  copyinstr(char *dst, uint uva, uint max);
// The length alone.
int  user_strlen(uint uva, uint max);

// The kernel's address of a user byte, if its page is there and allows the
// access, else 0. Interrupts off: as long as they are the page stays. A write
// marks the page as the CPU would. (Inline: a system call gets its arguments
// with it in 40 instructions.)
static inline void *
user_kva(pde_t *pgdir, uint va, int write)
{
    uint need = PTE_P | PTE_U | (write ? PTE_W : 0);
    pde_t pde;
    pte_t *pte, old;

    if (va >= KERNBASE)
        return 0;
    pde = pgdir[PDX(va)];
    if ((pde & PTE_P) == 0)
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
// touched a moment ago and will still be there. The address space is the
// current process's, or one that nobody else can see yet.
uint copyout_now(struct aspace *, uint uva, const void *src, uint n);
uint copyin_now(struct aspace *, void *dst, uint uva, uint n);
// Have the page of a byte faulted in, if it is not there: 0, -EFAULT, -ENOMEM.
int  user_fault(uint uva, int write);
// Likewise the pages of the first WHOLE of *n bytes. Where a later one is none
// of the user's, *n is cut to the bytes before it. So a transfer of up to WHOLE
// bytes can be made in one piece.
#define WHOLE (2 * PGSIZE)
int  user_ready(uint uva, uint *n, int write);
