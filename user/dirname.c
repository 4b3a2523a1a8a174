// dirname.c: paths without their last parts.

#include "input.h"

const char help[] =
    "dirname path...\n"
    "Write each path without its last part; . where there is no other.";

static void
show(const char *path)
{
    uint n = strlen(path);

    while (n > 1 && path[n - 1] == '/')
        n--;
    while (n > 0 && path[n - 1] != '/')
        n--;
    while (n > 1 && path[n - 1] == '/')
        n--;
    if (n == 0)
        outputline(".", 1);
    else
        outputline(path, n);
}

int
main(int argc, char **argv)
{
    if (getopt(argc, argv, "") != -1 || optind == argc)
        usage(0);
    for (; optind < argc; optind++)
        show(argv[optind]);
    return finish(0);
}
