// names.h: what names in directories are known to mean (names.c).

#pragma once

#include "fsformat.h"

struct inode;

// A directory's record, and in the table a key, as words: quick to compare.
#define RECSIZE  16
#define RECWORDS 4

union record {
    struct dirent de;
    uint w[RECWORDS];
};

int  names_init(void);              // 0 or -ENOMEM

// From a directory, referenced but not locked, to its entry of that name: 1
// and a new reference, -ENOENT if there is none, -ERESTART, or 0: look into
// the directory. Never sleeps.
int  names_step(struct inode *dir, const char *name, struct inode **);

// With the directory locked: the inode number behind a name and where its
// record is; 0: there is no such name, and where there was room for a record;
// UNKNOWN: look into the directory.
#define UNKNOWN (-1)
int  names_get(uint dir, const char *name, uint *off);
// This is what a name means now. inum as above.
void names_set(uint dir, const char *name, int inum, uint off);
