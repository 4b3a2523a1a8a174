// ut_lib.c: helpers for the cases of usertests; ut.h has their contracts.

#include "user.h"
#include "ut.h"

#define WHYMAX  200
#define MAXRUNS 2000                // more failures than any call can have

uchar ut_buf[UTBUF];

void *const ut_badptr[NBADPTR] = {
    (void *)0, (void *)0x7ffff000, (void *)0x80000000, (void *)0x80100000,
    (void *)0xfffff000, (void *)0xffffffff,
};

void
ut_fail(const char *fmt, ...)
{
    char why[WHYMAX];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(why, sizeof(why), fmt, ap);
    va_end(ap);
    write(WHYFD, why, strlen(why));
    exit(1);
}

int
ut_must(int got, const char *call, const char *file, int line)
{
    if (got == -1)
        ut_fail("%s:%d: %s: %s", file, line, call, strerror(errno));
    return got;
}

int
ut_hooked(int got, const char *call, const char *file, int line)
{
    if (got == -1 && errno == EPERM)
        ut_fail(NOHOOKS);
    return ut_must(got, call, file, line);
}

void
ut_gives(int got, int want, const char *call, const char *file, int line)
{
    if (got != want)
        ut_fail("%s:%d: %s gave %d, not %d (errno %d)", file, line, call,
                got, want, errno);
}

void
ut_fails(int got, int want, const char *call, const char *file, int line)
{
    if (got != -1)
        ut_fail("%s:%d: %s gave %d, should fail", file, line, call, got);
    if (errno != want)
        ut_fail("%s:%d: %s: %s, not %s", file, line, call, strerror(errno),
                strerror(want));
}

int
ut_fork(void (*fn)(int), int arg)
{
    int pid = fork();

    if (pid < 0)
        ut_fail("fork: %s", strerror(errno));
    if (pid == 0) {
        fn(arg);
        exit(0);
    }
    return pid;
}

int
ut_wait(int pid)
{
    int status;

    gives(waitpid(pid, &status, 0), pid);
    return status;
}

int
ut_run(void (*fn)(int), int arg)
{
    return ut_wait(ut_fork(fn, arg));
}

void
ut_end_with(int status)
{
    exit(status);
}

void
ut_spin(int arg)
{
    (void)arg;
    for (;;)
        ;
}

void
ut_hold(int fds)
{
    int *fd = (int *)fds;
    char c;

    close(fd[1]);
    while (read(fd[0], &c, 1) > 0)
        ;
}

void
ut_run_code(int code)
{
    ((void (*)(void))code)();
}

void
ut_run_utx(int mode)
{
    char *argv[] = { UTX, (char *)mode, "5", 0 };

    exec(UTX, argv);
    exit(100 + errno);
}

int
ut_start_held(int go[2], int ready[2])
{
    char r[8], w[8], *argv[] = { "utx", "hold", r, w, 0 }, c;
    int pid;

    if ((pid = must(fork())) == 0) {
        close(go[1]);
        snprintf(r, sizeof(r), "%d", go[0]);
        snprintf(w, sizeof(w), "%d", ready[1]);
        exec(UTX, argv);
        exit(1);
    }
    gives(read(ready[0], &c, 1), 1);
    return pid;
}

void
ut_join(int n)
{
    int status, bad = 0;

    while (n-- > 0) {
        must(wait(&status));
        bad |= status;
    }
    if (bad)
        ut_fail("a child ended with status 0x%x", bad);
}

uchar
ut_byte(uint seed, uint off)
{
    uint x = (seed + 1) * 2654435761u ^ off * 40503u;

    return x >> 7 ^ x >> 19;
}

void
ut_fill(void *buf, uint n, uint seed, uint off)
{
    uchar *p = buf;
    uint i;

    for (i = 0; i < n; i++)
        p[i] = ut_byte(seed, off + i);
}

void
ut_verify(const void *buf, uint n, uint seed, uint off)
{
    const uchar *p = buf;
    uint i;

    for (i = 0; i < n; i++)
        if (p[i] != ut_byte(seed, off + i))
            ut_fail("byte %u of pattern %u is %x", off + i, seed, p[i]);
}

void
ut_write(int fd, const void *buf, uint n)
{
    int put = write(fd, buf, n);

    if (put != (int)n)
        ut_fail("write of %u bytes gave %d (errno %d)", n, put, errno);
}

uint
ut_read(int fd, void *buf, uint n)
{
    uint done = 0;
    int got;

    while (done < n && (got = must(read(fd, (char *)buf + done, n - done))))
        done += got;
    return done;
}

void
ut_put(const char *path, uint n, uint seed)
{
    uchar buf[4096];
    uint off, run;
    int fd = open(path, O_CREATE | O_TRUNC | O_WRONLY);

    if (fd < 0)
        ut_fail("creating %s: %s", path, strerror(errno));
    for (off = 0; off < n; off += run) {
        run = n - off < sizeof(buf) ? n - off : sizeof(buf);
        ut_fill(buf, run, seed, off);
        ut_write(fd, buf, run);
    }
    must(close(fd));
}

void
ut_same(const char *path, uint n, uint seed)
{
    uchar buf[4096];
    uint off = 0;
    int fd = open(path, O_RDONLY), got;

    if (fd < 0)
        ut_fail("opening %s: %s", path, strerror(errno));
    while ((got = must(read(fd, buf, sizeof(buf)))) > 0) {
        ut_verify(buf, got, seed, off);
        off += got;
    }
    if (off != n)
        ut_fail("%s has %u bytes, not %u", path, off, n);
    must(close(fd));
}

int
ut_exists(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0;
}

uint
ut_size(const char *path)
{
    struct stat st;

    must(stat(path, &st));
    return st.size;
}

uint
ut_nlink(const char *path)
{
    struct stat st;

    must(stat(path, &st));
    return st.nlink;
}

uint
ut_ino(const char *path)
{
    struct stat st;

    must(stat(path, &st));
    return st.ino;
}

static int
dots(const char *name)
{
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

// The directory's next entry in use that is not . or ..; 0 at the end.
static int
next_entry(int fd, char name[DIRSIZ + 1])
{
    struct dirrecord de;

    while (read(fd, &de, sizeof(de)) == (int)sizeof(de)) {
        if (de.inum == 0)
            continue;
        memcpy(name, de.name, DIRSIZ);
        name[DIRSIZ] = 0;
        if (!dots(name))
            return 1;
    }
    return 0;
}

int
ut_count(const char *dir)
{
    char name[DIRSIZ + 1];
    int fd = open(dir, O_RDONLY), n = 0;

    if (fd < 0)
        return -1;
    while (next_entry(fd, name))
        n++;
    close(fd);
    return n;
}

// Entries removed while reading leave their places free, so one pass sees
// all others.
static void
remove_inside(const char *dir)
{
    char name[DIRSIZ + 1], path[256];
    int fd = open(dir, O_RDONLY);

    if (fd < 0)
        return;
    while (next_entry(fd, name)) {
        snprintf(path, sizeof(path), "%s/%s", dir, name);
        ut_remove(path);
    }
    close(fd);
}

void
ut_remove(const char *path)
{
    struct stat st;

    if (unlink(path) == 0 || stat(path, &st) < 0 || st.type != T_DIR)
        return;
    remove_inside(path);
    unlink(path);
}

int
ut_call_on_stack(uint esp, int call)
{
    int r;

    asm volatile("movl %%esp, %%ebx; movl %1, %%esp; int $65;"
                 "movl %%ebx, %%esp"
                 : "=a"(r) : "r"(esp), "0"(call) : "ebx", "memory");
    return r;
}

static struct {
    int what, n;                    // the n-th is to fail
    int left;                       // still to come when it was over
} mark;

void
ut_arm(void)
{
    ut_hook(failmark(mark.what, mark.n));
}

// failmark tells how many were still to come: none if it fired.
void
ut_disarm(void)
{
    mark.left = failmark(mark.what, 0);
}

static void
recounted(void)
{
    struct kcheckinfo k = { .size = sizeof k };

    ut_hook(kcheck(&k));
    if (k.broken)
        ut_fail("%u invariants broken after failure %d", k.broken, mark.n);
}

int
ut_each_failure(int what, int (*fn)(int), int arg)
{
    int r;

    mark.what = what;
    for (mark.n = 1; mark.n <= MAXRUNS; mark.n++) {
        mark.left = 0;
        r = fn(arg);
        recounted();
        if (r < 0 && (mark.left > 0 || what == FAIL_WRITE || what == FAIL_SLOT))
            ut_fail("run %d failed with nothing to fail it: errno %d",
                    mark.n, errno);
        if (mark.left > 0)
            return mark.n;
    }
    ut_fail("still failing after %d runs", MAXRUNS);
}

static void
far_return(int arg)
{
    (void)arg;
    asm volatile("pushfl; pushl %%cs; pushl $1f; iret; 1:" ::: "memory");
}

int
ut_far_returns_work(void)
{
    int ticks, status = -1, pid = ut_fork(far_return, 0);

    for (ticks = 0; ticks < HZ && status == -1; ticks++) {
        sleep(1);
        waitpid(pid, &status, WNOHANG);
    }
    if (status == 0)
        return 1;
    printf("# far returns do not work on this CPU: left out\n");
    kill(pid);
    wait(0);
    return 0;
}
