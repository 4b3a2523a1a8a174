// frameinfo.h: who has a frame of memory, as the kernel tells a program.

#pragma once

#include "types.h"

enum framekind { FRAME_FREE, FRAME_KERNEL, FRAME_TABLE, FRAME_USER };

struct frameinfo {
    uint size;
    uint pfn;                 // its number
    uint kind;                // enum framekind
    uint ref;                 // its owners: page-table entries, and the cache
    uint dev, block;          // cached: 1 files, 2 swap; the block. Or 0
    uint state;               // of these bits
    uint age;                 // cached: since its last use, in units of 0.32 s,
                              // modulo 256
};
enum { FI_DIRTY = 1, FI_READING = 2, FI_WRITING = 4, FI_LOGGED = 8,
       FI_USED = 16 };              // again, since the cache's hand passed
