// pool.c: small objects of one size.
//
// A pool carves whole frames into objects. Each frame begins with a header;
// its freed objects form a list through their first words, those behind
// `fresh` were never used, and the frame is on a list of partial frames while
// it has any of either:
//
//     | header | object | object | freed --> freed --> 0 | fresh ... |
//
// Each CPU has a part of the pool to itself and takes objects from its own
// frames, so that CPUs meet neither at a lock nor in a cache line; an object
// goes back to the part that its frame is of, whoever frees it. Only when
// there is no more memory does a CPU look at the others' frames.
//
// An object's frame is found by rounding its address down, so freeing needs
// no search, and a frame whose last object goes is given back at once: what
// a pool holds is what is in use, to within one frame a part.

#include "lib.h"
#include "print.h"
#include "cpu.h"
#include "kalloc.h"
#include "pool.h"
#include "proc.h"

struct poolpage {
    struct poolpart *part;          // whose it is
    void *freed;                    // first of the list
    uint fresh;                     // offset of what was never used
    uint inuse;
    struct poolpage *next, *prev;   // among the partial frames
};

static struct pool *volatile pools;

#define HEADER 64

static void
link_partial(struct poolpart *pt, struct poolpage *pp)
{
    pp->prev = 0;
    pp->next = pt->partial;
    if (pp->next)
        pp->next->prev = pp;
    pt->partial = pp;
}

static void
unlink_partial(struct poolpart *pt, struct poolpage *pp)
{
    if (pp->next)
        pp->next->prev = pp->prev;
    if (pp->prev)
        pp->prev->next = pp->next;
    else
        pt->partial = pp->next;
}

static void
enlist(struct pool *po)
{
    struct pool *first;

    if (cmpxchg(&po->listed, 0, 1) != 0)
        return;
    do {
        first = pools;
        po->nextpool = first;
    } while (cmpxchg((uint *)&pools, (uint)first, (uint)po) != (uint)first);
}

uint
pool_frames(void)
{
    struct pool *po;
    uint n = 0, i;

    for (po = pools; po; po = po->nextpool)
        for (i = 0; i < POOLPARTS; i++)
            n += po->part[i].nframes;
    return n;
}

uint
pool_inuse(struct pool *po)
{
    uint n = 0, i;

    for (i = 0; i < POOLPARTS; i++)
        n += po->part[i].inuse;
    return n;
}

// A new frame, all of its objects fresh.
static struct poolpage *
grow(struct pool *po, struct poolpart *pt)
{
    struct poolpage *pp;

    if ((pp = kalloc()) == 0)
        return 0;
    if (!po->listed)
        enlist(po);
    pp->part = pt;
    pp->inuse = 0;
    pp->freed = 0;
    pp->fresh = HEADER;
    pt->nframes++;
    link_partial(pt, pp);
    return pp;
}

static inline int
is_full(struct pool *po, struct poolpage *pp)
{
    return pp->freed == 0 && pp->fresh + po->size > PGSIZE;
}

static inline void *
take(struct pool *po, struct poolpart *pt, struct poolpage *pp)
{
    void *obj = pp->freed;

    if (obj) {
        pp->freed = *(void **)obj;
    } else {
        obj = (char *)pp + pp->fresh;
        pp->fresh += po->size;
    }
    poison_check((void **)obj + 1, po->size - sizeof(void *));
    pp->inuse++;
    pt->inuse++;
    if (is_full(po, pp))
        unlink_partial(pt, pp);
    return obj;
}

// There is no memory for another frame: look at all parts.
static void * __attribute__((noinline))
take_anywhere(struct pool *po)
{
    struct poolpart *pt;
    void *obj = 0;

    for (pt = po->part; pt < po->part + POOLPARTS && obj == 0; pt++) {
        acquire(&pt->lock);
        if (pt->partial)
            obj = take(po, pt, pt->partial);
        release(&pt->lock);
    }
    return obj;
}

void *
pool_get(struct pool *po)
{
    struct poolpart *pt = &po->part[mycpu()->id % POOLPARTS];
    struct poolpage *pp;
    void *obj = 0;

    acquire(&pt->lock);
    if ((pp = pt->partial) != 0 || (pp = grow(po, pt)) != 0)
        obj = take(po, pt, pp);
    release(&pt->lock);
    if (obj == 0 && (obj = take_anywhere(po)) == 0)
        return 0;
    return memset(obj, 0, po->size);
}

void
pool_put(struct pool *po, void *obj)
{
    struct poolpage *pp = (void *)PGROUNDDOWN(obj);
    struct poolpart *pt = pp->part;

    assert(pt >= po->part && pt < po->part + POOLPARTS && pp->inuse > 0);
    acquire(&pt->lock);
    if (is_full(po, pp))
        link_partial(pt, pp);
    poison(obj, po->size);
    *(void **)obj = pp->freed;
    pp->freed = obj;
    pt->inuse--;
    if (--pp->inuse == 0) {
        unlink_partial(pt, pp);
        pt->nframes--;
        kfree(pp);
    }
    release(&pt->lock);
}
