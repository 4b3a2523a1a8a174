// fuzz.c: random calls, random programs, and random pairs of calls at once.
//
//     fuzz [-v] [-s SEED] [-t SECONDS] [-n CALLS] [-w WORKERS] [-b BATCH]
//          calls|elf|pairs
//
// calls: system calls with all kinds of arguments, through both gates.
// elf: programs of the image, damaged, are run. pairs: two processes make
// calls on the same file, directory, mapping or pipe at the same moment.
//
// Workers do so for a while, each in a process and a directory of its own; in
// `calls` they come to any end, else they must come to a good one. Meanwhile a
// witness, which has nothing to do with all this, looks whether its memory,
// files, pipe, descriptors, directory and registers are as it left them. After
// each batch of workers whoever is left is killed, the directory emptied, and
// the kernel recounted: nothing broken, nothing left behind.
//
// Prints the seed; ends with status 1 and the workers' last calls when
// something is wrong. One batch can be made again by its number; -v prints
// each call before it is made, for those that end in a panic. No other
// programs should run: processes younger than the witness are killed.

#include "user.h"
#include "fuzz.h"

#define WITDIR   "/fuzz.w"
#define WITPAGES 32
#define WITFILE  (3 * PGSIZE + 1000)
#define WITPIPE  700
#define WITFDS   16
#define MAXPROCS 256
#define STALL    (30 * HZ)          // nobody stands still for so long
#define SETTLE   (10 * HZ)

static const struct mode {
    const char *name, *what;
    void (*work)(void);
    uint limit;                     // ticks for a worker
    int  mayfail;                   // any end will do
} modes[] = {
    { "calls", "calls", fuzz_calls, 3 * HZ / 2, 1 },
    { "elf", "programs", fuzz_elf, 120 * HZ, 0 },
    { "pairs", "pairs", fuzz_pairs, 120 * HZ, 0 },
};
#define NMODES (sizeof modes / sizeof modes[0])

// Shared by the main process and the witness.
static struct beat {
    volatile uint n;
    char why[200];
} *beat;

struct flog *flog;
int verbose, lowpid;
const char *doing = "";
uint ncalls = 400;

static uint state, seed, batch, onlybatch, nwork = 4, total;
static int witness, workers[MAXWORK];
static struct kcheckinfo base;

// ---- chance ----

uint
rnd(uint n)
{
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return n ? (state >> 3) % n : state;
}

int
chance(uint n)
{
    return rnd(n) == 0;
}

void
stir(uint x)
{
    int i;

    state = (state ^ x) * 0x9e3779b1u;
    if (state == 0)
        state = 1;
    for (i = 0; i < 8; i++)
        rnd(0);
}

// ---- telling ----

static struct flog *
log_of(uint worker)
{
    return (struct flog *)(LOGBASE + worker * PGSIZE);
}

static void
print_calls(const struct flog *l)
{
    const struct fcall *c;
    uint i, n = l->n;

    for (i = n > 12 ? n - 12 : 0; i < n; i++) {
        c = &l->calls[i % LOGCALLS];
        printf("  #%u call %d gate %d (%x, %x, %x, %x, %x, %x) = %x\n", i,
               (int)c->call, c->gate, c->arg[0], c->arg[1], c->arg[2],
               c->arg[3], c->arg[4], c->arg[5], c->result);
    }
}

// The main process ends.
static void NORETURN
fail(const char *what, const char *why)
{
    const struct flog *l;
    uint i;

    printf("fuzz: FAILED: %s%s%s (seed %u, batch %u)\n", what,
           *why ? ": " : "", why, seed, batch);
    for (i = 0; i < nwork; i++) {
        if ((l = log_of(i))->n == 0)
            continue;
        printf("worker %u: %u\n", i, l->n);
        if (l->calls[0].gate)
            print_calls(l);
    }
    kill(witness);
    exit(1);
}

void
found(const char *fmt, ...)
{
    uint n = snprintf(flog->why, WHYMAX, "%s%s", doing, *doing ? ": " : "");
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(flog->why + n, WHYMAX - n, fmt, ap);
    va_end(ap);
    exit(FOUND);
}

int
join(int pid, uint ticks, int *late)
{
    uint start = uptime();
    int status, got;

    *late = 0;
    while ((got = waitpid(pid, &status, WNOHANG)) == 0) {
        if (!*late && uptime() - start > ticks) {
            *late = 1;
            kill(pid);
        }
        if (uptime() - start > ticks + STALL)
            found("process %d cannot be killed", pid);
        sleep(1);
    }
    if (got != pid)
        found("waitpid(%d) gave %d", pid, got);
    return status;
}

// ---- trees ----

void
remove_all(const char *path)
{
    struct dir *d;
    char *name, *sub;

    if (unlink(path) == 0 || errno == ENOENT)
        return;
    while ((d = opendir(path)) != 0 && (name = nextname(d)) != 0) {
        while (name && (!strcmp(name, ".") || !strcmp(name, "..")))
            name = nextname(d);
        sub = name ? pathjoin(path, name) : 0;
        closedir(d);
        if (sub == 0)
            break;
        remove_all(sub);
        free(sub);
    }
    unlink(path);
}

// ---- the witness ----

static uint witfds;                 // descriptors open at its start

static void NORETURN
testify(const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(beat->why, sizeof beat->why, fmt, ap);
    va_end(ap);
    exit(FOUND);
}

static uchar
pattern(uint i)
{
    return i * 2654435761u >> 24;
}

static uint
openfds(void)
{
    struct stat st;
    uint fd, open = 0;

    for (fd = 0; fd < WITFDS; fd++)
        if (fstat(fd, &st) == 0)
            open |= 1u << fd;
    return open;
}

// 0 if the registers, those of the FPU too, come back from interrupts and a
// system call.
static uint
registers_lost(void)
{
    uint lost;
    ushort fpu;

    asm volatile(
        "pushl %%ebp\n"
        "fldpi\n"
        "movl $0x11111111, %%ebx; movl $0x22222222, %%edx\n"
        "movl $0x33333333, %%esi; movl $0x44444444, %%edi\n"
        "movl $0x55555555, %%ebp\n"
        "movl %2, %%eax; int $65\n"
        "movl $100000, %%ecx\n"
        "1: decl %%ecx; jnz 1b\n"
        "xorl $0x11111111, %%ebx; xorl $0x22222222, %%edx\n"
        "xorl $0x33333333, %%esi; xorl $0x44444444, %%edi\n"
        "xorl $0x55555555, %%ebp\n"
        "orl %%edx, %%ebx; orl %%esi, %%ebx; orl %%edi, %%ebx\n"
        "orl %%ebp, %%ebx\n"
        "fldpi; fcompp; fnstsw %%ax\n"
        "movl %%ebx, %%ecx\n"
        "popl %%ebp\n"
        : "=a"(fpu), "=c"(lost) : "i"(SYS_uptime)
        : "ebx", "edx", "esi", "edi", "memory", "cc");
    return lost || (fpu & 0x4500) != 0x4000;
}

static void
check_memory(uchar *mem, uint round)
{
    uint i;

    for (i = 0; i < WITPAGES * PGSIZE; i += 61)
        if (mem[i] != (uchar)(pattern(i) + round))
            testify("memory at %p", &mem[i]);
    for (i = 0; i < WITPAGES * PGSIZE; i += 61)
        mem[i] = pattern(i) + round + 1;
}

static void
check_file(int fd)
{
    static uchar buf[WITFILE + 1];
    uint i;

    if (lseek(fd, 0, SEEK_SET) != 0 || read(fd, buf, sizeof buf) != WITFILE)
        testify("length of the file");
    for (i = 0; i < WITFILE; i++)
        if (buf[i] != pattern(i))
            testify("byte %u of the file", i);
    i = lseek(fd, pattern(beat->n) * 10, SEEK_SET);
    if (write(fd, buf + i, 5000) != 5000)
        testify("cannot write: %s", strerror(errno));
}

static void
check_pipe(int *ends)
{
    static uchar buf[WITPIPE];
    uint i;

    if (read(ends[0], buf, WITPIPE) != WITPIPE)
        testify("bytes in the pipe");
    for (i = 0; i < WITPIPE; i++)
        if (buf[i] != pattern(i))
            testify("byte %u in the pipe", i);
    if (write(ends[1], buf, WITPIPE) != WITPIPE)
        testify("cannot write to the pipe");
}

static void NORETURN
witness_main(void)
{
    static uchar buf[WITFILE];
    uchar *mem = sbrk(WITPAGES * PGSIZE);
    char cwd[64];
    uint i, round;
    int fd, ends[2];

    setpgrp(0, 0);
    for (i = 0; i < WITFILE; i++)
        buf[i] = pattern(i);
    for (i = 0; i < WITPAGES * PGSIZE; i++)
        mem[i] = pattern(i);
    if (chdir(WITDIR) < 0 || pipe(ends) < 0 ||
        (fd = open("file", O_RDWR | O_CREATE)) < 0 ||
        writeall(fd, buf, WITFILE) < 0 || writeall(ends[1], buf, WITPIPE) < 0)
        testify("cannot start: %s", strerror(errno));
    witfds = openfds();
    for (round = 0;; round++) {
        check_memory(mem, round);
        check_file(fd);
        check_pipe(ends);
        if (registers_lost())
            testify("registers");
        if (openfds() != witfds)
            testify("open descriptors");
        if (workdir(cwd, sizeof cwd) < 0 || strcmp(cwd, WITDIR) != 0)
            testify("directory");
        beat->n++;
        sleep(2);
    }
}

static void
check_witness(void)
{
    static uint last, since;
    int status;

    if (waitpid(witness, &status, WNOHANG) != 0) {
        printf("fuzz: the witness ended with status 0x%x\n", status);
        fail("witness", beat->why);
    }
    if (beat->n != last) {
        last = beat->n;
        since = uptime();
    } else if (uptime() - since > STALL) {
        fail("witness", "it does not run any more");
    }
}

// ---- workers ----

// Its end of the log, and nothing else that is the main process's.
static void NORETURN
worker_main(uint k, const struct mode *m)
{
    char dir[32];

    if (k > 0)
        munmap((void *)LOGBASE, k * PGSIZE);
    if (k < MAXWORK - 1)
        munmap((char *)LOGBASE + (k + 1) * PGSIZE, (MAXWORK - 1 - k) * PGSIZE);
    munmap(beat, PGSIZE);
    flog = log_of(k);
    stir(seed);
    stir(batch);
    stir(k);
    setpgrp(0, 0);
    snprintf(dir, sizeof dir, WORKDIR "/%u", k);
    if (mkdir(dir) < 0 || chdir(dir) < 0)
        found("%s: %s", dir, strerror(errno));
    m->work();
    exit(0);
}

static void
start_workers(const struct mode *m)
{
    uint k;

    memset((void *)LOGBASE, 0, MAXWORK * PGSIZE);
    for (k = 0; k < nwork; k++)
        if ((workers[k] = fork()) < 0)
            fail("fork", strerror(errno));
        else if (workers[k] == 0)
            worker_main(k, m);
}

static void
judge(uint k, int status, int late, const struct mode *m)
{
    const struct flog *l = log_of(k);
    char why[300];

    if (WIFEXITED(status) && WEXITSTATUS(status) == FOUND)
        snprintf(why, sizeof why, "worker %u, %u: %s", k, l->n, l->why);
    else if (m->mayfail || status == 0)
        return;
    else
        snprintf(why, sizeof why, "worker %u, %u: %s %s, status 0x%x", k,
                 l->n, l->why, late ? "took too long" : "ended", status);
    fail(m->name, why);
}

static void
await_workers(const struct mode *m)
{
    uint start = uptime(), left = nwork, k;
    int status, late = 0;

    while (left > 0) {
        check_witness();
        for (k = 0; k < nwork; k++)
            if (workers[k] && waitpid(workers[k], &status, WNOHANG) > 0) {
                workers[k] = 0;
                left--;
                judge(k, status, late, m);
            }
        if (!late && uptime() - start > m->limit) {
            late = 1;
            for (k = 0; k < nwork; k++)
                if (workers[k])
                    kill(workers[k]);
        }
        if (uptime() - start > m->limit + STALL)
            fail(m->name, "a worker cannot be killed");
        sleep(1);
    }
}

// Whoever the workers left behind.
static void
kill_rest(void)
{
    static struct procinfo p[MAXPROCS];
    uint start = uptime();
    int i, n, left;

    do {
        n = procs(p, MAXPROCS);
        for (i = left = 0; i < n && i < MAXPROCS; i++)
            if (p[i].pid > lowpid) {
                kill(p[i].pid);
                left = p[i].pid;
            }
        if (left)
            sleep(1);
        if (uptime() - start > STALL) {
            printf("fuzz: process %d cannot be killed\n", left);
            fail("left behind", "");
        }
        check_witness();
    } while (left);
}

// ---- recounting ----

static int
differs(const struct kcheckinfo *k, char *why, uint n)
{
    if (k->procs == base.procs && k->files == base.files &&
        k->inodes == base.inodes && k->regions == base.regions &&
        k->pipes == base.pipes)
        return 0;
    snprintf(why, n, "procs %u -> %u, files %u -> %u, inodes %u -> %u, "
             "regions %u -> %u, pipes %u -> %u", base.procs, k->procs,
             base.files, k->files, base.inodes, k->inodes, base.regions,
             k->regions, base.pipes, k->pipes);
    return 1;
}

static void
recount(void)
{
    struct kcheckinfo k = { .size = sizeof k };
    uint start = uptime();
    char why[200];
    int off;

    do {
        check_witness();
        if (kcheck(&k) < 0)
            fail("kcheck", strerror(errno));
        if (k.broken)
            fail("kcheck", "invariants are broken");
        if ((off = differs(&k, why, sizeof why)) != 0)
            sleep(5);
    } while (off && uptime() - start < SETTLE);
    if (off)
        fail("left behind", why);
}

static void
run_batch(const struct mode *m)
{
    struct stat st;
    uint k;

    start_workers(m);
    await_workers(m);
    kill_rest();
    for (k = 0; k < nwork; k++)
        total += log_of(k)->n;
    remove_all(WORKDIR);
    if (stat(WORKDIR, &st) == 0)
        fail(WORKDIR, "cannot be removed");
    if (mkdir(WORKDIR) < 0)
        fail(WORKDIR, strerror(errno));
}

static void
prepare(void)
{
    void *log;

    remove_all(WORKDIR);
    remove_all(WITDIR);
    if (mkdir(WORKDIR) < 0 || mkdir(WITDIR) < 0)
        err(2, WORKDIR);
    beat = mmap(0, PGSIZE, PROT_READ | PROT_WRITE,
                MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    log = mmap((void *)LOGBASE, MAXWORK * PGSIZE, PROT_READ | PROT_WRITE,
               MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    if (beat == MAP_FAILED || log == MAP_FAILED)
        err(2, "mmap");
    if ((witness = fork()) < 0)
        err(2, "fork");
    if (witness == 0)
        witness_main();
    lowpid = witness;
    while (beat->n < 2) {
        check_witness();
        sleep(1);
    }
}

static void
run(const struct mode *m, uint seconds)
{
    int knob, was[NVMKNOB];
    uint start;

    for (knob = 0; knob < NVMKNOB; knob++)
        was[knob] = vmctl(knob, -1);
    prepare();
    run_batch(m);                   // the first of all needs more of some
    base.size = sizeof base;
    if (kcheck(&base) < 0 || base.broken)
        fail("kcheck", "not at the start");
    start = uptime();
    for (batch = onlybatch ? onlybatch : 1; uptime() - start < seconds * HZ;
         batch++) {
        run_batch(m);
        for (knob = 0; knob < NVMKNOB; knob++)
            vmctl(knob, was[knob]);
        recount();
        if (onlybatch)
            break;
    }
    kill(witness);
    waitpid(witness, 0, 0);
    chdir("/");
    remove_all(WORKDIR);
    remove_all(WITDIR);
}

static const struct mode *
mode_of(const char *name)
{
    const struct mode *m;

    for (m = modes; m < modes + NMODES; m++)
        if (name && strcmp(name, m->name) == 0)
            return m;
    usage("[-v] [-s seed] [-t seconds] [-n calls] [-w workers] [-b batch] "
          "calls|elf|pairs");
}

int
main(int argc, char **argv)
{
    const struct mode *m;
    struct timespec ts;
    uint seconds = 20;
    int c;

    setlinebuf(stdout);             // forks copy no text, deaths lose none
    gettime(&ts);
    seed = (ts.sec ^ ts.nsec / 1000 ^ uptime() << 16) & INT_MAX;
    while ((c = getopt(argc, argv, "vs:t:n:w:b:")) != -1)
        switch (c) {
        case 'v': verbose = 1; break;
        case 's': seed = number(optarg, 0, INT_MAX); break;
        case 't': seconds = number(optarg, 1, 1000000); break;
        case 'n': ncalls = number(optarg, 1, INT_MAX); break;
        case 'w': nwork = number(optarg, 1, MAXWORK); break;
        case 'b': onlybatch = number(optarg, 1, INT_MAX); break;
        default: mode_of(0);
        }
    m = mode_of(argv[optind]);
    printf("fuzz: %s, seed %u\n", m->name, seed);
    run(m, seconds);
    printf("fuzz: %s, seed %u, %u batches, %u %s: ok\n", m->name, seed,
           batch - 1, total, m->what);
    return 0;
}
