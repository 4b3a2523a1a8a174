// ut_inject.c: the Nth allocation, read or swap slot fails, for every N. (Cases
// of one call each are with the calls: fail_fork, fail_exec, fail_pipe,
// fail_sbrk_and_touch, fail_mmap, fail_file_map.)
//
// An allocation that fails is waited for, by faults and by calls that can;
// a read that fails is EIO for a call, and death by a fault for a process
// that touches the page.

#include "user.h"
#include "ut.h"

#define RW    (PROT_READ | PROT_WRITE)
#define PAGES 8
#define SIZE  (PAGES * PGSIZE)
#define FAULT 11
#define SMALL 16                        // MB that are little memory
#define SLOTS 24                        // failures of slots, one by one

static char *area;

static void
both(int (*fn)(int), int arg)
{
    ut_each_failure(FAIL_KALLOC, fn, arg);
    sync();
    ut_each_failure(FAIL_READ, fn, arg);
}

// ---- calls ----

static int
reading(int arg)
{
    int fd, n = -1;

    (void)arg;
    ut_arm();
    if ((fd = open("f", O_RDONLY)) >= 0)
        n = read(fd, ut_buf, SIZE);
    ut_disarm();
    if (fd >= 0)
        must(close(fd));
    if (n > 0)
        ut_verify(ut_buf, n, 1, 0);
    return n == SIZE ? 0 : -1;
}

static void
fail_read_of_a_file(void)
{
    ut_put("f", SIZE, 1);
    sync();
    both(reading, 0);
    must(unlink("f"));
}

// Part of it may have been written; that part is right.
static int
writing(int arg)
{
    int fd, n = -1;

    (void)arg;
    memset(ut_buf, 0, SIZE);
    ut_fill(ut_buf, SIZE, 2, 0);
    ut_arm();
    if ((fd = open("g", O_RDWR | O_CREATE | O_TRUNC)) >= 0)
        n = write(fd, ut_buf, SIZE);
    ut_disarm();
    if (fd >= 0)
        must(close(fd));
    if (n > 0)
        ut_same("g", n, 2);
    if (ut_exists("g"))
        must(unlink("g"));
    sync();
    return n == SIZE ? 0 : -1;
}

static void
fail_write_of_a_new_file(void)
{
    both(writing, 0);
}

// In the middle of blocks that have to be read first: those before the one
// that failed are new, the others as they were.
static int
overwriting(int arg)
{
    int fd, n;

    (void)arg;
    ut_put("f", SIZE, 1);
    sync();
    fd = must(open("f", O_RDWR));
    ut_fill(ut_buf, SIZE, 2, 0);
    must(lseek(fd, 100, SEEK_SET));
    ut_arm();
    n = write(fd, ut_buf + 100, SIZE - 200);
    ut_disarm();
    must(lseek(fd, 0, SEEK_SET));
    gives(ut_read(fd, ut_buf, SIZE), SIZE);
    ut_verify(ut_buf, 100, 1, 0);
    if (n > 0)
        ut_verify(ut_buf + 100, n, 2, 100);
    if (n < 0)
        ut_verify(ut_buf, SIZE, 1, 0);
    must(close(fd));
    return n == SIZE - 200 ? 0 : -1;
}

static void
fail_write_over_a_file(void)
{
    both(overwriting, 0);
    must(unlink("f"));
}

static int
execing(int arg)
{
    char *argv[] = { "utx", "exit", "7", 0 };
    int pid = must(fork()), status;

    (void)arg;
    if (pid == 0) {
        ut_arm();
        exec(UTX, argv);
        exit(100);
    }
    status = ut_wait(pid);
    ut_disarm();
    check(status == 7 << 8 || status == 100 << 8 || status == FAULT);
    return status == 7 << 8 ? 0 : -1;
}

static void
fail_exec_by_reads(void)
{
    ut_each_failure(FAIL_READ, execing, 0);
}

// ---- faults ----

// What a child does with a fresh mapping of the file; it may die of it.
static void
touches(int how)
{
    int fd = must(open("f", O_RDWR)), i;
    char *p = ut_map(PAGES, RW, how & 1 ? MAP_SHARED : MAP_PRIVATE, fd, 0);

    ut_arm();
    for (i = 0; i < PAGES; i++) {
        if (how & 2)
            p[i * PGSIZE] = ut_byte(1, i * PGSIZE);
        else
            check((uchar)p[i * PGSIZE] == ut_byte(1, i * PGSIZE));
    }
}

static int
mapping(int how)
{
    int status = ut_run(touches, how);

    ut_disarm();
    check(status == 0 || status == FAULT);
    ut_same("f", SIZE, 1);
    return status == 0 ? 0 : -1;
}

static void
fail_faults_of_a_file(void)
{
    int how;

    ut_put("f", SIZE, 1);
    for (how = 0; how < 4; how++) {
        sync();
        both(mapping, how);
    }
    must(unlink("f"));
}

static void
writes_copies(int arg)
{
    (void)arg;
    ut_arm();
    ut_touch(area, PAGES, 2);
    check(ut_sum(area, PAGES) == 2 * PAGES);
}

static int
copying(int arg)
{
    gives(ut_run(writes_copies, arg), 0);
    ut_disarm();
    check(ut_sum(area, PAGES) == PAGES);
    return 0;
}

static void
fail_copy_on_write(void)
{
    area = ut_pages(PAGES);
    ut_touch(area, PAGES, 1);
    ut_each_failure(FAIL_KALLOC, copying, 0);
}

// With copy-on-write off, fork makes all copies, or nothing.
static int
copying_at_once(int arg)
{
    int pid;

    (void)arg;
    must(vmctl(VM_COW, 0));
    ut_arm();
    pid = fork();
    if (pid == 0)
        exit(ut_sum(area, PAGES) != PAGES);
    ut_disarm();
    must(vmctl(VM_COW, 1));
    if (pid < 0)
        return -1;
    gives(ut_wait(pid), 0);
    return 0;
}

static void
fail_fork_without_cow(void)
{
    area = ut_pages(PAGES);
    ut_touch(area, PAGES, 1);
    ut_each_failure(FAIL_KALLOC, copying_at_once, 0);
}

// ---- swap ----

// Pages that are in swap when they are wanted; 0: memory is too large for it.
static uint
fill_memory(void)
{
    struct sysinfo si;
    uint n;

    must(sysinfo(&si));
    if (si.slots == 0 || si.frames > SMALL * (1u << 20) / PGSIZE) {
        printf("# skipped: needs swap and at most %d MB\n", SMALL);
        return 0;
    }
    n = si.frames + si.frames / 4;
    area = ut_pages(n);
    ut_touch(area, n, 1);
    return n;
}

static void
sums(int arg)
{
    (void)arg;
    ut_arm();
    check(ut_sum(area, PAGES * 8) == PAGES * 8);
}

static int
swapping_in(int n)
{
    int status;

    ut_touch(area, n, 1);               // the first go again
    status = ut_run(sums, 0);
    ut_disarm();
    check(status == 0 || status == FAULT);
    return status == 0 ? 0 : -1;
}

static void
fail_faults_of_swap(void)
{
    uint n = fill_memory();

    if (n > 0)
        both(swapping_in, n);
}

// A slot that cannot be had makes no difference: another page goes.
static void
fail_slots(void)
{
    uint n = fill_memory(), i;

    for (i = 1; n > 0 && i <= SLOTS; i++) {
        must(failmark(FAIL_SLOT, i * i));
        ut_touch(area, n, i);
        check(ut_sum(area, n) == n * i);
    }
    must(failmark(FAIL_SLOT, 0));
}

const struct utcase ut_inject[] = {
    CASE(fail_read_of_a_file, QUICK),
    CASE(fail_write_of_a_new_file, QUICK),
    CASE(fail_write_over_a_file, QUICK),
    CASE(fail_exec_by_reads, QUICK),
    CASE(fail_faults_of_a_file, QUICK),
    CASE(fail_copy_on_write, QUICK),
    CASE(fail_fork_without_cow, QUICK),
    CASE(fail_faults_of_swap, SLOW),
    CASE(fail_slots, SLOW),
    ENDCASES
};
