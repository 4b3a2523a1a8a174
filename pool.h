// pool.h: small objects of one size, carved from frames. A frame whose last
// object is freed goes back to kalloc.

#pragma once

#include "spinlock.h"

struct poolpage;

struct pool {
    struct spinlock lock;           // guards all of this
    uint size;                      // bytes, at most a page less the header
    uint inuse;                     // objects
    struct poolpage *partial;       // frames with a free object
};

#define POOL(name, size) { SPINLOCK(name, RANK_POOL), ((size) + 15) & ~15u, 0, 0 }

void *pool_get(struct pool *);      // zeroed; 0 when out of memory; any context
void  pool_put(struct pool *, void *);
uint  pool_inuse(struct pool *);    // objects
uint  pool_frames(void);            // held by all pools together
