// ut_cow.c: cases about copy-on-write fork: what is shared, what a write
// costs, and that nobody sees another's.

#include "user.h"
#include "ut.h"

#define PAGES   16
#define MB      (1 << 20)
#define PTE_P   1
#define PTE_W   2
#define FRAME(pte) ((pte) >> 12)

static char *heap;
static int go[2], done[2];

static void
open_gates(void)
{
    must(pipe(go));
    must(pipe(done));
}

static void
close_gates(void)
{
    must(close(go[0]));
    must(close(go[1]));
    must(close(done[0]));
    must(close(done[1]));
}

// One side says that it is so far, the other waits for it.
static void
tell(int gate[2])
{
    ut_write(gate[1], "g", 1);
}

static void
await(int gate[2])
{
    char c;

    gives(read(gate[0], &c, 1), 1);
}

static uint
pte(int pid, void *va)
{
    return getpagetableentry(pid, (int)va);
}

// --- what it costs -------------------------------------------------------

static void
waits(int arg)
{
    (void)arg;
    tell(done);
    await(go);
}

// A child costs its page tables and the few pages that it writes at once.
static void
cow_fork_copies_nothing(void)
{
    uint frames;
    int pid;

    open_gates();
    heap = ut_pages(512);
    ut_touch(heap, 512, 1);
    ut_mark();
    frames = ut_frames();
    pid = ut_fork(waits, 0);
    await(done);
    check(ut_frames() - frames < 10);
    check(FRAME(pte(pid, heap)) == FRAME(pte(getpid(), heap)));
    check((pte(pid, heap) & (PTE_P | PTE_W)) == PTE_P);
    check((pte(getpid(), heap) & (PTE_P | PTE_W)) == PTE_P);
    tell(go);
    ut_join(1);
    close_gates();
}

static void
writes_after_fork(int arg)
{
    uint frames;

    (void)arg;
    ut_mark();
    frames = ut_frames();
    check(ut_sum(heap, PAGES) == PAGES);
    ut_faulted(0, 0, 0, 0);             // reading costs nothing
    ut_touch(heap, PAGES, 2);
    ut_faulted(0, 0, PAGES, 0);
    gives(ut_frames(), frames + PAGES);
    ut_touch(heap, PAGES, 3);
    ut_faulted(0, 0, PAGES, 0);
}

// One COW fault and one frame for each page written.
static void
cow_write_costs_one_copy(void)
{
    heap = ut_pages(PAGES);
    ut_touch(heap, PAGES, 1);
    gives(ut_run(writes_after_fork, 0), 0);
    check(ut_sum(heap, PAGES) == PAGES);
}

// When the other has gone, its frames are ours: a fault, but no copy.
static void
cow_sole_owner_does_not_copy(void)
{
    uint frames, frame;

    heap = ut_pages(PAGES);
    ut_touch(heap, PAGES, 1);
    frame = FRAME(pte(getpid(), heap));
    gives(ut_run(exit, 0), 0);
    ut_mark();
    frames = ut_frames();
    ut_touch(heap, PAGES, 2);
    ut_faulted(0, 0, PAGES, 0);
    gives(ut_frames(), frames);
    check(FRAME(pte(getpid(), heap)) == frame);
}

static void
owns_the_originals(int arg)
{
    uint frames;

    (void)arg;
    ut_mark();
    tell(done);
    await(go);
    frames = ut_frames();
    ut_touch(heap, PAGES, 3);
    ut_faulted(0, 0, PAGES, 0);
    gives(ut_frames(), frames);
}

static void
cow_parent_copies_child_keeps(void)
{
    uint frames;
    int pid;

    open_gates();
    heap = ut_pages(PAGES);
    ut_touch(heap, PAGES, 1);
    pid = ut_fork(owns_the_originals, 0);
    await(done);
    ut_mark();
    frames = ut_frames();
    ut_touch(heap, PAGES, 2);
    ut_faulted(0, 0, PAGES, 0);
    gives(ut_frames(), frames + PAGES);
    check(FRAME(pte(pid, heap)) != FRAME(pte(getpid(), heap)));
    tell(go);
    ut_join(1);
    check(ut_sum(heap, PAGES) == 2 * PAGES);
    close_gates();
}

// --- nobody sees another's -----------------------------------------------

static void
scribble(int seed)
{
    ut_verify(heap, PAGES * PGSIZE, 1, 0);
    ut_fill(heap, PAGES * PGSIZE, seed, 0);
    sleep(1);
    ut_verify(heap, PAGES * PGSIZE, seed, 0);
}

static void
cow_children_keep_apart(void)
{
    int i;

    heap = ut_pages(PAGES);
    ut_fill(heap, PAGES * PGSIZE, 1, 0);
    for (i = 2; i < 10; i++)
        ut_fork(scribble, i);
    ut_join(8);
    ut_verify(heap, PAGES * PGSIZE, 1, 0);
}

static void
sees_the_past(int seed)
{
    await(go);
    ut_verify(heap, PAGES * PGSIZE, seed, 0);
}

// The parent goes on writing: each child keeps what was when it was made.
static void
cow_child_keeps_the_past(void)
{
    int i;

    open_gates();
    heap = ut_pages(PAGES);
    for (i = 0; i < 8; i++) {
        ut_fill(heap, PAGES * PGSIZE, i, 0);
        ut_fork(sees_the_past, i);
    }
    ut_fill(heap, PAGES * PGSIZE, 99, 0);
    for (i = 0; i < 8; i++)
        tell(go);
    ut_join(8);
    close_gates();
}

static void
generation(int n)
{
    ut_verify(heap, PAGES * PGSIZE, n, 0);
    if (n == 12)
        return;
    ut_fill(heap, PAGES * PGSIZE / 2, n + 1, 0);
    ut_fill(heap + PAGES * PGSIZE / 2, PAGES * PGSIZE / 2, n + 1,
            PAGES * PGSIZE / 2);
    gives(ut_run(generation, n + 1), 0);
    ut_verify(heap, PAGES * PGSIZE, n + 1, 0);
}

static void
cow_through_generations(void)
{
    heap = ut_pages(PAGES);
    ut_fill(heap, PAGES * PGSIZE, 0, 0);
    gives(ut_run(generation, 0), 0);
    ut_verify(heap, PAGES * PGSIZE, 0, 0);
}

// --- writes by the kernel ------------------------------------------------

// Each changes ut_buf through a system call, which is to copy it first.
static void
by_read(void)
{
    int fd[2];

    must(pipe(fd));
    ut_write(fd[1], "x", 1);
    gives(read(fd[0], ut_buf, 1), 1);
}

static void
by_pipe(void)
{
    must(pipe((int *)ut_buf));
}

static void
by_fstat(void)
{
    must(fstat(0, (struct stat *)ut_buf));
}

static void
by_waitpid(void)
{
    if (must(fork()) == 0)
        exit(3);
    must(waitpid(-1, (int *)ut_buf, 0));
}

static void
by_procs(void)
{
    must(procs((struct procinfo *)ut_buf, 1));
}

static void
by_regions(void)
{
    must(regions(getpid(), (struct regioninfo *)ut_buf, 1));
}

static void
by_sysinfo(void)
{
    must(sysinfo((struct sysinfo *)ut_buf));
}

static void
by_getcwd(void)
{
    must(workdir((char *)ut_buf, 100));
}

static void
by_gettime(void)
{
    must(gettime((struct timespec *)ut_buf));
}

static void (*const kernel_writes[])(void) = {
    by_read, by_pipe, by_fstat, by_waitpid, by_procs, by_regions, by_sysinfo,
    by_getcwd, by_gettime,
};
#define NWRITES ((int)(sizeof(kernel_writes) / sizeof(kernel_writes[0])))

static int
intact(void)
{
    int i;

    for (i = 0; i < PGSIZE; i++)
        if (ut_buf[i] != 0x5a)
            return 0;
    return 1;
}

static void
kernel_writes_copy(int which)
{
    check(intact());
    kernel_writes[which]();
    check(!intact());
}

static void
cow_write_by_the_kernel(void)
{
    int i;

    memset(ut_buf, 0x5a, PGSIZE);
    for (i = 0; i < NWRITES; i++) {
        gives(ut_run(kernel_writes_copy, i), 0);
        if (!intact())
            ut_fail("call %d wrote into the parent's memory", i);
    }
}

static void
reads_a_page(int fd)
{
    uint frames;

    ut_mark();
    frames = ut_frames();
    gives(read(fd, heap, 2 * PGSIZE), 2 * PGSIZE);
    ut_faulted(0, 0, 2, 0);
    gives(ut_frames(), frames + 2);
}

static void
cow_read_costs_one_copy(void)
{
    int fd[2];

    must(pipe(fd));
    heap = ut_pages(2);
    ut_touch(heap, 2, 1);
    ut_write(fd[1], ut_buf, 2 * PGSIZE);
    gives(ut_run(reads_a_page, fd[0]), 0);
    check(ut_sum(heap, 2) == 2);
    must(close(fd[0]));
    must(close(fd[1]));
}

// --- what stays forbidden ------------------------------------------------

static void
try_forbidden(int arg)
{
    (void)arg;
    check(ut_write_kills(heap));
    check(ut_write_kills((void *)try_forbidden));
    check(ut_sum(heap, 2) == 2);
}

// A page shared by fork that was read-only before stays so.
static void
cow_read_only_stays_read_only(void)
{
    heap = ut_map(2, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
                  0);
    ut_touch(heap, 2, 1);
    must(mprotect(heap, 2 * PGSIZE, PROT_READ));
    check(ut_write_kills(heap));
    gives(ut_run(try_forbidden, 0), 0);
    check(ut_write_kills(heap));
    must(mprotect(heap, 2 * PGSIZE, PROT_READ | PROT_WRITE));
    ut_touch(heap, 2, 2);
    check(ut_sum(heap, 2) == 4);
}

// --- much of it ----------------------------------------------------------

#define BIG 100

static void
reads_all_writes_some(int who)
{
    uint n = BIG * MB / PGSIZE, i;

    check(ut_sum(heap, n) == n);
    for (i = who; i < n; i += 512)
        heap[i * PGSIZE] = who;
    for (i = who; i < n; i += 512)
        check(heap[i * PGSIZE] == who);
}

// 16 children over 100 MB on a 224 MB machine.
static void
cow_16_children_100mb(void)
{
    uint n = BIG * MB / PGSIZE;
    int i;

    if (!ut_needs(BIG + 30))
        return;
    heap = ut_pages(n);
    ut_touch(heap, n, 1);
    for (i = 1; i <= 16; i++)
        ut_fork(reads_all_writes_some, i);
    ut_join(16);
    check(ut_sum(heap, n) == n);
}

static void
writes_all(int n)
{
    ut_touch(heap, n, 2);
}

// Killed because nothing was left: by its own fault (11) or, as the largest
// process, for another's (9): the test program itself wakes now and then, and
// its pages too have gone.
static int
ran_out(int status)
{
    return status == 11 || status == 9;
}

// Failing to copy kills the writer and nobody else.
static void
cow_out_of_memory_kills_writer(void)
{
    uint n = ut_room() / 3 * 2;

    heap = ut_pages(n);
    ut_touch(heap, n, 1);
    check(ran_out(ut_run(writes_all, n)));
    check(ut_sum(heap, n) == n);
    ut_touch(heap, n, 3);
}

static void
touch_all_memory(void)
{
    char *p;

    while ((p = sbrk(16 * PGSIZE)) != (void *)-1)
        ut_touch(p, 16, 1);
    check(errno == ENOMEM);
}

static void
just_waits(int arg)
{
    char c;

    (void)arg;
    close(go[1]);
    read(go[0], &c, 1);
}

static void
fork_until_refused(int most)
{
    int n = 0, pid;

    must(pipe(go));
    touch_all_memory();
    while (n < most && (pid = fork()) != -1) {
        if (pid == 0) {
            just_waits(0);
            exit(0);
        }
        n++;
    }
    check(n == most || errno == ENOMEM);
    must(close(go[1]));
    while (n-- > 0)
        must(wait(0));
}

// With memory full, fork goes on until it says ENOMEM. Whoever cannot even
// copy its stack may die of it; nothing is lost.
static void
cow_fork_out_of_memory(void)
{
    int status = ut_run(fork_until_refused, 400);

    check(status == 0 || ran_out(status));
    ut_alone();
}

// A page in each of many 4 MB needs as many page tables, and fork as many again
// at once, when files fill the memory of a small machine.
static void
fork_finds_frames_for_many_tables(void)
{
    enum { TABLES = 200, STEP = 4 * MB, FILE = 8 * MB };
    char *p = mmap(0, TABLES * STEP, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    int fd, i;

    check(p != MAP_FAILED);
    for (i = 0; i < TABLES; i++)
        p[i * STEP] = 1;
    fd = must(open("f", O_CREATE | O_RDWR));
    for (i = 0; i < FILE / (int)sizeof ut_buf; i++)
        ut_write(fd, ut_buf, sizeof ut_buf);
    must(close(fd));
    if ((i = must(fork())) == 0)
        exit(p[STEP] != 1);
    gives(ut_wait(i), 0);
    must(unlink("f"));
    must(munmap(p, TABLES * STEP));
}

const struct utcase ut_cow[] = {
    CASE(fork_finds_frames_for_many_tables, QUICK),
    CASE(cow_fork_copies_nothing, QUICK),
    CASE(cow_write_costs_one_copy, QUICK),
    CASE(cow_sole_owner_does_not_copy, QUICK),
    CASE(cow_parent_copies_child_keeps, QUICK),
    CASE(cow_children_keep_apart, QUICK),
    CASE(cow_child_keeps_the_past, QUICK),
    CASE(cow_through_generations, QUICK),
    CASE(cow_write_by_the_kernel, QUICK),
    CASE(cow_read_costs_one_copy, QUICK),
    CASE(cow_read_only_stays_read_only, QUICK),
    CASE(cow_16_children_100mb, SLOW),
    CASE(cow_out_of_memory_kills_writer, SLOW),
    CASE(cow_fork_out_of_memory, SLOW),
    ENDCASES
};
