// oldabi.c: a program that knows xv6's interface and nothing of Teak: its own
// system-call stubs (int $64), xv6's struct stat, main() as the entry, linked
// at 0. It checks what calls 1-21 give it, that a failure is -1 and never an
// error number, and that every register but %eax is as before. It prints
// "oldabi: ok", or each check that failed.

#define CALL(name, number)                                              \
    asm(".text; .globl " #name "; " #name ": movl $" #number ", %eax;"  \
        "int $64; ret")

CALL(fork, 1);    CALL(exit, 2);    CALL(wait, 3);    CALL(pipe, 4);
CALL(read, 5);    CALL(kill, 6);    CALL(exec, 7);    CALL(fstat, 8);
CALL(chdir, 9);   CALL(dup, 10);    CALL(getpid, 11); CALL(sbrk, 12);
CALL(sleep, 13);  CALL(uptime, 14); CALL(open, 15);   CALL(write, 16);
CALL(mknod, 17);  CALL(unlink, 18); CALL(link, 19);   CALL(mkdir, 20);
CALL(close, 21);

struct stat {
    short type;
    int dev;
    unsigned ino;
    short nlink;
    unsigned size;
};

int fork(void), wait(void), pipe(int *), read(int, void *, int), kill(int);
int exec(char *, char **), fstat(int, struct stat *), chdir(char *), dup(int);
int getpid(void), sleep(int), uptime(void), open(char *, int), close(int);
int write(int, const void *, int), mknod(char *, int, int), unlink(char *);
int link(char *, char *), mkdir(char *);
char *sbrk(int);
void exit(void) __attribute__((noreturn));

enum { RDONLY = 0, WRONLY = 1, RDWR = 2, CREATE = 0x200 };
enum { DIR = 1, FILE = 2, DEV = 3 };

static int failed;

static void
say(const char *s)
{
    int n = 0;

    while (s[n])
        n++;
    write(1, s, n);
}

static void
check(int holds, const char *claim)
{
    if (holds)
        return;
    failed = 1;
    say("oldabi: not so: ");
    say(claim);
    say("\n");
}

#define CHECK(c) check(c, #c)

// Every register that a call must keep holds a number of its own; returns
// how many came back changed.
static int
changed_registers(void)
{
    int changed;

    asm volatile(
        "pushl %%ebp\n"
        "movl $11, %%eax; movl $0x1111, %%ebx; movl $0x2222, %%ecx\n"
        "movl $0x3333, %%edx; movl $0x4444, %%esi; movl $0x5555, %%edi\n"
        "movl $0x6666, %%ebp\n"
        "int $64\n"
        "xorl %%eax, %%eax\n"
        "cmpl $0x1111, %%ebx; je 1f; incl %%eax; 1:\n"
        "cmpl $0x2222, %%ecx; je 1f; incl %%eax; 1:\n"
        "cmpl $0x3333, %%edx; je 1f; incl %%eax; 1:\n"
        "cmpl $0x4444, %%esi; je 1f; incl %%eax; 1:\n"
        "cmpl $0x5555, %%edi; je 1f; incl %%eax; 1:\n"
        "cmpl $0x6666, %%ebp; je 1f; incl %%eax; 1:\n"
        "popl %%ebp\n"
        : "=a"(changed) :: "ebx", "ecx", "edx", "esi", "edi", "memory", "cc");
    return changed;
}

static void
files(void)
{
    struct stat st;
    char buf[16];
    int fd, other;

    CHECK(open("oa.none", RDONLY) == -1);
    CHECK((fd = open("oa.file", CREATE | RDWR)) > 2);
    CHECK(write(fd, "0123456789", 10) == 10);
    CHECK((other = dup(fd)) == fd + 1);
    CHECK(fstat(other, &st) == 0 && st.type == FILE && st.size == 10);
    CHECK(st.nlink == 1 && st.ino > 1 && st.dev > 0);
    CHECK(close(other) == 0 && close(other) == -1);
    CHECK(close(fd) == 0);
    CHECK(write(fd, "x", 1) == -1 && read(fd, buf, 1) == -1);
    CHECK(link("oa.file", "oa.link") == 0);
    CHECK(link("oa.file", "oa.link") == -1);
    CHECK((fd = open("oa.link", RDONLY)) > 2);
    CHECK(fstat(fd, &st) == 0 && st.nlink == 2);
    CHECK(read(fd, buf, sizeof buf) == 10 && buf[9] == '9');
    CHECK(read(fd, buf, sizeof buf) == 0);
    CHECK(write(fd, "x", 1) == -1);
    CHECK(read(fd, (void *)0x7ffff000, 10) <= 0);
    close(fd);
    CHECK(unlink("oa.file") == 0 && unlink("oa.link") == 0);
    CHECK(unlink("oa.link") == -1);
}

static void
directories(void)
{
    struct stat st;
    int fd;

    CHECK(mkdir("oa.dir") == 0 && mkdir("oa.dir") == -1);
    CHECK(chdir("oa.dir") == 0 && chdir("oa.none") == -1);
    CHECK((fd = open(".", RDONLY)) > 2 && fstat(fd, &st) == 0);
    CHECK(st.type == DIR && st.size == 32);
    CHECK(open(".", RDWR) == -1);
    close(fd);
    CHECK(chdir("..") == 0 && unlink("oa.dir") == 0);
    CHECK(mknod("oa.null", 2, 0) == 0 && (fd = open("oa.null", RDWR)) > 2);
    CHECK(fstat(fd, &st) == 0 && st.type == DEV);
    close(fd);
    CHECK(unlink("oa.null") == 0);
}

static void
processes(void)
{
    char *args[] = { "echo", "oldabi:", "from", "exec", 0 };
    char *none[] = { "nothing", 0 };
    char c = 0;
    int fd[2], pid;

    CHECK(wait() == -1);
    CHECK(kill(1 << 20) == -1);
    CHECK(exec("nothing", none) == -1);
    CHECK(pipe(fd) == 0 && pipe((int *)0x7ffff000) == -1);
    if ((pid = fork()) == 0) {
        write(fd[1], "c", 1);
        exec("echo", args);
        exit();
    }
    CHECK(pid > 0);
    close(fd[1]);
    CHECK(read(fd[0], &c, 1) == 1 && c == 'c' && read(fd[0], &c, 1) == 0);
    close(fd[0]);
    CHECK(wait() == pid);
    if ((pid = fork()) == 0)
        for (;;)
            sleep(1000);
    CHECK(kill(pid) == 0 && wait() == pid && wait() == -1);
}

static void
memory(void)
{
    char *top = sbrk(0);
    int before = uptime();

    CHECK(sbrk(10000) == top && sbrk(0) == top + 10000);
    top[0] = top[9999] = 1;
    CHECK(sbrk(-10000) == top + 10000 && sbrk(0) == top);
    CHECK(sbrk(0x7fffffff) == (char *)-1);
    CHECK(sleep(2) == 0 && uptime() >= before + 2);
    CHECK(sleep(-1) <= 0);
}

static volatile int zero[1000];

int
main(int argc, char **argv)
{
    int pid = getpid();

    CHECK(argc == 3 && argv[3] == 0 && argv[2][0] == 'b');
    CHECK(zero[0] == 0 && zero[999] == 0);
    CHECK((unsigned)main < 0x1000);
    CHECK(pid > 1);
    CHECK(changed_registers() == 0);
    files();
    directories();
    processes();
    memory();
    if (!failed)
        say("oldabi: ok\n");
    exit();
}
