// fpu.h: floating-point and SSE state, one per process, loaded on first use.

#pragma once

struct proc;

void fpu_init(void);                // this CPU
void fpu_trap(struct proc *);       // #NM: give p its state. Interrupts off.
void fpu_leave(struct proc *);      // p is switched out. Interrupts off.
void fpu_fork(struct proc *child, struct proc *parent);
