// ut_inject.c: the Nth allocation, read, write or swap slot fails, for every
// N, in each of a table of operations; and again with memory full. (Cases of
// one call each are with the calls: fail_pipe, open_each_failure.)
//
// What may come of it:
//
//   allocation   a call says ENOMEM and has done nothing; a fault, and a call
//                that can, waits until there is one
//   read         a call says EIO, or has done a part; a process that touches
//                the page is killed; what was read ahead is read once more
//   write, slot  nothing: the write is tried again, another page is taken.
//                What was written is on the disk after sync.

#include "user.h"
#include "ut.h"

#define RW     (PROT_READ | PROT_WRITE)
#define PAGES  8
#define SIZE   (PAGES * PGSIZE)
#define LONG   60000                    // a file with an index block
#define FAULT  11
#define REFUSED 100                     // exit status: and errno
#define SMALL  16                       // MB that are little memory
#define STEP   80                       // pages of the area
#define GROW   60                       // pages

static int kind;                        // FAIL_*
static char own[SIZE] __attribute__((aligned(PGSIZE)));

// ---- full memory ----

static char *area;
static uint npages, next;               // 0: memory is not full

// Use the next n pages of the area. They are in swap by now, and others go
// there for them. In each is the number of its next use.
static void
use(uint n)
{
    uint *p;

    for (; n > 0; n--, next++) {
        p = (uint *)(area + next % npages * PGSIZE);
        check(*p == next);
        *p = next + npages;
    }
}

static uint
swapouts(void)
{
    struct sysinfo si;

    must(sysinfo(&si));
    return si.swapouts;
}

static void
press(void)
{
    uint was = swapouts();

    while (swapouts() - was < PAGES)
        use(PAGES);
}

static int
fill_memory(void)
{
    struct sysinfo si;
    uint i;

    must(sysinfo(&si));
    if (si.slots == 0 || si.frames > SMALL * (1u << 20) / PGSIZE) {
        printf("# skipped: needs swap and at most %d MB\n", SMALL);
        return 0;
    }
    npages = si.frames + si.frames / 4;
    area = ut_pages(npages);
    for (i = 0; i < npages; i++)
        *(uint *)(area + i * PGSIZE) = i;
    return 1;
}

// ---- around an operation ----

// Where memory is full, pages go to swap from now on, and what fails in that
// counts; allocations count later, in the operation alone.
static void
arm(void)
{
    if (kind != FAIL_KALLOC)
        ut_arm();
    if (npages)
        press();
    if (kind == FAIL_KALLOC)
        ut_arm();
}

// Reads count in the process that asked for their failure.
static int
armed_fork(void)
{
    int pid;

    if (kind != FAIL_READ)
        arm();
    pid = fork();
    if (pid == 0 && kind == FAIL_READ)
        ut_arm();
    return pid;
}

static int
why(void)
{
    return kind == FAIL_READ ? EIO : ENOMEM;
}

// The child's wait status, or as if it had been refused what fork was.
static int
await(int pid)
{
    return pid < 0 ? (REFUSED + errno) << 8 : ut_wait(pid);
}

static int
outcome(int status)
{
    ut_disarm();
    check(status == 0 || status == (REFUSED + why()) << 8 ||
          (status == FAULT && kind == FAIL_READ));
    return status == 0 ? 0 : -1;
}

// What was written: all that can leaves the cache, what is read next is what
// the disk has.
static void
go_cold(void)
{
    if (kind == FAIL_WRITE) {
        ut_hook(failmark(FAIL_READ, 1 << 20));  // none of them fails
        ut_hook(failmark(FAIL_READ, 0));
    }
}

// The file of most operations, on the disk.
static void
put(uint n)
{
    ut_put("f", n, 1);
    must(sync());
}

// The end of a call that changed something: r is what it returned.
static int
changed(int r)
{
    check(r >= 0 || errno == why());
    must(sync());
    ut_disarm();
    go_cold();
    return r;
}

// ---- the operations ----

// The child copies what it writes; then the pages are ours alone again.
static int
forking(int cow)
{
    int pid, status;

    ut_touch(own, PAGES, 1);
    must(vmctl(VM_COW, cow));
    pid = armed_fork();
    if (pid == 0) {
        check(ut_sum(own, PAGES) == PAGES);
        ut_touch(own, PAGES, 2);
        exit(ut_sum(own, PAGES) != 2 * PAGES);
    }
    status = await(pid);
    must(vmctl(VM_COW, 1));
    check(ut_sum(own, PAGES) == PAGES);
    ut_touch(own, PAGES, 3);
    return outcome(status);
}

static int
execing(int arg)
{
    char *argv[] = { "utx", "exit", "0", 0 };
    int pid = armed_fork();

    (void)arg;
    if (pid == 0) {
        exec(UTX, argv);
        exit(REFUSED + errno);
    }
    return outcome(await(pid));
}

enum { SHARED = 1, STORE = 2, SYNC = 4 };

static int
touches(int how)
{
    int flags = how & SHARED ? MAP_SHARED : MAP_PRIVATE;
    int fd = open("f", O_RDWR), i;
    uchar *p;

    if (fd < 0 || (p = mmap(0, SIZE, RW, flags, fd, 0)) == MAP_FAILED)
        return REFUSED + errno;
    for (i = SIZE - PGSIZE; i >= 0; i -= PGSIZE) {
        check(p[i] == ut_byte(1, i));
        if (how & STORE)
            p[i] = ut_byte(2, i);
    }
    if ((how & SYNC) && msync(p, SIZE, MS_SYNC) < 0)
        return REFUSED + errno;
    must(munmap(p, SIZE));
    return 0;
}

// The first byte of each page is of this pattern, the others of 1.
static void
verify_stores(int seed)
{
    int fd = must(open("f", O_RDONLY)), i;

    gives(ut_read(fd, ut_buf, SIZE), SIZE);
    must(close(fd));
    for (i = 0; i < SIZE; i += PGSIZE) {
        check(ut_buf[i] == ut_byte(seed, i));
        ut_buf[i] = ut_byte(1, i);
    }
    ut_verify(ut_buf, SIZE, 1, 0);
}

// A child's mapping of a file. Of shared stores some are there if it died.
static int
mapping(int how)
{
    int pid, r, status, both = SHARED | STORE;

    put(SIZE);
    if ((pid = armed_fork()) == 0)
        exit(touches(how));
    status = await(pid);
    if (!(how & SYNC))
        must(sync());
    r = outcome(status);
    go_cold();
    if ((how & both) != both)
        verify_stores(1);
    else if (r == 0)
        verify_stores(2);
    must(unlink("f"));
    return r;
}

// A region, made and touched; one page of it is another's then, one nobody's.
static int
anonymous(int flags)
{
    char *p;
    int r = -1;

    arm();
    p = mmap(0, SIZE, RW, flags | MAP_ANONYMOUS, -1, 0);
    if (p != MAP_FAILED) {
        ut_touch(p, PAGES, 1);
        if ((r = mprotect(p + PGSIZE, PGSIZE, PROT_READ)) == 0)
            r = munmap(p + 3 * PGSIZE, PGSIZE);
    }
    ut_disarm();
    check(r == 0 || errno == why());
    if (p != MAP_FAILED) {
        check(r < 0 || ut_sum(p + 4 * PGSIZE, PAGES - 4) == PAGES - 4);
        must(munmap(p, SIZE));
    }
    return r;
}

static int
growing(int arg)
{
    char *start = sbrk(0), *p;

    (void)arg;
    arm();
    p = sbrk(GROW * PGSIZE);
    if (p != (void *)-1)
        ut_touch(p, GROW, 1);
    ut_disarm();
    if (p == (void *)-1) {
        check(errno == why() && sbrk(0) == start);
        return -1;
    }
    check(ut_sum(p, GROW) == GROW);
    check(sbrk(-GROW * PGSIZE) != (void *)-1 && sbrk(0) == start);
    return 0;
}

// From the end, or most of it would be read ahead and nobody wait for it.
static int
reading(int arg)
{
    int fd, n = 0, off = LONG - LONG % PGSIZE;

    (void)arg;
    put(LONG);
    arm();
    fd = open("f", O_RDONLY);
    for (; fd >= 0 && off >= 0 && n != -1; off -= PGSIZE) {
        must(lseek(fd, off, SEEK_SET));
        n = read(fd, ut_buf + off, PGSIZE);
    }
    check((fd >= 0 && n >= 0) || errno == why());
    ut_disarm();
    if (fd >= 0)
        must(close(fd));
    if (off < 0)
        ut_verify(ut_buf, LONG, 1, 0);
    must(unlink("f"));
    return off < 0 ? 0 : -1;
}

// Part of it may have been written; that part is right.
static int
writing(int arg)
{
    int fd, n = -1;

    (void)arg;
    ut_fill(ut_buf, LONG, 2, 0);
    arm();
    if ((fd = open("f", O_RDWR | O_CREATE)) >= 0)
        n = write(fd, ut_buf, LONG);
    n = changed(n);
    check((fd >= 0) == ut_exists("f"));
    if (fd >= 0) {
        must(close(fd));
        ut_same("f", n > 0 ? n : 0, 2);
        must(unlink("f"));
    }
    return n == LONG ? 0 : -1;
}

// In the middle of blocks that have to be read first: those before the one
// that failed are new, the others as they were.
static int
overwriting(int arg)
{
    const int size = SIZE - 200;
    int fd, n;

    (void)arg;
    put(SIZE);
    fd = must(open("f", O_RDWR));
    ut_fill(ut_buf, SIZE, 2, 0);
    must(lseek(fd, 100, SEEK_SET));
    arm();
    n = changed(write(fd, ut_buf + 100, size));
    must(lseek(fd, 0, SEEK_SET));
    gives(ut_read(fd, ut_buf, SIZE), SIZE);
    ut_verify(ut_buf, 100, 1, 0);
    ut_verify(ut_buf + 100, n > 0 ? n : 0, 2, 100);
    if (n < 0)
        ut_verify(ut_buf, SIZE, 1, 0);
    must(close(fd));
    must(unlink("f"));
    return n == size ? 0 : -1;
}

static int
making_directory(int arg)
{
    uint here = ut_nlink(".");
    int r;

    (void)arg;
    arm();
    r = changed(mkdir("d"));
    check(ut_exists("d") == (r == 0) && ut_nlink(".") == here + (r == 0));
    if (r == 0)
        must(unlink("d"));
    check(ut_nlink(".") == here);
    return r;
}

static int
linking(int arg)
{
    int r;

    (void)arg;
    put(100);
    arm();
    r = changed(link("f", "l"));
    check(ut_exists("l") == (r == 0) && ut_nlink("f") == 1 + (r == 0));
    if (r == 0)
        must(unlink("l"));
    ut_same("f", 100, 1);
    must(unlink("f"));
    return r;
}

static int
renaming(int arg)
{
    int r;

    (void)arg;
    put(100);
    arm();
    r = changed(rename("f", "g"));
    check(ut_exists("f") == (r < 0) && ut_exists("g") == (r == 0));
    ut_same(r < 0 ? "f" : "g", 100, 1);
    must(unlink(r < 0 ? "f" : "g"));
    return r;
}

static int
unlinking(int arg)
{
    int r;

    (void)arg;
    put(100);
    arm();
    r = changed(unlink("f"));
    check(ut_exists("f") == (r < 0));
    ut_remove("f");
    return r;
}

// Pages come from swap, into a child, and changed ones go there.
static int
swapping(int arg)
{
    int pid = armed_fork();

    (void)arg;
    if (pid == 0) {
        use(STEP);
        exit(0);
    }
    return outcome(await(pid));
}

// ---- the table ----

// With memory full, only those that want much of it.
enum { ANY = 1, FULL };

static const struct {
    int (*fn)(int);
    int arg, when;
} ops[] = {
    { forking, 1, ANY | FULL },
    { forking, 0, ANY },                // copies everything
    { execing, 0, ANY | FULL },
    { mapping, 0, ANY | FULL },
    { mapping, STORE, ANY | FULL },
    { mapping, SHARED, ANY },
    { mapping, SHARED | STORE, ANY | FULL },
    { mapping, SHARED | STORE | SYNC, ANY },
    { anonymous, MAP_PRIVATE, ANY | FULL },
    { anonymous, MAP_SHARED, ANY | FULL },
    { growing, 0, ANY | FULL },
    { reading, 0, ANY | FULL },
    { writing, 0, ANY | FULL },
    { overwriting, 0, ANY | FULL },
    { making_directory, 0, ANY },
    { linking, 0, ANY },
    { renaming, 0, ANY },
    { unlinking, 0, ANY },
    { swapping, 0, FULL },
};
#define NOPS (sizeof ops / sizeof ops[0])

static void
each(int what, int when)
{
    uint i;

    kind = what;
    for (i = 0; i < NOPS; i++) {
        must(sync());
        if (ops[i].when & when)
            ut_each_failure(kind, ops[i].fn, ops[i].arg);
    }
}

static void
fail_each_allocation(void)
{
    each(FAIL_KALLOC, ANY);
}

static void
fail_each_read(void)
{
    each(FAIL_READ, ANY);
}

static void
fail_each_write(void)
{
    each(FAIL_WRITE, ANY);
}

static void
each_when_full(int what)
{
    if (fill_memory()) {
        each(what, FULL);
        use(npages);
    }
}

static void
full_fail_each_allocation(void)
{
    each_when_full(FAIL_KALLOC);
}

static void
full_fail_each_write(void)
{
    each_when_full(FAIL_WRITE);
}

static void
full_fail_each_slot(void)
{
    each_when_full(FAIL_SLOT);
}

// Of swap alone: any other process would die of its own pages.
static void
full_fail_each_read(void)
{
    kind = FAIL_READ;
    if (fill_memory()) {
        ut_each_failure(kind, swapping, 0);
        use(npages);
    }
}

const struct utcase ut_inject[] = {
    CASE(fail_each_allocation, QUICK),
    CASE(fail_each_read, QUICK),
    CASE(fail_each_write, QUICK),
    CASE(full_fail_each_allocation, SLOW),
    CASE(full_fail_each_read, SLOW),
    CASE(full_fail_each_write, SLOW),
    CASE(full_fail_each_slot, SLOW),
    ENDCASES
};
