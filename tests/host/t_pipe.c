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

static int frames_out, objects_out, files_out, failing;
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
wait_at(struct waiter *w, struct spinlock *lk)
{
    assert(lk->owner);
    w->more = 1;
    slept++;
    return -EINTR;
}

void
wake_all_at(struct waiter *w)
{
    w->more = 0;
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
copyin_now(struct aspace *as, void *dst, uint uva, uint n)
{
    (void)as;
    n = reach(uva, n);
    memcpy(dst, user + uva, n);
    return n;
}

uint
copyout_now(struct aspace *as, uint uva, const void *src, uint n)
{
    (void)as;
    n = reach(uva, n);
    memcpy(user + uva, src, n);
    return n;
}

int
user_fault(uint uva, int write)
{
    (void)write;
    assert(uva < sizeof(user));
    if (uva >= BAD)
        return -EFAULT;
    away[uva / PGSIZE] = 0;
    return 0;
}

int
user_ready(uint uva, uint *n, int write)
{
    uint first = PGSIZE - PGOFF(uva);
    int err = user_fault(uva, write);

    if (err < 0 || *n <= first)
        return err;
    if (user_fault(uva + first, write) < 0)
        *n = first;
    return 0;
}

int
mem_wait(void)
{
    failing = 0;
    return 0;
}

int
sched_point(void)
{
    return 0;
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

// So many bytes go in unread, wherever they begin.
static uint
least_size(void)
{
    uint most = ram / RAMSHARE;

    return most < NRING ? (most - 1) * PGSIZE : PIPESIZE;
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
    put = pipe_write(p, at, n);
    if (put < 0) {
        assert(put == -EINTR && before + MIN(n, PIPE_BUF) > least_size());
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
    int got = pipe_read(p, at, n);

    if (before == 0) {
        assert(got == -EINTR);
        return;
    }
    assert(got == (int)MIN(n, before));
    for (i = 0; i < (uint)got; i++)
        assert(user[at + i] == queue[qhead++ % QMAX]);
}

// Nothing is lost or torn by memory that is not the user's.
static void
bad_memory(void)
{
    struct file *rd, *wr;
    struct pipe *p;

    assert(pipe_alloc(&rd, &wr) == 0);
    p = rd->pipe;
    assert(pipe_write(p, BAD - 10, 20) == -EFAULT && pipe_size(p) == 0);
    assert(pipe_write(p, BAD, 1) == -EFAULT && pipe_size(p) == 0);
    memcpy(user + BAD - 10, "0123456789", 10);
    assert(pipe_write(p, BAD - 10, 10) == 10);
    assert(pipe_read(p, BAD, 10) == -EFAULT && pipe_size(p) == 10);
    assert(pipe_read(p, BAD - 4, 10) == 4 && pipe_size(p) == 6);
    assert(memcmp(user + BAD - 4, "0123", 4) == 0);
    assert(pipe_read(p, 0, 6) == 6);
    assert(pipe_write(p, BAD - 3 * PGSIZE, 4 * PGSIZE) == 3 * PGSIZE);
    pipe_close(p, 1);
    pipe_close(p, 0);
    free(rd);
    free(wr);
    files_out -= 2;
}

static void
transfers(uint most)
{
    struct file *rd, *wr, *rd2, *wr2;
    int i;

    ram = most * RAMSHARE;
    qhead = qtail;
    assert(pipe_alloc(&rd, &wr) == 0);
    assert(rd->readable && !rd->writable && wr->writable && !wr->readable);
    for (i = 0; i < ROUNDS; i++) {
        failing = i & 1024;
        if (rand() % 2)
            random_write(rd->pipe);
        else
            random_read(rd->pipe);
        assert(pipe_size(rd->pipe) == qtail - qhead);
        assert(frames_out <= (int)most);
    }
    failing = 0;
    assert(reserved == MAX(most, OWNFRAMES));
    assert(most > OWNFRAMES || pipe_alloc(&rd2, &wr2) == -ENFILE);
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
    struct file *rd, *wr;
    struct pipe *p;

    slept = woken = 0;
    assert(pipe_alloc(&rd, &wr) == 0);
    p = rd->pipe;
    assert(pipe_read(p, 0, 1) == -EINTR && slept == 1);
    assert(pipe_write(p, 0, PIPESIZE) == PIPESIZE && woken == 1);
    assert(pipe_write(p, 0, PIPESIZE) == -EINTR && slept == 2);
    assert(pipe_read(p, 0, PIPE_BUF - 1) == PIPE_BUF - 1 && woken == 1);
    assert(pipe_read(p, 0, 1) == 1 && woken == 2);
    assert(pipe_write(p, 0, PIPE_BUF) == PIPE_BUF && slept == 2);
    assert(pipe_read(p, 0, 1) == 1 && woken == 2);

    pipe_close(p, 0);
    assert(pipe_write(p, 0, PIPESIZE) == -EPIPE);
    pipe_close(p, 1);

    free(rd);
    free(wr);
    files_out -= 2;
}

static void
end_of_file(void)
{
    struct file *rd, *wr;

    assert(pipe_alloc(&rd, &wr) == 0);
    user[0] = 'x';
    assert(pipe_write(wr->pipe, 0, 1) == 1);
    pipe_close(wr->pipe, 1);
    assert(pipe_read(rd->pipe, 1, 1) == 1 && user[1] == 'x');
    assert(pipe_read(rd->pipe, 1, 1) == 0);
    pipe_close(rd->pipe, 0);
    free(rd);
    free(wr);
    files_out -= 2;
}

int
main(void)
{
    uint most;

    srand(1);
    for (most = OWNFRAMES; most <= NRING; most++)
        transfers(most);
    waiting();
    bad_memory();
    end_of_file();
    assert(reserved == 0);
    assert(frames_out == 0 && objects_out == 0 && files_out == 0);
    return 0;
}
