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

void wakeup(void *chan);            // all; any context, any lock but the
void wakeup_one(void *chan);        // scheduler's and printing's may be held
void wake_proc(struct proc *);      // end an interruptible sleep, for kill

void yield(void);                   // let others run
// In a long call, between two steps: lets others run if it is time. 0, or
// -EINTR when killed.
int  sched_point(void);
void ready(struct proc *);          // a new process becomes RUNNABLE
// Become a ZOMBIE and never run again. `held` is released on the way. Whoever
// then finds the ZOMBIE calls wait_off_cpu() before it frees the stack.
void exit_switch(struct spinlock *held) __attribute__((noreturn));
void wait_off_cpu(struct proc *);   // until that zombie has left its stack
void idle_loop(void) __attribute__((noreturn));
void sched_started(void);           // first thing a new process does

extern volatile uint nswitches;
extern volatile uint ticks;         // since boot
void clock_tick(void);              // timer interrupt on this CPU
