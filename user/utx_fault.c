// utx_fault.c: does one thing that the kernel must report; run by
// tests/55-reports.t.
//
//   utx_fault CASE      says where and at what the trap must be, traps
//   utx_fault touch N   sbrk()s twice N pages, writes to N of them
//   utx_fault cow N     N pages of heap; a child writes to each
//   utx_fault spin      never ends
//   init                as /init: ends at once the first time, and then
//                       runs /realinit; where there is /hungry, wants more
//                       memory than there is, each time
//
// The instructions that trap have names, so that the expected eip is known
// exactly; the expected address is the program's own business.

#include "user.h"

#define TOOMANY 8192                // pages: more than tests/55-reports.t has

asm(".text\n"
    "load: movl 4(%esp), %eax\n"
    "at_load: movl (%eax), %eax\n"
    "    ret\n"
    "store: movl 4(%esp), %eax\n"
    "at_store: movl %eax, (%eax)\n"
    "    ret\n"
    "divide: xorl %edx, %edx\n"
    "    xorl %ecx, %ecx\n"
    "at_divide: divl %ecx\n"
    "at_illegal: ud2\n"
    "at_halt: hlt\n"
    "breakpoint: int3\n"
    "at_breakpoint: nop\n"          // traps report the next instruction
    "overflow: movb $127, %al\n"
    "    incb %al\n"
    "    into\n"
    "at_overflow: nop\n"
    "bounds: pushl $2\n"
    "    pushl $1\n"
    "    movl $9, %eax\n"
    "at_bounds: .byte 0x62, 4, 0x24\n"     // bound (%esp), %eax: clang
                                            // and gas differ on the order
    "task: pushl $0x4002\n"         // NT: this is a task in another's place
    "    popfl\n"
    "at_task: iret\n"
    "step: pushfl\n"
    "    orl $0x100, (%esp)\n"
    "    popfl\n"
    "    nop\n"                     // runs; then the trap
    "at_step: ret\n");

void load(uint), store(uint), divide(void), breakpoint(void), overflow(void),
     bounds(void), task(void), step(void);
extern char at_load[], at_store[], at_divide[], at_illegal[], at_halt[],
            at_breakpoint[], at_overflow[], at_bounds[], at_task[], at_step[];

static uchar *
pages(int n)
{
    uint now = (uint)sbrk(0);

    sbrk(-now & (PGSIZE - 1));
    return sbrk(n * PGSIZE);
}

static uint
stack_bottom(void)
{
    static struct regioninfo r[16];
    int i, n = regions(getpid(), r, 16);

    for (i = 0; i < n && i < 16; i++)
        if (r[i].kind == R_STACK)
            return r[i].start;
    exit(9);
}

static uint
past_file(void)
{
    int fd = open("/utx_fault.tmp", O_CREATE | O_RDWR);
    uchar *p;

    write(fd, "x", 1);
    p = mmap(0, 2 * PGSIZE, PROT_READ, MAP_SHARED, fd, 0);
    unlink("/utx_fault.tmp");
    return p == MAP_FAILED || p[0] != 'x' ? 0 : (uint)p + PGSIZE;
}

static uint
no_access(void)
{
    return (uint)mmap(0, PGSIZE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
                      0);
}

static uint
above_break(void)
{
    return (uint)sbrk(0);
}

static uint
between_maps(void)
{
    char *low = mmap((void *)0x50000000, PGSIZE, PROT_READ,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);

    return low == MAP_FAILED ? 0 : 0x60000000;
}

static void
expect(const void *eip, uint addr)
{
    printf("expect eip 0x%x addr 0x%x\n", (uint)eip, addr);
}

static void
load_from(uint addr)
{
    expect(at_load, addr);
    load(addr);
}

static void
store_to(uint addr)
{
    expect(at_store, addr);
    store(addr);
}

// A page of a file.
static uint
file_page(const char *path)
{
    void *p = mmap(0, PGSIZE, PROT_READ, MAP_PRIVATE, open(path, O_RDONLY),
                   0);

    return p == MAP_FAILED ? 0 : (uint)p;
}

// More pages than a small machine has, all of them twice.
static void
use_swap(void)
{
    int i, n = 4096;
    uchar *p = pages(n);

    for (i = 0; i < n; i++)
        p[i * PGSIZE] = 1;
    for (i = 0; i < n; i++)
        load((uint)p + i * PGSIZE);
}

static void
go(char *eip)
{
    expect(eip, 0);
    ((void (*)(void))eip)();
}

static void
go_and_trap_at(void (*start)(void), char *eip)
{
    expect(eip, 0);
    start();
}

static int
touch(int n)
{
    uchar *p = pages(2 * n);
    int i;

    printf("pages 0x%x\n", (uint)p);
    for (i = 0; i < n; i++)
        p[i * PGSIZE] = 1;
    return 0;
}

static int
cow(int n)
{
    uchar *p = pages(n);
    int i, st;

    for (i = 0; i < n; i++)
        p[i * PGSIZE] = 1;
    if (fork() == 0) {
        for (i = 0; i < n; i++)
            p[i * PGSIZE]++;
        exit(0);
    }
    wait(&st);
    for (i = 0; i < n; i++)
        if (p[i * PGSIZE] != 1)
            return 1;
    printf("%d pages kept\n", n);
    return exitcode(st);
}

static int
init(void)
{
    char *argv[] = { "init", 0 };

    if (open("/hungry", O_RDONLY) >= 0)
        return touch(TOOMANY);
    if (open("/wasinit", O_RDONLY) < 0) {
        open("/wasinit", O_CREATE | O_RDWR);
        exit(3);
    }
    exec("/realinit", argv);
    return 1;
}

static void
crash(const char *how)
{
    if (strcmp(how, "nullread") == 0)
        load_from(0);
    if (strcmp(how, "nullwrite") == 0)
        store_to(4);
    if (strcmp(how, "textwrite") == 0)
        store_to((uint)at_store);
    if (strcmp(how, "kernelread") == 0)
        load_from(0x80100000);
    if (strcmp(how, "kernelwrite") == 0)
        store_to(0x80100000);
    if (strcmp(how, "stack") == 0)
        store_to(stack_bottom() - 4);
    if (strcmp(how, "stackframe") == 0)
        store_to(stack_bottom() - 20000);
    if (strcmp(how, "stackgap") == 0)
        load_from(stack_bottom() - (1 << 20));
    if (strcmp(how, "break") == 0)
        load_from(above_break());
    if (strcmp(how, "file") == 0)
        load_from(file_page("/README"));
    if (strcmp(how, "swap") == 0)
        use_swap();
    if (strcmp(how, "mapend") == 0)
        load_from(past_file());
    if (strcmp(how, "noaccess") == 0)
        load_from(no_access());
    if (strcmp(how, "noaccesswrite") == 0)
        store_to(no_access());
    if (strcmp(how, "nothing") == 0)
        load_from(between_maps());
    if (strcmp(how, "divide") == 0)
        go_and_trap_at(divide, at_divide);
    if (strcmp(how, "illegal") == 0)
        go(at_illegal);
    if (strcmp(how, "halt") == 0)
        go(at_halt);
    if (strcmp(how, "int3") == 0)
        go_and_trap_at(breakpoint, at_breakpoint);
    if (strcmp(how, "into") == 0)
        go_and_trap_at(overflow, at_overflow);
    if (strcmp(how, "bound") == 0)
        go_and_trap_at(bounds, at_bounds);
    if (strcmp(how, "task") == 0)
        go_and_trap_at(task, at_task);
    if (strcmp(how, "step") == 0)
        go_and_trap_at(step, at_step);
}

int
main(int argc, char **argv)
{
    const char *mode = argc > 1 ? argv[1] : "";

    if (strcmp(progname, "init") == 0)
        return init();
    if (strcmp(mode, "touch") == 0)
        return touch(atoi(argv[2]));
    if (strcmp(mode, "cow") == 0)
        return cow(atoi(argv[2]));
    while (strcmp(mode, "spin") == 0)
        ;
    crash(mode);
    return 99;
}
