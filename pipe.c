// pipe.c: pipes: a ring of PIPESIZE bytes between two open files.
//
//   frame[0]      frame[1]      frame[2]      frame[3]
//   [......#######|#############|####.........|.............]
//          ^ nread                  ^ nwrite       both count for ever;
//                                                  position mod PIPESIZE
//
// The frames come with the pipe and go with it. Nothing can be taken out of a
// pipe but by its reader, so all pipes together may have only a share of RAM.
//
// Readers and writers look and copy under the pipe's spin lock alone, and sleep
// while there is nothing to read, or no room. Copying to and from the user
// goes as far as its pages are there; the caller has the rest faulted in with
// nothing locked, and comes again. So a bad buffer is found before anything is
// taken out.
//
// Up to PIPE_BUF bytes go in whole or not at all, and come out whole. No writer
// waits for more room than that, so none is woken for less.

#include "errno.h"
#include "lib.h"
#include "kalloc.h"
#include "pool.h"
#include "sched.h"
#include "copynow.h"
#include "file.h"
#include "proc.h"

#define NRING    (PIPESIZE / PGSIZE)
#define RAMSHARE 8                  // pipes may have an eighth of it

struct pipe {
    struct spinlock lock;

    /* guarded by lock */
    uint  nread, nwrite;
    uchar readopen, writeopen;

    /* fixed */
    uchar *frame[NRING];
};

static struct pool pipepool = POOL("pipes", sizeof(struct pipe));

uint
pipes_inuse(void)
{
    return pool_inuse(&pipepool);
}

uint
pipe_size(struct pipe *p)
{
    uint n;

    acquire(&p->lock);
    n = p->nwrite - p->nread;
    release(&p->lock);
    return n;
}

static uint
room(struct pipe *p)
{
    return PIPESIZE - (p->nwrite - p->nread);
}

static void
pipe_free(struct pipe *p)
{
    uint i;

    for (i = 0; i < NRING; i++)
        if (p->frame[i])
            kfree(p->frame[i]);
    pool_put(&pipepool, p);
}

static struct pipe *
pipe_make(void)
{
    struct pipe *p = pool_get(&pipepool);
    uint i;

    if (p == 0)
        return 0;
    initlock(&p->lock, "pipe", RANK_PIPE);
    p->readopen = p->writeopen = 1;
    for (i = 0; i < NRING; i++)
        if ((p->frame[i] = kalloc()) == 0) {
            pipe_free(p);
            return 0;
        }
    return p;
}

static struct file *
end_make(struct pipe *p, int write)
{
    struct file *f = file_alloc();

    if (f) {
        f->type = FD_PIPE;
        f->readable = !write;
        f->writable = write;
        f->pipe = p;
    }
    return f;
}

int
pipe_alloc(struct file **rd, struct file **wr)
{
    struct pipe *p;

    if (pipes_inuse() >= frames_total() / RAMSHARE / NRING)
        return -ENFILE;
    if ((p = pipe_make()) == 0)
        return -ERESTART;
    if ((*rd = end_make(p, 0)) == 0) {
        pipe_free(p);
        return -ERESTART;
    }
    if ((*wr = end_make(p, 1)) == 0) {
        p->writeopen = 0;
        file_close(*rd);            // and the pipe with it
        return -ERESTART;
    }
    return 0;
}

void
pipe_close(struct pipe *p, int writable)
{
    int last;

    acquire(&p->lock);
    if (writable)
        p->writeopen = 0;
    else
        p->readopen = 0;
    wakeup(&p->nread);
    wakeup(&p->nwrite);
    last = !p->readopen && !p->writeopen;
    release(&p->lock);
    if (last)
        pipe_free(p);
}

// Copy between the ring, from position pos on, and the user: bytes, as far as
// the user's pages are there.
static uint
ring_copy(struct pipe *p, uint pos, uint uva, uint n, int in)
{
    struct aspace *as = myproc()->as;
    uint done, run, got;
    uchar *at;

    for (done = 0; done < n; done += run) {
        run = MIN(n - done, PGSIZE - PGOFF(pos + done));
        at = p->frame[(pos + done) / PGSIZE % NRING] + PGOFF(pos + done);
        if (in)
            got = copyin_now(as, at, uva + done, run);
        else
            got = copyout_now(as, uva + done, at, run);
        if (got < run)
            return done + got;
    }
    return n;
}

// Take up to n bytes out of the ring.
static int
ring_get(struct pipe *p, uint uva, uint n)
{
    uint got;

    n = MIN(n, p->nwrite - p->nread);
    got = ring_copy(p, p->nread, uva, n, 0);
    if (got < n && (got == 0 || n <= PIPE_BUF))
        return -EAGAIN;
    p->nread += got;
    if (room(p) >= PIPE_BUF)
        wakeup(&p->nwrite);
    return got;
}

int
pipe_read(struct pipe *p, uint uva, uint n)
{
    int got = 0;

    acquire(&p->lock);
    while (p->nread == p->nwrite && p->writeopen && got == 0)
        got = sleep_intr(&p->nread, &p->lock);
    if (got == 0)
        got = ring_get(p, uva, n);
    release(&p->lock);
    return got;
}

// Put in as much of n bytes as there is room for, or, when that would tear a
// small write, nothing.
static int
ring_put(struct pipe *p, uint uva, uint n)
{
    uint put = ring_copy(p, p->nwrite, uva, MIN(n, room(p)), 1);

    if (put < MIN(n, PIPE_BUF))
        return -EAGAIN;
    p->nwrite += put;
    wakeup(&p->nread);
    return put;
}

int
pipe_write(struct pipe *p, uint uva, uint n)
{
    int put = 0;

    acquire(&p->lock);
    while (room(p) < MIN(n, PIPE_BUF) && p->readopen && put == 0)
        put = sleep_intr(&p->nwrite, &p->lock);
    if (put == 0)
        put = p->readopen ? ring_put(p, uva, n) : -EPIPE;
    release(&p->lock);
    return put;
}
