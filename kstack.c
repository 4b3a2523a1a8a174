// kstack.c: kernel stacks. Interface: pagetable.h.
//
// Slot i of the kernel-stack range: 16 KB at KSTACKBASE + i * 16 KB, of which
// the lower half is never mapped (the guard) and the upper half is the stack.
//
//     | guard, 8 KB | stack, 8 KB | guard | stack | ...
//                   ^ struct kstack (cpu.h): whose it is
//
// A stack that overflows runs into the guard; the fault that follows finds no
// stack to be reported on, so it becomes a double fault, which has a stack of
// its own (cpu.c; exception.c reports it).
//
// A free stack stays mapped, on a list whose links are in the stacks' bottoms,
// and is used again, newest first, with no flush anywhere. When there are more
// than SPARE, all of them are unmapped, with one flush of all CPUs. No CPU ever
// stands on a stack that is in the list: proc.c waits for that.

#include "cpu.h"
#include "kalloc.h"
#include "pagetable.h"
#include "tlb.h"

#define SPARE 32                    // free stacks that stay mapped
#define NPAGES (KSTACKSIZE / PGSIZE)

static struct {
    struct spinlock lock;           // guards all of this
    uint head, n;                   // free stacks, mapped; 0 ends the list
    uint slot;                      // where to look for an unmapped one
} ks = { .lock = SPINLOCK("kernel stacks", RANK_POOL) };

// The entries of a stack's pages, which are in one table. Zero: unmapped and
// known to be so by every CPU.
static pte_t *
stack_ptes(uint stack)
{
    pte_t *table = P2V(PTE_ADDR(kpgdir[PDX(stack)]));

    return &table[PTX(stack)];
}

// An unmapped stack, or 0 when all are in use. Lock held.
static uint
unmapped_stack(void)
{
    uint n, stack;

    for (n = 0; n < NKSTACK; n++) {
        ks.slot = (ks.slot + 1) % NKSTACK;
        stack = KSTACKBASE + ks.slot * KSTACKSTEP + KSTACKSTEP - KSTACKSIZE;
        if (*stack_ptes(stack) == 0)
            return stack;
    }
    return 0;
}

// Give an unmapped stack its frames. Lock held.
static uint
map_stack(void)
{
    uint stack = unmapped_stack(), i;
    char *f[NPAGES];
    pte_t *pte;

    if (stack == 0)
        return 0;
    for (i = 0; i < NPAGES; i++) {
        if ((f[i] = kalloc()) == 0) {
            while (i > 0)
                kfree(f[--i]);
            return 0;
        }
    }
    pte = stack_ptes(stack);
    for (i = 0; i < NPAGES; i++)
        pte[i] = V2P(f[i]) | PTE_P | PTE_W | pte_global;
    return stack;
}

// A free stack's link, at its bottom. The direct map shows it even when the
// stack is unmapped.
static uint *
stack_link(uint stack)
{
    return P2V(PTE_ADDR(*stack_ptes(stack)));
}

uint
kstack_alloc(void)
{
    uint stack;

    acquire(&ks.lock);
    if ((stack = ks.head) != 0) {
        ks.head = *stack_link(stack);
        ks.n--;
    } else {
        stack = map_stack();
    }
    release(&ks.lock);
    return stack;
}

void
kstack_free(uint stack)
{
    acquire(&ks.lock);
    *stack_link(stack) = ks.head;
    ks.head = stack;
    ks.n++;
    release(&ks.lock);
    if (ks.n > SPARE)
        kstack_trim();
}

// One flush for all stacks of a list that nobody else sees. Only after it are
// their frames free and their entries zero.
void
kstack_trim(void)
{
    uint list, stack, i;
    pte_t *pte;

    acquire(&ks.lock);
    list = ks.head;
    ks.head = ks.n = 0;
    release(&ks.lock);
    if (list == 0)
        return;
    for (stack = list; stack; stack = *stack_link(stack))
        for (i = 0; i < NPAGES; i++)
            stack_ptes(stack)[i] &= ~PTE_P;
    tlb_shoot_kernel();
    acquire(&ks.lock);              // a slot is free when its first entry is 0
    for (stack = list; stack; stack = list) {
        list = *stack_link(stack);
        pte = stack_ptes(stack);
        for (i = 0; i < NPAGES; i++) {
            kfree(P2V(PTE_ADDR(pte[i])));
            pte[i] = 0;
        }
    }
    release(&ks.lock);
}

uint
kstack_spare(void)
{
    return ks.n * NPAGES;
}

uint
kstack_guard(uint va)
{
    if (va < KSTACKBASE || va >= KSTACKBASE + NKSTACK * KSTACKSTEP ||
        (va & KSTACKSIZE))
        return 0;
    return (va & ~(KSTACKSTEP - 1)) + KSTACKSTEP - KSTACKSIZE;
}
