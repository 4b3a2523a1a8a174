// kstack.c: kernel stacks.
//
// Slot i of the kernel-stack range: 16 KB at KSTACKBASE + i * 16 KB, of which
// the lower half is never mapped (the guard) and the upper half is the stack.
//
//     | guard, 8 KB | stack, 8 KB | guard | stack | ...
//                   ^ struct kstack (cpu.h): whose it is
//
// A stack that overflows runs into the guard; the fault that follows finds no
// stack to be reported on, so it becomes a double fault, which has a stack of
// its own (trap.c).
//
// A free stack stays mapped, on a list whose links are in the stacks' bottoms,
// newest first, and is used again with no flush anywhere. Only beyond SPARE
// are some unmapped, in a batch, with one flush of all CPUs. No CPU ever
// stands on a stack that is in the list: proc.c waits for that.

#include <types.h>
#include <param.h>
#include <mmu.h>
#include <memlayout.h>
#include <x86.h>
#include <lib.h>
#include <errno.h>
#include <spinlock.h>
#include <cpu.h>
#include <kalloc.h>
#include <pagetable.h>
#include <tlb.h>

#define SPARE 32
#define UNMAPBATCH 16

static struct {
    struct spinlock lock;
    uint ready;                     // free stacks, mapped; 0 ends the list
    uint nready;
    ushort slot[NKSTACK];           // unmapped slots that were used before
    uint nslot, fresh;              // slots from fresh on were never used
} ks = { .lock = SPINLOCK("kernel stacks", RANK_POOL) };

static int
map_stack(uint stack)
{
    char *f[KSTACKSIZE / PGSIZE];
    uint i;

    for (i = 0; i < NELEM(f); i++) {
        if ((f[i] = kalloc()) == 0) {
            while (i > 0)
                kfree(f[--i]);
            return -ENOMEM;
        }
    }
    for (i = 0; i < NELEM(f); i++)
        *walkpgdir(kpgdir, (char *)stack + i * PGSIZE, 0) =
            V2P(f[i]) | PTE_P | PTE_W | pte_global;
    return 0;
}

uint
kstack_alloc(void)
{
    uint stack = 0, slot;

    acquire(&ks.lock);
    if ((stack = ks.ready) != 0) {
        ks.ready = *(uint *)stack;
        ks.nready--;
    } else if (ks.nslot > 0 || ks.fresh < NKSTACK) {
        slot = ks.nslot > 0 ? ks.slot[ks.nslot - 1] : ks.fresh;
        stack = KSTACKBASE + slot * KSTACKSTEP + KSTACKSTEP - KSTACKSIZE;
        if (map_stack(stack) < 0)
            stack = 0;
        else if (ks.nslot > 0)
            ks.nslot--;
        else
            ks.fresh++;
    }
    release(&ks.lock);
    return stack;
}

// Unmap a batch of spare stacks: one flush for all of them.
static void
shed_stacks(uint keep)
{
    uint stack[UNMAPBATCH], pa[2 * UNMAPBATCH], n = 0, i;
    pte_t *pte;

    acquire(&ks.lock);
    while (n < UNMAPBATCH && ks.nready > keep) {
        stack[n] = ks.ready;
        ks.ready = *(uint *)ks.ready;
        ks.nready--;
        for (i = 0; i < 2; i++) {
            pte = walkpgdir(kpgdir, (char *)stack[n] + i * PGSIZE, 0);
            pa[2 * n + i] = PTE_ADDR(*pte);
            *pte = 0;
        }
        n++;
    }
    release(&ks.lock);
    tlb_shoot_kernel();
    acquire(&ks.lock);
    for (i = 0; i < n; i++)
        ks.slot[ks.nslot++] = (stack[i] - KSTACKBASE) / KSTACKSTEP;
    release(&ks.lock);
    for (i = 0; i < 2 * n; i++)
        kfree(P2V(pa[i]));
}

void
kstack_free(uint stack)
{
    int surplus;

    acquire(&ks.lock);
    *(uint *)stack = ks.ready;
    ks.ready = stack;
    surplus = ++ks.nready > SPARE;
    release(&ks.lock);
    if (surplus)
        shed_stacks(SPARE - UNMAPBATCH);
}

void
kstack_trim(void)
{
    if (ks.nready > 0)
        shed_stacks(0);
}

uint
kstack_spare(void)
{
    return ks.nready * (KSTACKSIZE / PGSIZE);
}

uint
kstack_guard(uint va)
{
    if (va < KSTACKBASE || va >= KSTACKBASE + NKSTACK * KSTACKSTEP ||
        (va & KSTACKSIZE))
        return 0;
    return (va & ~(KSTACKSTEP - 1)) + KSTACKSTEP - KSTACKSIZE;
}
