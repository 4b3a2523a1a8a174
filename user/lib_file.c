// lib_file.c: whole files and their paths.

#include "user.h"

#define COPYSIZE 16384

const char *copyfailed = "read";

int
__closed(int fd, int result)
{
    int why = errno;

    close(fd);
    errno = why;
    return result;
}

int
stat(const char *path, struct stat *st)
{
    int fd = open(path, O_RDONLY);

    return fd < 0 ? -1 : __closed(fd, fstat(fd, st));
}

int
utime(const char *path, uint seconds)
{
    int fd = open(path, O_RDONLY);

    return fd < 0 ? -1 : __closed(fd, setmtime(fd, seconds));
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
