// lib_dir.c: directories.
//
// A directory read as a file gives 16-byte records whose names lack their
// NUL when they fill all 14 bytes; readdir() hands them out terminated and
// leaves out the free records. At the end it leaves errno alone.

#include "user.h"

#define NREC 64                     // records read at a time

struct dir {
    int fd;
    int n, next;                    // records in rec, and the one to come
    struct dirrecord rec[NREC];
    struct dirent entry;
};

DIR *
fdopendir(int fd)
{
    struct stat st;
    DIR *d;

    if (fstat(fd, &st) < 0)
        return 0;
    if (st.type != T_DIR) {
        errno = ENOTDIR;
        return 0;
    }
    if ((d = malloc(sizeof(*d))) == 0)
        return 0;
    d->fd = fd;
    d->n = d->next = 0;
    return d;
}

DIR *
opendir(const char *path)
{
    int fd = open(path, O_RDONLY);
    DIR *d;

    if (fd < 0)
        return 0;
    if ((d = fdopendir(fd)) == 0)
        __closed(fd, -1);
    return d;
}

struct dirent *
readdir(DIR *d)
{
    struct dirrecord *r;
    int n;

    for (;;) {
        if (d->next == d->n) {
            n = read(d->fd, d->rec, sizeof(d->rec));
            d->n = n > 0 ? n / (int)sizeof(d->rec[0]) : 0;
            d->next = 0;
            if (d->n == 0)
                return 0;
        }
        r = &d->rec[d->next++];
        if (r->inum == 0)
            continue;
        memcpy(d->entry.d_name, r->name, DIRSIZ);
        d->entry.d_name[DIRSIZ] = 0;
        d->entry.d_ino = r->inum;
        return &d->entry;
    }
}

char *
nextname(DIR *d)
{
    struct dirent *de = readdir(d);

    return de ? de->d_name : 0;
}

void
rewinddir(DIR *d)
{
    lseek(d->fd, 0, SEEK_SET);
    d->n = d->next = 0;
}

int
dirfd(DIR *d)
{
    return d->fd;
}

int
closedir(DIR *d)
{
    int fd = d->fd;

    free(d);
    return close(fd);
}

int
alphasort(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static void
freelist(struct dirent **list, int n)
{
    while (n > 0)
        free(list[--n]);
    free(list);
}

// Appends a copy to a list whose room is always a power of two.
static int
keep(struct dirent ***list, int n, const struct dirent *de)
{
    struct dirent **bigger = *list;

    if ((n & (n - 1)) == 0)
        bigger = realloc(bigger, (n ? n * 2 : 1) * sizeof(*bigger));
    if (bigger == 0)
        return -1;
    *list = bigger;
    if ((bigger[n] = malloc(sizeof(*de))) == 0)
        return -1;
    *bigger[n] = *de;
    return 0;
}

int
scandir(const char *path, struct dirent ***list,
        int (*choose)(const struct dirent *),
        int (*cmp)(const struct dirent **, const struct dirent **))
{
    struct dirent **all = 0, *de;
    DIR *d = opendir(path);
    int n = 0, why = 0;

    if (d == 0)
        return -1;
    for (errno = 0; (de = readdir(d)) != 0 && why == 0; errno = 0)
        if (choose == 0 || choose(de))
            why = keep(&all, n, de) < 0 ? ENOMEM : (n++, 0);
    why = why ? why : errno;
    closedir(d);
    if (why) {
        freelist(all, n);
        errno = why;
        return -1;
    }
    if (cmp)
        qsort(all, n, sizeof(*all),
              (int (*)(const void *, const void *))cmp);
    *list = all;
    return n;
}
