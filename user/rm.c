// rm.c: removes files, and with -r directories with all that is in them. It
// goes on after a failure. "." and ".." and the root are refused.

#include "paths.h"

const char help[] =
    "rm [-dfirRv] file...\n"
    "Remove files.\n"
    "  -r, -R  directories, too, with all that is in them\n"
    "  -d  empty directories, too\n"
    "  -f  say nothing of files that do not exist, and do not ask\n"
    "  -i  ask before each   -v  tell what is removed";

static int force, ask, recursive, emptydirs, verbose, status;

static void
complain(const char *path)
{
    if (force && (errno == ENOENT || errno == ENOTDIR))
        return;
    warn("%s", path);
    status = 1;
}

// eachchild() collects the names first: removing while reading would move
// records.
static void
removepath(const char *path, int depth)
{
    int dir = isdir(path);

    if (dir && !emptydirs && !recursive) {
        errno = EISDIR;
        complain(path);
        return;
    }
    if (dir && recursive) {
        if (ask && !confirmed("go into", path))
            return;
        if (eachchild(path, depth + 1, removepath) < 0)
            complain(path);
    }
    if (ask && !confirmed("remove", path))
        return;
    if (unlink(path) < 0)
        complain(path);
    else if (verbose)
        printf("removed %s'%s'\n", dir ? "directory " : "", path);
}

// "." and ".." in whatever way they are written, and the root.
static int
refused(const char *path)
{
    char *part = lastpart(path);
    int yes = isdots(part) || samefile(path, "/");

    free(part);
    return yes;
}

int
main(int argc, char **argv)
{
    int c;

    while ((c = getopt(argc, argv, "dfirRv")) != -1) {
        switch (c) {
        case 'd': emptydirs = 1; break;
        case 'f': force = 1; ask = 0; break;
        case 'i': ask = 1; force = 0; break;
        case 'r':
        case 'R': recursive = 1; break;
        case 'v': verbose = 1; break;
        default:  usage(0);
        }
    }
    if (optind == argc && !force)
        usage(0);
    for (; optind < argc; optind++) {
        if (refused(argv[optind])) {
            warnx("%s: not removed: it is ., .. or /", argv[optind]);
            status = 1;
        } else {
            removepath(argv[optind], 0);
        }
    }
    return status;
}
