// unistd.h: processes, descriptors and paths, as POSIX names them.
//
// One thing differs: sleep() counts ticks, hundredths of a second, as it
// always has here; usleep() and nanosleep() are POSIX's.

#pragma once

#include <sys/types.h>

#define STDIN_FILENO  0
#define STDOUT_FILENO 1
#define STDERR_FILENO 2

#define F_OK 0
#define X_OK 1
#define W_OK 2
#define R_OK 4

#ifndef SEEK_SET
#define SEEK_SET 0
#define SEEK_CUR 1
#define SEEK_END 2
#endif

#define _SC_ARG_MAX  0
#define _SC_CLK_TCK  2
#define _SC_OPEN_MAX 4
#define _SC_PAGESIZE 30
#define _SC_PAGE_SIZE _SC_PAGESIZE
#define _SC_NPROCESSORS_ONLN 84

extern char **environ;              // "NAME=value"..., 0

pid_t fork(void);
pid_t vfork(void);
pid_t getpid(void);
pid_t getppid(void);
int   setpgid(pid_t pid, pid_t pgrp);
pid_t getpgrp(void);
int   execve(const char *path, char *const argv[], char *const envp[]);
int   execv(const char *path, char *const argv[]);
int   execvp(const char *name, char *const argv[]);     // by $PATH
int   execl(const char *path, const char *arg, ...);
int   execlp(const char *name, const char *arg, ...);
void  _exit(int status) __attribute__((noreturn));

int     close(int fd);
int     read(int fd, void *buf, int n);
int     write(int fd, const void *buf, int n);
off_t   lseek(int fd, off_t off, int whence);
int     dup(int fd);
int     dup2(int old, int new);
int     pipe(int fd[2]);
int     fsync(int fd);
int     ftruncate(int fd, unsigned int size);
int     truncate(const char *path, off_t size);
int     isatty(int fd);
int     sync(void);

int   link(const char *old, const char *new);
int   unlink(const char *path);
int   rmdir(const char *path);
int   access(const char *path, int how);
int   chdir(const char *path);
char *getcwd(char *buf, size_t n);  // buf 0: malloc'd

int   sleep(int ticks);
int   usleep(unsigned int us);
void *sbrk(int n);
long  sysconf(int name);
int   getpagesize(void);
uid_t getuid(void);                 // there is one user, 0
uid_t geteuid(void);
gid_t getgid(void);
gid_t getegid(void);

extern char *optarg;
extern int optind, opterr, optopt;
int getopt(int argc, char *const argv[], const char *opts);
