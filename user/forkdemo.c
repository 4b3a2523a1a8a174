// forkdemo.c: a process with 8 pages forks, and both write to some of them.
//
// After the fork all are shared. Who writes to a shared page gets a copy of
// it; page 2, to which both write, costs one copy only: the second is by then
// the last owner.

#include "demo.h"

const char help[] = "forkdemo [-s]\n"
    "Fork a process of 8 pages, and have both write to some (-s: slowly).";

#define NPAGES 8
#define WORDS  (PGSIZE / sizeof(uint))
#define OURS   100                  // the parent writes this + the page, and
#define THEIRS 200                  // the child this

static volatile uint *pages;
static int parent, child;

static void
write_pages(uint first, uint last, uint value)
{
    uint i;

    for (i = first; i <= last; i++)
        pages[i * WORDS] = value + i;
}

// Each page is read: one that has been swapped out comes back.
static void
check_pages(uint first, uint last, uint value)
{
    uint i;

    for (i = first; i <= last; i++)
        if (pages[i * WORDS] != value + i)
            errx(1, "page %u has %u, not %u", i, pages[i * WORDS], value + i);
}

static void
count(const char *who)
{
    uint i, shared = 0;
    void *p;

    for (i = 0; i < NPAGES; i++) {
        p = (void *)(pages + i * WORDS);
        shared += entry_of_pid(parent, p) >> PGSHIFT ==
                  entry_of_pid(child, p) >> PGSHIFT;
    }
    step("%s %u pages shared, %u of its own", who, shared, NPAGES - shared);
}

static void
run_child(void)
{
    child = getpid();
    step("child:  is pid %d and has the same 8 pages", child);
    count("child: ");
    step("child:  writes to pages 0, 1 and 2");
    write_pages(0, 2, THEIRS);
    count("child: ");
    demo_pass();
    check_pages(0, 2, THEIRS);
    check_pages(3, NPAGES - 1, OURS);
    step("child:  still reads what it wrote, and ends");
    exit(0);
}

int
main(int argc, char **argv)
{
    demo_start(argc, argv, 0);
    parent = getpid();
    pages = (uint *)demo_pages(NPAGES);
    step("parent: is pid %d and writes to 8 pages", parent);
    write_pages(0, NPAGES - 1, OURS);
    step("parent: forks");
    if ((child = demo_fork()) == 0)
        run_child();
    if (!demo_pass())
        errx(1, "the child has died");
    step("parent: writes to pages 2 and 3");
    write_pages(2, 3, OURS);
    count("parent:");
    demo_pass();
    check_pages(0, NPAGES - 1, OURS);
    step("parent: still reads what it wrote: nobody saw the other's");
    return exitcode(demo_wait(child));
}
