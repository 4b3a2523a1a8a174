// cpu.h: what belongs to one CPU, and how to find the current process.
//
// The lowest word of every kernel stack names the process that it belongs
// to, so the current process is one AND and one load away from %esp: no
// APIC read, and right in any context, an interrupt's too.

#pragma once

#include "param.h"
#include "mmu.h"
#include "x86.h"
#include "spinlock.h"

struct proc;
struct aspace;

struct cpu {
    /* fixed once it runs */
    uint id;                        // 0..ncpu-1, index in cpus[]
    uint apicid;
    volatile uint started;
    struct proc *idle;              // runs when nobody else is ready

    /* this CPU only, interrupts off */
    uint held;                      // bit r: holds a spin lock of rank r
    uint intena;                    // EFLAGS, of which IF counts, before the
                                    // outermost lock
    struct aspace *as;              // whose directory CR3 holds; 0 kernel's
    uint resched;                   // switch at the next chance

    /* atomic: tlb.c */
    volatile uint flushwant;        // shoot-downs asked for
    volatile uint flushdone;        // and served

    struct taskstate ts, dfts;      // ring switch; double fault
    struct descriptor gdt[NSEGS];
} __attribute__((aligned(64)));     // no cache line belongs to two CPUs

extern struct cpu cpus[NCPU];
extern uint ncpu;

#define FPSTATESIZE 512             // bytes that FXSAVE stores

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

#ifndef HOSTED                      // tests on the host have no such stacks
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
#endif
