// proc.h: processes.

#pragma once

#include "param.h"
#include "cpu.h"
#include "sleeplock.h"

struct inode;
struct file;
struct aspace;

struct trapframe {                  // what trapasm.S pushes, low to high
    uint edi, esi, ebp, oesp, ebx, edx, ecx, eax;       // pushal
    uint es, ds;
    uint trapno, err;
    uint eip, cs, eflags, esp, ss;  // esp, ss only from user mode
};

struct proc {
    /* atomic */
    volatile uint ast;              // AST pending: set by anyone, cleared by
                                    // the process, which looks at killed and
                                    // cpu->resched before it returns to user
                                    // mode (trap.c)

    /* fixed from birth, or the process's own */
    int  pid;
    char name[16];
    struct aspace *as;              // 0: kernel thread
    struct trapframe *tf;           // at the top of its kernel stack
    uint kstack;                    // lowest address of the kernel stack
    struct inode *cwd;
    struct file *ofile[NOFILE];
    int  nofile;                    // all open ones are below
    int  lowfd;                     // no free one is below
    int  npipes;                    // so many are ends of pipes
    ushort fs, gs;                  // while it does not run
    uchar oldabi;                   // image starts at 0
    uchar reclaimer;                // may take the last frames
    uchar faulting;                 // in a page fault: 1; 2 once it has waited
                                    // for memory there
    uchar victim;                   // chosen to die, so that there is memory
    uchar memfailed;                // an allocation was made to fail: so does
                                    // the next mem_wait()
    uint reserved;                  // frames kept for it alone (kalloc.h)
    uint sranks;                    // sleep locks held: four bits a rank

    uint faults[8];                 // by enum faultcase, all its life

    /* guarded by its CPU's run-queue lock; but see sched.c on RUNNABLE */
    volatile uint state;            // enum procstate
    struct cpu *cpu;
    struct proc *rqnext;
    uint ctx;                       // saved %esp while not running
    uint ticks;

    /* guarded by its sleep channel's lock */
    void *volatile chan;
    struct proc *chnext, *chprev;
    uchar interruptible;
    uint wakeat;                    // timed sleep
    struct proc *tnext, *tprev;

    /* guarded by the family lock of parent, child by its own (proc.c);
       anyone may look at parent without, to compare and not to follow it */
    struct proc *volatile parent;
    struct proc *child, *sibnext, *sibprev;
    volatile int ppid;
    int  status;                    // wait status once exited
    uchar exited;                   // for the parent to find
    uchar orphan;                   // its parent is init, which never forked it

    /* guarded by the lock of its slot: proc_lock() */
    struct aspace *newas;           // being built by exec
    struct proc *hashnext;
    int  pgrp;
    int  killstatus;                // why killed: the status to exit with
    volatile uint killed;           // set under the lock, read anywhere

    /* the process's own; in memory whenever it does not run */
    uchar fpused;
    uchar fpstate[512] __attribute__((aligned(16)));
};

// A process killed by a fault has one of these as its status; an exit has
// (code & 255) << 8.
#define KILLED_ILL   4
#define KILLED_TRAP  5
#define KILLED_ARITH 8
#define KILLED_KILL  9
#define KILLED_FAULT 11

extern struct proc bootproc;        // CPU 0's idle process, from the start

// Kernel stack and struct for a new process, not yet findable. 0 when out of
// memory or of processes (*err tells: -ENOMEM, -EAGAIN).
void proc_init(void);
struct proc *proc_idle(struct cpu *);       // an idle process for a CPU; 0
// The first process: calls first(), then becomes /init, and again if it ends.
void user_init(void (*first)(void));

int  fork(void);                    // child's pid or -errno
void exit(int status) __attribute__((noreturn));
// Wait for a child: pid > 0 that one, -1 any, 0 of the caller's group,
// < -1 of group -pid. Its pid; 0 with WNOHANG; -ECHILD, -EINTR.
int  waitpid(int pid, int *status, int options);
int  kill(int pid);                 // 0, -ESRCH, -EPERM
void proc_kill_group(int pgrp);     // any context that holds no lock
int  setpgrp(int pid, int pgrp);
// The process, locked, so that it stays, with its address space and its name;
// or 0. proc_each: each of them in turn.
struct proc *proc_lock(int pid);
void proc_unlock(struct proc *);
void proc_each(void (*fn)(struct proc *, void *), void *);
// Whose kernel stack this is, when its bottom cannot be believed; 0: nobody's.
// For panics: takes no lock.
struct proc *proc_of_stack(uint stack);
void proc_list(void);               // for ^P
uint procs_inuse(void);
struct procinfo;
// Up to n processes, those that come after this pid in an order that is fixed
// for as long as they live; 0: from the first. The pid need be nobody's any
// more, so who goes on after the last that he got misses none that lives all
// the time. How many there were.
int  proc_infos(struct procinfo *, int after, int n);
void kill_self(int status);         // mark: dies on its way to user mode
