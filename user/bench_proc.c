// bench_proc.c: cases of bench: calls, processes, pipes, switches.

#include "user.h"
#include "../elf.h"
#include "bench.h"

#define MB (1 << 20)

static void
do_getpid(uint n)
{
    uint i;

    while (again()) {
        begin();
        for (i = 0; i < n; i++)
            getpid();
        done(n);
    }
}

static void
do_badfd(uint n)
{
    uint i;
    char c;

    while (again()) {
        begin();
        for (i = 0; i < n; i++)
            read(99, &c, 1);
        done(n);
    }
}

static void
forkone(void)
{
    if (must(fork()) == 0)
        _exit(0);
    must(wait(0));
}

// Fork, exit and wait with `arg` KB of heap resident.
static void
do_fork(uint arg)
{
    uint n = arg < MB / 1024 ? 100 : 10, i;
    char *heap = sbrk(arg * 1024);

    must((int)heap);
    touch(heap, arg * 1024 / PGSIZE);
    while (again()) {
        begin();
        for (i = 0; i < n; i++)
            forkone();
        done(n);
    }
}

static void
runone(const char *path)
{
    char *argv[] = { "x", 0 };

    if (must(fork()) == 0) {
        exec(path, argv);
        _exit(1);
    }
    reap(1);
}

static void
do_exec(uint n)
{
    uint i;

    while (again()) {
        begin();
        for (i = 0; i < n; i++)
            runone("/true");
        done(n);
    }
}

// A program of nbytes that ends at once, written out by hand: pushes its
// status and a return address, and calls _exit.
static void
makeprogram(const char *name, uint nbytes)
{
    static const uchar code[] = {
        0x6a, 0, 0x6a, 0, 0xb8, SYS__exit, 0, 0, 0, 0xcd, 65,
    };
    struct {
        struct elfhdr elf;
        struct proghdr ph;
        uchar code[sizeof(code)];
    } head = {
        .elf = { ELF_MAGIC, ELFCLASS32, ELFDATA2LSB, 1, { 0 }, ET_EXEC,
                 EM_386, 1, PGSIZE + sizeof(head.elf) + sizeof(head.ph),
                 sizeof(struct elfhdr), 0, 0, sizeof(struct elfhdr),
                 sizeof(struct proghdr), 1, 0, 0, 0 },
        .ph = { PT_LOAD, 0, PGSIZE, PGSIZE, nbytes, nbytes, PF_R | PF_X,
                PGSIZE },
    };
    int fd;

    fill(name, nbytes);
    memcpy(head.code, code, sizeof(code));
    fd = must(open(name, O_WRONLY));
    must(write(fd, &head, sizeof(head)));
    close(fd);
}

static void
do_execlarge(uint nbytes)
{
    uint i;

    makeprogram("large", nbytes);
    while (again()) {
        begin();
        for (i = 0; i < 10; i++)
            runone("large");
        done(10);
    }
    unlink("large");
}

static void
do_roundtrip(uint n)
{
    struct peer p;

    peer_start(&p, peer_echo);
    roundtrips(&p, n);
    while (again()) {
        begin();
        roundtrips(&p, n);
        done(n);
    }
    peer_stop(&p);
}

static uint
selftrips(int fd[2], uint n)
{
    uint start = ticks(), i;
    char c = 0;

    for (i = 0; i < n; i++) {
        write(fd[1], &c, 1);
        read(fd[0], &c, 1);
    }
    return ticks() - start;
}

static void
do_selftrip(uint n)
{
    int fd[2];

    must(pipe(fd));
    while (again()) {
        begin();
        selftrips(fd, n);
        done(n);
    }
}

// A round trip is two writes, two reads and two switches (with going to
// sleep and being woken); a byte to oneself is a write and a read.
static void
do_switch(uint n)
{
    struct peer p;
    int fd[2];
    uint both, self;

    must(pipe(fd));
    peer_start(&p, peer_echo);
    roundtrips(&p, n);
    while (again()) {
        both = roundtrips(&p, n);
        self = selftrips(fd, n);
        sample(both > 2 * self ? both - 2 * self : 0, 2 * n);
    }
    peer_stop(&p);
}

#define CHUNK BENCHBUF
#define chunk bench_buf

// Answers with a byte for each `arg` bytes read.
#define BULK (256 * CHUNK)
static void
drain(int in, int out)
{
    uint got = 0;
    int n;

    while ((n = read(in, chunk, CHUNK)) > 0)
        if ((got += n) >= BULK) {
            got = 0;
            write(out, chunk, 1);
        }
}

static void
do_pipe4k(uint unused)
{
    struct peer p;
    uint i;

    (void)unused;
    peer_start(&p, drain);
    while (again()) {
        begin();
        for (i = 0; i < BULK / CHUNK; i++)
            must(write(p.out, chunk, CHUNK));
        must(read(p.in, chunk, 1));
        done(BULK / CHUNK);
    }
    peer_stop(&p);
}

static void
do_pipecreate(uint n)
{
    int fd[2];
    uint i;

    while (again()) {
        begin();
        for (i = 0; i < n; i++) {
            must(pipe(fd));
            close(fd[0]);
            close(fd[1]);
        }
        done(n);
    }
}

static void
do_dup(uint n)
{
    uint i;

    while (again()) {
        begin();
        for (i = 0; i < n; i++)
            close(dup(0));
        done(n);
    }
}

static void
napper(int in, int out)
{
    char c;

    (void)out;
    read(in, &c, 1);
}

// Round trips beside `n` processes that sleep.
static void
do_sleepers(uint n)
{
    int fd[2];
    uint i;

    must(pipe(fd));
    for (i = 0; i < n; i++)
        if (must(fork()) == 0) {
            close(fd[1]);
            napper(fd[0], 1);
            _exit(0);
        }
    do_roundtrip(1000);
    close(fd[1]);
    reap(n);
}

#define ROUNDS 100

// One of the ring: hands on a byte for each that comes.
static void NORETURN
ringmember(int go, int in, int out)
{
    uint i;
    char c = 0;

    read(go, &c, 1);
    for (i = 0; i < ROUNDS; i++) {
        write(out, &c, 1);
        read(in, &c, 1);
    }
    _exit(0);
}

// A ring of n processes, each with a byte to hand on: all are ready. The
// cost of one hop: a write, a read, a switch.
static void
ring(uint n)
{
    int go[2], first[2], in, next[2];
    uint i;

    must(pipe(go));
    must(pipe(first));
    in = first[0];
    next[1] = first[1];
    for (i = 0; i < n; i++) {
        if (i + 1 < n)
            must(pipe(next));
        else
            next[1] = first[1];
        if (must(fork()) == 0) {
            close(go[1]);
            ringmember(go[0], in, next[1]);
        }
        close(in);
        if (i + 1 < n) {
            close(next[1]);
            in = next[0];
        }
    }
    close(first[1]);
    begin();
    close(go[1]);
    reap(n);
    done(n * ROUNDS);
    close(go[0]);
}

static void
do_ring(uint n)
{
    while (again())
        ring(n);
}

struct note {
    volatile uint seq, sent, took;
};

// From a write to the reader's first instruction on another CPU. The writer
// spins, so that its own CPU stays taken.
static void
do_wakecpu(uint n)
{
    struct sysinfo s = { .size = sizeof(s) };
    struct note *note;
    int fd[2];
    uint i, sum;
    char c = 0;

    if (sysinfo(&s) < 0 || s.ncpu < 2)
        skip("needs two CPUs");
    note = mmap(0, PGSIZE, PROT_READ | PROT_WRITE,
                MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (note == MAP_FAILED)
        skip("needs shared memory");
    must(pipe(fd));
    if (must(fork()) == 0) {
        close(fd[1]);
        while (read(fd[0], &c, 1) == 1) {
            note->took = ticks() - note->sent;
            note->seq++;
        }
        _exit(0);
    }
    while (again()) {
        for (i = sum = 0; i < n; i++) {
            uint seq = note->seq, start = ticks();

            while (ticks() - start < 2000000)   // let it fall asleep
                ;
            note->sent = ticks();
            write(fd[1], &c, 1);
            while (note->seq == seq)
                ;
            sum += note->took;
        }
        sample(sum, n);
    }
    close(fd[1]);
    reap(1);
}

const struct bench bench_proc[] = {
    { "getpid", do_getpid, 10000, 0 },
    { "read_badfd", do_badfd, 10000, 0 },
    { "fork_small", do_fork, 0, 0 },
    { "fork_4m", do_fork, 4096, 0 },
    { "fork_32m", do_fork, 32768, 0 },
    { "fork_exec", do_exec, 30, 0 },
    { "exec_large", do_execlarge, 4 * MB, 0 },
    { "pipe_rtt", do_roundtrip, 1000, 0 },
    { "pipe_self", do_selftrip, 1000, 0 },
    { "switch", do_switch, 1000, 0 },
    { "pipe_4k", do_pipe4k, 0, 0 },
    { "pipe_create", do_pipecreate, 300, 0 },
    { "dup_close", do_dup, 3000, 0 },
    { "wake_cpu", do_wakecpu, 50, NAMED },
    { "fork/0k", do_fork, 0, NAMED },
    { "fork/1024k", do_fork, 1024, NAMED },
    { "fork/4096k", do_fork, 4096, NAMED },
    { "fork/32768k", do_fork, 32768, NAMED },
    { "fork/262144k", do_fork, 262144, NAMED },
    { "ready/2", do_ring, 2, NAMED },
    { "ready/20", do_ring, 20, NAMED },
    { "ready/200", do_ring, 200, NAMED },
    { "sleepers/0", do_sleepers, 0, NAMED },
    { "sleepers/10", do_sleepers, 10, NAMED },
    { "sleepers/100", do_sleepers, 100, NAMED },
    { "sleepers/400", do_sleepers, 400, NAMED },
    ENDBENCH
};
