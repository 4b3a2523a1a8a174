// file.h: open files. A struct file is shared by dup and fork.
//
// Reads of files and pipes copy to user memory in the midst of their work, as
// far as its pages are there (usercopy.h); devices and writes to files work
// on spans of user memory that the caller has pinned. Devices never sleep in
// file_read and file_write: they answer -EAGAIN, and file_wait() waits with
// nothing pinned.

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

struct span {                       // a run of kernel memory
    uchar *p;
    uint n;
};

struct devsw {                      // device drivers, by major number
    int (*wait)(int write);         // sleep until it may go on; 0 or -EINTR
    int (*read)(void *, int n);     // bytes; 0 end of file; -EAGAIN; -errno
    int (*write)(const void *, int n);
};
enum { DEV_CONSOLE = 1, DEV_NULL, DEV_ZERO, NDEVSW = 8 };
extern struct devsw devsw[NDEVSW];  // no wait: never -EAGAIN

struct file *file_alloc(void);      // ref 1; 0 when out of memory
struct file *file_dup(struct file *);
void file_close(struct file *);     // may sleep
// Sleep until a device may get on. 0 or -EINTR.
int  file_wait(struct file *, int write);
// Devices, and writes to a file: move up to all of the spans. Bytes (0: end
// of file), -EAGAIN, -errno. A write of at most a page stays together.
int  file_read(struct file *, const struct span *, int nspans);
int  file_write(struct file *, const struct span *, int nspans);
void file_stat(struct file *, struct stat *);
uint files_inuse(void);
// Does this major number have a driver?
int  dev_exists(uint major);

#define PIPE_BUF 4096               // bytes of a write that stay together
// 0, -ENOMEM, or -ENFILE: pipes have their share of RAM.
int  pipe_alloc(struct file **rd, struct file **wr);
void pipe_close(struct pipe *, int writable);
// To and from user memory, n > 0 bytes; sleep while the pipe is empty or full.
// Bytes, 0: end of file, -EFAULT, -EINTR, -ENOMEM, -EPIPE: no reader.
int  pipe_read(struct pipe *, uint uva, uint n);
int  pipe_write(struct pipe *, uint uva, uint n);
uint pipe_size(struct pipe *);      // bytes in it
uint pipes_inuse(void);

// nulldev.c: majors DEV_NULL and DEV_ZERO.
int  null_read(void *, int n);
int  null_write(const void *, int n);
int  zero_read(void *, int n);
