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

char *
joined(const char *dir, const char *name)
{
    char *path = pathjoin(dir, name);

    if (path == 0)
        err(1, "%s/%s", dir, name);
    return path;
}

// The last part of a path, without the slashes that may end it.
char *
childof(const char *dir, const char *path)
{
    char *copy = strdup(path), *child;
    uint n = copy ? strlen(copy) : 0;

    if (copy == 0)
        err(1, "%s", path);
    while (n > 1 && copy[n - 1] == '/')
        copy[--n] = 0;
    child = joined(dir, basename(copy));
    free(copy);
    return child;
}

static int
nodots(const struct dirent *de)
{
    return strcmp(de->d_name, ".") != 0 && strcmp(de->d_name, "..") != 0;
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
