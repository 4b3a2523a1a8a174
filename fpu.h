// fpu.h: floating-point and SSE state, one per process.

#pragma once

struct proc;

void fpu_init(void);                // this CPU
void fpu_switch(struct proc *, struct proc *next);  // interrupts off
void fpu_fork(struct proc *child);  // gets a copy of the caller's
void fpu_reset(void);               // the caller's: as a new program finds it
