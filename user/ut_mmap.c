// ut_mmap.c: cases about mmap, munmap, mprotect and msync.
//
// Where design differs from Pintos: mmap at address 0 lets the kernel
// choose, a bad pointer is EFAULT instead of a kill, and a mapping past the
// file's last page is allowed but kills when touched.

#include "user.h"
#include "ut.h"

#define RW   (PROT_READ | PROT_WRITE)
#define ANON (MAP_PRIVATE | MAP_ANONYMOUS)
#define SIZE (3 * PGSIZE)               // of the usual file, and 100 more

static int fd;
static char *map;

// The usual file, open for both.
static void
file_of(uint size)
{
    ut_put("f", size, 1);
    fd = must(open("f", O_RDWR));
}

static void
drop_file(void)
{
    must(close(fd));
    must(unlink("f"));
}

static char *
map_file(uint npages, int prot, int flags)
{
    return map = ut_map(npages, prot, flags, fd, 0);
}

// --- anonymous memory ----------------------------------------------------

// Pintos lazy-anon.
static void
mmap_anonymous_costs_what_is_touched(void)
{
    uint frames;
    char *p;
    int i;

    ut_mark();
    frames = ut_frames();
    p = ut_map(100, RW, ANON, -1, 0);
    ut_faulted(0, 0, 0, 0);
    for (i = 0; i < PGSIZE; i++)
        check(p[50 * PGSIZE + i] == 0);
    ut_touch(p, 10, 1);
    ut_faulted(11, 0, 0, 0);
    gives(ut_frames(), frames + 11);
    must(munmap(p, 100 * PGSIZE));
    gives(ut_frames(), frames);
    check(ut_read_kills(p));
}

static void
mmap_anonymous_private_by_fork(void)
{
    int pid;

    map = ut_map(2, RW, ANON, -1, 0);
    ut_touch(map, 2, 1);
    if ((pid = must(fork())) == 0) {
        check(ut_sum(map, 2) == 2);
        ut_touch(map, 2, 7);
        exit(0);
    }
    gives(ut_wait(pid), 0);
    check(ut_sum(map, 2) == 2);
    must(munmap(map, 2 * PGSIZE));
}

static void
writes_shared(int page)
{
    check(map[page * PGSIZE] == 0);
    map[page * PGSIZE] = page + 1;
}

// Shared anonymous memory is really shared, whoever touches it first.
static void
mmap_anonymous_shared_by_fork(void)
{
    uint i, frames;

    ut_mark();
    frames = ut_frames();
    map = ut_map(8, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    gives(ut_frames(), frames + 8);     // populated when mapped
    for (i = 0; i < 8; i++)
        ut_fork(writes_shared, i);
    ut_join(8);
    for (i = 0; i < 8; i++)
        check(map[i * PGSIZE] == (char)(i + 1));
    must(munmap(map, 8 * PGSIZE));
}

static void
unmaps(int arg)
{
    (void)arg;
    map[0] = 9;
    must(munmap(map, PGSIZE));
    check(ut_read_kills(map));
}

static void
munmap_in_child_only(void)
{
    map = ut_map(1, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    gives(ut_run(unmaps, 0), 0);
    check(map[0] == 9);
    must(munmap(map, PGSIZE));
}

// Many small mappings; all of them come back.
#define LOTS 5000

static void
reads_ends(int n)
{
    check(map[0] == 1 && map[2 * (n - 1) * PGSIZE] == 1);
}

// Regions have a limit, which is an error; what is there stays usable, and
// taking some away makes room.
static void
mmap_regions_have_a_limit(void)
{
    char *p = map = ut_map(2 * LOTS, PROT_READ, ANON, -1, 0);
    uint n;

    for (n = 0; n < LOTS; n++)
        if (mprotect(p + 2 * n * PGSIZE, PGSIZE, RW) < 0)
            break;
    check(n > 256 && n < LOTS && errno == ENOMEM);
    p[0] = 1;
    p[2 * (n - 1) * PGSIZE] = 1;
    gives(ut_run(reads_ends, n), 0);
    must(munmap(p, PGSIZE));
    must(mprotect(p + 2 * PGSIZE, PGSIZE, PROT_READ));
    must(mprotect(p + 2 * n * PGSIZE, PGSIZE, RW));
    must(munmap(p, 2 * LOTS * PGSIZE));
}

static void
mmap_many(void)
{
    char *p[100];
    int i;

    for (i = 0; i < 100; i++) {
        p[i] = ut_map(1 + i % 3, RW, ANON, -1, 0);
        p[i][0] = i;
    }
    for (i = 0; i < 100; i++)
        check(p[i][0] == i);
    for (i = 0; i < 100; i += 2)
        must(munmap(p[i], (1 + i % 3) * PGSIZE));
    for (i = 1; i < 100; i += 2) {
        check(p[i][0] == i);
        must(munmap(p[i], (1 + i % 3) * PGSIZE));
    }
}

// --- where ---------------------------------------------------------------

static void
mmap_at_an_address(void)
{
    char *p = ut_map(10, RW, ANON, -1, 0), *at = p + 4 * PGSIZE;

    must(munmap(p, 10 * PGSIZE));
    check(mmap(at, 2 * PGSIZE, RW, ANON, -1, 0) == at);
    fails(mmap(at, PGSIZE, RW, ANON, -1, 0), EEXIST);
    fails(mmap(at + PGSIZE, 5 * PGSIZE, RW, ANON, -1, 0), EEXIST);
    fails(mmap(p, 10 * PGSIZE, RW, ANON, -1, 0), EEXIST);
    check(mmap(at + 2 * PGSIZE, PGSIZE, RW, ANON, -1, 0) ==
          at + 2 * PGSIZE);
    must(munmap(at, 3 * PGSIZE));
}

// The kernel's choice is high, and leaves the heap its room.
static void
mmap_kernel_chooses(void)
{
    char *a = ut_map(1, RW, ANON, -1, 0), *b = ut_map(1, RW, ANON, -1, 0);

    check(a + PGSIZE == (char *)0x80000000 && b + PGSIZE == a);
    must(munmap(a, PGSIZE));
    check(ut_map(1, RW, ANON, -1, 0) == a);
    must(munmap(b, 2 * PGSIZE));
}

static void
mmap_fixed_replaces(void)
{
    uint frames = ut_frames();

    map = ut_map(4, RW, ANON, -1, 0);
    ut_touch(map, 4, 5);
    frames = ut_frames();
    check(mmap(map + PGSIZE, 2 * PGSIZE, RW, ANON | MAP_FIXED, -1, 0) ==
          map + PGSIZE);
    gives(ut_frames(), frames - 2);
    check(ut_sum(map, 4) == 10);
    must(munmap(map, 4 * PGSIZE));
}

// Pintos mmap-over-code, -data, -stk, -overlap.
static void
mmap_over_something_fails(void)
{
    char here = 0, *stack = (char *)((uint)&here & ~(PGSIZE - 1));
    char *heap = ut_pages(1);

    fails(mmap((void *)0x1000, PGSIZE, RW, ANON, -1, 0), EEXIST);
    fails(mmap((void *)((uint)ut_buf & ~(PGSIZE - 1)), PGSIZE, RW, ANON, -1,
               0), EEXIST);
    fails(mmap(stack, PGSIZE, RW, ANON, -1, 0), EEXIST);
    fails(mmap(heap, PGSIZE, RW, ANON, -1, 0), EEXIST);
    check(here == 0);
}

// --- what is refused -----------------------------------------------------

static void
mmap_bad_ranges(void)
{
    fails(mmap(0, 0, RW, ANON, -1, 0), EINVAL);
    fails(mmap((void *)0x40000001, PGSIZE, RW, ANON, -1, 0), EINVAL);
    fails(mmap((void *)0x40000800, PGSIZE, RW, ANON, -1, 0), EINVAL);
    fails(mmap((void *)0x80000000, PGSIZE, RW, ANON, -1, 0), ENOMEM);
    fails(mmap((void *)0x7ffff000, 2 * PGSIZE, RW, ANON, -1, 0), ENOMEM);
    fails(mmap((void *)0xfffff000, PGSIZE, RW, ANON, -1, 0), ENOMEM);
    fails(mmap((void *)0xfffff000, 2 * PGSIZE, RW, ANON, -1, 0), ENOMEM);
    fails(mmap((void *)0x80100000, PGSIZE, RW, ANON | MAP_FIXED, -1, 0),
          ENOMEM);
    fails(mmap(0, 0x80000000, RW, ANON, -1, 0), ENOMEM);
    fails(mmap(0, 0x7fffffff, RW, ANON, -1, 0), ENOMEM);
    fails(mmap(0, 0xffffffff, RW, ANON, -1, 0), ENOMEM);
    fails(mmap((void *)0x40000000, 0xffffffff, RW, ANON, -1, 0), ENOMEM);
}

static void
mmap_bad_flags(void)
{
    fails(mmap(0, PGSIZE, RW, MAP_ANONYMOUS, -1, 0), EINVAL);
    fails(mmap(0, PGSIZE, RW, MAP_SHARED | ANON, -1, 0), EINVAL);
    fails(mmap(0, PGSIZE, 8, ANON, -1, 0), EINVAL);
    fails(mmap(0, PGSIZE, -1, ANON, -1, 0), EINVAL);
}

// Pintos mmap-bad-fd, -bad-fd2, -bad-fd3, -bad-off, -misalign.
static void
mmap_bad_files(void)
{
    int ro, wo, ends[2];

    file_of(SIZE);
    fails(mmap(0, PGSIZE, PROT_READ, MAP_SHARED, -1, 0), EBADF);
    fails(mmap(0, PGSIZE, PROT_READ, MAP_PRIVATE, 77, 0), EBADF);
    fails(mmap(0, PGSIZE, PROT_READ, MAP_PRIVATE, 0x7fffffff, 0), EBADF);
    fails(mmap(0, PGSIZE, PROT_READ, MAP_PRIVATE, fd, 1), EINVAL);
    fails(mmap(0, PGSIZE, PROT_READ, MAP_PRIVATE, fd, 2048), EINVAL);
    fails(mmap(0, 2 * PGSIZE, PROT_READ, MAP_PRIVATE, fd, 0xfffff000),
          EINVAL);
    must(pipe(ends));
    fails(mmap(0, PGSIZE, PROT_READ, MAP_PRIVATE, ends[0], 0), ENODEV);
    must(close(ends[0]));
    must(close(ends[1]));
    fails(mmap(0, PGSIZE, PROT_READ, MAP_PRIVATE, 0, 0), ENODEV);
    ro = must(open(".", O_RDONLY));
    fails(mmap(0, PGSIZE, PROT_READ, MAP_PRIVATE, ro, 0), ENODEV);
    must(close(ro));
    ro = must(open("f", O_RDONLY));
    fails(mmap(0, PGSIZE, RW, MAP_SHARED, ro, 0), EACCES);
    fails(mmap(0, PGSIZE, PROT_WRITE, MAP_SHARED, ro, 0), EACCES);
    must(close(ro));
    wo = must(open("f", O_WRONLY));
    fails(mmap(0, PGSIZE, PROT_READ, MAP_SHARED, wo, 0), EACCES);
    fails(mmap(0, PGSIZE, RW, MAP_PRIVATE, wo, 0), EACCES);
    must(close(wo));
    drop_file();
}

static void
munmap_bad_ranges(void)
{
    map = ut_map(2, RW, ANON, -1, 0);
    map[0] = 1;
    fails(munmap(map, 0), EINVAL);
    fails(munmap(map + 1, PGSIZE), EINVAL);
    fails(munmap((void *)0x80000000, PGSIZE), EINVAL);
    fails(munmap(map, 0x80000000), EINVAL);
    fails(munmap((void *)0xfffff000, PGSIZE), EINVAL);
    fails(munmap(map, 0xffffffff), EINVAL);
    check(map[0] == 1);
    must(munmap(map, 2 * PGSIZE));
    must(munmap(map, 2 * PGSIZE));      // POSIX: nothing there is no error
    must(munmap((void *)0x40000000, 16 << 20));
}

// --- files: reading ------------------------------------------------------

// Pintos mmap-read, lazy-file: one FILEPAGE fault a page, no copy.
static void
mmap_reads_a_file(void)
{
    uint frames;

    file_of(SIZE + 100);
    map_file(4, PROT_READ, MAP_PRIVATE);
    ut_mark();
    frames = ut_frames();
    ut_verify(map, SIZE + 100, 1, 0);
    ut_faulted(0, 4, 0, 0);
    check(ut_region(map)->shared == 4);
    check(ut_frames() == frames + 4);   // the cache's, now mapped
    must(munmap(map, 4 * PGSIZE));
    drop_file();
}

static void
mmap_tail_is_zero(void)
{
    uint i;

    file_of(100);
    map_file(1, RW, MAP_PRIVATE);
    ut_verify(map, 100, 1, 0);
    for (i = 100; i < PGSIZE; i++)
        check(map[i] == 0);
    must(munmap(map, PGSIZE));
    drop_file();
}

static void
mmap_with_offset(void)
{
    file_of(SIZE);
    map = ut_map(2, PROT_READ, MAP_SHARED, fd, PGSIZE);
    ut_verify(map, 2 * PGSIZE, 1, PGSIZE);
    must(munmap(map, 2 * PGSIZE));
    drop_file();
}

static void
read_past_end(int page)
{
    (void)*(volatile char *)(map + page * PGSIZE);
}

// Past the last page of the file the process is killed.
static void
mmap_past_the_end_kills(void)
{
    int ends[2];

    file_of(PGSIZE + 1);
    map_file(4, RW, MAP_SHARED);
    gives(ut_run(read_past_end, 0), 0);
    gives(ut_run(read_past_end, 1), 0);
    gives(ut_run(read_past_end, 2), 11);
    gives(ut_run(read_past_end, 3), 11);
    must(pipe(ends));                   // to a call it is EFAULT
    fails(write(ends[1], map + 2 * PGSIZE, 1), EFAULT);
    must(ftruncate(fd, 3 * PGSIZE));    // and then it is there
    check(map[2 * PGSIZE] == 0);
    must(ftruncate(fd, PGSIZE));
    check(ut_read_kills(map + 3 * PGSIZE));
    must(close(ends[0]));
    must(close(ends[1]));
    must(munmap(map, 4 * PGSIZE));
    drop_file();
}

static void
touch_with_failing_disk(int fails)
{
    ut_hook(failmark(FAIL_DISK, fails));
    ut_sum(map, 2);
}

// A page that cannot be read kills who wants it; the next one has better
// luck, for a failed read leaves nothing behind. (When the file is in memory
// already, nothing fails.)
static void
mmap_disk_error_kills(void)
{
    int status;

    fd = must(open("/zombie", O_RDONLY));
    map_file(2, PROT_READ, MAP_PRIVATE);
    status = ut_run(touch_with_failing_disk, 1);
    check(status == 0 || status == 11);
    ut_hook(failmark(FAIL_DISK, 0));
    gives(ut_run(touch_with_failing_disk, 0), 0);
    must(munmap(map, 2 * PGSIZE));
    must(close(fd));
}

// Pintos mmap-twice, mmap-close, mmap-remove, mmap-inherit (by fork, which
// hands mappings on; exec does not).
static void
mmap_twice(void)
{
    char *other;

    file_of(PGSIZE);
    map_file(1, RW, MAP_SHARED);
    other = ut_map(1, RW, MAP_SHARED, fd, 0);
    map[5] = 'x';
    check(other[5] == 'x');
    check(getpagetableentry(getpid(), (int)map) >> 12 ==
          getpagetableentry(getpid(), (int)other) >> 12);
    must(munmap(map, PGSIZE));
    check(other[5] == 'x');
    must(munmap(other, PGSIZE));
    drop_file();
}

static void
reads_map(int arg)
{
    (void)arg;
    ut_verify(map, SIZE, 1, 0);
}

static void
mmap_outlives_close_and_unlink(void)
{
    file_of(SIZE);
    map_file(3, RW, MAP_SHARED);
    drop_file();
    ut_verify(map, SIZE, 1, 0);
    map[0] = map[0];
    gives(ut_run(reads_map, 0), 0);
    must(msync(map, SIZE, MS_SYNC));
    must(munmap(map, SIZE));
}

static void
execs(int arg)
{
    char *argv[] = { UTX, "exit", "5", 0 };

    (void)arg;
    exec(UTX, argv);
    exit(1);
}

static void
mmap_gone_at_exec(void)
{
    struct stat st;

    file_of(SIZE);
    map_file(3, RW, MAP_SHARED);
    map[0] = 'e';
    gives(ut_run(execs, 0), 5 << 8);
    must(fstat(fd, &st));
    check(st.size == SIZE && map[0] == 'e');
    must(munmap(map, SIZE));
    drop_file();
}

// --- files: writing ------------------------------------------------------

static void
file_has(uint off, const char *text)
{
    char got[16];
    uint n = strlen(text);

    must(lseek(fd, off, SEEK_SET));
    gives(read(fd, got, n), n);
    got[n] = 0;
    if (strcmp(got, text) != 0)
        ut_fail("at %u: \"%s\", not \"%s\"", off, got, text);
}

// A shared map, read() and write() see each other at once.
// From a file to a mapping of itself, and back, a few bytes higher: what is
// moved is what was there before.
static void
mmap_moves_within_itself(void)
{
    enum { UP = 4, N = 2000 };
    static char was[N];

    file_of(SIZE);
    map_file(3, RW, MAP_SHARED);
    memcpy(was, map, N);
    must(lseek(fd, UP, SEEK_SET));
    gives(write(fd, map, N), N);
    check(memcmp(map + UP, was, N) == 0);
    memcpy(was, map, N);
    must(lseek(fd, 0, SEEK_SET));
    gives(read(fd, map + UP, N), N);
    check(memcmp(map + UP, was, N) == 0);
    must(munmap(map, SIZE));
    drop_file();
}

static void
mmap_coherent_with_read_and_write(void)
{
    file_of(SIZE);
    map_file(3, RW, MAP_SHARED);
    memcpy(map + PGSIZE - 2, "abcd", 4);
    file_has(PGSIZE - 2, "abcd");
    must(lseek(fd, 10, SEEK_SET));
    ut_write(fd, "hello", 5);
    check(memcmp(map + 10, "hello", 5) == 0);
    must(munmap(map, SIZE));
    file_has(10, "hello");
    file_has(PGSIZE - 2, "abcd");
    drop_file();
}

static void
mmap_private_write_stays_private(void)
{
    file_of(SIZE);
    map_file(3, RW, MAP_PRIVATE);
    ut_mark();
    ut_touch(map, 3, 'p');
    ut_faulted(0, 3, 0, 0);             // copied at once: no second fault
    must(munmap(map, SIZE));
    ut_same("f", SIZE, 1);
    map_file(3, RW, MAP_PRIVATE);
    ut_mark();
    ut_sum(map, 3);
    ut_touch(map, 3, 'p');
    ut_faulted(0, 3, 3, 0);             // read first: mapped, then copied
    must(munmap(map, SIZE));
    ut_same("f", SIZE, 1);
    drop_file();
}

static void
mmap_private_sees_until_written(void)
{
    file_of(SIZE);
    map_file(3, RW, MAP_PRIVATE);
    ut_verify(map, SIZE, 1, 0);
    map[PGSIZE] = 'm';
    must(lseek(fd, PGSIZE, SEEK_SET));
    ut_write(fd, "ff", 2);
    check(map[PGSIZE] == 'm');
    must(munmap(map, SIZE));
    file_has(PGSIZE, "ff");
    drop_file();
}

// One UPGRADE or COW less: a shared page is written without copying.
static void
mmap_shared_write_does_not_copy(void)
{
    uint frames;

    file_of(SIZE);
    map_file(3, RW, MAP_SHARED);
    ut_mark();
    ut_sum(map, 3);
    frames = ut_frames();
    ut_touch(map, 3, 's');
    gives(ut_frames(), frames);
    ut_faulted(0, 3, 0, 0);
    check(ut_region(map)->dirty == 3);
    must(munmap(map, SIZE));
    file_has(PGSIZE, "s");
    drop_file();
}

static void
writes_map(int how)
{
    memcpy(map + PGSIZE, "child", 5);
    if (how == 1)
        must(munmap(map, SIZE));
    if (how == 2)
        *(volatile char *)0 = 1;
    if (how == 3)
        kill(getpid());
}

// Dirty pages reach the file by munmap, exit, a fault and a kill.
static void
mmap_dirty_pages_reach_the_file(void)
{
    static const int status[] = { 0, 0, 11, 9 };
    int how;

    for (how = 0; how < 4; how++) {
        file_of(SIZE);
        map_file(3, RW, MAP_SHARED);
        gives(ut_run(writes_map, how), status[how]);
        must(munmap(map, SIZE));
        file_has(PGSIZE, "child");
        must(fsync(fd));
        file_has(PGSIZE, "child");
        drop_file();
    }
}

// Pintos mmap-clean: pages that were not written are never written back.
static void
mmap_clean_pages_are_not_written(void)
{
    struct sysinfo before, after;

    file_of(SIZE);
    must(sync());
    map_file(3, RW, MAP_SHARED);
    ut_sum(map, 3);
    check(ut_region(map)->dirty == 0);
    must(sysinfo(&before));
    must(munmap(map, SIZE));
    must(sync());
    must(sysinfo(&after));
    check(after.dirty == 0);
    check(after.diskwrites == before.diskwrites);
    drop_file();
}

static void
msync_writes_to_the_disk(void)
{
    struct sysinfo before, after;

    file_of(SIZE);
    map_file(3, RW, MAP_SHARED);
    must(sync());
    must(sysinfo(&before));
    map[PGSIZE] = 'd';
    must(msync(map, SIZE, MS_SYNC));
    must(sysinfo(&after));
    check(after.diskwrites > before.diskwrites);
    check(ut_region(map)->dirty == 0);
    map[PGSIZE] = 'e';                  // a store after it is seen again
    check(ut_region(map)->dirty == 1);
    must(msync(map, SIZE, MS_ASYNC));
    must(munmap(map, SIZE));
    file_has(PGSIZE, "e");
    drop_file();
}

static void
msync_bad_arguments(void)
{
    map = ut_map(1, RW, ANON, -1, 0);
    must(msync(map, PGSIZE, MS_SYNC));
    fails(msync(map + 1, PGSIZE, MS_SYNC), EINVAL);
    fails(msync(map, PGSIZE, 8), EINVAL);
    fails(msync(map, PGSIZE, MS_SYNC | MS_ASYNC), EINVAL);
    must(munmap(map, PGSIZE));
    fails(msync(map, PGSIZE, MS_SYNC), ENOMEM);
}

// --- files that change under a map ---------------------------------------

static void
mmap_truncated_file(void)
{
    file_of(SIZE);
    map_file(3, RW, MAP_SHARED);
    ut_sum(map, 3);
    must(ftruncate(fd, PGSIZE));
    ut_verify(map, PGSIZE, 1, 0);
    map[2 * PGSIZE] = 'z';              // what was mapped lives on, nowhere
    must(munmap(map, SIZE));
    check(ut_size("f") == PGSIZE);
    must(ftruncate(fd, SIZE));
    map_file(3, PROT_READ, MAP_SHARED);
    check(map[2 * PGSIZE] == 0);
    must(munmap(map, SIZE));
    drop_file();
}

static void
mmap_grown_file(void)
{
    file_of(PGSIZE);
    map_file(2, RW, MAP_SHARED);
    must(lseek(fd, PGSIZE, SEEK_SET));
    ut_fill(ut_buf, PGSIZE, 1, PGSIZE);
    ut_write(fd, ut_buf, PGSIZE);
    ut_verify(map, 2 * PGSIZE, 1, 0);
    must(munmap(map, 2 * PGSIZE));
    drop_file();
}

// The bytes past the file's end that a map wrote do not come to light.
static void
mmap_tail_stays_zero_in_the_file(void)
{
    uint i;

    file_of(100);
    map_file(1, RW, MAP_SHARED);
    memset(map, 'q', PGSIZE);
    must(munmap(map, PGSIZE));
    check(ut_size("f") == 100);
    must(ftruncate(fd, PGSIZE));
    must(lseek(fd, 0, SEEK_SET));
    gives(ut_read(fd, ut_buf, PGSIZE), PGSIZE);
    for (i = 0; i < 100; i++)
        check(ut_buf[i] == 'q');
    for (; i < PGSIZE; i++)
        check(ut_buf[i] == 0);
    drop_file();
}

const struct utcase ut_mmap[] = {
    CASE(mmap_anonymous_costs_what_is_touched, QUICK),
    CASE(mmap_anonymous_private_by_fork, QUICK),
    CASE(mmap_anonymous_shared_by_fork, QUICK),
    CASE(munmap_in_child_only, QUICK),
    CASE(mmap_many, QUICK),
    CASE(mmap_regions_have_a_limit, QUICK),
    CASE(mmap_at_an_address, QUICK),
    CASE(mmap_kernel_chooses, QUICK),
    CASE(mmap_fixed_replaces, QUICK),
    CASE(mmap_over_something_fails, QUICK),
    CASE(mmap_bad_ranges, QUICK),
    CASE(mmap_bad_flags, QUICK),
    CASE(mmap_bad_files, QUICK),
    CASE(munmap_bad_ranges, QUICK),
    CASE(mmap_reads_a_file, QUICK),
    CASE(mmap_tail_is_zero, QUICK),
    CASE(mmap_with_offset, QUICK),
    CASE(mmap_past_the_end_kills, QUICK),
    CASE(mmap_disk_error_kills, QUICK),
    CASE(mmap_twice, QUICK),
    CASE(mmap_outlives_close_and_unlink, QUICK),
    CASE(mmap_gone_at_exec, QUICK),
    CASE(mmap_coherent_with_read_and_write, QUICK),
    CASE(mmap_moves_within_itself, QUICK),
    CASE(mmap_private_write_stays_private, QUICK),
    CASE(mmap_private_sees_until_written, QUICK),
    CASE(mmap_shared_write_does_not_copy, QUICK),
    CASE(mmap_dirty_pages_reach_the_file, QUICK),
    CASE(mmap_clean_pages_are_not_written, QUICK),
    CASE(msync_writes_to_the_disk, QUICK),
    CASE(msync_bad_arguments, QUICK),
    CASE(mmap_truncated_file, QUICK),
    CASE(mmap_grown_file, QUICK),
    CASE(mmap_tail_stays_zero_in_the_file, QUICK),
    ENDCASES
};
