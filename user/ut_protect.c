// ut_protect.c: cases about mprotect, and what becomes of regions that are
// cut, joined, inherited and lost; with the Pintos merge sorts at the end.

#include "user.h"
#include "ut.h"

#define RW   (PROT_READ | PROT_WRITE)
#define ANON (MAP_PRIVATE | MAP_ANONYMOUS)

static char *map;

static int
count_regions(void)
{
    return must(regions(getpid(), 0, 0));
}

// The regions of a process that makes more of them all the time, as seen from
// outside: each once, in order.
static void
regions_of_another_in_order(void)
{
    static struct regioninfo r[64];
    int pid = must(fork()), began = uptime(), i, n;

    if (pid == 0)
        for (;;) {
            for (i = 0; i < 3000; i++)
                must((int)sbrk(PGSIZE));
            must((int)sbrk(-3000 * PGSIZE));
        }
    while (uptime() - began < HZ / 2) {
        n = must(regions(pid, r, 64));
        for (i = 1; i < n && i < 64; i++)
            check(r[i].start >= r[i - 1].end);
    }
    must(kill(pid));
    check(ut_wait(pid) != 0);
}

static void
mprotect_down_and_up(void)
{
    map = ut_map(3, RW, ANON, -1, 0);
    ut_touch(map, 3, 4);
    must(mprotect(map, 3 * PGSIZE, PROT_READ));
    check(ut_sum(map, 3) == 12);
    check(ut_write_kills(map));
    must(mprotect(map, 3 * PGSIZE, PROT_NONE));
    check(ut_read_kills(map));
    check(ut_write_kills(map + PGSIZE));
    must(mprotect(map, 3 * PGSIZE, RW));
    check(ut_sum(map, 3) == 12);
    ut_touch(map, 3, 5);
    check(ut_sum(map, 3) == 15);
    must(munmap(map, 3 * PGSIZE));
}

// Rights that come back cost a fault each, and no frame.
static void
mprotect_costs_upgrades(void)
{
    uint frames;

    map = ut_map(4, RW, ANON, -1, 0);
    ut_touch(map, 4, 1);
    ut_mark();
    frames = ut_frames();
    must(mprotect(map, 4 * PGSIZE, PROT_NONE));
    must(mprotect(map, 4 * PGSIZE, RW));
    ut_faulted(0, 0, 0, 0);
    check(ut_sum(map, 4) == 4);         // readable again
    ut_faulted(0, 0, 0, 4);
    ut_touch(map, 4, 2);                // sole owner: no copy
    ut_faulted(0, 0, 4, 4);
    gives(ut_frames(), frames);
    must(munmap(map, 4 * PGSIZE));
}

static void
writes_it(int arg)
{
    map[0] = arg;
}

// A shared page is still shared after having been forbidden.
static void
mprotect_keeps_sharing(void)
{
    map = ut_map(1, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    map[0] = 1;
    must(mprotect(map, PGSIZE, PROT_NONE));
    must(mprotect(map, PGSIZE, RW));
    gives(ut_run(writes_it, 9), 0);
    check(map[0] == 9);
    must(munmap(map, PGSIZE));
}

static void
mprotect_splits_and_merges(void)
{
    int before = count_regions(), i;

    map = ut_map(9, RW, ANON, -1, 0);
    gives(count_regions(), before + 1);
    ut_touch(map, 9, 1);
    must(mprotect(map + 3 * PGSIZE, 3 * PGSIZE, PROT_READ));
    gives(count_regions(), before + 3);
    for (i = 0; i < 9; i++)
        check(ut_write_kills(map + i * PGSIZE) == (i >= 3 && i < 6));
    check(ut_region(map)->end == (uint)map + 3 * PGSIZE);
    must(mprotect(map + 3 * PGSIZE, 3 * PGSIZE, RW));
    gives(count_regions(), before + 1);
    ut_touch(map, 9, 2);
    check(ut_sum(map, 9) == 18);
    must(munmap(map, 9 * PGSIZE));
    gives(count_regions(), before);
}

static void
munmap_splits(void)
{
    int before = count_regions();
    uint frames;

    map = ut_map(9, RW, ANON, -1, 0);
    ut_touch(map, 9, 1);
    frames = ut_frames();
    must(munmap(map + 3 * PGSIZE, 3 * PGSIZE));
    gives(count_regions(), before + 2);
    gives(ut_frames(), frames - 3);
    check(ut_read_kills(map + 3 * PGSIZE));
    check(ut_read_kills(map + 6 * PGSIZE - 1));
    check(ut_sum(map, 3) == 3 && ut_sum(map + 6 * PGSIZE, 3) == 3);
    must(munmap(map, 9 * PGSIZE));      // across the hole
    gives(count_regions(), before);
}

#define STAY 20                     // pages of the map, every other one

static void
map_and_unmap(int n)
{
    for (; n > 0; n--) {
        must(munmap(map, PGSIZE));
        must(mmap(map, PGSIZE, RW, ANON | MAP_FIXED, -1, 0));
    }
}

// Another process's region that stays is listed, whatever becomes of those
// below it meanwhile, and once.
static void
list_misses_no_region(void)
{
    struct regioninfo *r = (struct regioninfo *)ut_buf;
    int pid, n, i, seen;

    map = ut_map(2 * STAY, RW, ANON, -1, 0);
    for (i = 0; i < STAY; i++)
        must(munmap(map + (2 * i + 1) * PGSIZE, PGSIZE));
    pid = ut_fork(map_and_unmap, 20000);
    while ((n = regions(pid, r, UTBUF / sizeof(*r))) >= 0) {
        check(n >= STAY && n <= (int)(UTBUF / sizeof(*r)));
        for (i = seen = 0; i < n; i++)
            seen += r[i].start > (uint)map &&
                r[i].start < (uint)map + 2 * STAY * PGSIZE;
        gives(seen, STAY - 1);
    }
    check(errno == ESRCH);
    ut_join(1);
    must(munmap(map, 2 * STAY * PGSIZE));
}

// The pieces of a cut file mapping still know their part of the file.
static void
munmap_splits_a_file_map(void)
{
    int fd;

    ut_put("f", 9 * PGSIZE, 1);
    fd = must(open("f", O_RDWR));
    map = ut_map(9, RW, MAP_SHARED, fd, 0);
    must(munmap(map + PGSIZE, PGSIZE));
    must(mprotect(map + 4 * PGSIZE, 2 * PGSIZE, PROT_READ));
    ut_verify(map, PGSIZE, 1, 0);
    ut_verify(map + 2 * PGSIZE, 7 * PGSIZE, 1, 2 * PGSIZE);
    check(ut_region(map + 4 * PGSIZE)->off == 4 * PGSIZE);
    check(ut_region(map + 6 * PGSIZE)->off == 6 * PGSIZE);
    check(ut_write_kills(map + 5 * PGSIZE));
    must(mprotect(map + 4 * PGSIZE, 2 * PGSIZE, RW));
    check(ut_region(map + 2 * PGSIZE)->end == (uint)map + 9 * PGSIZE);
    must(munmap(map, 9 * PGSIZE));
    must(close(fd));
    must(unlink("f"));
}

static void
mprotect_bad_arguments(void)
{
    int ro;

    map = ut_map(2, RW, ANON, -1, 0);
    fails(mprotect(map + 1, PGSIZE, RW), EINVAL);
    fails(mprotect(map, PGSIZE, 8), EINVAL);
    fails(mprotect(map, PGSIZE, -1), EINVAL);
    fails(mprotect((void *)0x80000000, PGSIZE, RW), ENOMEM);
    fails(mprotect((void *)0xfffff000, 2 * PGSIZE, RW), ENOMEM);
    must(munmap(map, PGSIZE));
    fails(mprotect(map, PGSIZE, PROT_READ), ENOMEM);
    fails(mprotect(map, 2 * PGSIZE, PROT_READ), ENOMEM);
    map[PGSIZE] = 1;                    // it changed nothing
    must(munmap(map + PGSIZE, PGSIZE));
    ut_put("f", 100, 1);
    ro = must(open("f", O_RDONLY));
    map = ut_map(1, PROT_READ, MAP_SHARED, ro, 0);
    fails(mprotect(map, PGSIZE, RW), EACCES);
    check(ut_write_kills(map));
    must(munmap(map, PGSIZE));
    map = ut_map(1, PROT_READ, MAP_PRIVATE, ro, 0);
    must(mprotect(map, PGSIZE, RW));    // a private copy may be written
    map[0] = 'p';
    must(munmap(map, PGSIZE));
    ut_same("f", 100, 1);
    must(close(ro));
    must(unlink("f"));
}

// Write implies read, and read implies execute: the hardware has no more.
static void
mprotect_what_rights_imply(void)
{
    map = ut_map(1, PROT_WRITE, ANON, -1, 0);
    check(map[0] == 0);
    map[0] = (char)0xc3;                // ret
    must(mprotect(map, PGSIZE, PROT_READ));
    ((void (*)(void))map)();
    must(munmap(map, PGSIZE));
}

static void
mprotect_of_heap_and_stack(void)
{
    char *heap = ut_pages(4), here = 0;
    char *low = (char *)ut_region(&here)->start;

    ut_touch(heap, 4, 1);
    must(mprotect(heap + PGSIZE, PGSIZE, PROT_READ));
    check(ut_write_kills(heap + PGSIZE));
    check(sbrk(PGSIZE) == heap + 4 * PGSIZE);   // still grows
    heap[4 * PGSIZE] = 1;
    check(sbrk(-3 * PGSIZE) == heap + 5 * PGSIZE);
    check(sbrk(-PGSIZE) == heap + 2 * PGSIZE);  // across the edge
    check(ut_read_kills(heap + PGSIZE));
    check(sbrk(PGSIZE) == heap + PGSIZE);
    heap[PGSIZE] = 1;
    must(mprotect(low, 16 * PGSIZE, PROT_NONE));
    check(ut_write_kills(low + 15 * PGSIZE));
    low[16 * PGSIZE] = 1;
    must(mprotect(low, 16 * PGSIZE, RW));
    low[0] = 1;
}

// Text made writable is a copy of one's own; the others' stays.
static void
rewrites_text(int arg)
{
    char *page = (char *)((uint)count_regions & ~(PGSIZE - 1));
    char was = page[100];

    must(mprotect(page, PGSIZE, RW | PROT_EXEC));
    page[100] = was + arg;
    check(page[100] == (char)(was + arg));
    page[100] = was;
}

static void
mprotect_text_copies_it(void)
{
    char *page = (char *)((uint)count_regions & ~(PGSIZE - 1));
    uint pte = getpagetableentry(getpid(), (int)page);

    gives(ut_run(rewrites_text, 3), 0);
    check(getpagetableentry(getpid(), (int)page) >> 12 == pte >> 12);
    check(ut_write_kills(page + 100));
}

// --- Pintos page-merge-seq, -par, -stk, -mm ------------------------------

#define CHUNKS 8
#define CHUNK  8192                     // values of two bytes

static ushort *data;

static void
make_data(void)
{
    uint i;

    srand(7);
    for (i = 0; i < CHUNKS * CHUNK; i++)
        data[i] = rand();
}

static int
compare(const void *a, const void *b)
{
    return *(const ushort *)a - *(const ushort *)b;
}

static void
sort_chunk(int k)
{
    qsort(data + k * CHUNK, CHUNK, sizeof(*data), compare);
}

static void
sort_chunk_on_stack(int k)
{
    ushort mine[CHUNK];

    memcpy(mine, data + k * CHUNK, sizeof(mine));
    qsort(mine, CHUNK, sizeof(*mine), compare);
    memcpy(data + k * CHUNK, mine, sizeof(mine));
}

// The chunks are each in order: merging them gives a rising sequence with
// the sum that make_data() made.
static void
check_merge(uint sum)
{
    uint at[CHUNKS] = { 0 }, i, k, best, last = 0;

    for (i = 0; i < CHUNKS * CHUNK; i++) {
        best = CHUNKS;
        for (k = 0; k < CHUNKS; k++)
            if (at[k] < CHUNK && (best == CHUNKS ||
                data[k * CHUNK + at[k]] < data[best * CHUNK + at[best]]))
                best = k;
        check(data[best * CHUNK + at[best]] >= last);
        last = data[best * CHUNK + at[best]++];
        sum -= last;
    }
    check(sum == 0);
}

static void
sort_in_children(void (*sort)(int), int parallel)
{
    uint sum = 0, i;
    int k;

    data = ut_map(CHUNKS * CHUNK * sizeof(*data) / PGSIZE, RW,
                  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    make_data();
    for (i = 0; i < CHUNKS * CHUNK; i++)
        sum += data[i];
    for (k = 0; k < CHUNKS; k++) {
        ut_fork(sort, k);
        if (!parallel)
            ut_join(1);
    }
    if (parallel)
        ut_join(CHUNKS);
    check_merge(sum);
    must(munmap(data, CHUNKS * CHUNK * sizeof(*data)));
}

static void
merge_sequential(void)
{
    sort_in_children(sort_chunk, 0);
}

static void
merge_parallel(void)
{
    sort_in_children(sort_chunk, 1);
}

static void
merge_on_the_stack(void)
{
    sort_in_children(sort_chunk_on_stack, 1);
}

// Through a file: each child maps its chunk.
static void
sort_mapped_chunk(int k)
{
    int fd = must(open("f", O_RDWR));
    ushort *p = ut_map(CHUNK * 2 / PGSIZE, RW, MAP_SHARED, fd,
                       k * CHUNK * 2);

    must(close(fd));
    qsort(p, CHUNK, sizeof(*p), compare);
}

static void
merge_in_a_file(void)
{
    uint sum = 0, i;
    int fd, k;

    ut_put("f", CHUNKS * CHUNK * 2, 3);
    fd = must(open("f", O_RDWR));
    data = ut_map(CHUNKS * CHUNK * 2 / PGSIZE, RW, MAP_SHARED, fd, 0);
    for (i = 0; i < CHUNKS * CHUNK; i++)
        sum += data[i];
    for (k = 0; k < CHUNKS; k++)
        ut_fork(sort_mapped_chunk, k);
    ut_join(CHUNKS);
    check_merge(sum);
    must(munmap(data, CHUNKS * CHUNK * 2));
    must(close(fd));
    must(unlink("f"));
}

// A kernel thread is a process without any user memory.
static void
kernel_threads_have_no_regions(void)
{
    gives(regions(2, 0, 0), 0);
    fails(regions(0x7ffffff0, 0, 0), ESRCH);
}

const struct utcase ut_protect[] = {
    CASE(regions_of_another_in_order, QUICK),
    CASE(kernel_threads_have_no_regions, QUICK),
    CASE(mprotect_down_and_up, QUICK),
    CASE(mprotect_costs_upgrades, QUICK),
    CASE(mprotect_keeps_sharing, QUICK),
    CASE(mprotect_splits_and_merges, QUICK),
    CASE(munmap_splits, QUICK),
    CASE(list_misses_no_region, QUICK),
    CASE(munmap_splits_a_file_map, QUICK),
    CASE(mprotect_bad_arguments, QUICK),
    CASE(mprotect_what_rights_imply, QUICK),
    CASE(mprotect_of_heap_and_stack, QUICK),
    CASE(mprotect_text_copies_it, QUICK),
    CASE(merge_sequential, QUICK),
    CASE(merge_parallel, QUICK),
    CASE(merge_on_the_stack, QUICK),
    CASE(merge_in_a_file, QUICK),
    ENDCASES
};
