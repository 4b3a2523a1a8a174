// rmdir.c: removes empty directories; -p also those that they lie in.

#include "paths.h"

const char help[] =
    "rmdir [-p] directory...\n"
    "Remove empty directories.\n"
    "  -p  also those that the path leads through";

static int
removeone(const char *path)
{
    if (isdir(path))
        return unlink(path);
    if (access(path, F_OK) == 0)
        errno = ENOTDIR;
    return -1;
}

// Cuts the last part of a path off; 0: there is nothing before it.
static int
cutlast(char *path)
{
    uint n = strlen(path);

    while (n > 0 && path[n - 1] == '/')
        n--;
    while (n > 0 && path[n - 1] != '/')
        n--;
    while (n > 0 && path[n - 1] == '/')
        n--;
    path[n] = 0;
    return n > 0;
}

static int
removepath(char *path, int parents)
{
    do {
        if (removeone(path) < 0) {
            warn("%s", path);
            return 1;
        }
    } while (parents && cutlast(path));
    return 0;
}

int
main(int argc, char **argv)
{
    int parents = 0, status = 0, c;

    while ((c = getopt(argc, argv, "p")) != -1) {
        if (c != 'p')
            usage(0);
        parents = 1;
    }
    if (optind == argc)
        usage(0);
    for (; optind < argc; optind++)
        status |= removepath(argv[optind], parents);
    return status;
}
