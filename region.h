// region.h: what ought to be at each user address: a sorted list of ranges,
// one backing and one set of rights each. The caller holds the address
// space's lock or, if it only reads, is the process whose regions these are
// (SINGLE, vm.c).

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
    struct region *next;
};

struct region *region_find(struct region *list, uint va);
// The first region that overlaps [start, end), or 0.
struct region *region_overlap(struct region *list, uint start, uint end);
void region_insert(struct region **list, struct region *);
void region_remove(struct region **list, struct region *);
// Cut r at va; tail (allocated by the caller) becomes what follows it, and is
// still to be inserted.
void region_split(struct region *r, uint va, struct region *tail);
// Can b, which follows a directly, be one region with it?
int  region_mergeable(const struct region *a, const struct region *b);
// Highest gap of n bytes below top and above bottom; 0 if none.
uint region_gap(struct region *list, uint n, uint bottom, uint top);

// The page fault's decision: which case is an access to va? r: its region;
// pte: what its entry says; write: FEC_W, or 0 for a read. The first of these
// that fits:
//
//   BAD       the region does not allow the access
//   FILEPAGE  nothing mapped, and the file has something for the page
//   ZERO      nothing mapped
//   SWAPPED   the entry names a slot
//   SPURIOUS  the entry allows the access already
//   COW       a write to a private page that is mapped read-only
//   UPGRADE   the region allows more than the entry
enum faultcase classify(const struct region *r, pte_t pte, uint va, int write);
