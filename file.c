// file.c: open files: what a descriptor names.
//
// A struct file comes into being with open() or pipe() and is shared by the
// descriptors that dup() and fork() make of it; its reference count says how
// many. One of three things is behind it:
//
//   FD_INODE   a file or directory, and the offset where the next transfer
//              starts, guarded by the inode's lock so that two processes
//              with one offset never move the same bytes
//   FD_DEV     a device: the inode only names the driver
//   FD_PIPE    one end of a pipe
//
// A short answer is no failure; an error after some bytes have moved is left
// for the next call to find. Small transfers move in one piece, even when the
// user's buffer lies across two frames, so that records and lines of several
// processes do not mix.
//
// No lock is needed to use a struct file: its fields are fixed before its
// descriptor is published, and the descriptor keeps it alive (SINGLE: only
// the process itself closes its descriptors).

#include "print.h"
#include "x86.h"
#include "pool.h"
#include "stat.h"
#include "fs.h"
#include "event.h"
#include "file.h"

static struct pool filepool = POOL("files", sizeof(struct file));

struct devsw devsw[NDEVSW] = {
    [DEV_NULL] = { null_read, null_write },
    [DEV_ZERO] = { zero_read, null_write },
    [DEV_EVENTS] = { null_read, event_write },
};

struct file *
file_alloc(void)
{
    struct file *f = pool_get(&filepool);

    if (f)
        f->ref = 1;
    return f;
}

struct file *
file_dup(struct file *f)
{
    assert(f->ref > 0, "who uses a file holds a reference");
    atomic_inc(&f->ref);
    return f;
}

void
file_close(struct file *f)
{
    struct file was;

    if (f == 0)
        return;
    assert(f->ref > 0, "who uses a file holds a reference");
    if (!atomic_dec_zero(&f->ref))
        return;
    was = *f;
    pool_put(&filepool, f);
    if (was.type == FD_PIPE)
        pipe_close(was.pipe, was.writable);
    else
        iput(was.ip);
}

uint
files_inuse(void)
{
    return pool_inuse(&filepool);
}

int
dev_exists(uint major)
{
    return major < NDEVSW && devsw[major].read && devsw[major].write;
}

void
file_stat(struct file *f, struct stat *st)
{
    __builtin_memset(st, 0, OLDSTAT);   // padding goes to the user, too;
    st->mtime = st->blocks = 0;         // inline: seven stores, no loop
    if (f->type == FD_PIPE) {
        st->type = T_DEV;
        st->size = pipe_size(f->pipe);
    } else {
        stati(f->ip, st);
    }
}
