// t_frames.c: frames (kalloc.c) and small objects (pool.c) for two processes
// when there are few or none left: neither gets what the other has reserved,
// the reserve stays for the reclaimer, and nothing is lost; writes to what was
// freed are found, as with SANITIZE=1. And which frames there are, by the
// firmware's map (ram.c).

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <signal.h>
#include <sys/mman.h>

#include <sys/wait.h>
#include <unistd.h>

#define SANITIZE
#pragma GCC diagnostic ignored "-Wpointer-to-int-cast"
#pragma GCC diagnostic ignored "-Wint-to-pointer-cast"
#pragma GCC diagnostic ignored "-Wunused-function"

// Names of the kernel's that the C library has, too.
#define sleep k_sleep
#define kill k_kill
#define setpgrp k_setpgrp
#include "../../memlayout.h"
#undef V2P
#undef P2V
#define V2P(a)  ((uint)((char *)(a) - arena))
#define P2V(pa) ((void *)(arena + (pa)))
static char *arena;                 // its addresses fit 32 bits
#include "../../x86.h"
#define cli()        ((void)0)
#define sti()        ((void)0)
#define readeflags() 0u
#include "../../lib.h"
#include "../../print.h"
#include "../../bootarg.h"
#include "../../errno.h"
#include "../../boot.h"
#include "../../ram.h"
#include "../../kalloc.h"
#include "../../memwait.h"
#include "../../pool.h"
#include "../../cpu.h"
#include "../../sched.h"
#include "../../usercopy.h"
#include "../../proc.h"

struct cpu cpus[NCPU];
uint ncpu = 2;
static struct proc procs[2];
static uint turn;                   // the process that does all now, and its CPU

static struct proc *
myproc(void)
{
    return &procs[turn];
}

static struct cpu *
mycpu(void)
{
    return &cpus[turn];
}

#define end  kernel_end
#include "../../ram.c"
#undef end
#include "../../kalloc.c"
#include "../../pool.c"

// ---- what the kernel else has ----

char kernel_end[1];

void
panic(const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    vfprintf(stderr, fmt, ap);
   
    abort();
}

void
refuse(const char *why)
{
    panic("%s", why);
}

int
bootarg_int(const char *name, int def)
{
    (void)name;
    return def;
}

void
acquire(struct spinlock *lk)
{
    assert(lk->owner == 0);
    lk->owner = mycpu();
}

void
release(struct spinlock *lk)
{
    assert(lk->owner == mycpu());
    lk->owner = 0;
}

static int woken, failed;

void
mem_wake_reclaimer(void)
{
    woken = 1;
}

int events_on;

void
event_frame(struct page *pg)
{
    (void)pg;
}

void
mem_failed(void)
{
    failed = 1;
}

// ---- the tests ----

#define NFRAME 4096
#define FIRST  16                   // frame number; those below hold frames[]

static void *mine[NFRAME];
static uint nmine, total;

static void
start(void)
{
    size_t room = (size_t)NFRAME * PGSIZE;

    arena = mmap(0, room, 3, 0x22 | MAP_32BIT, -1, 0);
    assert(arena != (void *)-1);
    frames = calloc(NFRAME, sizeof *frames);
    cpus[1].id = 1;
    nclaims = 0;
    claim(FIRST, NFRAME, 1);
    ram_top = NFRAME;
    frontier_pfn = FIRST;
    total = ram_frames = kmem.nfree = NFRAME - FIRST;
}

// A process takes frames until there are none for it; how many.
static uint
take_all(uint who, uint most)
{
    uint n = 0;
    void *f;

    turn = who;
    for (; n < most && (f = kalloc()) != 0; n++)
        mine[nmine++] = f;
    return n;
}

static void
give_all(uint who)
{
    turn = who;
    while (nmine > 0)
        kfree(mine[--nmine]);
}

// When one finds nothing, nothing but the reserve is left. The reclaimer has
// been told, and takes that.
static void
test_end_of_stock(void)
{
    woken = 0;
    assert(take_all(0, total - RESERVE) == total - RESERVE && woken);
    assert(take_all(1, 1) == 0 && take_all(0, 1) == 0);
    assert(frames_free() == RESERVE && frames_spare() == 0);
    procs[0].reclaimer = 1;
    assert(take_all(0, total) == RESERVE);
    procs[0].reclaimer = 0;
    give_all(1);
    assert(frames_free() == total && frames_of(FRAME_KERNEL) == 0);
}

// What one process has reserved neither the other gets nor the reclaimer; what
// is not used goes back.
static void
test_reserved(void)
{
    uint n = 20, i;

    turn = 0;
    assert(frames_reserve(n) == 0);
    take_all(1, total);
    assert(frames_free() == RESERVE + n && frames_reserve(1) == -ERESTART);
    turn = 0;
    for (i = 0; i < n - 5; i++)
        assert((mine[nmine++] = kalloc()) != 0);
    assert(procs[0].reserved == 5 && kmem.kept == RESERVE + 5);
    procs[1].reclaimer = 1;
    assert(take_all(1, total) == RESERVE);
    procs[1].reclaimer = 0;
    assert(take_all(0, total) == 5 && frames_free() == 0);
    give_all(0);
    assert(frames_reserve(n) == 0);
    assert((mine[nmine++] = kalloc()) != 0 && procs[0].reserved == n);
    frames_unreserve();
    assert(procs[0].reserved == 0 && kmem.kept == RESERVE);
    give_all(0);
}

// At random: what is taken and what is free are all.
static void
test_random(void)
{
    uint i;
    void *f;

    for (i = 0; i < 300000; i++) {
        turn = rand() % 2;
        if (rand() % 100 <= 49 + (int)(i >> 15 & 1) * 3 && nmine > 0)
            kfree(mine[--nmine]);
        else if ((f = kalloc()) != 0)
            mine[nmine++] = f;
        else
            assert(frames_spare() == 0);
        assert(frames_free() + nmine == total);
        assert(frames_free() >= RESERVE);
    }
    give_all(0);
}

// The n-th allocation fails, and no other.
static void
test_failure(void)
{
    fail_kalloc = 3;
    assert(take_all(0, total) == 2 && failed && fail_kalloc == 0);
    assert(take_all(0, 10) == 10);
    give_all(0);
}

// Objects fill a frame, and the last one gives it back.
static void
test_pool(void)
{
    static struct pool po = POOL("test", 500);
    void *obj[8];
    uint n = 0;

    turn = 0;
    obj[n++] = pool_get(&po);
    take_all(0, total);
    while ((obj[n] = pool_get(&po)) != 0)
        n++;
    assert(n == (PGSIZE - HEADER) / 512 && pool_inuse(&po) == n);
    assert(pool_frames() == 1);
    while (n > 0)
        pool_put(&po, obj[--n]);
    assert(pool_inuse(&po) == 0 && pool_frames() == 0);
    give_all(0);
    assert(frames_free() == total);
}

// Free something, write to a word of it that the lists do not use, and take it
// again: a panic.
static void
use_freed_frame(uint offset)
{
    uint *f = kalloc();

    kfree(f);
    f[offset / 4] ^= 1;
    kalloc();
}

static void
use_freed_object(uint offset)
{
    static struct pool po = POOL("test", 64);
    uint *obj;

    pool_get(&po);
    obj = pool_get(&po);
    pool_put(&po, obj);
    obj[offset / 4] ^= 1;
    pool_get(&po);
    pool_get(&po);
}

static int
panics(void (*fn)(uint), uint offset)
{
    int status;

    if (fork() == 0) {
        close(2);
        fn(offset);
        _exit(0);
    }
    waitpid(-1, &status, 0);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

static void
test_poison(void)
{
    turn = 0;
    assert(panics(use_freed_frame, sizeof(struct node)));
    assert(panics(use_freed_frame, PGSIZE / 2));
    assert(panics(use_freed_frame, PGSIZE - 4));
    assert(panics(use_freed_object, sizeof(void *)));
    assert(panics(use_freed_object, 60));
    assert(panics(use_freed_object, 72));       // beyond its end
}

// ---- the firmware's map ----

#define WINDOW 48                   // frames, at each of two places

// What the entries mean for one frame.
static int
means_ram(const struct bootinfo *info, uint64 pfn)
{
    uint64 start = pfn << PGSHIFT, stop = start + PGSIZE, last;
    const struct e820 *e;
    int yes = 0;

    for (e = info->e820; e < info->e820 + info->ne820; e++) {
        last = e->addr + e->len < e->addr ? ~0ull : e->addr + e->len;
        if (e->type != E820_RAM && e->len && e->addr < stop && start < last)
            return 0;
        if (e->type == E820_RAM && e->addr <= start && stop <= last)
            yes = 1;
    }
    return yes && stop <= DIRECTTOP;
}

static void
random_entry(struct e820 *e)
{
    uint64 base = rand() % 2 ? 0 : DIRECTTOP - WINDOW / 2 * PGSIZE;

    e->addr = base + rand() % (WINDOW * 8) * (PGSIZE / 8);
    e->len = rand() % (rand() % 2 ? WINDOW * 8 : 32) * (PGSIZE / 8);
    if (rand() % 20 == 0)
        e->len = ~0ull - rand() % 2 * e->addr;
    if (rand() % 3 == 0) {
        e->addr &= ~(PGSIZE - 1ull);
        e->len &= ~(PGSIZE - 1ull);
    }
    e->type = rand() % 4 ? E820_RAM : 2;
}

// Entries in any order, overlapping in any way: each frame that they say is
// RAM is taken as that, and no other; none is left out of a walk over them or
// of their number.
static void
test_firmware_map(void)
{
    static struct bootinfo info;
    uint round, i, pfn, base, n, walked;

    for (round = 0; round < 20000; round++) {
        info.ne820 = rand() % (round % 2 ? 8 : NE820 + 1);
        for (i = 0; i < info.ne820; i++)
            random_entry(&info.e820[i]);
        nclaims = ram_top = ram_frames = 0;
        ram_find(&info);
        for (n = i = 0; i < 2 * WINDOW; i++) {
            base = i < WINDOW ? 0 : (DIRECTTOP >> PGSHIFT) - WINDOW / 2;
            pfn = base + i % WINDOW;
            assert(frame_is_ram(pfn) == means_ram(&info, pfn));
            n += frame_is_ram(pfn);
            assert(!frame_is_ram(pfn) || pfn < ram_top);
        }
        assert(n <= ram_frames);
        if (round % 100 == 0 && ram_frames < NFRAME) {
            walked = 0;
            for (pfn = ram_next(0); pfn < ram_top; pfn = ram_next(pfn + 1))
                walked++;
            assert(walked == ram_frames);
        }
    }
}

int
main(void)
{
    test_firmware_map();
    start();
    test_end_of_stock();
    test_reserved();
    test_random();
    test_failure();
    test_pool();
    test_poison();
    return 0;
}
