// t_diff.c: diff's comparison against a table of all prefixes: what it marks
// turns one side into the other, and nothing less would.

#include <stdio.h>
#include "user/diff_compare.c"

#define ROUNDS 40000
#define LONGEST 120

static int shared[LONGEST + 1][LONGEST + 1];

static void
makeside(struct side *s, uint n, uint kinds)
{
    uint i;

    s->n = n;
    s->same = malloc((n + 1) * sizeof(*s->same));
    s->changed = calloc(n + 2, 1);
    for (i = 0; i < n; i++)
        s->same[i] = 1 + rand() % kinds;
}

// The lines' contents become small numbers, as numberlines() makes them.
static void
renumber(struct side *a, struct side *b)
{
    uint map[LONGEST + 1] = { 0 }, last = 0, i;
    uint *at;

    for (i = 0; i < a->n + b->n; i++) {
        at = i < a->n ? &a->same[i] : &b->same[i - a->n];
        if (map[*at] == 0)
            map[*at] = ++last;
        *at = map[*at];
    }
}

static int
longestcommon(struct side *a, struct side *b)
{
    uint x, y;

    for (x = 1; x <= a->n; x++) {
        for (y = 1; y <= b->n; y++) {
            if (a->same[x - 1] == b->same[y - 1])
                shared[x][y] = shared[x - 1][y - 1] + 1;
            else if (shared[x - 1][y] > shared[x][y - 1])
                shared[x][y] = shared[x - 1][y];
            else
                shared[x][y] = shared[x][y - 1];
        }
    }
    return shared[a->n][b->n];
}

// The number of lines that pair up, or -1 if some that should do not.
static int
pairs(struct side *a, struct side *b)
{
    uint i = 1, j = 1;
    int n = 0;

    for (;; i++, j++, n++) {
        while (a->changed[i])
            i++;
        while (b->changed[j])
            j++;
        if (i > a->n || j > b->n)
            break;
        if (a->same[i - 1] != b->same[j - 1])
            return -1;
    }
    return i > a->n && j > b->n ? n : -1;
}

static int
round_(uint seed)
{
    uint longest = seed % 100 ? 10 : LONGEST;
    struct side a = { 0 }, b = { 0 };
    int want, got;

    srand(seed);
    makeside(&a, rand() % longest, 1 + seed % 7);
    makeside(&b, rand() % longest, 1 + seed % 7);
    renumber(&a, &b);
    want = longestcommon(&a, &b);
    comparesides(&a, &b);
    got = pairs(&a, &b);
    if (got != want || a.changed[0] || b.changed[0])
        printf("t_diff: seed %u: %d lines pair up, not %d\n", seed, got, want);
    free(a.same);
    free(b.same);
    free(a.changed);
    free(b.changed);
    return got == want;
}

int
main(void)
{
    uint seed;

    for (seed = 0; seed < ROUNDS; seed++)
        if (!round_(seed))
            return 1;
    return 0;
}
