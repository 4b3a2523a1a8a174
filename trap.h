// trap.h: the ways in and out: trap.c, exception.c, syscall.c.

#pragma once

#include "types.h"

struct cpu;
struct trapframe;

void trap_init(void);               // the interrupt table, once
void trap_cpu_init(struct cpu *);   // this CPU's segments and TSS
// From trapasm.S, interrupts off.
void trap(struct trapframe *);
void double_fault(void);
void user_return(void);             // interrupts off on return
// From trap(). exception: a process in user mode may be killed for it. die: say
// why, and mark it to die.
void exception(struct trapframe *);
void die(struct trapframe *, uint addr, const char *why);
// The same: make the call that the frame asks for. Returns with interrupts
// on.
void syscall(struct trapframe *);
