// sys/mman.h: mapping files and memory.

#pragma once

#include <sys/types.h>
#include "../../../mman.h"

#define MAP_ANON   MAP_ANONYMOUS
#define MAP_FAILED ((void *)-1)

void *mmap(void *addr, unsigned int len, int prot, int flags, int fd,
           unsigned int off);
int   munmap(void *addr, unsigned int len);
int   mprotect(void *addr, unsigned int len, int prot);
int   msync(void *addr, unsigned int len, int flags);
