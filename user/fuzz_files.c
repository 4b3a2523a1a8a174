// fuzz_files.c: what pairs do to files, records and directories.

#include "user.h"
#include "fuzz.h"

#define BUSY (E(ETXTBSY))
#define NAME (E(ENOENT) | E(EEXIST) | E(ENOTDIR) | E(EISDIR) | E(ENOTEMPTY) | \
              E(EINVAL) | E(EBUSY) | E(EPERM))

// ---- the file f: a program, whole, or cut, or with more behind it ----

static void
exec_it(void)
{
    char *argv[] = { "f", "exit", "7", 0 };
    int pid = expect("fork", fork(), 0), st;

    if (pid == 0) {
        exec("f", argv);
        exit(100 + errno);
    }
    st = await(pid);
    if (st != 7 << 8 && st != (100 + ETXTBSY) << 8 &&
        st != (100 + ENOENT) << 8 &&
        !((duel->flags & CUTS) && st == (100 + ENOEXEC) << 8))
        found("exec: a sound program's status is 0x%x", st);
}

static void
cut(void)
{
    static uint size;

    size = size ? rnd(size) : progsize - rnd(progsize);
    expect("ftruncate", ftruncate(filefd, size), BUSY);
}

static void
open_and_cut(void)
{
    int fd = open("f", O_RDWR | O_TRUNC);

    expect("open", fd, BUSY | E(ENOENT));
    close(fd);
}

static void
write_same(void)
{
    int fd = expect("open", open("f", O_RDWR), E(ENOENT));
    uint at = rnd(progsize), n = 1 + rnd(progsize - at), got;

    if (fd < 0)
        return;
    lseek(fd, at, SEEK_SET);
    got = expect("write", write(fd, prog + at, n), BUSY);
    if ((int)got >= 0 && got != n && !(duel->flags & RUNS))
        found("write of %u gave %u", n, got);
    close(fd);
}

static void
write_more(void)
{
    int fd = expect("open", open("f", O_WRONLY | O_APPEND), E(ENOENT));

    expect("append", write(fd, "zzzzzzzz", 8), BUSY | E(EBADF));
    close(fd);
}

static void
map_and_store(void)
{
    int fd = expect("open", open("f", O_RDWR), E(ENOENT));
    uint i, n = progsize;
    uchar *p;

    p = mmap(0, n, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    expect("mmap", p == MAP_FAILED ? -1 : 0, BUSY | E(EBADF));
    if (p != MAP_FAILED) {
        for (i = rnd(64); i < n; i += 1 + rnd(300))
            p[i] = prog[i];
        expect("msync", msync(p, n, chance(4) ? MS_SYNC : MS_ASYNC), 0);
        munmap(p, n);
    }
    close(fd);
}

static void
map_and_load(void)
{
    int fd = expect("open", open("f", O_RDONLY), E(ENOENT)), st, pid;
    uint i, n = progsize;
    uchar *p;

    p = mmap(0, n, PROT_READ, chance(2) ? MAP_SHARED : MAP_PRIVATE, fd, 0);
    if (p != MAP_FAILED) {
        pid = expect("fork", fork(), 0);
        for (i = rnd(64); i < n; i += 1 + rnd(300))
            if (p[i] != prog[i] && p[i] != 0)
                found("byte %u of the mapped file is 0x%x", i, p[i]);
        if (pid == 0)
            exit(0);
        st = await(pid);
        if (st && WIFEXITED(st))
            exit(FOUND);
    }
    close(fd);
}

static void
read_it(void)
{
    static uchar buf[160 << 10];
    int fd = expect("open", open("f", O_RDONLY), E(ENOENT)), i, n;

    if (fd < 0)
        return;
    n = expect("read", read(fd, buf, sizeof buf), 0);
    for (i = 0; i < n; i++)
        if (buf[i] != (i < (int)progsize ? prog[i] : 'z'))
            found("byte %d of the file is 0x%x", i, buf[i]);
    close(fd);
}

static void
unlink_it(void)
{
    expect("unlink", unlink(chance(3) ? "g" : "f"), E(ENOENT));
}

static void
rename_it(void)
{
    expect("rename", rename("f", "g"), E(ENOENT));
    expect("rename", rename("g", "f"), E(ENOENT));
}

static void
replace_it(void)
{
    int fd = expect("create", open("h", O_RDWR | O_CREATE), 0);

    expect("write", write(fd, prog, progsize), E(ETXTBSY));
    close(fd);
    expect("rename", rename("h", "f"), E(ENOENT));
}

static void
link_it(void)
{
    expect("link", link("f", "g"), E(ENOENT) | E(EEXIST));
}

static void
sync_it(void)
{
    expect("fsync", fsync(filefd), 0);
}

// ---- records: a shared offset, and a file that both append to ----

static void
append_record(void)
{
    char r[RECORD];

    memset(r, 'a' + rnd(26), sizeof r);
    if (expect("append", write(logfd, r, sizeof r), 0) == sizeof r)
        __atomic_fetch_add(&duel->records, 1, __ATOMIC_SEQ_CST);
}

static void
read_record(void)
{
    char r[RECORD];
    int i, n = expect("read", read(logfd, r, sizeof r), 0);

    if (n != 0 && n != RECORD)
        found("a record of %d bytes", n);
    for (i = 1; i < n; i++)
        if (r[i] != r[0])
            found("a mixed record");
}

static void
rewind_dir(void)
{
    int to = expect("lseek", lseek(logfd, 0, SEEK_CUR), 0);

    if (to % RECORD)
        found("offset %d", to);
    expect("lseek", lseek(logfd, 0, chance(2) ? SEEK_SET : SEEK_END), 0);
}

static void
dup_and_close(void)
{
    int fd = expect("dup2", dup2(logfd, 20 + rnd(3)), 0);

    expect("close", close(fd), 0);
}

static void
exit_and_close(void)
{
    int pid = expect("fork", fork(), 0);

    if (pid == 0)
        exit(0);
    await(pid);
}

// ---- directories: d is empty, e has x ----

static const char *const places[] = {
    "d", "e", "k", "d/y", "e/d", "d/e", "e/x", "d/x", "x", "d/y/z", "k/x",
    "e/d/e",
};

static const char *
place(void)
{
    return places[rnd(sizeof places / sizeof places[0])];
}

static void
make_dir(void)
{
    expect("mkdir", mkdir(place()), NAME);
}

static void
make_file(void)
{
    close(expect("create", open(place(), O_RDWR | O_CREATE), NAME));
}

static void
remove_one(void)
{
    expect("unlink", unlink(place()), NAME);
}

static void
move(void)
{
    expect("rename", rename(place(), place()), NAME);
}

static void
move_dirs(void)
{
    static const char *const m[][2] = {
        { "d", "e" }, { "e", "d" }, { "d", "e/d" }, { "e", "d/e" },
        { "d", "k" }, { "k", "d" }, { "e/d", "d" }, { "d/e", "e" },
    };
    uint i = rnd(8);

    expect("rename", rename(m[i][0], m[i][1]), NAME);
}

static void
link_one(void)
{
    expect("link", link(place(), place()), NAME);
}

// In a directory that may be removed under us.
static void
work_inside(void)
{
    char path[100], home[100];

    if (workdir(home, sizeof home) < 0)
        found("getcwd: %s", strerror(errno));
    if (expect("chdir", chdir(chance(2) ? "d" : "e"), NAME) < 0)
        return;
    expect("mkdir", mkdir("y"), NAME);
    expect("getcwd", workdir(path, sizeof path), E(ENOENT));
    close(expect("create", open("x", O_RDWR | O_CREATE), NAME));
    expect("unlink", unlink("y"), NAME);
    close(expect("open", open(".", O_RDONLY), NAME));
    expect("chdir home", chdir(home), 0);
}

static void
look_around(void)
{
    struct stat st;
    struct dir *d = opendir(place());
    char *name;

    while (d && (name = nextname(d)) != 0)
        if (*name == 0)
            found("an empty name");
    if (d)
        closedir(d);
    expect("stat", stat(place(), &st), NAME);
}

const struct op fileops[] = {
    OP(exec_it, FILES, RUNS), OP(exec_it, FILES, RUNS),
    OP(exec_it, FILES, RUNS), OP(exec_it, FILES, RUNS),
    OP(cut, FILES, CUTS), OP(cut, FILES, CUTS),
    OP(open_and_cut, FILES, CUTS), OP(write_same, FILES, 0),
    OP(write_more, FILES, 0), OP(map_and_store, FILES, MAPS),
    OP(map_and_load, FILES, MAPS), OP(read_it, FILES, 0),
    OP(unlink_it, FILES, 0), OP(rename_it, FILES, 0),
    OP(replace_it, FILES, 0), OP(link_it, FILES, 0), OP(sync_it, FILES, 0),
    OP(append_record, RECORDS, 0), OP(read_record, RECORDS, 0),
    OP(rewind_dir, RECORDS, 0), OP(dup_and_close, RECORDS, 0),
    OP(exit_and_close, RECORDS, 0),
    OP(make_dir, DIRS, 0), OP(make_file, DIRS, 0), OP(remove_one, DIRS, 0),
    OP(move, DIRS, 0), OP(move_dirs, DIRS, 0), OP(link_one, DIRS, 0),
    OP(work_inside, DIRS, 0), OP(look_around, DIRS, 0), { 0, 0, 0, 0 },
};
