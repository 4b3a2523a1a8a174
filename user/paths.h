// paths.h: what programs share that go over files by their names;
// lib_paths.c. Where memory is out they say so and exit with 1.

#pragma once

#include "user.h"

int   isdir(const char *path);
int   samefile(const char *a, const char *b);       // both are there
char *joined(const char *dir, const char *name);    // pathjoin()
char *lastpart(const char *path);   // "b" of "a/b/", "/" of "/"; malloc'd
char *childof(const char *dir, const char *path);   // dir/lastpart
int   isdots(const char *name);     // "." or ".."
// The names in a directory, sorted, without . and ..; -1: errno.
int   children(const char *dir, struct dirent ***list);
void  freechildren(struct dirent **list, int n);
// A name, malloc'd, for each of n inodes; 0 where there is none, or ino[i] is 0.
// Searches the whole tree.
void  inode_paths(const uint *ino, char **path, int n);
// Calls visit() for the path of each, with this depth. 0; -1: errno.
typedef void visitfn(const char *path, int depth);
int   eachchild(const char *dir, int depth, visitfn *visit);

// The operands "from to" or "from... directory": calls each() for every pair,
// with a name in the directory if the last operand is one. Returns each()'s
// results, or-ed.
int eachpair(char **argv, int (*each)(const char *from, const char *to));

// Asks on stderr; 1 if the answer begins with y.
int confirmed(const char *question, const char *path);

// Bytes as "123", "1.5K", "20M", rounded up. Of the last three calls, the
// texts stay.
const char *sizetext(unsigned long long bytes);
// The letter of a file's type as in ls -l.
int typeletter(int type);
