// utx.c: the small program that cases of usertests run by exec.
//
//   utx exit N          ends with status N
//   utx args N BYTES .. argc is N, the arguments have BYTES bytes with NULs
//   utx env N BYTES     the environment has N strings, BYTES bytes with NULs
//   utx script... LIST  LIST is all arguments before it, with | between them
//   utx fpu             the FPU is as a new program must find it
//   utx bss             its bss costs one ZERO fault a page, when touched
//   utx data            its data is as the file has it, changes it, forks
//   utx hold R W        says so on descriptor W, waits for the end of R
//   utx busy            it cannot be written or run over while it runs
//   utx fds N           descriptor N is open, N + 1 is not
//   utx writers         a kill ends a write to a console that others keep busy
//
// Status 0 if all is so.

#include "user.h"

#define PAGES 64

// Pages of the text segment that no mode needs.
static const uchar unread[8 * PGSIZE] __attribute__((used)) = { 1 };

static volatile uchar bss[PAGES * PGSIZE];
static volatile uint data[3 * PGSIZE / sizeof(uint)] = { 1 };

static int
args(int argc, char **argv)
{
    uint bytes = 0;
    int i;

    for (i = 0; i < argc; i++)
        bytes += strlen(argv[i]) + 1;
    return argc == atoi(argv[2]) && bytes == (uint)atoi(argv[3]) &&
        argv[argc] == 0 ? 0 : 1;
}

static int
env(int n, uint bytes)
{
    int i;

    for (i = 0; environ[i]; i++)
        bytes -= strlen(environ[i]) + 1;
    return i == n && bytes == 0 ? 0 : 1;
}

static int
script(int argc, char **argv)
{
    const char *list = argv[argc - 1];
    uint n;
    int i;

    for (i = 0; i < argc - 1; i++, list += n + 1) {
        n = strlen(argv[i]);
        if (memcmp(list, argv[i], n) != 0 ||
            list[n] != (i < argc - 2 ? '|' : 0))
            return 1;
    }
    return 0;
}

static int
has_sse(void)
{
    uint a = 1, b, c, d;

    asm volatile("cpuid" : "+a"(a), "=b"(b), "=c"(c), "=d"(d));
    return d >> 25 & 1;
}

static int
fpu(void)
{
    uint xmm[4] = { 1, 1, 1, 1 }, mxcsr = 0x1f80;
    ushort control, status;

    asm volatile("fnstcw %0; fnstsw %1" : "=m"(control), "=m"(status));
    if (has_sse())
        asm volatile("movups %%xmm5, %0; stmxcsr %1"
                     : "=m"(xmm), "=m"(mxcsr));
    else
        memset(xmm, 0, sizeof(xmm));
    return control == 0x37f && status == 0 && mxcsr == 0x1f80 &&
        (xmm[0] | xmm[1] | xmm[2] | xmm[3]) == 0 ? 0 : 1;
}

// ZERO faults so far of this process.
static uint
zeros(void)
{
    static struct procinfo p[16];
    int i, n = procs(p, 16);

    for (i = 0; i < n && i < 16; i++)
        if (p[i].pid == getpid())
            return p[i].faults[ZERO];
    exit(9);
}

static int
check_bss(void)
{
    uint i, before;

    zeros();
    before = zeros();
    for (i = 0; i < sizeof(bss); i++)
        if (bss[i])
            return 1;
    // Our own pages; the first and last may be shared with other variables.
    return zeros() - before <= PAGES && zeros() - before >= PAGES - 2 ? 0 : 2;
}

static int
check_data(void)
{
    uint i, n = sizeof(data) / sizeof(data[0]);
    int st;

    for (i = 0; i < n; i++)
        if (data[i] != (i == 0))
            return 1;
    for (i = 0; i < n; i++)
        data[i] = i;
    if (fork() == 0) {
        for (i = 0; i < n; i++)
            if (data[i]++ != i)
                exit(1);
        exit(0);
    }
    wait(&st);
    for (i = 0; i < n; i++)
        if (data[i] != i)
            return 2;
    return exitcode(st);
}

static int
hold(int r, int w)
{
    char c;

    write(w, "h", 1);
    close(w);
    return read(r, &c, 1) == 0 ? 0 : 1;
}

static int
busy(char *self)
{
    int fd = open(self, O_RDWR);

    if (fd < 0)
        return 1;
    if (write(fd, "x", 1) != -1 || errno != ETXTBSY)
        return 2;
    if (ftruncate(fd, 0) != -1 || errno != ETXTBSY)
        return 3;
    if (mmap(0, PGSIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) !=
        MAP_FAILED || errno != ETXTBSY)
        return 4;
    close(fd);
    if (open(self, O_RDWR | O_TRUNC) != -1 || errno != ETXTBSY)
        return 5;
    return unlink(self) == 0 ? 0 : 6;
}

static int
fds(int n)
{
    struct stat st;

    return fstat(n, &st) == 0 && fstat(n + 1, &st) < 0 ? 0 : 1;
}

static int
writer(void)
{
    static char buf[2 * PGSIZE];
    int pid = fork();

    if (pid != 0)
        return pid;
    memset(buf, '\r', sizeof buf);
    for (;;)
        write(1, buf, sizeof buf);
}

static int
writers(void)
{
    int pid[2] = { writer(), writer() }, third, round, began, late = 0;

    for (round = 0; round < 10; round++) {
        third = writer();
        sleep(HZ / 10);
        began = uptime();
        kill(third);
        waitpid(third, 0, 0);
        late += uptime() - began > HZ / 4;
    }
    kill(pid[0]);
    kill(pid[1]);
    while (wait(0) >= 0)
        ;
    return late;
}

int
main(int argc, char **argv)
{
    const char *mode = argc > 1 ? argv[1] : "";

    if (strcmp(mode, "exit") == 0)
        return atoi(argv[2]);
    if (strcmp(mode, "args") == 0)
        return args(argc, argv);
    if (strcmp(mode, "env") == 0)
        return env(atoi(argv[2]), atoi(argv[3]));
    if (strncmp(mode, "script", 6) == 0)
        return script(argc, argv);
    if (strcmp(mode, "fpu") == 0)
        return fpu();
    if (strcmp(mode, "bss") == 0)
        return check_bss();
    if (strcmp(mode, "data") == 0)
        return check_data();
    if (strcmp(mode, "hold") == 0)
        return hold(atoi(argv[2]), atoi(argv[3]));
    if (strcmp(mode, "busy") == 0)
        return busy(argv[0]);
    if (strcmp(mode, "fds") == 0)
        return fds(atoi(argv[2]));
    if (strcmp(mode, "writers") == 0)
        return writers();
    if (strcmp(mode, "sum") == 0)
        return (atoi(argv[2]) + atoi(argv[3])) & 63;
    return 99;
}
