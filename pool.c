// pool.c: small objects of one size.
//
// A pool carves whole frames into objects. Each frame begins with a header;
// its free objects form a list through their first words, and the frame is
// on the pool's list of partial frames while it has any:
//
//     | header | object | object | free --> free --> 0 | (rest unused) |
//
// An object's frame is found by rounding its address down, so freeing needs
// no search, and a frame whose last object goes is given back at once: what
// a pool holds is what is in use, to within one frame.

#include <types.h>
#include <param.h>
#include <mmu.h>
#include <memlayout.h>
#include <x86.h>
#include <lib.h>
#include <print.h>
#include <spinlock.h>
#include <cpu.h>
#include <kalloc.h>
#include <pool.h>

struct poolpage {
    struct pool *pool;
    void *free;                     // first free object
    uint inuse;
    struct poolpage *next, *prev;   // among the partial frames
};

static struct pool *volatile pools;

#define HEADER ((sizeof(struct poolpage) + 15) & ~15u)

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

static void
enlist(struct pool *po)
{
    struct pool *first;

    po->listed = 1;
    do {
        first = pools;
        po->nextpool = first;
    } while (cmpxchg((uint *)&pools, (uint)first, (uint)po) != (uint)first);
}

uint
pool_frames(void)
{
    struct pool *po;
    uint n = 0;

    for (po = pools; po; po = po->nextpool)
        n += po->nframes;
    return n;
}

// A new frame, all of its objects free and in address order.
static struct poolpage *
grow(struct pool *po)
{
    struct poolpage *pp = kalloc();
    uint off;

    if (pp == 0)
        return 0;
    if (!po->listed)
        enlist(po);
    pp->pool = po;
    pp->inuse = 0;
    pp->free = 0;
    for (off = HEADER; off + po->size <= PGSIZE; off += po->size)
        ;
    while (off > HEADER) {
        off -= po->size;
        *(void **)((char *)pp + off) = pp->free;
        pp->free = (char *)pp + off;
    }
    po->nframes++;
    link_partial(po, pp);
    return pp;
}

void *
pool_get(struct pool *po)
{
    struct poolpage *pp;
    void *obj = 0;

    acquire(&po->lock);
    if ((pp = po->partial) != 0 || (pp = grow(po)) != 0) {
        obj = pp->free;
        pp->free = *(void **)obj;
        pp->inuse++;
        if (pp->free == 0)
            unlink_partial(po, pp);
        po->inuse++;
    }
    release(&po->lock);
    return obj ? memset(obj, 0, po->size) : 0;
}

void
pool_put(struct pool *po, void *obj)
{
    struct poolpage *pp = (void *)PGROUNDDOWN(obj);

    acquire(&po->lock);
    assert(pp->pool == po && pp->inuse > 0);
    if (pp->free == 0)
        link_partial(po, pp);
    *(void **)obj = pp->free;
    pp->free = obj;
    po->inuse--;
    if (--pp->inuse == 0) {
        unlink_partial(po, pp);
        po->nframes--;
        kfree(pp);
    }
    release(&po->lock);
}
