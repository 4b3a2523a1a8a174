// mkdir.c: makes directories; -p also those on the way, and does not mind
// what exists.
//
//     mkdir [-p] directory...

#include "user.h"

static int
exists(const char *path)
{
    struct stat st;
    int why = errno, found;

    found = why == EEXIST && stat(path, &st) == 0 && st.type == T_DIR;
    errno = why;
    return found;
}

// Makes each prefix of path that ends before a slash, then path.
static int
makeall(char *path)
{
    char *s;

    for (s = path + 1; (s = strchr(s, '/')) != 0; s++) {
        *s = 0;
        if (mkdir(path) < 0 && !exists(path))
            return -1;
        *s = '/';
    }
    return mkdir(path) < 0 && !exists(path) ? -1 : 0;
}

int
main(int argc, char **argv)
{
    int parents = 0, status = 0, c, result;

    while ((c = getopt(argc, argv, "p")) != -1) {
        if (c != 'p')
            usage("[-p] directory...");
        parents = 1;
    }
    if (optind == argc)
        usage("[-p] directory...");
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
