// t_pipe.c: the pipe's ring, against a plain queue, over random transfers
// with memory that sometimes runs out. pipe.c itself, locks and sleep left
// out.

#include <stdlib.h>
#include <stdio.h>
#include <stdarg.h>

#pragma GCC diagnostic ignored "-Wpointer-to-int-cast"
#pragma GCC diagnostic ignored "-Wint-to-pointer-cast"
#include "../../pipe.c"

#define ROUNDS 30000
#define QMAX   (1 << 20)

static int frames_out, objects_out, files_out, failing;
static uint slept, woken;
static uchar queue[QMAX];
static uint qhead, qtail;

struct page *frames;

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

void
pool_put(struct pool *pool, void *obj)
{
    (void)pool;
    objects_out--;
    free(obj);
}

struct file *
file_alloc(void)
{
    files_out++;
    return calloc(1, sizeof(struct file));
}

void
file_close(struct file *f)
{
    files_out--;
    free(f);
}

void
initlock(struct spinlock *lk, const char *name, enum rank rank)
{
    lk->owner = 0;
    lk->name = name;
    lk->bit = 1u << rank;
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

// Cut total bytes at buf into spans, as an unaligned user buffer would be.
static int
cut(struct span *s, uchar *buf, uint total)
{
    uint first = 1 + rand() % PGSIZE, n;
    int i;

    for (i = 0; total > 0; i++) {
        n = MIN(total, i ? PGSIZE : first);
        s[i].p = buf;
        s[i].n = n;
        buf += n;
        total -= n;
    }
    return i;
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

static void
random_write(struct pipe *p)
{
    static uchar buf[4 * PGSIZE];
    struct span s[8];
    uint i, n = some(), before = pipe_size(p);
    int put;

    for (i = 0; i < n; i++)
        buf[i] = rand();
    put = pipe_write(p, s, cut(s, buf, n));
    if (put < 0) {
        assert(put == -EAGAIN || (failing && put == -ENOMEM));
        assert(pipe_size(p) == before);
        assert(put != -EAGAIN || PIPESIZE - before < MIN(n, PIPE_BUF));
        return;
    }
    assert(put == (int)n || n > PIPE_BUF);
    assert(pipe_size(p) == before + put);
    for (i = 0; i < (uint)put; i++)
        queue[qtail++ % QMAX] = buf[i];
}

static void
random_read(struct pipe *p)
{
    static uchar buf[4 * PGSIZE];
    struct span s[8];
    uint i, n = some(), before = pipe_size(p);
    int got = pipe_read(p, s, cut(s, buf, n));

    if (before == 0) {
        assert(got == -EAGAIN);
        return;
    }
    assert(got == (int)MIN(n, before));
    for (i = 0; i < (uint)got; i++)
        assert(buf[i] == queue[qhead++ % QMAX]);
}

static void
transfers(void)
{
    struct file *rd, *wr;
    int i;

    assert(pipe_alloc(&rd, &wr) == 0);
    assert(rd->readable && !rd->writable && wr->writable && !wr->readable);
    for (i = 0; i < ROUNDS; i++) {
        failing = i & 1024;
        if (rand() % 2)
            random_write(rd->pipe);
        else
            random_read(rd->pipe);
        assert(pipe_size(rd->pipe) == qtail - qhead);
    }
    failing = 0;
    pipe_close(rd->pipe, 1);
    pipe_close(rd->pipe, 0);
    free(rd);
    free(wr);
    files_out -= 2;
}

// Sleepers are told exactly when they can go on.
static void
waiting(void)
{
    static uchar buf[PIPESIZE];
    struct span s = { buf, PIPESIZE };
    struct file *rd, *wr;
    struct pipe *p;

    assert(pipe_alloc(&rd, &wr) == 0);
    p = rd->pipe;
    assert(pipe_wait(p, 0, 1) == -EINTR && slept == 1);
    assert(pipe_wait(p, 1, PIPESIZE) == 0);
    assert(pipe_write(p, &s, 1) == PIPESIZE && woken == 1);
    assert(pipe_wait(p, 0, 1) == 0);
    assert(pipe_wait(p, 1, PIPESIZE) == -EINTR && slept == 2);
    s.n = PIPE_BUF - 1;
    assert(pipe_read(p, &s, 1) == PIPE_BUF - 1 && woken == 1);
    s.n = 1;
    assert(pipe_read(p, &s, 1) == 1 && woken == 2);
    assert(pipe_wait(p, 1, PIPESIZE) == 0 && slept == 2);
    assert(pipe_read(p, &s, 1) == 1 && woken == 2);

    pipe_close(p, 0);
    assert(pipe_wait(p, 1, PIPESIZE) == 0);
    assert(pipe_write(p, &s, 1) == -EPIPE);
    pipe_close(p, 1);

    free(rd);
    free(wr);
    files_out -= 2;
}

static void
end_of_file(void)
{
    uchar c = 'x';
    struct span s = { &c, 1 };
    struct file *rd, *wr;

    assert(pipe_alloc(&rd, &wr) == 0);
    assert(pipe_write(wr->pipe, &s, 1) == 1);
    pipe_close(wr->pipe, 1);
    assert(pipe_read(rd->pipe, &s, 1) == 1 && c == 'x');
    assert(pipe_wait(rd->pipe, 0, 1) == 0);
    assert(pipe_read(rd->pipe, &s, 1) == 0);
    pipe_close(rd->pipe, 0);
    free(rd);
    free(wr);
    files_out -= 2;
}

int
main(void)
{
    srand(1);
    transfers();
    waiting();
    end_of_file();
    assert(frames_out == 0 && objects_out == 0 && files_out == 0);
    return 0;
}
