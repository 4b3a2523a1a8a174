// ls.c: lists files and directories, sorted by name.
//
//     ls [-l] [path...]
//
// -l adds, before the name: type (d directory, - file, c device), links,
// inode and size. A directory's entries follow its name when more than one
// path is given; files come first.

#include "user.h"

struct entry {
    char *name;
    struct stat st;
};

static int longform, status;

static int
byname(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;

    return strcmp(x->name, y->name);
}

static void
show(struct entry *e)
{
    static const char types[] = "?d-c";

    if (longform)
        printf("%c %5d %6u %10u ", types[e->st.type & 3], e->st.nlink,
                e->st.ino, e->st.size);
    printf("%s\n", e->name);
}

static void
showall(struct entry *e, uint n)
{
    uint i;

    qsort(e, n, sizeof(*e), byname);
    for (i = 0; i < n; i++) {
        show(&e[i]);
        free(e[i].name);
    }
    if (fflush(stdout) < 0)
        badwrite(1);
}

// Appends an entry to a growing array; what path says goes to its stat.
static struct entry *
append(struct entry *list, uint n, const char *name, const char *path)
{
    if ((n & (n - 1)) == 0)         // room is always a power of two
        list = realloc(list, (n ? n * 2 : 1) * sizeof(*list));
    if (list == 0 || (list[n].name = strdup(name)) == 0)
        err(1, "%s", path);
    memset(&list[n].st, 0, sizeof(list[n].st));
    if (stat(path, &list[n].st) < 0) {
        warn("%s", path);
        status = 1;
    }
    return list;
}

static void
listdir(const char *path)
{
    struct dir *d = opendir(path);
    struct entry *list = 0;
    char *name, *full;
    uint n = 0;

    if (d == 0) {
        warn("%s", path);
        status = 1;
        return;
    }
    while ((name = nextname(d)) != 0) {
        if ((full = pathjoin(path, name)) == 0)
            err(1, "%s", path);
        list = append(list, n++, name, full);
        free(full);
    }
    closedir(d);
    showall(list, n);
    free(list);
}

// The paths that are not directories, as one list.
static void
listfiles(char **paths, int npaths)
{
    struct entry *list = 0;
    struct stat st;
    uint n = 0;
    int i;

    for (i = 0; i < npaths; i++) {
        if (stat(paths[i], &st) < 0) {
            warn("%s", paths[i]);
            status = 1;
            paths[i] = 0;
        } else if (st.type != T_DIR) {
            list = append(list, n++, paths[i], paths[i]);
            paths[i] = 0;
        }
    }
    showall(list, n);
    free(list);
}

int
main(int argc, char **argv)
{
    int c, i;

    while ((c = getopt(argc, argv, "l")) != -1) {
        if (c != 'l')
            usage("[-l] [path...]");
        longform = 1;
    }
    if (optind == argc) {
        listdir(".");
        return status;
    }
    listfiles(argv + optind, argc - optind);
    for (i = optind; i < argc; i++) {
        if (argv[i] == 0)
            continue;
        if (argc - optind > 1)
            printf("%s:\n", argv[i]);
        listdir(argv[i]);
    }
    return status;
}
