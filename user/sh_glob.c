// sh_glob.c: patterns to the names of files that there are.
//
// A path is taken component by component. What is no pattern is only
// appended; a pattern is tried on every name of the directory so far. Names
// that begin with a dot need a pattern that does.

#include "sh.h"

static const char *
append_slashes(struct text *path, const char *s)
{
    for (; *s == '/'; s++)
        addc(path, '/');
    return s;
}

// Appends the component at s, and the slashes behind it, without its
// backslashes; returns what follows.
static const char *
append_plain(struct text *path, const char *s)
{
    for (; *s && *s != '/'; s++) {
        if (*s == '\\' && s[1])
            s++;
        addc(path, *s);
    }
    return append_slashes(path, s);
}

static uint
component(const char *s)
{
    const char *end = strchr(s, '/');

    return end ? (uint)(end - s) : strlen(s);
}

static void walk(struct list *found, struct text *path, const char *rest);

// Tries the pattern on the names of one directory.
static void
walk_dir(struct list *found, struct text *path, const char *pattern,
         const char *rest)
{
    DIR *d = opendir(path->n ? path->s : ".");
    uint before = path->n;
    char *name;

    if (d == 0)
        return;
    while ((name = nextname(d)) != 0) {
        if ((name[0] == '.' && pattern[0] != '.') || !globmatch(pattern, name))
            continue;
        adds(path, name);
        walk(found, path, append_slashes(path, rest));
        path->n = before;
        path->s[before] = 0;
    }
    closedir(d);
}

static void
walk(struct list *found, struct text *path, const char *rest)
{
    struct stat st;
    char *pattern;
    uint n;

    while (*rest) {
        n = component(rest);
        pattern = keep(&scratch, rest, n);
        if (haswild(pattern)) {
            walk_dir(found, path, pattern, rest + n);
            return;
        }
        rest = append_plain(path, rest);
    }
    if (path->n > 0 && stat(path->s, &st) == 0)
        append(found, keep(&scratch, path->s, path->n));
}

static int
path_order(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

uint
glob(struct list *found, const char *pattern)
{
    struct text path = { 0, 0, 0, 0 };
    uint before = found->n, n;

    add(&path, "", 0);
    walk(found, &path, pattern);
    n = found->n - before;
    if (n > 0)
        qsort(found->v + before, n, sizeof(*found->v), path_order);
    return n;
}
