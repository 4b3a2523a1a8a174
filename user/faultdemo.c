// faultdemo.c: page faults that one process has, one by one.
//
// A region is a promise only: a frame comes when its page is touched, or,
// for a page of a file, the frame that caches it. What no region promises
// is not there, and who touches it is killed; that is left to a child.

#include "demo.h"

const char help[] = "faultdemo [-s]\n"
    "Show the page faults of one process, one by one (-s: slowly).";

#define NAME "/README"

static volatile char *volatile nowhere;     // address 0: no region has it

static const char *
map_file(void)
{
    int fd = open(NAME, O_RDONLY);
    char *p;

    p = mmap(0, PGSIZE, PROT_READ, MAP_PRIVATE, fd, 0);
    if (p == MAP_FAILED)
        err(1, "mmap " NAME);
    close(fd);
    return p;
}

static void
show(const char *which, const volatile void *page)
{
    show_entry(which, getpid(), (void *)page);
}

// Two pages that only a region promises.
static void
touch_memory(void)
{
    volatile char *page = demo_pages(2);

    step("pid %d asks for 2 pages of memory, at 0x%x", getpid(), (uint)page);
    show("page 0:", page);
    step("reads page 0");
    step("and has read %d", page[0]);
    show("page 0:", page);
    step("writes to page 1");
    page[PGSIZE] = 'x';
    show("page 1:", page + PGSIZE);
}

static void
touch_file(void)
{
    const volatile char *text = map_file();

    step("maps the file README, at 0x%x", (uint)text);
    show("README:", text);
    step("reads its first letter");
    step("and has read '%c'", text[0]);
    show("README:", text);
}

static void
touch_nothing(void)
{
    int pid, status;

    step("has a child that reads address 0, where it has no region");
    if ((pid = fork()) < 0)
        err(1, "fork");
    if (pid == 0)
        exit(*nowhere);
    status = demo_wait(pid);
    if (!WIFSIGNALED(status))
        errx(1, "the child was not killed; its status is %d",
             exitcode(status));
    step("the kernel has killed it");
}

int
main(int argc, char **argv)
{
    demo_start(argc, argv, 0);
    touch_memory();
    touch_file();
    touch_nothing();
    return 0;
}
