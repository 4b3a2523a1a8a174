// sync.c: brings all that was written to the disk.

#include "user.h"

const char help[] = "sync\n"
    "Bring all that was written to the disk.";

int
main(int argc, char **argv)
{
    if (getopt(argc, argv, "") != -1 || optind < argc)
        usage(NULL);
    if (sync() < 0)
        err(1, "sync");
    return 0;
}
