// memwait.c: waiting for memory, and when it ends.
//
// Those who wait and the reclaimer (pageout.c) meet here. The reclaimer works
// in rounds; each ends with frames found, or on their way, or with nothing.
// Whoever waits tells how much, wakes it, and sleeps until a round is over.
//
// A round that found nothing refuses page faults, which then choose who dies,
// and make room by that. It refuses system calls only when it is the last of
// some in which no fault took a frame or waited for one, and nobody was dying:
// a call wants many frames at once, and faults that take them one by one come
// to their end sooner. But a call does not wait for ever beside processes that
// come and go. And a round refuses nobody who came in its midst, as it may have
// looked before there was what there is now, nor those who lack only what
// others have reserved: it comes back when these end.

#include "errno.h"
#include "lib.h"
#include "kalloc.h"
#include "cpu.h"
#include "sched.h"
#include "proc.h"
#include "memwait.h"

enum { NOBODY, FAULTS, ALL };       // whom a round refuses

#define MOSTNEED 16                 // frames: what a try takes, mostly, beside
                                    // what it reserves
#define CALM     3                  // rounds in a row: no death is near
#define MOSTROUNDS 500              // that a call waits for: 5 s at least, when
                                    // each finds nothing

static struct {
    struct spinlock lock;           // guards all of this; work and need may
                                    // be looked at without
    uint work;                      // the reclaimer is to work
    uint need;                      // so many frames are waited for at most;
                                    // 0: nobody waits
    uint round;                     // rounds that are over
    int  refuses;                   // whom the last one did
    uint faults;                    // page faults that wait, or act on that
    uint dying;                     // somebody was chosen to die, or will be
    int  relief;                    // in this round a fault waited for a frame,
                                    // or took one for which others wait, or
                                    // dying was set: a death may bring memory
    uint calm;                      // rounds in a row that had neither relief
                                    // nor found anything
} wait = { .lock = SPINLOCK("memory wait", RANK_TICKS) };

// Sleep until a round is over. Held: wait.lock.
static void
wait_round(uint n)
{
    uint seen = wait.round;

    wait.work = 1;
    wait.need = MAX(wait.need, n);
    wakeup(&wait.work);
    wakeup(&wait.need);
    while (wait.round == seen)
        sleep(&wait.round, &wait.lock);
}

int
mem_wait(void)
{
    struct proc *p = myproc();
    int failed = p->memfailed, who = p->faulting ? FAULTS : ALL;
    int lacking, refused = 0, waited = 0;
    uint n = p->memneed + MOSTNEED, first;

    if (p->sranks != 0)
        return -ERESTART;
    p->memfailed = p->memneed = 0;
    if (failed && !p->faulting)
        return -ENOMEM;
    acquire(&wait.lock);
    if (p->faulting == FAULTING) {
        p->faulting = FAULT_WAITED;
        wait.faults++;
        wait.relief = 1;
    }
    first = wait.round + 1;
    while ((lacking = frames_spare() < n) != 0 && !refused) {
        wait_round(n);
        waited = 1;
        refused = p->killed ||
            (who == ALL && wait.round - first > MOSTROUNDS) ||
            (wait.round != first && wait.refuses >= who &&
             frames_free() < RESERVE + n);
    }
    release(&wait.lock);
    if (!waited)                    // enough, it seems, and still too little for
        yield();                    // the caller: let the reclaimer run
    return lacking ? -ENOMEM : 0;
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
    acquire(&wait.lock);
    wait.faults--;
    release(&wait.lock);
}

int
mem_choose(void)
{
    int chosen;

    acquire(&wait.lock);
    chosen = wait.dying;
    wait.dying = wait.relief = 1;
    release(&wait.lock);
    return !chosen;
}

void
mem_chosen_gone(void)
{
    acquire(&wait.lock);
    wait.dying = 0;
    release(&wait.lock);
}

// ---- the reclaimer ----

void
mem_wake_reclaimer(void)
{
    int relief = wait.need && myproc()->faulting;

    if (wait.work && wait.relief >= relief)
        return;
    acquire(&wait.lock);
    wait.relief |= relief;
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
    return wait.need && frames_spare() <= wait.need;
}

// A channel of its own, which mem_wake_reclaimer() leaves alone: the rest is not
// to end with each allocation, and inside a round wait.work may be set already.
void
mem_rest(void)
{
    acquire(&wait.lock);
    if (wait.need == 0)
        sleep_timed(&wait.need, &wait.lock, 1);
    release(&wait.lock);
}

void
mem_round_done(int result)
{
    acquire(&wait.lock);
    wait.work = wait.need = 0;
    wait.calm = result == 0 || wait.relief ? 0 : wait.calm + 1;
    wait.refuses = result == 0 ? NOBODY : wait.calm < CALM ? FAULTS : ALL;
    wait.relief = wait.faults + wait.dying > 0;
    wait.round++;
    wakeup(&wait.round);
    release(&wait.lock);
}
