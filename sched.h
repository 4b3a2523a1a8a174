// sched.h: sleeping, waking, switching.

#pragma once

#include "types.h"

struct spinlock;
struct proc;

// Give up the CPU until wakeup(chan). lk is released while asleep and held
// again on return; no other spin lock may be held. May return early:
// callers test their condition in a loop.
void sleep(void *chan, struct spinlock *lk);
// The same, but a kill ends it. 0 or -EINTR; -EINTR at once when killed.
int  sleep_intr(void *chan, struct spinlock *lk);
// The same, also ended by the clock (ticks from now). 0, -EINTR, -ETIMEDOUT.
int  sleep_timed(void *chan, struct spinlock *lk, uint ticks);
// Just so many ticks, or until a kill; no lock is held.
void sleep_ticks(uint n);

// A place where mostly one process waits at a time, guarded by the lock that
// guards the condition. wait_at() is sleep_intr() there; wake_at() wakes all
// and is called with the lock held.
struct waiter {
    struct proc *first;
    uint more;                      // others sleep on this address
};
int  wait_at(struct waiter *, struct spinlock *lk);
void wake_all_at(struct waiter *);

static inline void
wake_at(struct waiter *w)
{
    if (w->first || w->more)
        wake_all_at(w);
}

void wakeup(void *chan);            // all; any context, any lock but run
void wakeup_one(void *chan);        // queues and printing may be held
int  wake_proc(struct proc *);      // end an interruptible sleep, for kill;
                                    // interrupts off

void yield(void);                   // let others run
// In a long call, between two steps: lets others run if it is time. 0, or
// -EINTR when killed.
int  sched_point(void);
void ready(struct proc *);          // a new process becomes RUNNABLE
// Become a ZOMBIE and never run again; releases `held` when nobody who takes
// it can find us on our stack any more but by wait_off_cpu().
void exit_switch(struct spinlock *held) __attribute__((noreturn));
void wait_off_cpu(struct proc *);   // until that zombie has left its stack
void idle_loop(void) __attribute__((noreturn));
void sched_init(void);
void sched_started(void);           // first thing a new process does

// A kernel thread: runs fn(arg), which never returns. 0 or -ENOMEM.
int  kthread(const char *name, void (*fn)(void *), void *arg);

extern volatile uint nswitches;
extern volatile uint ticks;         // since boot
void clock_tick(void);              // timer interrupt on this CPU
