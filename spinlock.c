// spinlock.c: spin locks.
//
// A lock is one word: the CPU that owns it. Each CPU keeps a mask of the
// ranks that it holds; since ranks are bits, "the same or a higher one is
// held" is one comparison.
//
// A CPU spins with interrupts off, so it cannot answer another CPU's TLB
// shoot-down by its interrupt. If the lock's holder waited for that answer,
// both would wait for ever. So the spinning loop serves shoot-downs itself.

#include "spinlock.h"
#include "cpu.h"
#include "print.h"

void (*spin_serve)(struct cpu *);

static void
misused(struct spinlock *lk, const char *how)
{
    panic("spin lock %s %s (ranks held: %x)", lk->name, how, mycpu()->held);
}

static int
try(struct spinlock *lk, struct cpu *c)
{
    return __sync_bool_compare_and_swap(&lk->owner, 0, c);
}

// Not inline: acquire() and release() would take 46 instructions, not 40.
static void __attribute__((noinline))
spin(struct spinlock *lk, struct cpu *c)
{
    while (!try(lk, c)) {
        if (c->flushwant != c->flushdone)
            spin_serve(c);
        relax();
    }
}

void
acquire(struct spinlock *lk)
{
    struct cpu *c = mycpu();
    uint held = c->held, eflags;

    chaos();
    if (held == 0) {                // else interrupts are off already
        eflags = readeflags();
        cli();                      // first: an interrupt takes locks, too
        c->intena = eflags;
    } else if (held >= lk->bit) {
        misused(lk, "taken out of rank: the order is enum rank's");
    }
    c->held = held | lk->bit;
    if (!try(lk, c))
        spin(lk, c);
}

void
release(struct spinlock *lk)
{
    struct cpu *c = mycpu();

    if (lk->owner != c)
        misused(lk, "released by one who does not hold it");
    c->held ^= lk->bit;             // last look at lk: once free it may be gone
    __atomic_store_n(&lk->owner, 0, __ATOMIC_RELEASE);
    if (c->held == 0 && (c->intena & FL_IF))
        sti();
    chaos();
}

int
holding(struct spinlock *lk)
{
    return lk->owner == mycpu();
}
