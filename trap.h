// trap.h: the ways in and out: trap.c, exception.c, syscall.c.

#pragma once

#include "types.h"

struct cpu;
struct proc;
struct trapframe;

void trap_init(void);               // the interrupt table, once
void trap_cpu_init(struct cpu *);   // this CPU's segments and TSS
// From trapasm.S, interrupts off: every interrupt, exception and system call,
// but the double fault.
void trap(struct trapframe *);
// The double fault's task: panics.
void double_fault(void);
// Before the return to user mode: exit if killed, yield if the time slice is
// over. May sleep. Interrupts are off on entry and on return.
void user_return(void);
// From trap(), interrupts off: serve it, or mark the process to die. In kernel
// mode: panics.
void exception(struct trapframe *);
// Print why the current process is killed, and mark it. Returns: the process
// dies in user_return().
void kill_program(struct trapframe *, uint addr, const char *why);
// From trap(), interrupts off: make the call that the frame asks for, and put
// its result there. Turns interrupts on. May sleep.
void syscall(struct trapframe *);
// Print by which trap or call p, which has an address space, came into the
// kernel. For panics: takes no lock.
void user_tell(struct proc *);
