// mv.c: gives a file or directory another name, or moves several into a
// directory. There is one file system, so nothing is ever copied.

#include "paths.h"

const char help[] =
    "mv [-fi] from to | from... directory\n"
    "Move or rename files and directories.\n"
    "  -i  ask before a file is replaced   -f  do not ask";

static int ask;

static int
move(const char *from, const char *to)
{
    struct stat a, b;
    int same = 0;

    if (stat(from, &a) == 0 && stat(to, &b) == 0) {
        same = a.dev == b.dev && a.ino == b.ino;
        if (same && a.type == T_FILE) {
            warnx("%s and %s are the same file", from, to);
            return 1;
        }
        if (ask && b.type == T_FILE && !confirmed("replace", to))
            return 1;
    }
    if (rename(from, to) == 0)
        return 0;
    warn("%s to %s", from, to);
    return 1;
}

int
main(int argc, char **argv)
{
    int c;

    while ((c = getopt(argc, argv, "fi")) != -1) {
        switch (c) {
        case 'f': ask = 0; break;
        case 'i': ask = 1; break;
        default:  usage(0);
        }
    }
    return eachpair(argv + optind, move);
}
