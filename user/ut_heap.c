// ut_heap.c: cases about the heap and bss on demand: memory exists only
// where it has been touched.

#include "user.h"
#include "ut.h"

#define MB (1 << 20)
#define RW   (PROT_READ | PROT_WRITE)
#define ANON (MAP_PRIVATE | MAP_ANONYMOUS)

// sbrk allocates nothing, the first touch one zeroed frame.
static void
heap_costs_what_is_touched(void)
{
    uint frames = ut_frames();
    char *p;

    ut_mark();
    frames = ut_frames();
    p = ut_pages(64);
    ut_faulted(0, 0, 0, 0);
    gives(ut_frames(), frames);
    ut_touch(p, 16, 7);
    ut_faulted(16, 0, 0, 0);
    gives(ut_frames(), frames + 16);
    ut_touch(p, 16, 8);                 // again: no fault
    ut_faulted(16, 0, 0, 0);
    gives(ut_region(p)->resident, 16);
}

static void
heap_read_costs_a_frame_too(void)
{
    uint frames;
    char *p;

    ut_mark();
    p = ut_pages(8);
    frames = ut_frames();
    check(ut_sum(p, 8) == 0);
    ut_touch(p, 8, 1);                  // writable at once: no second fault
    ut_faulted(8, 0, 0, 0);
    gives(ut_frames(), frames + 8);
}

static void
heap_page_is_zero(void)
{
    char *p;
    int i, round;

    for (round = 0; round < 3; round++) {
        p = ut_pages(32);
        for (i = 0; i < 32 * PGSIZE; i++)
            check(p[i] == 0);
        memset(p, 0xee, 32 * PGSIZE);
        check(sbrk(-32 * PGSIZE) != (void *)-1);
    }
}

// Shrinking frees frames at once.
static void
heap_shrink_frees_at_once(void)
{
    uint frames;
    char *p;

    ut_mark();
    p = ut_pages(64);
    frames = ut_frames();
    ut_touch(p, 64, 1);
    gives(ut_frames(), frames + 64);
    check(sbrk(-32 * PGSIZE) != (void *)-1);
    gives(ut_frames(), frames + 32);
    check(ut_sum(p, 32) == 32);
    check(ut_read_kills(p + 32 * PGSIZE));
    check(sbrk(32 * PGSIZE) == p + 32 * PGSIZE);
    gives(ut_frames(), frames + 32);
    check(ut_sum(p, 64) == 32);
}

// 1 GB of heap, whatever the machine has; each end and the middle touched.
static void
heap_of_a_gigabyte(void)
{
    char *p;
    uint frames;

    ut_mark();
    frames = ut_frames();
    p = ut_pages(1024 * MB / PGSIZE);
    p[0] = p[512 * MB] = p[1024 * MB - 1] = 1;
    ut_faulted(3, 0, 0, 0);
    gives(ut_frames(), frames + 3);
    check(sbrk(-1024 * MB) != (void *)-1);
    gives(ut_frames(), frames);
}

// To the address space's very end, and not a byte more.
static void
heap_up_to_the_kernel(void)
{
    uint start = (uint)sbrk(0);
    char *p = sbrk(0x80000000 - start);

    check(p == (char *)start);
    *(volatile char *)0x7fffffff = 1;
    check((uint)sbrk(0) == 0x80000000);
    fails(sbrk(1), ENOMEM);
    check(sbrk(-(0x80000000 - start)) != (void *)-1);
    check((uint)sbrk(0) == start);
}

static void
heap_does_not_grow_into_a_mapping(void)
{
    char *p = ut_pages(1);
    void *m;

    m = mmap(p + 4 * PGSIZE, PGSIZE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS,
             -1, 0);
    check(m == p + 4 * PGSIZE);
    check(sbrk(3 * PGSIZE) == p + PGSIZE);
    fails(sbrk(1), ENOMEM);
    fails(sbrk(100 * PGSIZE), ENOMEM);
    check(sbrk(0) == p + 4 * PGSIZE);
    must(munmap(m, PGSIZE));
    check(sbrk(PGSIZE) == p + 4 * PGSIZE);
    p[4 * PGSIZE] = 1;
}

// Touches all that it is given until sbrk refuses.
static void
touch_until_refused(int arg)
{
    uint step = 64, n = 0;
    char *p;

    (void)arg;
    while ((p = sbrk(step * PGSIZE)) != (void *)-1) {
        ut_touch(p, step, 1);
        n += step;
    }
    check(errno == ENOMEM);
    check(n > 1000);
}

// A program that allocates until refusal is refused, not killed.
static void
heap_refused_not_killed(void)
{
    gives(ut_run(touch_until_refused, 0), 0);
    gives(ut_run(touch_until_refused, 0), 0);
}

static void
touch_half(int frames)
{
    uint n = frames / 2;
    char *p = ut_pages(n);

    ut_touch(p, n, 1);
    check(ut_sum(p, n) == n);
}

// What ended processes had is there for the next ones: five times half of
// memory.
static void
heap_children_in_turn(void)
{
    struct sysinfo si;
    int i;

    must(sysinfo(&si));
    for (i = 0; i < 5; i++)
        gives(ut_run(touch_half, si.free), 0);
}

static void
touch_200mb(int arg)
{
    char *p = ut_pages(200 * MB / PGSIZE);

    ut_touch(p, 200 * MB / PGSIZE, arg);
}

// 5 children in turn touch 200 MB each on 224 MB.
static void
heap_five_times_200mb(void)
{
    int i;

    if (!ut_needs(208))
        return;
    for (i = 1; i <= 5; i++)
        gives(ut_run(touch_200mb, i), 0);
}

// A child's shrinking leaves its parent's heap alone.
static void
shrink_shared(int p)
{
    check(ut_sum((char *)p, 16) == 16);
    check(sbrk(-16 * PGSIZE) != (void *)-1);
    check(sbrk(16 * PGSIZE) == (char *)p);
    check(ut_sum((char *)p, 16) == 0);
}

static void
heap_shrinks_in_child_only(void)
{
    char *p = ut_pages(16);
    uint frames;

    ut_touch(p, 16, 1);
    frames = ut_frames();
    gives(ut_run(shrink_shared, (int)p), 0);
    check(ut_sum(p, 16) == 16);
    gives(ut_frames(), frames);
}

// The kernel's first touch counts like the program's.
static void
heap_first_touched_by_read(void)
{
    int fd[2];
    char *p;

    must(pipe(fd));
    ut_mark();
    p = ut_pages(3);
    ut_write(fd[1], "0123456789", 10);
    gives(read(fd[0], p + PGSIZE - 5, 10), 10);
    ut_faulted(2, 0, 0, 0);
    check(memcmp(p + PGSIZE - 5, "0123456789", 10) == 0);
    gives(write(fd[1], p + 2 * PGSIZE, 100), 100);
    ut_faulted(3, 0, 0, 0);
    gives(read(fd[0], p, 100), 100);
    check(p[0] == 0);
    must(close(fd[0]));
    must(close(fd[1]));
}

// In older kernels copyinstr() did not fault pages in.
static void
untouched_page_as_a_string(void)
{
    char *p;

    ut_mark();
    p = ut_pages(2);
    fails(open(p, O_RDONLY), ENOENT);   // an empty name
    ut_faulted(1, 0, 0, 0);
    p[PGSIZE - 1] = '/';                // "/" and an untouched page
    gives(close(must(open(p + PGSIZE - 1, O_RDONLY))), 0);
    ut_faulted(2, 0, 0, 0);
}

#define PAGES 128

// Pintos page-linear, page-shuffle: all of a range, in and out of order.
static void
heap_linear_access(void)
{
    char *p;

    ut_mark();
    p = ut_pages(PAGES);
    ut_fill(p, PAGES * PGSIZE, 1, 0);
    ut_verify(p, PAGES * PGSIZE, 1, 0);
    ut_faulted(PAGES, 0, 0, 0);
}

static void
heap_shuffled_access(void)
{
    uint i, k;
    char *p;

    ut_mark();
    p = ut_pages(PAGES);
    for (i = 0; i < PAGES; i++) {
        k = i * 37 % PAGES;             // every page once
        ut_fill(p + k * PGSIZE, PGSIZE, 2, k * PGSIZE);
    }
    ut_faulted(PAGES, 0, 0, 0);
    ut_verify(p, PAGES * PGSIZE, 2, 0);
}

static void
linear_child(int seed)
{
    char *p = ut_pages(PAGES);

    ut_fill(p, PAGES * PGSIZE, seed, 0);
    sleep(1);
    ut_verify(p, PAGES * PGSIZE, seed, 0);
}

static void
heap_parallel_access(void)
{
    int i;

    for (i = 0; i < 4; i++)
        ut_fork(linear_child, i);
    ut_join(4);
}

static void
run_program(int path)
{
    char *argv[] = { (char *)path, "bss", 0 };

    exec((char *)path, argv);
    exit(98);
}

// bss has no frames until touched.
static void
bss_costs_what_is_touched(void)
{
    gives(ut_run(run_program, (int)UTX), 0);
}

static void
bss_larger_than_memory(void)
{
    gives(ut_run(run_program, (int)"/utx_bss"), 0);
}

// The heap without any page; its start.
static char *
empty_heap(void)
{
    char *top = ut_pages(1) + PGSIZE;
    char *start = (char *)ut_region(top - 1)->start;

    check(sbrk(start - top) == top);
    return start;
}

// Two parts of the heap, the upper with no page any more, are joined; pages
// that are touched then must still be found at the end.
static void
join_parts(int arg)
{
    char *p = empty_heap();

    (void)arg;
    check(sbrk(3 * PGSIZE) == p);
    p[2 * PGSIZE] = 1;
    must(mprotect(p, PGSIZE, PROT_READ));
    check(sbrk(-PGSIZE) == p + 3 * PGSIZE);
    must(mprotect(p, PGSIZE, RW));
    p[0] = 2;
}

static void
heap_joined_when_empty_is_freed(void)
{
    uint frames = ut_frames();

    gives(ut_run(join_parts, 0), 0);
    gives(ut_frames(), frames);
}

// A mapping made just at the break while the heap has no page: the heap must
// not grow over it.
static void
map_at_break(int arg)
{
    char *start = empty_heap();

    (void)arg;
    check(mmap(start, PGSIZE, RW, ANON, -1, 0) == start);
    *start = 5;
    check(sbrk(PGSIZE) == (void *)-1 && errno == ENOMEM);
    check(sbrk(0) == start && *start == 5);
    must(munmap(start, PGSIZE));
    check(sbrk(PGSIZE) == start && *start == 0);
}

static void
heap_stops_at_mapping_at_the_break(void)
{
    gives(ut_run(map_at_break, 0), 0);
}

const struct utcase ut_heap[] = {
    CASE(heap_costs_what_is_touched, QUICK),
    CASE(heap_read_costs_a_frame_too, QUICK),
    CASE(heap_page_is_zero, QUICK),
    CASE(heap_shrink_frees_at_once, QUICK),
    CASE(heap_of_a_gigabyte, QUICK),
    CASE(heap_up_to_the_kernel, QUICK),
    CASE(heap_does_not_grow_into_a_mapping, QUICK),
    CASE(heap_refused_not_killed, SLOW),
    CASE(heap_children_in_turn, SLOW),
    CASE(heap_five_times_200mb, SLOW),
    CASE(heap_shrinks_in_child_only, QUICK),
    CASE(heap_first_touched_by_read, QUICK),
    CASE(untouched_page_as_a_string, QUICK),
    CASE(heap_linear_access, QUICK),
    CASE(heap_shuffled_access, QUICK),
    CASE(heap_parallel_access, QUICK),
    CASE(bss_costs_what_is_touched, QUICK),
    CASE(bss_larger_than_memory, QUICK),
    CASE(heap_joined_when_empty_is_freed, QUICK),
    CASE(heap_stops_at_mapping_at_the_break, QUICK),
    ENDCASES
};
