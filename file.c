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
// Writes and devices get kernel memory as spans, one for each pinned user
// frame. A short answer is no failure; an error after some bytes have moved
// is left for the next call to find. Up to a page is read and written in one
// piece, even when the user's buffer lies across two frames, so that records
// and lines of several processes do not mix.
//
// No lock is needed to use a struct file: its fields are fixed before its
// descriptor is published, and the descriptor keeps it alive (SINGLE: only
// the process itself closes its descriptors).

#include "print.h"
#include "pool.h"
#include "stat.h"
#include "fs.h"
#include "file.h"

static struct pool filepool = POOL("files", sizeof(struct file));

struct devsw devsw[NDEVSW] = {
    [DEV_NULL] = { 0, null_read, null_write },
    [DEV_ZERO] = { 0, zero_read, null_write },
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
    assert(f->ref > 0);
    atomic_inc(&f->ref);
    return f;
}

void
file_close(struct file *f)
{
    struct file was;

    assert(f->ref > 0);
    if (!atomic_dec_zero(&f->ref))
        return;
    was = *f;
    pool_put(&filepool, f);
    if (was.type == FD_PIPE)
        pipe_close(was.pipe, was.writable);
    else if (was.ip)
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

int
file_wait(struct file *f, int write)
{
    if (f->type == FD_DEV && devsw[f->major].wait)
        return devsw[f->major].wait(write);
    return 0;
}

void
file_stat(struct file *f, struct stat *st)
{
    __builtin_memset(st, 0, sizeof(*st));   // padding goes to the user, too;
                                            // inline: five stores
    if (f->type == FD_PIPE) {
        st->type = T_DEV;
        st->size = pipe_size(f->pipe);
    } else {
        stati(f->ip, st);
    }
}

// A terminal's line ends a read, so that the next line, or the end of file
// typed after it, is not taken by the rest of the buffer.
int
file_read(struct file *f, const struct span *s, int nspans)
{
    struct devsw *d = &devsw[f->major];
    int i, got, done = 0;

    for (i = 0; i < nspans; i++) {
        got = d->read(s[i].p, s[i].n);
        if (got <= 0)
            return done ? done : got;
        done += got;
        if (got < (int)s[i].n || s[i].p[got - 1] == '\n')
            break;
    }
    return done;
}

static int
dev_write(struct devsw *d, const struct span *s, int nspans)
{
    int i, put, done = 0;

    for (i = 0; i < nspans; i++) {
        put = d->write(s[i].p, s[i].n);
        if (put <= 0)
            return done ? done : put;
        done += put;
        if (put < (int)s[i].n)
            break;
    }
    return done;
}

int
file_write(struct file *f, const struct span *s, int nspans)
{
    if (f->type == FD_DEV)
        return dev_write(&devsw[f->major], s, nspans);
    return writei_spans(f->ip, s, nspans, &f->off, f->append);
}
