// bench.c: what the kernel's operations cost.
//
//     bench           every case but those that must be named
//     bench name...   these cases; name/ means all that begin so
//     bench -r n ...  n rounds with one sample of each case, not one with
//                     seven: cases that are compared are measured in turn
//     bench -g 64 ... by the gate of old programs
//     bench -l        names the cases
//
// Each case prints a line: its name, the median of its samples in ticks of
// the time stamp counter per operation, and the word ticks; or its name, -
// and why it cannot run here. With QEMU's -icount shift=0 a tick is an
// instruction; tools/bench runs it so, and knows what each may cost.
//
// Nothing is subtracted: the library's stub and the loop are part of what a
// program pays. The marks below let tools/profile count only what is timed.

#include "user.h"
#include "bench.h"

#define NSAMPLES 7
#define SCRATCH  "/bench.tmp"

// No-ops that a tool watching the instructions can tell from all others.
#define MARKBEGIN ".byte 0x0f, 0x1f, 0x80, 0x01, 0x00, 0xa4, 0x7e\n\t"
#define MARKEND   ".byte 0x0f, 0x1f, 0x80, 0x02, 0x00, 0xa4, 0x7e\n\t"

struct reading {
    uint ticks, ops;
};

static char space[3 * PGSIZE] __attribute__((aligned(PGSIZE)));
char *const bench_buf = space + PGSIZE / 2;
char *const bench_page = space + 2 * PGSIZE;

static struct reading readings[NSAMPLES];
static uint nsamples = NSAMPLES, nreadings, began;
static const char *running;

uint
ticks(void)
{
    uint low, high;

    asm volatile("rdtsc" : "=a" (low), "=d" (high));
    return low;
}

int
again(void)
{
    return nreadings < nsamples;
}

void
begin(void)
{
    uint high;

    asm volatile(MARKBEGIN "rdtsc" : "=a" (began), "=d" (high) : : "memory");
}

void
done(uint ops)
{
    uint now, high;

    asm volatile("rdtsc\n\t" MARKEND : "=a" (now), "=d" (high) : : "memory");
    sample(now - began, ops);
}

void
sample(uint t, uint ops)
{
    if (nreadings < nsamples) {
        readings[nreadings].ticks = t;
        readings[nreadings].ops = ops;
        nreadings++;
    }
}

void
skip(const char *why)
{
    printf("%s - %s\n", running, why);
    _exit(0);
}

int
bench_must(int got, const char *call)
{
    if (got == -1)
        err(1, "%s: %s", running, call);
    return got;
}

void
reap(int n)
{
    int st;

    while (n-- > 0)
        if (must(wait(&st)) >= 0 && st != 0)
            errx(1, "%s: a child failed", running);
}

void
touch(char *p, uint npages)
{
    uint i;

    for (i = 0; i < npages; i++)
        *(volatile char *)(p + i * PGSIZE) = 1;
}

void
fill(const char *name, uint nbytes)
{
    int fd = must(open(name, O_CREATE | O_WRONLY));
    uint n;

    for (n = 0; n < nbytes; n += PGSIZE)
        must(write(fd, bench_page, PGSIZE));
    close(fd);
}

void
peer_start(struct peer *p, void (*fn)(int in, int out))
{
    int to[2], from[2];

    must(pipe(to));
    must(pipe(from));
    if ((p->pid = must(fork())) == 0) {
        close(to[1]);
        close(from[0]);
        fn(to[0], from[1]);
        _exit(0);
    }
    close(to[0]);
    close(from[1]);
    p->out = to[1];
    p->in = from[0];
}

void
peer_stop(struct peer *p)
{
    close(p->out);
    close(p->in);
    reap(1);
}

void
peer_echo(int in, int out)
{
    char c;

    while (read(in, &c, 1) == 1)
        write(out, &c, 1);
}

uint
roundtrips(struct peer *p, uint n)
{
    uint start = ticks(), i;
    char c = 0;

    for (i = 0; i < n; i++) {
        write(p->out, &c, 1);
        read(p->in, &c, 1);
    }
    return ticks() - start;
}

// Ticks per operation, times ten. No sample reaches a tenth of 2^32 of it.
static uint
tenths(const struct reading *r)
{
    return r->ticks / r->ops * 10 + r->ticks % r->ops * 10 / r->ops;
}

static int
cheaper(const void *a, const void *b)
{
    uint x = tenths(a), y = tenths(b);

    return x < y ? -1 : x > y;
}

static void
report(void)
{
    uint mid;

    qsort(readings, nreadings, sizeof(readings[0]), cheaper);
    mid = tenths(&readings[nreadings / 2]);
    printf("%s %u.%u ticks\n", running, mid / 10, mid % 10);
}

// Runs a case in a child, in a new directory: one that was large remains so.
// 0 if it ended well.
static int
runcase(const struct bench *b)
{
    int pid, st = 1;

    if (mkdir(SCRATCH) < 0 && errno != EEXIST)
        err(1, SCRATCH);
    if ((pid = fork()) < 0)
        err(1, "fork");
    if (pid == 0) {
        running = b->name;
        must(chdir(SCRATCH));
        b->run(b->arg);
        report();
        _exit(0);
    }
    waitpid(pid, &st, 0);
    unlink(SCRATCH);
    return st != 0;
}

// The case is meant by this argument.
static int
names(const char *arg, const struct bench *b)
{
    uint n = strlen(arg);

    if (n > 0 && arg[n - 1] == '/')
        return strncmp(arg, b->name, n) == 0;
    return strcmp(arg, b->name) == 0;
}

static int
wanted(const struct bench *b, char **argv)
{
    if (*argv == 0)
        return !(b->flags & NAMED);
    for (; *argv; argv++)
        if (names(*argv, b))
            return 1;
    return 0;
}

static const struct bench *const tables[] = {
    bench_proc, bench_mem, bench_file, bench_scale,
};
#define NTABLES (sizeof(tables) / sizeof(tables[0]))

static void
list(void)
{
    const struct bench *b;
    uint i;

    for (i = 0; i < NTABLES; i++)
        for (b = tables[i]; b->name; b++)
            puts(b->name);
}

// Runs those that are wanted, and counts them. 0 if all ended well.
static int
rounds(uint n, char **argv, uint *found)
{
    const struct bench *b;
    uint i, failed = 0;

    while (n-- > 0)
        for (i = 0; i < NTABLES; i++)
            for (b = tables[i]; b->name; b++)
                if (wanted(b, argv)) {
                    (*found)++;
                    failed += runcase(b);
                }
    return failed != 0;
}

// Change the number in the library's `int` instruction. The page's rights come
// back, so that the text is one region again: more would cost faults a few
// instructions.
static void
set_gate(int n)
{
    extern uchar usys_int[];
    void *page = (void *)((uint)usys_int & ~(PGSIZE - 1));

    if (mprotect(page, PGSIZE, PROT_READ | PROT_WRITE) < 0)
        err(2, "mprotect");
    usys_int[1] = n;
    if (mprotect(page, PGSIZE, PROT_READ | PROT_EXEC) < 0)
        err(2, "mprotect");
}

int
main(int argc, char **argv)
{
    uint found = 0;
    int failed;

    setlinebuf(stdout);             // forks copy no text, deaths lose none
    if (argc > 2 && strcmp(argv[1], "-g") == 0) {
        set_gate(atoi(argv[2]));
        argc -= 2;
        argv += 2;
    }
    if (argc == 2 && strcmp(argv[1], "-l") == 0) {
        list();
        return 0;
    }
    if (argc > 3 && strcmp(argv[1], "-r") == 0) {
        nsamples = 1;
        failed = rounds(atoi(argv[2]), argv + 3, &found);
    } else {
        failed = rounds(1, argv + 1, &found);
    }
    if (found == 0)
        errx(2, "no such case");
    return failed;
}
