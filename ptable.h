// ptable.h: the table of all processes, and what one may do to another.

#pragma once

#include "types.h"
#include "spinlock.h"

struct cpu;
struct proc;
struct procinfo;

// Guards the list and what proc.h says it does.
extern struct ptable {
    struct spinlock lock;
    struct proc *first;             // by pid, ascending
    uint n;
    int  lastpid;                   // given to the newest
} ptable;

// What runs now, on this stack, becomes CPU 0's idle process: from here on
// myproc() means something.
void ptable_init(uint bootstack);
// A struct proc with a kernel stack that nobody can find yet. 0: no memory.
struct proc *proc_new(const char *name);
void proc_free(struct proc *);
// When p runs first it does so at eip, with sp its stack pointer.
void proc_set_start(struct proc *, void *sp, void (*eip)(void));
struct proc *proc_idle(struct cpu *);       // an idle process for a CPU; 0
// A kernel thread. fn begins with sched_started() and never returns. For the
// start of the system only: panics when there is no memory.
void kthread(const char *name, void (*fn)(void));

// Give p a pid, the group of its parent (0: none), and a place in the table.
// -EAGAIN: there are NPROC; -EINTR: the parent has been killed.
int  ptable_add(struct proc *p, struct proc *parent);
void ptable_remove(struct proc *);  // held: ptable.lock

// The process, and the table locked, so that it stays, with its address space
// and its name; or 0, and nothing locked.
struct proc *proc_lock(int pid);
// Whose kernel stack this is, when its bottom cannot be believed; 0: nobody's.
// For panics: takes no lock.
struct proc *proc_of_stack(uint stack);
// Up to n processes, by pid, those with a higher one than `after`. Returns how
// many there were.
int  proc_infos(struct procinfo *, int after, int n);
void proc_list(void);               // for ^P

// Kill, or stop and continue: the process pid, or, when it is below -1,
// the group -pid, of which init's children are not stopped. 0: it was done to
// one at least; -ESRCH, -EPERM. Any context that holds no lock.
int  kill(int pid);
int  suspend(int pid, int on);
int  kill_locked(struct proc *);    // the same to one; held: ptable.lock
void kill_self(int status);         // mark: dies on its way to user mode
void stop_point(void);              // sleep as long as the caller is stopped
int  setpgrp(int pid, int pgrp);
