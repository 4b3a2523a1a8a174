// sleeplock.c: locks whose waiters sleep.
//
// A free lock is taken with one compare-and-exchange. Who finds it taken is
// counted in nwait, tries once more, and sleeps; who gives it back sets it free
// and then looks at nwait. So either the owner sees that somebody waits, or the
// other one's second try finds the lock free. Whoever uses a lock holds a
// reference to what it is in: it may be looked at after it was given back.
//
// p->sranks counts the locks that p holds of each rank, in four bits a rank. A
// rank may be taken when everything above its own four bits is zero. So nobody
// can hold more than sixteen of the innermost rank, which is far from any use.

#include "cpu.h"
#include "sched.h"
#include "proc.h"
#include "print.h"

static void
take_rank(struct proc *p, uint unit)
{
    if (p->sranks >= unit << 4)
        panic("sleep lock %x taken out of rank (%x held)", unit, p->sranks);
    p->sranks += unit;
}

void
srank_take(enum sleeprank rank)
{
    take_rank(myproc(), SLEEPUNIT(rank));
}

void
srank_drop(enum sleeprank rank)
{
    myproc()->sranks -= SLEEPUNIT(rank);
}

static int
try(struct sleeplock *lk, struct proc *p)
{
    return __sync_bool_compare_and_swap(&lk->owner, 0, p);
}

// Not inline: acquiresleep() would take 27 instructions, not 25.
static void __attribute__((noinline))
wait(struct sleeplock *lk, struct proc *p)
{
    if (lk->owner == p)
        panic("%s lock taken twice", lk->lk.name);
    acquire(&lk->lk);
    lk->nwait++;
    while (!try(lk, p))
        sleep(lk, &lk->lk);
    lk->nwait--;
    release(&lk->lk);
}

void
acquiresleep(struct sleeplock *lk)
{
    struct proc *p = myproc();

    take_rank(p, lk->unit);
    if (!try(lk, p))
        wait(lk, p);
}

int
trysleep(struct sleeplock *lk)
{
    struct proc *p = myproc();

    if (!try(lk, p))
        return 0;
    take_rank(p, lk->unit);
    return 1;
}

void
releasesleep(struct sleeplock *lk)
{
    struct proc *p = myproc();

    if (lk->owner != p)
        panic("%s lock released by one who does not hold it", lk->lk.name);
    p->sranks -= lk->unit;
    xchg((volatile uint *)&lk->owner, 0);       // a barrier, too
    if (lk->nwait > 0) {
        acquire(&lk->lk);
        wakeup_one(lk);
        release(&lk->lk);
    }
}
