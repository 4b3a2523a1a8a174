// rm.c: removes files, and with -r directories with all that is in them. It
// goes on after a failure. "." and ".." and the root are refused.

#include "paths.h"

const char help[] =
    "rm [-firR] file...\n"
    "Remove files.\n"
    "  -r, -R  directories, too, with all that is in them\n"
    "  -f  say nothing of files that do not exist, and do not ask\n"
    "  -i  ask before each";

static int force, ask, recursive, status;

static void removepath(const char *path);

static void
complain(const char *path)
{
    if (force && (errno == ENOENT || errno == ENOTDIR))
        return;
    warn("%s", path);
    status = 1;
}

// Names are collected first: removing while reading would move records.
static void
empty(const char *path)
{
    struct dirent **list;
    int n = children(path, &list), i;
    char *child;

    if (n < 0) {
        complain(path);
        return;
    }
    for (i = 0; i < n; i++) {
        child = joined(path, list[i]->d_name);
        removepath(child);
        free(child);
    }
    freechildren(list, n);
}

static void
removepath(const char *path)
{
    if (isdir(path)) {
        if (!recursive) {
            errno = EISDIR;
            complain(path);
            return;
        }
        if (ask && !confirmed("go into", path))
            return;
        empty(path);
    }
    if (ask && !confirmed("remove", path))
        return;
    if (unlink(path) < 0)
        complain(path);
}

// "." and ".." in whatever way they are written, and the root.
static int
refused(const char *path)
{
    struct stat root, st;
    uint n = strlen(path);

    while (n > 0 && path[n - 1] == '/')
        n--;
    if ((n == 1 || (n >= 2 && path[n - 2] == '/')) && path[n - 1] == '.')
        return 1;
    if (n >= 2 && path[n - 1] == '.' && path[n - 2] == '.' &&
        (n == 2 || path[n - 3] == '/'))
        return 1;
    return stat("/", &root) == 0 && stat(path, &st) == 0 &&
        st.dev == root.dev && st.ino == root.ino;
}

int
main(int argc, char **argv)
{
    int c;

    while ((c = getopt(argc, argv, "firR")) != -1) {
        switch (c) {
        case 'f': force = 1; ask = 0; break;
        case 'i': ask = 1; force = 0; break;
        case 'r':
        case 'R': recursive = 1; break;
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
            removepath(argv[optind]);
        }
    }
    return status;
}
