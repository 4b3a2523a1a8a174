// shhost.h: what the parts of the shell that make no system call need from
// Teak, made of what the host has.

#pragma once

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef unsigned int uint;
typedef unsigned char uchar;

#define PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#define NORETURN __attribute__((noreturn))
#define errx(status, ...) (dprintf(2, __VA_ARGS__), exit(status))
