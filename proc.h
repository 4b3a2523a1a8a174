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
    uint gs, fs, es, ds;
    uint trapno, err;
    uint eip, cs, eflags, esp, ss;  // esp, ss only from user mode
};
#define TRAPGAP (9 * 4)             // from oesp to where %esp was in the kernel

// Is a process in a page fault of its program, and has that waited for memory?
enum { NOT_FAULTING, FAULTING, FAULT_WAITED };

struct proc {
    /* atomic */
    volatile uint ast;              // asynchronous system trap pending: set
                                    // by anyone, cleared by
                                    // the process, which looks at killed,
                                    // stopped and cpu->resched before it returns to user
                                    // mode (trap.c)

    /* fixed from birth, or the process's own */
    int  pid;
    char name[16];                  // set with ptable.lock held, as is this:
    struct aspace *as;              // 0: kernel thread. Others look at both
                                    // under ptable.lock
    uint kstack;                    // lowest address of the kernel stack
    struct inode *cwd;
    struct file *ofile[NOFILE];
    int  nofile;                    // all open ones are below
    int  lowfd;                     // no free one is below
    int  npipes;                    // so many are ends of pipes
    uchar oldabi;                   // image starts at 0
    uchar reclaimer;                // may take the last frames
    uchar faulting;                 // one of the three above
    uchar victim;                   // chosen to die, so that there is memory;
                                    // others set it under ptable.lock
    uchar memfailed;                // an allocation was made to fail: so does
                                    // the next mem_wait()
    uint reserved;                  // frames kept for it alone (kalloc.h)
    uint memneed;                   // so many could not be: wait for them
    uint sranks;                    // sleep locks held: four bits a rank

    uint faults[8];                 // by enum faultcase, all its life

    /* guarded by the scheduler's lock (sched.c) */
    uint state;                     // enum procstate
    struct cpu *cpu;                // where it runs, or ran last
    struct proc *next;              // in its run queue or its channel
    void *chan;                     // where it sleeps; 0: it does not
    uchar interruptible;            // a kill may end its sleep,
    uchar timed;                    // the clock may
    uint wakeat;                    // at that tick
    uint ctx;                       // saved %esp while not running
    uint ticks;                     // it has run for

    /* guarded by ptable.lock; a process reads its own without */
    struct proc *allnext;
    struct proc *parent;            // 0: init, a kernel thread
    int  pgrp;
    struct aspace *newas;           // being built by exec
    volatile uint killed;           // read anywhere, to give up early
    int  status;                    // of a zombie; of one that was killed: what
                                    // to exit with
    volatile uchar stopped;         // 0, or one of the two below; read anywhere
    uchar orphan;                   // its parent is init, which never forked it

    /* the process's own; in memory whenever it does not run */
    uchar fpstate[FPSTATESIZE] __attribute__((aligned(16)));
};

// The status of a process that was killed: KILLED_KILL by kill(), the others by
// a fault. An exit has (code & 255) << 8.
#define KILLED_ILL   4
#define KILLED_TRAP  5
#define KILLED_ARITH 8
#define KILLED_KILL  9
#define KILLED_FAULT 11

#define STATUS_STOPPED 0x147f       // what waitpid() tells of a stopped child

// proc.stopped: its parent has not been told, or has.
enum { STOP_NEW = 1, STOP_TOLD };

extern struct proc bootproc;        // CPU 0's idle process, from the start

// Where a trap from user mode leaves its frame: the top of the stack.
static inline struct trapframe *
user_frame(struct proc *p)
{
    return (struct trapframe *)(p->kstack + KSTACKSIZE) - 1;
}

// The caller, a kernel thread, becomes /init, and again if that ends.
void init_run(void) __attribute__((noreturn));

int  fork(void);                    // child's pid or -errno
void exit(int status) __attribute__((noreturn));
// Wait for a child to end: pid > 0 that one, -1 any, 0 of the caller's group,
// < -1 of group -pid; with WUNTRACED also to be stopped: STATUS_STOPPED. Its
// pid; 0 with WNOHANG; -ECHILD, -EINTR.
int  await_child(int pid, int *status, int options);
void reap_child(int pid);           // the one found: it is gone afterwards
