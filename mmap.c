// mmap.c: the mmap family of system calls. Interface: sys.h; vm.h.
//
// All but msync() change the region list under the address space's lock and
// leave the pages to the fault: mmap() makes a region and maps nothing, except
// that it populates shared anonymous memory; munmap() removes regions with
// their pages; mprotect() changes what the regions say and takes away the
// rights that present PTEs have too many of. What needs memory or can fail
// (cutting regions at the edges) comes before what cannot. msync() collects
// dirty bits.

#include "errno.h"
#include "stat.h"
#include "lib.h"
#include "kalloc.h"
#include "cpu.h"
#include "tlb.h"
#include "pagetable.h"
#include "cache.h"
#include "fs.h"
#include "file.h"
#include "region.h"
#include "proc.h"
#include "vm.h"
#include "pageout.h"
#include "event.h"
#include "sys.h"

#define PROT_ALL (PROT_READ | PROT_WRITE | PROT_EXEC)
#define USERMIN PGSIZE              // mmap places nothing below

// This hardware has no memory that can be written and not read.
static uint
with_read(uint prot)
{
    return prot & PROT_WRITE ? prot | PROT_READ : prot;
}

// Is [addr, addr + len) whole pages inside the user half?
static int
check_range(uint addr, uint len, uint *end)
{
    if (PGOFF(addr) || len == 0)
        return -EINVAL;
    len = PGROUNDUP(len);
    if (len == 0 || len > KERNBASE || addr > KERNBASE - len)
        return -ENOMEM;
    *end = addr + len;
    return 0;
}

// The file part of a new region.
static int
set_file(struct region *r, uint fd, uint off, uint len)
{
    struct file *f = fd < NOFILE ? myproc()->ofile[fd] : 0;

    if (f == 0)
        return -EBADF;
    if (f->type != FD_INODE || f->ip->type != T_FILE)
        return -ENODEV;
    if (!f->readable || (r->shared && !f->writable &&
                         (r->prot & PROT_WRITE)))
        return -EACCES;
    if (PGOFF(off) || off + len < off)
        return -EINVAL;
    r->maywrite = !r->shared || f->writable;
    r->ip = f->ip;
    r->off = off;
    r->kind = R_FILE;
    return 0;
}

// Where the region goes, and there it is. SINGLE: looks at the others without
// the lock.
static int
place(struct aspace *as, struct region *r, uint addr, uint len, uint flags)
{
    if (!overcommit_ok())
        return -ENOMEM;
    if (addr == 0 && !(flags & MAP_FIXED)) {
        addr = region_gap(as->regions, len, MAX(PGROUNDUP(as->sz), USERMIN),
                          KERNBASE);
        if (addr == 0)
            return -ENOMEM;
    }
    r->start = addr;
    r->end = r->fileend = addr + len;
    return as_map(as, r, flags & MAP_FIXED);
}

static int protect(struct aspace *, uint start, uint end, uint prot);

// Shared anonymous memory is shared by PTE from the first fork on, so its
// frames must be there before: it is made writable, touched, and then given
// the rights that were asked for.
static int
populate(struct aspace *as, const struct region *r, uint prot)
{
    int err = allocuvm(as, r->start, r->end);

    if (err == 0)
        err = protect(as, r->start, r->end, prot);
    else
        as_remove(as, r->start, r->end);    // no region to cut: cannot fail
    return err;
}

int
sys_mmap(const uint *a)
{
    uint addr = a[0], len = a[1], prot = with_read(a[2]), flags = a[3], end;
    struct region r = { .prot = prot & PROT_ALL, .maywrite = 1, .kind = R_ANON,
                        .shared = (flags & MAP_SHARED) != 0 };
    struct aspace *as = myproc()->as;
    int err;

    if ((err = check_range(addr, len, &end)) < 0)
        return err;
    if (!(flags & MAP_SHARED) == !(flags & MAP_PRIVATE) ||
        (prot & ~PROT_ALL))
        return -EINVAL;
    len = PGROUNDUP(len);
    if (!(flags & MAP_ANONYMOUS) && (err = set_file(&r, a[4], a[5], len)) < 0)
        return err;
    if (r.shared && r.ip == 0)
        r.prot = PROT_READ | PROT_WRITE;
    if ((err = place(as, &r, addr, len, flags)) < 0)
        return err;
    if (r.shared && r.ip == 0 && (err = populate(as, &r, prot)) < 0)
        return err;
    return r.start;
}

int
sys_munmap(const uint *a)
{
    uint end;
    int err;

    if ((err = check_range(a[0], a[1], &end)) < 0)
        return err == -ENOMEM ? -EINVAL : err;
    return as_remove(myproc()->as, a[0], end);
}

// ---- mprotect ----

// Is every page of [start, end) in a region that allows prot? 0, -ENOMEM,
// -EACCES.
static int
may_protect(struct aspace *as, uint start, uint end, uint prot)
{
    struct region *r;

    for (; start < end; start = r->end) {
        if ((r = region_find(as->regions, start)) == 0)
            return -ENOMEM;
        if ((prot & PROT_WRITE) && !r->maywrite)
            return -EACCES;
    }
    return 0;
}

// Present PTEs keep what prot still allows; more comes by faults. Those that
// name a slot have no bits to lose.
static void
lower(struct aspace *as, uint start, uint end, uint prot)
{
    struct ptrun run = PTRUN(as->pgdir, start, end);
    pte_t lost = prot & PROT_WRITE ? 0 : PTE_W;
    uint i;

    if (prot == PROT_NONE)
        lost |= PTE_U;
    if (lost == 0)
        return;
    while (ptrun_next(&run)) {
        for (i = 0; i < run.n; i++)
            run.pte[i] &= ~lost;
        EVENT(event_ptes(as, run.va, run.pte, run.n, "protect"));
    }
    tlb_shoot(as, start, end);
}

static int
protect(struct aspace *as, uint start, uint end, uint prot)
{
    struct region *r;
    int err;

    as_lock(as);
    if ((err = may_protect(as, start, end, prot)) == 0 &&
        (err = as_cut(as, start, end)) == 0) {
        for (r = region_find(as->regions, start); r && r->start < end;
             r = r->next) {
            r->prot = prot;
            EVENT(event_region(as, r));
        }
        lower(as, start, end, prot);
    }
    as_unlock(as);
    as_merge(as, start, end);
    return err;
}

int
sys_mprotect(const uint *a)
{
    uint end;
    int err;

    if ((err = check_range(a[0], a[1], &end)) < 0)
        return err;
    if (a[2] & ~PROT_ALL)
        return -EINVAL;
    return protect(myproc()->as, a[0], end, with_read(a[2]));
}

// ---- msync ----

void
as_collect_dirty(struct aspace *as, uint start, uint end)
{
    struct ptrun run = PTRUN(as->pgdir, start, end);
    struct page *pg;
    struct batch b;
    uint i;

    batch_begin(&b, as, start, end);
    while (ptrun_next(&run)) {
        for (i = 0; i < run.n; i++) {
            pg = &frames[run.pte[i] >> PGSHIFT];
            if ((run.pte[i] & (PTE_P | PTE_D)) == (PTE_P | PTE_D) && pg->dev) {
                atomic_and(&run.pte[i], ~PTE_D);
                page_get(pg);
                batch_add(&b, pg, 1);
            }
        }
    }
    batch_flush(&b);
}

int
sys_msync(const uint *a)
{
    struct aspace *as = myproc()->as;
    uint end;
    int err;

    if ((err = check_range(a[0], a[1], &end)) < 0)
        return err;
    if ((a[2] & ~(MS_ASYNC | MS_INVALIDATE | MS_SYNC)) ||
        (a[2] & (MS_ASYNC | MS_SYNC)) == (MS_ASYNC | MS_SYNC))
        return -EINVAL;
    as_lock(as);
    if ((err = may_protect(as, a[0], end, PROT_NONE)) == 0)
        as_collect_dirty(as, a[0], end);
    as_unlock(as);
    if (err == 0 && (a[2] & MS_SYNC))
        err = fs_sync();
    return err;
}
