// aspace.c: address spaces as objects.
//
// Making one, the list of all of them, and changes to the list of regions of
// one, with the rights that its regions have in their files. What is mapped
// is vm.c's.

#include "errno.h"
#include "pool.h"
#include "pagetable.h"
#include "fs.h"
#include "region.h"
#include "vm.h"

static struct pool aspaces = POOL("aspace", sizeof(struct aspace));
static struct pool regions = POOL("region", sizeof(struct region));

// All address spaces, on several lists so that forks, execs and exits do not
// meet here.
#define NASLIST 16
static struct aslist {
    struct spinlock lock;
    struct aspace *head;
} __attribute__((aligned(64))) aslists[NASLIST] = {
    [0 ... NASLIST - 1] = { SPINLOCK("address spaces", RANK_ASLIST), 0 }
};

struct aspace *
as_new(void)
{
    struct aspace *as = pool_get(&aspaces);

    if (as == 0)
        return 0;
    if ((as->pgdir = setupkvm()) == 0) {
        pool_put(&aspaces, as);
        return 0;
    }
    initsleeplock(&as->lock, "address space", SRANK_AS);
    as->ref = 1;
    return as;
}

void
as_free(struct aspace *as)
{
    pool_put(&aspaces, as);
}

void
as_put(struct aspace *as)
{
    if (atomic_dec_zero(&as->ref))
        freevm(as);
}

static inline struct aslist *
aslist_of(struct aspace *as)
{
    return &aslists[(uint)as / sizeof *as % NASLIST];
}

void
as_list(struct aspace *as)
{
    struct aslist *l = aslist_of(as);

    acquire(&l->lock);
    as->prev = 0;
    as->next = l->head;
    if (as->next)
        as->next->prev = as;
    l->head = as;
    release(&l->lock);
}

void
as_unlist(struct aspace *as)
{
    struct aslist *l = aslist_of(as);

    acquire(&l->lock);
    if (as->next)
        as->next->prev = as->prev;
    if (as->prev)
        as->prev->next = as->next;
    else if (l->head == as)
        l->head = as->next;
    release(&l->lock);
}

void
as_each(void (*fn)(struct aspace *, void *), void *arg)
{
    struct aslist *l;
    struct aspace *as;

    for (l = aslists; l < aslists + NASLIST; l++) {
        acquire(&l->lock);
        for (as = l->head; as; as = as->next)
            fn(as, arg);
        release(&l->lock);
    }
}

struct aspace *
as_next(int what, uint turn, uint *busy)
{
    struct aspace *as = 0;
    struct aslist *l;

    for (l = aslists; l < aslists + NASLIST && as == 0; l++) {
        acquire(&l->lock);
        for (as = l->head; as; as = as->next) {
            if (as->turn[what] == turn)
                continue;
            if (as_trylock(as))
                break;              // freevm() waits for us, then unlists
            ++*busy;
        }
        release(&l->lock);
    }
    return as;
}

void
as_lock(struct aspace *as)
{
    acquiresleep(&as->lock);
}

void
as_unlock(struct aspace *as)
{
    releasesleep(&as->lock);
}

int
as_trylock(struct aspace *as)
{
    return trysleep(&as->lock);
}

// ---- regions of an address space ----

uint
regions_inuse(void)
{
    return pool_inuse(&regions);
}

// The rights in its file that a region holds besides the reference.
static void
rights_get(struct region *r)
{
    if (r->ip == 0)
        return;
    idup(r->ip);
    if (r->kind == R_TEXT || r->kind == R_DATA)
        ideny_write(r->ip);
    else if (r->shared && r->maywrite)
        ideny_exec(r->ip);
}

void
regions_put(struct region *r)
{
    struct region *next;

    for (; r; r = next) {
        next = r->next;
        if (r->ip) {
            if (r->kind == R_TEXT || r->kind == R_DATA)
                iallow_write(r->ip);
            else if (r->shared && r->maywrite)
                iallow_exec(r->ip);
            iput(r->ip);
        }
        pool_put(&regions, r);
    }
}

// Who has many regions is told no, before they are all of the kernel's memory.
static struct region *
region_new(struct aspace *as)
{
    return as->nregions < MAXREGIONS ? pool_get(&regions) : 0;
}

// Why there is no new region.
static int
region_error(const struct aspace *as)
{
    return as->nregions < MAXREGIONS ? -ERESTART : -ENOMEM;
}

int
as_map(struct aspace *as, const struct region *template, struct region **over)
{
    struct region *r = region_new(as);
    int err = 0;

    if (r == 0)
        return region_error(as);
    *r = *template;
    if (over)
        err = as_cut(as, r->start, r->end);
    else if (region_overlap(as->regions, r->start, r->end))
        err = -EEXIST;
    if (err < 0) {
        pool_put(&regions, r);
        return err;
    }
    if (over)
        as_unmap(as, r->start, r->end, over);
    region_insert(&as->regions, r);
    as->nregions++;
    return 0;
}

void
as_merge(struct aspace *as, uint start, uint end, struct region **dead)
{
    struct region *r = as->regions, *next;

    for (; r && r->start <= end; r = r->next) {
        while (r->end >= start && (next = r->next) != 0 &&
               region_mergeable(r, next)) {
            region_join(&as->regions, r, next);
            as->nregions--;
            if (as->brk == next)
                as->brk = r;
            next->next = *dead;
            *dead = next;
            as->hit = 0;
        }
    }
}

// Make va an edge.
static int
cut_at(struct aspace *as, uint va)
{
    struct region *r = region_find(as->regions, va), *tail;

    if (r == 0 || r->start == va)
        return 0;
    if ((tail = region_new(as)) == 0)
        return region_error(as);
    region_split(&as->regions, r, va, tail);
    as->nregions++;
    if (as->brk == r)
        as->brk = tail;
    rights_get(tail);
    return 0;
}

int
as_cut(struct aspace *as, uint start, uint end)
{
    int err = cut_at(as, start);

    return err < 0 ? err : cut_at(as, end);
}

void
as_unmap(struct aspace *as, uint start, uint end, struct region **dead)
{
    struct region *r;

    while ((r = region_overlap(as->regions, start, end)) != 0) {
        deallocuvm(as, r->lo, r->hi);
        if (as->hit == r)
            as->hit = 0;
        if (as->brk == r)
            as->brk = 0;
        region_remove(&as->regions, r);
        as->nregions--;
        r->next = *dead;
        *dead = r;
    }
    free_tables(as, start, end);
}

// The child's own copy of the region list.
int
as_copy_regions(struct aspace *child, struct aspace *parent)
{
    struct region *r, *copy, *last = 0;

    for (r = parent->regions; r; r = r->next) {
        if ((copy = pool_get(&regions)) == 0)
            return -ERESTART;
        *copy = *r;
        copy->prev = last;
        copy->next = 0;
        if (last)
            last->next = copy;
        else
            child->regions = copy;
        if (r == parent->brk)
            child->brk = copy;
        last = copy;
        child->nregions++;
        rights_get(copy);
    }
    return 0;
}
