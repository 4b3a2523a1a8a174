// vm.c: virtual memory, in three parts.
//
//   1. Page tables and the kernel's half of the address space.
//   2. Address spaces: making, sharing and freeing what user pages map.
//   3. The page fault, by which what IS mapped comes to agree with what the
//      regions say OUGHT to be, one page at a time.
//
// What a user PTE can say:
//
//   pte == 0               never touched: zero page or file page; the region
//                          knows which
//   present, writable      ours alone, or a shared file or anonymous page
//   present, read-only     text, or shared with someone (copy before writing)
//   present, not user      no access (PROT_NONE)
//   not present, not zero  swapped: the slot's number in bits 12..31
//
// SINGLE: one thread per address space. Its user code runs on one CPU at a
// time, so PTEs change under the address-space lock without the hardware
// writing A and D bits at the same moment; other CPUs can only hold stale
// translations, which tlb.c deals with.

#include "errno.h"
#include "lib.h"
#include "print.h"
#include "bootarg.h"
#include "kalloc.h"
#include "cpu.h"
#include "tlb.h"
#include "pagetable.h"
#include "disk.h"
#include "cache.h"
#include "swap.h"
#include "fs.h"
#include "region.h"
#include "proc.h"
#include "vm.h"
#include "memwait.h"

// ======== 1. Page tables and the kernel half ========

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

// A zeroed page table.
static pte_t *
table_alloc(void)
{
    pte_t *table = frame_alloc(FRAME_TABLE);

    return table ? memset(table, 0, PGSIZE) : 0;
}

// The table that pde names.
static inline pte_t *
table_of(pde_t pde)
{
    return P2V(PTE_ADDR(pde));
}

static void
set_table(pde_t *pde, pte_t *table)
{
    *pde = V2P(table) | PTE_P | PTE_W | PTE_U;
}

pte_t *
walkpgdir(pde_t *dir, const void *va, int alloc)
{
    pde_t *pde = &dir[PDX(va)];
    pte_t *table;

    if ((*pde & PTE_P) == 0) {
        if (!alloc || (table = table_alloc()) == 0)
            return 0;
        set_table(pde, table);
    }
    return &table_of(*pde)[PTX(va)];
}

int
mappages(pde_t *dir, void *va, uint size, uint pa, int perm)
{
    uint first = PGROUNDDOWN(va), a;
    uint n = (PGROUNDUP((uint)va + size) - first) >> PGSHIFT, i;
    pte_t *pte;

    // Make every table and look at every entry before writing the first.
    for (i = 0, a = first; i < n; i++, a += PGSIZE) {
        if ((pte = walkpgdir(dir, (void *)a, 1)) == 0)
            return -ERESTART;
        if (*pte != 0)
            return -EEXIST;
    }
    for (i = 0, a = first; i < n; i++, a += PGSIZE)
        *walkpgdir(dir, (void *)a, 0) = (PTE_ADDR(pa) + i * PGSIZE) | perm | PTE_P;
    return 0;
}

// ======== 2. Address spaces ========

int vm_knob[NVMKNOB] = { [VM_COW] = 1, [VM_LAZYHEAP] = 1, [VM_DEMANDLOAD] = 1 };
uint fault_total[NCASE];
static uint least;                  // frames and slots not to be promised

void
vm_init(void)
{
    least = frames_total() / 32 + slots_total() / 32 + frames_low() + FILEFLOOR;
    vm_knob[VM_COW] = bootarg_int("vm.cow", 1);
    vm_knob[VM_LAZYHEAP] = bootarg_int("vm.lazyheap", 1);
    vm_knob[VM_DEMANDLOAD] = bootarg_int("vm.demandload", 1);
    vm_knob[VM_TRACE] = bootarg_int("vm.trace", 0);
    vm_knob[VM_POLICY] = bootarg_int("vm.policy", 0);
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

// ---- taking pages away ----

// Frames whose PTEs are gone but which other CPUs may still reach.
#define GATHER 64
struct gather {
    struct aspace *as;
    uint start, end;                // covers all their addresses
    uint n;
    struct page *pg[GATHER];
};

static void
gather_flush(struct gather *g)
{
    uint i;

    if (g->n == 0)
        return;
    tlb_shoot(g->as, g->start, g->end);
    for (i = 0; i < g->n; i++)
        page_put(g->pg[i]);
    g->n = 0;
}

static void
gather_add(struct gather *g, uint va, struct page *pg)
{
    if (g->n == GATHER)
        gather_flush(g);
    if (g->n == 0)
        g->start = va;
    g->end = va + PGSIZE;
    g->pg[g->n++] = pg;
}

// Clear one PTE that is not zero; its frame goes to the gather, or straight
// back when no CPU has the directory loaded.
static inline void
take_page(struct gather *g, uint va, pte_t *ptep)
{
    struct aspace *as = g->as;
    pte_t pte = *ptep;
    struct page *pg;

    *ptep = 0;
    if ((pte & PTE_P) == 0) {
        as->swapped--;
        slot_put(pte >> PGSHIFT);
        return;
    }
    as->resident--;
    pg = &frames[pte >> PGSHIFT];
    if ((pte & PTE_D) && pg->dev)
        bdirty(pg);                 // a store through a shared file mapping
    gather_add(g, va, pg);
}

// Clear PTEs of a space that no CPU has loaded any more: frames go back at
// once. 12 instructions a page when the region is private.
static inline void
take_dead(struct aspace *as, pte_t *pte, uint n, int private)
{
    const pte_t *stop = pte + n;
    struct page *table = frames, *pg;
    uint swapped = 0;
    pte_t old;

    for (; pte < stop; pte++) {
        old = *pte;
        if ((old & PTE_P) == 0) {
            if (old) {
                *pte = 0;
                slot_put(old >> PGSHIFT);
                swapped++;
            }
            continue;
        }
        *pte = 0;
        pg = &table[old >> PGSHIFT];
        if (!private && (old & PTE_D) && pg->dev)
            bdirty(pg);
        page_put(pg);
    }
    as->swapped -= swapped;
}

// The end of va's 4 MB, or end if that is lower.
static inline uint
table_end(uint va, uint end)
{
    uint t = (va | (BIGSIZE - 1)) + 1;

    return t < end ? t : end;
}

void
deallocuvm(struct aspace *as, uint start, uint end)
{
    struct gather g;
    uint va, stop;
    pde_t pde;
    pte_t *pte;

    g.as = as;
    g.n = 0;
    for (va = start; va < end; va = stop) {
        stop = table_end(va, end);
        pde = as->pgdir[PDX(va)];
        if ((pde & PTE_P) == 0)
            continue;
        for (pte = &table_of(pde)[PTX(va)]; va < stop; va += PGSIZE, pte++)
            if (*pte)
                take_page(&g, va, pte);
    }
    gather_flush(&g);
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
        if (as->cpus)               // paging-structure caches: any INVLPG
            tlb_shoot(as, 0, PGSIZE);   // drops them (SDM 3A 4.10.4.1)
        kfree(table);
    }
}

static void
empty_region(struct aspace *as, struct region *r)
{
    uint va, stop, n;
    pte_t *pte;
    pde_t pde;

    for (va = r->lo; va < r->hi; va = stop) {
        stop = table_end(va, r->hi);
        pde = as->pgdir[PDX(va)];
        if ((pde & PTE_P) == 0)
            continue;
        pte = &table_of(pde)[PTX(va)];
        n = (stop - va) >> PGSHIFT;
        if (r->shared)
            take_dead(as, pte, n, 0);
        else
            take_dead(as, pte, n, 1);
    }
}

void
freevm(struct aspace *as)
{
    struct region *r;

    tlb_drop(as);
    as_lock(as);                    // the reclaimer may be looking at it
    for (r = as->regions; r; r = r->next)
        empty_region(as, r);
    as->resident = 0;
    free_tables(as, 0, KERNBASE);
    assert(as->swapped == 0 && as->ntables == 0);
    // Listed till now, so that the checker finds the tables' owner; unlisted
    // before the lock is free, so that as_next() cannot take it.
    as_unlist(as);
    kfree(as->pgdir);
    as_unlock(as);
    regions_put(as->regions);
    as_free(as);
}

// ---- fork ----

// Page tables for a child, taken before the parent is locked: nobody waits
// for memory while holding an address-space lock.
struct tables {
    pte_t *list;                    // linked through their first words
};

static void
tables_free(struct tables *t)
{
    pte_t *next;

    for (; t->list; t->list = next) {
        next = *(pte_t **)t->list;
        kfree(t->list);
    }
}

static int
tables_take(struct tables *t, struct aspace *as)
{
    pte_t *table;
    uint n;

    t->list = 0;
    for (n = as->ntables; n > 0; n--) {
        if ((table = table_alloc()) == 0) {
            tables_free(t);
            return -ERESTART;
        }
        *(pte_t **)table = t->list;
        t->list = table;
    }
    return 0;
}

// The child's table for va, from those taken beforehand.
static pte_t *
child_table(struct aspace *child, uint va, struct tables *t)
{
    pde_t *pde = &child->pgdir[PDX(va)];
    pte_t *table;

    if ((*pde & PTE_P) == 0) {
        table = t->list;
        t->list = *(pte_t **)table;
        table[0] = 0;
        set_table(pde, table);
        child->ntables++;
    }
    return table_of(*pde);
}

// Give the child n of the parent's PTEs, within one table. Returns whether a
// right was taken from the parent. 20 instructions a page: fork is nothing
// but this loop, so `private` is a constant where it is inlined.
static inline int
share_ptes(pte_t *from, pte_t *to, uint n, int private)
{
    const pte_t *stop = from + n;
    struct page *table = frames;    // a register, not a load each time
    uint seen = 0;
    pte_t pte;

    for (; from < stop; from++, to++) {
        pte = *from;
        if ((pte & PTE_P) == 0) {
            if (pte) {
                slot_get(pte >> PGSHIFT);
                *to = pte;
            }
            continue;
        }
        seen |= pte;
        if (private && (pte & PTE_W))
            *from = pte & ~PTE_W;
        *to = pte & ~(private ? PTE_W | PTE_D : PTE_D);
        atomic_inc(&table[pte >> PGSHIFT].ref);
    }
    return private && (seen & PTE_W);
}

static int
share_region(struct aspace *child, struct aspace *parent,
             const struct region *r, struct tables *t)
{
    int taken = 0;
    uint va, stop, n;
    pte_t *from, *to;
    pde_t pde;

    for (va = r->lo; va < r->hi; va = stop) {
        stop = table_end(va, r->hi);
        pde = parent->pgdir[PDX(va)];
        if ((pde & PTE_P) == 0)
            continue;
        from = &table_of(pde)[PTX(va)];
        to = &child_table(child, va, t)[PTX(va)];
        n = (stop - va) >> PGSHIFT;
        taken |= r->shared ? share_ptes(from, to, n, 0)
                           : share_ptes(from, to, n, 1);
    }
    return taken;
}

static int
is_copied(const struct region *r)
{
    return !r->shared && (r->prot & PROT_WRITE) && r->lo < r->hi;
}

// The parent has lost rights to pages that it had written.
static void
forget_rights(struct aspace *parent)
{
    struct region *r;
    uint n = 0;

    for (r = parent->regions; r && n <= TLBFEW; r = r->next)
        if (is_copied(r))
            n += (r->hi - r->lo) >> PGSHIFT;
    if (n > TLBFEW) {
        tlb_shoot(parent, 0, KERNBASE);
        return;
    }
    for (r = parent->regions; r; r = r->next)
        if (is_copied(r))
            tlb_shoot(parent, r->lo, r->hi);
}

// Who is not lazy is refused, too, before there is nothing left for others.
static int
fault_eagerly(struct aspace *as, uint va, int access)
{
    return vm_promise() ? pagefault(as, va, access) : -ENOMEM;
}

// With copy-on-write switched off: make the copies now.
static int
copy_now(struct aspace *as)
{
    struct region *r;
    uint va;
    int err = 0;

    for (r = as->regions; r; r = r->next)
        for (va = r->lo; va < r->hi && !r->shared && (r->prot & PROT_WRITE);
             va += PGSIZE)
            while (as_pte(as, va) && !(as_pte(as, va) & PTE_W))
                if ((err = fault_eagerly(as, va, FEC_W)) < 0)
                    return err;     // (a swapped page takes two faults)
    return err;
}

int
copyuvm(struct aspace *child, struct aspace *parent)
{
    struct tables t;
    struct region *r;
    int taken = 0, err;

    if ((err = tables_take(&t, parent)) < 0)
        return err;
    as_lock(parent);
    err = as_copy_regions(child, parent);
    for (r = parent->regions; r && err == 0; r = r->next)
        taken |= share_region(child, parent, r, &t);
    if (err == 0) {
        child->resident = parent->resident;
        child->swapped = parent->swapped;
    }
    if (taken)
        forget_rights(parent);
    as_unlock(parent);
    tables_free(&t);
    child->heap = parent->heap;
    child->sz = parent->sz;
    if (err < 0)
        return err;
    as_list(child);                 // complete; copies may be swapped
    return vm_knob[VM_COW] ? 0 : copy_now(child);
}

// ---- growing and loading ----

int
allocuvm(struct aspace *as, uint start, uint end)
{
    struct region *r;
    uint va;
    int err;

    for (va = PGROUNDDOWN(start); va < end; va += PGSIZE) {
        r = region_find(as->regions, va);
        if (r == 0 || r->prot == PROT_NONE)
            continue;
        if ((err = fault_eagerly(as, va, r->prot & PROT_WRITE ? FEC_W : 0)) < 0)
            return err;
    }
    return 0;
}

int
as_hold(struct aspace *as, uint va, struct page **pg)
{
    pte_t pte;
    int err;

    for (;;) {
        as_lock(as);
        pte = as_pte(as, va);
        if ((pte & (PTE_P | PTE_W)) == (PTE_P | PTE_W)) {
            *pg = &frames[pte >> PGSHIFT];
            page_get(*pg);
            as_unlock(as);
            return 0;
        }
        as_unlock(as);
        if ((err = pagefault(as, va, FEC_W)) < 0)
            return err;
    }
}

int
loaduvm(struct aspace *as, uint va, struct inode *ip, uint off, uint n)
{
    struct page *pg;
    uint done, take;
    int err;

    for (done = 0; done < n; done += take) {
        take = MIN(n - done, PGSIZE - PGOFF(va + done));
        if (myproc()->killed)
            return -EINTR;
        if (!vm_promise_child())
            return -ENOMEM;
        if ((err = as_hold(as, va + done, &pg)) < 0)
            return err;
        if ((err = ilock(ip)) == 0) {
            err = readi(ip, (char *)page_kva(pg) + PGOFF(va + done),
                        off + done, take);
            iunlock(ip);
        }
        page_put(pg);
        if (err != (int)take)
            return err < 0 ? err : -ENOEXEC;
    }
    return 0;
}

// What could be promised, and what never is. Swap that takes no pages has no
// room for any but the latter.
static uint
room(void)
{
    return frames_free() + kstack_spare() + cache_count() +
        (bwrites_fail(DEV_SWAP) ? slots_total() / 32 : slots_free());
}

// May more pages be promised? Nothing is reserved, but when free frames,
// cache and free slots together, beyond what is never given to
// programs, are under 1/32 of all frames and slots, the answer is no: so a
// program that allocates until refusal is refused, not killed.
static int __attribute__((noinline))
promise_all(void)
{
    return room() > least;
}

static inline int
promise(void)
{
    return frames_free() > least || promise_all();
}

int
vm_promise(void)
{
    return promise();
}

int
vm_promise_child(void)
{
    return promise() ||
        room() > least - (frames_total() + slots_total()) / 64;
}

// as->brk is the region that ends at the break, empty at first; it just moves
// its end when nothing is in the way. Only after mprotect or munmap have cut
// the heap does another region have to be made.
static int __attribute__((noinline))
new_heap(struct aspace *as, uint end, uint wanted)
{
    struct region h = { .start = end, .end = wanted,
                        .prot = PROT_READ | PROT_WRITE, .maywrite = 1,
                        .kind = R_HEAP };
    int err = as_map(as, &h, 0);

    if (err == 0)
        as->brk = region_find(as->regions, end);
    return err == -EEXIST ? -ENOMEM : err;
}

static inline int
raise_heap(struct aspace *as, uint end, uint wanted)
{
    struct region *r = as->brk;

    if (r == 0 || r->end != end || r->prot != (PROT_READ | PROT_WRITE) ||
        (r->next && r->next->start < wanted))
        return new_heap(as, end, wanted);
    r->end = wanted;
    return 0;
}

// The heap's pages from wanted on go.
static void __attribute__((noinline))
empty_heap(struct aspace *as, struct region *r, uint wanted, uint end)
{
    deallocuvm(as, MAX(r->lo, wanted), r->hi);
    free_tables(as, wanted, end);
    r->hi = MAX(r->lo, wanted);
}

static int __attribute__((noinline))
cut_heap(struct aspace *as, uint wanted, uint end, struct region **dead)
{
    int err = as_cut(as, wanted, end);

    if (err == 0)
        as_unmap(as, wanted, end, dead);
    return err;
}

static inline int
lower_heap(struct aspace *as, uint wanted, uint end, struct region **dead)
{
    struct region *r = as->brk;

    if (r == 0 || r->start > wanted || r->end != end)
        return cut_heap(as, wanted, end, dead);
    if (r->hi > wanted)
        empty_heap(as, r, wanted, end);
    r->end = wanted;
    return 0;
}

static int
shrink(struct aspace *as, uint old, uint new)
{
    uint end = PGROUNDUP(old), wanted = PGROUNDUP(new);
    struct region *dead = 0;
    int err = 0;

    if (new > old || new < as->heap)
        return -EINVAL;
    if (wanted < end) {
        as_lock(as);
        err = lower_heap(as, wanted, end, &dead);
        as_unlock(as);
        if (dead)
            regions_put(dead);      // files may have been mapped in there
    }
    if (err < 0)
        return err;
    as->sz = new;
    return old;
}

static int __attribute__((noinline))
populate(struct aspace *as, uint old, uint new)
{
    int err = allocuvm(as, PGROUNDUP(old), new);

    if (err < 0)
        shrink(as, new, old);
    return err;
}

static inline int
grow(struct aspace *as, uint old, uint new)
{
    uint end = PGROUNDUP(old), wanted = PGROUNDUP(new);
    int err = 0;

    if (new < old || new > KERNBASE || !promise())
        return -ENOMEM;
    if (wanted > end) {
        as_lock(as);
        err = raise_heap(as, end, wanted);
        as_unlock(as);
    }
    if (err < 0)
        return err;
    as->sz = new;
    if (!vm_knob[VM_LAZYHEAP] && (err = populate(as, old, new)) < 0)
        return err;
    return old;
}

int
growheap(struct aspace *as, int n)
{
    uint old = as->sz;

    if (n > 0)
        return grow(as, old, old + n);
    return n == 0 ? (int)old : shrink(as, old, old + n);
}

// ======== 3. The page fault ========

// PROT_WRITE implies PROT_READ (mmap.c sees to it). Accessed from the start,
// since somebody waits for it: or the reclaimer could take it away again
// before the kernel, which faults a page in first and copies then, is there.
static inline uint
rights(uint prot)
{
    enum { READ = PTE_P | PTE_A | PTE_U, WRITE = READ | PTE_W };
    static const uchar bits[8] = {
        PTE_P | PTE_A, READ, 0, WRITE, READ, READ, 0, WRITE,
    };

    return bits[prot];
}

pte_t
as_pte(struct aspace *as, uint va)
{
    pte_t *pte = va < KERNBASE ? walkpgdir(as->pgdir, (void *)va, 0) : 0;

    return pte ? *pte : 0;
}

// An entry that was empty now maps the frame at pa; our reference becomes the
// entry's.
static inline void
install(struct aspace *as, struct region *r, uint va, pte_t *pte, uint pa,
        uint prot)
{
    region_touch(r, PGROUNDDOWN(va));
    *pte = pa | rights(prot);
    as->resident++;
}

static inline int
fill_zero(struct aspace *as, struct region *r, uint va, pte_t *pte)
{
    void *frame = frame_alloc(FRAME_USER);

    if (frame == 0)
        return -EAGAIN;
    page_zero(frame);
    install(as, r, va, pte, V2P(frame), r->prot);
    return 0;
}

// A private copy of what the file has for this page; zero past the file's
// part of the region.
static int
copy_filepage(struct aspace *as, struct region *r, uint va, pte_t *pte,
              struct page *file)
{
    char *frame = frame_alloc(FRAME_USER);
    uint n = MIN(PGSIZE, r->fileend - va);

    if (frame == 0)
        return -EAGAIN;
    memcpy(frame, page_kva(file), n);
    memset(frame + n, 0, PGSIZE - n);
    install(as, r, va, pte, V2P(frame), r->prot);
    return 0;
}

static int __attribute__((noinline))
fill_file(struct aspace *as, struct region *r, uint va, pte_t *pte, int write)
{
    uint page = PGROUNDDOWN(va);
    struct page *file;
    int err;

    err = iframe(r->ip, (r->off + (page - r->start)) >> PGSHIFT, &file);
    if (err == -EBUSY)
        as->wantip = r->ip;
    if (err == -EBUSY || err == -ERESTART)
        return -EAGAIN;
    if (err < 0)
        return err;
    if (r->shared) {
        install(as, r, va, pte, page_pa(file), r->prot);
        return 0;
    }
    if (!write && r->fileend - page >= PGSIZE) {
        install(as, r, va, pte, page_pa(file), r->prot & ~PROT_WRITE);
        return 0;
    }
    err = copy_filepage(as, r, page, pte, file);
    page_put(file);
    return err;
}

// The PTE names a slot: bring the frame back. The last user frees the slot,
// and a private page that is nobody else's may be written at once. The slot
// is read first without the lock, which the reclaimer may need meanwhile.
static int __attribute__((noinline))
fill_swap(struct aspace *as, struct region *r, uint va, pte_t *pte)
{
    struct page *pg;
    uint prot = r->prot, slot = *pte >> PGSHIFT;
    int err;

    if (as->slot != slot) {
        as->want = slot;
        return -EAGAIN;
    }
    if ((err = swap_in(slot, &pg)) < 0)
        return err == -ERESTART ? -EAGAIN : err;
    if (!r->shared && pg->ref > 1)  // still cached, or another's too
        prot &= ~PROT_WRITE;
    as->swapped--;
    install(as, r, va, pte, page_pa(pg), prot);
    return 0;
}

// A write to a private page that is mapped read-only. ref == 1 says that
// this PTE is the only owner: not even the cache has it (F1).
static inline int
copy_on_write(struct aspace *as, struct region *r, uint va, pte_t *pte)
{
    struct page *old = &frames[*pte >> PGSHIFT];
    void *new;

    va = PGROUNDDOWN(va);
    if (old->ref == 1) {
        *pte |= rights(r->prot);
        invlpg(va);                 // elsewhere a stale entry only forbids:
        return 0;                   // SPURIOUS mends it
    }
    if ((new = frame_alloc(FRAME_USER)) == 0)
        return -EAGAIN;
    page_copy(new, P2V(PTE_ADDR(*pte)));
    *pte = V2P(new) | rights(r->prot);
    tlb_shoot_page(as, va);
    page_put(old);
    return 0;
}

static void __attribute__((noinline))
trace(struct aspace *as, uint va, int access, enum faultcase c, int err)
{
    static const char *const name[NCASE] = {
        "ZERO", "FILEPAGE", "SWAPPED", "COW", "UPGRADE", "SPURIOUS", "BAD"
    };
    struct proc *p = myproc();

    cprintf("fault: pid %d %s va 0x%x %c %s frame 0x%x%s\n", p->pid, p->name,
            va, access & FEC_W ? 'w' : 'r', name[c],
            as_pte(as, va) >> PGSHIFT, err == -EAGAIN ? " (again)" : "");
}

static inline int
repair(struct aspace *as, struct region *r, uint va, int write, pte_t *pte,
       enum faultcase c)
{
    switch (c) {
    case ZERO:
        return fill_zero(as, r, va, pte);
    case FILEPAGE:
        return fill_file(as, r, va, pte, write);
    case SWAPPED:
        return fill_swap(as, r, va, pte);
    case COW:
        return copy_on_write(as, r, va, pte);
    case UPGRADE:
        // A private page keeps its copy-on-write mark.
        *pte |= rights(r->shared ? r->prot : r->prot & ~PROT_WRITE);
        invlpg(va);
        return 0;
    case SPURIOUS:
        invlpg(va);
        return 0;
    default:
        return -EFAULT;
    }
}

// va's entry; its table is made if need be. 0 when out of memory.
static inline pte_t *
pte_make(struct aspace *as, uint va)
{
    pde_t pde = as->pgdir[PDX(va)];
    pte_t *pte;

    if (pde & PTE_P)
        return &table_of(pde)[PTX(va)];
    if ((pte = walkpgdir(as->pgdir, (void *)va, 1)) != 0)
        as->ntables++;
    return pte;
}

int
fault_once(struct aspace *as, uint va, int access)
{
    struct proc *p = myproc();
    uint write = access & FEC_W;
    struct region *r;
    enum faultcase c;
    pte_t *pte = 0;
    int err = -EAGAIN;

    if (va >= KERNBASE)
        return -EFAULT;
    as_lock(as);
    r = as->hit;
    if (r == 0 || va < r->start || va >= r->end)
        as->hit = r = region_find(as->regions, va);
    if (r == 0 || (pte = pte_make(as, va)) != 0) {
        c = classify(r, pte ? *pte : 0, va, write);
        err = repair(as, r, va, write, pte, c);
        if (err != -EAGAIN) {
            p->faults[c]++;
            fault_total[c]++;
        }
        if (vm_knob[VM_TRACE])
            trace(as, va, write, c, err);
    }
    as_unlock(as);
    return err;
}

// Wait until the file may be locked. Its region keeps it: only the process
// itself, which is here, takes that away.
static int
await_file(struct inode *ip)
{
    int err = ilock(ip);

    if (err == 0)
        iunlock(ip);
    return err;
}

// What a try lacked, with nothing locked: a file's lock or a slot's content,
// else memory.
static int __attribute__((noinline))
provide(struct aspace *as)
{
    uint slot = as->want, last = as->slot;
    struct inode *ip = as->wantip;
    int err = -ERESTART;

    if (ip) {
        as->wantip = 0;
        err = await_file(ip);
    } else if (slot) {
        as->want = 0;
        as->slot = slot;
        err = swap_fetch(slot, last);
    }
    return err == -ERESTART ? mem_wait() : err;
}

int
fault_more(struct aspace *as, uint va, int access)
{
    int err;

    do {
        if (myproc()->killed)
            return -ENOMEM;         // it needs none to die
        if ((err = provide(as)) < 0)
            return err;
    } while ((err = fault_once(as, va, access)) == -EAGAIN);
    return err;
}

int
pagefault(struct aspace *as, uint va, int access)
{
    int err = fault_once(as, va, access);

    return err == -EAGAIN ? fault_more(as, va, access) : err;
}
