// pipe.c: pipes: a ring of PIPESIZE bytes between two open files.
//
//   frame[0]      frame[1]      frame[2]      frame[3]
//   [......#######|#############|####.........|.............]
//          ^ nread                  ^ nwrite       both count for ever;
//                                                  position mod PIPESIZE
//
// A frame is taken when a write first reaches its place and none of the
// pipe's is free of unread bytes; the pipe keeps it until it goes. An empty
// pipe starts again at the front, so that a pipe which is read as fast as it
// is written lives in one frame.
//
// Nothing can be taken out of a pipe but by its reader, so all pipes together
// may have only a share of RAM. OWNFRAMES of that are a pipe's own from birth:
// PIPE_BUF bytes lie in so many frames, wherever they begin, and always go
// in unread. Who gets no third frame waits until the frames that the pipe has
// are enough. Where not even a pipe's own frames are left there is no new
// pipe.
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
// writer sleeps while PIPE_BUF bytes are free in frames that the pipe has or
// may take, so none starves for room that will never come.

#include "errno.h"
#include "lib.h"
#include "cpu.h"
#include "kalloc.h"
#include "pool.h"
#include "proc.h"
#include "sched.h"
#include "usercopy.h"
#include "file.h"
#include "memwait.h"

#define NRING     (PIPESIZE / (int)PGSIZE)
#define OWNFRAMES 2
#define RAMSHARE  8                 // pipes may have an eighth of it

struct pipe {
    struct spinlock lock;

    /* guarded by lock */
    uint  nread, nwrite;
    uchar readopen, writeopen;
    struct waiter readers, writers;
    uint  wneed;                    // a writer sleeps for so much room
    uint  nframes;
    uchar denied;                   // the last frame asked for: its share is
                                    // used up
    uchar *frame[NRING];
};

static volatile uint reserved;      // frames that pipes have or may take

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

static int
reserve(uint n)
{
    uint was;

    do {
        if ((was = reserved) + n > frames_total() / RAMSHARE)
            return 0;
    } while (cmpxchg(&reserved, was, was + n) != was);
    return 1;
}

static void
unreserve(uint n)
{
    uint was;

    do
        was = reserved;
    while (cmpxchg(&reserved, was, was - n) != was);
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
    struct pipe *p;

    if (!reserve(OWNFRAMES))
        return -ENFILE;
    p = pool_get(&pipepool);
    *rd = file_alloc();
    *wr = file_alloc();
    if (!p || !*rd || !*wr) {
        unreserve(OWNFRAMES);
        if (p)
            pool_put(&pipepool, p);
        if (*rd)
            file_close(*rd);
        if (*wr)
            file_close(*wr);
        return -ERESTART;
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
    unreserve(MAX(p->nframes, OWNFRAMES));
    pool_put(&pipepool, p);
}

static uchar *
new_frame(struct pipe *p)
{
    uchar *frame;

    p->denied = p->nframes >= OWNFRAMES && !reserve(1);
    if (p->denied)
        return 0;
    if ((frame = kalloc()) != 0)
        p->nframes++;
    else if (p->nframes >= OWNFRAMES)
        unreserve(1);
    return frame;
}

// A frame for what will be written at pos, the first of its page: one that
// has no unread bytes, or a new one; or 0.
static uchar * __attribute__((noinline))
ring_frame(struct pipe *p, uint pos)
{
    uint first = PGROUNDDOWN(p->nread), i;
    uchar **slot, *frame;

    for (i = (pos - first) / PGSIZE; i < NRING; i++) {
        slot = &p->frame[(first / PGSIZE + i) % NRING];
        if ((frame = *slot) != 0) {
            *slot = 0;
            return frame;
        }
    }
    return new_frame(p);
}

// The slot of position pos, and how many of n bytes lie there in one piece.
static inline uchar **
ring_at(struct pipe *p, uint pos, uint *n)
{
    *n = MIN(*n, PGSIZE - PGOFF(pos));
    return &p->frame[pos % PIPESIZE / PGSIZE];
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
        from = *ring_at(p, pos + done, &run) + PGOFF(pos + done);
        got = copyout_now(myproc()->as, uva + done, from, run);
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
        to = *ring_at(p, pos + done, &run) + PGOFF(pos + done);
        got = copyin_now(myproc()->as, to, uva + done, run);
        done += got;
    } while (done < n && got == run);
    return done;
}

// Frames for n bytes from pos: for how many of them there were some.
static uint __attribute__((noinline))
ring_make(struct pipe *p, uint pos, uint n)
{
    uint run, made = 0;
    uchar **slot;

    for (; made < n; made += run) {
        run = n - made;
        slot = ring_at(p, pos + made, &run);
        if (*slot == 0 && (*slot = ring_frame(p, pos + made)) == 0)
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
    from = *ring_at(p, p->nread, &run) + PGOFF(p->nread);
    if (run == n)                   // in one piece
        got = copyout_now(myproc()->as, uva, from, n);
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
// small write, nothing. -EAGAIN: pages of the user's are not there; -ERESTART:
// a frame of the ring's; -ENOSPC: and there is to be none.
static inline int
put(struct pipe *p, uint uva, uint n)
{
    uint least = MIN(n, PIPE_BUF), run;
    uchar *to;

    run = n = MIN(n, room(p));
    to = *ring_at(p, p->nwrite, &run);
    if (to && run == n)
        n = copyin_now(myproc()->as, to + PGOFF(p->nwrite), uva, n);
    else if ((n = ring_make(p, p->nwrite, n)) < least)
        return p->denied ? -ENOSPC : -ERESTART;
    else
        n = ring_in(p, p->nwrite, uva, n);
    if (n < least)
        return -EAGAIN;
    p->nwrite += n;
    wake_at(&p->readers);
    return n;
}

static int
wait_room(struct pipe *p, uint need)
{
    if (p->wneed == 0 || need < p->wneed)
        p->wneed = need;
    return wait_at(&p->writers, &p->lock);
}

// No more frames: wait until n bytes, at most PIPE_BUF, go into those that
// there are, wherever they begin.
static int
wait_short(struct pipe *p, uint n)
{
    int err = 0;
    uint need;

    acquire(&p->lock);
    need = n + (NRING - (p->nframes - 1)) * PGSIZE;
    while (room(p) < need && p->readopen && err == 0)
        err = wait_room(p, need);
    release(&p->lock);
    return err;
}

// One step of a write: bytes that went in, or -errno. Inline in both of its
// places: a call costs every write 18 instructions.
static inline int __attribute__((always_inline))
write_some(struct pipe *p, uint uva, uint n)
{
    uint need = MIN(n, PIPE_BUF);
    int err = 0;

    acquire(&p->lock);
    while (room(p) < need && p->readopen && err == 0)
        err = wait_room(p, need);
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
        } else if (got == -ERESTART) {
            got = mem_wait();       // for a frame of the ring's
        } else if (got == -ENOSPC) {
            got = wait_short(p, MIN(n - done, PIPE_BUF));
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
