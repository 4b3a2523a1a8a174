// fsmend.h: mending what fscheck.c finds (fsmend.c), and what keeps it from
// looking at all (diskmend.c).

#pragma once

#include "fscheck.h"

// One line for what is done.
void mended(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
// Mend the file system in the cache; hfs_commit() makes it last.
void mend_all(void);
// Find a file system that hfs_find() or hfs_mount() did not take; repair the
// superblock and the partition table in the image, and mount. 0, or what is
// wrong. The offset is hfs_find()'s.
const char *mend_disk(long long offset);
// Swap that lies over the files is moved or given up.
void mend_swap(void);
