// basename.c: names without their directories, and perhaps without a suffix.

#include "input.h"

const char help[] =
    "basename name [suffix]\n"
    "basename -a [-s suffix] name...\n"
    "Write the last part of a path, without the suffix.\n"
    "  -a         every operand is a name\n"
    "  -s SUFFIX  the suffix; implies -a";

static void
show(const char *path, const char *suffix)
{
    uint end = strlen(path), begin, cut = strlen(suffix);

    while (end > 1 && path[end - 1] == '/')
        end--;
    for (begin = end; begin > 0 && path[begin - 1] != '/'; begin--)
        ;
    if (begin == end && end > 0)
        begin--;                    // only slashes: one of them
    if (end - begin > cut && memcmp(path + end - cut, suffix, cut) == 0)
        end -= cut;
    outputline(path + begin, end - begin);
}

int
main(int argc, char **argv)
{
    const char *suffix = "";
    int c, many = 0;

    while ((c = getopt(argc, argv, "as:")) != -1) {
        if (c == '?')
            usage(0);
        many = 1;
        if (c == 's')
            suffix = optarg;
    }
    if (optind == argc || (!many && argc - optind > 2))
        usage(0);
    if (!many && argc - optind == 2)
        suffix = argv[--argc];
    for (; optind < argc; optind++)
        show(argv[optind], suffix);
    return finish(0);
}
