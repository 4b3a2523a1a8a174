// ut_stack.c: cases about the stack on demand and what lies below it.
//
// Unlike Pintos there is no rule about the stack pointer: the stack is a
// region of USTACKMAX from the start, and any access in it is good.

#include "user.h"
#include "ut.h"

#define USTACKMAX (1 << 20)
#define USTACKGAP (1 << 20)
#define KB        1024

static struct regioninfo *
stack_region(void)
{
    int here = 0;

    return ut_region(&here);
}

// Touch `n` bytes of a local array at every step.
static void
use_array(int n, int step)
{
    volatile char array[n];
    int i;

    for (i = 0; i < n; i += step)
        array[i] = 1;
    check(array[0] == 1);
}

// A 128 KB array touched every 16 KB costs 8 frames. The frame of
// use_array() itself lies in a ninth page or in the array's last.
static void
stack_array_costs_8_frames(void)
{
    uint frames, before;

    ut_mark();
    before = stack_region()->resident;
    frames = ut_frames();
    use_array(128 * KB, 16 * KB);
    check(ut_faults(ZERO) == 8 || ut_faults(ZERO) == 9);
    check(ut_frames() - frames == ut_faults(ZERO));
    check(stack_region()->resident - before == ut_faults(ZERO));
    ut_faulted(ut_faults(ZERO), 0, 0, 0);
}

static void
stack_big_object(void)
{
    use_array(64 * KB, 1);
    use_array(900 * KB, PGSIZE);
}

static int
recurse(int depth)
{
    volatile char room[1000];

    room[0] = depth;
    return depth == 0 ? 0 : recurse(depth - 1) + room[0] - (char)depth + 1;
}

static void
stack_deep_recursion(void)
{
    gives(recurse(800), 800);
}

// Far below the stack pointer is still the stack.
static void
stack_far_below_the_pointer(void)
{
    volatile char *p = (char *)stack_region()->start;

    ut_mark();
    p[0] = 1;
    p[USTACKMAX / 2] = 1;
    ut_faulted(2, 0, 0, 0);
}

static void
stack_is_ustackmax(void)
{
    struct regioninfo *r = stack_region();

    check(r->end - r->start == USTACKMAX);
    check(r->kind == R_STACK);
    check(r->prot == (PROT_READ | PROT_WRITE));
    check(ut_region((char *)r->start - 1) == 0);
    check(ut_region((char *)r->start - USTACKGAP) == 0);
}

static void
stack_guard_kills(void)
{
    char *start = (char *)stack_region()->start;

    check(ut_write_kills(start - 1));
    check(ut_read_kills(start - 1));
    check(ut_write_kills(start - PGSIZE));
    check(ut_write_kills(start - 20 * KB));
    check(ut_write_kills(start - USTACKGAP));
}

static void
recurse_for_ever(int arg)
{
    recurse(arg);
}

// Beyond the limit that process dies, alone.
static void
stack_overflow_kills(void)
{
    gives(ut_run(recurse_for_ever, 1 << 20), 11);
}

// The first touch comes from inside a system call.
static void
stack_grown_by_read(void)
{
    char *p = (char *)stack_region()->start + 8 * PGSIZE;
    int fd[2];

    must(pipe(fd));
    ut_mark();
    ut_write(fd[1], "hello", 5);
    gives(read(fd[0], p - 2, 5), 5);
    ut_faulted(2, 0, 0, 0);
    check(memcmp(p - 2, "hello", 5) == 0);
    must(close(fd[0]));
    must(close(fd[1]));
}

static void
stack_buffer_in_the_guard_fails(void)
{
    char *start = (char *)stack_region()->start;
    int fd[2];

    must(pipe(fd));
    ut_write(fd[1], "hello", 5);
    fails(read(fd[0], start - 3, 2), EFAULT);
    fails(write(fd[1], start - 1, 1), EFAULT);
    fails(pipe((int *)(start - 4)), EFAULT);
    gives(read(fd[0], ut_buf, 5), 5);
    must(close(fd[0]));
    must(close(fd[1]));
}

static void
child_uses_stack(int arg)
{
    (void)arg;
    use_array(200 * KB, PGSIZE);
}

// What a child's stack grew by ends with it.
static void
stack_of_a_child_is_its_own(void)
{
    uint before = stack_region()->resident, frames = ut_frames();

    gives(ut_run(child_uses_stack, 0), 0);
    check(stack_region()->resident == before);
    gives(ut_frames(), frames);
}

const struct utcase ut_stack[] = {
    CASE(stack_array_costs_8_frames, QUICK),
    CASE(stack_big_object, QUICK),
    CASE(stack_deep_recursion, QUICK),
    CASE(stack_far_below_the_pointer, QUICK),
    CASE(stack_is_ustackmax, QUICK),
    CASE(stack_guard_kills, QUICK),
    CASE(stack_overflow_kills, QUICK),
    CASE(stack_grown_by_read, QUICK),
    CASE(stack_buffer_in_the_guard_fails, QUICK),
    CASE(stack_of_a_child_is_its_own, QUICK),
    ENDCASES
};
