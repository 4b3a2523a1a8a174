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
// Readers and writers sleep, look and copy under the pipe's spin lock alone.
// Copying to and from the user goes as far as pages are there; for the rest
// the lock is let go and the page faulted in. So a bad buffer is found
// before anything is taken out.
//
// Writers that wait say in wneed the smallest room that one of them wants,
// and are not woken for less. A woken one looks again and says so again.
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
#include <x86.h>
#include <spinlock.h>
#include <cpu.h>
#include <kalloc.h>
#include <pool.h>
#include <sched.h>
#include <usercopy.h>
#include <file.h>

#define NRING (PIPESIZE / (int)PGSIZE)

struct pipe {
    struct spinlock lock;

    /* guarded by lock */
    uint  nread, nwrite;
    uchar readopen, writeopen;
    struct waiter readers, writers;
    uint  wneed;                    // a writer sleeps for so much room
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
wake_writers(struct pipe *p)
{
    p->wneed = 0;
    wake_at(&p->writers);
}

void
pipe_close(struct pipe *p, int writable)
{
    int i, last;

    acquire(&p->lock);
    if (writable) {
        p->writeopen = 0;
        wake_at(&p->readers);
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

// Where the ring has position pos, and how many of n bytes lie there in one
// piece. 0: the frame is missing and there is no memory for it.
static inline uchar *
ring_at(struct pipe *p, uint pos, uint *n)
{
    uint slot = pos % PIPESIZE / PGSIZE;

    *n = MIN(*n, PGSIZE - PGOFF(pos));
    if (!p->frame[slot] && !(p->frame[slot] = kalloc()))
        return 0;
    return p->frame[slot] + PGOFF(pos);
}

// From the ring at pos, round its frames, to the user: bytes that could be
// copied.
static uint __attribute__((noinline))
ring_out(struct pipe *p, uint pos, uint uva, uint n)
{
    uint run, got, done = 0;
    uchar *from;

    do {
        run = n - done;
        from = ring_at(p, pos + done, &run);
        got = copyout_now(uva + done, from, run);
        done += got;
    } while (done < n && got == run);
    return done;
}

static uint __attribute__((noinline))
ring_in(struct pipe *p, uint pos, uint uva, uint n)
{
    uint run, got, done = 0;
    uchar *to;

    do {
        run = n - done;
        to = ring_at(p, pos + done, &run);
        got = copyin_now(to, uva + done, run);
        done += got;
    } while (done < n && got == run);
    return done;
}

// Frames for n bytes from pos: for how many of them there was memory.
static uint __attribute__((noinline))
ring_make(struct pipe *p, uint pos, uint n)
{
    uint run, made = 0;

    for (; made < n; made += run) {
        run = n - made;
        if (ring_at(p, pos + made, &run) == 0)
            break;
    }
    return made;
}

// Take up to n bytes out of the ring, which has some. -EAGAIN: pages of the
// user's are not there. What makes up to PIPE_BUF bytes is taken whole.
static inline int
take(struct pipe *p, uint uva, uint n)
{
    uint run, got;
    uchar *from;

    run = n = MIN(n, p->nwrite - p->nread);
    from = ring_at(p, p->nread, &run);
    if (run == n)                   // in one piece
        got = copyout_now(uva, from, n);
    else
        got = ring_out(p, p->nread, uva, n);
    if (got < n && (got == 0 || n <= PIPE_BUF))
        return -EAGAIN;
    p->nread += got;
    if (p->nread == p->nwrite)
        p->nread = p->nwrite = 0;
    if (p->wneed && room(p) >= p->wneed)
        wake_writers(p);
    return got;
}

// Wait for bytes, unless told not to, and take up to n.
static inline int
read_some(struct pipe *p, uint uva, uint n, int wait)
{
    int got = 0;

    acquire(&p->lock);
    while (wait && p->nread == p->nwrite && p->writeopen && got == 0)
        got = wait_at(&p->readers, &p->lock);
    if (got == 0 && p->nread != p->nwrite)
        got = take(p, uva, n);
    release(&p->lock);
    return got;
}

// Put in as much of n bytes as there is room for, or, when that would tear a
// small write, nothing. -EAGAIN: pages of the user's are not there; -ENOMEM:
// a frame of the ring's.
static inline int
put(struct pipe *p, uint uva, uint n)
{
    uint least = MIN(n, PIPE_BUF), run;
    uchar *to;

    run = n = MIN(n, room(p));
    to = ring_at(p, p->nwrite, &run);
    if (to == 0)
        return -ENOMEM;
    if (run == n)
        n = copyin_now(to, uva, n);
    else if ((n = ring_make(p, p->nwrite, n)) < least)
        return -ENOMEM;
    else
        n = ring_in(p, p->nwrite, uva, n);
    if (n < least)
        return -EAGAIN;
    p->nwrite += n;
    wake_at(&p->readers);
    return n;
}

// One step of a write: bytes that went in, or -errno. Inline in both of its
// places: a call costs every write 18 instructions.
static inline int __attribute__((always_inline))
write_some(struct pipe *p, uint uva, uint n)
{
    uint need = MIN(n, PIPE_BUF);
    int err = 0;

    acquire(&p->lock);
    while (room(p) < need && p->readopen && err == 0) {
        if (p->wneed == 0 || need < p->wneed)
            p->wneed = need;
        err = wait_at(&p->writers, &p->lock);
    }
    if (err == 0)
        err = p->readopen ? put(p, uva, n) : -EPIPE;
    release(&p->lock);
    return err;
}

// A step found pages of the user's away. Have them back for the next one;
// where memory ends, *n is cut, but not what was to stay together.
static int
make_ready(uint uva, uint *n, int write)
{
    uint all = *n;
    int err = user_ready(uva, n, !write);

    if (write && err == 0 && *n < all && all <= PIPE_BUF)
        return -EFAULT;
    return err;
}

// The first step moved less than n bytes, perhaps only because a page of the
// user's was away: what else a read finds in the pipe by now is its own, too.
static int __attribute__((noinline))
go_on(struct pipe *p, uint uva, uint n, int got, int write)
{
    uint done = 0, left;

    for (;;) {
        if (got == -EAGAIN) {
            left = n - done;
            got = make_ready(uva + done, &left, write);
            n = done + left;
        } else if (got == -ENOMEM) {
            got = mem_wait();       // for a frame of the ring's
        } else if (got == 0) {
            break;                  // end of file, or all that there was
        }
        if (got < 0)
            break;
        done += got;
        if (done == n || (got = sched_point()) < 0)
            break;
        if (write)
            got = write_some(p, uva + done, n - done);
        else
            got = read_some(p, uva + done, n - done, done == 0);
    }
    return done ? (int)done : got;
}

int
pipe_read(struct pipe *p, uint uva, uint n)
{
    int got = read_some(p, uva, n, 1);

    return got == (int)n ? got : go_on(p, uva, n, got, 0);
}

int
pipe_write(struct pipe *p, uint uva, uint n)
{
    int put = write_some(p, uva, n);

    return put == (int)n ? put : go_on(p, uva, n, put, 1);
}
