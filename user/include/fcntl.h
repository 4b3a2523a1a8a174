// fcntl.h: opening files.

#pragma once

#include <sys/types.h>
#include "../../fcntl.h"

#define O_CREAT   O_CREATE
#define O_ACCMODE 3
#define O_CLOEXEC 0                 // descriptors go through every exec
#define O_NOCTTY  0
#define O_BINARY  0

int open(const char *path, int flags, ...);     // a mode is passed over
int creat(const char *path, mode_t mode);
