// t_pipe.c: the pipe's ring, against a plain queue, over random transfers
// with memory that sometimes runs out. pipe.c itself, locks and sleep left
// out.

#include <stdlib.h>
#include <stdio.h>
#include <stdarg.h>

#pragma GCC diagnostic ignored "-Wpointer-to-int-cast"
#pragma GCC diagnostic ignored "-Wint-to-pointer-cast"
struct proc *myproc(void);
#include "../../pipe.c"
#include "../../print.h"

#define ROUNDS 30000
#define QMAX   (1 << 20)

static int frames_out, objects_out, failing;
static uint slept, woken;
static uchar queue[QMAX];
static uint qhead, qtail;

struct page *frames;
static uint ram;                    // frames of it

struct proc *
myproc(void)
{
    static struct proc self;

    return &self;
}

uint
frames_total(void)
{
    return ram;
}

void *
kalloc(void)
{
    if (failing && rand() % 8 == 0)
        return 0;
    frames_out++;
    return malloc(PGSIZE);
}

void
kfree(void *frame)
{
    frames_out--;
    free(frame);
}

void *
pool_get(struct pool *pool)
{
    objects_out++;
    return calloc(1, pool->size);
}

uint
pool_inuse(struct pool *pool)
{
    (void)pool;
    return objects_out;
}

void
pool_put(struct pool *pool, void *obj)
{
    (void)pool;
    objects_out--;
    free(obj);
}

void
acquire(struct spinlock *lk)
{
    assert(!lk->owner);
    lk->owner = (struct cpu *)1;
}

void
release(struct spinlock *lk)
{
    assert(lk->owner);
    lk->owner = 0;
}

int
sleep_intr(void *chan, struct spinlock *lk)
{
    (void)chan;
    assert(lk->owner);
    slept++;
    return -EINTR;
}

void
wakeup(void *chan)
{
    (void)chan;
    woken++;
}

void
panic(const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    vfprintf(stderr, fmt, ap);
    va_end(ap);
    fputc('\n', stderr);
    exit(1);
}

// The user's memory: addresses are offsets. Of its pages some are away until
// a fault brings them back, and the last one is not the user's at all.

#define UPAGES 8
#define BAD    ((UPAGES - 1) * PGSIZE)

static uchar user[UPAGES * PGSIZE];
static uchar away[UPAGES];

static uint
reach(uint uva, uint n)
{
    uint i;

    for (i = 0; i < n; i++)
        if (uva + i >= BAD || away[(uva + i) / PGSIZE])
            break;
    return i;
}

uint
copyin_now(void *dst, uint uva, uint n)
{
    n = reach(uva, n);
    memcpy(dst, user + uva, n);
    return n;
}

uint
copyout_now(uint uva, const void *src, uint n)
{
    n = reach(uva, n);
    memcpy(user + uva, src, n);
    return n;
}

// As sysfile.c does: a step that finds pages missing has them faulted in and is
// made again.
static int
user_pages(uint uva, uint *n)
{
    uint all = MIN(*n, WHOLE), done;

    for (done = 0; done < all; done += PGSIZE - PGOFF(uva + done)) {
        if (uva + done >= BAD) {
            *n = done;
            return done ? 0 : -EFAULT;
        }
        away[(uva + done) / PGSIZE] = 0;
    }
    return 0;
}

static int
do_read(struct pipe *p, uint uva, uint n)
{
    int got, err = 0;

    while ((got = pipe_rw(p, uva, n, READER)) == -EAGAIN && err == 0)
        err = user_pages(uva, &n);
    return err ? err : got;
}

static int
do_write(struct pipe *p, uint uva, uint n)
{
    uint done = 0, left;
    int put = 0;

    while (done < n && put >= 0) {
        left = n - done;
        put = pipe_rw(p, uva + done, left, WRITER);
        if (put == -EAGAIN) {
            put = user_pages(uva + done, &left);
            if (put == 0 && left < n - done && n - done <= PIPE_BUF)
                put = -EFAULT;
            n = done + left;
        } else if (put > 0)
            done += put;
    }
    return done ? (int)done : put;
}

// As sysfile.c does: two new files become the ends.
static int
make_pipe(struct file **rd, struct file **wr)
{
    *rd = calloc(1, sizeof(struct file));
    *wr = calloc(1, sizeof(struct file));
    return pipe_open(*rd, *wr);
}

static void
drop(struct file *rd, struct file *wr)
{
    free(rd);
    free(wr);
}

static uint
some(void)
{
    switch (rand() % 4) {
    case 0:  return 1 + rand() % 16;
    case 1:  return 1 + rand() % PIPE_BUF;
    default: return 1 + rand() % (3 * PGSIZE);
    }
}

static uint
somewhere(uint n)
{
    int i;

    for (i = 0; i < UPAGES; i++)
        away[i] = rand() % 4 == 0;
    return rand() % (BAD - n + 1);
}

// With nobody to make room, a write that does not fit sleeps and is broken
// off there.
static void
random_write(struct pipe *p)
{
    uint i, n = some(), at = somewhere(n), before = pipe_size(p);
    int put;

    for (i = 0; i < n; i++)
        user[at + i] = rand();
    put = do_write(p, at, n);
    if (put < 0) {
        assert(put == -EINTR && before + MIN(n, PIPE_BUF) > PIPESIZE);
        assert(pipe_size(p) == before);
        return;
    }
    assert(put == (int)n || n > PIPE_BUF);
    assert(pipe_size(p) == before + put);
    for (i = 0; i < (uint)put; i++)
        queue[qtail++ % QMAX] = user[at + i];
}

static void
random_read(struct pipe *p)
{
    uint i, n = some(), at = somewhere(n), before = pipe_size(p);
    int got = do_read(p, at, n);

    if (before == 0) {
        assert(got == -EINTR);
        return;
    }
    assert(got == (int)MIN(n, before) || (n > PIPE_BUF && got > 0));
    for (i = 0; i < (uint)got; i++)
        assert(user[at + i] == queue[qhead++ % QMAX]);
}

// Nothing is lost or torn by memory that is not the user's.
static void
bad_memory(void)
{
    struct file *rd, *wr;
    struct pipe *p;

    assert(make_pipe(&rd, &wr) == 0);
    p = rd->pipe;
    assert(do_write(p, BAD - 10, 20) == -EFAULT && pipe_size(p) == 0);
    assert(do_write(p, BAD, 1) == -EFAULT && pipe_size(p) == 0);
    memcpy(user + BAD - 10, "0123456789", 10);
    assert(do_write(p, BAD - 10, 10) == 10);
    assert(do_read(p, BAD, 10) == -EFAULT && pipe_size(p) == 10);
    assert(do_read(p, BAD - 4, 10) == 4 && pipe_size(p) == 6);
    assert(memcmp(user + BAD - 4, "0123", 4) == 0);
    assert(do_read(p, 0, 6) == 6);
    assert(do_write(p, BAD - 3 * PGSIZE, 4 * PGSIZE) == 3 * PGSIZE);
    pipe_close(p, 1);
    pipe_close(p, 0);
    drop(rd, wr);
}

static void
transfers(void)
{
    struct file *rd, *wr;
    int i;

    assert(make_pipe(&rd, &wr) == 0);
    assert(rd->readable && !rd->writable && wr->writable && !wr->readable);
    for (i = 0; i < ROUNDS; i++) {
        if (rand() % 2)
            random_write(rd->pipe);
        else
            random_read(rd->pipe);
        assert(pipe_size(rd->pipe) == qtail - qhead);
    }
    assert(frames_out == NRING);
    pipe_close(rd->pipe, 1);
    pipe_close(rd->pipe, 0);
    drop(rd, wr);
}

// Pipes have their share of RAM, and a failed one leaves nothing behind.
static void
making(void)
{
    struct file *rd[4], *wr[4];
    int i, err;

    failing = 1;
    for (i = 0; i < 100; i++) {
        err = make_pipe(&rd[0], &wr[0]);
        assert(err == 0 || err == -ERESTART);
        if (err == 0) {
            pipe_close(rd[0]->pipe, 0);
            pipe_close(rd[0]->pipe, 1);
        } else {
            assert(rd[0]->pipe == 0 && wr[0]->pipe == 0);
        }
        drop(rd[0], wr[0]);
        assert(frames_out == 0 && objects_out == 0);
    }
    failing = 0;
    ram = 3 * NRING * RAMSHARE;
    for (i = 0; i < 3; i++)
        assert(make_pipe(&rd[i], &wr[i]) == 0);
    assert(make_pipe(&rd[3], &wr[3]) == -ENFILE);
    drop(rd[3], wr[3]);
    for (i = 0; i < 3; i++) {
        pipe_close(rd[i]->pipe, 0);
        pipe_close(rd[i]->pipe, 1);
        drop(rd[i], wr[i]);
    }
}

// Sleepers are told exactly when they can go on.
static void
waiting(void)
{
    struct file *rd, *wr;
    struct pipe *p;

    memset(away, 0, sizeof(away));
    slept = woken = 0;
    assert(make_pipe(&rd, &wr) == 0);
    p = rd->pipe;
    assert(do_read(p, 0, 1) == -EINTR && slept == 1);
    assert(do_write(p, 0, PIPESIZE) == PIPESIZE && woken == 1);
    assert(do_write(p, 0, PIPESIZE) == -EINTR && slept == 2);
    assert(do_read(p, 0, PIPE_BUF - 1) == PIPE_BUF - 1 && woken == 1);
    assert(do_read(p, 0, 1) == 1 && woken == 2);
    assert(do_write(p, 0, PIPE_BUF) == PIPE_BUF && slept == 2 && woken == 3);
    assert(do_read(p, 0, 1) == 1 && woken == 3);

    pipe_close(p, 0);
    assert(do_write(p, 0, PIPESIZE) == -EPIPE);
    pipe_close(p, 1);

    drop(rd, wr);
}

static void
end_of_file(void)
{
    struct file *rd, *wr;

    assert(make_pipe(&rd, &wr) == 0);
    user[0] = 'x';
    assert(do_write(wr->pipe, 0, 1) == 1);
    pipe_close(wr->pipe, 1);
    assert(do_read(rd->pipe, 1, 1) == 1 && user[1] == 'x');
    assert(do_read(rd->pipe, 1, 1) == 0);
    pipe_close(rd->pipe, 0);
    drop(rd, wr);
}

int
main(void)
{
    srand(1);
    ram = 100 * NRING * RAMSHARE;
    transfers();
    waiting();
    bad_memory();
    end_of_file();
    making();
    assert(frames_out == 0 && objects_out == 0);
    return 0;
}
