// ut_switches.c: cases about the switches vm.cow, vm.lazyheap and
// vm.demandload: the results are the same, the counts are not.

#include "user.h"
#include "ut.h"

#define PAGES 16
#define BASE  ((void *)0x1000)

static char *heap;
static int go[2], ready[2];

// Run fn in a child while a switch has this value; then it is as before.
static void
with(int knob, int value, void (*fn)(int), int arg)
{
    int old = must(vmctl(knob, value)), status;

    status = ut_run(fn, arg);
    must(vmctl(knob, old));
    if (status != 0)
        ut_fail("with switch %d = %d: status 0x%x", knob, value, status);
}

static void
vmctl_reads_and_sets(void)
{
    int old, knob;

    for (knob = VM_COW; knob <= VM_DEMANDLOAD; knob++) {
        old = vmctl(knob, -1);
        check(old == 0 || old == 1);
        gives(vmctl(knob, !old), old);
        gives(vmctl(knob, -1), !old);
        gives(vmctl(knob, old), !old);
    }
    fails(vmctl(-1, 0), EINVAL);
    fails(vmctl(NVMKNOB, 0), EINVAL);
    fails(vmctl(VM_COW, -2), EINVAL);
}

// --- vm.lazyheap ---------------------------------------------------------

static void
grows(int lazy)
{
    uint frames;
    char *p;

    ut_mark();
    frames = ut_frames();
    p = ut_pages(PAGES);
    gives(ut_frames(), frames + (lazy ? 0 : PAGES));
    ut_faulted(lazy ? 0 : PAGES, 0, 0, 0);
    check(ut_sum(p, PAGES) == 0);
    ut_touch(p, PAGES, 1);
    ut_faulted(PAGES, 0, 0, 0);
    gives(ut_frames(), frames + PAGES);
}

static void
switch_lazyheap(void)
{
    with(VM_LAZYHEAP, 1, grows, 1);
    with(VM_LAZYHEAP, 0, grows, 0);
}

static void
grows_too_much(int arg)
{
    char *start = sbrk(0);
    uint frames;

    (void)arg;
    ut_mark();
    frames = ut_frames();
    fails(sbrk(0x70000000), ENOMEM);    // 1792 MB
    check(sbrk(0) == start);
    check(ut_frames() <= frames);       // some may have been swept out
    check(ut_read_kills(start + PGSIZE));
}

// With it off, sbrk fails when memory runs out, and gives all back.
static void
switch_lazyheap_out_of_memory(void)
{
    struct sysinfo si;

    must(sysinfo(&si));
    if (si.frames + si.slots < 0x70000000 / PGSIZE)
        with(VM_LAZYHEAP, 0, grows_too_much, 0);
}

// --- vm.cow --------------------------------------------------------------

static void
child_of(int cow)
{
    uint frames;

    ut_mark();
    frames = ut_frames();
    check(ut_sum(heap, PAGES) == PAGES);
    ut_touch(heap, PAGES, 2);
    ut_faulted(0, 0, cow ? PAGES : 0, 0);
    gives(ut_frames(), frames + (cow ? PAGES : 0));
}

static void
forks(int cow)
{
    heap = ut_pages(PAGES);
    ut_touch(heap, PAGES, 1);
    gives(ut_run(child_of, cow), 0);
    check(ut_sum(heap, PAGES) == PAGES);
}

static void
switch_cow(void)
{
    with(VM_COW, 1, forks, 1);
    with(VM_COW, 0, forks, 0);
}

static void
fork_too_much(int n)
{
    int pid;

    heap = ut_pages(n);
    ut_touch(heap, n, 1);
    pid = fork();
    if (pid == 0)
        exit(0);
    check(pid == -1 && errno == ENOMEM);
    check(ut_sum(heap, n) == (uint)n);
}

// With it off, fork fails when memory runs out, and gives all back.
static void
switch_cow_out_of_memory(void)
{
    with(VM_COW, 0, fork_too_much, ut_room() / 3 * 2);
}

// --- vm.demandload -------------------------------------------------------

static uint
whole(const struct regioninfo *r)
{
    return (r->end - r->start) / PGSIZE;
}

static void
loads(int demand)
{
    struct regioninfo *r;
    int pid;

    must(pipe(go));
    must(pipe(ready));
    pid = ut_start_held(go, ready);
    r = ut_region_of(pid, BASE);
    check(r && (r->resident == whole(r)) == !demand);
    r = ut_region_of(pid, (void *)r->end);
    check(r && (r->resident == whole(r)) == !demand);
    must(close(go[1]));
    gives(ut_wait(pid), 0);
}

static void
switch_demandload(void)
{
    with(VM_DEMANDLOAD, 1, loads, 1);
    with(VM_DEMANDLOAD, 0, loads, 0);
    with(VM_DEMANDLOAD, 0, ut_run_utx, (int)"data");
    with(VM_DEMANDLOAD, 0, ut_run_utx, (int)"fpu");
}

// With it off, exec fails when memory runs out.
static void
exec_too_much(int arg)
{
    char *argv[] = { "utx_bss", 0 };

    (void)arg;
    fails(exec("/utx_bss", argv), ENOMEM);
}

static void
switch_demandload_out_of_memory(void)
{
    struct sysinfo si;

    must(sysinfo(&si));
    if (si.frames + si.slots < (64 << 20) / PGSIZE)
        with(VM_DEMANDLOAD, 0, exec_too_much, 0);
    else
        printf("# skipped: needs less than 64 MB with swap\n");
}

// --- all of them off -----------------------------------------------------

static void
everything(int arg)
{
    char *p = ut_pages(8);
    int i;

    (void)arg;
    ut_fill(p, 8 * PGSIZE, 1, 0);
    for (i = 0; i < 3; i++)
        gives(ut_run(ut_run_utx, (int)"data"), 0);
    ut_verify(p, 8 * PGSIZE, 1, 0);
    check(sbrk(-8 * PGSIZE) != (void *)-1);
    p = mmap(0, 4 * PGSIZE, PROT_READ | PROT_WRITE,
             MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    check(p != MAP_FAILED && ut_sum(p, 4) == 0);
    must(munmap(p, 4 * PGSIZE));
}

static void
no_lazyheap(int arg)
{
    with(VM_LAZYHEAP, 0, everything, arg);
}

static void
no_cow(int arg)
{
    with(VM_COW, 0, no_lazyheap, arg);
}

static void
switch_all_off(void)
{
    with(VM_DEMANDLOAD, 0, no_cow, 0);
}

const struct utcase ut_switches[] = {
    CASE(vmctl_reads_and_sets, QUICK),
    CASE(switch_lazyheap, QUICK),
    CASE(switch_lazyheap_out_of_memory, SLOW),
    CASE(switch_cow, QUICK),
    CASE(switch_cow_out_of_memory, SLOW),
    CASE(switch_demandload, QUICK),
    CASE(switch_demandload_out_of_memory, SLOW),
    CASE(switch_all_off, QUICK),
    ENDCASES
};
