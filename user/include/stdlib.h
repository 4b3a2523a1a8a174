// stdlib.h: memory, numbers, sorting, the environment, ends of programs.

#pragma once

#include <alloca.h>
#include <stddef.h>

#define EXIT_SUCCESS 0
#define EXIT_FAILURE 1
#define RAND_MAX     0x7fffffff
#define MB_CUR_MAX   1

typedef struct { int quot, rem; } div_t;
typedef struct { long quot, rem; } ldiv_t;
typedef struct { long long quot, rem; } lldiv_t;

// free() and realloc() of what was freed already, or was written beyond its
// end, end the program with a message.
void *malloc(size_t n);
void *calloc(size_t n, size_t size);
void *realloc(void *p, size_t n);
void *reallocarray(void *p, size_t n, size_t size);
void *aligned_alloc(size_t align, size_t n);
int   posix_memalign(void **p, size_t align, size_t n);
void  free(void *p);

long strtol(const char *s, char **end, int base);
unsigned long strtoul(const char *s, char **end, int base);
long long strtoll(const char *s, char **end, int base);
unsigned long long strtoull(const char *s, char **end, int base);
int  atoi(const char *s);
long atol(const char *s);
long long atoll(const char *s);

int  abs(int n);
long labs(long n);
long long llabs(long long n);
div_t   div(int n, int by);
ldiv_t  ldiv(long n, long by);
lldiv_t lldiv(long long n, long long by);

void  qsort(void *base, size_t n, size_t size,
            int (*cmp)(const void *, const void *));
void *bsearch(const void *key, const void *base, size_t n, size_t size,
              int (*cmp)(const void *, const void *));

void srand(unsigned int seed);
int  rand(void);
int  rand_r(unsigned int *seed);
void srandom(unsigned int seed);
long random(void);

// exit() calls atexit's functions, last first, then closes the streams.
int  atexit(void (*fn)(void));
void exit(int status) __attribute__((noreturn));
void _Exit(int status) __attribute__((noreturn));
void abort(void) __attribute__((noreturn));

char *getenv(const char *name);
int   setenv(const char *name, const char *value, int replace);
int   unsetenv(const char *name);
int   putenv(char *assignment);     // which stays the caller's
int   clearenv(void);

int   system(const char *command);  // by sh -c; its wait status
int   mkstemp(char *path);          // fills in the last six, XXXXXX
char *mkdtemp(char *path);
char *realpath(const char *path, char *resolved);
