// ut_review.c: cases that a reading of the kernel's core led to: each shows
// a defect that it had.

#include "user.h"
#include "ut.h"

#define RW    (PROT_READ | PROT_WRITE)
#define ANON  (MAP_PRIVATE | MAP_ANONYMOUS)

// --- arguments -----------------------------------------------------------

// The kernel remembers where the last arguments lay. A stack pointer must not
// be taken for near the address that stands for "nowhere".
static void
args_at_the_top_of_the_world(int arg)
{
    uint esp;
    char *p;

    (void)arg;
    for (esp = 0xffffe000; esp >= 0xffffe000; esp += 0x84) {
        p = ut_map(1, RW, ANON, -1, 0);
        *p = 1;
        must(munmap(p, PGSIZE));        // forgets what was remembered
        gives(ut_call_on_stack(esp, SYS_close), -EFAULT);
    }
}

static void
trap_stack_pointer_at_the_top(void)
{
    int pid = fork(), r;

    if (pid == 0) {                     // a space that remembers nothing
        r = ut_call_on_stack(0xfffff100, SYS_close);
        exit(r == -EFAULT ? 0 : 1);
    }
    gives(ut_wait(must(pid)), 0);
    gives(ut_run(args_at_the_top_of_the_world, 0), 0);
}

// --- the heap's regions --------------------------------------------------

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

// --- floating point ------------------------------------------------------

// What FNSAVE stores, on any CPU: 28 bytes of environment, eight registers.
struct fsave {
    uchar env[28], reg[80];
};

static void
fill_fpu(int arg)
{
    struct fsave f;

    (void)arg;
    asm volatile("fninit; fldpi; fldpi; fldpi; fldpi; fldpi; fldpi; fldpi;"
                 "fldpi");
    sleep(1);                           // and they are saved
    asm volatile("fnsave %0" : "=m"(f));
    check(f.reg[0] != 0);
}

static void
find_fpu_empty(int arg)
{
    struct fsave f;
    uint i;

    (void)arg;
    asm volatile("fnsave %0" : "=m"(f));
    for (i = 0; i < sizeof f.reg; i++)
        check(f.reg[i] == 0);
}

static void
fpu_registers_are_not_inherited(void)
{
    int i;

    for (i = 0; i < 8; i++) {
        gives(ut_run(fill_fpu, 0), 0);
        gives(ut_run(find_fpu_empty, 0), 0);
    }
}

const struct utcase ut_review[] = {
    CASE(trap_stack_pointer_at_the_top, QUICK),
    CASE(heap_joined_when_empty_is_freed, QUICK),
    CASE(heap_stops_at_mapping_at_the_break, QUICK),
    CASE(fpu_registers_are_not_inherited, QUICK),
    ENDCASES
};
