// pagetable.c: prints a process's page table on the console, by the kernel:
// page number, user, writable, frame number of every page that is present.
//
//     pagetable [pid]

#include "user.h"

const char help[] = "pagetable [pid]\n"
    "Print a process's page table on the console.";

int
main(int argc, char **argv)
{
    int pid;

    if (argc > 2)
        usage(NULL);
    if (argc == 2 && strcmp(argv[1], "--help") == 0)
        getopt(argc, argv, "");
    pid = argc > 1 ? number(argv[1], 0, INT_MAX) : getpid();
    if (dumppagetable(pid) < 0)
        err(1, "%d", pid);
    return 0;
}
