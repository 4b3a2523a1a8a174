// spinlock.c: spin locks: what is not in cpu.h.
//
// A lock is one word: the CPU that owns it. What else acquire() costs is
// knowing that it is right to take it: each CPU keeps a mask of the ranks it
// holds, and since ranks are bits, "the same or a higher one is held" is one
// comparison.
//
// While a CPU spins its interrupts are off, so it could not answer another
// CPU's TLB shoot-down; if the lock's holder waited for that answer, both
// would wait for ever. So the spinning loop serves shoot-downs itself.

#include "cpu.h"
#include "print.h"
#include "tlb.h"

void
initlock(struct spinlock *lk, const char *name, enum rank rank)
{
    lk->owner = 0;
    lk->bit = 1u << rank;
    lk->name = name;
}

void
lock_misused(struct spinlock *lk, const char *how)
{
    panic("spin lock %s %s (ranks held: %x)", lk->name, how, mycpu()->held);
}

void
lock_spin(struct spinlock *lk, struct cpu *c)
{
    do {
        while (lk->owner) {
            if (c->flushwant != c->flushdone)
                tlb_serve(c);
            relax();
        }
    } while (cmpxchg((volatile uint *)&lk->owner, 0, (uint)c) != 0);
}
