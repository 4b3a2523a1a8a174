// t_malloc.c: the library's malloc against a model: millions of random
// operations, the content of each block remembered by its seed. Damage that a
// program can do ends with a message; freed memory goes back; no operation
// takes longer as the heap grows.

#include <assert.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

typedef unsigned char uchar;
typedef unsigned int uint;

#define PGSIZE 4096
#define ENOMEM 12
#define EINVAL 22
#define ARENA  (256u << 20)
#define NBLOCK 4096
#define OPS    4000000u

static int errno_;
static char *arena, *brk_, *limit;
static uint nmaps, mapped;
static jmp_buf caught;
static const char *said;

static void *
t_sbrk(int n)
{
    char *old = brk_;

    if (brk_ + n < arena || brk_ + n > limit)
        return (void *)-1;
    brk_ += n;
    if (n > 0)
        memset(old, 0x77, n);
    return old;
}

static void *
t_mmap(void *at, uint len, int prot, int flags, int fd, uint off)
{
    void *p = mmap(at, len, prot, flags, fd, off);

    nmaps += p != MAP_FAILED;
    mapped += p != MAP_FAILED ? len : 0;
    return p;
}

static int
t_munmap(void *p, uint len)
{
    nmaps--;
    mapped -= len;
    return munmap(p, len);
}

static void
t_say(const char *what)
{
    said = what;
}

static void __attribute__((noreturn))
t_abort(void)
{
    longjmp(caught, 1);
}

#define progname "t"
#define errno    errno_
#define sbrk     t_sbrk
#define mmap     t_mmap
#define munmap   t_munmap
#define abort    t_abort
#define dprintf(fd, fmt, prog, call, p, what) \
    ((void)prog, (void)call, (void)p, t_say(what))
#define malloc   t_malloc
#define free     t_free
#define calloc   t_calloc
#define realloc  t_realloc
#define reallocarray t_reallocarray
#define aligned_alloc t_aligned_alloc
#define posix_memalign t_posix_memalign
void *t_malloc(size_t n);
void *t_realloc(void *p, size_t n);
#include "../../user/lib_malloc.c"
#undef malloc
#undef free
#undef calloc
#undef realloc
#undef mmap
#undef abort

static struct block {
    uchar *p;
    uint n, seed;
} blocks[NBLOCK];

static uint64_t state = 88172645463325252ull;

static uint
chance(uint n)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint)(state >> 16) % n;
}

// Mostly small, some of a page, few large, very few with a mapping.
static uint
somesize(void)
{
    uint kind = chance(1000);

    if (kind < 700)
        return chance(128);
    if (kind < 950)
        return chance(4096);
    if (kind < 999)
        return chance(40000);
    return chance(20) ? chance(400000) : chance(3 << 20);
}

// Looks at the ends and a few bytes between.
static uint
step(uint n)
{
    return n < 64 ? 1 : n / 16;
}

static void
fill(struct block *b)
{
    uint i;

    b->seed = chance(256);
    for (i = 0; i < b->n; i += step(b->n))
        b->p[i] = b->seed + i;
    if (b->n)
        b->p[b->n - 1] = b->seed;
}

static void
verify(const struct block *b, uint n)
{
    uint i;

    for (i = 0; i < n; i += step(b->n))
        assert(b->p[i] == (uchar)(b->seed + i) || i == b->n - 1);
    if (n == b->n && n)
        assert(b->p[n - 1] == (uchar)b->seed);
}

static void
allocate(struct block *b)
{
    uint kind = chance(20), align = 8u << chance(8), i;

    b->n = somesize();
    if (kind == 0) {
        b->p = t_calloc(1, b->n);
        for (i = 0; b->p && i < b->n; i++)
            assert(b->p[i] == 0);
    } else if (kind == 1) {
        b->p = t_aligned_alloc(align, b->n);
        assert((uintptr_t)b->p % align == 0);
    } else {
        b->p = t_malloc(b->n);
    }
    assert(b->p && (uintptr_t)b->p % 8 == 0);
    fill(b);
}

static void
operate(void)
{
    struct block *b = &blocks[chance(NBLOCK)], old = *b;

    if (b->p == 0) {
        allocate(b);
    } else if (chance(4) == 0) {
        b->n = somesize();
        b->p = t_realloc(b->p, b->n);
        assert(b->p);
        old.p = b->p;
        verify(&old, old.n < b->n ? old.n : b->n);
        fill(b);
    } else {
        verify(b, b->n);
        t_free(b->p);
        b->p = 0;
    }
}

// Walks the heap: sizes and neighbours agree, no two free chunks touch, and
// the bins hold all free ones.
static void
walk(void)
{
    struct chunk *c, *before = 0;
    uint free_ = 0, binned = 0, b;

    for (c = (struct chunk *)bottom; c != end; before = c, c = after(c)) {
        assert(c->below == (before ? sizeof_chunk(before) : 0));
        assert(!before || (before->size & USED) || (c->size & USED));
        assert(!(c->size & USED) || guardlen(c));
        free_ += !(c->size & USED);
    }
    for (b = 0; b < NBIN; b++)
        for (c = bins[b]; c; c = c->next) {
            assert(binof(c->size) == b && !(c->size & USED));
            binned++;
        }
    assert(free_ == binned);
}

static void
random_operations(void)
{
    uint i;

    for (i = 0; i < OPS; i++) {
        operate();
        if (i % 50000 == 0)
            walk();
    }
    for (i = 0; i < NBLOCK; i++) {
        t_free(blocks[i].p);
        blocks[i].p = 0;
    }
    walk();
    assert(nmaps == 0 && mapped == 0);
    assert(brk_ - arena < TRIM + STEP);
}

#define DIES(what, action) do {                         \
    said = "";                                          \
    if (setjmp(caught) == 0) {                          \
        action;                                         \
        assert(!"should have died");                    \
    }                                                   \
    assert(strcmp(said, what) == 0);                    \
} while (0)

// The heap is not touched after that, so each damage is made anew.
static void
damage(void)
{
    static const char beyond[] = "written beyond its end";
    char *volatile p, *volatile q;
    volatile uint n;
    char keep, saved[220];

    for (n = 0; n < 300; n++) {
        p = t_malloc(n);
        q = t_malloc(20);
        keep = p[n];
        p[n] ^= 1;
        DIES(beyond, t_free(p));
        DIES(beyond, t_realloc(p, 10));
        p[n] = 0;
        DIES(beyond, t_free(p));
        p[n] = keep;
        t_free(p);
        DIES("freed already", t_free(p));
        DIES("freed already", t_realloc(p, 5));
        t_free(q);
    }
    p = t_malloc(100);
    DIES("not from malloc", t_free(p + 1));
    p = t_malloc(2 << 20);
    keep = p[2 << 20];
    p[2 << 20] = 0;
    DIES(beyond, t_free(p));
    p[2 << 20] = keep;
    t_free(p);
    DIES("not from malloc, or freed already", t_free(p));
    DIES("not from malloc, or freed already", t_free((void *)&keep));
    p = t_malloc(200);
    memcpy(saved, p, sizeof(saved));
    memset(p, 'x', sizeof(saved));
    DIES(beyond, t_free(p));
    memcpy(p, saved, sizeof(saved));
    p = t_malloc(MAPMIN - 8);       // no chunk that is free has so much
    q = t_malloc(8);
    (void)q;
    t_free(p);
    memset(p, 'x', 16);
    DIES("written after it was freed", t_malloc(MAPMIN - 8));
}

static void
refusals(void)
{
    errno = 0;
    assert(t_malloc(0xffffffff) == 0 && errno == ENOMEM);
    assert(t_calloc(0x10000, 0x10000) == 0 && errno == ENOMEM);
    assert(t_reallocarray(0, 0x40000000, 4) == 0 && errno == ENOMEM);
    assert(t_aligned_alloc(24, 10) == 0 && errno == EINVAL);
    limit = brk_;
    errno = 0;
    while (t_malloc(5000))
        ;
    assert(errno == ENOMEM);
    limit = arena + ARENA;
}

static double
now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return t.tv_sec + t.tv_nsec * 1e-9;
}

// Seconds for a number of frees and mallocs among n live blocks, every other
// one free: a list to be searched would make the large heap far slower.
static double
churn(uint n)
{
    char **p = calloc(n, sizeof(*p));
    double start;
    uint i, k;

    for (i = 0; i < n; i++)
        p[i] = t_malloc(600 + chance(200));
    for (i = 0; i < n; i += 2) {
        t_free(p[i]);
        p[i] = 0;
    }
    start = now();
    for (i = 0; i < 100000; i++) {
        k = chance(n);
        if (p[k]) {
            t_free(p[k]);
            p[k] = 0;
        } else {
            p[k] = t_malloc(600 + chance(200));
        }
    }
    start = now() - start;
    for (i = 0; i < n; i++)
        t_free(p[i]);
    free(p);
    return start;
}

int
main(void)
{
    double small, large;

    arena = brk_ = mmap(0, ARENA, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert(arena != MAP_FAILED);
    limit = arena + ARENA;
    random_operations();
    small = churn(1000);
    large = churn(100000);
    if (large > small * 30)         // caches make some of it
        printf("t_malloc: %.3f s among 1000 blocks, %.3f among 100000\n",
               small, large);
    assert(large <= small * 30);
    refusals();
    damage();
    return 0;
}
