// sysvm.c: system calls that move the break and look at memory. Interface:
// sys.h.

#include "errno.h"
#include "lib.h"
#include "print.h"
#include "kalloc.h"
#include "cpu.h"
#include "pagetable.h"
#include "sched.h"
#include "disk.h"
#include "cache.h"
#include "swap.h"
#include "fs.h"
#include "region.h"
#include "usercopy.h"
#include "proc.h"
#include "ptable.h"
#include "vm.h"
#include "event.h"
#include "check.h"
#include "sys.h"
#include "ram.h"

int
sys_sbrk(const uint *a)
{
    return growheap(myproc()->as, a[0]);
}

// The address space of a process, referenced. 0; -ESRCH: there is no process,
// or it is ending and has none any more. A kernel thread, which has no parent,
// has no space: 0, and so is *as.
static int
space_of(int pid, struct aspace **as)
{
    struct proc *p = proc_lock(pid);
    int err = 0;

    *as = 0;
    if (p == 0)
        return -ESRCH;
    if (p->as) {
        *as = p->as;
        atomic_inc(&p->as->ref);
    } else if (p->parent) {
        err = -ESRCH;
    }
    release(&ptable.lock);
    return err;
}

int
sys_getpagetableentry(const uint *a)
{
    struct aspace *as;
    pte_t pte;

    space_of(a[0], &as);
    if (as == 0)
        return 0;
    as_lock(as);
    pte = as_pte(as, a[1]);
    as_unlock(as);
    as_put(as);
    return pte;
}

int
sys_isphysicalpagefree(const uint *a)
{
    uint pfn = a[0];

    if (!frame_is_ram(pfn))
        return 0;
    if (!frame_known(pfn) || frames[pfn].kind == FRAME_FREE)
        return 1;
    return frames[pfn].kind == FRAME_USER && evictable(&frames[pfn]);
}

// The first present entry for *va or above, and its address; 0: none.
static pte_t
present_from(struct aspace *as, uint *va)
{
    struct ptrun run = PTRUN(as->pgdir, *va, KERNBASE);
    pte_t pte = 0;

    as_lock(as);
    while ((pte & PTE_P) == 0 && ptrun_next(&run)) {
        pte = *run.pte;
        *va = run.va;
        run.next = run.va + PGSIZE; // there may be more in this table
    }
    as_unlock(as);
    return pte & PTE_P ? pte : 0;
}

// Lines are slow: they are printed with nothing locked, so that the process
// can go on.
int
sys_dumppagetable(const uint *a)
{
    struct aspace *as;
    uint va = 0;
    pte_t pte;

    space_of(a[0], &as);
    if (as == 0)
        return -ESRCH;
    cprintf("START PAGE TABLE (pid %d)\n", (int)a[0]);
    while ((pte = present_from(as, &va)) != 0 && sched_point() == 0) {
        cprintf("%x P %c %c %x\n", va >> PGSHIFT, pte & PTE_U ? 'U' : '-',
                pte & PTE_W ? 'W' : '-', pte >> PGSHIFT);
        va += PGSIZE;
    }
    cprintf("END PAGE TABLE\n");
    as_put(as);
    return 0;
}

// ---- regions ----

static void
count_pages(struct aspace *as, struct region *r, struct regioninfo *ri)
{
    struct ptrun run = PTRUN(as->pgdir, r->start, r->end);
    pte_t pte;
    uint i;

    while (ptrun_next(&run)) {
        for (i = 0; i < run.n; i++) {
            pte = run.pte[i];
            if (pte & PTE_P) {
                ri->resident++;
                ri->shared += frames[pte >> PGSHIFT].ref > 1;
                ri->dirty += (pte & PTE_D) != 0;
            } else if (pte) {
                ri->swapped++;
            }
        }
    }
}

static void
fill_region(struct aspace *as, struct region *r, struct regioninfo *ri)
{
    static const char *const name[] = {
        "text", "data", "stack", "heap", "file", "anonymous"
    };

    memset(ri, 0, sizeof *ri);
    ri->size = sizeof *ri;
    ri->start = r->start;
    ri->end = r->end;
    ri->prot = r->prot;
    ri->flags = r->shared ? MAP_SHARED : MAP_PRIVATE;
    ri->kind = r->kind;
    if (r->ip) {
        ri->off = r->off;
        ri->ino = r->ip->inum;
    }
    strlcpy(ri->name, name[r->kind], sizeof ri->name);
    count_pages(as, r, ri);
}

// The record of the first region that starts at *va or above, and its end; no
// record if ri is 0. 1, or 0: no region. The regions change between two calls;
// an address stays where it is.
static int
region_from(struct aspace *as, uint *va, struct regioninfo *ri)
{
    struct region *r;

    as_lock(as);
    for (r = as->regions; r && r->start < *va; r = r->next)
        ;
    if (r) {
        *va = r->end;
        if (ri)
            fill_region(as, r, ri);
    }
    as_unlock(as);
    return r != 0;
}

int
sys_regions(const uint *a)
{
    struct regioninfo ri;
    struct aspace *as;
    int room = a[2], n, err;
    uint va = 0;

    if (room < 0)
        return -EINVAL;
    if ((err = space_of(a[0], &as)) < 0 || as == 0)
        return err;
    for (n = 0; err == 0 && region_from(as, &va, n < room ? &ri : 0); n++)
        if (n < room)
            err = copyout(a[1] + n * sizeof ri, &ri, sizeof ri);
    as_put(as);
    return err < 0 ? err : n;
}

// ---- totals ----

int
sys_sysinfo(const uint *a)
{
    struct sysinfo s;

    memset(&s, 0, sizeof s);
    s.size = sizeof s;
    s.frames = frames_total();
    s.free = frames_free() + kstack_spare();
    s.kernel = frames_of(FRAME_KERNEL);
    s.kernel -= MIN(s.kernel, kstack_spare());
    s.pagetables = frames_of(FRAME_TABLE);
    s.cached = cache_count();
    s.user = frames_of(FRAME_USER) - s.cached;
    s.dirty = cache_dirty(DEV_FS) + cache_dirty(DEV_SWAP);
    s.slots = slots_total();
    s.slotsfree = slots_free();
    memcpy(s.faults, fault_total, sizeof s.faults);
    s.swapins = swap_ins;
    s.swapouts = swap_outs;
    s.diskreads = disk_reads;
    s.diskwrites = disk_writes;
    s.switches = nswitches;
    s.uptime = ticks;
    s.ncpu = ncpu;
    s.nproc = ptable.n;
    fs_space(&s);
    return copyout(a[0], &s, sizeof s);
}

int
sys_vmctl(const uint *a)
{
    int old, err = 0;

    if (a[0] >= NVMKNOB || (int)a[1] < -1)
        return -EINVAL;
    old = vm_knob[a[0]];
    if (a[0] == VM_EVENTS && (int)a[1] >= 0)
        err = events_switch(a[1]);
    else if ((int)a[1] >= 0)
        vm_knob[a[0]] = a[1];
    return err < 0 ? err : old;
}

// ---- frames ----

static void
fill_frame(struct frameinfo *fi, uint pfn)
{
    struct page *pg = &frames[pfn];

    memset(fi, 0, sizeof *fi);
    fi->size = sizeof *fi;
    fi->pfn = pfn;
    if (!frame_known(pfn))
        return;                     // never used: there is nothing to look at
    fi->kind = pg->kind;
    fi->ref = pg->ref;
    if ((fi->dev = pg->dev) == 0)
        return;
    fi->block = pg->bno;
    fi->state = (pg->dirty ? FI_DIRTY : 0) | (pg->reading ? FI_READING : 0) |
        (pg->writing ? FI_WRITING : 0) | (pg->logged ? FI_LOGGED : 0) |
        (pg->used ? FI_USED : 0);
    fi->age = cache_age(pg);
}

int
sys_memframes(const uint *a)
{
    struct frameinfo fi;
    int room = a[2], n = 0, err = 0;
    uint pfn;

    if (room < 0)
        return -EINVAL;
    for (pfn = a[0]; pfn < ram_top && n < room; pfn++) {
        if (!frame_is_ram(pfn))
            continue;
        fill_frame(&fi, pfn);
        if ((err = copyout(a[1] + n++ * sizeof fi, &fi, sizeof fi)) < 0 ||
            (err = sched_point()) < 0)
            return err;
    }
    return n;
}

int
sys_kcheck(const uint *a)
{
    struct kcheckinfo ki;

    if (!test_hooks)
        return -EPERM;
    kcheck(&ki);
    return copyout(a[0], &ki, sizeof ki);
}

int
sys_failmark(const uint *a)
{
    static volatile int *const marks[NFAIL] = {
        &fail_kalloc, &fail_disk, &fail_slot, &fail_write, &fail_read
    };
    int left;                       // of the mark set before

    if (!test_hooks)
        return -EPERM;
    if (a[0] >= NFAIL || (int)a[1] < 0)
        return -EINVAL;
    if (a[0] == FAIL_READ && a[1] > 0) {
        fail_reader = myproc()->pid;
        bevict(cache_count());      // so that there are reads: twice, as
        bevict(cache_count());      // the first turn spares what is in use
    }
    left = *marks[a[0]];
    *marks[a[0]] = a[1];
    return MAX(left, 0);            // two CPUs may have met the last one
}
