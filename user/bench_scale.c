// bench_scale.c: cases of bench: work shared by several processes.
//
// scale_X/k is what one operation costs when k processes do X at once: with
// as many CPUs, a k-th of scale_X/1 would be ideal. scale_spin, which never
// enters the kernel, shows what the machine can give. Only times mean
// anything here; instruction counts have no two CPUs at once.

#include "user.h"
#include "bench.h"

#define CHUNK BENCHBUF

static void
turns(uint n)
{
    asm volatile("1: dec %0; jnz 1b" : "+r" (n));
}

static void
spin(uint n)
{
    turns(n * 1000);
}

// As many system calls as opens() makes, and between them it computes for as
// long. They share nothing but the machine.
static void
calls(uint n)
{
    while (n-- > 0) {
        getpid();
        turns(300);
        getpid();
        turns(300);
    }
}

static void
forks(uint n)
{
    while (n-- > 0) {
        if (must(fork()) == 0)
            _exit(0);
        must(wait(0));
    }
}

static void
execs(uint n)
{
    char *argv[] = { "true", 0 };

    while (n-- > 0) {
        if (must(fork()) == 0) {
            exec("/true", argv);
            _exit(1);
        }
        reap(1);
    }
}

static void
pipes(uint n)
{
    int fd[2];

    must(pipe(fd));
    while (n-- > 0) {
        must(write(fd[1], bench_buf, CHUNK));
        must(read(fd[0], bench_buf, CHUNK));
    }
}

static void
opens(uint n)
{
    char name[DIRSIZ];

    snprintf(name, sizeof(name), "f%d", getpid());
    fill(name, 0);
    while (n-- > 0)
        close(must(open(name, O_RDONLY)));
    unlink(name);
}

static void NORETURN
worker(void (*work)(uint), uint n, int go[2])
{
    char c;

    close(go[1]);
    read(go[0], &c, 1);
    work(n);
    _exit(0);
}

// k workers do n operations each, all let go at once.
static void
share(void (*work)(uint), uint k, uint n)
{
    int go[2];
    uint i;

    while (again()) {
        must(pipe(go));
        for (i = 0; i < k; i++)
            if (must(fork()) == 0)
                worker(work, n, go);
        close(go[0]);
        sleep(5);                   // until all of them wait
        begin();
        close(go[1]);
        reap(k);
        done(k * n);
    }
}

static void do_spin(uint k)  { share(spin, k, 100000); }
static void do_calls(uint k) { share(calls, k, 30000); }
static void do_forks(uint k) { share(forks, k, 400); }
static void do_execs(uint k) { share(execs, k, 150); }
static void do_pipes(uint k) { share(pipes, k, 15000); }
static void do_opens(uint k) { share(opens, k, 30000); }

#define SCALE(name, fn)             \
    { "scale_" name "/1", fn, 1, NAMED }, \
    { "scale_" name "/2", fn, 2, NAMED }, \
    { "scale_" name "/4", fn, 4, NAMED }

const struct bench bench_scale[] = {
    SCALE("spin", do_spin),
    SCALE("call", do_calls),
    SCALE("fork", do_forks),
    SCALE("exec", do_execs),
    SCALE("pipe", do_pipes),
    SCALE("open", do_opens),
    ENDBENCH
};
