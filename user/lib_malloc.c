// lib_malloc.c: the heap allocator.
//
// The heap is a row of chunks without gaps between them, each a header, the
// payload asked for, and a guard that fills the chunk, a multiple of 8:
//
//     | below | size+used | payload ... guard | below | size+used | ...
//
// `below` is the size of the chunk before, so that a freed chunk finds both
// neighbours and merges with those that are free: two free chunks never
// touch. Free chunks hang in bins by size, links in their payload: a bin
// per multiple of 8 up to SMALL, above that four bins for each doubling. A
// bitmap of bins that hold something makes the next fitting one a short
// scan: no call's cost grows with the heap. The heap grows by sbrk in steps
// of STEP and shrinks when TRIM bytes at its end are free; an END header,
// used and of size 0, closes each stretch, and a new stretch begins only
// where somebody else has moved the break. A request of MAPMIN bytes or more
// has a mapping of its own, listed in bigs, which goes back when it is freed.
//
// The guard, one byte at least, says how long it is and depends on the
// address. Each free() and realloc() looks at it and at the header: writing
// one byte too many, freeing twice and freeing what is not malloc's end the
// program with a message.

#ifndef HOSTED
#include "user.h"
#endif

#define HEAD   8                    // bytes of below and size
#define MINPAY ((uint)(2 * sizeof(void *)))     // room for the links
#define SMALL  512                  // sizes below have bins of their own
#define NSMALL (SMALL / 8)
#define NBIN   (NSMALL + 4 * 23)    // 2^9 .. 2^31, four each
#define LOOK   8                    // chunks of one bin to look at
#define STEP   (64 << 10)
#define TRIM   (1 << 20)
#define MAPMIN (1 << 20)
#define MAXREQ 0x7ffe0000u          // anything more is surely refused
#define BIGGUARD 8
#define USED   1u

struct chunk {
    uint below;                     // size of the chunk before; 0: first
    uint size;                      // header and payload; bit 0: USED
    struct chunk *next, *prev;      // in the bin, if free
};

struct big {
    struct big *next, *prev;
    uint n, length;                 // asked for, mapped
};

static struct chunk *bins[NBIN];
static uint filled[(NBIN + 31) / 32];
static char *bottom;                // the heap's first byte
static struct chunk *end;           // the END of the stretch that can grow
static struct big *bigs;

// -- chunks and their guards ----------------------------------------------

static void __attribute__((noreturn))
broken(const char *call, const char *what, void *p)
{
    dprintf(2, "%s: %s(%p): %s\n", progname, call, p, what);
    abort();
}

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

static uint
key(void *p)
{
    return (uintptr_t)p >> 3 & 127;
}

// Each byte of the guard behind the n bytes in use is its length, disguised.
static void *
guarded(struct chunk *c, size_t n)
{
    char *p = payload(c);
    uint len = sizeof_chunk(c) - HEAD - n;

    memset(p + n, 0x80 | (len ^ key(p)), len);
    return p;
}

// The guard's length; 0 if it was overwritten.
static uint
guardlen(struct chunk *c)
{
    uchar *p = payload(c), *stop = (uchar *)after(c), last = stop[-1];
    uint len = (last & 127) ^ key(p), i;

    if (!(last & 0x80) || len > sizeof_chunk(c) - HEAD)
        return 0;
    for (i = 1; i <= len; i++)
        if (stop[-(int)i] != last)
            return 0;
    return len;
}

static int
inheap(void *p)
{
    return (char *)p >= bottom && (char *)p < (char *)end;
}

// The chunk of what a program gives back; no return if it is none.
static struct chunk *
chunkof(const char *call, void *p)
{
    struct chunk *c = (struct chunk *)((char *)p - HEAD);
    uint size, room;

    if ((uintptr_t)p % 8 || (char *)p < bottom + HEAD || (char *)p > (char *)end)
        broken(call, "not from malloc", p);
    size = sizeof_chunk(c);
    room = (char *)end - (char *)c;
    if (!(c->size & USED))
        broken(call, "freed already", p);
    if (size < HEAD + MINPAY || size > room || size % 8)
        broken(call, "not from malloc, or its header is overwritten", p);
    if (guardlen(c) == 0 || after(c)->below != size)
        broken(call, "written beyond its end", p);
    return c;
}

// -- bins -----------------------------------------------------------------

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

    if ((c->next && (!inheap(c->next) || c->next->prev != c)) ||
        (c->prev ? !inheap(c->prev) || c->prev->next != c : bins[b] != c))
        broken("malloc", "written after it was freed", payload(c));
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
    uint b = binof(size), look = LOOK;
    struct chunk *c;

    for (c = bins[b]; c && look-- > 0; c = c->next)
        if (c->size >= size)
            break;
    if ((c == 0 || c->size < size) && (b = nextbin(b + 1)) < NBIN)
        c = bins[b];
    if (c == 0 || c->size < size)
        return 0;
    takeout(c);
    return c;
}

// -- the heap's two ends ---------------------------------------------------

static void
closewith(struct chunk *last)
{
    end = after(last);
    end->below = last->size;
    end->size = USED;
}

// Makes c, which is in no bin, free; merges it with its neighbours. What
// becomes of it.
static struct chunk *
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
    return c;
}

// Gives the pages of a free chunk at the heap's end back to the kernel, but
// for a STEP.
static void
trim(struct chunk *c)
{
    int give = (c->size - STEP) & ~(PGSIZE - 1), why = errno;

    takeout(c);
    if (sbrk(0) == (char *)end + HEAD && sbrk(-give) != (void *)-1) {
        c->size -= give;
        closewith(c);
    }
    putin(c);
    errno = why;
}

// Marks c, which is in no bin, used, and gives back what size leaves over.
static struct chunk *
claim(struct chunk *c, uint size)
{
    uint spare = sizeof_chunk(c) - size;
    struct chunk *rest;

    if (spare < HEAD + MINPAY) {
        c->size |= USED;
        return c;
    }
    c->size = size | USED;
    rest = after(c);
    rest->below = size;
    rest->size = spare;
    after(rest)->below = spare;
    release(rest);
    return c;
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
        c = (struct chunk *)(((uintptr_t)p + 7) & ~(uintptr_t)7);
        c->below = 0;
        c->size = (n - ((char *)c - p) - HEAD) & ~7u;
        if (bottom == 0)
            bottom = (char *)c;
    }
    closewith(c);
    release(c);
    return 0;
}

static int
grow(uint size)
{
    uint need = size + 2 * HEAD + 8;
    uint step = (need + STEP - 1) & ~(STEP - 1);
    int why = errno;

    if (addheap(step) < 0 &&
        addheap((need + PGSIZE - 1) & ~(PGSIZE - 1)) < 0) {
        errno = ENOMEM;
        return -1;
    }
    errno = why;
    return 0;
}

// -- big ones --------------------------------------------------------------

static uint
mappedfor(size_t n)
{
    return (n + sizeof(struct big) + PGSIZE) & ~(PGSIZE - 1);
}

static uint
bigguard(struct big *b)
{
    uint room = b->length - sizeof(*b) - b->n;

    return room < BIGGUARD ? room : BIGGUARD;
}

static void *
guardedbig(struct big *b, size_t n)
{
    char *p = (char *)(b + 1);

    b->n = n;
    memset(p + n, 0x80 | key(p), bigguard(b));
    return p;
}

static void *
mapbig(size_t n)
{
    int why = errno;
    struct big *b = mmap(0, mappedfor(n), PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    errno = why;
    if (b == MAP_FAILED)
        return 0;
    b->length = mappedfor(n);
    b->prev = 0;
    b->next = bigs;
    if (bigs)
        bigs->prev = b;
    bigs = b;
    return guardedbig(b, n);
}

// Searched for among all of them: what was unmapped cannot be looked at.
static struct big *
bigof(const char *call, void *p)
{
    struct big *b;
    uint i;

    for (b = bigs; b && (void *)(b + 1) != p; b = b->next)
        ;
    if (b == 0)
        broken(call, "not from malloc, or freed already", p);
    for (i = 0; i < bigguard(b); i++)
        if (((uchar *)p)[b->n + i] != (0x80 | key(p)))
            broken(call, "written beyond its end", p);
    return b;
}

static void
freebig(struct big *b)
{
    int why = errno;

    if (b->next)
        b->next->prev = b->prev;
    if (b->prev)
        b->prev->next = b->next;
    else
        bigs = b->next;
    munmap(b, b->length);
    errno = why;
}

// -- what programs call ------------------------------------------------------

// Bytes a chunk needs for n of payload; 0 if no heap could have them.
static uint
chunksize(size_t n)
{
    if (n > MAXREQ) {
        errno = ENOMEM;
        return 0;
    }
    return ((n < MINPAY ? MINPAY : n) + HEAD + 1 + 7) & ~7u;
}

void *
malloc(size_t n)
{
    uint size = chunksize(n);
    struct chunk *c;
    void *p;

    if (size == 0)
        return 0;
    if (n >= MAPMIN && (p = mapbig(n)) != 0)
        return p;
    while ((c = find(size)) == 0)
        if (grow(size) < 0)
            return 0;
    return guarded(claim(c, size), n);
}

void
free(void *p)
{
    struct chunk *c;

    if (p == 0)
        return;
    if (!inheap(p)) {
        freebig(bigof("free", p));
        return;
    }
    c = release(chunkof("free", p));
    if (c->size >= TRIM && after(c) == end)
        trim(c);
}

void *
reallocarray(void *p, size_t n, size_t size)
{
    if (size > 0 && n > MAXREQ / size) {
        errno = ENOMEM;
        return 0;
    }
    return realloc(p, n * size);
}

void *
calloc(size_t n, size_t size)
{
    void *p = reallocarray(0, n, size);

    if (p && inheap(p))             // a new mapping is zero
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

static void *
move(void *p, size_t had, size_t n)
{
    void *new = malloc(n);

    if (new == 0)
        return 0;
    memcpy(new, p, had < n ? had : n);
    free(p);
    return new;
}

static void *
resizebig(struct big *b, size_t n)
{
    if (n >= MAPMIN && mappedfor(n) <= b->length &&
        mappedfor(n) >= b->length / 2)
        return guardedbig(b, n);
    return move(b + 1, b->n, n);
}

void *
realloc(void *p, size_t n)
{
    uint size = chunksize(n);
    struct chunk *c;

    if (p == 0)
        return malloc(n);
    if (size == 0)
        return 0;
    if (!inheap(p))
        return resizebig(bigof("realloc", p), n);
    c = chunkof("realloc", p);
    if (sizeof_chunk(c) >= size || stretch(c, size) == 0)
        return guarded(claim(c, size), n);
    return move(p, sizeof_chunk(c) - HEAD - guardlen(c), n);
}

// A chunk with room before the aligned place, which is then freed.
void *
aligned_alloc(size_t align, size_t n)
{
    struct chunk *c, *front;
    uint size = chunksize(n), gap;
    char *p;

    if (align <= HEAD)
        return malloc(n);
    if (size == 0 || align > MAXREQ - size || (align & (align - 1))) {
        errno = size && (align & (align - 1)) ? EINVAL : ENOMEM;
        return 0;
    }
    while ((front = find(size + align + HEAD + MINPAY)) == 0)
        if (grow(size + align + HEAD + MINPAY) < 0)
            return 0;
    p = payload(front);
    gap = -(uintptr_t)p & (align - 1);
    if (gap > 0 && gap < HEAD + MINPAY)
        gap += align;
    if (gap == 0)
        return guarded(claim(front, size), n);
    c = (struct chunk *)((char *)front + gap);
    c->below = gap;
    c->size = front->size - gap;
    after(c)->below = c->size;
    c->size |= USED;
    front->size = gap | USED;
    release(front);
    return guarded(claim(c, size), n);
}

int
posix_memalign(void **p, size_t align, size_t n)
{
    int why = errno, result = EINVAL;

    if (align >= sizeof(void *) && (align & (align - 1)) == 0) {
        *p = aligned_alloc(align, n);
        result = *p ? 0 : errno;
    }
    errno = why;
    return result;
}
