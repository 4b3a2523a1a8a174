// pool.h: small objects of one size, carved from frames. A frame whose last
// object is freed goes back to kalloc.

struct poolpage;

struct pool {
    const char *name;
    uint size;                      // bytes, at most a page less the header
    struct spinlock lock;
    struct poolpage *partial;       // frames with a free object
    uint inuse;                     // objects
    uint nframes;
    struct pool *nextpool;          // all pools that were ever used
    uint listed;
};

// size is rounded up to 16, and objects are 16-byte aligned.
#define POOL(name, size) \
    { name, ((size) + 15) & ~15u, SPINLOCK(name, RANK_POOL), 0, 0, 0, 0, 0 }

void *pool_get(struct pool *);      // zeroed; 0 when out of memory; any context
void  pool_put(struct pool *, void *);
uint  pool_frames(void);            // held by all pools together
