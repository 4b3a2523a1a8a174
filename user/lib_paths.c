// lib_paths.c: what programs share that go over files by their names.

#include "paths.h"

#define NTEXTS  3
#define TEXTLEN 24

int
isdir(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && st.type == T_DIR;
}

int
samefile(const char *a, const char *b)
{
    struct stat x, y;

    return stat(a, &x) == 0 && stat(b, &y) == 0 && x.dev == y.dev &&
           x.ino == y.ino;
}

char *
joined(const char *dir, const char *name)
{
    char *path = pathjoin(dir, name);

    if (path == 0)
        err(1, "%s/%s", dir, name);
    return path;
}

char *
lastpart(const char *path)
{
    const char *end = path + strlen(path), *s;
    char *part;

    while (end > path + 1 && end[-1] == '/')
        end--;
    for (s = end; s > path && s[-1] != '/'; s--)
        ;
    if ((part = strndup(s < end ? s : path, s < end ? end - s : 1)) == 0)
        err(1, "%s", path);
    return part;
}

char *
childof(const char *dir, const char *path)
{
    char *part = lastpart(path), *child = joined(dir, part);

    free(part);
    return child;
}

int
isdots(const char *name)
{
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

static int
nodots(const struct dirent *de)
{
    return !isdots(de->d_name);
}

int
children(const char *dir, struct dirent ***list)
{
    return scandir(dir, list, nodots, alphasort);
}

void
freechildren(struct dirent **list, int n)
{
    while (n > 0)
        free(list[--n]);
    free(list);
}

int
eachchild(const char *dir, int depth, visitfn *visit)
{
    struct dirent **list;
    int n = children(dir, &list), i;
    char *child;

    if (n < 0)
        return -1;
    for (i = 0; i < n; i++) {
        child = joined(dir, list[i]->d_name);
        visit(child, depth);
        free(child);
    }
    freechildren(list, n);
    return 0;
}

int
eachpair(char **argv, int (*each)(const char *from, const char *to))
{
    const char *target;
    char *to;
    int n = 0, i, status = 0;

    while (argv[n])
        n++;
    if (n < 2)
        usage(0);
    target = argv[n - 1];
    if (!isdir(target)) {
        if (n > 2)
            errx(1, "%s: Not a directory", target);
        return each(argv[0], target);
    }
    for (i = 0; i < n - 1; i++) {
        to = childof(target, argv[i]);
        status |= each(argv[i], to);
        free(to);
    }
    return status;
}

int
confirmed(const char *question, const char *path)
{
    int first, c;

    fflush(stdout);
    fprintf(stderr, "%s: %s %s? ", progname, question, path);
    first = c = getchar();
    while (c != '\n' && c != EOF)
        c = getchar();
    return first == 'y' || first == 'Y';
}

const char *
sizetext(unsigned long long bytes)
{
    static const char units[] = "KMGTPE";
    static char texts[NTEXTS][TEXTLEN];
    static uint next;
    char *text = texts[next++ % NTEXTS];
    unsigned long long tenths = bytes * 10;
    uint i;

    if (bytes < 1024) {
        snprintf(text, TEXTLEN, "%u", (uint)bytes);
        return text;
    }
    for (i = 0; units[i + 1]; i++) {
        tenths = (tenths + 1023) / 1024;
        if (tenths <= 10230)
            break;
    }
    if (tenths <= 99)
        snprintf(text, TEXTLEN, "%u.%u%c", (uint)tenths / 10,
                 (uint)tenths % 10, units[i]);
    else
        snprintf(text, TEXTLEN, "%u%c", (uint)(tenths + 9) / 10, units[i]);
    return text;
}

int
typeletter(int type)
{
    return type == T_DIR ? 'd' : type == T_FILE ? '-' : 'c';
}
