// cpu.h: what belongs to one CPU, and how to find the current process.
//
// The lowest word of every kernel stack names the process that it belongs
// to, so the current process is one AND and one load away from %esp: no
// APIC read, and right at any instant, even while being preempted.

#pragma once

#include "param.h"
#include "mmu.h"
#include "x86.h"
#include "spinlock.h"

struct proc;
struct aspace;
struct ownframes;

struct cpu {
    uint id;                        // 0..ncpu-1, index in cpus[]
    uint apicid;
    volatile uint started;
    struct proc *idle;
    struct ownframes *frames;       // kalloc.c: free ones for this CPU

    /* this CPU only, interrupts off */
    uint held;                      // bit r: holds a spin lock of rank r
    uint intena;                    // EFLAGS before the outermost lock
    uint ncli, cliflags;            // the same for pushcli(): depth, EFLAGS
    struct aspace *as;              // whose directory CR3 holds; 0 kernel's
    struct proc *fpu;               // whose FPU state was loaded this slice
    struct proc *woken;             // runs next, ahead of the queue
    uint resched;                   // switch at the next chance
    uint dozing;                    // idle for so long that its tick is off

    /* written by others, atomic */
    volatile uint flushwant;        // shoot-downs asked for
    volatile uint flushdone;        // and served

    struct taskstate ts, dfts;      // ring switch; double fault
    struct segdesc gdt[NSEGS];
} __attribute__((aligned(64)));     // no cache line belongs to two CPUs

extern struct cpu cpus[NCPU];
extern uint ncpu;

struct kstack {                     // at the bottom of each kernel stack
    struct proc *proc;
    struct cpu *cpu;                // where it runs; set by whoever switches
    uint magic;                     // KSTACKMAGIC until overrun
};
#define KSTACKMAGIC 0x6b617473

// Say whose a stack is, so that myproc() and mycpu() are right on it.
void kstack_mark(uint stack, struct proc *, struct cpu *);
// This CPU's segments and TSS; dfentry runs on dfstack after a double fault.
void cpu_segments(struct cpu *, uint dfstack, void (*dfentry)(void));

#ifndef HOSTED                      // tests on the host have neither stacks
                                    // nor locks of this kind
static inline struct kstack *
mystack(void)
{
    uint esp;

    asm("movl %%esp, %0" : "=r"(esp));      // not volatile: one look serves a
    return (struct kstack *)(esp & ~(KSTACKSIZE - 1));  // whole function
}

static inline struct proc *
myproc(void)
{
    return mystack()->proc;
}

// The CPU we are on. Kernel code is not preempted, so it stays the same until
// we sleep or yield.
static inline struct cpu *
mycpu(void)
{
    return mystack()->cpu;
}

// Interrupts off, nested; popcli() turns them on again when the outermost
// pushcli() found them on.
static inline void
pushcli(void)
{
    struct cpu *c = mycpu();
    uint eflags = readeflags();

    cli();                          // before the counter is touched: an
    if (c->ncli++ == 0)             // interrupt may use it too
        c->cliflags = eflags;
}

static inline void
popcli(void)
{
    struct cpu *c = mycpu();

    if (--c->ncli == 0 && (c->cliflags & FL_IF))
        sti();
}

void lock_misused(struct spinlock *, const char *how) __attribute__((noreturn));
void lock_spin(struct spinlock *, struct cpu *);

// Take a lock: 17 instructions when it is free, rank check and owner
// included; this and release() are the kernel's most frequent functions.
// May be called in any context; spins, serving shoot-downs, while it is held
// by another CPU.
static inline void
acquire(struct spinlock *lk)
{
    struct cpu *c = mycpu();
    uint held = c->held, eflags;

    chaos();
    if (held == 0) {
        eflags = readeflags();
        cli();                      // first: an interrupt in between takes
        c->intena = eflags;         // locks, too, and would leave its own
    } else if (held >= lk->bit)     // the same rank or a higher one
        lock_misused(lk, "taken out of rank");
    if (cmpxchg((volatile uint *)&lk->owner, 0, (uint)c) != 0)
        lock_spin(lk, c);
    c->held = held | lk->bit;
}

static inline void
release(struct spinlock *lk)
{
    struct cpu *c = mycpu();
    uint bit = lk->bit;             // once given back, it may be gone

    if (lk->owner != c)
        lock_misused(lk, "released by one who does not hold it");
    asm volatile("" ::: "memory");  // x86 keeps earlier stores before this
    lk->owner = 0;
    if ((c->held ^= bit) == 0 && (c->intena & FL_IF))
        sti();
    chaos();
}

static inline int
holding(struct spinlock *lk)        // by this CPU
{
    return lk->owner == mycpu();
}
#else
void acquire(struct spinlock *);
void release(struct spinlock *);
int  holding(struct spinlock *);
#endif
