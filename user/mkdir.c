// mkdir.c: makes directories; -p also those on the way, and does not mind
// what exists.

#include "paths.h"

const char help[] =
    "mkdir [-pv] [-m mode] directory...\n"
    "Make directories.\n"
    "  -p  those on the way, too; a directory that exists is no mistake\n"
    "  -v  tell what is made   -m  changes nothing: there are no permissions";

static int verbose;

static int
makeone(const char *path)
{
    if (mkdir(path) < 0)
        return -1;
    if (verbose)
        printf("mkdir: created directory '%s'\n", path);
    return 0;
}

// One that exists is as good.
static int
make(const char *path)
{
    int why;

    if (makeone(path) == 0)
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

    while ((c = getopt(argc, argv, "m:pv")) != -1) {
        switch (c) {
        case 'm': break;
        case 'p': parents = 1; break;
        case 'v': verbose = 1; break;
        default:  usage(0);
        }
    }
    if (optind == argc)
        usage(0);
    for (; optind < argc; optind++) {
        if (parents && argv[optind][0])
            result = makeall(argv[optind]);
        else
            result = makeone(argv[optind]);
        if (result < 0) {
            warn("%s", argv[optind]);
            status = 1;
        }
    }
    return status;
}
