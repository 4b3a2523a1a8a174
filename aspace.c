// aspace.c: address spaces as objects. Interface: vm.h.
//
// Making one, the list of all of them, and changes to the regions of one,
// with the rights that its regions have in their files. What is mapped is
// vm.c's.
//
// Every change of a process's regions is made of four steps, each under the
// space's lock (as_copy_regions(), for fork, makes a whole list). SINGLE: the
// process itself is the only one that changes them, so it may look at them
// without the lock, and let go of the lock between two steps.
//
//   as_map     a new region, where there is room or in place of others
//   as_cut     make two addresses edges of regions
//   as_unmap   take away the regions between two edges, with their pages
//   as_merge   join neighbours that can be one region again
//
//   mmap      map                      mprotect  cut, change, merge
//   munmap    cut, unmap               sbrk      map, merge; cut, unmap
//
// A region that goes is put on a list for regions_put(), which gives back its
// file when the lock is free: the last reference to a file that has no name
// any more frees its blocks, and that may have to wait.

#include "errno.h"
#include "pool.h"
#include "pagetable.h"
#include "fs.h"
#include "region.h"
#include "proc.h"
#include "vm.h"
#include "event.h"

static struct pool aspaces = POOL("aspace", sizeof(struct aspace));
static struct pool regions = POOL("region", sizeof(struct region));

// All address spaces.
static struct {
    struct spinlock lock;
    struct aspace *head;
} list = { SPINLOCK("address spaces", RANK_ASLIST), 0 };

// ---- making and letting go ----

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
    as->lock = SLEEPLOCK("address space", SRANK_AS);
    as->ref = 1;
    acquire(&list.lock);
    as->next = list.head;
    list.head = as;
    EVENT(event("space %x new", space_id(as)));
    release(&list.lock);
    return as;
}

void
as_put(struct aspace *as)
{
    if (atomic_dec_zero(&as->ref)) {
        freevm(as);
        pool_put(&aspaces, as);
    }
}

// ---- the list ----

void
as_unlist(struct aspace *as)
{
    struct aspace **p = &list.head;

    acquire(&list.lock);
    while (*p != as)
        p = &(*p)->next;
    *p = as->next;
    EVENT(event("space %x gone", space_id(as)));
    release(&list.lock);
}

void
as_each(void (*fn)(struct aspace *, void *), void *arg)
{
    struct aspace *as;

    acquire(&list.lock);
    for (as = list.head; as; as = as->next)
        fn(as, arg);
    release(&list.lock);
}

struct aspace *
as_next(int what, uint turn, uint *busy)
{
    struct aspace *as;

    acquire(&list.lock);
    for (as = list.head; as; as = as->next) {
        if (as->turn[what] == turn)
            continue;
        if (trysleep(&as->lock))    // never waits, so a spin lock may be held
            break;                  // freevm() waits for us, then unlists
        ++*busy;
    }
    release(&list.lock);
    return as;
}

// With the list locked: freevm() in between could have the space gone, before
// the last look at its lock.
void
as_done(struct aspace *as)
{
    acquire(&list.lock);
    as_unlock(as);
    release(&list.lock);
}

// ---- regions ----

uint
regions_inuse(void)
{
    return pool_inuse(&regions);
}

// What a region of a file denies others as long as it is there.
static enum denial
denied_by(const struct region *r)
{
    if (r->kind == R_TEXT || r->kind == R_DATA)
        return DENY_WRITE;
    return r->shared && r->maywrite ? DENY_EXEC : DENY_NOTHING;
}

// The file that a new region names: a reference, and the right to run it or
// to write to it. -ETXTBSY: somebody does the other of these two.
static int
file_get(struct region *r)
{
    int err;

    if (r->ip == 0)
        return 0;
    if ((err = ideny(r->ip, denied_by(r))) == 0)
        idup(r->ip);
    return err;
}

static void
file_put(struct region *r)
{
    if (r->ip) {
        iallow(r->ip, denied_by(r));
        iput(r->ip);
    }
}

void
regions_put(struct region *r)
{
    struct region *next;

    for (; r; r = next) {
        next = r->next;
        file_put(r);
        pool_put(&regions, r);
    }
}

// MAXREGIONS bounds the kernel memory that one process can use.
static int
region_new(struct aspace *as, struct region **r)
{
    if (as->nregions >= MAXREGIONS)
        return -ENOMEM;
    return (*r = pool_get(&regions)) != 0 ? 0 : -ERESTART;
}

static void
add_region(struct aspace *as, struct region *r)
{
    region_insert(&as->regions, r);
    as->nregions++;
    EVENT(event_region(as, r));
}

static void
remove_region(struct aspace *as, struct region *r, struct region **dead)
{
    region_remove(&as->regions, r);
    as->nregions--;
    EVENT(event_noregion(as, r));
    r->next = *dead;
    *dead = r;
}

// Put r into its place; what it replaces goes to *dead.
static int
put_region(struct aspace *as, struct region *r, int replace,
           struct region **dead)
{
    int err = 0;

    if (replace)
        err = as_cut(as, r->start, r->end);
    else if (region_overlap(as->regions, r->start, r->end))
        err = -EEXIST;
    if (err < 0 || (err = file_get(r)) < 0)
        return err;
    as_unmap(as, r->start, r->end, dead);
    add_region(as, r);
    return 0;
}

int
as_map(struct aspace *as, const struct region *template, int replace)
{
    struct region *r, *dead = 0;
    int err;

    as_lock(as);
    if ((err = region_new(as, &r)) == 0) {
        *r = *template;
        if ((err = put_region(as, r, replace, &dead)) < 0)
            pool_put(&regions, r);
    }
    as_unlock(as);
    regions_put(dead);
    return err;
}

void
as_merge(struct aspace *as, uint start, uint end)
{
    struct region *r, *next, *dead = 0;

    as_lock(as);
    r = as->regions;
    while (r && r->start <= end && (next = r->next) != 0) {
        if (r->end >= start && region_mergeable(r, next)) {
            r->end = next->end;
            remove_region(as, next, &dead);
            EVENT(event_region(as, r));
        } else {
            r = next;
        }
    }
    as_unlock(as);
    regions_put(dead);
}

// Make va an edge.
static int
cut_at(struct aspace *as, uint va)
{
    struct region *r = region_find(as->regions, va), *tail;
    int err;

    if (r == 0 || r->start == va)
        return 0;
    if ((err = region_new(as, &tail)) < 0)
        return err;
    region_split(r, va, tail);
    EVENT(event_region(as, r));
    add_region(as, tail);
    file_get(tail);                 // r has it, so it cannot be refused
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
        deallocuvm(as, r->start, r->end);
        remove_region(as, r, dead);
    }
    free_tables(as, start, end);
}

int
as_remove(struct aspace *as, uint start, uint end)
{
    struct region *dead = 0;
    int err;

    as_lock(as);
    if ((err = as_cut(as, start, end)) == 0)
        as_unmap(as, start, end, &dead);
    as_unlock(as);
    regions_put(dead);
    return err;
}

int
as_copy_regions(struct aspace *child, struct aspace *parent)
{
    struct region **end = &child->regions, *r, *copy;

    for (r = parent->regions; r; r = r->next) {
        if ((copy = pool_get(&regions)) == 0)
            return -ERESTART;
        *copy = *r;
        copy->next = 0;
        *end = copy;
        end = &copy->next;
        child->nregions++;
        file_get(copy);             // r has it, so it cannot be refused
    }
    EVENT(event_regions(child));
    return 0;
}
