// stat.h: what fstat() tells. Programs built for xv6 know the first OLDSTAT
// bytes.

#pragma once

#include "types.h"

enum { T_DIR = 1, T_FILE = 2, T_DEV = 3 };

struct stat {
    short type;     // T_*; T_DEV too for a pipe
    int   dev;      // disk the inode is on; 0 for a pipe
    uint  ino;
    short nlink;    // 32767 stands for any larger count
    uint  size;     // bytes
    uint  mtime;    // when its content changed last: seconds since 1970, UTC
    uint  blocks;   // of 4096 bytes that it has on the disk
};
#define OLDSTAT 20
