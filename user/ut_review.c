// ut_review.c: cases that a reading of the kernel's core led to: each shows
// a defect that it had.

#include "user.h"
#include "ut.h"

#define RW    (PROT_READ | PROT_WRITE)
#define ANON  (MAP_PRIVATE | MAP_ANONYMOUS)

// --- arguments -----------------------------------------------------------

static int
call_on_stack(uint esp, int call)
{
    int r;

    asm volatile("movl %%esp, %%ebx; movl %1, %%esp; int $65;"
                 "movl %%ebx, %%esp"
                 : "=a"(r) : "r"(esp), "0"(call) : "ebx", "memory");
    return r;
}

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
        gives(call_on_stack(esp, SYS_close), -EFAULT);
    }
}

static void
trap_stack_pointer_at_the_top(void)
{
    int pid = fork(), r;

    if (pid == 0) {                     // a space that remembers nothing
        r = call_on_stack(0xfffff100, SYS_close);
        exit(r == -EFAULT ? 0 : 1);
    }
    gives(ut_wait(must(pid)), 0);
    gives(ut_run(args_at_the_top_of_the_world, 0), 0);
}

const struct utcase ut_review[] = {
    CASE(trap_stack_pointer_at_the_top, QUICK),
    ENDCASES
};
