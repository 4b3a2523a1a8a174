// fcntl.h: open()'s flags and lseek()'s origins.

#pragma once

#define O_RDONLY  0x000
#define O_WRONLY  0x001
#define O_RDWR    0x002
#define O_CREATE  0x200
#define O_TRUNC   0x400     // cut an existing file to nothing
#define O_APPEND  0x800     // every write goes to the end
#define O_EXCL   0x1000     // with O_CREATE: fail if it exists

#define SEEK_SET 0
#define SEEK_CUR 1
#define SEEK_END 2
