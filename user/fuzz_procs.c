// fuzz_procs.c: what pairs do to pipes, processes and memory.

#include "user.h"
#include "fuzz.h"

#define KILLED  9
#define RECORDS_AT_ONCE 40
#define PAGES   8

// ---- a pipe: who uses one end closes the other first ----

static void
write_records(void)
{
    char r[RECORD];
    int i;

    close(ends[0]);
    for (i = 0; i < RECORDS_AT_ONCE; i++) {
        memset(r, 'a' + i % 26, sizeof r);
        if (expect("pipe write", write(ends[1], r, sizeof r), E(EPIPE)) < 0)
            break;
    }
}

static void
read_records(void)
{
    char r[RECORD];
    int i, n;

    close(ends[1]);
    while ((n = expect("pipe read", read(ends[0], r, sizeof r), 0)) > 0)
        for (i = 0; i < n; i++)
            if (n != RECORD || r[i] != r[0])
                found("a record of %d bytes, or a mixed one", n);
}

static void
close_ends(void)
{
    close(ends[0]);
    pause(3000);
    close(ends[1]);
}

static void
move_ends(void)
{
    char r[RECORD] = "";

    if (dup2(ends[1], 30) < 0)
        return;                     // our last turn closed it
    close(ends[1]);
    expect("pipe write", write(30, r, sizeof r), E(EPIPE));
    close(30);
}

static void
kill_reader(void)
{
    int pid = expect("fork", fork(), 0), st;
    char r[RECORD];

    if (pid == 0) {
        while (read(ends[0], r, sizeof r) > 0)
            ;
        exit(0);
    }
    pause(3000);
    kill(pid);
    st = await(pid);
    if (st != KILLED && st != 0)
        found("a reader's status is 0x%x", st);
}

// ---- processes: one has a child, another kills it ----

// Forget the child, which will end with this status or be killed.
static void
reap(int pid, int status)
{
    int st;

    duel->victim = pid;
    st = await(pid);
    if (st != status && st != KILLED)
        found("a child's status is 0x%x", st);
}

static void
child_sleeps(void)
{
    int pid = expect("fork", fork(), 0);

    if (pid == 0) {
        sleep(1);
        exit(5);
    }
    reap(pid, 5 << 8);
}

static void
child_execs(void)
{
    char *argv[] = { "utx", "exit", "7", 0 };
    int pid = expect("fork", fork(), 0);

    if (pid == 0) {
        exec("/utx", argv);
        exit(1);
    }
    reap(pid, 7 << 8);
}

// Its own child becomes an orphan, maybe while it runs.
static void
child_forks(void)
{
    int pid = expect("fork", fork(), 0);

    if (pid == 0) {
        if (fork() == 0)
            pause(3000);
        exit(0);
    }
    reap(pid, 0);
}

static void
child_maps(void)
{
    int pid = expect("fork", fork(), 0);
    char *p;
    uint i;

    if (pid == 0) {
        p = mmap(0, 50 * PGSIZE, PROT_READ | PROT_WRITE,
                 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        for (i = 0; i < 50 && p != MAP_FAILED; i++)
            p[i * PGSIZE] = i;
        munmap(p, 25 * PGSIZE);
        exit(3);
    }
    reap(pid, 3 << 8);
}

static void
child_blocks(void)
{
    int pid = expect("fork", fork(), 0);
    char c;

    if (pid == 0) {
        read(ends[0], &c, 1);
        exit(1);
    }
    duel->victim = pid;
    pause(3000);
    kill(pid);
    reap(pid, KILLED);
}

static void
kill_it(void)
{
    int i;

    for (i = 0; i < 20; i++) {
        if (duel->victim)
            expect("kill", kill(duel->victim), E(ESRCH));
        pause(500);
    }
}

static void
group_it(void)
{
    int pid = duel->victim;

    if (pid)
        expect("setpgrp", setpgrp(pid, pid), E(ESRCH) | E(EPERM));
}

static void
look_at_it(void)
{
    static struct regioninfo r[16];
    static struct procinfo p[32];
    int pid = duel->victim;

    expect("regions", regions(pid, r, 16), E(ESRCH));
    expect("procs", procs(p, 32), 0);
    getpagetableentry(pid, 0x1000);
}

static void
wait_for_none(void)
{
    int st;

    expect("waitpid", waitpid(-1, &st, WNOHANG), E(ECHILD));
}

// ---- memory that is shared copy-on-write, and some that is shared ----

static uint turns;                  // so often was `mem` changed

static void
check_mem(void)
{
    uint i;

    for (i = 0; i < MEMPAGES * PGSIZE; i += 64)
        if (mem[i] != (uchar)(i / 64 + turns))
            found("memory: byte %u is 0x%x, not 0x%x", i, mem[i],
                  (uchar)(i / 64 + turns));
}

static void
change_mem(void)
{
    uint i;

    check_mem();
    for (i = 0; i < MEMPAGES * PGSIZE; i += 64)
        mem[i]++;
    turns++;
}

static void
fork_mem(void)
{
    int pid = expect("fork", fork(), 0);

    if (pid == 0) {
        change_mem();
        check_mem();
        exit(0);
    }
    if (chance(2))
        change_mem();
    check_mem();
    if (await(pid) != 0)
        exit(FOUND);
}

static void
protect_buffer(void)
{
    static uchar pages[2 * PGSIZE];
    uchar *p = (uchar *)(((uint)pages + PGSIZE - 1) & -PGSIZE);
    int fd = expect("open", open("f", O_RDONLY), 0);

    expect("mprotect", mprotect(p, PGSIZE, PROT_READ), 0);
    if (read(fd, p, 64) != -1 || errno != EFAULT)
        found("read into memory that cannot be written");
    expect("mprotect", mprotect(p, PGSIZE, PROT_READ | PROT_WRITE), 0);
    if (read(fd, p, 64) != 64 || memcmp(p, prog, 64) != 0)
        found("read into memory that can be written again");
    close(fd);
}

static void
map_file(void)
{
    int fd = expect("open", open("f", O_RDWR), 0);
    uchar *p = mmap(0, progsize, PROT_READ | PROT_WRITE,
                    chance(2) ? MAP_PRIVATE : MAP_SHARED, fd, 0);

    if (p == MAP_FAILED || memcmp(p, prog, progsize) != 0)
        found("a mapped file is not what it was");
    p[rnd(progsize)] += 0;
    munmap(p + PGSIZE, PGSIZE);
    if (memcmp(p, prog, PGSIZE) != 0)
        found("the rest of a mapping is not what it was");
    munmap(p, progsize);
    close(fd);
}

static void
move_break(void)
{
    uchar *p = sbrk(PAGES * PGSIZE);
    uint i;

    if (p == (void *)-1)
        found("sbrk: %s", strerror(errno));
    for (i = 0; i < PAGES * PGSIZE; i += 64)
        if (p[i]++ != 0)
            found("new memory is not zero");
    if (chance(2))
        fork_mem();
    sbrk(-PAGES * PGSIZE);
}

static void
add_shared(void)
{
    uint i, n = 1 + rnd(1000);

    for (i = 0; i < n; i++)
        __atomic_fetch_add(&duel->sum, 1, __ATOMIC_SEQ_CST);
    __atomic_fetch_add(&duel->added, n, __ATOMIC_SEQ_CST);
}

const struct op procops[] = {
    OP(write_records, PIPES, 0), OP(read_records, PIPES, 0),
    OP(close_ends, PIPES, 0), OP(move_ends, PIPES, 0),
    OP(kill_reader, PIPES, 0),
    OP(child_sleeps, PROCS, 0), OP(child_execs, PROCS, 0),
    OP(child_forks, PROCS, 0), OP(child_maps, PROCS, 0),
    OP(child_blocks, PROCS, 0), OP(kill_it, PROCS, 0),
    OP(kill_it, PROCS, 0), OP(group_it, PROCS, 0), OP(look_at_it, PROCS, 0),
    OP(wait_for_none, PROCS, 0),
    OP(change_mem, MEMORY, 0), OP(fork_mem, MEMORY, 0),
    OP(protect_buffer, MEMORY, 0), OP(map_file, MEMORY, 0),
    OP(move_break, MEMORY, 0), OP(add_shared, MEMORY, 0), { 0, 0, 0, 0 },
};
