// mv.c: gives a file or directory another name, or moves several into a
// directory. There is one file system, so nothing is ever copied.

#include "paths.h"

const char help[] =
    "mv [-finv] from to | from... directory\n"
    "Move or rename files and directories.\n"
    "  -i  ask before a file is replaced   -f  do not ask\n"
    "  -n  replace none                    -v  tell what is moved";

static int ask, keepall, verbose;

static int
move(const char *from, const char *to)
{
    struct stat a, b;

    if (stat(from, &a) == 0 && stat(to, &b) == 0) {
        if (samefile(from, to) && a.type == T_FILE) {
            warnx("%s and %s are the same file", from, to);
            return 1;
        }
        if (keepall && b.type != T_DIR)
            return 0;
        if (ask && b.type == T_FILE && !confirmed("replace", to))
            return 1;
    }
    if (rename(from, to) < 0) {
        warn("%s to %s", from, to);
        return 1;
    }
    if (verbose)
        printf("renamed '%s' -> '%s'\n", from, to);
    return 0;
}

int
main(int argc, char **argv)
{
    int c;

    while ((c = getopt(argc, argv, "finv")) != -1) {
        switch (c) {
        case 'f': ask = 0; break;
        case 'i': ask = 1; break;
        case 'n': keepall = 1; break;
        case 'v': verbose = 1; break;
        default:  usage(0);
        }
    }
    return eachpair(argv + optind, move);
}
