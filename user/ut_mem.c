// ut_mem.c: cases about the break and malloc, mostly what must be refused.

#include "user.h"
#include "ut.h"

#define DUMPED 500              // pages: as many lines
#define ENOUGH 1000             // 6,000 and more where nobody waits

static void
sbrk_moves_the_break(void)
{
    char *start = sbrk(0), *p;

    check(sbrk(1) == start);
    check(sbrk(0) == start + 1);
    check(sbrk(PGSIZE) == start + 1);
    check(sbrk(-1) == start + 1 + PGSIZE);
    p = sbrk(0);
    check(p == start + PGSIZE);
    check(sbrk(-PGSIZE) == p);
    check(sbrk(0) == start);
}

static void
sbrk_odd_sizes(void)
{
    static const int sizes[] = { 1, 4095, 4096, 4097, 3, 8191, 12289, 77777 };
    char *start = sbrk(0), *p;
    uint i, j, n = sizeof(sizes) / sizeof(sizes[0]);

    for (i = 0; i < n; i++) {
        p = sbrk(sizes[i]);
        check(p != (void *)-1);
        for (j = 0; j < (uint)sizes[i]; j++)
            check(p[j] == 0);
        memset(p, 1, sizes[i]);
    }
    while (n-- > 0)
        check(sbrk(-sizes[n]) != (void *)-1);
    check(sbrk(0) == start);
}

// In older kernels sbrk(-huge) returned success.
static void
sbrk_does_not_wrap(void)
{
    char *start = sbrk(0);

    fails(sbrk(-0x7fffffff), EINVAL);
    fails(sbrk(0x80000000), EINVAL);
    fails(sbrk(-(int)(start + 1)), EINVAL);
    fails(sbrk(0x7fffffff), ENOMEM);
    fails(sbrk(0x80000000 - (uint)start + 1), ENOMEM);
    check(sbrk(0) == start);
}

// In older kernels sbrk(-sz) took text and stack away, and fork panicked.
static void
sbrk_stops_at_zero(void)
{
    char *start = sbrk(0);

    fails(sbrk(-(int)start), EINVAL);
    fails(sbrk(-(int)start + PGSIZE), EINVAL);
    check(sbrk(0) == start);
    gives(ut_run(exit, 0), 0);
}

// The heap's beginning is as far down as the break goes: malloc's first
// block lies above it.
static void
sbrk_stops_at_the_heaps_start(void)
{
    char *start;
    int n;

    for (n = 1 << 20; n > 0; n >>= 1)
        while (sbrk(-n) != (void *)-1)
            ;
    start = sbrk(0);
    fails(sbrk(-1), EINVAL);
    check(sbrk(PGSIZE) == start);
    *start = 1;
    check(sbrk(-PGSIZE) == start + PGSIZE);
    check(ut_read_kills(start));
}

// In older kernels shrinking to the middle of a page freed it.
static void
sbrk_shrink_keeps_live_page(void)
{
    char *p = ut_pages(2);

    ut_fill(p, 2 * PGSIZE, 1, 0);
    check(sbrk(-PGSIZE - 100) != (void *)-1);
    ut_verify(p, PGSIZE - 100, 1, 0);
    p[PGSIZE - 100] = 1;                // the page is there to its end
    check(ut_read_kills(p + PGSIZE));
    check(sbrk(100) != (void *)-1);
    ut_verify(p, PGSIZE - 100, 1, 0);
}

static void
above_the_break_kills(void)
{
    char *p = ut_pages(3);

    p[3 * PGSIZE - 1] = 1;
    check(ut_read_kills(p + 3 * PGSIZE));
    check(ut_write_kills(p + 3 * PGSIZE));
    check(ut_read_kills(p + (64 << 20)));
}

// In older kernels malloc(0xffffffff) returned a pointer.
static void
malloc_overflow_fails(void)
{
    static const uint sizes[] = {
        0xffffffff, 0xfffffff0, 0xfffff000, 0x80000000, 0x7ffffff8,
    };
    volatile uint n = 65536;
    uint i;
    char *p = malloc(100);

    check(p != 0);
    for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        check(malloc(sizes[i]) == 0);
        check(realloc(p, sizes[i]) == 0);
    }
    check(calloc(n, n) == 0);
    check(calloc(n + 1, n) == 0);
    check(calloc(0xffffffff, 2) == 0);
    free(p);
}

#define BLOCKS 64

static void
malloc_keeps_blocks_apart(void)
{
    static uchar *block[BLOCKS];
    static uint size[BLOCKS];
    uint i, k;

    srand(1);
    for (i = 0; i < 3000; i++) {
        k = (uint)rand() % BLOCKS;
        if (block[k]) {
            ut_verify(block[k], size[k], k, 0);
            free(block[k]);
        }
        size[k] = (uint)rand() % 3000;
        block[k] = malloc(size[k]);
        check(block[k] != 0);
        ut_fill(block[k], size[k], k, 0);
    }
    for (k = 0; k < BLOCKS; k++)
        free(block[k]);
}

// Rounds that change an address space, counted where the parent sees them.
static void
maps_and_unmaps(int arg)
{
    volatile uint *rounds = (uint *)arg;
    void *p;

    ut_touch(ut_pages(DUMPED), DUMPED, 1);
    for (;;) {
        p = ut_map(1, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
                   0);
        ut_touch(p, 1, 1);
        must(munmap(p, PGSIZE));
        ++*rounds;
    }
}

// Its lines are slow, and the process they are about does not wait for them.
static void
dump_holds_nobody_up(void)
{
    volatile uint *rounds = ut_map(1, PROT_READ | PROT_WRITE,
                                   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    int pid = ut_fork(maps_and_unmaps, (int)rounds);
    uint n;

    while (*rounds == 0)
        sleep(1);
    n = *rounds;
    must(dumppagetable(pid));
    n = *rounds - n;
    if (n < ENOUGH)
        ut_fail("only %u rounds meanwhile", n);
    must(kill(pid));
    ut_wait(pid);
}

// --- memframes -----------------------------------------------------------

// The record of the frame behind p, which has been touched.
static struct frameinfo
frame_behind(const void *p)
{
    struct frameinfo f;
    uint pfn = getpagetableentry(getpid(), (int)p) / PGSIZE;

    gives(memframes(pfn, &f, 1), 1);
    gives(f.size, sizeof(f));
    gives(f.pfn, pfn);
    gives(f.kind, FRAME_USER);
    return f;
}

static void
memframes_counts_the_owners_of_a_page(void)
{
    char *p = ut_pages(1), c;
    int go[2], pid;

    ut_touch(p, 1, 1);
    gives(frame_behind(p).ref, 1);
    gives(frame_behind(p).dev, 0);
    must(pipe(go));
    if ((pid = must(fork())) == 0) {
        close(go[1]);
        exit(read(go[0], &c, 1));
    }
    gives(frame_behind(p).ref, vmctl(VM_COW, -1) ? 2 : 1);
    close(go[1]);
    gives(ut_wait(pid), 0);
    gives(frame_behind(p).ref, 1);
    close(go[0]);
}

static void
memframes_knows_the_block_of_a_file(void)
{
    struct frameinfo f;
    int fd;
    char *p;

    ut_put("f", PGSIZE, 1);
    fd = must(open("f", O_RDONLY));
    p = ut_map(1, PROT_READ, MAP_SHARED, fd, 0);
    ut_verify(p, PGSIZE, 1, 0);
    f = frame_behind(p);
    gives(f.dev, 1);
    check(f.block > 0);
    gives(f.ref, 2);                // the cache's and ours
    must(munmap(p, PGSIZE));
    must(close(fd));
    must(unlink("f"));
}

static void
memframes_gives_each_frame_once(void)
{
    struct frameinfo f[50];
    struct sysinfo s;
    uint next = 0, total = 0;
    int n, i;

    while ((n = must(memframes(next, f, 50))) > 0)
        for (i = 0; i < n; i++, total++) {
            check(f[i].pfn >= next);
            next = f[i].pfn + 1;
        }
    must(sysinfo(&s));
    gives(total, s.frames);
    gives(memframes(next, f, 50), 0);
    gives(memframes(0, f, 0), 0);
    gives(memframes(~0u, f, 50), 0);
    fails(memframes(0, f, -1), EINVAL);
    for (i = 0; i < NBADPTR; i++)
        fails(memframes(0, ut_badptr[i], 1), EFAULT);
}

const struct utcase ut_mem[] = {
    CASE(sbrk_moves_the_break, QUICK),
    CASE(sbrk_odd_sizes, QUICK),
    CASE(sbrk_does_not_wrap, QUICK),
    CASE(sbrk_stops_at_zero, QUICK),
    CASE(sbrk_stops_at_the_heaps_start, QUICK),
    CASE(sbrk_shrink_keeps_live_page, QUICK),
    CASE(above_the_break_kills, QUICK),
    CASE(malloc_overflow_fails, QUICK),
    CASE(malloc_keeps_blocks_apart, QUICK),
    CASE(dump_holds_nobody_up, QUICK),
    CASE(memframes_counts_the_owners_of_a_page, QUICK),
    CASE(memframes_knows_the_block_of_a_file, QUICK),
    CASE(memframes_gives_each_frame_once, QUICK),
    ENDCASES
};
