// crashload.c: the workload of tools/crash.
//
//     crashload SEED PROCESSES STEPS
//     crashload list
//
// The processes work side by side on files and directories of their own in
// shared ones, as crashload.h's steps say. Whenever fsync, sync or msync have
// returned, a process writes to its mark file how many steps it had done:
// from there on the host, which sees this write pass, may ask for them.
//
// `list` prints one line for each file and directory in /w, with a sum of its
// content.

#include "user.h"
#include "crashload.h"

#define MAXNAMES 320

static struct cl_model m;
static uint seed;
static int markfd, heldfd = -1;
static uchar content[CL_MOST];

// Has all that came before reached the disk when this step has returned?
static int
durable(const struct cl_step *s)
{
    return s->kind == CL_FSYNC || s->kind == CL_SYNC ||
           (s->kind == CL_MAP && s->how % 2);
}

static void
mark(void)
{
    static struct {
        struct cl_mark mark;
        uchar rest[PGSIZE - sizeof(struct cl_mark)];
    } b;

    b.mark = (struct cl_mark){ CL_MAGIC, seed, m.proc, m.steps, 0 };
    b.mark.sum = cl_marksum(&b.mark);
    if (lseek(markfd, 0, SEEK_SET) != 0 || writeall(markfd, &b, PGSIZE) < 0)
        err(1, "mark");
}

static void
check(int result, const char *what)
{
    if (result < 0)
        err(1, "process %d step %d: %s", m.proc, m.steps, what);
}

static char *
name_of(uint i)
{
    static char path[CL_PATH];

    cl_path(&m, path, m.name[i].dir, 'a', m.name[i].number);
    return path;
}

static char *
dir_of(uint i)
{
    static char path[CL_PATH];

    cl_path(&m, path, m.dir[i].dir, 'A', m.dir[i].number);
    return path;
}

static int
open_name(uint i, int flags)
{
    int fd = open(name_of(i), flags);

    check(fd, name_of(i));
    return fd;
}

static void
fill(const struct cl_step *s)
{
    uint i;

    for (i = 0; i < s->len; i++)
        content[i] = cl_byte(m.proc, m.steps, s->off + i);
}

static void
do_write(const struct cl_step *s)
{
    int append = s->off == m.file[s->file].size && s->how % 2;
    int fd = open_name(s->entry, O_RDWR | (append ? O_APPEND : 0));

    fill(s);
    if (!append)
        check(lseek(fd, s->off, SEEK_SET), "lseek");
    check(writeall(fd, content, s->len), "write");
    close(fd);
}

static void
do_map(const struct cl_step *s)
{
    uint from = s->off / PGSIZE * PGSIZE, n = s->off + s->len - from;
    int fd = open_name(s->entry, O_RDWR);
    char *p = mmap(0, n, PROT_READ | PROT_WRITE, MAP_SHARED, fd, from);

    check(p == MAP_FAILED ? -1 : 0, "mmap");
    close(fd);
    fill(s);
    memcpy(p + s->off - from, content, s->len);
    if (durable(s))
        check(msync(p, n, MS_SYNC), "msync");
    check(munmap(p, n), "munmap");
}

static void
do_on_file(const struct cl_step *s)
{
    int fd = open_name(s->entry, O_RDWR);

    if (s->kind == CL_TRUNC)
        check(ftruncate(fd, s->off), "ftruncate");
    else
        check(fsync(fd), "fsync");
    close(fd);
}

// Every other file stays open without a name, until the next one does.
static void
do_unlink(const struct cl_step *s)
{
    if (s->how % 2) {
        if (heldfd >= 0)
            close(heldfd);
        heldfd = open_name(s->entry, O_RDONLY);
    }
    check(unlink(name_of(s->entry)), "unlink");
}

static void
do_step(const struct cl_step *s)
{
    int fd, dir = s->kind == CL_MKDIR || s->kind == CL_MVDIR;
    char new[CL_PATH];

    cl_path(&m, new, s->dir, dir ? 'A' : 'a', s->number);
    switch (s->kind) {
    case CL_CREATE:
        fd = open(new, O_RDWR | O_CREATE | O_EXCL);
        check(fd, new);
        close(fd);
        break;
    case CL_WRITE:
        do_write(s);
        break;
    case CL_MAP:
        do_map(s);
        break;
    case CL_TRUNC:
    case CL_FSYNC:
        do_on_file(s);
        break;
    case CL_LINK:
        check(link(name_of(s->entry), new), "link");
        break;
    case CL_UNLINK:
        do_unlink(s);
        break;
    case CL_RENAME:
        check(rename(name_of(s->entry), new), "rename");
        break;
    case CL_MKDIR:
        check(mkdir(new), "mkdir");
        break;
    case CL_RMDIR:
        check(unlink(dir_of(s->entry)), "rmdir");
        break;
    case CL_MVDIR:
        check(rename(dir_of(s->entry), new), "rename");
        break;
    case CL_SYNC:
        check(sync(), "sync");
        break;
    }
}

static void
open_mark(uint proc)
{
    char name[16];

    snprintf(name, sizeof name, "/w/mark%d", proc);
    markfd = open(name, O_RDWR | O_CREATE);
    check(markfd, name);
}

static void NORETURN
work(uint proc, uint steps)
{
    struct cl_step s;

    cl_start(&m, seed, proc);
    open_mark(proc);
    mark();
    while (m.steps < steps) {
        cl_next(&m, &s);
        do_step(&s);
        cl_apply(&m, &s);
        if (durable(&s))
            mark();
    }
    check(sync(), "sync");
    mark();
    exit(0);
}

// What is there before the processes begin: /w/s's entries fill its first
// block.
static void
prepare(uint nprocs)
{
    char name[16];
    uint i;
    int fd;

    check(mkdir("/w"), "/w");
    check(mkdir("/w/s"), "/w/s");
    check(mkdir("/w/s/t"), "/w/s/t");
    fd = open("/w/x", O_WRONLY | O_CREATE);
    check(fd, "/w/x");
    close(fd);
    for (i = 0; i < CL_FILLER; i++) {
        snprintf(name, sizeof name, "/w/s/x%d", i);
        check(link("/w/x", name), name);
    }
    for (i = 0; i < nprocs; i++) {
        open_mark(i);
        check(writeall(markfd, content, PGSIZE), "mark");
        close(markfd);
    }
    check(sync(), "sync");
}

static void
run(uint nprocs, uint steps)
{
    int bad = 0, status;
    uint i, pid;

    prepare(nprocs);
    for (i = 0; i < nprocs; i++) {
        pid = fork();
        check(pid, "fork");
        if (pid == 0)
            work(i, steps);
    }
    while (wait(&status) > 0)
        bad |= status;
    sync();
    printf("crashload: seed %d: %s\n", seed, bad ? "FAILED" : "ok");
    exit(bad != 0);
}

// Listing.

static uint
sum_of(const char *path)
{
    int fd = open(path, O_RDONLY), n, i;
    uint sum = 0;

    check(fd, path);
    while ((n = read(fd, content, sizeof content)) > 0)
        for (i = 0; i < n; i++)
            sum = sum * 31 + content[i];
    check(n, path);
    close(fd);
    return sum;
}

static void
list(const char *dir)
{
    char *names[MAXNAMES], *path;
    struct dir *d = opendir(dir);
    struct stat st;
    uint n = 0, i;

    check(d ? 0 : -1, dir);
    while (n < MAXNAMES && (path = nextname(d)) != 0)
        if (strcmp(path, ".") && strcmp(path, ".."))
            names[n++] = strdup(path);
    closedir(d);
    for (i = 0; i < n; i++) {
        path = pathjoin(dir, names[i]);
        check(stat(path, &st), path);
        if (st.type == T_DIR)
            printf("= %s/\n", path);
        else
            printf("= %s %d %x\n", path, st.size, sum_of(path));
        if (st.type == T_DIR)
            list(path);
        free(path);
        free(names[i]);
    }
}

int
main(int argc, char **argv)
{
    setlinebuf(stdout);             // forks copy no text, deaths lose none
    if (argc == 2 && strcmp(argv[1], "list") == 0) {
        list("/w");
        return 0;
    }
    if (argc != 4)
        usage("SEED PROCESSES STEPS | list");
    seed = number(argv[1], 0, INT_MAX);
    run(number(argv[2], 1, CL_PROCS), number(argv[3], 1, INT_MAX));
    return 0;
}
