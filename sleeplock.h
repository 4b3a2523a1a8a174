// sleeplock.h: locks whose waiters sleep. Owned by a process, held across
// disk I/O. Ranked like spin locks; several of one rank may be held (the
// inodes of a directory and of its entry), in an order that the user of the
// rank states. Never waited for under a spin lock.

#pragma once

#include "spinlock.h"

enum sleeprank {
    SRANK_OUTER,        // one kcheck()
    SRANK_AS,           // address space
    SRANK_RENAME,
    SRANK_LOG,          // an open transaction (begin_op)
    SRANK_INODE,
    NSRANK
};

struct proc;

struct sleeplock {
    struct proc *volatile owner;    // 0: free
    volatile uint nwait;            // those who want it and must wait
    struct spinlock lk;             // guards nwait
    uint unit;                      // what p->sranks counts it as
};

#define SLEEPUNIT(rank) (1u << 4 * (rank))
#define SLEEPLOCK(what, rank) \
    (struct sleeplock){ .lk.bit = 1u << RANK_SLEEPLOCK, .lk.name = what, \
                        .unit = SLEEPUNIT(rank) }

void acquiresleep(struct sleeplock *);          // may sleep
void releasesleep(struct sleeplock *);
int  trysleep(struct sleeplock *);              // 1 if it was taken

// The rank check alone, for things that are locks in all but form (an open
// transaction).
void srank_take(enum sleeprank);
void srank_drop(enum sleeprank);
