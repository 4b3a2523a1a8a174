// fs.h: inodes and their contents (fs.c, fsdata.c).
//
// Lock order inside: inode locks by number (op.c).

#pragma once

#include "fsformat.h"
#include "sleeplock.h"

struct stat;
struct page;

struct extent {                     // file blocks in a row on the disk, too
    uint index, bno, n;
};

struct inode {
    uint inum;                      // fixed

    // Struct files, regions, working directories, look-ups. Atomic; itable.lock
    // too for the first reference and for the last.
    volatile uint ref;

    /* guarded by itable.lock */
    int  deny;                      // sum of what is denied (enum denial)
    struct inode *hnext;            // hash chain
    struct inode *dnext;            // deferred list

    struct sleeplock lock;

    /* guarded by lock */
    uchar  valid;                   // read from the disk
    uchar  orphan;                  // without names: the last iput() frees it
    union {
        struct dinode disk;         // all that the disk has, at once, or
        struct {                    // its fields, in the same order
            ushort type, major, minor, nlink;
            uint   size, mtime;
            uint   addr[NDIRECT], ind, dind;
        };
    };
    struct extent extent;           // the last one found
    uint   raend, rawin;            // end and size of the last read-ahead
};

int  fs_init(void);                 // mount; frees orphans. 0 or -errno
struct inode *fs_root(void);        // a new reference
// The thread that commits, writes dirty data and frees deferred inodes.
void flusher(void) __attribute__((noreturn));

// Reference counting. iput() of the last reference to an inode without names
// frees it, in transactions of its own: call it outside any transaction. iput()
// of 0 is nothing.
struct inode *idup(struct inode *);
void iput(struct inode *);
int  ilock(struct inode *);         // 0, or -errno: then it is not locked
int  ilock_now(struct inode *);     // the same; -EBUSY: somebody else has it
void iunlock(struct inode *);

// Read all of n bytes; inode not locked on entry. 0, -errno; -ENOEXEC when the
// file ends before.
int  readi_exact(struct inode *, void *dst, uint off, uint n);
// From an open file to user memory, and back, n > 0: one step, at the file's
// offset, which it advances. Inode NOT locked on entry, no transaction open.
// Bytes; 0 at the end; -EAGAIN: user_ready() that memory and try again; -errno.
// A step may be short, lest others wait for too long, but one of up to WHOLE
// bytes is not: an append of that size stays together, and a read sees one
// moment. While such a write over old bytes waits for its user's pages, others
// may see some of them new and some old. Writing: -ENOSPC, -EFBIG, -EROFS,
// -ETXTBSY, -EINVAL (no plain file).
struct file;
int  readi_user(struct file *, uint uva, uint n);
int  writei_user(struct file *, uint uva, uint n);
// Set the size of an open file: cut, or grow with zeroes (undone when the disk
// fills up). Not locked on entry, no transaction open. 0 or -errno.
int  itrunc(struct inode *, uint size);
// Set the time of its last change, likewise.
int  isetmtime(struct inode *, uint seconds);
// The cached frame of page `index` of the file, with a reference taken for
// the caller, for the page fault. Inode not locked on entry; takes its lock
// without waiting, since an address space is locked. 0, -EFAULT past the last
// page, -EIO, -ERESTART, -EBUSY (locked).
int  iframe(struct inode *, uint index, struct page **);
// Of a valid inode. Unlocked, each field is right for itself.
void stati(struct inode *, struct stat *);

// A file that is run is not written, and the other way round. Running it is
// exec, from before it reads the file, and the regions of the program. Writing
// it is each call that does so, and the regions that are shared and writable.
// Whoever does the one denies the other, from the look to the end of the use.
// 0 or -ETXTBSY.
enum denial { DENY_EXEC = -1, DENY_NOTHING, DENY_WRITE };
int  ideny(struct inode *, enum denial);
void iallow(struct inode *, enum denial);

// Fill in what is said there of the file system.
struct sysinfo;
void fs_space(struct sysinfo *);
uint inodes_inuse(void);            // in memory, referenced
uint inodes_trim(void);             // drop unreferenced; returns how many
// Everything to the disk. 0 or -errno; -EIO while any block of data cannot be
// written, or, for one file: any of its own. ierror: only tell.
int  fs_sync(void);
int  isync(struct inode *);
int  ierror(struct inode *);

// For the file system's own parts. "In an operation" below (op.h): with
// enough credits, the inode locked, its block kept.

struct op;
struct inode *iget(uint inum);      // 0: out of memory
int  ikeep(struct op *, struct inode *);
// Write the inode to its block. Cannot fail.
void iupdate(struct op *, struct inode *);
// A new inode without names, locked, its bitmaps and its block kept. It is
// unlocked and given back with the operation's end: take another reference.
int  ialloc(struct op *, int type, int major, int minor, struct inode **);
// Undo of ialloc in the same operation, and the end of every inode: it has
// no blocks, its bitmap blocks are kept. Still locked and referenced after.
void ifree(struct op *, struct inode *);
// Its last name is gone: no links, orphan bit set (bitmaps kept).
void iorphan(struct op *, struct inode *);
// Give the file one more block at its end; its frame is returned, with a
// reference and all zero, for the caller to fill and to mark (bdirty or
// log_write), and then to raise size over it. Nothing has happened when it
// fails.
int  iappend(struct op *, struct inode *, struct page **);
// The frame of a block of the file, with a reference (bread).
int  iblock(struct inode *, uint index, struct page **);
// The same, kept.
int  iblock_keep(struct op *, struct inode *, uint index, struct page **);
// One step, with file_credits(), in cutting down to size: 1 when there is more
// to do, 0 or -errno.
int  icut_step(struct op *, struct inode *, uint size);
