// path.h: names. Every call takes the directory that relative paths start
// from, opens its own transaction where it changes something, may sleep, and
// expects no inode lock and no transaction held. Components longer than
// DIRSIZ are silently cut, as xv6 does.

#pragma once

#include "fsformat.h"

struct inode;

// dir: it must be a directory, as if the path ended in a slash.
int  path_find(struct inode *cwd, const char *path, int dir, struct inode **);
// Create a file, device or directory: 0; 1 if the name exists; or -errno.
// What the name leads to is returned referenced, not locked.
int  path_create(struct inode *cwd, const char *path, int type, int major,
                 int minor, struct inode **);
int  path_link(struct inode *cwd, const char *old, const char *new);
int  path_unlink(struct inode *cwd, const char *path);
int  path_rename(struct inode *cwd, const char *old, const char *new);
// The absolute path of a directory: length or -errno (-ERANGE, -ENOENT).
int  path_of(struct inode *dir, char *buf, int n);
