// dir.h: one directory, a table of names (dir.c). Its inode lock is held
// throughout.

#pragma once

#include "names.h"

struct page;
struct hold;

#define DOTDOT   RECSIZE            // offset of a directory's second record

// Where a record is: in a directory block that is held.
struct place {
    struct page *pg;
    uint off;                       // in the directory
};

// May names be looked up in it at all? 0, -ENOTDIR; -ENOENT: it was removed.
int  dir_check(struct inode *);
// The inode behind a name, with a reference, and where its record is.
int  dir_entry(struct inode *, const char *name, uint *off, struct inode **);
// Does a name still lead to ip (0: to nothing), as it did when nothing was
// locked? 0 and where its record is; -EAGAIN if not.
int  dir_look_again(struct inode *, const char *name, struct inode *ip,
                    uint *off);
// An entry, other than . and .., that leads to inum or, for inum 0, anywhere.
// 1 and its name; 0: there is none.
int  dir_entry_to(struct inode *, uint inum, char *name);

// In a transaction. Room for a name that must not exist: its block is held,
// the directory's inode too.
int  dir_room(struct hold *, struct inode *, const char *name,
              struct place *);
// From now on a name means that inode, or nothing.
void dir_enter(struct inode *, const struct place *, const char *name,
               uint inum);
void dir_erase(struct inode *, const struct place *, const char *name);
// Write a record, telling nobody. inum 0 erases it.
void dir_put(const struct place *, const char *name, uint inum);
// A new directory's first two records; above is the directory that it is in.
int  dir_begin(struct inode *, uint above);
