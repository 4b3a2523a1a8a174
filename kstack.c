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
// A free stack stays mapped, on a list of the CPU that freed it whose links
// are in the stacks' bottoms, newest first, and is used again with no flush
// anywhere; by other CPUs only when they have none. Only beyond SPARE are some
// unmapped, in a batch, with one flush of all CPUs. No CPU ever stands on a
// stack that is in a list: proc.c waits for that.

#include "lib.h"
#include "errno.h"
#include "cpu.h"
#include "kalloc.h"
#include "pagetable.h"
#include "tlb.h"

#define SPARE 32                    // on one CPU's list
#define UNMAPBATCH 16

static struct ready {
    struct spinlock lock;           // guards all of this
    uint head, n;                   // free stacks, mapped; 0 ends the list
} __attribute__((aligned(64))) ready[NCPU] = {
    [0 ... NCPU - 1] = { SPINLOCK("spare stacks", RANK_POOL), 0, 0 }
};

static struct {
    struct spinlock lock;           // guards all of this
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
            return -ERESTART;
        }
    }
    for (i = 0; i < NELEM(f); i++)
        *walkpgdir(kpgdir, (char *)stack + i * PGSIZE, 0) =
            V2P(f[i]) | PTE_P | PTE_W | pte_global;
    return 0;
}

// Take up to n stacks off a list, as long as more than keep are on it.
static uint
take(struct ready *r, uint *stack, uint n, uint keep)
{
    uint i;

    acquire(&r->lock);
    for (i = 0; i < n && r->n > keep; i++) {
        stack[i] = r->head;
        r->head = *(uint *)r->head;
        r->n--;
    }
    release(&r->lock);
    return i;
}

// A slot that is not mapped gets its frames.
static uint
new_stack(void)
{
    uint stack = 0, slot;

    acquire(&ks.lock);
    if (ks.nslot > 0 || ks.fresh < NKSTACK) {
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

uint
kstack_alloc(void)
{
    uint stack, me = mycpu()->id, i;

    if (take(&ready[me], &stack, 1, 0))
        return stack;
    for (i = 0; i < ncpu; i++)
        if (ready[i].n > 0 && take(&ready[i], &stack, 1, 0))
            return stack;
    return new_stack();
}

// Unmap a batch of spare stacks: one flush for all of them.
static void
shed_stacks(struct ready *r, uint keep)
{
    uint stack[UNMAPBATCH], pa[2 * UNMAPBATCH], n, i;
    pte_t *pte;

    if ((n = take(r, stack, UNMAPBATCH, keep)) == 0)
        return;
    for (i = 0; i < 2 * n; i++) {
        pte = walkpgdir(kpgdir, (char *)stack[i / 2] + i % 2 * PGSIZE, 0);
        pa[i] = PTE_ADDR(*pte);
        *pte = 0;
    }
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
    struct ready *r = &ready[mycpu()->id];
    int surplus;

    acquire(&r->lock);
    *(uint *)stack = r->head;
    r->head = stack;
    surplus = ++r->n > SPARE;
    release(&r->lock);
    if (surplus)
        shed_stacks(r, SPARE - UNMAPBATCH);
}

void
kstack_trim(void)
{
    uint i;

    for (i = 0; i < ncpu; i++)
        shed_stacks(&ready[i], 0);
}

uint
kstack_spare(void)
{
    uint i, n = 0;

    for (i = 0; i < ncpu; i++)
        n += ready[i].n;
    return n * (KSTACKSIZE / PGSIZE);
}

uint
kstack_guard(uint va)
{
    if (va < KSTACKBASE || va >= KSTACKBASE + NKSTACK * KSTACKSTEP ||
        (va & KSTACKSIZE))
        return 0;
    return (va & ~(KSTACKSTEP - 1)) + KSTACKSTEP - KSTACKSIZE;
}
