// fscheck.h: what fscheck.c finds out about the file system in hostfs.h.

#pragma once

#include "hostfs.h"

extern struct fscheck {
    int   quiet;                    // count the problems only
    uint  problems, files, used;    // used: blocks
    uint  *owner;                   // inode of each block; 0: none
    uint  *names;                   // of each inode, as nlink counts them
    uchar *listed;                  // blocks: looked at as a directory's
    uchar *reached;                 // directories: in the tree,
    uint  *todo, ntodo;             // in the order they were found;
    uint  *parent;                  // and from where
} ck;

void problem(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void check_all(void);
const char *a_name(const struct dirent *de);    // for messages; static
int  well_formed(const struct dirent *de);      // a good name?
// Is partition i swap that lies over the files or the kernel? Where, then.
int  swap_fault(uint i, uint *start, uint *end);
