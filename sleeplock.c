// sleeplock.c: locks whose waiters sleep.
//
// One word tells all: the owner, with bit 0 set when somebody waits. Taking
// a free lock and giving back one that nobody waits for is one compare-and-
// exchange each; only the contended paths touch the channel.
//
//   take:  0 -> me, done.  Else set bit 0 and sleep until that finds a 0.
//   drop:  me -> 0, done.  If bit 0 is set: 0, and wake one.
// A woken taker sets bit 0 in its turn, since others may still wait: at worst
// one needless wakeup when it drops the lock.
//
// p->sranks counts the locks held of each rank in four bits, the innermost
// rank, of which there may be many, in all the bits above. A rank may be
// taken when everything above its own four bits is zero.

#include "cpu.h"
#include "sched.h"
#include "proc.h"
#include "print.h"

// Whoever waits for a lock, and who wakes it, holds the gate of its address.
#define NGATE 16
static struct gate {
    struct spinlock lock;
} __attribute__((aligned(64))) gates[NGATE] = {
    [0 ... NGATE - 1] = { SPINLOCK("sleeplock", RANK_SLEEPLOCK) }
};

static struct spinlock *
gate_of(struct sleeplock *lk)
{
    return &gates[((uint)lk >> 6 ^ (uint)lk >> 12) % NGATE].lock;
}

void
srank_misused(struct proc *p, const char *name)
{
    panic("%s lock taken out of rank (%x held)", name, p->sranks);
}

void
srank_take(enum sleeprank rank)
{
    struct proc *p = myproc();

    if (rank + 1 < NSRANK)
        srank_check(p, 1u << 4 * rank, "sleep");
    p->sranks += 1u << 4 * rank;
}

void
srank_drop(enum sleeprank rank)
{
    myproc()->sranks -= 1u << 4 * rank;
}

void
initsleeplock(struct sleeplock *lk, const char *name, enum sleeprank rank)
{
    *lk = (struct sleeplock)SLEEPLOCK(name, rank);
}

void
sleeplock_wait(struct sleeplock *lk, struct proc *p)
{
    struct spinlock *gate = gate_of(lk);
    uint now;

    acquire(gate);
    while ((now = sleeplock_change(lk, 0, (uint)p | LOCK_WAITED)) != 0) {
        if ((now & ~LOCK_WAITED) == (uint)p)
            panic("%s lock taken twice", lk->name);
        if ((now & LOCK_WAITED) ||
            sleeplock_change(lk, now, now | LOCK_WAITED) == now)
            sleep(lk, gate);
    }
    release(gate);
}

int
trysleep(struct sleeplock *lk)
{
    struct proc *p = myproc();

    if (sleeplock_change(lk, 0, (uint)p) != 0)
        return 0;
    srank_check(p, lk->unit, lk->name);
    p->sranks += lk->unit;
    return 1;
}

void
sleeplock_drop(struct sleeplock *lk, struct proc *p, uint was)
{
    struct spinlock *gate = gate_of(lk);

    if (was != ((uint)p | LOCK_WAITED))
        panic("%s lock released by one who does not hold it", lk->name);
    acquire(gate);                      // who set LOCK_WAITED sleeps by now
    lk->owner = 0;
    release(gate);
    wakeup_one(lk);
}
