// fstools.h: mkfs and fsck as functions (fstools.c).

#pragma once

#include <stdio.h>

void fstools_disk(void *mem, size_t size);  // what the file name DISK means
FILE *fstools_open(const char *name, const char *mode);
int  mkfs_main(int argc, char **argv);
#define FSCK_UNUSABLE 8              // the largest status
int  fsck_main(int argc, char **argv);
