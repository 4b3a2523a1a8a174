// pipe.c: pipes: a ring of PIPESIZE bytes between two open files. Interface:
// file.h.
//
//   frame[0]      frame[1]      frame[2]      frame[3]
//   [......#######|#############|####.........|.............]
//          ^ moved[READER]          ^ moved[WRITER]    both count for ever;
//                                                      position mod PIPESIZE
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
// waits for more room than that, so none is woken for less. But for that, both
// directions are one and the same: an end waits for the other one, copies
// between the user and its place in the ring, and wakes the other one.

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

enum { READER, WRITER };            // a pipe's ends

struct pipe {
    struct spinlock lock;

    /* guarded by lock */
    uint  moved[2];                 // bytes that each end has moved
    uchar open[2];

    /* fixed */
    uchar *frame[NRING];
};

// What an end waits for: that so many bytes can be moved.
static const uint least[2] = { [READER] = 1, [WRITER] = PIPE_BUF };

static struct pool pipepool = POOL("pipes", sizeof(struct pipe));

uint
pipes_inuse(void)
{
    return pool_inuse(&pipepool);
}

// Bytes that an end could move now: what there is to read, or the room.
static uint
pipe_ready(const struct pipe *p, int end)
{
    uint n = p->moved[WRITER] - p->moved[READER];

    return end == READER ? n : PIPESIZE - n;
}

uint
pipe_size(struct pipe *p)
{
    uint n;

    acquire(&p->lock);
    n = pipe_ready(p, READER);
    release(&p->lock);
    return n;
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
    p->lock = SPINLOCK("pipe", RANK_PIPE);
    p->open[READER] = p->open[WRITER] = 1;
    for (i = 0; i < NRING; i++)
        if ((p->frame[i] = kalloc()) == 0) {
            pipe_free(p);
            return 0;
        }
    return p;
}

int
pipe_open(struct file *rd, struct file *wr)
{
    struct pipe *p;

    if (pipes_inuse() >= frames_total() / RAMSHARE / NRING)
        return -ENFILE;
    if ((p = pipe_make()) == 0)
        return -ERESTART;
    rd->type = wr->type = FD_PIPE;
    rd->pipe = wr->pipe = p;
    rd->readable = wr->writable = 1;
    return 0;
}

void
pipe_close(struct pipe *p, int end)
{
    int last;

    acquire(&p->lock);
    p->open[end] = 0;
    wakeup(&p->moved[!end]);
    last = !p->open[!end];
    release(&p->lock);
    if (last)
        pipe_free(p);
}

// Copy between the ring, from position pos on, and the user: bytes, as far as
// the user's pages are there.
static uint
ring_copy(struct pipe *p, uint pos, uint uva, uint n, int in)
{
    uint done, run, got;
    uchar *at;

    for (done = 0; done < n; done += run) {
        run = MIN(n - done, PGSIZE - PGOFF(pos + done));
        at = p->frame[(pos + done) / PGSIZE % NRING] + PGOFF(pos + done);
        if (in)
            got = copyin_now(at, uva + done, run);
        else
            got = copyout_now(uva + done, at, run);
        if (got < run)
            return done + got;
    }
    return n;
}

// Move up to n bytes through an end. -EAGAIN when the user's pages are there
// for less than PIPE_BUF and less than could be moved.
static int
ring_move(struct pipe *p, uint uva, uint n, int end)
{
    uint done;

    n = MIN(n, pipe_ready(p, end));
    done = ring_copy(p, p->moved[end], uva, n, end == WRITER);
    if (done < MIN(n, PIPE_BUF))
        return -EAGAIN;
    p->moved[end] += done;
    if (pipe_ready(p, !end) >= least[!end])
        wakeup(&p->moved[!end]);
    return done;
}

int
pipe_rw(struct pipe *p, uint uva, uint n, int end)
{
    int done = 0;

    acquire(&p->lock);
    while (pipe_ready(p, end) < MIN(n, least[end]) && p->open[!end] &&
           done == 0)
        done = sleep_intr(&p->moved[end], &p->lock);
    if (done == 0 && end == WRITER && !p->open[READER])
        done = -EPIPE;
    if (done == 0)
        done = ring_move(p, uva, n, end);
    release(&p->lock);
    return done;
}
