// ut_count.c: counting faults, frames and processes.
//
// The kernel counts every fault of a process by case. To see only what a
// case does, ut_mark() first touches all pages that running it needs
// anyway: the program's text, data and bss, and the stack in use. From then
// on a fault is the case's own, and ut_faulted() can ask for exact numbers.

#include "user.h"
#include "ut.h"

#define MANY 32                     // processes and regions looked at
#define STACKUSE (3 * PGSIZE)       // below the caller's frame

extern char etext[], edata[], end[];

static struct procinfo info[MANY];
static struct regioninfo region[MANY];
static uint before[NCASE];

static struct procinfo *
own(void)
{
    int i, n = must(procs(info, MANY)), pid = getpid();

    for (i = 0; i < n && i < MANY; i++)
        if (info[i].pid == pid)
            return &info[i];
    ut_fail("procs() does not list its caller");
}

static void
touch_stack(void)
{
    volatile char room[STACKUSE];
    uint i;

    for (i = 0; i < sizeof(room); i += PGSIZE)
        room[i] = 0;
}

static void
touch_program(void)
{
    volatile char *p = (char *)PGSIZE;

    for (; p < etext; p += PGSIZE)
        (void)*p;
    p = (char *)(((uint)etext + PGSIZE - 1) & ~(PGSIZE - 1));
    for (; p < end; p += PGSIZE)
        *p = *p;
}

void
ut_mark(void)
{
    touch_program();
    touch_stack();
    memcpy(before, own()->faults, sizeof(before));
}

uint
ut_faults(enum faultcase c)
{
    return own()->faults[c] - before[c];
}

void
ut_faulted(uint zero, uint filepage, uint cow, uint upgrade)
{
    uint want[NCASE] = { 0 }, got, c;
    const uint *now = own()->faults;

    want[ZERO] = zero;
    want[FILEPAGE] = filepage;
    want[COW] = cow;
    want[UPGRADE] = upgrade;
    for (c = 0; c < NCASE; c++) {
        got = now[c] - before[c];
        // What another CPU remembers may be out of date: SPURIOUS mends it.
        if (c != SPURIOUS && got != want[c])
            ut_fail("%u %s faults, not %u", got, faultnames[c], want[c]);
    }
}

uint
ut_frames(void)
{
    struct kcheckinfo k;

    ut_hook(kcheck(&k));
    if (k.broken)
        ut_fail("%u invariants broken", k.broken);
    return k.user;
}

struct regioninfo *
ut_region_of(int pid, const void *p)
{
    int i, n = must(regions(pid, region, MANY));

    for (i = 0; i < n && i < MANY; i++)
        if (region[i].start <= (uint)p && (uint)p < region[i].end)
            return &region[i];
    return 0;
}

struct regioninfo *
ut_region(const void *p)
{
    return ut_region_of(getpid(), p);
}

int
ut_needs(uint mb)
{
    struct sysinfo si;

    must(sysinfo(&si));
    if ((si.free + si.cached) / (1024 * 1024 / PGSIZE) >= mb)
        return 1;
    printf("# skipped: needs %u MB of free memory\n", mb);
    return 0;
}

uint
ut_room(void)
{
    struct sysinfo si;

    must(sysinfo(&si));
    return si.free + si.cached + si.slotsfree;
}

char *
ut_pages(uint n)
{
    char *p = sbrk(0);

    p = sbrk(-(uint)p & (PGSIZE - 1));
    if (p == (void *)-1 || (p = sbrk(n * PGSIZE)) == (void *)-1)
        ut_fail("sbrk of %u pages: %s", n, strerror(errno));
    return p;
}

void
ut_touch(void *p, uint n, int c)
{
    volatile char *page = p;

    for (; n > 0; n--, page += PGSIZE)
        *page = c;
}

uint
ut_sum(const void *p, uint n)
{
    const volatile uchar *page = p;
    uint sum = 0;

    for (; n > 0; n--, page += PGSIZE)
        sum += *page;
    return sum;
}

void *
ut_map(uint npages, int prot, int flags, int fd, uint off)
{
    void *p = mmap(0, npages * PGSIZE, prot, flags, fd, off);

    if (p == MAP_FAILED)
        ut_fail("mmap of %u pages: %s", npages, strerror(errno));
    return p;
}

static void
read_byte(int p)
{
    (void)*(volatile char *)p;
}

static void
write_byte(int p)
{
    *(volatile char *)p = 1;
}

int
ut_read_kills(const void *p)
{
    return ut_run(read_byte, (int)p) == 11;
}

int
ut_write_kills(const void *p)
{
    return ut_run(write_byte, (int)p) == 11;
}

void
ut_alone(void)
{
    int i, n, others;
    struct procinfo *p;

    do {
        sleep(1);
        if ((p = allprocs(&n)) == 0)
            ut_fail("allprocs: %s", strerror(errno));
        for (i = others = 0; i < n; i++)
            others += p[i].pgrp == getpid() && p[i].pid != getpid();
        free(p);
    } while (others);
}
