// ut_exec.c: cases about exec: bad files, arguments, what a new program
// finds, programs on demand.
//
// The files are made here: an ELF header, two program headers and a few
// bytes of code that exit with status 7. A row of a table spoils one field.

#include "user.h"
#include "../elf.h"
#include "ut.h"

#define BASE   0x1000
#define ARGMAX (128 << 10)
#define STATUS 7

struct image {
    struct elfhdr eh;
    struct proghdr ph[2];
    uchar code[12];
};

static struct image good;

// push $7; push $0; mov $SYS__exit, %eax; int $65
static const uchar exit_code[12] = {
    0x6a, STATUS, 0x6a, 0, 0xb8, SYS__exit, 0, 0, 0, 0xcd, 65, 0xf4,
};

static void
make_good(uint base)
{
    struct image *im = &good;

    memset(im, 0, sizeof(*im));
    im->eh.magic = ELF_MAGIC;
    im->eh.class = ELFCLASS32;
    im->eh.data = ELFDATA2LSB;
    im->eh.version = im->eh.version2 = 1;
    im->eh.type = ET_EXEC;
    im->eh.machine = EM_386;
    im->eh.entry = base + __builtin_offsetof(struct image, code);
    im->eh.phoff = __builtin_offsetof(struct image, ph);
    im->eh.ehsize = sizeof(im->eh);
    im->eh.phentsize = sizeof(im->ph[0]);
    im->eh.phnum = 1;
    im->ph[0].type = im->ph[1].type = PT_LOAD;
    im->ph[0].vaddr = base;
    im->ph[0].filesz = im->ph[0].memsz = sizeof(*im);
    im->ph[0].flags = PF_R | PF_X;
    im->ph[1] = im->ph[0];
    im->ph[1].vaddr = base + PGSIZE;
    memcpy(im->code, exit_code, sizeof(exit_code));
}

static void
put_image(const struct image *im, uint size)
{
    int fd = must(open("prog", O_CREATE | O_TRUNC | O_WRONLY));

    ut_write(fd, im, size);
    must(close(fd));
}

static void
exec_prog(int arg)
{
    char *argv[] = { "prog", 0 };

    (void)arg;
    exec("prog", argv);
    exit(100 + errno);
}

// The image as it is now gives this status of exec, or of the program.
static void
try_image(const char *what, int status)
{
    int got;

    put_image(&good, sizeof(good));
    got = ut_run(exec_prog, 0);
    if (got != status << 8)
        ut_fail("%s: status 0x%x, not 0x%x", what, got, status << 8);
    must(unlink("prog"));
}

static void
exec_of_a_made_file(void)
{
    make_good(BASE);
    try_image("as made", STATUS);
    make_good(BASE + 8 * PGSIZE);
    try_image("elsewhere", STATUS);
    make_good(0);
    try_image("at 0", STATUS);
    make_good(BASE);
    good.eh.phnum = 2;
    try_image("two segments", STATUS);
    good.ph[1].type = 4;
    try_image("a note", STATUS);
}

#define FIELD(f) #f, __builtin_offsetof(struct image, f), sizeof(good.f)

static const struct spoiled {
    const char *name;
    uint off, size, value;
} spoiled[] = {
    { FIELD(eh.magic), 0x464c457e },
    { FIELD(eh.magic), 0 },
    { FIELD(eh.class), 2 },
    { FIELD(eh.data), 2 },
    { FIELD(eh.version), 0 },
    { FIELD(eh.version2), 0 },
    { FIELD(eh.type), 1 },
    { FIELD(eh.type), 3 },
    { FIELD(eh.machine), 62 },
    { FIELD(eh.entry), 0 },
    { FIELD(eh.entry), 0x500000 },
    { FIELD(eh.entry), 0x80100000 },
    { FIELD(eh.entry), 0xffffffff },
    { FIELD(eh.phoff), 0xffffffff },
    { FIELD(eh.phoff), 0x7fffffff },
    { FIELD(eh.phoff), sizeof(struct image) },
    { FIELD(eh.phoff), sizeof(struct image) - 8 },
    { FIELD(eh.phentsize), 0 },
    { FIELD(eh.phentsize), 31 },
    { FIELD(eh.phentsize), 0xffff },
    { FIELD(eh.phnum), 0 },
    { FIELD(eh.phnum), 100 },
    { FIELD(eh.phnum), 0xffff },
    { FIELD(ph[0].type), 0 },
    { FIELD(ph[0].off), 0xffffffff },
    { FIELD(ph[0].off), sizeof(struct image) + 1 },
    { FIELD(ph[0].off), 0x1000 },
    { FIELD(ph[0].vaddr), 0x7ffff000 },
    { FIELD(ph[0].vaddr), 0x80000000 },
    { FIELD(ph[0].vaddr), 0x80100000 },
    { FIELD(ph[0].vaddr), 0xfffff000 },
    { FIELD(ph[0].vaddr), 0xffffffff },
    { FIELD(ph[0].filesz), sizeof(struct image) + 1 },
    { FIELD(ph[0].filesz), 0xffffffff },
    { FIELD(ph[0].filesz), 0x80000000 },
    { FIELD(ph[0].memsz), sizeof(struct image) - 1 },
    { FIELD(ph[0].memsz), 0 },
    { FIELD(ph[0].memsz), 0x7ffff000 },
    { FIELD(ph[0].memsz), 0x80000000 },
    { FIELD(ph[0].memsz), 0xfffff000 },
    { FIELD(ph[0].memsz), 0xffffffff },
};
#define NSPOILED (sizeof(spoiled) / sizeof(spoiled[0]))

// In older kernels fields of the ELF header were trusted.
static void
exec_checks_elf_fields(void)
{
    const struct spoiled *s;

    for (s = spoiled; s < spoiled + NSPOILED; s++) {
        make_good(BASE);
        memcpy((char *)&good + s->off, &s->value, s->size);
        try_image(s->name, 100 + ENOEXEC);
    }
}

// In older kernels filesz near the top together with memsz; vaddr + memsz
// wrapping; a segment that is nowhere near a page's beginning.
static void
exec_checks_elf_sizes(void)
{
    make_good(BASE);
    good.ph[0].filesz = good.ph[0].memsz = 0xfffff800;
    try_image("filesz and memsz", 100 + ENOEXEC);
    make_good(BASE);
    good.eh.phnum = 2;
    good.ph[1].vaddr = 0x7ffff000;
    good.ph[1].memsz = 0x80002000;
    try_image("wraps to 0x1000", 100 + ENOEXEC);
    good.ph[1].vaddr = 0xfffff000;
    good.ph[1].memsz = 0x3000;
    try_image("wraps to 0x2000", 100 + ENOEXEC);
    good.ph[1].vaddr = 0x7ff00000;      // no room for stack and heap
    good.ph[1].memsz = good.ph[1].filesz = PGSIZE / 64;
    try_image("too high", 100 + ENOEXEC);
}

static void
exec_overlapping_segments(void)
{
    make_good(BASE);
    good.eh.phnum = 2;
    good.ph[1].vaddr = BASE;
    try_image("the same", 100 + ENOEXEC);
    good.ph[1].vaddr = BASE + 0x800;
    try_image("same page", 100 + ENOEXEC);
    good.ph[1].vaddr = BASE + 4 * PGSIZE;
    good.ph[0].memsz = 5 * PGSIZE;
    try_image("first over second", 100 + ENOEXEC);
    good.ph[0].memsz = 4 * PGSIZE;
    try_image("side by side", STATUS);
    good.ph[0] = good.ph[1];
    good.ph[0].vaddr = BASE + 4 * PGSIZE;
    good.ph[1].vaddr = BASE;
    try_image("in falling order", STATUS);
}

// Not page-congruent: loaded by copying, like xv6's programs.
static void
exec_refuses_misaligned_segment(void)
{
    static const uint off[] = { 4, 0x123 & ~3, 0xffc };
    uint i;

    for (i = 0; i < 3; i++) {
        make_good(BASE + off[i]);
        try_image("misaligned", STATUS);
    }
}

static void
exec_short_files(void)
{
    static const uint sizes[] = { 0, 1, 4, 51, 52, 83, 100 };
    uint i;

    make_good(BASE);
    for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        put_image(&good, sizes[i]);
        gives(ut_run(exec_prog, 0), (100 + ENOEXEC) << 8);
        must(unlink("prog"));
    }
}

static void
exec_wrong_things(void)
{
    char *argv[] = { "x", 0 };

    must(mkdir("dir"));
    fails(exec("dir", argv), EACCES);
    fails(exec(".", argv), EACCES);
    fails(exec("none", argv), ENOENT);
    fails(exec("", argv), ENOENT);
    fails(exec("none/x", argv), ENOENT);
    must(unlink("dir"));
}

// --- the caller stays whole ----------------------------------------------

static void
exec_failure_leaves_caller_whole(void)
{
    char *argv[] = { "prog", 0 }, *p = ut_pages(4), *brk = sbrk(0);
    uint frames;
    int fd[2];

    make_good(BASE);
    good.ph[0].memsz = 0x80000000;
    put_image(&good, sizeof(good));
    must(pipe(fd));
    ut_fill(p, 4 * PGSIZE, 1, 0);
    ut_mark();
    frames = ut_frames();
    fails(exec("prog", argv), ENOEXEC);
    gives(ut_frames(), frames);
    ut_verify(p, 4 * PGSIZE, 1, 0);
    check(sbrk(0) == brk);
    ut_write(fd[1], "abc", 3);
    gives(ut_read(fd[0], ut_buf, 3), 3);
    must(close(fd[0]));
    must(close(fd[1]));
    must(unlink("prog"));
}

// --- arguments -----------------------------------------------------------

// Run utx args with `n` arguments in all, the last of them `len` long.
static char **
many_args(int n, int len)
{
    char **argv = malloc((n + 1) * sizeof(*argv)), *last = malloc(len + 1);
    char *count = malloc(12), *bytes = malloc(12);
    int i, total;

    check(argv && last && count && bytes);
    argv[0] = "utx";
    argv[1] = "args";
    argv[2] = count;
    argv[3] = bytes;
    for (i = 4; i < n; i++)
        argv[i] = "a";
    argv[n] = 0;
    memset(last, 'b', len);
    last[len] = 0;
    if (n > 4)
        argv[n - 1] = last;
    snprintf(count, 12, "%d", n);
    total = 4 + 5 + strlen(count) + 1 + (n > 5 ? 2 * (n - 5) : 0) +
        (n > 4 ? len + 1 : 0);
    snprintf(bytes, 12, "%06d", total + 7);     // its own seven included
    return argv;
}

static void
exec_args(int n_len)
{
    exec(UTX, many_args(n_len >> 20, n_len & 0xfffff));
    exit(100 + errno);
}

#define ARGS(n, len) ((n) << 20 | (len))

static void
exec_arguments_arrive(void)
{
    gives(ut_run(exec_args, ARGS(4, 0)), 0);
    gives(ut_run(exec_args, ARGS(5, 0)), 0);
    gives(ut_run(exec_args, ARGS(5, 4096)), 0);
    gives(ut_run(exec_args, ARGS(5, 100000)), 0);
    gives(ut_run(exec_args, ARGS(40, 5000)), 0);
    gives(ut_run(exec_args, ARGS(2000, 50)), 0);
}

static void
exec_too_many_arguments(void)
{
    int big = (100 + E2BIG) << 8;

    gives(ut_run(exec_args, ARGS(5, ARGMAX)), big);
    gives(ut_run(exec_args, ARGS(5, ARGMAX - 100)), 0);
    gives(ut_run(exec_args, ARGS(5, 500000)), big);
    gives(ut_run(exec_args, ARGS(2047, ARGMAX - 4000)), big);
}

static void
exec_long_argument(int len)
{
    char *argv[] = { malloc(len + 1), 0 };

    check(argv[0] != 0);
    memset(argv[0], 'a', len);
    argv[0][len] = 0;
    exec("prog", argv);
    exit(100 + errno);
}

// In older kernels an argument longer than the new program's image made the
// stack pointer wrap.
static void
exec_argument_longer_than_image(void)
{
    uint base;

    for (base = 0; base <= BASE; base += BASE) {
        make_good(base);
        put_image(&good, sizeof(good));
        gives(ut_run(exec_long_argument, 60000), STATUS << 8);
        gives(ut_run(exec_long_argument, ARGMAX), (100 + E2BIG) << 8);
        must(unlink("prog"));
    }
}

static void
exec_no_arguments(void)
{
    char *argv[] = { 0 };
    int pid = must(fork());

    if (pid == 0) {
        exec(UTX, argv);
        exit(1);
    }
    gives(ut_wait(pid), 99 << 8);       // utx without a mode
}

// Another process changes the argument's length all the time.
static void
flips(int p)
{
    for (;;) {
        ((volatile char *)p)[3] ^= 'x';
        ((volatile char *)p)[PGSIZE] ^= 'x';
    }
}

static void
exec_flipping(int p)
{
    char *argv[] = { "utx", "exit", "7", (char *)p, 0 };

    exec(UTX, argv);
    exit(errno == E2BIG ? STATUS : 1);
}

// In older kernels strings were checked, and then used as they were later.
static void
exec_arguments_change_meanwhile(void)
{
    char *p = ut_map(2, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
                     -1, 0);
    int flipper, i;

    memset(p, 'x', PGSIZE + 1);
    flipper = ut_fork(flips, (int)p);
    for (i = 0; i < 40; i++) {
        gives(ut_run(exec_flipping, (int)p), STATUS << 8);
        check(open(p, O_RDONLY) == -1);
    }
    must(kill(flipper));
    ut_wait(flipper);
    must(munmap(p, 2 * PGSIZE));
}

static void
exec_bad_pointers(void)
{
    char *argv[3] = { "utx", 0, 0 };
    int i;

    for (i = 0; i < NBADPTR; i++) {
        fails(exec(ut_badptr[i], argv), EFAULT);
        fails(exec(UTX, ut_badptr[i]), EFAULT);
        if (ut_badptr[i] == 0)
            continue;                   // the list's end
        argv[1] = ut_badptr[i];
        fails(exec(UTX, argv), EFAULT);
    }
}

// --- the environment -----------------------------------------------------

// utx is to find an environment of n strings, the last one longer so that all
// have `bytes` bytes.
static void
exec_env(int n, int bytes)
{
    char **env = malloc((n + 1) * sizeof(*env)), *last = malloc(bytes + 1);
    char *argv[] = { "utx", "env", malloc(12), malloc(12), 0 };
    int i;

    check(env && last && argv[2] && argv[3]);
    snprintf(argv[2], 12, "%d", n);
    snprintf(argv[3], 12, "%06d", bytes);
    for (i = 0; i < n; i++)
        env[i] = "";
    env[n] = 0;
    if (n > 0) {
        memset(last, 'e', bytes - n);
        last[bytes - n] = 0;
        env[n - 1] = last;
    }
    execve(UTX, argv, env);
    exit(100 + errno);
}

// For ut_run(): n strings, of so many bytes.
static struct { int n, bytes; } wanted;

static void
exec_wanted(int unused)
{
    (void)unused;
    exec_env(wanted.n, wanted.bytes);
}

static void
try_env(int n, int bytes, int status)
{
    wanted.n = n;
    wanted.bytes = bytes;
    gives(ut_run(exec_wanted, 0), status << 8);
}

static void
exec_passes_an_environment(void)
{
    try_env(0, 0, 0);
    try_env(1, 1, 0);
    try_env(1, 4097, 0);
    try_env(3, 100, 0);
    try_env(20000, 20000, 0);
}

// Arguments and environment together, strings and pointers.
static void
exec_too_long_an_environment(void)
{
    int args = 4 + 4 + 7, n;            // "utx", "env", the bytes, the count

    for (n = 1; n <= 20000; n *= 10) {
        args++;
        try_env(n, ARGMAX - args - 1 - 4 * (4 + n), 0);
        try_env(n, ARGMAX - args - 4 * (4 + n), 100 + E2BIG);
    }
    try_env(40000, 40000, 100 + E2BIG);
    try_env(1, 500000, 100 + E2BIG);
}

static void
exec_without(int how)
{
    char *argv[] = { "utx", "env", "0", "0", 0 }, *env[] = { "A=1", 0 };

    environ = env;
    if (how == 0)
        exec(UTX, argv);
    else if (how == 1)
        execve(UTX, argv, 0);
    argv[2] = "1";
    argv[3] = "4";
    execv(UTX, argv);
}

static void
exec_without_an_environment(void)
{
    gives(ut_run(exec_without, 0), 0);
    gives(ut_run(exec_without, 1), 0);
    gives(ut_run(exec_without, 2), 0);
}

static void
exec_bad_environment(void)
{
    char *argv[] = { "utx", "exit", "7", 0 }, *env[3] = { "A=1", 0, 0 };
    int i;

    for (i = 1; i < NBADPTR; i++) {     // without the null pointer
        fails(execve(UTX, argv, ut_badptr[i]), EFAULT);
        env[1] = ut_badptr[i];
        fails(execve(UTX, argv, env), EFAULT);
    }
}

// --- scripts -------------------------------------------------------------

#define LINEMAX 127                 // bytes of a script's first line

static void
copy_utx(const char *to)
{
    int in = must(open(UTX, O_RDONLY));
    int out = must(open(to, O_CREATE | O_TRUNC | O_WRONLY));

    must(copyfd(in, out));
    must(close(in));
    must(close(out));
}

static void
exec_script(int list)
{
    char *argv[] = { "x", "1", (char *)list, 0 };

    exec("script", argv);
    exit(100 + errno);
}

// A script of n bytes. utx is to find this list of arguments, or exec fails.
static void
try_script(const char *text, uint n, const char *list, int error)
{
    int fd = must(open("script", O_CREATE | O_TRUNC | O_WRONLY)), got;

    ut_write(fd, text, n);
    must(close(fd));
    got = ut_run(exec_script, (int)list);
    if (got != (error ? (100 + error) << 8 : 0))
        ut_fail("%s: status 0x%x", text, got);
    must(unlink("script"));
}

static void
exec_runs_scripts(void)
{
    static const struct {
        const char *text, *list;
    } good[] = {
        { "#!/utx\n", "/utx|script|1" },
        { "#!/utx", "/utx|script|1" },
        { "#! \t/utx \t \nany\r\n", "/utx|script|1" },
        { "#!/../utx script\n\n", "/../utx|script|script|1" },
        { "#!/utx\tscript", "/utx|script|script|1" },
        { "#! /utx   script a\t b \n", "/utx|script a\t b|script|1" },
        { "#!/utx script\xe4", "/utx|script\xe4|script|1" },
    };
    uint i;

    for (i = 0; i < sizeof(good) / sizeof(good[0]); i++)
        try_script(good[i].text, strlen(good[i].text), good[i].list, 0);
}

static void
exec_refuses_scripts(void)
{
    static const struct {
        const char *text;
        int error;
    } bad[] = {
        { "", ENOEXEC }, { "#", ENOEXEC }, { "#!", ENOEXEC },
        { "#!\n/utx\n", ENOEXEC }, { "#! \t\n", ENOEXEC },
        { "#!/utx\r\n", ENOEXEC }, { "#!/utx script\r\n", ENOEXEC },
        { "#!/utx\1\n", ENOEXEC }, { "#!/utx\f\n", ENOEXEC },
        { "echo hello\n", ENOEXEC }, { " #!/utx\n", ENOEXEC },
        { "\n#!/utx\n", ENOEXEC }, { "# !/utx\n", ENOEXEC },
        { "#!/missing\n", ENOENT }, { "#!/missing/x\n", ENOENT },
        { "#!/utx/\n", ENOTDIR }, { "#!/\n", EACCES },
        { "#!/console\n", EACCES }, { "#!/README\n", ENOEXEC },
        { "#!script\n", ELOOP },
    };
    uint i;

    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        try_script(bad[i].text, strlen(bad[i].text), "", bad[i].error);
    try_script("#!/utx\0x\n", 9, "", ENOEXEC);
}

// "#!/utx scriptaaa..." of n bytes, then \n's, size bytes in all.
static void
try_line(uint n, uint size, int error)
{
    char *text = malloc(size), *list = malloc(n + 20);

    check(text && list);
    memset(text, '\n', size);
    memset(text, 'a', n);
    memcpy(text, "#!/utx script", 13);
    snprintf(list, n + 20, "/utx|%.*s|script|1", n - 7, text + 7);
    try_script(text, size, list, error);
    free(text);
    free(list);
}

static void
exec_script_sizes(void)
{
    try_line(LINEMAX, LINEMAX, 0);
    try_line(LINEMAX, LINEMAX + 1, 0);
    try_line(LINEMAX - 1, LINEMAX, 0);
    try_line(LINEMAX, PGSIZE, 0);
    try_line(20, PGSIZE, 0);
    try_line(20, PGSIZE + 1, 0);
    try_line(LINEMAX + 1, LINEMAX + 1, ENOEXEC);
    try_line(LINEMAX + 1, LINEMAX + 2, ENOEXEC);
    try_line(LINEMAX + 1, PGSIZE, ENOEXEC);
    try_line(PGSIZE, PGSIZE, ENOEXEC);
}

static void
put_text(const char *path, const char *text)
{
    int fd = must(open(path, O_CREATE | O_TRUNC | O_WRONLY));

    ut_write(fd, text, strlen(text));
    must(close(fd));
}

// Four scripts may be each other's interpreters. An argument is only the own
// line's.
static void
exec_nested_scripts(void)
{
    put_text("a", "#!/utx script\n");
    put_text("b", "#!./a\n");
    put_text("c", "#!b C c\n");
    try_script("#!c\n", 4, "/utx|script|./a|b|C c|c|script|1", 0);
    put_text("d", "#!c\n");
    try_script("#!d\n", 4, "", ELOOP);
    must(unlink("a"));
    try_script("#!c\n", 4, "", ENOENT);
    must(unlink("b"));
    must(unlink("c"));
    must(unlink("d"));
}

// A script may be written while it is run; its interpreter may not.
static void
exec_script_is_not_busy(void)
{
    char *p;
    int fd;

    put_text("s", "#!/utx\n");
    must(rename("s", "script"));
    fd = must(open("script", O_RDWR));
    p = ut_map(1, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    gives(ut_run(exec_script, (int)"/utx|script|1"), 0);
    must(munmap(p, PGSIZE));
    must(close(fd));
    copy_utx("copy");
    fd = must(open("copy", O_RDWR));
    p = ut_map(1, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    try_script("#!copy\n", 7, "", ETXTBSY);
    must(munmap(p, PGSIZE));
    must(close(fd));
    must(unlink("copy"));
}

static void
exec_script_without_arguments(int unused)
{
    char *argv[] = { 0 };

    (void)unused;
    exec("s", argv);
    exit(100 + errno);
}

// The script's words count as arguments do, and need no argv[0].
static void
exec_script_arguments(void)
{
    put_text("s", "#!/utx exit\n");
    gives(ut_run(exec_script_without_arguments, 0), 0);
    must(unlink("s"));
}

// --- what a program finds ------------------------------------------------

static void
exec_data_is_private(void)
{
    gives(ut_run(ut_run_utx, (int)"data"), 0);
    gives(ut_run(ut_run_utx, (int)"data"), 0);
}

// In older kernels FPU and SSE registers leaked from the program before.
static void
exec_clears_fpu_registers(void)
{
    asm volatile("fninit; fldpi; fldpi; fldpi");
    gives(ut_run(ut_run_utx, (int)"fpu"), 0);
    asm volatile("fninit");
}

static void
exec_with_exception(int unused)
{
    ushort cw = 0x340;              // no exception masked

    (void)unused;
    asm volatile("fninit; fldcw %0; fld1; fldz; fdivrp" :: "m"(cw));
    ut_run_utx((int)"fpu");
}

// An exception waits for the next floating-point instruction. This must not be
// the kernel's, which loads what the new program is to find.
static void
exec_forgets_a_pending_fpu_exception(void)
{
    gives(ut_run(exec_with_exception, 0), 0);
}

static void
exec_keeps_descriptors(void)
{
    int i, low = must(dup(0)), fd;

    must(close(low));
    check(low <= 5);
    for (i = low; i <= 5; i++)
        fd = must(dup(0));
    check(fd == 5);
    gives(ut_run(ut_run_utx, (int)"fds"), 0);
    for (i = low; i <= 5; i++)
        must(close(i));
}

// --- programs on demand --------------------------------------------------

static int go[2], ready[2];

static void
open_gates(void)
{
    must(pipe(go));
    must(pipe(ready));
}

static void
end_held(int n)
{
    must(close(go[1]));
    ut_join(n);
    must(close(go[0]));
    must(close(ready[0]));
    must(close(ready[1]));
}

// Text that has run is in memory, the rest of it is not; bss is not.
static void
exec_loads_on_demand(void)
{
    struct regioninfo *r;
    int pid;

    open_gates();
    pid = ut_start_held(go, ready);
    r = ut_region_of(pid, (void *)BASE);
    check(r && r->kind == R_TEXT && r->prot == (PROT_READ | PROT_EXEC));
    check(r->resident > 0 && r->resident < (r->end - r->start) / PGSIZE);
    check(r->shared == r->resident && r->dirty == 0);
    r = ut_region_of(pid, (void *)r->end);
    check(r && r->kind == R_DATA && r->resident < 8);
    end_held(1);
}

// Two copies of one program share every text frame.
static void
exec_text_is_shared(void)
{
    uint va, pte, same = 0;
    int a, b;

    open_gates();
    a = ut_start_held(go, ready);
    b = ut_start_held(go, ready);
    for (va = BASE; va < ut_region_of(a, (void *)BASE)->end; va += PGSIZE) {
        pte = getpagetableentry(a, va);
        check(pte >> 12 == getpagetableentry(b, va) >> 12);
        check((pte & 2) == 0);
        same += pte != 0;
    }
    check(same > 0);
    end_held(2);
}

static void
exec_copy(int mode)
{
    char *argv[] = { "copy", (char *)mode, 0 };

    exec("copy", argv);
    exit(100 + errno);
}

// A running program cannot be written; it may be removed, and runs on.
static void
exec_text_is_busy(void)
{
    copy_utx("copy");
    gives(ut_run(exec_copy, (int)"busy"), 0);
    check(!ut_exists("copy"));
}

static void
exec_of_a_file_mapped_for_writing(void)
{
    char *p;
    int fd;

    copy_utx("copy");
    fd = must(open("copy", O_RDWR));
    p = ut_map(1, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    gives(ut_run(exec_copy, (int)"data"), (100 + ETXTBSY) << 8);
    must(munmap(p, PGSIZE));
    gives(ut_run(exec_copy, (int)"data"), 0);
    ut_write(fd, "x", 1);               // nobody runs it now
    must(close(fd));
    gives(ut_run(exec_copy, (int)"data"), (100 + ENOEXEC) << 8);
    must(unlink("copy"));
}

// In older kernels text was writable, and page 0 mapped.
static void
text_read_only_page_0_unmapped(void)
{
    check(ut_write_kills((void *)text_read_only_page_0_unmapped));
    check(ut_read_kills(0));
    check(ut_read_kills((void *)(PGSIZE - 1)));
    check(ut_write_kills((void *)4));
}

const struct utcase ut_exec[] = {
    CASE(exec_of_a_made_file, QUICK),
    CASE(exec_checks_elf_fields, QUICK),
    CASE(exec_checks_elf_sizes, QUICK),
    CASE(exec_overlapping_segments, QUICK),
    CASE(exec_refuses_misaligned_segment, QUICK),
    CASE(exec_short_files, QUICK),
    CASE(exec_wrong_things, QUICK),
    CASE(exec_failure_leaves_caller_whole, QUICK),
    CASE(exec_arguments_arrive, QUICK),
    CASE(exec_too_many_arguments, QUICK),
    CASE(exec_argument_longer_than_image, QUICK),
    CASE(exec_no_arguments, QUICK),
    CASE(exec_arguments_change_meanwhile, QUICK),
    CASE(exec_bad_pointers, QUICK),
    CASE(exec_passes_an_environment, QUICK),
    CASE(exec_too_long_an_environment, QUICK),
    CASE(exec_without_an_environment, QUICK),
    CASE(exec_bad_environment, QUICK),
    CASE(exec_runs_scripts, QUICK),
    CASE(exec_refuses_scripts, QUICK),
    CASE(exec_script_sizes, QUICK),
    CASE(exec_nested_scripts, QUICK),
    CASE(exec_script_is_not_busy, QUICK),
    CASE(exec_script_arguments, QUICK),
    CASE(exec_data_is_private, QUICK),
    CASE(exec_clears_fpu_registers, QUICK),
    CASE(exec_forgets_a_pending_fpu_exception, QUICK),
    CASE(exec_keeps_descriptors, QUICK),
    CASE(exec_loads_on_demand, QUICK),
    CASE(exec_text_is_shared, QUICK),
    CASE(exec_text_is_busy, QUICK),
    CASE(exec_of_a_file_mapped_for_writing, QUICK),
    CASE(text_read_only_page_0_unmapped, QUICK),
    ENDCASES
};
