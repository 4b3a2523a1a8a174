// lib_malloc.c: the heap allocator.
//
// The heap is a row of chunks without gaps between them, each a header and
// a payload that is a multiple of 8 bytes:
//
//     | below | size+used | payload ... | below | size+used | payload ...
//
// `below` is the size of the chunk before, so that a freed chunk finds both
// neighbours and merges with those that are free: two free chunks never
// touch. Free chunks hang in bins by size, links in their payload: a bin
// per multiple of 8 up to SMALL, above that four bins for each doubling. A
// bitmap of bins that hold something makes the next fitting one a short
// scan. The heap grows by sbrk in steps of STEP; an END header, used and of
// size 0, closes each stretch, and a new stretch begins only where somebody
// else has moved the break.

#include "user.h"

#define HEAD   8                    // bytes of below and size
#define MINPAY 8                    // payload holds the two links
#define SMALL  512                  // sizes below have bins of their own
#define NSMALL (SMALL / 8)
#define NBIN   (NSMALL + 4 * 23)    // 2^9 .. 2^31, four each
#define STEP   (64 << 10)
#define MAXREQ 0x7ffe0000u          // anything more is surely refused
#define USED   1u

struct chunk {
    uint below;                     // size of the chunk before; 0: first
    uint size;                      // header and payload; bit 0: USED
    struct chunk *next, *prev;      // in the bin, if free
};

static struct chunk *bins[NBIN];
static uint filled[(NBIN + 31) / 32];
static struct chunk *end;           // the END of the stretch that can grow

static uint
sizeof_chunk(struct chunk *c)
{
    return c->size & ~USED;
}

static struct chunk *
after(struct chunk *c)
{
    return (struct chunk *)((char *)c + sizeof_chunk(c));
}

static void *
payload(struct chunk *c)
{
    return (char *)c + HEAD;
}

// The bin for free chunks of this size.
static uint
binof(uint size)
{
    uint log;

    if (size < SMALL)
        return size / 8;
    log = 31 - __builtin_clz(size);
    return NSMALL + (log - 9) * 4 + ((size >> (log - 2)) & 3);
}

static void
putin(struct chunk *c)
{
    uint b = binof(c->size);

    c->next = bins[b];
    c->prev = 0;
    if (c->next)
        c->next->prev = c;
    bins[b] = c;
    filled[b / 32] |= 1u << b % 32;
}

static void
takeout(struct chunk *c)
{
    uint b = binof(c->size);

    if (c->next)
        c->next->prev = c->prev;
    if (c->prev) {
        c->prev->next = c->next;
        return;
    }
    bins[b] = c->next;
    if (bins[b] == 0)
        filled[b / 32] &= ~(1u << b % 32);
}

// The first bin from b on that holds something, or NBIN.
static uint
nextbin(uint b)
{
    uint word = b / 32, bits;

    if (b >= NBIN)
        return NBIN;
    bits = filled[word] & ~0u << b % 32;
    while (bits == 0) {
        if (++word == sizeof(filled) / sizeof(filled[0]))
            return NBIN;
        bits = filled[word];
    }
    return word * 32 + __builtin_ctz(bits);
}

// Takes a free chunk of at least size out of its bin, or returns 0. Only
// the first bin can hold chunks that are too small.
static struct chunk *
find(uint size)
{
    uint b = binof(size);
    struct chunk *c;

    for (c = bins[b]; c; c = c->next)
        if (c->size >= size)
            break;
    if (c == 0 && (b = nextbin(b + 1)) < NBIN)
        c = bins[b];
    if (c)
        takeout(c);
    return c;
}

// Makes c, which is in no bin, free; merges it with its neighbours.
static void
release(struct chunk *c)
{
    struct chunk *other;

    c->size &= ~USED;
    other = after(c);
    if (!(other->size & USED)) {
        takeout(other);
        c->size += other->size;
    }
    other = (struct chunk *)((char *)c - c->below);
    if (c->below && !(other->size & USED)) {
        takeout(other);
        other->size += c->size;
        c = other;
    }
    after(c)->below = c->size;
    putin(c);
}

// Marks c, which is in no bin, used, and gives back what size leaves over.
static void *
claim(struct chunk *c, uint size)
{
    uint spare = sizeof_chunk(c) - size;
    struct chunk *rest;

    if (spare < HEAD + MINPAY) {
        c->size |= USED;
        return payload(c);
    }
    c->size = size | USED;
    rest = after(c);
    rest->below = size;
    rest->size = spare;
    after(rest)->below = spare;
    release(rest);
    return payload(c);
}

// Adds n bytes at the break as a free chunk: over the old END when the
// stretch goes on, as a new stretch otherwise.
static int
addheap(uint n)
{
    char *p = sbrk(n);
    struct chunk *c;

    if (p == (char *)-1)
        return -1;
    if (end && p == (char *)end + HEAD) {
        c = end;
        c->size = n;
    } else {
        c = (struct chunk *)(((uint)p + 7) & ~7u);
        c->below = 0;
        c->size = (n - ((char *)c - p) - HEAD) & ~7u;
    }
    end = after(c);
    end->below = c->size;
    end->size = USED;
    release(c);
    return 0;
}

static int
grow(uint size)
{
    uint need = size + 2 * HEAD + 8;
    uint step = (need + STEP - 1) & ~(STEP - 1);
    int why = errno;

    if (addheap(step) == 0)
        return 0;
    if (addheap((need + PGSIZE - 1) & ~(PGSIZE - 1)) < 0)
        return -1;
    errno = why;
    return 0;
}

// Bytes a chunk needs for n of payload; 0 if no heap could have them.
static uint
chunksize(size_t n)
{
    if (n > MAXREQ) {
        errno = ENOMEM;
        return 0;
    }
    return ((n < MINPAY ? MINPAY : n) + HEAD + 7) & ~7u;
}

void *
malloc(size_t n)
{
    uint size = chunksize(n);
    struct chunk *c;

    if (size == 0)
        return 0;
    while ((c = find(size)) == 0) {
        if (grow(size) < 0) {
            errno = ENOMEM;
            return 0;
        }
    }
    return claim(c, size);
}

void
free(void *p)
{
    if (p)
        release((struct chunk *)((char *)p - HEAD));
}

void *
calloc(size_t n, size_t size)
{
    void *p;

    if (size > 0 && n > MAXREQ / size) {
        errno = ENOMEM;
        return 0;
    }
    if ((p = malloc(n * size)) != 0)
        memset(p, 0, n * size);
    return p;
}

// Grows into the free chunk after, if that is enough.
static int
stretch(struct chunk *c, uint size)
{
    struct chunk *next = after(c);

    if ((next->size & USED) || sizeof_chunk(c) + next->size < size)
        return -1;
    takeout(next);
    c->size += next->size;          // USED stays set
    after(c)->below = sizeof_chunk(c);
    return 0;
}

void *
realloc(void *p, size_t n)
{
    uint size = chunksize(n);
    struct chunk *c;
    void *new;

    if (p == 0)
        return malloc(n);
    if (size == 0)
        return 0;
    c = (struct chunk *)((char *)p - HEAD);
    if (sizeof_chunk(c) >= size || stretch(c, size) == 0)
        return claim(c, size);
    if ((new = malloc(n)) == 0)
        return 0;
    memcpy(new, p, sizeof_chunk(c) - HEAD);
    free(p);
    return new;
}
