// policy.c: compares the eviction policies on three patterns of access.
//
// The patterns:
//
//     loop    every page in order, again and again: the worst for second
//             chance, which then takes just what is needed next
//     zipf    page k of the heap with a chance in proportion to 1/k
//     scan    a small part often, while new pages stream past that are
//             touched once and thrown away: what is in use is to stay
//
// Each runs once to warm up, then so many rounds are counted: pages brought
// back from swap and written there, and the time, per policy.

#include "user.h"

const char help[] = "policy [MB [rounds]]\n"
    "Touch so much memory, a quarter more than there is if no MB are given, in\n"
    "three patterns under each eviction policy, and print what that cost in\n"
    "so many rounds (4).";

#define MB    (1u << 20)
#define MBPAGES (MB / PGSIZE)
#define NPOLICY 3

static uint seed;

static uint
rnd(uint n)
{
    seed = seed * 1664525 + 1013904223;
    return (seed >> 7) % n;
}

static volatile char *heap;
static uint npages;

static void
touch(uint page)
{
    heap[page * PGSIZE]++;
}

static void
loop(uint rounds)
{
    uint i, r;

    for (r = 0; r < rounds; r++)
        for (i = 0; i < npages; i++)
            touch(i);
}

// 1/k over the pages, near enough: a power of two by its logarithm, then
// any page of that range.
static void
zipf(uint rounds)
{
    uint i, k, bits = 0;

    while (2u << bits < npages)
        bits++;
    for (i = 0; i < rounds * npages; i++) {
        k = 1u << rnd(bits + 1);
        touch((k + rnd(k) - 1) % npages);
    }
}

static void
scan(uint rounds)
{
    uint i, r, hot = npages / 8;
    int rest = (npages - hot) * PGSIZE;

    for (r = 0; r < rounds; r++) {
        sbrk(-rest);
        sbrk(rest);
        for (i = hot; i < npages; i++) {
            touch(i);
            touch(rnd(hot));
        }
    }
}

static const struct {
    const char *name;
    void (*run)(uint rounds);
} patterns[] = { { "loop", loop }, { "zipf", zipf }, { "scan", scan } };
#define NPATTERN (sizeof patterns / sizeof patterns[0])

static const char *const policies[NPOLICY] = { "clock", "sweep", "random" };

static void
measure(uint pattern, uint policy, uint rounds)
{
    struct sysinfo was, now;
    int start;
    uint i;

    vmctl(VM_POLICY, policy);
    heap = sbrk(npages * PGSIZE);
    if (heap == (void *)-1)
        err(1, "sbrk");
    for (i = 0; i < npages; i++)
        touch(i);
    seed = 1;
    patterns[pattern].run(1);
    sysinfo(&was);
    start = uptime();
    patterns[pattern].run(rounds);
    sysinfo(&now);
    printf("%-8s %-8s %8u %8u %8d\n", patterns[pattern].name,
           policies[policy], now.swapins - was.swapins,
           now.swapouts - was.swapouts, (uptime() - start) * (1000 / HZ));
    sbrk(-(int)(npages * PGSIZE));
}

int
main(int argc, char **argv)
{
    struct sysinfo si;
    uint old, i, j, rounds;

    if (getopt(argc, argv, "") != -1 || argc - optind > 2)
        usage(NULL);
    setlinebuf(stdout);             // forks copy no text, deaths lose none
    if (sysinfo(&si) < 0)
        err(1, "sysinfo");
    npages = si.frames + si.frames / 4;
    if (optind < argc)
        npages = number(argv[optind++], 1, 1000) * MBPAGES;
    rounds = optind < argc ? number(argv[optind], 1, 1000) : 4;
    old = vmctl(VM_POLICY, -1);
    printf("%u pages of heap, %u frames\n", npages, si.frames);
    printf("pattern  policy         in      out       ms\n");
    for (i = 0; i < NPATTERN; i++)
        for (j = 0; j < NPOLICY; j++)
            measure(i, j, rounds);
    vmctl(VM_POLICY, old);
    return 0;
}
