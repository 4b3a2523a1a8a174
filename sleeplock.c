// sleeplock.c: locks whose waiters sleep.
//
// One word tells all: 0 free, 1 held, 2 held and somebody waits. Taking a
// free lock is one compare-and-exchange and giving back one that nobody
// waits for is one exchange; only the contended paths touch the channel.
//
//   take:  0 -> 1, done.  Else mark it 2 and sleep until that finds a 0.
//   drop:  -> 0.  If it was 2, wake one.
// A woken taker stores 2, not 1, since others may still wait: at worst one
// needless wakeup when it drops the lock.

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

// p->sranks counts the locks held of each rank in four bits, the innermost
// rank, of which there may be many, in all the bits above. A rank may be
// taken when everything above its own four bits is zero.
#define RANKSHIFT(rank) (4 * (rank))

void
srank_take(enum sleeprank rank)
{
    struct proc *p = myproc();

    if (rank + 1 < NSRANK && p->sranks >> RANKSHIFT(rank + 1))
        panic("sleep lock of rank %d taken out of rank (%x held)", rank,
              p->sranks);
    p->sranks += 1u << RANKSHIFT(rank);
}

void
srank_drop(enum sleeprank rank)
{
    myproc()->sranks -= 1u << RANKSHIFT(rank);
}

void
initsleeplock(struct sleeplock *lk, const char *name, enum sleeprank rank)
{
    lk->state = 0;
    lk->rank = rank;
    lk->owner = 0;
    lk->name = name;
}

static void __attribute__((noinline))
wait_for(struct sleeplock *lk)
{
    acquire(&gate);
    while (xchg(&lk->state, 2) != 0)
        sleep(lk, &gate);
    release(&gate);
}

void
acquiresleep(struct sleeplock *lk)
{
    struct proc *p = myproc();

    assert(lk->owner != p);
    srank_take(lk->rank);
    if (cmpxchg(&lk->state, 0, 1) != 0)
        wait_for(lk);
    lk->owner = p;
}

int
trysleep(struct sleeplock *lk)
{
    if (cmpxchg(&lk->state, 0, 1) != 0)
        return 0;
    srank_take(lk->rank);
    lk->owner = myproc();
    return 1;
}

void
releasesleep(struct sleeplock *lk)
{
    assert(holdingsleep(lk));
    lk->owner = 0;
    srank_drop(lk->rank);
    if (xchg(&lk->state, 0) == 2) {
        acquire(&gate);                 // the taker that stored 2 sleeps by
        release(&gate);                 // now, or will find the lock free
        wakeup_one(lk);
    }
}

int
holdingsleep(struct sleeplock *lk)
{
    return lk->state && lk->owner == myproc();
}
