// user.h: everything a Teak program can call.
//
// The one header that includes others, so that a program needs only this.
// System calls fail with -1 and errno; their numbers and the rest of their
// contracts are in syscall.h. What C and POSIX define is in the headers of
// include/, under their names.

#pragma once

#include <assert.h>
#include <ctype.h>
#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../types.h"
#include "../info.h"
#include "../syscall.h"

// A directory's record on the disk is struct dirrecord here; <dirent.h> has
// the other name.
#define dirent dirrecord
#include "../fsformat.h"
#undef dirent

#define PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#define NORETURN __attribute__((noreturn))

#define PGSIZE 4096
#define HZ     100                  // ticks a second

extern char *progname;              // argv[0] without directories

// System calls that are Teak's own, usys.S.
int   kill(int pid);
int   suspend(int pid, int on);     // stop or continue; -pgrp: the group
int   exec(const char *path, char *const argv[]);   // no environment
int   setmtime(int fd, uint seconds);
int   uptime(void);                 // ticks since boot
int   mknod(const char *path, int major, int minor);
uint  getpagetableentry(int pid, int va);
int   isphysicalpagefree(int ppn);
int   dumppagetable(int pid);
int   regions(int pid, struct regioninfo *r, int n);
int   memframes(uint first, struct frameinfo *f, int n);
int   procs(struct procinfo *p, int n);
int   sysinfo(struct sysinfo *si);
int   shutdown(int how, int status);
int   vmctl(int knob, int value);
int   gettime(struct timespec *ts);
int   setpgrp(int pid, int pgrp);
int   consctl(int op, int arg);
int   workdir(char *buf, int n);    // getcwd() as the kernel has it
int   kcheck(struct kcheckinfo *k);
int   failmark(int what, int n);
int   bootarg(const char *name, char *buf, int n);

// Processes, lib_misc.c.
int  exitcode(int status);          // wait status to $?: 128 + signal
const char *signame(int sig);       // "killed", "fault", ...
void openconsole(void);             // as descriptors 0, 1 and 2
int  isconsole(int fd);             // 1 if fd is the console
int  execp(char *const argv[]);     // exec argv[0], as execvp() finds it
#define DEFAULTPATH ":/"            // where there is no $PATH: here, then in /
// All processes, all regions of one: malloc'd, 0 with errno on failure.
struct procinfo *allprocs(int *n);
int  myself(struct procinfo *me);   // this process: 0 or -1
struct regioninfo *allregions(int pid, int *n);
extern const char *const faultnames[NCASE];     // 0 for an unused case
// Tells it who watches the events of memory, lib_mark.c: nothing if nobody can.
void eventmark(const char *fmt, ...) PRINTF(1, 2);

const char *statename(int state);   // "sleep", ...; of enum procstate
const char *kindname(int kind);     // "text", ...; of enum regionkind
int  ticksof(const char *s, int most);  // "0.5" seconds, or errx
char *cputime(char buf[16], uint ticks);        // minutes:seconds.hundredths

// Files, lib_file.c.
int  __closed(int fd, int result);   // closes fd; result, with its errno
int  utime(const char *path, uint seconds);     // set its mtime
int  writeall(int fd, const void *buf, uint n); // whole, or -1
int  copyfd(int from, int to);      // to the end of file; -1: errno, and
                                    // copyfailed says which side ("read")
extern const char *copyfailed;
char *pathjoin(const char *dir, const char *name);  // malloc'd, or 0
const char *basename(const char *path);     // behind the last slash with
                                    // something behind it; part of path
char *nextname(DIR *d);             // readdir's d_name, 0 at the end

// Patterns of file names, lib_match.c: * ? [sets], in which \ quotes. Does
// all of s match; is there anything but itself that the pattern matches?
int globmatch(const char *pattern, const char *s);
int haswild(const char *pattern);

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

// A line from a person at the console, with editing, history and completion,
// lib_readline.c: malloc'd, without its newline. 0 at the end of the file (^D
// on an empty line) with errno 0, or without memory; after ^C an empty line
// with errno EINTR. If descriptor 0 is not the console, there is no prompt.
char *readline(const char *prompt);
void addhistory(const char *line);
int  loadhistory(const char *path);     // added to what there is
int  savehistory(const char *path);     // what is new, to the file's end
uint history_count(void);
const char *history_line(uint i);       // from 0, the oldest; or 0
// Set by a program: more words for Tab, variables as "$NAME"; 0 ends the list.
extern const char **(*morewords)(void);

// Complaints, beside <err.h>; lib_err.c, lib_getopt.c.

// "usage: prog args", or with args 0 the first line of the program's own
// const char help[]; exits with 2.
void usage(const char *args) NORETURN;
// Writing to fd 1 failed: says so and exits; only exits when nobody reads.
void badwrite(int status) NORETURN;

int  number(const char *s, int low, int high);  // all of s, or errx
