// spinlock.h: spin locks with rank and owner.
//
// A CPU that holds one runs with interrupts off and must not sleep or fault.
// Ranks order the locks: taking one while holding the same or a higher rank
// panics, so a deadlock shows on the first run that could have had it.

#pragma once

#include "types.h"

enum rank {
    RANK_PROC,          // processes by pid; families
    RANK_NAMES,         // the name cache
    RANK_ITABLE,        // in-memory inodes
    RANK_PIPE,
    RANK_CONS,          // console input
    RANK_ALLOC,         // bitmaps of the disk
    RANK_LOG,
    RANK_CACHE,         // cached frames, swap slots
    RANK_ASLIST,        // all address spaces
    RANK_POOL,          // small objects; kernel stacks
    RANK_FRAME,         // free frames
    RANK_DISK,          // disk queue
    RANK_TICKS,         // sleeping for a time; waiting for memory
    RANK_SLEEPLOCK,     // waiting for a sleep lock
    RANK_SCHED,         // run queues, sleep channels
    RANK_EVENT,         // the stream of events
    RANK_PRINT,         // innermost
    NRANK
};

struct cpu;

struct spinlock {
    struct cpu *volatile owner;     // 0: free
    uint bit;                       // 1 << rank
    const char *name;
};

// A free lock, as a variable's first value or in an assignment.
#define SPINLOCK(name, rank) (struct spinlock){ 0, 1u << (rank), name }

void acquire(struct spinlock *);    // any context; spins while another CPU
void release(struct spinlock *);    // holds it
int  holding(struct spinlock *);    // by this CPU

// Answers a TLB shoot-down, for a CPU that spins; set at start.
extern void (*spin_serve)(struct cpu *);
