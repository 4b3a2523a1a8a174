// lib_unistd.c: POSIX's calls that are made of others.

#include <sys/ioctl.h>

#include "user.h"

#define FIRSTPATH 256

pid_t
vfork(void)
{
    return fork();
}

pid_t
wait(int *status)
{
    return waitpid(-1, status, 0);
}

int
setpgid(pid_t pid, pid_t pgrp)
{
    return setpgrp(pid, pgrp);
}

// Who calls is among all processes.
int
myself(struct procinfo *me)
{
    int n, i, pid = getpid();
    struct procinfo *p = allprocs(&n);

    if (p == 0)
        return -1;
    for (i = 0; i < n - 1 && p[i].pid != pid; i++)
        ;
    *me = p[i];
    free(p);
    return 0;
}

pid_t
getppid(void)
{
    struct procinfo me;

    return myself(&me) < 0 ? -1 : me.ppid;
}

pid_t
getpgrp(void)
{
    struct procinfo me;

    return myself(&me) < 0 ? -1 : me.pgrp;
}

int
isatty(int fd)
{
    if (isconsole(fd))
        return 1;
    errno = ENOTTY;
    return 0;
}

int
ioctl(int fd, unsigned long request, ...)
{
    struct winsize *ws;
    va_list ap;
    int size;

    if (request != TIOCGWINSZ || !isconsole(fd)) {
        errno = ENOTTY;
        return -1;
    }
    if ((size = consctl(CONS_SIZE, 0)) < 0)
        return -1;
    va_start(ap, request);
    ws = va_arg(ap, struct winsize *);
    va_end(ap);
    *ws = (struct winsize){ size >> 16, size & 0xffff, 0, 0 };
    return 0;
}

int
truncate(const char *path, off_t size)
{
    int fd = open(path, O_WRONLY);

    return fd < 0 ? -1 : __closed(fd, ftruncate(fd, size));
}

int
creat(const char *path, mode_t mode)
{
    return open(path, O_CREATE | O_TRUNC | O_WRONLY, mode);
}

int
lstat(const char *path, struct stat *st)
{
    return stat(path, st);
}

int
chmod(const char *path, mode_t mode)
{
    (void)mode;
    return access(path, F_OK);
}

int
fchmod(int fd, mode_t mode)
{
    struct stat st;

    (void)mode;
    return fstat(fd, &st);
}

mode_t
umask(mode_t mask)
{
    return mask;
}

int
rmdir(const char *path)
{
    struct stat st;

    if (stat(path, &st) < 0)
        return -1;
    if (st.type == T_DIR)
        return unlink(path);
    errno = ENOTDIR;
    return -1;
}

int
remove(const char *path)
{
    return unlink(path);
}

int
access(const char *path, int how)
{
    struct stat st;

    if (stat(path, &st) < 0)
        return -1;
    if (st.type == T_DIR || !(how & W_OK))
        return 0;
    how = open(path, O_WRONLY);
    if (how < 0)
        return -1;
    close(how);
    return 0;
}

// The path of any length, malloc'd, or 0.
static char *
longcwd(void)
{
    size_t room = FIRSTPATH;
    char *path = 0, *bigger;

    while ((bigger = realloc(path, room)) != 0) {
        path = bigger;
        if (workdir(path, room) >= 0)
            return path;
        if (errno != ERANGE)
            break;
        room *= 2;
    }
    free(path);
    return 0;
}

char *
getcwd(char *buf, size_t n)
{
    if (buf == 0)
        return longcwd();
    return workdir(buf, n) < 0 ? 0 : buf;
}

int
getpagesize(void)
{
    return PGSIZE;
}

static long
ncpus(void)
{
    struct sysinfo si = { .size = sizeof(si) };

    return sysinfo(&si) < 0 ? -1 : (long)si.ncpu;
}

long
sysconf(int name)
{
    switch (name) {
    case _SC_ARG_MAX:           return ARG_MAX;
    case _SC_CLK_TCK:           return HZ;
    case _SC_OPEN_MAX:          return OPEN_MAX;
    case _SC_PAGESIZE:          return PGSIZE;
    case _SC_NPROCESSORS_ONLN:  return ncpus();
    }
    errno = EINVAL;
    return -1;
}

uid_t
getuid(void)
{
    return 0;
}

uid_t
geteuid(void)
{
    return 0;
}

gid_t
getgid(void)
{
    return 0;
}

gid_t
getegid(void)
{
    return 0;
}
