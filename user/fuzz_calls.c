// fuzz_calls.c: system calls with all kinds of arguments.
//
// A letter for each argument says from which values it is drawn; now and then
// it is drawn from all of them. The argument words lie where programs have
// them, or across the edge of a page, or nowhere. Through each gate every
// register but %eax comes back as it was, and no result is an error number
// that the kernel does not have, or that only a failing disk could cause.
//
// Calls that would end the experiment are tamed: shutdown and failmark get a
// wrong argument, the witness and its elders are not killed, the console's
// group and mode stay, the fault trace and the events are not switched, names
// lead nowhere out of the worker's directory.

#include "user.h"
#include "fuzz.h"

#define NPLACES 12                  // for arguments; the first three are bad
#define ARENA   0x50000000
#define PAGES   24                  // of the arena
#define KERNBASE 0x80000000
#define MAXFORKS 3
#define FDS     12                  // descriptors that are played with
#define LOGFD   120                 // -v prints here
#define ARGPAGE (ARENA + 16 * PGSIZE)   // two pages for argument words
#define UNUSED  (600 << 10)         // so far below: stack that nobody uses
#define EDGE    (ARENA + PGSIZE)    // a page, then none

// f descriptor, p buffer, s name, e program, v argument list, n size, i small
// number, a page address, l length, m right, g mmap's flags, o open's flags,
// P process, x anything.
static const char *const kinds[NSYSCALL] = {
    [SYS_fork] = "", [SYS_exit] = "", [SYS_wait] = "p", [SYS_pipe] = "p",
    [SYS_read] = "fpn", [SYS_kill] = "P", [SYS_exec] = "ev",
    [SYS_fstat] = "fp", [SYS_chdir] = "s", [SYS_dup] = "f",
    [SYS_getpid] = "", [SYS_sbrk] = "n", [SYS_sleep] = "i",
    [SYS_uptime] = "", [SYS_open] = "so", [SYS_write] = "fpn",
    [SYS_mknod] = "sii", [SYS_unlink] = "s", [SYS_link] = "ss",
    [SYS_mkdir] = "s", [SYS_close] = "f",
    [SYS_getpagetableentry] = "Pa", [SYS_isphysicalpagefree] = "n",
    [SYS_dumppagetable] = "x", [SYS_mmap] = "almgfn", [SYS_munmap] = "al",
    [SYS_mprotect] = "alm", [SYS_msync] = "ali", [SYS__exit] = "i",
    [SYS_waitpid] = "Ppi", [SYS_lseek] = "fni", [SYS_ftruncate] = "fn",
    [SYS_rename] = "ss", [SYS_fsync] = "f", [SYS_sync] = "",
    [SYS_dup2] = "ff", [SYS_regions] = "Ppn", [SYS_procs] = "pn",
    [SYS_sysinfo] = "p", [SYS_shutdown] = "ii", [SYS_vmctl] = "ii",
    [SYS_gettime] = "p", [SYS_setpgrp] = "PP", [SYS_consctl] = "ii",
    [SYS_getcwd] = "pn", [SYS_kcheck] = "p", [SYS_failmark] = "ii",
    [SYS_bootarg] = "spn", [SYS_execve] = "evv", [SYS_fstatx] = "fp",
    [SYS_setmtime] = "fn", [SYS_suspend] = "Pi",
};

static const char *const names[] = {
    "a", "b", "c", "d", "e", "a", "b", "d/a", "d/b", "d/e", "d/e/a", "d/..",
    "./a", "d/../b", ".", "", "d/", "a/", "d//a", "nobody", "fourteenlettr",
    "morethanfourteenletters", "d/e/d/e", "e/.", "zero", "null", "missing/a",
};
#define NNAMES (sizeof names / sizeof names[0])

static const char *const programs[] = {
    "/echo", "/utx", "/cat", "a", "d", "/README", "/missing", WORKDIR, "zero",
    "b", "./c", "/", "s", "s", "t",
};
#define NPROGRAMS (sizeof programs / sizeof programs[0])

static const uint numbers[] = {
    0, 1, 2, 3, 4, 5, 7, 8, 15, 16, 20, 63, 64, 100, 127, 128, 129, 255, 256,
    500, 1000, 4092, 4095, 4096, 4097, 8192, 10000, 16384, 16385, 65535,
    65536, 100000, 1 << 20, 0x7fffffff, 0x80000000, 0x80000001, 0xfffff000,
    0xffffffff, 0xfffffffe, 0xffff0000, 0xfffe0000,
};
#define NNUMBERS (sizeof numbers / sizeof numbers[0])

static const uint odd[] = {         // addresses
    0, 1, 4, 0xfff, 0x1000, ARENA - 1, EDGE, EDGE - 1, EDGE - 2, EDGE - 4,
    EDGE - 5, EDGE - 8, EDGE - 20, EDGE - 1000, KERNBASE, KERNBASE - 1,
    KERNBASE - 4, KERNBASE - PGSIZE, 0x80100000, 0xfee00000, 0xfffffff0,
    0xfffffffc, 0xffffffff, 0xfffff000, 0x7fffe000,
};
#define NODD (sizeof odd / sizeof odd[0])

// Registers before and after a call.
struct regs {
    uint eax, ebx, ecx, edx, esi, edi, ebp, esp;    // as GATE has them
} fuzz_in, fuzz_out;
uint fuzz_sp;

static uint depth, forks;

void fuzz_gate64(void);
void fuzz_gate65(void);

#define GATE(n)                                                 \
    asm("fuzz_gate" #n ":\n"                                    \
        "pushal; movl %esp, fuzz_sp\n"                          \
        "movl $fuzz_in, %eax\n"                                 \
        "movl 4(%eax), %ebx; movl 8(%eax), %ecx\n"              \
        "movl 12(%eax), %edx; movl 16(%eax), %esi\n"            \
        "movl 20(%eax), %edi; movl 24(%eax), %ebp\n"            \
        "movl 28(%eax), %esp; movl (%eax), %eax\n"              \
        "int $" #n "\n"                                         \
        "movl %eax, fuzz_out; movl $fuzz_out, %eax\n"           \
        "movl %ebx, 4(%eax); movl %ecx, 8(%eax)\n"              \
        "movl %edx, 12(%eax); movl %esi, 16(%eax)\n"            \
        "movl %edi, 20(%eax); movl %ebp, 24(%eax)\n"            \
        "movl %esp, 28(%eax)\n"                                 \
        "movl fuzz_sp, %esp; popal; ret\n")
asm(".text");
GATE(64);
GATE(65);

// ---- values ----

static uint
number_of_any(void)
{
    return chance(8) ? rnd(0) * 2654435761u : numbers[rnd(NNUMBERS)];
}

// Not the log, and not the stack in use or what lies so near that a call could
// reach it: a worker that jumps where it likes could do what must not be done.
static uint
address(void)
{
    uint a;

    switch (rnd(8)) {
    case 0: case 1:
        return odd[rnd(NODD)];
    case 2:
        return (uint)fuzz_gate64;   // text
    case 3:
        return (uint)&a - UNUSED - rnd(PGSIZE);
    case 4:
        return (uint)sbrk(0) - rnd(64);
    case 5:
        return ARENA + rnd(PAGES) * PGSIZE;
    default:
        return ARENA + rnd(PAGES) * PGSIZE + (PGSIZE - 16 + rnd(32));
    }
}

static uint
name(void)
{
    const char *s = names[rnd(NNAMES)];
    uint n = strlen(s) + 1;

    if (chance(30))
        return address();
    if (chance(8)) {                // up to the very edge
        n -= chance(4);
        memcpy((char *)EDGE - n, s, n);
        return EDGE - n;
    }
    return (uint)s;
}

static uint
arguments(void)
{
    static char *some[] = { "echo", "one", "two", 0 };
    static char *mode[] = { "utx", "exit", "3", 0 };
    static char *wild[] = { "x", (char *)KERNBASE, 0 };
    static char *many[2000];
    uint i;

    switch (rnd(8)) {
    case 0:
        return address();
    case 1:
        return (uint)wild;
    case 2:
        for (i = 0; i < 1999; i++)
            many[i] = chance(2) ? "" : (char *)names;
        return (uint)many;
    case 3: case 4:
        return (uint)mode;
    default:
        return (uint)some;
    }
}

static uint
process(void)
{
    return chance(3) ? (uint)getpid() : chance(3) ? number_of_any()
        : (uint)lowpid + rnd(40);
}

static uint
draw(char kind)
{
    if (chance(24))
        kind = "fpnilx"[rnd(6)];
    switch (kind) {
    case 'f': return chance(20) ? number_of_any() : rnd(FDS);
    case 'p': return address();
    case 's': return name();
    case 'e': return chance(20) ? name() : (uint)programs[rnd(NPROGRAMS)];
    case 'v': return arguments();
    case 'n': return number_of_any();
    case 'i': return chance(6) ? number_of_any() : rnd(9);
    case 'a': return chance(3) ? address()
                   : ARENA + rnd(PAGES) * PGSIZE;
    case 'l': return chance(4) ? number_of_any() : rnd(4) * PGSIZE;
    case 'm': return chance(10) ? number_of_any() : rnd(8);
    case 'g': return chance(10) ? number_of_any() : 1 + rnd(2) + 16 * rnd(4);
    case 'o': return chance(6) ? number_of_any()
                   : rnd(3) | rnd(2) * O_CREATE | chance(4) * O_TRUNC |
                     chance(4) * O_APPEND | chance(8) * O_EXCL;
    case 'P': return process();
    }
    return chance(2) ? number_of_any() : address();
}

// ---- taming ----

static int
overlap(uint a, uint n, uint start, uint npages)
{
    return a < start + npages * PGSIZE && (a >= start || start - a < n);
}

// Would it take away what the worker itself needs? Now and then it may.
static int
harmful(uint a, uint n)
{
    if (overlap(a, n, LOGBASE, MAXWORK) ||
        overlap(a, n, PGSIZE, ARENA / PGSIZE - 1))
        return 1;
    return !chance(20) && (overlap(a, n, ARENA, 2) ||
                           overlap(a, n, ARGPAGE, 2));
}

static uint
tame_process(uint pid)
{
    return pid > 0 && pid <= (uint)lowpid ? (uint)getpid() : pid;
}

// The call's number, or another's if this must not be.
static uint
tame(uint call, uint *a)
{
    switch (call) {
    case SYS_fork:
        return depth < 2 && forks < MAXFORKS ? call : SYS_getpid;
    case SYS_exit:
        return chance(20) ? call : SYS_getpid;
    case SYS__exit:
        a[0] = a[0] % 256 == FOUND ? 0 : a[0];
        return chance(20) ? call : SYS_getpid;
    case SYS_exec: case SYS_execve:
        return chance(8) ? call : SYS_wait;
    case SYS_kill:
        a[0] = tame_process(a[0]);
        return a[0] != (uint)getpid() || chance(20) ? call : SYS_getpid;
    case SYS_sleep:
        a[0] = chance(100) ? a[0] : a[0] & 0x80000001;
        return call;
    case SYS_mknod:
        a[1] = a[1] == 1 ? 7 : a[1];            // the console
        return call;
    case SYS_dumppagetable:
        a[0] = -1;
        return call;
    case SYS_shutdown:
        a[0] |= 2;
        return call;
    case SYS_vmctl:
        a[0] = a[0] == VM_TRACE || a[0] == VM_EVENTS ? NVMKNOB : a[0];
        return call;
    case SYS_setpgrp:
        a[0] = tame_process(a[0]);
        return call;
    case SYS_consctl:
        a[0] = a[0] == CONS_SETFG || a[0] == CONS_MODE ? CONS_GETFG : a[0];
        a[1] = a[0] == CONS_WAIT ? a[1] & 0x80000003 : a[1];
        return call;
    case SYS_suspend:                           // who would continue it?
        a[1] = a[1] == 1 ? 2 : a[1];
        return call;
    case SYS_failmark:
        a[0] |= 64;
        return call;
    case SYS_sync: case SYS_fsync: case SYS_kcheck:
        return chance(10) ? call : SYS_uptime;
    case SYS_munmap:                            // text, too, now and then
        return harmful(a[0], a[1]) && !(chance(20) && a[0] < ARENA &&
            a[1] < ARENA) ? SYS_uptime : call;
    case SYS_mprotect:
        return harmful(a[0], a[1]) ? SYS_uptime : call;
    case SYS_mmap:
        return (a[3] & MAP_FIXED) && harmful(a[0], a[1]) ? SYS_uptime : call;
    case SYS_sbrk:                              // no wild growth
        a[0] = (int)a[0] > (4 << 20) ? 2 * PGSIZE : a[0];
        return call;
    }
    return call;
}

// ---- calling ----

// Where the argument words are: a return address below them. Words that a
// call before this one left there would not be tame, nor those of a page that
// has been mapped at EDGE since: to shut down is no such call's to try.
static uint
lay_out(uint call, const uint *a, uint *top)
{
    uint at = (uint)top, n = 6 * sizeof *a;

    switch (call == SYS_shutdown ? NPLACES : rnd(NPLACES)) {
    case 0:                         // over the edge of a page
        at = ARGPAGE + PGSIZE - 4 * (1 + rnd(7));
        break;
    case 1:                         // the end, or all of it, is missing
        at = EDGE - 4 * (1 + rnd(7));
        n = EDGE - (at + 4);
        break;
    case 2:                         // the kernel's, or round the end
        if (chance(4))
            return chance(2) ? KERNBASE - rnd(8) : -8u - rnd(32);
        at = ARGPAGE + 2 + rnd(64);
    }
    memcpy((void *)(at + 4), a, n < 6 * sizeof *a ? n : 6 * sizeof *a);
    return at;
}

static void
note(uint call, uint gate, const uint *a)
{
    struct fcall *c = &flog->calls[flog->n % LOGCALLS];

    c->call = call;
    c->gate = gate;
    memcpy(c->arg, a, sizeof c->arg);
    c->result = 0xeeeeeeee;
    flog->n++;
    if (verbose)
        dprintf(LOGFD, "%d: call %d gate %d (%x, %x, %x, %x, %x, %x)\n",
                getpid(), (int)call, gate, a[0], a[1], a[2], a[3], a[4],
                a[5]);
}

// Is it a result that a call on a sound disk may have?
static int
sane(uint call, uint gate, uint result)
{
    int e = -(int)result;

    if (call == SYS_getpagetableentry || e <= 0 || e > 4095)
        return 1;
    if (gate == 64)
        return e == 1;
    return e <= ELOOP && e != EIO && e != EROFS && e != EXDEV &&
        (e != ENOSYS || call >= NSYSCALL || call == 0);
}

static void
check_result(uint call, uint gate)
{
    if (memcmp(&fuzz_out.ebx, &fuzz_in.ebx, sizeof fuzz_in - 4) != 0)
        found("call %d, gate %d: a register changed", (int)call, gate);
    if (!sane(call, gate, fuzz_out.eax))
        found("call %d, gate %d gave %d", (int)call, gate, (int)fuzz_out.eax);
}

static void
make_call(uint call, uint gate, const uint *a)
{
    static uint block[16];
    uint at = lay_out(call, a, block + 2);

    note(call, gate, a);
    fuzz_in = (struct regs){ call, rnd(0) * 3, rnd(0) * 5, rnd(0) * 7,
                             rnd(0) * 9, rnd(0) * 11, rnd(0) * 13, at };
    if (gate == 64)
        fuzz_gate64();
    else
        fuzz_gate65();
    flog->calls[(flog->n - 1) % LOGCALLS].result = fuzz_out.eax;
    check_result(call, gate);
}

static void
one_call(void)
{
    uint call = chance(60) ? number_of_any() : 1 + rnd(NSYSCALL - 1);
    uint gate = chance(3) ? 64 : 65, a[6], i, n;
    const char *k = call < NSYSCALL && kinds[call] ? kinds[call] : "xxxxxx";

    for (i = 0, n = strlen(k); i < 6; i++)
        a[i] = i < n ? draw(k[i]) : rnd(0);
    call = tame(call, a);
    make_call(call, gate, a);
    if (call != SYS_fork || (int)fuzz_out.eax < 0)
        return;
    forks++;
    if (fuzz_out.eax == 0) {             // our child goes its own way
        depth++;
        stir(getpid());
    }
}

// ---- the scene ----

static void
map_at(uint page, uint n, int prot, int flags, int fd)
{
    if (mmap((void *)(ARENA + page * PGSIZE), n * PGSIZE, prot,
             flags | MAP_FIXED, fd, 0) == MAP_FAILED)
        found("mmap: %s", strerror(errno));
}

static void
make_arena(int fd)
{
    const int rw = PROT_READ | PROT_WRITE, anon = MAP_PRIVATE | MAP_ANONYMOUS;

    map_at(0, 1, rw, anon, -1);             // a page, and none behind it
    map_at(2, 1, PROT_READ, anon, -1);
    map_at(3, 2, rw, anon, -1);
    map_at(5, 2, rw, MAP_SHARED, fd);
    map_at(7, 2, rw, MAP_PRIVATE, fd);
    map_at(9, 1, PROT_NONE, anon, -1);
    map_at(10, 2, rw, MAP_SHARED | MAP_ANONYMOUS, -1);
    map_at(12, 2, PROT_READ | PROT_EXEC, MAP_SHARED, fd);
    map_at(16, 2, rw, anon, -1);            // ARGPAGE
    map_at(18, 3, rw, anon, -1);
    memset((void *)(ARENA + 3 * PGSIZE), 'x', PGSIZE + 100);
    memset((void *)(ARENA + 18 * PGSIZE), 'y', 3 * PGSIZE);
    mprotect((void *)(ARENA + 19 * PGSIZE), PGSIZE, PROT_READ);
}

// Two scripts, one of which would run itself.
static void
make_scripts(void)
{
    static const char s[] = "#!/echo script \n", t[] = "#!t x\n";
    int fd;

    if ((fd = open("s", O_WRONLY | O_CREATE)) < 0 ||
        writeall(fd, s, sizeof s - 1) < 0 || close(fd) < 0 ||
        (fd = open("t", O_WRONLY | O_CREATE)) < 0 ||
        writeall(fd, t, sizeof t - 1) < 0 || close(fd) < 0)
        found("the scripts: %s", strerror(errno));
}

// Descriptors 0 .. 8, and something in the directory.
static void
make_scene(void)
{
    static char bytes[3 * PGSIZE];
    int fd, ends[2];

    dup2(2, LOGFD);
    for (fd = 0; fd < LOGFD; fd++)
        close(fd);
    memset(bytes, 'z', sizeof bytes);
    if (open("a", O_RDWR | O_CREATE) != 0 || mknod("null", 2, 1) < 0 ||
        open("null", O_RDWR) != 1 || dup(1) != 2 || open(".", O_RDONLY) != 3 ||
        pipe(ends) < 0 || open("b", O_WRONLY | O_CREATE | O_APPEND) != 6 ||
        mknod("zero", 3, 1) < 0 || open("zero", O_RDWR) != 7 ||
        open("c", O_RDWR | O_CREATE) != 8 || mkdir("d") < 0 ||
        writeall(0, bytes, sizeof bytes) < 0 || writeall(8, bytes, 5000) < 0 ||
        writeall(5, bytes, 3000) < 0)
        found("the scene: %s", strerror(errno));
    lseek(0, 0, SEEK_SET);
    make_scripts();
    make_arena(chance(2) ? 0 : 8);
    if (chance(2))
        ftruncate(8, 100);
}

void
fuzz_calls(void)
{
    uint i;

    make_scene();
    if (!verbose)
        close(LOGFD);
    for (i = 0; i < ncalls; i++)
        one_call();
}
