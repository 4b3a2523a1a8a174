// rm.c: removes files; -r directories with all that is in them; -f says
// nothing about what does not exist.
//
//     rm [-fr] path...

#include "user.h"

static int force, recursive, status;

static void removepath(const char *path);

static void
complain(const char *path)
{
    if (force && errno == ENOENT)
        return;
    warn("%s", path);
    status = 1;
}

// Names are collected first: removing while reading would move records.
static void
empty(const char *path)
{
    struct dir *d = opendir(path);
    char **names = 0, *name;
    uint n = 0, i;

    if (d == 0) {
        complain(path);
        return;
    }
    while ((name = nextname(d)) != 0) {
        if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
            continue;
        if ((n & (n - 1)) == 0)     // room is always a power of two
            names = realloc(names, (n ? n * 2 : 1) * sizeof(*names));
        if (names == 0 || (names[n++] = pathjoin(path, name)) == 0)
            err(1, "%s", path);
    }
    closedir(d);
    for (i = 0; i < n; i++) {
        removepath(names[i]);
        free(names[i]);
    }
    free(names);
}

static void
removepath(const char *path)
{
    struct stat st;

    if (stat(path, &st) == 0 && st.type == T_DIR) {
        if (!recursive) {
            errno = EISDIR;
            complain(path);
            return;
        }
        empty(path);
    }
    if (unlink(path) < 0)
        complain(path);
}

int
main(int argc, char **argv)
{
    int c;

    while ((c = getopt(argc, argv, "fr")) != -1) {
        switch (c) {
        case 'f': force = 1; break;
        case 'r': recursive = 1; break;
        default:  usage("[-fr] path...");
        }
    }
    if (optind == argc && !force)
        usage("[-fr] path...");
    for (; optind < argc; optind++)
        removepath(argv[optind]);
    return status;
}
