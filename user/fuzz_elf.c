// fuzz_elf.c: damaged programs are run.
//
// A program of the image is read, some fields of its headers get odd values,
// some bytes others, or the file is cut or becomes longer; then it is run. It
// may end as it likes, within a second or killed then. Every tenth is left as
// it was and has to do its work: what damage the others do is theirs alone.
//
// Damage must not make a program call what ends the experiment, so the
// numbers of such calls are taken out of the library that is in it.

#include "user.h"
#include "../elf.h"
#include "fuzz.h"

#define MAXPROG (256 << 10)
#define ROUNDS  25
#define MAXPH   8
#define MOVEAX  0xb8                // movl $imm32, %eax

static const char *const programs[] = { "/echo", "/cat", "/utx", "/wc" };
#define NPROGRAMS (sizeof programs / sizeof programs[0])

static const uint values[] = {
    0, 1, 2, 3, 4, 7, 31, 32, 33, 52, 53, 64, 84, 255, 256, 0xfff, 0x1000,
    0x1001, 0x2000, 0x3fff, 0x8000, 0xffff, 0x10000, 0x100000, 0x7fefe000,
    0x7fefd000, 0x7ff00000, 0x7fffe000, 0x7ffff000, 0x7fffffff, 0x80000000,
    0x80001000, 0xfffff000, 0xffffffff,
};
#define NVALUES (sizeof values / sizeof values[0])

static uchar file[MAXPROG];
static uint size;

static void
load(const char *path)
{
    int fd = open(path, O_RDONLY), n;

    if (fd < 0 || (n = read(fd, file, MAXPROG / 2)) <= 0)
        found("%s: %s", path, strerror(errno));
    close(fd);
    size = n;
}

static void
defuse(void)
{
    static const uchar calls[] = {
        SYS_kill, SYS_shutdown, SYS_vmctl, SYS_consctl, SYS_failmark,
        SYS_unlink, SYS_rename, SYS_setpgrp, SYS_dumppagetable
    };
    uint i, k;

    for (i = 0; i + 5 <= size; i++)
        for (k = 0; k < sizeof calls; k++)
            if (file[i] == MOVEAX && file[i + 1] == calls[k] &&
                (file[i + 2] | file[i + 3] | file[i + 4]) == 0)
                file[i + 1] = SYS_getpid;
}

static uint
odd_value(uint was)
{
    switch (rnd(5)) {
    case 0:
        return was + (chance(2) ? 1 : -1) * (1 + rnd(8));
    case 1:
        return was ^ 1u << rnd(32);
    case 2:
        return was + (chance(2) ? PGSIZE : -PGSIZE);
    case 3:
        return rnd(0);
    default:
        return values[rnd(NVALUES)];
    }
}

static void
change_word(uint off)
{
    uint v;

    if (size < 4 || off > size - 4)
        return;
    memcpy(&v, file + off, 4);
    v = odd_value(v);
    memcpy(file + off, &v, 4);
}

// Another header for a segment, made of an old one.
static void
add_header(void)
{
    struct elfhdr *eh = (struct elfhdr *)file;
    uint n = eh->phnum, at = sizeof *eh;
    struct proghdr ph[2 * MAXPH];

    if (size < PGSIZE || n == 0 || n > MAXPH || eh->phoff > PGSIZE / 2)
        return;
    memcpy(ph, file + eh->phoff, n * sizeof ph[0]);
    ph[n] = ph[rnd(n)];
    ph[n].vaddr += rnd(4) * PGSIZE + (chance(2) ? rnd(PGSIZE) : 0);
    if (chance(2))
        ph[n].off += rnd(PGSIZE);
    memcpy(file + at, ph, (n + 1) * sizeof ph[0]);
    eh->phoff = at;
    eh->phnum = n + 1;
}

static void
damage(void)
{
    struct elfhdr *eh = (struct elfhdr *)file;
    uint ph = eh->phoff + rnd(2) * sizeof(struct proghdr), i;

    switch (rnd(8)) {
    case 0:
        change_word(rnd(sizeof *eh));
        break;
    case 1: case 2: case 3:
        change_word(ph + rnd(sizeof(struct proghdr) / 4) * 4);
        break;
    case 4:
        for (i = 1 + rnd(20); i > 0; i--)
            file[rnd(size)] = rnd(256);
        break;
    case 5:
        size = chance(2) ? rnd(size) + 1 : rnd(200) + 1;
        break;
    case 6:
        i = rnd(3 * PGSIZE);
        memset(file + size, rnd(256), i);
        size += i;
        break;
    default:
        add_header();
    }
}

static void NORETURN
run(const char *name)
{
    char *argv[] = { "prog", "one", "two", 0 };

    exec(name, argv);
    exit(1);
}

// A sound program gives its status, whatever others do meanwhile.
static void
run_sound(void)
{
    char *argv[] = { "utx", "exit", "7", 0 };
    int pid = fork(), late, st;

    if (pid < 0)
        return;
    if (pid == 0) {
        exec("/utx", argv);
        exit(1);
    }
    st = join(pid, 20 * HZ, &late);
    if (st != 7 << 8)
        found("a sound program: status 0x%x", st);
}

static void
run_damaged(void)
{
    int fd, pid, late, i;

    load(doing = programs[rnd(NPROGRAMS)]);
    for (i = 1 + rnd(3); i > 0; i--)
        damage();
    defuse();
    unlink("prog");
    if ((fd = open("prog", O_RDWR | O_CREATE)) < 0 ||
        writeall(fd, file, size) < 0)
        found("prog: %s", strerror(errno));
    close(fd);
    if ((pid = fork()) == 0)
        run("prog");
    if (pid > 0)
        join(pid, HZ, &late);
}

void
fuzz_elf(void)
{
    int i, fd;

    mknod("null", 2, 1);
    if ((fd = open("null", O_RDWR)) < 0)
        found("null: %s", strerror(errno));
    for (i = 0; i < 3; i++)
        dup2(fd, i);
    close(fd);
    for (i = 0; i < ROUNDS; i++) {
        flog->n = i + 1;
        if (i % 10 == 9)
            run_sound();
        run_damaged();
    }
}
