// exerciser.c: random calls on memory and files, checked against a model.
//
//     exerciser [seed [steps [processes]]]
//
// Each process has an arena of pages at a fixed address and, for each page,
// what the model says of it: unmapped, a right, private or shared, file or
// nothing behind it, and a number from which all its words follow. Steps map,
// unmap, protect, store, load, fork (the child checks its whole arena, changes
// it and ends), move the break, write the file by write() and cut nothing.
// Pages of the file have one number each, whoever stored it last: in a shared
// mapping, or by write(). The same seed makes the same steps.

#include "user.h"

#define PAGES   512
#define FPAGES  128                 // of the file
#define ARENA   0x40000000
#define WORDS   (PGSIZE / sizeof(uint))
#define STRIDE  64
#define MAXRUN  48

enum backing { NONE, ANON, SHARED, PRIVATE };   // the last two: of the file

static struct page {
    uchar backing, prot;
    uchar own;                      // private and stored to: value counts
    uint fpage, value;
} model[PAGES];

static uint file[FPAGES];           // the number in each of its pages
static uint heapvalue[PAGES];
static uint nheap, seed, step;
static char name[32];
static int fd;

static uint
rnd(uint n)
{
    seed = seed * 1664525 + 1013904223;
    return (seed >> 8) % n;
}

static void
wrong(const char *what, uint page, uint i, uint got, uint want)
{
    errx(1, "pid %d step %u: %s page %u word %u is 0x%x, not 0x%x", getpid(),
         step, what, page, i, got, want);
}

// A page of value v has v + i in word i; value 0 is a page of zeroes.
static void
store(uint *p, uint v)
{
    uint i;

    for (i = 0; i < WORDS; i += STRIDE)
        p[i] = v ? v + i : 0;
}

static void
compare(const uint *p, uint v, const char *what, uint page)
{
    uint i;

    for (i = 0; i < WORDS; i += STRIDE)
        if (p[i] != (v ? v + i : 0))
            wrong(what, page, i, p[i], v ? v + i : 0);
}

static uint *
at(uint page)
{
    return (uint *)(ARENA + page * PGSIZE);
}

// What a load of the page must give.
static uint
expected(const struct page *m)
{
    if (m->backing == SHARED || (m->backing == PRIVATE && !m->own))
        return file[m->fpage];
    return m->value;
}

static uint
newvalue(void)
{
    return (rnd(1 << 20) << 11) + 0x401;
}

static void
do_map(uint page, uint n)
{
    uint i, kind = ANON + rnd(3), f = rnd(FPAGES - n), prot = PROT_READ;
    int flags = MAP_FIXED | (kind == SHARED ? MAP_SHARED : MAP_PRIVATE);
    void *p;

    if (rnd(4))
        prot |= PROT_WRITE;
    p = mmap(at(page), n * PGSIZE, prot,
             flags | (kind == ANON ? MAP_ANONYMOUS : 0),
             kind == ANON ? -1 : fd, kind == ANON ? 0 : f * PGSIZE);
    if (p == MAP_FAILED) {
        if (errno != ENOMEM)
            err(1, "mmap");
        return;
    }
    for (i = 0; i < n; i++)
        model[page + i] = (struct page){ kind, prot, 0, f + i, 0 };
}

static void
do_unmap(uint page, uint n)
{
    if (munmap(at(page), n * PGSIZE) < 0)
        err(1, "munmap");
    memset(&model[page], 0, n * sizeof model[0]);
}

static void
do_protect(uint page, uint n)
{
    uint i, prot = rnd(3) ? PROT_READ | PROT_WRITE : rnd(2) ? PROT_READ : 0;

    for (i = 0; i < n && model[page + i].backing; i++)
        ;
    if (i == 0)
        return;
    if (mprotect(at(page), i * PGSIZE, prot) < 0)
        err(1, "mprotect");
    while (i-- > 0)
        model[page + i].prot = prot;
}

static void
do_store(uint page, uint n)
{
    struct page *m;
    uint v;

    for (m = &model[page]; n > 0; n--, m++, page++) {
        if (!(m->prot & PROT_WRITE))
            continue;
        v = newvalue();
        store(at(page), v);
        if (m->backing == SHARED) {
            file[m->fpage] = v;
        } else {
            m->own = 1;
            m->value = v;
        }
    }
}

static void
check_pages(uint page, uint n)
{
    for (; n > 0; n--, page++)
        if (model[page].prot & PROT_READ)
            compare(at(page), expected(&model[page]), "mapped", page);
}

// A private page that was not stored to may or may not follow the file: make
// it own what it shows before the file changes under it.
static void
settle(uint f)
{
    uint i;

    for (i = 0; i < PAGES; i++)
        if (model[i].backing == PRIVATE && model[i].fpage == f &&
            !model[i].own) {
            if (munmap(at(i), PGSIZE) < 0)
                err(1, "munmap");
            memset(&model[i], 0, sizeof model[i]);
        }
}

static void
do_write(uint f)
{
    static uint buf[WORDS];
    uint v = newvalue();

    settle(f);
    store(buf, v);
    if (lseek(fd, f * PGSIZE, SEEK_SET) < 0 ||
        write(fd, buf, PGSIZE) != PGSIZE)
        err(1, "write");
    file[f] = v;
}

static void
do_read(uint f)
{
    static uint buf[WORDS];

    if (lseek(fd, f * PGSIZE, SEEK_SET) < 0 ||
        read(fd, buf, PGSIZE) != PGSIZE)
        err(1, "read");
    compare(buf, file[f], "file", f);
}

static void
do_heap(void)
{
    static uint *base;
    uint n = rnd(PAGES), i;

    if (base == 0)
        base = sbrk(0);
    while (nheap > 0 && rnd(3) == 0) {
        i = rnd(nheap);
        compare((uint *)((char *)base + i * PGSIZE), heapvalue[i], "heap", i);
    }
    if (sbrk((int)(n - nheap) * PGSIZE) == (void *)-1)
        return;
    for (i = nheap; i < n; i++)
        heapvalue[i] = 0;
    nheap = n;
    for (i = 0; i < n; i += 1 + rnd(4)) {
        heapvalue[i] = newvalue();
        store((uint *)((char *)base + i * PGSIZE), heapvalue[i]);
    }
}

// The child stores to what is private alone: the file is its parent's.
static void
do_fork(void)
{
    int pid = fork(), status;
    uint i;

    if (pid < 0)
        return;
    if (pid == 0) {
        check_pages(0, PAGES);
        for (i = 0; i < PAGES; i += 1 + rnd(3))
            if (model[i].backing != SHARED)
                do_store(i, 1);
        do_heap();
        check_pages(0, PAGES);
        exit(0);
    }
    for (i = 0; i < PAGES; i += 1 + rnd(5))
        if (model[i].backing != SHARED)
            do_store(i, 1);
    if (waitpid(pid, &status, 0) != pid || status != 0)
        errx(1, "step %u: the child ended with %d", step, status);
}

// Shared stores settle private pages first, as write() does.
static void
settle_shared(uint page, uint n)
{
    for (; n > 0; n--, page++)
        if (model[page].backing == SHARED && (model[page].prot & PROT_WRITE))
            settle(model[page].fpage);
}

static void
one_step(void)
{
    uint n = 1 + rnd(MAXRUN), page = rnd(PAGES - n);

    switch (rnd(16)) {
    case 0: case 1:
        do_map(page, n);
        break;
    case 2:
        do_unmap(page, n);
        break;
    case 3:
        do_protect(page, n);
        break;
    case 4: case 5: case 6:
        settle_shared(page, n);
        do_store(page, n);
        break;
    case 7:
        do_write(rnd(FPAGES));
        break;
    case 8:
        do_read(rnd(FPAGES));
        break;
    case 9:
        do_heap();
        break;
    case 10:
        do_fork();
        break;
    case 11:
        if (model[page].backing && msync(at(page), PGSIZE, MS_ASYNC) < 0)
            err(1, "msync");
        break;
    default:
        check_pages(page, n);
    }
}

static int
run(uint which, uint steps)
{
    uint i;

    snprintf(name, sizeof name, "exerciser.%u", which);
    fd = open(name, O_RDWR | O_CREATE | O_TRUNC);
    if (fd < 0 || ftruncate(fd, FPAGES * PGSIZE) < 0)
        err(1, "%s", name);
    for (step = 0; step < steps; step++)
        one_step();
    check_pages(0, PAGES);
    for (i = 0; i < FPAGES; i++)
        do_read(i);
    close(fd);
    unlink(name);
    return 0;
}

int
main(int argc, char **argv)
{
    uint first = argc > 1 ? number(argv[1], 0, INT_MAX) : 1;
    uint steps = argc > 2 ? number(argv[2], 1, INT_MAX) : 1000;
    uint n = argc > 3 ? number(argv[3], 1, 100) : 4, i;
    int status, bad = 0, pid;

    setlinebuf(stdout);             // forks copy no text, deaths lose none
    for (i = 0; i < n; i++) {
        if ((pid = fork()) < 0)
            err(1, "fork");
        if (pid == 0) {
            seed = first * 101 + i;
            exit(run(i, steps));
        }
    }
    for (i = 0; i < n; i++)
        if (wait(&status) < 0 || status != 0)
            bad = 1;
    printf("exerciser: seed %u, %u steps, %u processes: %s\n", first, steps,
           n, bad ? "FAILED" : "ok");
    return bad;
}
