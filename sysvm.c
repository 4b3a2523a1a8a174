// sysvm.c: system calls that move the break and look at memory (sys.h).

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
#include "check.h"
#include "sys.h"
#include "ram.h"

#define BATCH   4                   // records copied out at a time
#define ENTRIES 32                  // of a page table, printed at a time

int
sys_sbrk(const uint *a)
{
    return growheap(myproc()->as, a[0]);
}

// The address space of a process, referenced; 0 if there is none.
static struct aspace *
space_of(int pid)
{
    struct proc *p = proc_lock(pid);
    struct aspace *as = 0;

    if (p == 0)
        return 0;
    if ((as = p->as) != 0)
        atomic_inc(&as->ref);
    release(&ptable.lock);
    return as;
}

// A kernel thread has no user memory, and no parent. A process that is ending
// has the one no more and the other still.
static int
is_kthread(int pid)
{
    struct proc *p = proc_lock(pid);
    int yes;

    if (p == 0)
        return 0;
    yes = p->parent == 0;
    release(&ptable.lock);
    return yes;
}

int
sys_getpagetableentry(const uint *a)
{
    struct aspace *as = space_of(a[0]);
    pte_t pte;

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
    return cache_evictable(&frames[pfn]);
}

struct entry {
    uint va;
    pte_t pte;
};

// Present entries from *from on, up to n, and where to go on.
static uint
some_entries(struct aspace *as, struct entry *e, uint n, uint *from)
{
    struct ptrun run = PTRUN(as->pgdir, *from, KERNBASE);
    uint i, found = 0;

    as_lock(as);
    while (found < n && ptrun_next(&run)) {
        for (i = 0; i < run.n && found < n; i++) {
            *from = run.va + (i + 1) * PGSIZE;
            if (run.pte[i] & PTE_P)
                e[found++] = (struct entry){ *from - PGSIZE, run.pte[i] };
        }
    }
    as_unlock(as);
    return found;
}

// Lines are slow: they are printed with nothing locked, so that the process
// can go on.
int
sys_dumppagetable(const uint *a)
{
    struct aspace *as = space_of(a[0]);
    struct entry some[ENTRIES], *e;
    uint from = 0, n;

    if (as == 0)
        return -ESRCH;
    cprintf("START PAGE TABLE (pid %d)\n", (int)a[0]);
    do {
        n = some_entries(as, some, ENTRIES, &from);
        for (e = some; e < some + n; e++)
            cprintf("%x P %c %c %x\n", e->va >> PGSHIFT,
                    e->pte & PTE_U ? 'U' : '-', e->pte & PTE_W ? 'W' : '-',
                    e->pte >> PGSHIFT);
    } while (n == ENTRIES && sched_point() == 0);
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

// Records of those that start at `from` or above, up to n, and how many there
// are. The regions change between two calls; an address stays where it is.
static int
some_regions(struct aspace *as, struct regioninfo *ri, uint from, int n)
{
    struct region *r;
    int i = 0;

    as_lock(as);
    for (r = as->regions; r; r = r->next) {
        if (r->start < from)
            continue;
        if (i < n)
            fill_region(as, r, &ri[i]);
        i++;
    }
    as_unlock(as);
    return i;
}

int
sys_regions(const uint *a)
{
    struct regioninfo some[BATCH];
    struct aspace *as;
    int want = a[2], done = 0, left, take, err = 0;
    uint from = 0;

    if (want < 0)
        return -EINVAL;
    if ((as = space_of(a[0])) == 0)
        return is_kthread(a[0]) ? 0 : -ESRCH;
    do {
        take = MIN(want - done, BATCH);
        left = some_regions(as, some, from, take);
        take = MIN(take, left);
        if (take > 0) {
            err = copyout(a[1] + done * sizeof some[0], some,
                          take * sizeof some[0]);
            from = some[take - 1].end;
        }
        done += take;
        left -= take;
    } while (err == 0 && left > 0 && done < want);
    as_put(as);
    return err < 0 ? err : done + left;
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
    return copyout(a[0], &s, sizeof s);
}

int
sys_vmctl(const uint *a)
{
    int old;

    if (a[0] >= NVMKNOB || (int)a[1] < -1)
        return -EINVAL;
    old = vm_knob[a[0]];
    if ((int)a[1] >= 0)
        vm_knob[a[0]] = a[1];
    return old;
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
