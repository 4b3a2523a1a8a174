// mapdemo.c: two processes map one file, and what one writes the other reads.
//
// There is one frame for a page of a file, the one that caches its block:
// both page tables name it, and read() finds the same bytes there before
// anything has gone to the disk.

#include "demo.h"

const char help[] = "mapdemo [-s]\n"
    "Have two processes share a mapped file (-s: slowly).";

#define NAME "mapdemo.tmp"
#define TEXT "written by the parent"

static int parent, child;
static volatile char *map;

static void
map_file(void)
{
    int fd = open(NAME, O_RDWR);

    map = mmap(0, PGSIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (map == MAP_FAILED)
        err(1, "mmap " NAME);
    close(fd);
}

static void
show_both(void)
{
    show_entry("parent:", parent, (void *)map);
    show_entry("child: ", child, (void *)map);
}

static void
run_child(void)
{
    child = getpid();
    step("child:  maps the file, too");
    map_file();
    show_both();
    step("child:  reads \"%s\"", (char *)map);
    show_both();
    step("child:  writes over its first letter, and ends");
    map[0] = 'W';
    exit(0);
}

// The file's first bytes, by read().
static void
read_file(char *text, uint n)
{
    int fd = open(NAME, O_RDONLY);

    if (fd < 0 || read(fd, text, n) != (int)n)
        err(1, "read " NAME);
    close(fd);
}

static void
make_file(void)
{
    int fd = open(NAME, O_RDWR | O_CREATE | O_TRUNC);

    if (fd < 0 || ftruncate(fd, PGSIZE) < 0)
        err(1, NAME);
    close(fd);
}

int
main(int argc, char **argv)
{
    char text[sizeof(TEXT)];
    int status;

    demo_start(argc, argv, 0);
    parent = getpid();
    make_file();
    step("parent: is pid %d and forks", parent);
    if ((child = demo_fork()) == 0)
        run_child();
    step("parent: maps a file of one page");
    map_file();
    show_entry("parent:", parent, (void *)map);
    step("parent: writes \"" TEXT "\"");
    strcpy((char *)map, TEXT);
    show_entry("parent:", parent, (void *)map);
    demo_pass();
    status = exitcode(demo_wait(child));
    step("parent: reads \"%s\" in its memory", (char *)map);
    read_file(text, sizeof(text));
    step("parent: reads \"%s\" in the file", text);
    step("parent: writes the page to the disk");
    if (msync((void *)map, PGSIZE, MS_SYNC) < 0)
        err(1, "msync");
    show_entry("parent:", parent, (void *)map);
    unlink(NAME);
    return status;
}
