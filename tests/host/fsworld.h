// fsworld.h: a small world for the file system on the host: bcache.c, log.c,
// alloc.c, fs.c, fsdata.c, names.c, path.c, mkfs and fsck in one program.
//
// Tasks are coroutines that switch where they sleep and, at random, where
// they take a spin lock. The disk is memory; requests finish in random
// order, whenever the world feels like it. It keeps a journal of all writes
// and flushes, from which crash_image() makes what a power cut may leave.
// All of it is shared memory, so that a child process can run a workload on
// a fresh kernel and the parent can look at the disk afterwards.

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <time.h>
#include <ucontext.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include "fstools.h"

#pragma GCC diagnostic ignored "-Wpointer-to-int-cast"
#pragma GCC diagnostic ignored "-Wint-to-pointer-cast"
#pragma GCC diagnostic ignored "-Wunused-function"

#ifndef HOSTED
#define HOSTED
#endif

// Names of the kernel's that the C library has, too.
#undef assert
#define sleep k_sleep
#define kill k_kill
#define setpgrp k_setpgrp
#define getpid k_getpid
#define timespec k_timespec
#define remove k_remove
#define memset k_memset             // lib.h's own declarations
#define memcpy k_memcpy
#define memmove k_memmove
#define memcmp k_memcmp
#define strlen k_strlen
#define strcmp k_strcmp
#define strlcpy k_strlcpy
#include "../../lib.h"
#undef memset
#undef memcpy
#undef memmove
#undef memcmp
#undef strlen
#undef strcmp
#undef strlcpy
#include "../../memlayout.h"
#undef V2P
#undef P2V
#define V2P(a)  ((uint)((char *)(a) - arena))
#define P2V(pa) ((void *)(arena + (pa)))
static char *arena;
static struct proc *myproc(void);
#include "../../errno.h"
#include "../../param.h"
#include "../../boot.h"
#include "../../print.h"
#include "../../x86.h"
#include "../../cpu.h"
#include "../../kalloc.h"
#include "../../pool.h"
#include "../../sched.h"
#include "../../stat.h"
#include "../../disk.h"
#include "../../cache.h"
#include "../../log.h"
#include "../../op.h"
#include "../../alloc.h"
#include "../../fs.h"
#include "../../names.h"
#include "../../dir.h"
#include "../../path.h"
#include "../../info.h"
#include "../../file.h"
#include "../../usercopy.h"
#include "../../proc.h"

extern void __sanitizer_print_stack_trace(void) __attribute__((weak));

#define check(c) \
    do { \
        if (!(c)) { \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #c); \
            if (__sanitizer_print_stack_trace) \
                __sanitizer_print_stack_trace(); \
            abort(); \
        } \
    } while (0)

static uint second;                 // the time of day

uint
rtc_seconds(void)
{
    return second;
}

// --- memory ---------------------------------------------------------------

#define MAXFRAMES 16384

struct page *frames;
static uint total_frames = 4096;    // what the kernel is told
static uint real_frames = 4096;     // and what there is
static uint free_frames;
static struct page *free_list;
volatile int fail_kalloc;
int events_on;
static int fail_pool;               // the n-th pool_get from now

void
event_frame(struct page *pg)
{
    (void)pg;
}

static void
world_memory(void)
{
    uint i;

    arena = aligned_alloc(PGSIZE, (size_t)real_frames * PGSIZE);
    frames = calloc(real_frames, sizeof *frames);
    for (i = 1; i < real_frames; i++) {
        frames[i].hnext = free_list;
        free_list = &frames[i];
        free_frames++;
    }
}

struct page *
page_alloc(enum framekind kind)
{
    struct page *pg = free_list;

    if (fail_kalloc > 0 && --fail_kalloc == 0) {
        myproc()->memfailed = 1;
        return 0;
    }
    if (pg == 0)
        return 0;
    free_list = pg->hnext;
    free_frames--;
    memset(pg, 0, sizeof *pg);
    memset(page_kva(pg), 0xa5, PGSIZE);
    pg->ref = 1;
    pg->kind = kind;
    return pg;
}

void
page_free(struct page *pg)
{
    check(pg->dev == 0 && !pg->reading && !pg->writing && !pg->dirty &&
          !pg->logged);
    pg->kind = FRAME_FREE;
    pg->hnext = free_list;
    free_list = pg;
    free_frames++;
}

void *
kalloc(void)
{
    struct page *pg = page_alloc(FRAME_KERNEL);

    return pg ? page_kva(pg) : 0;
}

void *
kalloc_zeroed(void)
{
    void *kva = kalloc();

    return kva ? memset(kva, 0, PGSIZE) : 0;
}

void
kfree(void *kva)
{
    check(page_of(kva)->kind == FRAME_KERNEL && page_of(kva)->ref == 1);
    page_put(page_of(kva));
}

uint
frames_total(void)
{
    return total_frames;
}

uint
frames_spare(void)
{
    return free_frames;
}

void *
pool_get(struct pool *pool)
{
    if (fail_pool > 0 && --fail_pool == 0)
        return 0;
    pool->inuse++;
    return calloc(1, pool->size);
}

uint
pool_inuse(struct pool *pool)
{
    return pool->inuse;
}

void
pool_put(struct pool *pool, void *p)
{
    pool->inuse--;
    free(p);
}

// --- tasks ----------------------------------------------------------------

#define MAXTASKS  16
#define TASKSTACK (256 << 10)

enum { DEAD, RUNS, SLEEPS, JOINS };

struct task {
    struct proc p;
    ucontext_t ctx;
    void *chan, *stack;
    char *user;                     // its user memory
    uint srank[NSRANK];             // sleep locks held, by rank
    int state;
    void (*fn)(int);
    int arg;
};

static struct task tasks[MAXTASKS] = { { .state = RUNS } };
static struct task *current = &tasks[0];
static uint spins, ranks;           // spin locks held; by rank
static int preemption;
static uint preempt = 6;             // one lock in so many switches
volatile uint ticks;

static int finish_one(void);

static struct proc *
myproc(void)
{
    return &current->p;
}

void __attribute__((noreturn))
panic(const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    fprintf(stderr, "panic: ");
    vfprintf(stderr, fmt, ap);
    fprintf(stderr, "\n");
    va_end(ap);
    abort();
}

static int chatty;

void
cprintf(const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    if (chatty)
        vprintf(fmt, ap);
    va_end(ap);
}

static void
deadlock(void)
{
    struct task *t;

    for (t = tasks; t < tasks + MAXTASKS; t++)
        if (t->state != DEAD)
            fprintf(stderr, "task %d: state %d chan %p ranks %d %d %d %d\n",
                    (int)(t - tasks), t->state, t->chan, t->srank[1],
                    t->srank[2], t->srank[3], t->srank[4]);
    panic("deadlock: nobody runs, and the disk is idle");
}

// Let another task run, or this one again if it may.
static void
switch_task(void)
{
    struct task *old = current, *t;
    int tries, others;

    for (tries = 0; ; tries++) {
        t = &tasks[rand() % MAXTASKS];
        if (t->state == RUNS)
            break;
        if (tries > 8 * MAXTASKS) {
            others = 0;
            for (t = tasks; t < tasks + MAXTASKS; t++)
                others |= t->state == RUNS;
            if (!others && !finish_one())
                deadlock();
            tries = 0;
        }
    }
    if (t == old)
        return;
    current = t;
    swapcontext(&old->ctx, &t->ctx);
}

static void
task_start(void)
{
    uint i;

    current->fn(current->arg);
    for (i = 0; i < NSRANK; i++)
        check(current->srank[i] == 0);
    current->state = DEAD;
    for (i = 1; i < MAXTASKS; i++)
        if (tasks[i].state != DEAD)
            break;
    if (i == MAXTASKS)
        tasks[0].state = RUNS;
    switch_task();
}

static void
spawn(void (*fn)(int), int arg)
{
    static struct task *t;

    for (t = tasks + 1; t->state != DEAD; t++)
        check(t < tasks + MAXTASKS - 1);
    if (t->stack == 0)
        t->stack = malloc(TASKSTACK);
    memset(&t->p, 0, sizeof t->p);
    memset(t->srank, 0, sizeof t->srank);
    t->fn = fn;
    t->arg = arg;
    t->state = RUNS;
    getcontext(&t->ctx);
    t->ctx.uc_stack.ss_sp = t->stack;
    t->ctx.uc_stack.ss_size = TASKSTACK;
    makecontext(&t->ctx, task_start, 0);
}

static void
join_all(void)
{
    uint i;

    for (i = 1; i < MAXTASKS; i++) {
        if (tasks[i].state != DEAD) {
            current->state = JOINS;
            switch_task();
            return;
        }
    }
}

void
acquire(struct spinlock *lk)
{
    if (preemption && spins == 0 && rand() % preempt == 0) {
        if (rand() % 2)
            finish_one();
        switch_task();
    }
    check(!lk->owner);
    check(ranks < lk->bit);          // lower ranks only
    ranks |= lk->bit;
    lk->owner = (void *)lk;
    spins++;
}

void
release(struct spinlock *lk)
{
    check(lk->owner);
    lk->owner = 0;
    ranks &= ~lk->bit;
    spins--;
}

int
holding(struct spinlock *lk)
{
    return lk->owner != 0;
}

void
sleep(void *chan, struct spinlock *lk)
{
    check(spins == 1 && lk->owner);
    release(lk);
    current->chan = chan;
    current->state = SLEEPS;
    switch_task();
    while (lk->owner)
        switch_task();
    ranks |= lk->bit;
    lk->owner = (void *)lk;
    spins++;
}

// User memory: a buffer of the current task, from address 0. One copy in so many
// finds a page missing.
static uint missing;
static void (*at_copyin)(void);     // called before each copy

static uint
present(uint n)
{
    return missing && rand() % missing == 0 ? rand() % n : n;
}

void
sched_started(void)
{
}

uint
copyout_now(uint uva, const void *src, uint n)
{
    n = present(n);
    memcpy(current->user + uva, src, n);
    return n;
}

uint
copyin_now(void *dst, uint uva, uint n)
{
    if (at_copyin)
        at_copyin();
    n = present(n);
    memcpy(dst, current->user + uva, n);
    return n;
}

void
wakeup(void *chan)
{
    struct task *t;

    for (t = tasks; t < tasks + MAXTASKS; t++)
        if (t->state == SLEEPS && t->chan == chan)
            t->state = RUNS;
}

int
sleep_timed(void *chan, struct spinlock *lk, uint n)
{
    (void)chan;
    release(lk);
    while (n-- > 0)
        switch_task();
    acquire(lk);
    return -ETIMEDOUT;
}

int
kthread(const char *name, void (*fn)(void *), void *arg)
{
    (void)name, (void)fn, (void)arg;
    return 0;
}

void
srank_take(enum sleeprank rank)
{
    int r;

    check(spins == 0);
    for (r = rank + 1; r < NSRANK; r++)
        check(current->srank[r] == 0);
    current->srank[rank]++;
}

void
srank_drop(enum sleeprank rank)
{
    check(current->srank[rank] > 0);
    current->srank[rank]--;
}

void
acquiresleep(struct sleeplock *lk)
{
    check(lk->owner != myproc());
    srank_take(__builtin_ctz(lk->unit) / 4);
    if (preemption && rand() % preempt == 0)
        switch_task();
    while (lk->owner) {
        current->chan = lk;
        current->state = SLEEPS;
        switch_task();
    }
    lk->owner = myproc();
}

int
trysleep(struct sleeplock *lk)
{
    if (lk->owner)
        return 0;
    acquiresleep(lk);
    return 1;
}

void
releasesleep(struct sleeplock *lk)
{
    check(lk->owner == myproc());
    lk->owner = 0;
    srank_drop(__builtin_ctz(lk->unit) / 4);
    wakeup(lk);
}

// --- disk -----------------------------------------------------------------

#define NBLK     2048               // blocks of the disk
#define MAXJOUR  24000              // writes remembered
#define SECTORS  (BSIZE / SECTSIZE)
#define MAXSYNC  256

struct jour {
    uint bno, epoch;
    uchar data[BSIZE];
};

static struct shared {
    uchar disk[NBLK * BSIZE];       // what a read gets
    uchar base[NBLK * BSIZE];       // when the journal began
    uchar spare[NBLK * BSIZE];
    uint njour, epoch, journaling;
    uint synced[MAXSYNC];           // epochs, for the tests' own use
    uint nsynced;
    struct jour jour[MAXJOUR];
} *sh;

static struct page *pending[MAXFRAMES];
static uint npending;
volatile uint disk_reads, disk_writes;
volatile int fail_disk;             // the n-th request from now
static int fail_all;                // and all after it
static int fail_writes;             // reads do not count
static uint fail_block;             // this one always

static void
world_disk(void)
{
    sh = mmap(0, sizeof *sh, PROT_READ | PROT_WRITE,
              MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    check(sh != MAP_FAILED);
}

uint
disk_blocks(uint dev)
{
    return dev == DEV_FS ? NBLK : 0;
}

void
disk_submit(struct page *pg, int write)
{
    uint i;

    check(spins == 0);
    for (i = 0; i < npending; i++)
        check(pending[i] != pg);
    pg->iowrite = write;
    pg->ioerr = 0;
    pending[npending++] = pg;
}

static int
injected(struct page *pg)
{
    if (fail_block && pg->bno == fail_block)
        return 1;
    if (fail_writes && !pg->iowrite)
        return 0;
    if (fail_disk == 0 || fail_disk-- > 1)
        return 0;
    fail_disk = fail_all ? -1 : 0;  // -1: each from now on
    return 1;
}

static void
journal_write(struct page *pg)
{
    struct jour *j;

    if (!sh->journaling)
        return;
    check(sh->njour < MAXJOUR);
    j = &sh->jour[sh->njour++];
    j->bno = pg->bno;
    j->epoch = sh->epoch;
    memcpy(j->data, page_kva(pg), BSIZE);
}

static int
finish_one(void)
{
    struct page *pg;
    int preempting;
    uint i;

    if (npending == 0)
        return 0;
    i = rand() % npending;
    pg = pending[i];
    pending[i] = pending[--npending];
    pg->ioerr = pg->dev != DEV_FS || pg->bno >= NBLK || injected(pg);
    if (!pg->ioerr && pg->iowrite) {
        journal_write(pg);
        memcpy(sh->disk + pg->bno * BSIZE, page_kva(pg), BSIZE);
        disk_writes++;
    } else if (!pg->ioerr) {
        memcpy(page_kva(pg), sh->disk + pg->bno * BSIZE, BSIZE);
        disk_reads++;
    }
    preempting = preemption;
    preemption = 0;
    if (pg->kind == FRAME_KERNEL) { // an interrupt: no other task runs
        pg->dev = DEV_NONE;
        wakeup(pg);
    } else {
        bdone(pg);
    }
    preemption = preempting;
    return 1;
}

void
disk_start(struct page *pg, uint dev, uint bno, int write)
{
    check(pg->dev == DEV_NONE);
    pg->dev = dev;
    pg->bno = bno;
    disk_submit(pg, write);
}

int
disk_wait(struct page *pg)
{
    while (pg->dev != DEV_NONE) {
        current->chan = pg;
        current->state = SLEEPS;
        switch_task();
    }
    return pg->ioerr ? -EIO : 0;
}

// It makes safe what has ended, and says nothing of what is under way.
int
disk_flush(void)
{
    if (preemption)
        finish_one();
    sh->epoch++;
    return 0;
}

// What the reclaimer does, at once.
int
mem_wait(void)
{
    int failed = myproc()->memfailed;

    check(spins == 0);
    if (myproc()->sranks != 0)
        return -ERESTART;
    myproc()->memfailed = 0;
    if (failed)
        return -ENOMEM;
    bwrite_some(DEV_FS, 64);
    while (finish_one())
        ;
    bevict(64);
    return free_frames >= myproc()->memneed ? 0 : -ENOMEM;
}

int
mem_again(int err)
{
    if (err == -ERESTART && (err = mem_wait()) == 0)
        return 1;
    return err;
}

int
frames_reserve(uint n)
{
    myproc()->memneed = n;
    return free_frames >= n ? 0 : -ERESTART;
}

void
frames_unreserve(void)
{
}

// There is no swap.
int
slot_unused(uint slot)
{
    (void)slot;
    return 0;
}

static void
journal_begin(void)
{
    memcpy(sh->base, sh->disk, sizeof sh->base);
    sh->njour = sh->epoch = sh->nsynced = 0;
    sh->journaling = 1;
}

// A write of the last epoch before the cut: all of it, nothing, or some
// sectors.
static void
apply_torn(uchar *to, const uchar *from)
{
    int luck = rand() % 4, i;

    if (luck == 0)
        return;
    for (i = 0; i < SECTORS; i++)
        if (luck > 1 || rand() % 2)
            memcpy(to + i * SECTSIZE, from + i * SECTSIZE, SECTSIZE);
}

// The disk as a power cut just after journal entry `cut` may leave it.
static void
crash_image(uint cut)
{
    uint i, epoch = cut < sh->njour ? sh->jour[cut].epoch : sh->epoch;

    memcpy(sh->disk, sh->base, sizeof sh->disk);
    for (i = 0; i < sh->njour && i <= cut; i++) {
        if (sh->jour[i].epoch < epoch)
            memcpy(sh->disk + sh->jour[i].bno * BSIZE, sh->jour[i].data,
                   BSIZE);
        else
            apply_torn(sh->disk + sh->jour[i].bno * BSIZE, sh->jour[i].data);
    }
    sh->journaling = 0;
}

// --- the code under test --------------------------------------------------

#include "../../bcache.c"
#include "../../log.c"
#include "../../alloc.c"
#include "../../op.c"
#include "../../fs.c"
#include "../../fsdata.c"
#include "../../names.c"
#include "../../dir.c"
#include "../../path.c"

// -EROFS after a failure of the log, else 0.
static inline int
log_readonly(void)
{
    return wal.error;
}

// What write() does, and read().
static int
move_file(struct inode *ip, void *buf, uint *off, uint n, int write, int append)
{
    struct file f = { .type = FD_INODE, .ip = ip, .off = *off,
                      .append = append };
    uint done = 0;
    int moved;

    while (done < n) {
        current->user = buf;
        if (write)
            moved = writei_user(&f, done, n - done);
        else
            moved = readi_user(&f, done, n - done);
        if (moved == -EAGAIN)
            continue;
        if (moved <= 0) {
            *off = f.off;
            return done ? (int)done : moved;
        }
        check(moved <= (int)(n - done));
        done += moved;
    }
    *off = f.off;
    return n;
}

// Read from a locked inode, block by block: bytes, fewer at its end, or -errno.
static int
readi(struct inode *ip, void *buf, uint off, uint n)
{
    uint at, end = MIN(off + n, ip->size), m;
    struct page *pg;
    int err;

    if (ip->type == T_DEV)
        return -EINVAL;
    for (at = off; at < end; at += m) {
        if ((err = iblock(ip, at / BSIZE, &pg)) < 0)
            return at > off ? (int)(at - off) : err;
        m = MIN(end - at, BSIZE - at % BSIZE);
        memcpy((char *)buf + at - off, (char *)page_kva(pg) + at % BSIZE, m);
        page_put(pg);
    }
    return at - off;
}

// The same, locking it, at *off, which is advanced.
static int
readi_at(struct inode *ip, void *buf, uint *off, uint n)
{
    int got = ilock(ip);

    if (got < 0)
        return got;
    got = readi(ip, buf, *off, n);
    if (got > 0)
        *off += got;
    iunlock(ip);
    return got;
}

static int
writei(struct inode *ip, const void *buf, uint *off, uint n, int append)
{
    return move_file(ip, (void *)buf, off, n, 1, append);
}

#undef remove
// Run fn in a child of its own, so that the kernel's variables are fresh.
// Returns its exit status; a crash of the child is one of the test.
static int
in_child(int (*fn)(int), int arg)
{
    int status;
    pid_t pid;

    fflush(stdout);
    pid = fork();
    check(pid >= 0);
    if (pid == 0) {
        status = fn(arg);
        fflush(stdout);
        _exit(status);
    }
    check(waitpid(pid, &status, 0) == pid);
    check(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static int
do_mkfs(int unused)
{
    char *argv[] = { "mkfs", "-i", "200", "-s", "2048", "-l", "64", "DISK",
                     0 };

    (void)unused;
    return mkfs_main(8, argv);
}

static int
do_fsck(int unused)
{
    char *argv[] = { "fsck", "DISK", 0 };

    (void)unused;
    return fsck_main(2, argv);
}

static void
world_init(void)
{
    setbuf(stderr, 0);
    world_disk();
    fstools_disk(sh->disk, sizeof sh->disk);
    memset(sh->disk, 0, sizeof sh->disk);
    check(in_child(do_mkfs, 0) == 0);
}

// In a child: memory and a mounted file system.
static int
world_mount(void)
{
    world_memory();
    binit();
    return fs_init();
}

// For the tests: the directory that paths start from, and two calls in it that
// cannot fail.
static struct inode *cwd;

static struct inode * __attribute__((unused))
make(const char *path, int type)
{
    struct inode *ip;

    check(path_create(cwd, path, type, 0, 0, &ip) == 0);
    return ip;
}

static struct inode * __attribute__((unused))
find_inode(const char *path)
{
    struct inode *ip;

    check(path_find(cwd, path, 0, &ip) == 0);
    return ip;
}

static int
quiet_fsck(int unused)
{
    if (freopen("/dev/null", "w", stdout) == 0)
        return 99;
    return do_fsck(unused);
}
