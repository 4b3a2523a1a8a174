// spinlock.c: spin locks.
//
// A lock is one word, taken by an exchange. What costs is knowing that it is
// right to take it, and that is two instructions more: each CPU keeps a mask
// of the ranks it holds, and a rank may be taken when no bit at or above it
// is set.
//
// While a CPU spins its interrupts are off, so it could not answer another
// CPU's TLB shoot-down; if the lock's holder waited for that answer, both
// would wait for ever. So the spinning loop serves shoot-downs itself.

#include "types.h"
#include "param.h"
#include "mmu.h"
#include "x86.h"
#include "spinlock.h"
#include "cpu.h"
#include "print.h"
#include "tlb.h"

void
initlock(struct spinlock *lk, const char *name, enum rank rank)
{
    lk->locked = 0;
    lk->rank = rank;
    lk->owner = 0;
    lk->name = name;
}

void
pushcli(void)
{
    uint eflags = readeflags();
    struct cpu *c;

    cli();                              // before the counter is touched: an
    c = mycpu();                        // interrupt would move us elsewhere
    if (c->ncli++ == 0)
        c->intena = eflags & FL_IF;
}

void
popcli(void)
{
    struct cpu *c = mycpu();

    assert(c->ncli > 0);
    if (--c->ncli == 0 && c->intena)
        sti();
}

static void __attribute__((noinline))
spin(struct spinlock *lk, struct cpu *c)
{
    do {
        while (lk->locked) {
            if (c->flushwant != c->flushdone)
                tlb_serve(c);
            relax();
        }
    } while (xchg(&lk->locked, 1));
}

static inline void
take(struct spinlock *lk, uint forbidden)
{
    uint eflags = readeflags();
    struct cpu *c;

    cli();
    c = mycpu();
    if (c->ncli++ == 0)
        c->intena = eflags & FL_IF;
    if (c->held & forbidden)
        panic("lock %s taken out of rank (held %x)", lk->name, c->held);
    if (xchg(&lk->locked, 1))
        spin(lk, c);
    lk->owner = c;
    c->held |= 1u << lk->rank;
}

void
acquire(struct spinlock *lk)
{
    take(lk, -1u << lk->rank);
}

void
acquire_second(struct spinlock *lk)
{
    take(lk, -2u << lk->rank);
}

void
release(struct spinlock *lk)
{
    struct cpu *c = mycpu();

    if (lk->owner != c)
        panic("lock %s released by one who does not hold it", lk->name);
    lk->owner = 0;
    c->held &= ~(1u << lk->rank);       // a second one's rank goes with it:
    asm volatile("" ::: "memory");      // harmless, both go together
    lk->locked = 0;
    if (--c->ncli == 0 && c->intena)
        sti();
}

int
holding(struct spinlock *lk)
{
    return lk->locked && lk->owner == mycpu();
}
