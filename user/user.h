// user.h: everything a Teak program can call.
//
// The one header that includes others, so that a program needs only this.
// System calls fail with -1 and errno; their numbers and the rest of their
// contracts are in syscall.h. What C and POSIX define is in the headers of
// include/, under their names.

#include "../types.h"
#include "../errno.h"
#include "../fcntl.h"
#include "../stat.h"
#include "../mman.h"
#include "../info.h"
#include "../syscall.h"
#include "../fsformat.h"

#include <stdio.h>

#define NORETURN __attribute__((noreturn))

#define PGSIZE 4096
#define HZ     100                  // ticks a second
#define INT_MAX  0x7fffffff
#define UINT_MAX 0xffffffffu

extern int errno;
extern char *progname;              // argv[0] without directories
extern char **environ;              // "NAME=value"..., 0

// System calls, usys.S.
int   fork(void);
int   pipe(int fd[2]);
int   read(int fd, void *buf, int n);
int   write(int fd, const void *buf, int n);
int   kill(int pid);
int   suspend(int pid, int on);     // stop or continue; -pgrp: the group
int   exec(const char *path, char *const argv[]);   // no environment
int   execve(const char *path, char *const argv[], char *const envp[]);
int   fstat(int fd, struct stat *st);
int   setmtime(int fd, uint seconds);
int   chdir(const char *path);
int   dup(int fd);
int   getpid(void);
void *sbrk(int n);                  // (void *)-1 when it cannot
int   sleep(int ticks);
int   uptime(void);
int   open(const char *path, int flags, ...);   // a mode is not needed
int   mknod(const char *path, int major, int minor);
int   unlink(const char *path);
int   link(const char *old, const char *new);
int   mkdir(const char *path);
int   close(int fd);
uint  getpagetableentry(int pid, int va);
int   isphysicalpagefree(int ppn);
int   dumppagetable(int pid);
#define MAP_FAILED ((void *)-1)
void *mmap(void *addr, uint len, int prot, int flags, int fd, uint off);
int   munmap(void *addr, uint len);
int   mprotect(void *addr, uint len, int prot);
int   msync(void *addr, uint len, int flags);
void  _exit(int status) NORETURN;
int   waitpid(int pid, int *status, int options);
int   lseek(int fd, int off, int whence);
int   ftruncate(int fd, uint size);
int   fsync(int fd);
int   sync(void);
int   dup2(int old, int new);
int   regions(int pid, struct regioninfo *r, int n);
int   procs(struct procinfo *p, int n);
int   sysinfo(struct sysinfo *si);
int   shutdown(int how, int status);
int   vmctl(int knob, int value);
int   gettime(struct timespec *ts);
int   setpgrp(int pid, int pgrp);
int   consctl(int op, int arg);
int   getcwd(char *buf, int n);
int   kcheck(struct kcheckinfo *k);
int   failmark(int what, int n);
int   bootarg(const char *name, char *buf, int n);

// Processes, lib_start.c and lib_misc.c.
#define WIFEXITED(st)   (((st) & 127) == 0)
#define WEXITSTATUS(st) (((st) >> 8) & 255)
#define WIFSTOPPED(st)  (((st) & 255) == 127)
#define WSTOPSIG(st)    (((st) >> 8) & 255)
#define WIFSIGNALED(st) (!WIFEXITED(st) && !WIFSTOPPED(st))
#define WTERMSIG(st)    ((st) & 127)
void exit(int status) NORETURN;
void abort(void) NORETURN;
int  wait(int *status);             // status may be 0
int  exitcode(int status);          // wait status to $?: 128 + signal
const char *signame(int sig);       // "killed", "fault", ...
void openconsole(void);             // as descriptors 0, 1 and 2
int  isconsole(int fd);             // 1 if fd is the console
int  execv(const char *path, char *const argv[]);   // environ's
int  execp(char *const argv[]);     // exec argv[0], here or else in /
// All processes, all regions of one: malloc'd, 0 with errno on failure.
struct procinfo *allprocs(int *n);
struct regioninfo *allregions(int pid, int *n);
extern const char *const faultnames[NCASE];     // 0 for an unused case

// Files, lib_file.c.
int  stat(const char *path, struct stat *st);
int  utime(const char *path, uint seconds);     // set its mtime
int  writeall(int fd, const void *buf, uint n); // whole, or -1
int  copyfd(int from, int to);      // to the end of file; -1: errno, and
                                    // copyfailed says which side ("read")
extern const char *copyfailed;
char *pathjoin(const char *dir, const char *name);  // malloc'd, or 0
const char *basename(const char *path);
struct dir;
struct dir *opendir(const char *path);  // 0: errno
char *readdir(struct dir *d, uint *ino);// next name, valid until the next
                                        // call; 0 at the end; ino may be 0
void closedir(struct dir *d);

// Lines, lib_line.c. nextline() gives the next line without its newline,
// NUL-terminated, its length in *len (len may be 0); 0 at the end of the
// file or on failure, which sets l->error to an errno.
struct lines {
    int  fd, eof, error;
    char *buf;
    uint start, end, cap;
};
void  openlines(struct lines *l, int fd);
char *nextline(struct lines *l, uint *len);
int   hasnewline(struct lines *l, const char *line, uint len);
                                    // of the line just given out: only a
                                    // file's last line may lack one
void  closelines(struct lines *l);  // frees the buffer, not the descriptor

// Complaints, lib_err.c: "prog: text: reason" to fd 2; the x forms leave
// out the reason, err and errx exit with status.
void warn(const char *fmt, ...) PRINTF(1, 2);
void warnx(const char *fmt, ...) PRINTF(1, 2);
void err(int status, const char *fmt, ...) PRINTF(2, 3) NORETURN;
void errx(int status, const char *fmt, ...) PRINTF(2, 3) NORETURN;
// "usage: prog args", or with args 0 the first line of the program's own
// const char help[]; exits with 2. lib_getopt.c.
void usage(const char *args) NORETURN;
// Writing to fd 1 failed: says so and exits; only exits when nobody reads.
void badwrite(int status) NORETURN;
const char *strerror(int e);

// Memory, lib_malloc.c.
void *malloc(size_t n);
void *calloc(size_t n, size_t size);
void *realloc(void *p, size_t n);
void free(void *p);

// Strings, lib_string.c and lib_number.c.
void *memset(void *p, int c, size_t n);
void *memcpy(void *to, const void *from, size_t n);
void *memmove(void *to, const void *from, size_t n);
int   memcmp(const void *a, const void *b, size_t n);
void *memchr(const void *p, int c, size_t n);
size_t strlen(const char *s);
char *strcpy(char *to, const char *from);
char *strncpy(char *to, const char *from, size_t n);
char *strcat(char *to, const char *from);
char *strncat(char *to, const char *from, size_t n);
int   strcmp(const char *a, const char *b);
int   strncmp(const char *a, const char *b, size_t n);
char *strchr(const char *s, int c);
char *strrchr(const char *s, int c);
char *strstr(const char *s, const char *sub);
char *strdup(const char *s);        // malloc'd, or 0
char *strtok(char *s, const char *seps);
long  strtol(const char *s, char **end, int base);
unsigned long strtoul(const char *s, char **end, int base);
int   atoi(const char *s);
int   number(const char *s, int low, int high);  // all of s, or errx

// Sorting, chance, options; lib_sort.c, lib_number.c, lib_getopt.c.
void qsort(void *base, size_t n, size_t size,
           int (*cmp)(const void *, const void *));
void srand(uint seed);
int  rand(void);                    // 0 .. INT_MAX
extern char *optarg;
extern int optind, opterr, optopt;
int  getopt(int argc, char *const argv[], const char *opts);  // and --help
int  isspace(int c);
int  isdigit(int c);
int  isalpha(int c);
int  isprint(int c);
int  tolower(int c);
int  toupper(int c);
