// oomdemo.c: a process grows until memory and swap are used up.
//
// The kernel kills the process that has the most pages. All others go on; here
// that is the parent, which tells.

#include "demo.h"

const char help[] = "oomdemo [-s]\n"
    "Grow until memory and swap are used up, and be killed (-s: slowly).";

#define PARTS    8                  // steps on the way
#define MOSTPAGES (1u << 18)        // of memory and swap: 1 GB
#define SURVIVED 3                  // the child's status

static uint
pages_there_are(void)
{
    struct sysinfo si;

    if (sysinfo(&si) < 0)
        err(1, "sysinfo");
    return si.frames + si.slots;
}

// A region larger than all memory is no error: it is the pages that cost.
static void
grow(uint n)
{
    struct procinfo me;
    char *p = demo_pages(n);
    uint i, part = 1;

    step("child:  has a region of %u pages and touches them", n);
    for (i = 0; i < n; i++) {
        p[i * PGSIZE] = 1;
        if (i < n / PARTS * part)
            continue;
        if (myself(&me) < 0)
            err(1, "procs");
        step("child:  %u in memory, %u in swap", me.resident, me.swapped);
        part++;
    }
    exit(SURVIVED);
}

int
main(int argc, char **argv)
{
    uint n = pages_there_are();
    struct sysinfo si;
    int pid, status;

    demo_start(argc, argv, 0);
    if (n >= MOSTPAGES)
        errx(1, "there is too much memory and swap for one process: "
             "start with less than 1 GB");
    step("parent: %u pages of memory and swap; forks", n);
    if ((pid = fork()) < 0)
        err(1, "fork");
    if (pid == 0)
        grow(n);
    status = demo_wait(pid);
    if (!WIFSIGNALED(status))
        errx(1, "the child was not killed; its status is %d",
             exitcode(status));
    step("parent: the kernel has killed pid %d; its memory is free again", pid);
    sysinfo(&si);
    step("parent: %u frames and %u slots are free", si.free, si.slotsfree);
    return 0;
}
