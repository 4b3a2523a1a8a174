// vm.c: virtual memory: what IS mapped, and the page fault.
//
//   1. Page tables: making them, walking over them, loading them.
//   2. Taking pages away: munmap, exit.
//   3. Fork: sharing pages, so that they are copied when one side writes.
//   4. Growing and loading: the heap, programs that cannot be mapped.
//   5. The page fault, by which what IS mapped comes to agree with what the
//      regions say OUGHT to be, one page at a time.
//
// Regions are edited in aspace.c; the kernel's own half is made in kvm.c.
//
// What a user PTE can say:
//
//   pte == 0               nothing here: never touched, or a file's page that
//                          was taken back; the region knows what to do
//   present, writable      ours alone, or a shared file or anonymous page
//   present, read-only     as its region says, or said before an mprotect; or
//                          private, and now or before shared by fork or with
//                          the cache: a write looks at the frame's ref
//                          (copy_on_write())
//   present, not user      no access (PROT_NONE)
//   not present, not zero  swapped: the slot's number in bits 12..31
//
// SINGLE: one thread per address space. While the process changes its own PTEs,
// under the lock, its user code runs nowhere, so no CPU sets A or D bits there.
// The reclaimer's sweep, user_kva() (copynow.h) and as_collect_dirty() (mmap.c)
// change PTEs atomically. Other CPUs can hold stale translations, which tlb.c
// deals with.

#include "errno.h"
#include "lib.h"
#include "print.h"
#include "bootarg.h"
#include "kalloc.h"
#include "cpu.h"
#include "tlb.h"
#include "pagetable.h"
#include "cache.h"
#include "swap.h"
#include "fs.h"
#include "region.h"
#include "usercopy.h"
#include "proc.h"
#include "vm.h"
#include "memwait.h"
#include "pageout.h"
#include "event.h"

#define PIECE 512                   // bytes that loaduvm() moves at a time

int vm_knob[NVMKNOB];
uint fault_total[NCASE];

void
vm_init(void)
{
    vm_knob[VM_COW] = bootarg_int("vm.cow", 1);
    vm_knob[VM_LAZYHEAP] = bootarg_int("vm.lazyheap", 1);
    vm_knob[VM_DEMANDLOAD] = bootarg_int("vm.demandload", 1);
    vm_knob[VM_TRACE] = bootarg_int("vm.trace", 0);
    vm_knob[VM_POLICY] = bootarg_int("vm.policy", 0);
    vm_knob[VM_EVENTS] = bootarg_int("events", 0);
}

// ======== 1. Page tables ========

pde_t *
setupkvm(void)
{
    const uint half = PDX(KERNBASE);
    pde_t *dir = frame_alloc(FRAME_TABLE);

    if (dir == 0)
        return 0;
    memset(dir, 0, half * sizeof *dir);
    memcpy(dir + half, kpgdir + half, half * sizeof *dir);
    return dir;
}

// The table that pde names.
static inline pte_t *
table_of(pde_t pde)
{
    return P2V(PTE_ADDR(pde));
}

pte_t *
walkpgdir(pde_t *dir, const void *va, int alloc)
{
    pde_t *pde = &dir[PDX(va)];
    pte_t *table;

    if ((*pde & PTE_P) == 0) {
        if (!alloc || (table = frame_alloc(FRAME_TABLE)) == 0)
            return 0;
        memset(table, 0, PGSIZE);
        *pde = V2P(table) | PTE_P | PTE_W | PTE_U;
    }
    return &table_of(*pde)[PTX(va)];
}

int
mappages(pde_t *dir, void *va, uint size, uint pa, int perm)
{
    uint first = PGROUNDDOWN(va), end = PGROUNDUP((uint)va + size), a;
    pte_t *pte;

    for (a = first; a < end; a += PGSIZE)
        if ((pte = walkpgdir(dir, (void *)a, 1)) == 0 || *pte != 0)
            return pte ? -EEXIST : -ERESTART;
    for (a = first; a < end; a += PGSIZE) {
        pte = walkpgdir(dir, (void *)a, 0);     // there it is
        *pte = (PTE_ADDR(pa) + (a - first)) | perm | PTE_P;
    }
    return 0;
}

// How many of the n > 0 words from p on are zero before the first other one?
// repe scasl looks at a word in one step. It stops behind the first that is not
// zero, with the number of those that follow in %ecx.
static uint
leading_zeroes(const uint *p, uint n)
{
    uint left = n;
    int all;

    asm("repe scasl" : "=@ccz"(all), "+D"(p), "+c"(left) : "a"(0) : "memory");
    return all ? n : n - left - 1;
}

int
ptrun_next(struct ptrun *run)
{
    uint zeroes;
    pde_t pde;

    while (run->next < run->end) {
        run->va = run->next;
        run->next = MIN((run->va | (BIGSIZE - 1)) + 1, run->end);
        pde = run->pgdir[PDX(run->va)];
        if ((pde & PTE_P) == 0)
            continue;
        run->pte = &table_of(pde)[PTX(run->va)];
        run->n = (run->next - run->va) >> PGSHIFT;
        zeroes = leading_zeroes(run->pte, run->n);
        run->va += zeroes << PGSHIFT;
        run->pte += zeroes;
        if ((run->n -= zeroes) > 0)
            return 1;
    }
    return 0;
}

pte_t
as_pte(struct aspace *as, uint va)
{
    pte_t *pte = va < KERNBASE ? walkpgdir(as->pgdir, (void *)va, 0) : 0;

    return pte ? *pte : 0;
}

// A new table for va. Its entry there, or 0: no memory.
static pte_t *
make_table(struct aspace *as, uint va)
{
    pte_t *pte = walkpgdir(as->pgdir, (void *)va, 1);

    if (pte) {
        as->ntables++;
        EVENT(event_table(as, va));
    }
    return pte;
}

static pte_t *
make_entry(struct aspace *as, uint va)
{
    pte_t *pte = walkpgdir(as->pgdir, (void *)va, 0);

    return pte ? pte : make_table(as, va);
}

void
switchuvm(struct aspace *as)
{
    struct cpu *c = mycpu();
    struct aspace *old = c->as;
    uint me = 1u << c->id;

    if (as == old)
        return;
    if (as)
        atomic_or(&as->cpus, me);   // before the load: see tlb.c
    c->as = as;
    lcr3(V2P(as ? as->pgdir : kpgdir));
    if (old)
        atomic_and(&old->cpus, ~me);
}

// ======== 2. Taking pages away ========

void
batch_begin(struct batch *b, struct aspace *as, uint start, uint end)
{
    b->as = as;
    b->start = start;
    b->end = end;
    b->evict = 0;
    b->n = 0;
}

// A reference to a frame goes back. dirty: an entry says that the frame was
// stored into. If the frame is cached, the cache is to know.
static void
frame_put(struct page *pg, int dirty, int evict)
{
    if (dirty && pg->dev)
        bdirty(pg);
    if (evict)
        bput(pg);
    else
        page_put(pg);
}

void
batch_flush(struct batch *b)
{
    uint i;

    if (b->n > 0)
        tlb_shoot(b->as, b->start, b->end);
    for (i = 0; i < b->n; i++)
        frame_put(b->item[i].pg, b->item[i].dirty, b->evict);
    b->n = 0;
}

void
batch_add(struct batch *b, struct page *pg, int dirty)
{
    b->item[b->n].pg = pg;
    b->item[b->n++].dirty = dirty;
    if (b->n == BATCHMAX)
        batch_flush(b);
}

// Clear n entries, and give back the frames and slots that they named. b: for
// frames that a CPU may still reach; 0: none can. (Inline: the compiler makes
// one loop with b and one without: 40 instead of 45 instructions a page of fork
// and exit.)
static inline void
drop_run(struct aspace *as, pte_t *pte, uint n, struct batch *b)
{
    pte_t *stop = pte + n, old;
    struct page *pg;

    for (; pte < stop; pte++) {
        old = *pte;
        *pte = 0;
        if (old & PTE_P) {
            pg = &frames[old >> PGSHIFT];
            if (b)
                batch_add(b, pg, old & PTE_D);
            else
                frame_put(pg, old & PTE_D, 0);
            as->resident--;
        } else if (old) {
            slot_put(old >> PGSHIFT);
            as->swapped--;
        }
    }
}

void
deallocuvm(struct aspace *as, uint start, uint end)
{
    struct ptrun run = PTRUN(as->pgdir, start, end);
    struct batch b;

    batch_begin(&b, as, start, end);
    while (ptrun_next(&run)) {
        if (as->cpus)
            drop_run(as, run.pte, run.n, &b);
        else
            drop_run(as, run.pte, run.n, 0);
        EVENT(event_ptes(as, run.va, run.pte, run.n, "unmap"));
    }
    batch_flush(&b);
}

void
free_tables(struct aspace *as, uint start, uint end)
{
    uint d = (start + BIGSIZE - 1) / BIGSIZE, stop = end / BIGSIZE;
    pte_t *table;

    for (; d < stop && as->ntables > 0; d++) {
        if ((as->pgdir[d] & PTE_P) == 0)
            continue;
        table = table_of(as->pgdir[d]);
        as->pgdir[d] = 0;
        as->ntables--;
        EVENT(event_table(as, d * BIGSIZE));
        if (as->cpus)               // paging-structure caches: any INVLPG
            tlb_shoot(as, 0, PGSIZE);   // drops them (SDM 3A 4.10.4.1)
        kfree(table);
    }
}

// munmap of everything. No process runs on it; tlb_drop() has CPUs unload it.
void
freevm(struct aspace *as)
{
    struct region *dead = 0;

    tlb_drop(as);
    as_lock(as);                    // the reclaimer may be looking at it
    as_unmap(as, 0, KERNBASE, &dead);
    assert(as->resident == 0 && as->swapped == 0 && as->ntables == 0, "empty");
    // Listed till now, so that the checker finds the tables' owner; unlisted
    // before the lock is free, so that as_next() cannot take it.
    as_unlist(as);
    kfree(as->pgdir);
    as_unlock(as);
    regions_put(dead);
}

// ======== 3. Fork ========

// Give the child n of the parent's entries. Those of a private region lose the
// right to write on both sides: the first who writes makes a copy.
static void
share_run(struct aspace *child, pte_t *to, pte_t *from, uint n, int private)
{
    pte_t *stop = from + n, keep = private ? ~(uint)PTE_W : ~0u, pte;

    for (; from < stop; from++, to++) {
        pte = *from;
        if (pte & PTE_P) {
            pte &= keep;
            *from = pte;
            *to = pte & ~PTE_D;     // stores till now: in the parent's D bit
            page_get(&frames[pte >> PGSHIFT]);
            child->resident++;
        } else if (pte) {
            *to = pte;
            slot_get(pte >> PGSHIFT);
            child->swapped++;
        }
    }
}

static int
share_region(struct aspace *child, struct aspace *parent,
             const struct region *r)
{
    struct ptrun run = PTRUN(parent->pgdir, r->start, r->end);
    pte_t *to;                      // a run's entries: in one table here, too

    while (ptrun_next(&run)) {
        if ((to = make_entry(child, run.va)) == 0)
            return -ERESTART;       // fork begins again (errno.h)
        share_run(child, to, run.pte, run.n, !r->shared);
        EVENT(event_ptes(parent, run.va, run.pte, run.n, "fork"));
        EVENT(event_ptes(child, run.va, to, run.n, "fork"));
    }
    return 0;
}

static int
share_all(struct aspace *child, struct aspace *parent)
{
    struct region *r;
    int err;

    as_lock(parent);                // SINGLE: its user code does not run
    as_lock(child);                 // whoever has it waits for no other space
    err = as_copy_regions(child, parent);
    for (r = parent->regions; r && err == 0; r = r->next)
        err = share_region(child, parent, r);
    tlb_shoot(parent, 0, KERNBASE);     // it has lost rights
    as_unlock(child);
    as_unlock(parent);
    return err;
}

// With copy-on-write switched off: make the copies now, and fetch what is in
// swap.
static int
break_cow(struct aspace *as)
{
    struct ptrun run = PTRUN(as->pgdir, 0, KERNBASE);
    int err;

    while (ptrun_next(&run)) {
        if ((err = allocuvm(as, run.va, run.va + 1)) < 0)
            return err;
        run.next = run.va + PGSIZE; // there may be more in this table
    }
    return 0;
}

int
copyuvm(struct aspace *child, struct aspace *parent)
{
    int err;

    // The child needs tables only where the parent has some. kalloc.c keeps
    // that many frames for this process alone.
    if ((err = frames_reserve(parent->ntables)) < 0)
        return err;
    err = share_all(child, parent);
    frames_unreserve();
    if (err < 0)
        return err;
    child->heap = parent->heap;
    child->sz = parent->sz;
    return vm_knob[VM_COW] ? 0 : break_cow(child);
}

// ======== 4. Growing and loading ========

int
allocuvm(struct aspace *as, uint start, uint end)
{
    struct region *r;
    int write, err;
    uint va;

    for (va = PGROUNDDOWN(start); va < end; va += PGSIZE) {
        r = region_find(as->regions, va);
        if (r == 0 || r->prot == PROT_NONE)
            continue;
        write = r->prot & PROT_WRITE ? FEC_W : 0;
        while (classify(r, as_pte(as, va), va, write) != SPURIOUS) {
            if (!overcommit_ok())
                return -ENOMEM;
            if ((err = pagefault(as, va, write)) < 0)
                return err;
        }
    }
    return 0;
}

int
as_write(struct aspace *as, uint va, const void *from, uint n)
{
    uint done = 0;
    int err = 0;

    while (done < n && err == 0) {
        as_lock(as);
        done += copyout_to(as, va + done, (const char *)from + done, n - done);
        as_unlock(as);
        if (done < n)
            err = pagefault(as, va + done, FEC_W);
    }
    return err;
}

int
loaduvm(struct aspace *as, uint va, struct inode *ip, uint off, uint n)
{
    char piece[PIECE];
    uint done, take;
    int err = 0;

    for (done = 0; done < n && err == 0; done += take) {
        if (myproc()->killed)
            return -EINTR;
        if (!overcommit_ok_fork())
            return -ENOMEM;
        take = MIN(n - done, PIECE);
        if ((err = readi_exact(ip, piece, off + done, take)) == 0)
            err = as_write(as, va + done, piece, take);
    }
    return err;
}

// A new part of the heap. It becomes one region with what is below it.
static int
map_heap(struct aspace *as, uint start, uint end)
{
    struct region r = { .start = start, .end = end, .kind = R_HEAP,
                        .prot = PROT_READ | PROT_WRITE, .maywrite = 1 };
    int err = as_map(as, &r, 0);

    if (err < 0)
        return err == -EEXIST ? -ENOMEM : err;
    if (!vm_knob[VM_LAZYHEAP] && (err = allocuvm(as, start, end)) < 0) {
        as_remove(as, start, end);  // no region to cut: cannot fail
        return err;
    }
    as_merge(as, start, end);
    return 0;
}

int
growheap(struct aspace *as, int n)
{
    uint old = as->sz, new = old + n;   // SINGLE: sz without the lock
    uint end = PGROUNDUP(old), newend = PGROUNDUP(new);
    int err = 0;

    if (n > 0 && (new < old || new > KERNBASE || !overcommit_ok()))
        return -ENOMEM;
    if (n < 0 && (new > old || new < as->heap))
        return -EINVAL;
    if (newend > end)
        err = map_heap(as, end, newend);
    else if (newend < end)
        err = as_remove(as, newend, end);
    if (err < 0)
        return err;
    as->sz = new;
    return old;
}

// ======== 5. The page fault ========
//
//     pagefault()  a loop: try, wait for what the try needed, try again
//       fault_try()    with the space locked: finds the region, asks
//                      classify() which case it is (region.c), and does
//         fill_zero(), fill_file(), fill_swap(), copy_on_write(), ...
//       fault_wait()   with nothing locked
//
// A fault never waits for memory, nor for a file that somebody else has
// locked, while it has the space locked: others may wait for that lock.

// What a try comes to: 0 (DONE), a need (> 0), or -errno: access refused.
enum { DONE, NEED_MEMORY, NEED_FILE, NEED_SLOT };

struct fault {
    struct aspace *as;
    uint va;                        // what was accessed
    int write;                      // FEC_W, or 0

    /* of the last try */
    struct region *r;               // or 0
    pte_t *pte;                     // the page's entry
    uint slot;                      // asked for by NEED_SLOT; has been read
};

// The bits of an entry for PROT_*; PROT_NONE never comes here, it is BAD.
// Accessed from the start: else the reclaimer could take the page away before
// the one who waits for it has seen it.
static uint
rights(uint prot)
{
    return PTE_P | PTE_A | PTE_U | (prot & PROT_WRITE ? PTE_W : 0);
}

// The page is mapped to the frame at pa; our reference becomes the entry's.
static int
fault_map(struct fault *f, uint pa, uint prot)
{
    *f->pte = pa | rights(prot);    // was absent: no TLB has it, no flush
    f->as->resident++;
    return DONE;
}

static int
fill_zero(struct fault *f)
{
    void *frame = frame_alloc(FRAME_USER);

    if (frame == 0)
        return NEED_MEMORY;
    memset(frame, 0, PGSIZE);
    return fault_map(f, V2P(frame), f->r->prot);
}

// A private copy of the n bytes that the file has for the page, then zeroes.
static int
copy_file(struct fault *f, struct page *file, uint n)
{
    char *frame = frame_alloc(FRAME_USER);

    if (frame == 0)
        return NEED_MEMORY;
    memcpy(frame, page_kva(file), n);
    memset(frame + n, 0, PGSIZE - n);
    return fault_map(f, V2P(frame), f->r->prot);
}

static int
fill_file(struct fault *f)
{
    struct region *r = f->r;
    uint page = PGROUNDDOWN(f->va), n = MIN(PGSIZE, r->fileend - page);
    struct page *file;
    int result;

    result = iframe(r->ip, (r->off + (page - r->start)) >> PGSHIFT, &file);
    if (result == -EBUSY)
        return NEED_FILE;
    if (result == -ERESTART)
        return NEED_MEMORY;
    if (result < 0)
        return result;
    if (r->shared)
        return fault_map(f, page_pa(file), r->prot);
    if (!f->write && n == PGSIZE)
        return fault_map(f, page_pa(file), r->prot & ~PROT_WRITE);
    result = copy_file(f, file, n);
    page_put(file);
    return result;
}

// The entry names a slot: bring the frame back. The last such entry frees the
// slot, and a private page that is nobody else's may be written at once. The
// slot is read first without the lock, which the reclaimer may need meanwhile.
static int
fill_swap(struct fault *f)
{
    uint slot = *f->pte >> PGSHIFT, prot = f->r->prot;
    struct page *pg;
    int err;

    if (f->slot != slot) {
        f->slot = slot;
        return NEED_SLOT;
    }
    if ((err = swap_in(slot, &pg)) < 0)
        return err == -ERESTART ? NEED_MEMORY : err;
    if (!f->r->shared && pg->ref > 1)   // still cached, or another's too
        prot &= ~PROT_WRITE;
    f->as->swapped--;
    return fault_map(f, page_pa(pg), prot);
}

// A write to a private page that is mapped read-only. If ref == 1 this entry is
// the only owner (F1): not even the cache has the frame, so it may be writable
// (F4). Else the old entry's D bit is dropped, and nothing is lost: a private
// page is writable only while it is not cached (F4), so all stores came before
// the cache had it, and whoever adds it to the swap cache makes it dirty.
static int
copy_on_write(struct fault *f)
{
    struct page *old = &frames[*f->pte >> PGSHIFT];
    void *new;

    if (old->ref == 1) {
        *f->pte |= rights(f->r->prot);
        invlpg(f->va);              // another CPU that holds the read-only
        return DONE;                // translation faults, SPURIOUS, and flushes
    }
    if ((new = frame_alloc(FRAME_USER)) == 0)
        return NEED_MEMORY;
    memcpy(new, page_kva(old), PGSIZE);
    *f->pte = V2P(new) | rights(f->r->prot);
    tlb_shoot(f->as, f->va, f->va + 1);
    page_put(old);
    return DONE;
}

// The region allows more than the entry, or (SPURIOUS) only a TLB is behind. A
// private page keeps its mark for copy-on-write.
static int
upgrade(struct fault *f)
{
    *f->pte |= rights(f->r->shared ? f->r->prot : f->r->prot & ~PROT_WRITE);
    invlpg(f->va);
    return DONE;
}

static int
fault_handle(struct fault *f, enum faultcase c)
{
    switch (c) {
    case ZERO:
        return fill_zero(f);
    case FILEPAGE:
        return fill_file(f);
    case SWAPPED:
        return fill_swap(f);
    case COW:
        return copy_on_write(f);
    case UPGRADE:
    case SPURIOUS:
        return upgrade(f);
    default:
        return -EFAULT;
    }
}

// Count a fault that is over (the total may miss some); tell of every try.
static void
fault_count(const struct fault *f, enum faultcase c, int result, pte_t old)
{
    if (result <= 0) {
        myproc()->faults[c]++;
        fault_total[c]++;
    }
    if (vm_knob[VM_TRACE] | events_on)
        event_fault(f->as, f->va, f->write, c, result, old);
}

// One try, with the space locked.
static int
fault_try(struct fault *f)
{
    enum faultcase c = BAD;
    int result = -EFAULT;
    pte_t old = 0;

    if ((f->r = region_find(f->as->regions, f->va)) != 0) {
        if ((f->pte = make_entry(f->as, f->va)) == 0)
            return NEED_MEMORY;
        old = *f->pte;
        c = classify(f->r, old, f->va, f->write);
        result = fault_handle(f, c);
    }
    fault_count(f, c, result, old);
    return result;
}

// Wait, with nothing locked, for what the last try needed. 0, or -errno.
// SINGLE: the region keeps the file, and only we, who are here, could unmap it.
static int
fault_wait(struct fault *f, int need)
{
    int err = -ERESTART;            // for NEED_MEMORY

    if (myproc()->killed)
        return -ENOMEM;             // it needs none to die
    if (need == NEED_SLOT)
        err = swap_fetch(f->slot);
    else if (need == NEED_FILE && (err = ilock(f->r->ip)) == 0)
        iunlock(f->r->ip);
    return err == -ERESTART ? mem_wait() : err;
}

int
pagefault(struct aspace *as, uint va, int access)
{
    struct fault f = { .as = as, .va = va, .write = access & FEC_W };
    int result;

    if (va >= KERNBASE)
        return -EFAULT;
    do {
        as_lock(as);
        result = fault_try(&f);
        as_unlock(as);
    } while (result > DONE && (result = fault_wait(&f, result)) == 0);
    return result;
}
