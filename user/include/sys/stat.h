// sys/stat.h: what a file is. The kernel's struct stat, with POSIX's names.
// There are no permissions: a mode is only a kind, and is passed over where
// one is given.

#pragma once

#include <sys/types.h>
#include "../../../stat.h"

#define st_mode  type
#define st_dev   dev
#define st_ino   ino
#define st_nlink nlink
#define st_size  size
#define st_mtime mtime

#define S_IFMT  3
#define S_IFDIR T_DIR
#define S_IFREG T_FILE
#define S_IFCHR T_DEV               // a pipe, too
#define S_ISDIR(mode)  (((mode) & S_IFMT) == S_IFDIR)
#define S_ISREG(mode)  (((mode) & S_IFMT) == S_IFREG)
#define S_ISCHR(mode)  (((mode) & S_IFMT) == S_IFCHR)
#define S_ISBLK(mode)  0
#define S_ISFIFO(mode) 0
#define S_ISLNK(mode)  0
#define S_ISSOCK(mode) 0

#define S_IRWXU 0700
#define S_IRUSR 0400
#define S_IWUSR 0200
#define S_IXUSR 0100
#define S_IRWXG 0070
#define S_IRGRP 0040
#define S_IWGRP 0020
#define S_IXGRP 0010
#define S_IRWXO 0007
#define S_IROTH 0004
#define S_IWOTH 0002
#define S_IXOTH 0001

int stat(const char *path, struct stat *st);
int lstat(const char *path, struct stat *st);
int fstat(int fd, struct stat *st);
int mkdir(const char *path, ...);   // a mode is passed over
int chmod(const char *path, mode_t mode);       // nothing, if path is there
int fchmod(int fd, mode_t mode);
mode_t umask(mode_t mask);
