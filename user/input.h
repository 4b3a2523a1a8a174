// input.h: what programs share that read files and write to stdout;
// lib_input.c.

#pragma once

#include "user.h"

extern int outstatus;               // exit status after an error: 1
void output(const void *p, uint n); // to stdout; exits when that fails
void outputline(const char *line, uint n);      // the same, and a newline
int  finish(int status);            // flushes stdout or exits; the status
int  openinput(const char *name);   // "-": 0; -1 also for a directory
// Calls each() for every named file, for "-" when there is no name; those
// that cannot be opened are complained of. Returns the largest status.
int  eachfile(char **names, int (*each)(int fd, const char *name));
// Ends the lines of a file: 0, or complains of what ended them and returns 1.
int  endlines(struct lines *l, const char *name);
void filetitle(const char *name);   // "==> name <==", apart from the one before
uint bytecount(const char *s);      // "12", "3k", ... or errx
// A count as it was once given: "-20cq", or with a plus "+20cq" where signs
// has it. Sets *count; the letters behind it, 0 if the word is no count.
const char *oldcount(const char *word, const char *signs, uint *count);
// Reads fd to its end: the last n lines (or bytes) go to after(), all others
// to before(), which may be 0. -1: errno.
typedef void passfn(const void *p, uint n);
int  splitend(int fd, uint n, int lines, passfn *before, passfn *after);
