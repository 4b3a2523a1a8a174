// lib_file.c: whole files, paths and directories.
//
// A directory read as a file gives 16-byte records whose names lack their
// NUL when they fill all 14 bytes; readdir() hands them out terminated and
// leaves out the free records.

#include "user.h"

#define COPYSIZE 16384
#define NREC     64                 // records read at a time

struct dir {
    int fd;
    int n, next;                    // records in rec, and the one to come
    struct dirent rec[NREC];
    char name[DIRSIZ + 1];
};

const char *copyfailed = "read";

int
stat(const char *path, struct stat *st)
{
    int fd, result, why;

    if ((fd = open(path, O_RDONLY)) < 0)
        return -1;
    result = fstat(fd, st);
    why = errno;
    close(fd);
    errno = why;
    return result;
}

int
utime(const char *path, uint seconds)
{
    int fd, result, why;

    if ((fd = open(path, O_RDONLY)) < 0)
        return -1;
    result = setmtime(fd, seconds);
    why = errno;
    close(fd);
    errno = why;
    return result;
}

int
writeall(int fd, const void *buf, uint n)
{
    const char *p = buf;
    int put;

    while (n > 0) {
        put = write(fd, p, n > INT_MAX ? INT_MAX : n);
        if (put < 0)
            return -1;
        if (put == 0) {
            errno = EIO;
            return -1;
        }
        p += put;
        n -= put;
    }
    return 0;
}

int
copyfd(int from, int to)
{
    static char *buf;
    int n;

    copyfailed = "read";
    if (buf == 0 && (buf = malloc(COPYSIZE)) == 0)
        return -1;
    while ((n = read(from, buf, COPYSIZE)) > 0) {
        if (writeall(to, buf, n) < 0) {
            copyfailed = "write";
            return -1;
        }
    }
    return n;
}

char *
pathjoin(const char *dir, const char *name)
{
    uint n = strlen(dir);
    char *path = malloc(n + strlen(name) + 2);

    if (path == 0)
        return 0;
    strcpy(path, dir);
    if (n > 0 && path[n - 1] != '/')
        path[n++] = '/';
    strcpy(path + n, name);
    return path;
}

const char *
basename(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash && slash[1] ? slash + 1 : path;
}

struct dir *
opendir(const char *path)
{
    struct stat st;
    struct dir *d;

    if ((d = malloc(sizeof(*d))) == 0)
        return 0;
    d->n = d->next = 0;
    d->fd = open(path, O_RDONLY);
    if (d->fd >= 0 && fstat(d->fd, &st) == 0 && st.type == T_DIR)
        return d;
    if (d->fd >= 0) {
        close(d->fd);
        errno = ENOTDIR;
    }
    free(d);
    return 0;
}

char *
readdir(struct dir *d, uint *ino)
{
    struct dirent *r;
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
        memcpy(d->name, r->name, DIRSIZ);
        d->name[DIRSIZ] = 0;
        if (ino)
            *ino = r->inum;
        return d->name;
    }
}

void
closedir(struct dir *d)
{
    close(d->fd);
    free(d);
}
