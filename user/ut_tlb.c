// ut_tlb.c: cases about stale translations: what has been taken away is
// gone at once, on whichever CPU the process goes on.
//
// With several CPUs the cases run more processes than there are CPUs, and
// sleep in between, so that processes move.

#include "user.h"
#include "ut.h"

#define RW   (PROT_READ | PROT_WRITE)
#define ANON (MAP_PRIVATE | MAP_ANONYMOUS)

static char *map;

static uint
ncpu(void)
{
    struct sysinfo si;

    must(sysinfo(&si));
    return si.ncpu;
}

// Run fn in two processes more than there are CPUs.
static void
crowd(void (*fn)(int))
{
    uint i, n = ncpu() + 2;

    for (i = 0; i < n; i++)
        ut_fork(fn, i + 1);
    ut_join(n);
}

static void
move(int i)
{
    if (i % 3 == 0)
        sleep(i & 1);
}

// --- after a change, in the same process ---------------------------------

static void
use_after_munmap(int sleeps)
{
    char *p = ut_map(1, RW, ANON, -1, 0);

    p[0] = 1;
    must(munmap(p, PGSIZE));
    if (sleeps)
        sleep(1);
    (void)*(volatile char *)p;
}

static void
tlb_munmap_is_seen(void)
{
    int i;

    for (i = 0; i < 10; i++)
        gives(ut_run(use_after_munmap, i & 1), 11);
}

static void
use_after_shrink(int arg)
{
    char *p = ut_pages(1);

    (void)arg;
    p[0] = 1;
    must(sbrk(-PGSIZE));
    (void)*(volatile char *)p;
}

static void
tlb_shrink_is_seen(void)
{
    gives(ut_run(use_after_shrink, 0), 11);
}

static void
write_after_mprotect(int arg)
{
    (void)arg;
    map[0] = 1;
    must(mprotect(map, PGSIZE, PROT_READ));
    check(map[0] == 1);
    *(volatile char *)map = 2;
}

static void
read_after_mprotect(int arg)
{
    (void)arg;
    map[0] = 1;
    must(mprotect(map, PGSIZE, PROT_NONE));
    (void)*(volatile char *)map;
}

static void
tlb_mprotect_is_seen(void)
{
    map = ut_map(1, RW, ANON, -1, 0);
    gives(ut_run(write_after_mprotect, 0), 11);
    gives(ut_run(read_after_mprotect, 0), 11);
    must(munmap(map, PGSIZE));
}

// --- remapping at one address --------------------------------------------

static void
remap(int seed)
{
    char *at = (char *)0x40000000;
    int i;

    for (i = 0; i < 150; i++) {
        check(mmap(at, 2 * PGSIZE, RW, ANON, -1, 0) == at);
        check(at[0] == 0 && at[PGSIZE] == 0);
        at[0] = at[PGSIZE] = seed + i;
        move(i);
        check(at[0] == (char)(seed + i));
        must(munmap(at, 2 * PGSIZE));
        move(i + 1);
    }
}

static void
tlb_remapped_page_is_new(void)
{
    crowd(remap);
}

static void
shrink_and_grow(int seed)
{
    char *p;
    int i;

    for (i = 0; i < 150; i++) {
        p = ut_pages(3);
        check(ut_sum(p, 3) == 0);
        ut_touch(p, 3, seed);
        move(i);
        check(ut_sum(p, 3) == 3 * (uint)seed);
        must(sbrk(-3 * PGSIZE));
    }
}

static void
tlb_regrown_heap_is_zero(void)
{
    crowd(shrink_and_grow);
}

// Two files take turns at one address; the contents must, too.
static void
alternate(int seed)
{
    char name[2][8], *at = (char *)0x50000000;
    int fd[2], i;

    for (i = 0; i < 2; i++) {
        snprintf(name[i], 8, "t%d.%d", seed, i);
        ut_put(name[i], PGSIZE, seed + i);
        fd[i] = must(open(name[i], O_RDWR));
    }
    for (i = 0; i < 60; i++) {
        check(mmap(at, PGSIZE, RW, MAP_SHARED | MAP_FIXED, fd[i & 1], 0) ==
              at);
        ut_verify(at, 64, seed + (i & 1), 0);
        at[0] = at[0];
        move(i);
    }
    must(munmap(at, PGSIZE));
    for (i = 0; i < 2; i++) {
        must(close(fd[i]));
        ut_same(name[i], PGSIZE, seed + i);
        must(unlink(name[i]));
    }
}

static void
tlb_map_fixed_replaces_at_once(void)
{
    crowd(alternate);
}

// --- copy-on-write -------------------------------------------------------

static void
keeps_first(int value)
{
    int i;

    for (i = 0; i < 8; i++)
        check(map[i * PGSIZE] == (char)value);
}

// In older kernels the parent went on writing through its old, writable
// translation after fork.
static void
fork_and_write(int seed)
{
    int i, k, pid;

    map = ut_pages(8);
    for (i = 0; i < 25; i++) {
        ut_touch(map, 8, seed + i);
        if ((pid = must(fork())) == 0) {
            keeps_first(seed + i);
            sleep(i & 1);
            keeps_first(seed + i);
            exit(0);
        }
        for (k = 0; k < 8; k++)
            map[k * PGSIZE] = 99;
        gives(ut_wait(pid), 0);
        check(ut_sum(map, 8) == 8 * 99);
    }
}

static void
tlb_fork_is_seen(void)
{
    crowd(fork_and_write);
}

// --- frames go round ------------------------------------------------------

static void
fill_and_free(int seed)
{
    uint round, i, n = 32;
    char *p;

    for (round = 0; round < 25; round++) {
        p = ut_pages(n);
        for (i = 0; i < n; i++) {
            check(*(uint *)(p + i * PGSIZE + 512) == 0);
            *(uint *)(p + i * PGSIZE + 512) = seed << 16 | i;
        }
        move(round);
        for (i = 0; i < n; i++)
            check(*(uint *)(p + i * PGSIZE + 512) == ((uint)seed << 16 | i));
        must(sbrk(-n * PGSIZE));
    }
}

// What one process frees another gets: neither sees the other's writes.
static void
tlb_freed_frames_are_nobodys(void)
{
    crowd(fill_and_free);
}

static void
fork_exec_exit(int arg)
{
    char *argv[] = { UTX, "exit", "3", 0 };
    int i, pid;

    for (i = 0; i < 12; i++) {
        if ((pid = must(fork())) == 0) {
            exec(UTX, argv);
            exit(arg);
        }
        gives(ut_wait(pid), 3 << 8);
    }
}

// Directories come and go while other CPUs idle on them.
static void
tlb_directories_come_and_go(void)
{
    crowd(fork_exec_exit);
}

// Kernel stacks are unmapped in batches: more than are kept, and again.
static void
just_waits(int fd)
{
    char c;

    read(fd, &c, 1);
}

static void
tlb_kernel_stacks_come_and_go(void)
{
    int round, i, fd[2];

    for (round = 0; round < 4; round++) {
        must(pipe(fd));
        for (i = 0; i < 60; i++)
            ut_fork(just_waits, fd[0]);
        for (i = 0; i < 60; i++)
            ut_write(fd[1], "x", 1);
        ut_join(60);
        must(close(fd[0]));
        must(close(fd[1]));
    }
}

// A page made writable again after being shared: the fault is spurious, or
// none, on a CPU that remembers the old rights, never an error.
static void
ping(int seed)
{
    int i, pid;

    map = ut_pages(4);
    for (i = 0; i < 20; i++) {
        ut_touch(map, 4, seed);
        if ((pid = must(fork())) == 0)
            exit(0);
        gives(ut_wait(pid), 0);
        move(i);
        ut_touch(map, 4, seed + 1);
        check(ut_sum(map, 4) == 4u * (uint)(seed + 1));
    }
}

static void
tlb_upgrade_needs_no_flush(void)
{
    crowd(ping);
}

const struct utcase ut_tlb[] = {
    CASE(tlb_munmap_is_seen, QUICK),
    CASE(tlb_shrink_is_seen, QUICK),
    CASE(tlb_mprotect_is_seen, QUICK),
    CASE(tlb_remapped_page_is_new, QUICK),
    CASE(tlb_regrown_heap_is_zero, QUICK),
    CASE(tlb_map_fixed_replaces_at_once, QUICK),
    CASE(tlb_fork_is_seen, QUICK),
    CASE(tlb_freed_frames_are_nobodys, QUICK),
    CASE(tlb_directories_come_and_go, QUICK),
    CASE(tlb_kernel_stacks_come_and_go, QUICK),
    CASE(tlb_upgrade_needs_no_flush, QUICK),
    ENDCASES
};
