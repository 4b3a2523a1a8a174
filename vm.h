// vm.h: address spaces as objects (aspace.c), what they map, and the page fault
// (vm.c): making what IS mapped agree with what OUGHT to be, a page at a time.

#pragma once

#include "info.h"
#include "sleeplock.h"
#include "syscall.h"

struct inode;
struct page;
struct region;

struct aspace {
    struct sleeplock lock;

    /* atomic */
    volatile uint cpus;             // CPUs whose CR3 holds pgdir
    volatile uint ref;              // the process, and those who look at it

    /* guarded by lock; SINGLE: the process reads its regions without it, and
       others may look at the counts */
    pde_t *pgdir;
    struct region *regions;         // sorted by address
    uint nregions;
    uint resident, swapped;         // pages
    uint ntables;                   // page tables

    /* the reclaimer's own; one turn is snapshot.c's */
    uint hand;                      // where it looks next
    uint turn[3];                   // the last turns completed here

    /* the process's own; others may look at sz */
    uint heap;                      // lowest address of the heap
    uint sz;                        // the break: top of the heap

    /* guarded by the lock of the list */
    struct aspace *next;
};

// An empty address space; 0 when out of memory. It is on the list of all from
// now on, where the reclaimer finds it: whoever fills it locks it, too.
struct aspace *as_new(void);
// Let go of it; the last one gives back all of it (freevm). No process runs
// on it then; lock not held. May sleep.
void as_put(struct aspace *);
void as_unlist(struct aspace *);    // for freevm()
// All but the structure goes. No CPU runs on it; may sleep.
void freevm(struct aspace *);

static inline void
as_lock(struct aspace *as)
{
    acquiresleep(&as->lock);
}

static inline void
as_unlock(struct aspace *as)
{
    releasesleep(&as->lock);
}

void as_each(void (*fn)(struct aspace *, void *), void *);
// For the reclaimer and for snapshots: one that this turn has not completed
// yet, locked; it cannot go away until as_done(). 0: none. Those whose lock
// somebody else has are passed over, and counted.
enum { TURN_SWEEP, TURN_COLLECT, TURN_EVENTS };
struct aspace *as_next(int what, uint turn, uint *busy);
void as_done(struct aspace *);      // unlocks it: no use for it afterwards

// Make the page at va usable for the access: an error code of the CPU's, of
// which only FEC_W counts (write, else read). Lock not held, may sleep. 0;
// -EFAULT: no region, no right, or past the end of the mapped file; -ENOMEM;
// -EIO.
int  pagefault(struct aspace *, uint va, int access);
// Populate [start, end) by pagefault(), for callers that want no laziness: all
// that the regions allow is there then. Obeys the overcommit check. The space
// is the caller's own, or one that it is making; lock not held. As pagefault(); -ENOMEM
// also when the check refuses.
int  allocuvm(struct aspace *, uint start, uint end);

// Frames taken from their entries, which CPUs may still reach: one flush of
// the range for many, and only then each frame's reference goes back. dirty:
// the frame was stored into. If evict is set, what only the cache has then is
// evicted. Lock held, from begin to flush.
#define BATCHMAX 64
struct batch {
    struct aspace *as;
    uint start, end;                // where the entries are
    int evict;
    uint n;
    struct {
        struct page *pg;
        int dirty;
    } item[BATCHMAX];
};
void batch_begin(struct batch *, struct aspace *, uint start, uint end);
void batch_add(struct batch *, struct page *, int dirty);
void batch_flush(struct batch *);

// Collect the dirty bits of pages of files: their frames are dirty. Lock held.
void as_collect_dirty(struct aspace *, uint start, uint end);
// Take away what is mapped in [start, end): frames and slots. Lock held.
void deallocuvm(struct aspace *, uint start, uint end);
// Give back the tables, empty by now, that serve [start, end) alone.
void free_tables(struct aspace *, uint start, uint end);
// Copy n bytes to private pages of a space that no CPU has loaded: exec's new
// one. Its lock keeps the frames while we copy. Lock not held, may sleep. 0;
// -EFAULT, -ENOMEM, -EIO.
int  as_write(struct aspace *, uint va, const void *from, uint n);
// Copy n bytes of a file to va, in private pages. Lock not held. Obeys the
// overcommit check; a kill ends it (-EINTR). As as_write(), or -ERESTART.
int  loaduvm(struct aspace *, uint va, struct inode *, uint off, uint n);
// Share every page of parent with the new child, copy-on-write where the
// region is private. The frames of its tables are reserved first: better wait
// for them before than undo half a fork. 0, -ERESTART; with vm.cow=off, which
// makes the copies now, also as allocuvm().
int  copyuvm(struct aspace *child, struct aspace *parent);
// The break moves by n. The old one, or -errno.
int  growheap(struct aspace *, int n);
// Load the directory (0: the kernel's). Interrupts off.
void switchuvm(struct aspace *);

// The PTE of va as it stands, or 0. Its tables are not freed meanwhile: the
// lock is held, interrupts are off, or SINGLE.
pte_t as_pte(struct aspace *, uint va);

// A new region like this one, with its own reference to the file, and the right
// to run or to write it that its kind needs. Regions in its place are unmapped,
// or, if it is not to replace any, -EEXIST. Lock not held, may sleep. 0; or,
// with nothing mapped or unmapped, -EEXIST, -ETXTBSY (the file), -ERESTART,
// -ENOMEM (MAXREGIONS).
int  as_map(struct aspace *, const struct region *, int replace);
// Join neighbours in [start, end] that can be one region. Lock not held, may
// sleep.
void as_merge(struct aspace *, uint start, uint end);
// Split regions so that start and end are edges. Lock held. 0, -ERESTART,
// -ENOMEM (MAXREGIONS).
int  as_cut(struct aspace *, uint start, uint end);
// Remove every region in [start, end), which are edges, and their pages. The
// regions are added to *dead, for regions_put(). Lock held.
void as_unmap(struct aspace *, uint start, uint end, struct region **dead);
// munmap: cut, unmap, let go. Lock not held, may sleep. As as_cut().
int  as_remove(struct aspace *, uint start, uint end);
// The child's own copy of the region list. Both locked. 0, -ERESTART.
int  as_copy_regions(struct aspace *child, struct aspace *parent);
void regions_put(struct region *dead);      // not locked, may sleep

extern int  vm_knob[NVMKNOB];       // switches, by VM_*
void vm_init(void);                 // swap is known; sets the switches
extern uint fault_total[NCASE];
uint regions_inuse(void);
