// shhost.h: what the shell needs from Teak, made of what the host has.

#pragma once

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;
typedef unsigned int uint;
typedef unsigned char uchar;

#define PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#define NORETURN __attribute__((noreturn))
#define O_CREATE O_CREAT
#define HZ 100

int globmatch(const char *pattern, const char *s);
int haswild(const char *pattern);

enum { T_DIR = 1, T_FILE = 2, T_DEV = 3 };
enum { CONS_SETFG, CONS_GETFG, CONS_MODE, CONS_BREAKS,
       CONS_COOKED = 0, CONS_RAW };

struct host_stat {
    int  type;
    uint size, mtime;
};

static inline int
host_fill(int result, const struct stat *st, struct host_stat *to)
{
    to->type = S_ISREG(st->st_mode) ? T_FILE :
        S_ISDIR(st->st_mode) ? T_DIR : T_DEV;
    to->size = st->st_size;
    to->mtime = st->st_mtime;
    return result;
}

static inline int
host_stat(const char *path, struct host_stat *to)
{
    struct stat st = { 0 };

    return host_fill(stat(path, &st), &st, to);
}

static inline int
host_fstat(int fd, struct host_stat *to)
{
    struct stat st = { 0 };

    return host_fill(fstat(fd, &st), &st, to);
}

static inline int
host_open(const char *path, int flags)
{
    if (strcmp(path, "/null") == 0)
        path = "/dev/null";
    return open(path, flags, 0666);
}

static inline char *
nextname(DIR *d)
{
    struct dirent *e = readdir(d);

    return e ? e->d_name : 0;
}

static inline int
writeall(int fd, const void *buf, uint n)
{
    const char *p = buf;
    int put = 0;

    for (; n > 0; n -= put, p += put)
        if ((put = write(fd, p, n)) <= 0)
            return -1;
    return 0;
}

static inline int
exitcode(int st)
{
    return WIFEXITED(st) ? WEXITSTATUS(st) : 128 + WTERMSIG(st);
}

static inline int
host_sleep(int ticks)
{
    return usleep(ticks * 10000);
}

__attribute__((unused)) static char *progname = "sh";
__attribute__((unused)) static const char **(*morewords)(void);
#define stat host_stat
#define fstat host_fstat
#define open(path, flags) host_open(path, flags)
#define sleep host_sleep
#define errx(status, ...) (dprintf(2, __VA_ARGS__), exit(status))
#define err(status, ...) (dprintf(2, __VA_ARGS__), exit(status))
#define usage(text) exit(2)
#define signame(sig) ((sig) == 9 ? "killed" : "died")
#define suspend(pid, on) kill(pid, (on) ? SIGSTOP : SIGCONT)
#define setpgrp(pid, group) setpgid(pid, group)
#define consctl(op, arg) ((void)(arg), 0)
#define isconsole(fd) ((void)(fd), 0)
#define openconsole() ((void)0)
#define workdir(buf, n) (getcwd(buf, n) ? 0 : -1)
#define readline(prompt) ((void)(prompt), (char *)0)
#define addhistory(line) ((void)(line))
#define loadhistory(path) ((void)(path))
#define savehistory(path) ((void)(path))
#define history_line(i) ((void)(i), (const char *)0)
