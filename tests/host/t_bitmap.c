// t_bitmap.c: searching bitmaps, against the obvious way; the log's sum.

#include "fsworld.h"

#define BITS   500
#define ROUNDS 200000

static uint
slow(const uint *map, uint from, uint to, uint want)
{
    for (; from < to; from++)
        if ((map[from / 32] >> from % 32 & 1) == want)
            return from;
    return to;
}

static uint
slow_count(const uint *map, uint from, uint to)
{
    uint n = 0;

    for (; from < to; from++)
        n += !(map[from / 32] >> from % 32 & 1);
    return n;
}

// Blocks that differ a little have different sums, also long runs of ones
// instead of zeroes.
static void
sums_differ(void)
{
    static uint block[BSIZE / 4];
    uint seen[BSIZE / 4 + 1], i, k;

    for (i = 0; i <= BSIZE / 4; i++) {
        seen[i] = log_sum(FSMAGIC, block, BSIZE / 4);
        for (k = 0; k < i; k++)
            check(seen[k] != seen[i]);
        if (i < BSIZE / 4)
            block[i] = ~0u;
    }
}

int
main(void)
{
    uint map[(BITS + 31) / 32], i, k, from, to, density;

    for (i = 0; i < ROUNDS; i++) {
        density = rand() % 5;
        for (k = 0; k < NELEM(map); k++)
            map[k] = density == 0 ? 0 : density == 1 ? ~0u
                : density == 2 ? ~(1u << rand() % 32)
                : density == 3 ? 1u << rand() % 32 : (uint)rand() * 3;
        from = rand() % (BITS + 1);
        to = rand() % (BITS + 1);
        check(find_bit(map, from, to, 0) == slow(map, from, to, 0));
        check(find_bit(map, from, to, 1) == slow(map, from, to, 1));
        check(count_zeroes(map, from, to) == slow_count(map, from, to));
    }
    sums_differ();
    printf("t_bitmap: %d searches\n", ROUNDS);
    return 0;
}
