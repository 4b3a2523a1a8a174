// pipe.c: pipes: a ring of PIPESIZE bytes between two open files.
//
//   frame[0]      frame[1]      frame[2]      frame[3]
//   [......#######|#############|####.........|.............]
//          ^ nread                  ^ nwrite       both count for ever;
//                                                  position mod PIPESIZE
//
// The ring's frames are taken when a write first reaches them and kept until
// the pipe goes. An empty pipe starts again at the front, so that a pipe
// which is read as fast as it is written lives in one frame.
//
// pipe_read and pipe_write work under the pipe's spin lock and never sleep.
// Who finds nothing to do gets -EAGAIN, gives its pins back, and waits in
// pipe_wait, which looks without the lock first: a wrong look is mended by
// another -EAGAIN. Nobody is woken unless somebody said that it waits:
// rwait for readers; for writers wneed, the smallest room that one of them
// wants. A woken sleeper looks again and says so again.
//
// A write of at most PIPE_BUF bytes goes in whole or not at all, and no
// writer sleeps while PIPE_BUF bytes are free, so none starves for room
// that will never come.

#include <types.h>
#include <errno.h>
#include <param.h>
#include <mmu.h>
#include <memlayout.h>
#include <lib.h>
#include <print.h>
#include <x86.h>
#include <spinlock.h>
#include <cpu.h>
#include <kalloc.h>
#include <pool.h>
#include <sched.h>
#include <stat.h>
#include <file.h>

#define NRING (PIPESIZE / (int)PGSIZE)

struct pipe {
    struct spinlock lock;

    /* guarded by lock; the counts are also looked at without it */
    volatile uint nread, nwrite;
    volatile uchar readopen, writeopen;
    uchar rwait;                    // a reader sleeps
    uint  wneed;                    // a writer sleeps for so much room
    uchar *frame[NRING];
};

static struct pool pipepool = POOL("pipes", sizeof(struct pipe));

uint
pipes_inuse(void)
{
    return pipepool.inuse;
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
end_init(struct file *f, struct pipe *p, int write)
{
    f->type = FD_PIPE;
    f->readable = !write;
    f->writable = write;
    f->pipe = p;
}

int
pipe_alloc(struct file **rd, struct file **wr)
{
    struct pipe *p = pool_get(&pipepool);

    *rd = file_alloc();
    *wr = file_alloc();
    if (!p || !*rd || !*wr) {
        if (p)
            pool_put(&pipepool, p);
        if (*rd)
            file_close(*rd);
        if (*wr)
            file_close(*wr);
        return -ENOMEM;
    }
    initlock(&p->lock, "pipe", RANK_PIPE);
    p->readopen = p->writeopen = 1;
    end_init(*rd, p, 0);
    end_init(*wr, p, 1);
    return 0;
}

static void
wake_readers(struct pipe *p)
{
    if (!p->rwait)
        return;
    p->rwait = 0;
    wakeup((void *)&p->nread);
}

static void
wake_writers(struct pipe *p)
{
    if (!p->wneed)
        return;
    p->wneed = 0;
    wakeup((void *)&p->nwrite);
}

void
pipe_close(struct pipe *p, int writable)
{
    int i, last;

    acquire(&p->lock);
    if (writable) {
        p->writeopen = 0;
        wake_readers(p);
    } else {
        p->readopen = 0;
        wake_writers(p);
    }
    last = !p->readopen && !p->writeopen;
    release(&p->lock);
    if (!last)
        return;
    for (i = 0; i < NRING; i++)
        if (p->frame[i])
            kfree(p->frame[i]);
    pool_put(&pipepool, p);
}

static int
can_read(struct pipe *p)
{
    return p->nread != p->nwrite || !p->writeopen;
}

static int
can_write(struct pipe *p, uint n)
{
    return room(p) >= MIN(n, PIPE_BUF) || !p->readopen;
}

static int
wait_read(struct pipe *p)
{
    int err = 0;

    acquire(&p->lock);
    while (!can_read(p) && err == 0) {
        p->rwait = 1;
        err = sleep_intr((void *)&p->nread, &p->lock);
    }
    release(&p->lock);
    return err;
}

static int
wait_write(struct pipe *p, uint need)
{
    int err = 0;

    acquire(&p->lock);
    while (!can_write(p, need) && err == 0) {
        if (p->wneed == 0 || need < p->wneed)
            p->wneed = need;
        err = sleep_intr((void *)&p->nwrite, &p->lock);
    }
    release(&p->lock);
    return err;
}

int
pipe_wait(struct pipe *p, int write, uint n)
{
    if (write)
        return can_write(p, n) ? 0 : wait_write(p, MIN(n, PIPE_BUF));
    return can_read(p) ? 0 : wait_read(p);
}

// Where the ring has position pos, and how many of n bytes lie there in one
// piece. 0 bytes: the frame is missing and there is no memory for it.
static uchar *
ring_at(struct pipe *p, uint pos, uint *n)
{
    uint slot = pos % PIPESIZE / PGSIZE;

    *n = MIN(*n, PGSIZE - PGOFF(pos));
    if (!p->frame[slot] && !(p->frame[slot] = kalloc())) {
        *n = 0;
        return 0;
    }
    return p->frame[slot] + PGOFF(pos);
}

// Take up to n bytes out of the ring.
static void
ring_get(struct pipe *p, uchar *dst, uint n)
{
    uint run;
    uchar *from;

    while (n > 0) {
        run = n;
        from = ring_at(p, p->nread, &run);
        memcpy(dst, from, run);
        p->nread += run;
        dst += run;
        n -= run;
    }
}

// Put n bytes at pos; how many went in before memory ran out. nwrite stays:
// the caller publishes.
static uint
ring_put(struct pipe *p, uint pos, const uchar *src, uint n)
{
    uint run, done = 0;
    uchar *to;

    while (done < n) {
        run = n - done;
        to = ring_at(p, pos + done, &run);
        if (run == 0)
            break;
        memcpy(to, src + done, run);
        done += run;
    }
    return done;
}

int
pipe_read(struct pipe *p, const struct span *s, int nspans)
{
    uint n, done = 0;
    int i;

    acquire(&p->lock);
    if (!can_read(p)) {
        release(&p->lock);
        return -EAGAIN;
    }
    for (i = 0; i < nspans && p->nread != p->nwrite; i++) {
        n = MIN(s[i].n, p->nwrite - p->nread);
        ring_get(p, s[i].p, n);
        done += n;
    }
    if (p->nread == p->nwrite)
        p->nread = p->nwrite = 0;
    if (p->wneed && room(p) >= p->wneed)
        wake_writers(p);
    release(&p->lock);
    return done;
}

// All of the spans that fits, or nothing when that would tear a small write.
static int
put_spans(struct pipe *p, const struct span *s, int nspans)
{
    uint n, put, total = 0, done = 0;
    int i;

    for (i = 0; i < nspans; i++)
        total += s[i].n;
    if (room(p) < MIN(total, PIPE_BUF))
        return -EAGAIN;
    for (i = 0; i < nspans; i++) {
        n = MIN(s[i].n, room(p) - done);
        put = ring_put(p, p->nwrite + done, s[i].p, n);
        done += put;
        if (put < s[i].n)
            break;
    }
    if (done < MIN(total, PIPE_BUF))
        return -ENOMEM;
    p->nwrite += done;
    return done;
}

int
pipe_write(struct pipe *p, const struct span *s, int nspans)
{
    int done;

    acquire(&p->lock);
    done = p->readopen ? put_spans(p, s, nspans) : -EPIPE;
    if (done > 0)
        wake_readers(p);
    release(&p->lock);
    return done;
}
