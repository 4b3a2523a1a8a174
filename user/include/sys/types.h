// sys/types.h: what POSIX calls the types that system calls take.

#pragma once

#include <stddef.h>

typedef int ssize_t;
typedef int off_t;
typedef int pid_t;
typedef unsigned int uid_t;
typedef unsigned int gid_t;
typedef int id_t;
typedef unsigned int mode_t;
typedef int dev_t;
typedef unsigned int ino_t;
typedef unsigned int nlink_t;
typedef int blkcnt_t;
typedef int blksize_t;
typedef long time_t;                // good until January 2038
typedef long suseconds_t;
typedef long clock_t;
