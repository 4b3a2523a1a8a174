// memwait.c: waiting for memory, and when it ends.
//
// Those who wait and the reclaimer (pageout.c) meet here. The reclaimer works
// in rounds; each ends with frames found, or on their way, or with nothing.
// Whoever waits tells how much, wakes it, and sleeps until a round is over.
//
// A round that found nothing does not refuse those who came in its midst: it
// may have looked before there was what there is now. The second one that they
// see does: the fault, which then chooses who dies, at once; a call only when
// no fault waits for memory and nobody is dying, for these make room soon.

#include "errno.h"
#include "lib.h"
#include "kalloc.h"
#include "cpu.h"
#include "sched.h"
#include "proc.h"
#include "memwait.h"

#define MOSTNEED 16                 // frames: what a call takes, mostly
#define MARGIN   16                 // so few more are as good as none

static struct {
    struct spinlock lock;           // guards all of this
    uint work;                      // the reclaimer is to work
    uint need;                      // so many frames are waited for at most;
                                    // 0: nobody waits
    uint round;                     // rounds that are over
    int  result;                    // of the last
    uint faults;                    // page faults that wait, or act on that
    uint dying;                     // somebody was chosen to die, or will be
} wait = { .lock = SPINLOCK("memory wait", RANK_TICKS) };

// Sleep until a round is over; its result. Held: wait.lock.
static int
wait_round(uint n)
{
    uint seen = wait.round;

    wait.work = 1;
    wait.need = MAX(wait.need, n);
    wakeup(&wait.work);
    wakeup(&wait.need);
    while (wait.round == seen)
        sleep(&wait.round, &wait.lock);
    return wait.result;
}

int
mem_wait_for(uint n)
{
    struct proc *p = myproc();
    int failed = p->memfailed, refused = 0;
    uint first;

    if (p->sranks != 0)
        return -ERESTART;
    p->memfailed = 0;
    if (failed && !p->faulting)
        return -ENOMEM;
    acquire(&wait.lock);
    if (p->faulting == 1) {
        p->faulting = 2;
        wait.faults++;
    }
    first = wait.round + 1;
    while (!refused && frames_spare() < n && wait_round(n) < 0)
        refused = p->killed ||
                  (wait.round != first &&
                   (p->faulting || wait.faults + wait.dying == 0));
    release(&wait.lock);
    return refused ? -ENOMEM : 0;
}

int
mem_wait(void)
{
    return mem_wait_for(MOSTNEED);
}

int
mem_again(int err)
{
    if (err == -ERESTART && (err = mem_wait()) == 0)
        return 1;
    return err;
}

void
mem_failed(void)
{
    struct proc *p = myproc();

    p->memfailed = 1;
    p->ast = 1;                     // the mark ends with the call
}

// ---- who dies ----

void
mem_fault_ends(void)
{
    struct proc *p = myproc();

    if (p->faulting == 2) {
        acquire(&wait.lock);
        wait.faults--;
        release(&wait.lock);
    }
    p->faulting = 0;
}

int
mem_choose(void)
{
    return cmpxchg(&wait.dying, 0, 1) == 0;
}

void
mem_chosen_gone(void)
{
    wait.dying = 0;
}

int
mem_dying(void)
{
    return wait.dying;
}

// ---- the reclaimer ----

void
mem_wake_reclaimer(void)
{
    if (wait.work)
        return;
    acquire(&wait.lock);
    wait.work = 1;
    wakeup(&wait.work);
    release(&wait.lock);
}

int
mem_wanted(uint nticks)
{
    int yes;

    acquire(&wait.lock);
    if (!wait.work)
        sleep_timed(&wait.work, &wait.lock, nticks);
    yes = wait.work;
    release(&wait.lock);
    return yes;
}

int
mem_lacking(void)
{
    return wait.need && frames_spare() <= MAX(MARGIN, wait.need);
}

void
mem_rest(uint nticks)
{
    acquire(&wait.lock);
    if (!wait.need)
        sleep_timed(&wait.need, &wait.lock, nticks);
    release(&wait.lock);
}

void
mem_round_done(int result)
{
    acquire(&wait.lock);
    wait.work = wait.need = 0;
    wait.result = result;
    wait.round++;
    wakeup(&wait.round);
    release(&wait.lock);
}
