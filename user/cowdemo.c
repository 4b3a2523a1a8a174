// cowdemo.c: what happens to one page when its process forks and both write.
//
// Fork gives the child no copy: both page tables name the same frame, and it
// is read-only in both. The first to write gets a copy; the other one is then
// the only owner, and may have the frame as it is.

#include "demo.h"

const char help[] = "cowdemo [-s]\n"
    "Show what happens to one page on fork and write (-s: slowly).";

static volatile char *page;
static int parent, child;

static void
show_both(void)
{
    uint p = entry_of_pid(parent, (void *)page);
    uint c = entry_of_pid(child, (void *)page);

    show_entry("parent:", parent, (void *)page);
    show_entry("child: ", child, (void *)page);
    step(p >> PGSHIFT == c >> PGSHIFT ? "        one frame, two owners" :
         "        two frames: each has its own");
}

static void
run_child(void)
{
    step("child:  writes 'C'");
    *page = 'C';
    demo_pass();
    step("child:  reads '%c'", *page);
    exit(0);
}

int
main(int argc, char **argv)
{
    demo_start(argc, argv, 0);
    parent = getpid();
    page = demo_pages(1);
    step("parent: pid %d asks for a page of memory, at 0x%x", parent,
         (uint)page);
    show_entry("parent:", parent, (void *)page);
    step("parent: writes 'P'");
    *page = 'P';
    show_entry("parent:", parent, (void *)page);
    step("parent: forks");
    if ((child = demo_fork()) == 0)
        run_child();
    show_both();
    if (!demo_pass())
        errx(1, "the child has died");
    show_both();
    step("parent: writes 'Q'");
    *page = 'Q';
    show_both();
    step("parent: reads '%c'", *page);
    demo_pass();
    return exitcode(demo_wait(child));
}
