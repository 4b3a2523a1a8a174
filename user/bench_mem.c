// bench_mem.c: cases of bench: page faults, the heap, mappings, swap.

#include "user.h"
#include "bench.h"

#define NPAGES 256                  // 1 MB
#define MB     (1 << 20)
#define SWAPPAGES 32                // a sample of do_swap

// Shares the heap with its parent until it is let go.
static void
hold(int in, int out)
{
    char c = 0;

    write(out, &c, 1);
    read(in, &c, 1);
}

// Writes to pages that a child shares, one fault each.
static void
do_cow(uint unused)
{
    char *heap = sbrk(NPAGES * PGSIZE), c;
    struct peer p;

    (void)unused;
    must((int)heap);
    touch(heap, NPAGES);
    while (again()) {
        peer_start(&p, hold);
        must(read(p.in, &c, 1));
        begin();
        touch(heap, NPAGES);
        done(NPAGES);
        peer_stop(&p);
    }
}

static void
do_heap(uint unused)
{
    char *heap;

    (void)unused;
    while (again()) {
        heap = sbrk(NPAGES * PGSIZE);
        must((int)heap);
        begin();
        touch(heap, NPAGES);
        done(NPAGES);
        must((int)sbrk(-NPAGES * PGSIZE));
    }
}

static void
do_sbrk(uint n)
{
    uint i;

    while (again()) {
        begin();
        for (i = 0; i < n; i++) {
            sbrk(16 * MB);
            sbrk(-16 * MB);
        }
        done(n);
    }
}

static char *
map(uint nbytes, int flags, int fd)
{
    char *p = mmap(0, nbytes, PROT_READ | PROT_WRITE, flags, fd, 0);

    if (p == MAP_FAILED)
        skip("cannot map");
    return p;
}

static void
do_mapfault(uint unused)
{
    char *p;

    (void)unused;
    while (again()) {
        p = map(NPAGES * PGSIZE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
        begin();
        touch(p, NPAGES);
        done(NPAGES);
        must(munmap(p, NPAGES * PGSIZE));
    }
}

static void
do_mapunmap(uint n)
{
    uint i;
    char *p;

    while (again()) {
        begin();
        for (i = 0; i < n; i++) {
            p = map(16 * MB, MAP_PRIVATE | MAP_ANONYMOUS, -1);
            munmap(p, 16 * MB);
        }
        done(n);
    }
}

static void
look(char *p, uint npages)
{
    uint i;

    for (i = 0; i < npages; i++)
        (void)*(volatile char *)(p + i * PGSIZE);
}

// Pages of a file that are in the cache, looked at through a mapping.
static void
do_pagein(uint flags)
{
    int fd;
    char *p;

    fill("mapped", NPAGES * PGSIZE);
    fd = must(open("mapped", O_RDWR));
    while (again()) {
        p = map(NPAGES * PGSIZE, flags, fd);
        begin();
        look(p, NPAGES);
        done(NPAGES);
        must(munmap(p, NPAGES * PGSIZE));
    }
    close(fd);
    unlink("mapped");
}

// A heap of one and a half times the memory: what a new page costs when
// another must go out for it, and what it costs to get one back, which
// sends out another too.
static void
do_swap(uint in)
{
    struct sysinfo s = { .size = sizeof(s) };
    uint npages, i;
    char *heap;

    if (sysinfo(&s) < 0 || s.slots == 0 || s.frames > 8 * MB / 1024)
        skip("needs swap and at most 32 MB of memory");
    npages = s.frames + s.frames / 2;
    heap = sbrk(npages * PGSIZE);
    must((int)heap);
    touch(heap, in ? npages : s.frames);
    for (i = in ? 0 : s.frames; again(); i += SWAPPAGES) {
        begin();
        touch(heap + i * PGSIZE, SWAPPAGES);
        done(SWAPPAGES);
    }
}

// Faults in an address space of n regions.
static void
do_regions(uint n)
{
    uint i;

    for (i = 0; i < n; i++)         // rights differ, so that none are joined
        must((int)mmap(0, PGSIZE, i & 1 ? PROT_READ : PROT_NONE,
                       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    do_mapfault(0);
}

const struct bench bench_mem[] = {
    { "cow_fault", do_cow, 0, 0 },
    { "heap_touch", do_heap, 0, 0 },
    { "sbrk_16m", do_sbrk, 1000, 0 },
    { "mmap_fault", do_mapfault, 0, 0 },
    { "mmap_munmap", do_mapunmap, 1000, 0 },
    { "pagein_shared", do_pagein, MAP_SHARED, 0 },
    { "pagein_private", do_pagein, MAP_PRIVATE, 0 },
    { "swap_out", do_swap, 0, NAMED },
    { "swap_in", do_swap, 1, NAMED },
    { "regions/1", do_regions, 1, NAMED },
    { "regions/10", do_regions, 10, NAMED },
    { "regions/100", do_regions, 100, NAMED },
    { "regions/1000", do_regions, 1000, NAMED },
    ENDBENCH
};
