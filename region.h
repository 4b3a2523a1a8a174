// region.h: what ought to be at each user address: a sorted list of ranges,
// one backing and one set of rights each. Pure list work, unit-tested on the
// host; the caller holds the address space's lock.

#pragma once

#include "info.h"
#include "mman.h"
#include "mmu.h"

struct region {
    uint start, end;                // page-aligned, end exclusive
    uchar prot;                     // PROT_*
    uchar shared;                   // MAP_SHARED: writes reach the backing
    uchar kind;                     // enum regionkind
    uchar maywrite;                 // mprotect may add PROT_WRITE
    struct inode *ip;               // backing file, or 0: zeroes
    uint off;                       // file offset of start, page-aligned
    uint fileend;                   // address where the file's part ends; the
                                    // rest of the region is zero
    uint lo, hi;                    // what was ever mapped lies within; PTEs
                                    // outside are zero; lo == hi: none
    struct region *next, *prev;
};

// A page of r is about to be mapped.
static inline void
region_touch(struct region *r, uint page)
{
    if (r->lo == r->hi) {
        r->lo = page;
        r->hi = page + PGSIZE;
    } else if (page < r->lo)
        r->lo = page;
    else if (page >= r->hi)
        r->hi = page + PGSIZE;
}

struct region *region_find(struct region *list, uint va);
// The first region that overlaps [start, end), or 0.
struct region *region_overlap(struct region *list, uint start, uint end);
void region_insert(struct region **list, struct region *);
void region_remove(struct region **list, struct region *);
// Cut r at va; tail (allocated by the caller) becomes what follows it.
void region_split(struct region **list, struct region *r, uint va,
                  struct region *tail);
// b, which follows a and can be one region with it, is taken into a.
void region_join(struct region **list, struct region *a, struct region *b);
// Can b, which follows a directly, be one region with it?
int  region_mergeable(const struct region *a, const struct region *b);
// Highest gap of n bytes below top and above bottom; 0 if none.
uint region_gap(struct region *list, uint n, uint bottom, uint top);

// The page fault's decision, the table of design section 6 from top to bottom.
// write: FEC_W, or 0 for a read. Inline: it is part of every fault.
static inline enum faultcase
classify(const struct region *r, pte_t pte, uint va, int write)
{
    uint need = write ? PTE_U | PTE_W : PTE_U;

    if (r == 0 || r->prot == PROT_NONE || (write && !(r->prot & PROT_WRITE)))
        return BAD;
    if (pte == 0)
        return r->ip && PGROUNDDOWN(va) < r->fileend ? FILEPAGE : ZERO;
    if ((pte & PTE_P) == 0)
        return SWAPPED;
    if ((pte & need) == need)
        return SPURIOUS;
    if (write && !r->shared)
        return COW;
    return UPGRADE;
}
