// ut_pointers.c: cases about pointer arguments: every call checks each by
// region and right, for all its length, and a bad one has no side effect.

#include "user.h"
#include "ut.h"

static int file, ends[2];
static int room[4];

// A call with one pointer to test; the others are good.
struct call {
    const char *name;
    int (*fn)(void *p);
    int writes;                         // the kernel writes there
    uint size;                          // bytes it writes, or 0: a string
};

static int read_(void *p) { return read(file, p, 100); }
static int write_(void *p) { return write(file, p, 100); }
static int pipe_(void *p) { return pipe(p); }
static int fstat_(void *p) { return fstat(file, p); }
static int procs_(void *p) { return procs(p, 1); }
static int regions_(void *p) { return regions(getpid(), p, 1); }
static int sysinfo_(void *p) { return sysinfo(p); }
static int gettime_(void *p) { return gettime(p); }
static int getcwd_(void *p) { return workdir(p, 100); }
static int kcheck_(void *p) { return kcheck(p); }
static int bootarg_(void *p) { return bootarg(p, (char *)room, 10); }
static int open_(void *p) { return open(p, O_RDONLY); }
static int create_(void *p) { return open(p, O_CREATE | O_RDWR); }
static int chdir_(void *p) { return chdir(p); }
static int mkdir_(void *p) { return mkdir(p); }
static int mknod_(void *p) { return mknod(p, 1, 1); }
static int unlink_(void *p) { return unlink(p); }
static int link_old(void *p) { return link(p, "new"); }
static int link_new(void *p) { return link("file", p); }
static int rename_old(void *p) { return rename(p, "new"); }
static int rename_new(void *p) { return rename("file", p); }

static int
oldstat_(void *p)
{
    uint frame[] = { 0, file, (uint)p };

    errno = -ut_call_on_stack((uint)frame, SYS_fstat);
    return errno ? -1 : 0;
}

static int
exec_path(void *p)
{
    char *argv[] = { "x", 0 };

    return exec(p, argv);
}

static int
exec_argv(void *p)
{
    return exec(UTX, p);
}

static int
exec_envp(void *p)
{
    char *argv[] = { "utx", "exit", "7", 0 };

    if (p == 0) {                   // no environment
        errno = EFAULT;
        return -1;
    }
    return execve(UTX, argv, p);
}

static const struct call calls[] = {
    { "read", read_, 1, 100 },
    { "write", write_, 0, 100 },
    { "pipe", pipe_, 1, 8 },
    { "fstat", fstat_, 1, sizeof(struct stat) },
    { "fstat, old", oldstat_, 1, OLDSTAT },
    { "procs", procs_, 1, sizeof(struct procinfo) },
    { "regions", regions_, 1, sizeof(struct regioninfo) },
    { "sysinfo", sysinfo_, 1, sizeof(struct sysinfo) },
    { "gettime", gettime_, 1, sizeof(struct timespec) },
    { "getcwd", getcwd_, 1, 4 },
    { "kcheck", kcheck_, 1, sizeof(struct kcheckinfo) },
    { "bootarg", bootarg_, 0, 0 },
    { "open", open_, 0, 0 },
    { "create", create_, 0, 0 },
    { "chdir", chdir_, 0, 0 },
    { "mkdir", mkdir_, 0, 0 },
    { "mknod", mknod_, 0, 0 },
    { "unlink", unlink_, 0, 0 },
    { "link, old", link_old, 0, 0 },
    { "link, new", link_new, 0, 0 },
    { "rename, old", rename_old, 0, 0 },
    { "rename, new", rename_new, 0, 0 },
    { "exec, path", exec_path, 0, 0 },
    { "exec, argv", exec_argv, 0, 0 },
    { "execve, envp", exec_envp, 0, 0 },
};
#define NCALLS (sizeof(calls) / sizeof(calls[0]))

static void
must_fault(const struct call *c, void *p)
{
    int r = c->fn(p);

    if (r == -1 && errno == EPERM && c->fn == kcheck_)
        return;                     // no test=on
    if (r != -1 || errno != EFAULT)
        ut_fail("%s(%p) gave %d, errno %d", c->name, p, r, errno);
}

static void
begin(void)
{
    file = must(open("file", O_CREATE | O_RDWR));
    ut_fill(ut_buf, 1000, 1, 0);
    ut_write(file, ut_buf, 1000);
    must(lseek(file, 100, SEEK_SET));
}

// Nothing has happened: no file, no descriptor, no byte.
static void
finish(void)
{
    int low;

    gives(lseek(file, 0, SEEK_CUR), 100);
    must(close(file));
    ut_same("file", 1000, 1);
    must(unlink("file"));
    gives(ut_count("."), 0);
    low = must(dup(0));
    gives(low, file);
    must(close(low));
}

// Null, kernel, wrapping, unmapped.
static void
pointers_bad_address(void)
{
    uint i, k;

    begin();
    for (i = 0; i < NCALLS; i++)
        for (k = 0; k < NBADPTR; k++)
            must_fault(&calls[i], ut_badptr[k]);
    finish();
}

// The kernel may not write where the program may not.
static void
pointers_to_read_only_memory(void)
{
    char *p;
    uint i;

    begin();
    p = ut_map(1, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (i = 0; i < NCALLS; i++) {
        if (!calls[i].writes)
            continue;
        must_fault(&calls[i], p);
        must_fault(&calls[i], (void *)begin);
    }
    fails(waitpid(-1, (void *)begin, WNOHANG), EFAULT);
    must(munmap(p, PGSIZE));
    finish();
}

static void
pointers_to_no_access(void)
{
    char *p;
    uint i;

    begin();
    p = ut_map(1, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    strcpy(p, "name");
    must(mprotect(p, PGSIZE, PROT_NONE));
    for (i = 0; i < NCALLS; i++)
        must_fault(&calls[i], p);
    must(munmap(p, PGSIZE));
    finish();
}

static void
pointers_to_the_stack_guard(void)
{
    char here = 0, *guard;
    uint i;

    begin();
    guard = (char *)ut_region(&here)->start - 64;
    for (i = 0; i < NCALLS; i++)
        must_fault(&calls[i], guard);
    finish();
}

// A string that runs off its page; an argv without its end.
static void
pointers_string_runs_off(void)
{
    char *end;
    uint i;

    begin();
    end = ut_pages(1) + PGSIZE;
    memset(end - 8, 'n', 8);
    for (i = 0; i < NCALLS; i++)
        if (calls[i].size == 0 && calls[i].fn != exec_argv)
            must_fault(&calls[i], end - 8);
    *(char **)(end - 4) = "arg";
    must_fault(&calls[NCALLS - 1], end - 4);
    *(char **)(end - 4) = end - 8;      // a string that runs off, in argv
    memset(end - 8, 'n', 4);
    must_fault(&calls[NCALLS - 1], end - 4);
    finish();
}

// Only the last byte of the result does not fit.
static void
pointers_result_runs_off(void)
{
    const struct call *c;
    char *end;

    begin();
    end = ut_pages(1) + PGSIZE;
    for (c = calls; c < calls + NCALLS; c++)
        if (c->writes && c->fn != read_)
            must_fault(c, end - c->size + 1);
    finish();
}

// In older kernels only the size of the process was looked at.
static void
read_into_the_guard_fails(void)
{
    char here = 0, *guard = (char *)ut_region(&here)->start - 200;

    begin();
    fails(read(file, guard, 100), EFAULT);
    finish();
}

// In older kernels the check of a region wrapped.
static void
pointers_length_wraps(void)
{
    char *p;

    begin();
    p = ut_pages(1);
    fails(read(file, (void *)0xfffffff0, 0x20), EFAULT);
    fails(write(file, (void *)0xfffffff0, 0x7fffffff), EFAULT);
    fails(read(file, p, 0x80000000), EINVAL);
    fails(write(file, p, -1), EINVAL);
    fails(workdir(p, -1), EINVAL);
    fails(procs((void *)p, -1), EINVAL);
    fails(regions(getpid(), (void *)p, -1), EINVAL);
    finish();
}

// No length, no look at the pointer.
static void
pointers_unused(void)
{
    int i;

    begin();
    for (i = 0; i < NBADPTR; i++) {
        gives(read(file, ut_badptr[i], 0), 0);
        gives(write(file, ut_badptr[i], 0), 0);
        check(procs(ut_badptr[i], 0) > 0);
        check(regions(getpid(), ut_badptr[i], 0) > 0);
    }
    fails(waitpid(-1, 0, 0), ECHILD);   // null is no pointer there
    finish();
}

// The kernel may read what the program may only read: text, its strings.
static void
pointers_to_constants(void)
{
    static const char name[] = "/";

    begin();
    must(pipe(ends));
    gives(close(must(open(name, O_RDONLY))), 0);
    gives(write(ends[1], (void *)begin, 64), 64);
    gives(read(ends[0], ut_buf, 64), 64);
    check(memcmp(ut_buf, (void *)begin, 64) == 0);
    must(close(ends[0]));
    must(close(ends[1]));
    finish();
}

// In older kernels read() wrote into text.
static void
read_into_text_fails(void)
{
    uchar before[64];

    begin();
    memcpy(before, (void *)begin, 64);
    fails(read(file, (void *)begin, 64), EFAULT);
    check(memcmp(before, (void *)begin, 64) == 0);
    finish();
}

// --- half of the buffer is good ------------------------------------------

// A file grows by what was really written, and says so.
static void
write_half_bad_buffer(void)
{
    char *end = ut_pages(1) + PGSIZE;
    int fd = must(open("f", O_CREATE | O_RDWR));

    ut_fill(end - PGSIZE, PGSIZE, 1, 0);
    gives(write(fd, end - PGSIZE, PGSIZE + 1), PGSIZE);
    gives(write(fd, end - PGSIZE, 0x10000000), PGSIZE);
    fails(write(fd, end, 1), EFAULT);
    check(ut_size("f") == 2 * PGSIZE);
    must(ftruncate(fd, PGSIZE));
    must(close(fd));
    ut_same("f", PGSIZE, 1);
    must(unlink("f"));
}

static void
read_half_bad_buffer(void)
{
    char *end = ut_pages(1) + PGSIZE;
    int fd;

    ut_put("f", 3 * PGSIZE, 1);
    fd = must(open("f", O_RDONLY));
    gives(read(fd, end - 100, PGSIZE), 100);
    ut_verify(end - 100, 100, 1, 0);
    gives(lseek(fd, 0, SEEK_CUR), 100);
    fails(read(fd, end, 1), EFAULT);
    gives(lseek(fd, 0, SEEK_CUR), 100);
    must(close(fd));
    must(unlink("f"));
}

static void
pipe_half_bad_buffer_loses_nothing(void)
{
    char *end = ut_pages(1) + PGSIZE;

    must(pipe(ends));
    ut_fill(ut_buf, 8000, 3, 0);
    ut_write(ends[1], ut_buf, 8000);
    gives(read(ends[0], end - 10, 8000), 10);
    ut_verify(end - 10, 10, 3, 0);
    fails(read(ends[0], end, 8000), EFAULT);
    memset(ut_buf, 0, 8000);
    gives(ut_read(ends[0], ut_buf, 7990), 7990);
    ut_verify(ut_buf, 7990, 3, 10);
    must(close(ends[0]));
    must(close(ends[1]));
}

// --- reading a file into a map of itself ---------------------------------

// In older kernels the inode's or page's lock was taken twice.
static void
read_into_map_of_same_file(void)
{
    char *p;
    int fd;

    ut_put("f", 4 * PGSIZE, 1);
    fd = must(open("f", O_RDWR));
    p = ut_map(4, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    gives(read(fd, p + 2 * PGSIZE, 2 * PGSIZE), 2 * PGSIZE);
    ut_verify(p, 2 * PGSIZE, 1, 0);
    ut_verify(p + 2 * PGSIZE, 2 * PGSIZE, 1, 0);
    must(lseek(fd, 0, SEEK_SET));
    gives(read(fd, p, PGSIZE), PGSIZE); // a page onto itself
    ut_verify(p, PGSIZE, 1, 0);
    must(munmap(p, 4 * PGSIZE));
    p = ut_map(4, PROT_READ, MAP_SHARED, fd, 0);
    must(lseek(fd, 0, SEEK_END));
    gives(write(fd, p, 4 * PGSIZE), 4 * PGSIZE);
    must(lseek(fd, 0, SEEK_SET));
    gives(write(fd, p + PGSIZE, 100), 100);
    must(munmap(p, 4 * PGSIZE));
    must(close(fd));
    check(ut_size("f") == 8 * PGSIZE);
    must(unlink("f"));
}

// --- memory that another changes meanwhile -------------------------------

static volatile int *shared;

#define LONGEST "xxxxxxxxxxxxxx"    // DIRSIZ

// The name there is at times "x", at times "xx".
static void
flip_second_byte(int arg)
{
    volatile char *name = (volatile char *)shared;

    (void)arg;
    for (;;) {
        name[1] = 'x';
        name[1] = 0;
    }
}

// The kernel's copy of a name ends where the kernel saw the end. It looked
// twice, and then its copy went on with the name of an earlier call.
static void
name_changes_while_read(void)
{
    uint start = uptime();
    int pid;

    ut_put(LONGEST, 0, 1);
    shared = ut_map(1, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
                    -1, 0);
    *shared = 'x';
    pid = ut_fork(flip_second_byte, 0);
    while (uptime() - start < HZ) {
        fails(open(LONGEST "/x", O_RDONLY), ENOTDIR);
        fails(open((char *)shared, O_RDONLY), ENOENT);
    }
    must(kill(pid));
    ut_wait(pid);
    must(munmap((void *)shared, PGSIZE));
    must(unlink(LONGEST));
}

static void
count_alone(int ticks)
{
    uint start = uptime();
    int n = 0;

    do {
        check(*shared == n);
        *shared = ++n;
    } while (n % 64 || uptime() - start < (uint)ticks);
}

// A call that has no status to tell leaves the word alone. It wrote back what
// it had found there, over what another had stored meanwhile.
static void
waitpid_leaves_status_alone(void)
{
    int pid, got;

    shared = ut_map(1, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
                    -1, 0);
    pid = ut_fork(count_alone, HZ / 2);
    while ((got = waitpid(pid, (int *)shared, WNOHANG)) == 0)
        ;
    gives(got, pid);
    gives(*shared, 0);
    must(munmap((void *)shared, PGSIZE));
}

const struct utcase ut_pointers[] = {
    CASE(pointers_bad_address, QUICK),
    CASE(pointers_to_read_only_memory, QUICK),
    CASE(pointers_to_no_access, QUICK),
    CASE(pointers_to_the_stack_guard, QUICK),
    CASE(pointers_string_runs_off, QUICK),
    CASE(pointers_result_runs_off, QUICK),
    CASE(read_into_the_guard_fails, QUICK),
    CASE(pointers_length_wraps, QUICK),
    CASE(pointers_unused, QUICK),
    CASE(pointers_to_constants, QUICK),
    CASE(read_into_text_fails, QUICK),
    CASE(write_half_bad_buffer, QUICK),
    CASE(read_half_bad_buffer, QUICK),
    CASE(pipe_half_bad_buffer_loses_nothing, QUICK),
    CASE(read_into_map_of_same_file, QUICK),
    CASE(name_changes_while_read, QUICK),
    CASE(waitpid_leaves_status_alone, QUICK),
    ENDCASES
};
