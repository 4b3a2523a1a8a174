// pool.h: small objects of one size, carved from frames. A frame whose last
// object is freed goes back to kalloc.

#pragma once

#include "spinlock.h"

struct poolpage;

#define POOLPARTS 8                 // CPUs share them when there are more

struct pool {
    const char *name;
    uint size;                      // bytes, at most a page less the header
    uint listed;
    struct pool *nextpool;          // all pools that were ever used
    struct poolpart {
        struct spinlock lock;       // guards all of this
        struct poolpage *partial;   // frames with a free object
        uint inuse;                 // objects
        uint nframes;
    } __attribute__((aligned(64))) part[POOLPARTS];
};

// Objects are as far apart as keeps those of more than half a cache line from
// sharing one.
#define POOLSTEP(size) \
    ((size) > 32 ? ((size) + 63) & ~63u : ((size) + 15) & ~15u)
#define POOL(name, size) \
    { name, POOLSTEP(size), 0, 0, \
      { [0 ... POOLPARTS - 1] = { SPINLOCK(name, RANK_POOL), 0, 0, 0 } } }

void *pool_get(struct pool *);      // zeroed; 0 when out of memory; any context
void  pool_put(struct pool *, void *);
uint  pool_inuse(struct pool *);    // objects
uint  pool_frames(void);            // held by all pools together
