// pool.c: small objects of one size.
//
// A pool carves whole frames into objects. Each frame begins with a header;
// its freed objects form a list through their first words, those behind
// `fresh` were never used, and the frame is on a list of partial frames while
// it has any of either:
//
//     | header | object | object | freed --> freed --> 0 | fresh ... |
//
// An object's frame is found by rounding its address down, so freeing needs
// no search, and a frame whose last object goes is given back at once: what
// a pool holds is what is in use, to within one frame.

#include "lib.h"
#include "print.h"
#include "kalloc.h"
#include "pool.h"

struct poolpage {
    struct pool *pool;              // whose it is
    void *freed;                    // first of the list
    uint fresh;                     // offset of what was never used
    uint inuse;
    struct poolpage *next, *prev;   // among the partial frames
};

#define HEADER 32

_Static_assert(sizeof(struct poolpage) <= HEADER || sizeof(void *) > 4,
               "objects begin behind the header");

static volatile uint nframes;       // of all pools

uint
pool_frames(void)
{
    return nframes;
}

uint
pool_inuse(struct pool *po)
{
    return po->inuse;
}

static void
link_partial(struct pool *po, struct poolpage *pp)
{
    pp->prev = 0;
    pp->next = po->partial;
    if (pp->next)
        pp->next->prev = pp;
    po->partial = pp;
}

static void
unlink_partial(struct pool *po, struct poolpage *pp)
{
    if (pp->next)
        pp->next->prev = pp->prev;
    if (pp->prev)
        pp->prev->next = pp->next;
    else
        po->partial = pp->next;
}

// A new frame, all of its objects fresh.
static struct poolpage *
pool_grow(struct pool *po)
{
    struct poolpage *pp = kalloc();

    if (pp == 0)
        return 0;
    atomic_inc(&nframes);
    pp->pool = po;
    pp->inuse = 0;
    pp->freed = 0;
    pp->fresh = HEADER;
    link_partial(po, pp);
    return pp;
}

static int
is_full(const struct poolpage *pp)
{
    return pp->freed == 0 && pp->fresh + pp->pool->size > PGSIZE;
}

// An object of a frame that has a free one.
static void *
pool_carve(struct pool *po, struct poolpage *pp)
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
    po->inuse++;
    if (is_full(pp))
        unlink_partial(po, pp);
    return obj;
}

void *
pool_get(struct pool *po)
{
    struct poolpage *pp;
    void *obj = 0;

    acquire(&po->lock);
    if ((pp = po->partial) != 0 || (pp = pool_grow(po)) != 0)
        obj = pool_carve(po, pp);
    release(&po->lock);
    return obj ? memset(obj, 0, po->size) : 0;
}

void
pool_put(struct pool *po, void *obj)
{
    struct poolpage *pp = (void *)PGROUNDDOWN(obj);

    assert(pp->pool == po && pp->inuse > 0, "it came from this pool");
    acquire(&po->lock);
    if (is_full(pp))
        link_partial(po, pp);
    poison(obj, po->size);
    *(void **)obj = pp->freed;
    pp->freed = obj;
    po->inuse--;
    if (--pp->inuse == 0) {
        unlink_partial(po, pp);
        atomic_dec_zero(&nframes);
        kfree(pp);
    }
    release(&po->lock);
}
