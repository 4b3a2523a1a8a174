// t_frames.c: frames (kalloc.c) and small objects (pool.c) on two CPUs when
// there are few or none left: no CPU keeps to itself what another lacks, the
// reserve stays for those who may take it, and nothing is lost; writes to what
// was freed are found, as with SANITIZE=1. And which frames there are, by the
// firmware's map.

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
#include "../../kalloc.h"
#include "../../pool.h"
#include "../../cpu.h"
#include "../../sched.h"
#include "../../usercopy.h"
#include "../../proc.h"

struct cpu cpus[NCPU];
uint ncpu = 2;
static struct proc procs[2];
static uint turn;                   // the CPU that all is done on now

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
#define wait mem_waiting
#include "../../kalloc.c"
#undef end
#define take pool_take
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
refuse(const char *fmt, ...)
{
    panic("%s", fmt);
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

void
sleep(void *chan, struct spinlock *lk)
{
    (void)chan;
    (void)lk;
    panic("nobody sleeps here");
}

int
sleep_timed(void *chan, struct spinlock *lk, uint n)
{
    (void)n;
    sleep(chan, lk);
    return 0;
}

void
wakeup(void *chan)
{
    (void)chan;
}

// ---- the tests ----

#define NFRAME 4096
#define FIRST  16                   // frame number; those below hold frames[]

static void *mine[NFRAME];
static uint nmine;

static void
start(void)
{
    size_t room = (size_t)NFRAME * PGSIZE;

    arena = mmap(0, room, 3, 0x22 | MAP_32BIT, -1, 0);
    assert(arena != (void *)-1);
    frames = calloc(NFRAME, sizeof *frames);
    cpus[0].frames = &own[0];
    cpus[1].frames = &own[1];
    cpus[1].id = 1;
    ram[0] = (struct span){ FIRST, NFRAME };
    nram = 1;
    frontier_pfn = FIRST;
    total = frames_common = NFRAME - FIRST;
}

// Take frames on a CPU until there are none for it; how many.
static uint
take_all(uint cpu, uint most)
{
    uint n = 0;
    void *f;

    turn = cpu;
    for (; n < most && (f = kalloc()) != 0; n++)
        mine[nmine++] = f;
    return n;
}

static void
give_all(uint cpu)
{
    turn = cpu;
    while (nmine > 0)
        kfree(mine[--nmine]);
}

// When one finds nothing, nothing but the reserve is left anywhere.
static void
test_end_of_stock(uint first)
{
    uint left = take_all(0, total - RESERVE - first);

    turn = 1;
    frames_tick();                  // it may have had a list till now
    left += take_all(1, 1);
    left += take_all(0, total);
    assert(left == total - RESERVE);
    assert(frames_free() == RESERVE && frames_common == RESERVE);
    turn = 0;
    procs[0].reserve = 1;
    assert((mine[nmine++] = kalloc()) != 0);
    procs[0].reserve = 0;
    assert(kalloc() == 0);          // it took no more than its own
    give_all(first % 2);
    assert(frames_free() == total && frames_of(FRAME_KERNEL) == 0);
}

// What one process has secured the other does not get, nor does the reserve
// shrink; what is not used goes back.
static void
test_secured(void)
{
    uint n = 20, i;

    turn = 0;
    assert(frames_secure(n));
    take_all(1, total);
    turn = 1;
    frames_return();
    assert(frames_common == RESERVE + n && !frames_secure(1));
    turn = 0;
    for (i = 0; i < n - 5; i++)
        assert((mine[nmine++] = kalloc()) != 0);
    assert(procs[0].secured == 5 && kmem.keep == RESERVE + 5);
    turn = 1;
    procs[1].reserve = 1;
    assert(take_all(1, total) == RESERVE);      // the reclaimer leaves them
    procs[1].reserve = 0;
    assert(take_all(0, total) == 5 && frames_free() == 0);
    give_all(0);
    assert(frames_secure(n));
    frames_unsecure();
    assert(procs[0].secured == 0 && kmem.keep == RESERVE);
}

// At random, with ticks at random: what is taken and what is free are all.
static void
test_random(void)
{
    uint i, n;
    void *f;

    for (i = 0; i < 300000; i++) {
        turn = rand() % 2;
        n = rand() % 100;
        if (n == 0)
            frames_tick();
        else if (n <= 49 + (i >> 15 & 1) * 3 && nmine > 0)
            kfree(mine[--nmine]);
        else if ((f = kalloc()) != 0)
            mine[nmine++] = f;
        else
            assert(frames_common <= RESERVE);
        assert(frames_free() + nmine == total);
        assert(frames_common >= RESERVE);
    }
    give_all(0);
}

// Without a free frame, objects come from frames of the other CPU's.
static void
test_pool(void)
{
    static struct pool po = { "test", 512, 1, 0, { { { 0 }, 0, 0, 0 } } };
    void *theirs, *ours[8];
    uint n = 0;

    turn = 1;
    theirs = pool_get(&po);
    take_all(0, total);
    while ((ours[n] = pool_get(&po)) != 0)
        n++;
    assert(n == (PGSIZE - HEADER) / po.size - 1);
    while (n > 0)
        pool_put(&po, ours[--n]);
    pool_put(&po, theirs);
    give_all(0);
    assert(frames_free() == total && pool_inuse(&po) == 0);
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
    static struct pool po = { "test", 64, 1, 0, { { { 0 }, 0, 0, 0 } } };
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
// RAM is in one range, and no other is in any.
#define end kernel_end              // as kalloc.c has it here
static void
test_firmware_map(void)
{
    static struct bootinfo info;
    uint round, i, pfn, base;

    for (round = 0; round < 20000; round++) {
        info.ne820 = rand() % (round % 2 ? 8 : NE820 + 1);
        for (i = 0; i < info.ne820; i++)
            random_entry(&info.e820[i]);
        nram = 0;
        find_ram(&info);
        assert(nram <= NE820);
        for (i = 0; i < nram; i++)
            assert(ram[i].start <= ram[i].end &&
                   (i == 0 || ram[i - 1].end <= ram[i].start));
#undef end
        for (i = 0; i < 2 * WINDOW; i++) {
            base = i < WINDOW ? 0 : (DIRECTTOP >> PGSHIFT) - WINDOW / 2;
            pfn = base + i % WINDOW;
            assert(frame_is_ram(pfn) == means_ram(&info, pfn));
        }
    }
}

int
main(void)
{
    uint first;

    test_firmware_map();
    start();
    for (first = 1; first < 3 * BATCH; first++)
        test_end_of_stock(first);
    test_secured();
    test_random();
    test_pool();
    test_poison();
    return 0;
}
