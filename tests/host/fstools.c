// fstools.c: mkfs and fsck for the tests of the file system, on a "DISK" that
// is memory (fsworld.h). They are linked, not included there: the kernel's
// headers and the host's do not go together.

#define _GNU_SOURCE
#define _FILE_OFFSET_BITS 64
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "fstools.h"

static void *disk;
static size_t disksize;

void
fstools_disk(void *mem, size_t size)
{
    disk = mem;
    disksize = size;
}

FILE *
fstools_open(const char *name, const char *mode)
{
    if (strcmp(name, "DISK") == 0)
        return fmemopen(disk, disksize, "r+b");
    return fopen(name, mode);
}
#define fopen fstools_open
#define ftruncate(fd, n) 0
#define main mkfs_main
#define usage mkfs_usage
#include "../../tools/hostfs.c"
#include "../../tools/mkfs.c"
#undef main
#undef usage
#define main fsck_main
#include "../../tools/fscheck.c"
#include "../../tools/fsmend.c"
#include "../../tools/diskmend.c"
#include "../../tools/fsck.c"
