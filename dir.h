// dir.h: one directory, a table of names (dir.c). It is locked throughout.

#pragma once

#include "names.h"

struct op;
struct page;

#define DOTDOT RECSIZE              // offset of a directory's second record

// A name in a directory, and what it leads to.
struct dentry {
    struct inode *dp;               // the directory, referenced
    char name[DIRSIZ];
    int slash;                      // one came after it: it means a directory
    struct inode *ip;               // referenced; 0: nothing
    uint off;                       // where its record is, or will be, in dp
    struct page *pg;                // and that block, kept by the operation
};

// The inode behind a name, with a reference. -ENOTDIR, -ENOENT, ...
int  dir_lookup(struct inode *dp, const char *name, struct inode **);
// An entry, other than . and .., that leads to inum or, for inum 0, anywhere.
// 1 and its name; 0: there is none.
int  dir_find(struct inode *dp, uint inum, char *name);

int  dir_dots(const char *name);    // is it . or ..?

// In an operation. Does the name still lead to ip, as it did when nothing was
// locked? -EAGAIN if not. Its record's block is kept; a name that leads to
// nothing gets room for a record.
int  dir_prepare(struct op *, struct dentry *);
// From now on the name means that inode, or nothing. Cannot fail.
void dir_set(struct op *, const struct dentry *, uint inum);
// A new directory's first two records; above is the directory that it is in.
int  dir_begin(struct op *, struct inode *, uint above);
