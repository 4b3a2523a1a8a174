// sleeplock.h: locks whose waiters sleep. Owned by a process, held across
// disk I/O. Ranked like spin locks; several of one rank may be held (a
// directory and its entry, the frames of an indirect block), in an order
// that the user of the rank states. Never taken under a spin lock.

#pragma once

#include "types.h"

enum sleeprank {
    SRANK_AS,           // address space
    SRANK_RENAME,
    SRANK_LOG,          // an open transaction (begin_op)
    SRANK_INODE,
    NSRANK
};

struct proc;

struct sleeplock {
    struct proc *volatile owner;    // 0 free; bit 0 set: somebody waits
    uint unit;                      // 1 in its rank's four bits, see .c
    const char *name;
};

#define SLEEPUNIT(rank) (1u << 4 * (rank))
#define SLEEPLOCK(name, rank) { 0, SLEEPUNIT(rank), name }

void initsleeplock(struct sleeplock *, const char *name, enum sleeprank);
int  trysleep(struct sleeplock *);              // 1 if it was taken
// acquiresleep() and releasesleep() are in proc.h: their common paths look at
// nothing but the lock and the process.

// The rank check alone, for things that are locks in all but form (an open
// transaction).
void srank_take(enum sleeprank);
void srank_drop(enum sleeprank);

#include "proc.h"                // acquiresleep(), releasesleep()
