// stdio.h: streams and formatted text, as C11 and POSIX have them.
//
// A stream on the console is line-buffered, others are buffered fully,
// stderr not at all. exit() and return from main write out what is buffered,
// _exit() and a killing do not; before fork() a program calls fflush(). What
// could not be written makes exit(0) say so and end with 1. No conversion is
// for floating point: printf shows "?" instead, scanf stops there.

#pragma once

#include <stddef.h>
#include <stdarg.h>
#include <sys/types.h>

#define BUFSIZ       4096
#define EOF          (-1)
#define FOPEN_MAX    16             // more, as descriptors and memory allow
#define FILENAME_MAX 1024
#define L_tmpnam     32
#define TMP_MAX      100000

#define _IOFBF 0                    // setvbuf: written when the buffer is full
#define _IOLBF 1                    // and after each newline
#define _IONBF 2                    // at once

#ifndef SEEK_SET
#define SEEK_SET 0
#define SEEK_CUR 1
#define SEEK_END 2
#endif

#define __PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#define __SCANF(fmt, args)  __attribute__((format(scanf, fmt, args)))

typedef struct file FILE;
typedef long fpos_t;

extern FILE *stdin, *stdout, *stderr;
#define stdin  stdin
#define stdout stdout
#define stderr stderr

// Modes: r w a, then + b x e in any order.
FILE *fopen(const char *path, const char *mode);
FILE *fdopen(int fd, const char *mode);
FILE *freopen(const char *path, const char *mode, FILE *f);
FILE *tmpfile(void);
int   fclose(FILE *f);
int   fflush(FILE *f);              // 0: all streams
int   setvbuf(FILE *f, char *buf, int how, size_t size);
void  setbuf(FILE *f, char *buf);
void  setlinebuf(FILE *f);
int   fileno(FILE *f);
int   feof(FILE *f);
int   ferror(FILE *f);
void  clearerr(FILE *f);

int   fseek(FILE *f, long off, int whence);
int   fseeko(FILE *f, off_t off, int whence);
long  ftell(FILE *f);
off_t ftello(FILE *f);
void  rewind(FILE *f);
int   fgetpos(FILE *f, fpos_t *pos);
int   fsetpos(FILE *f, const fpos_t *pos);

int     fgetc(FILE *f);
int     getc(FILE *f);
int     getchar(void);
int     ungetc(int c, FILE *f);
char   *fgets(char *buf, int size, FILE *f);
size_t  fread(void *buf, size_t size, size_t n, FILE *f);
ssize_t getdelim(char **line, size_t *room, int end, FILE *f);
ssize_t getline(char **line, size_t *room, FILE *f);

int    fputc(int c, FILE *f);
int    putc(int c, FILE *f);
int    putchar(int c);
int    fputs(const char *s, FILE *f);
int    puts(const char *s);
size_t fwrite(const void *buf, size_t size, size_t n, FILE *f);

int printf(const char *fmt, ...) __PRINTF(1, 2);
int fprintf(FILE *f, const char *fmt, ...) __PRINTF(2, 3);
int dprintf(int fd, const char *fmt, ...) __PRINTF(2, 3);
int sprintf(char *buf, const char *fmt, ...) __PRINTF(2, 3);
int snprintf(char *buf, size_t n, const char *fmt, ...) __PRINTF(3, 4);
int asprintf(char **text, const char *fmt, ...) __PRINTF(2, 3);
int vprintf(const char *fmt, va_list ap) __PRINTF(1, 0);
int vfprintf(FILE *f, const char *fmt, va_list ap) __PRINTF(2, 0);
int vdprintf(int fd, const char *fmt, va_list ap) __PRINTF(2, 0);
int vsprintf(char *buf, const char *fmt, va_list ap) __PRINTF(2, 0);
int vsnprintf(char *buf, size_t n, const char *fmt, va_list ap) __PRINTF(3, 0);
int vasprintf(char **text, const char *fmt, va_list ap) __PRINTF(2, 0);

int scanf(const char *fmt, ...) __SCANF(1, 2);
int fscanf(FILE *f, const char *fmt, ...) __SCANF(2, 3);
int sscanf(const char *s, const char *fmt, ...) __SCANF(2, 3);
int vscanf(const char *fmt, va_list ap) __SCANF(1, 0);
int vfscanf(FILE *f, const char *fmt, va_list ap) __SCANF(2, 0);
int vsscanf(const char *s, const char *fmt, va_list ap) __SCANF(2, 0);

// A command for sh -c at the other end of a pipe; mode "r" or "w". pclose()
// returns its wait status.
FILE *popen(const char *command, const char *mode);
int   pclose(FILE *f);

void perror(const char *s);
int  remove(const char *path);
int  rename(const char *from, const char *to);
