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

#include "types.h"
#include "param.h"
#include "mmu.h"
#include "x86.h"
#include "spinlock.h"
#include "sleeplock.h"
#include "cpu.h"
#include "sched.h"
#include "usercopy.h"
#include "proc.h"
#include "print.h"

static struct spinlock gate = SPINLOCK("sleeplock", RANK_SLEEPLOCK);

static void
check_rank(struct proc *p, uint unit, const char *name)
{
    if (p->sranks >= unit << 4 && unit << 4 != 0)
        panic("%s lock taken out of rank (%x held)", name, p->sranks);
}

void
srank_take(enum sleeprank rank)
{
    struct proc *p = myproc();

    if (rank + 1 < NSRANK)
        check_rank(p, 1u << 4 * rank, "sleep");
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

#define WAITED 1u

// If the lock is `old` make it `new`; returns what it was.
static inline uint
change(struct sleeplock *lk, uint old, uint new)
{
    return cmpxchg((volatile uint *)&lk->owner, old, new);
}

static void __attribute__((noinline))
wait_for(struct sleeplock *lk, struct proc *p)
{
    uint now;

    acquire(&gate);
    while ((now = change(lk, 0, (uint)p | WAITED)) != 0) {
        if ((now & ~WAITED) == (uint)p)
            panic("%s lock taken twice", lk->name);
        if ((now & WAITED) || change(lk, now, now | WAITED) == now)
            sleep(lk, &gate);
    }
    release(&gate);
}

void
acquiresleep(struct sleeplock *lk)
{
    struct proc *p = myproc();

    check_rank(p, lk->unit, lk->name);
    p->sranks += lk->unit;
    if (change(lk, 0, (uint)p) != 0)
        wait_for(lk, p);
}

int
trysleep(struct sleeplock *lk)
{
    struct proc *p = myproc();

    if (change(lk, 0, (uint)p) != 0)
        return 0;
    check_rank(p, lk->unit, lk->name);
    p->sranks += lk->unit;
    return 1;
}

static void __attribute__((noinline))
drop_waited(struct sleeplock *lk, struct proc *p, uint was)
{
    if (was != ((uint)p | WAITED))
        panic("%s lock released by one who does not hold it", lk->name);
    acquire(&gate);                     // who set WAITED sleeps by now
    lk->owner = 0;
    release(&gate);
    wakeup_one(lk);
}

void
releasesleep(struct sleeplock *lk)
{
    struct proc *p = myproc();
    uint was;

    p->sranks -= lk->unit;
    if ((was = change(lk, (uint)p, 0)) != (uint)p)
        drop_waited(lk, p, was);
}

int
holdingsleep(struct sleeplock *lk)
{
    return ((uint)lk->owner & ~WAITED) == (uint)myproc();
}
