// file.h: open files. A struct file is shared by dup and fork.
//
// A transfer goes in steps (file_rw), which copy from or to user memory in the
// midst of their work, as far as its pages are there
// (usercopy.h). A step that finds none there answers -EAGAIN; its caller, who
// holds nothing, has the pages faulted in and tries again.

#pragma once

#include "types.h"

struct inode;
struct pipe;
struct stat;

enum filetype { FD_INODE = 1, FD_DEV, FD_PIPE };

struct file {
    /* atomic */
    volatile uint ref;

    /* fixed once the descriptor is published */
    uchar type, readable, writable, append;
    ushort major;                   // FD_DEV
    struct inode *ip;               // FD_INODE, FD_DEV
    struct pipe *pipe;              // FD_PIPE

    /* guarded by ip->lock */
    uint  off;
};

struct devsw {                      // device drivers, by major number
    int (*read)(uint uva, uint n);  // one step, see file_rw
    int (*write)(uint uva, uint n);
};
enum { DEV_CONSOLE = 1, DEV_NULL, DEV_ZERO, NDEVSW = 8 };
extern struct devsw devsw[NDEVSW];

struct file *file_alloc(void);      // ref 1; 0 when out of memory
struct file *file_dup(struct file *);
void file_close(struct file *);     // may sleep; 0 is nothing
// One step between a file and user memory, n > 0 bytes. May sleep for what
// there is to read, or for room. Bytes, perhaps fewer; 0: the end of the file;
// -EAGAIN: pages of the user's are not there: user_ready(); -ERESTART, -errno.
// Up to WHOLE bytes of a file, or PIPE_BUF of a pipe, count as a whole or not
// at all: an append of that size stays together (fs.h says what else holds).
int  file_rw(struct file *, uint uva, uint n, int write);
void file_stat(struct file *, struct stat *);
uint files_inuse(void);
// Does this major number have a driver?
int  dev_exists(uint major);

#define PIPE_BUF 4096               // bytes of a write that stay together
// Make two new files the ends of a new pipe. 0, -ERESTART, or -ENFILE: pipes
// have their share of RAM.
int  pipe_open(struct file *rd, struct file *wr);
// write: which end.
void pipe_close(struct pipe *, int write);
// One step, as file_rw; -EINTR, -EPIPE: no reader.
int  pipe_rw(struct pipe *, uint uva, uint n, int write);
uint pipe_size(struct pipe *);      // bytes in it
uint pipes_inuse(void);

// nulldev.c: majors DEV_NULL and DEV_ZERO.
int  null_read(uint uva, uint n);
int  null_write(uint uva, uint n);
int  zero_read(uint uva, uint n);
