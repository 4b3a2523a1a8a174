// lib.h: strings, memory, and what every file wants. No locks, never sleeps,
// any context.

#pragma once

#include "types.h"

#define NELEM(a) (sizeof(a) / sizeof((a)[0]))
#define MIN(a, b) ((a) < (b) ? (a) : (b))
#define MAX(a, b) ((a) > (b) ? (a) : (b))

void *memset(void *, int, size_t);
void *memcpy(void *, const void *, size_t);      // copies upwards
void *memmove(void *, const void *, size_t);     // may overlap
int   memcmp(const void *, const void *, size_t);
size_t strlen(const char *);
int   strcmp(const char *, const char *);
// Copy at most n - 1 bytes and always end with NUL; returns strlen(src).
size_t strlcpy(char *, const char *, size_t);
