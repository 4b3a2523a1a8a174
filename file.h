// file.h: open files. A struct file is shared by dup and fork.
//
// A transfer goes in steps (step() in sysfile.c: readi_user(), writei_user(),
// pipe_rw(), a devsw entry), which copy from or to user memory in the midst of
// their work, as far as its pages are there (copynow.h). A step that finds none
// there answers -EAGAIN; its caller, who holds nothing, has the pages faulted
// in and tries again.

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

// One step: between a file, a pipe or a device and user memory, n > 0 bytes.
// May sleep for what there is to read, or for room. Bytes, perhaps fewer; 0:
// the end of the file; -EAGAIN: pages of the user's are not there:
// user_ready(); -ERESTART, -errno. Up to WHOLE bytes of a file, or PIPE_BUF of
// a pipe, count as a whole or not at all: an append of that size stays together
// (fs.h says what else holds).
struct devsw {                      // device drivers, by major number
    int (*read)(uint uva, uint n);
    int (*write)(uint uva, uint n);
};
enum { DEV_CONSOLE = 1, DEV_NULL, DEV_ZERO, DEV_EVENTS, NDEVSW = 8 };
extern struct devsw devsw[NDEVSW];

struct file *file_alloc(void);      // ref 1; 0 when out of memory
struct file *file_dup(struct file *);
void file_close(struct file *);     // may sleep; 0 is nothing
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
// One step, as above; also -EINTR; -EPIPE: no reader.
int  pipe_rw(struct pipe *, uint uva, uint n, int write);
uint pipe_size(struct pipe *);      // bytes in it
uint pipes_inuse(void);

// nulldev.c: majors DEV_NULL and DEV_ZERO.
int  null_read(uint uva, uint n);
int  null_write(uint uva, uint n);
int  zero_read(uint uva, uint n);
