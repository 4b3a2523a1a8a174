// stat.h: what fstat() tells.

#pragma once

#include "types.h"

enum { T_DIR = 1, T_FILE = 2, T_DEV = 3 };

struct stat {
    short type;     // T_*; T_DEV too for a pipe
    int   dev;      // disk the inode is on; 0 for a pipe
    uint  ino;
    short nlink;    // 32767 stands for any larger count
    uint  size;     // bytes
};
