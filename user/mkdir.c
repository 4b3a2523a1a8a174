// mkdir.c: makes directories; -p also those on the way, and does not mind
// what exists.

#include "paths.h"

const char help[] =
    "mkdir [-p] directory...\n"
    "Make directories.\n"
    "  -p  those on the way, too; a directory that exists is no mistake";

static int
make(const char *path)
{
    int why;

    if (mkdir(path) == 0)
        return 0;
    why = errno;
    if (why == EEXIST && isdir(path))
        return 0;
    errno = why;
    return -1;
}

// Makes each prefix of path that ends before a slash, then path.
static int
makeall(char *path)
{
    char *s;

    for (s = path + 1; (s = strchr(s, '/')) != 0; s++) {
        *s = 0;
        if (make(path) < 0)
            return -1;
        *s = '/';
    }
    return make(path);
}

int
main(int argc, char **argv)
{
    int parents = 0, status = 0, c, result;

    while ((c = getopt(argc, argv, "p")) != -1) {
        if (c != 'p')
            usage(0);
        parents = 1;
    }
    if (optind == argc)
        usage(0);
    for (; optind < argc; optind++) {
        if (parents && argv[optind][0])
            result = makeall(argv[optind]);
        else
            result = mkdir(argv[optind]);
        if (result < 0) {
            warn("%s", argv[optind]);
            status = 1;
        }
    }
    return status;
}
