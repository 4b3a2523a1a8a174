// bench_file.c: cases of bench: files, directories, names.

#include "user.h"
#include "bench.h"

#define SIZE 65536
#define MB   (1 << 20)

static void
do_fstat(uint n)
{
    struct stat st;
    uint i;

    while (again()) {
        begin();
        for (i = 0; i < n; i++)
            fstat(0, &st);
        done(n);
    }
}

static void
do_stat(uint n)
{
    struct stat st;
    uint i;

    fill("f", PGSIZE);
    while (again()) {
        begin();
        for (i = 0; i < n; i++)
            must(stat("f", &st));
        done(n);
    }
    unlink("f");
}

// Reads of a page whose block is in the cache; no seek is timed.
static void
do_read(uint unused)
{
    uint i;
    int fd;

    (void)unused;
    fill("f", SIZE);
    fd = must(open("f", O_RDONLY));
    while (again()) {
        must(lseek(fd, 0, SEEK_SET));
        begin();
        for (i = 0; i < SIZE / PGSIZE; i++)
            must(read(fd, bench_buf, PGSIZE));
        done(SIZE / PGSIZE);
    }
    close(fd);
    unlink("f");
}

// Open, read all in pieces of n bytes, close.
static void
do_readall(uint n)
{
    uint got;
    int fd;

    fill("f", SIZE);
    while (again()) {
        begin();
        fd = must(open("f", O_RDONLY));
        for (got = 0; got < SIZE; got += n)
            must(read(fd, bench_buf, n));
        close(fd);
        done(1);
    }
    unlink("f");
}

static void
writeout(int flags)
{
    int fd = must(open("f", flags));
    uint put;

    for (put = 0; put < SIZE; put += PGSIZE)
        must(write(fd, bench_buf, PGSIZE));
    close(fd);
}

static void
do_rewrite(uint unused)
{
    (void)unused;
    writeout(O_CREATE | O_WRONLY);
    while (again()) {
        begin();
        writeout(O_WRONLY);
        done(1);
    }
    unlink("f");
}

// Create, write, close; removing it again is not timed.
static void
do_writenew(uint unused)
{
    (void)unused;
    while (again()) {
        begin();
        writeout(O_CREATE | O_WRONLY);
        done(1);
        must(unlink("f"));
    }
}

static void
openclose(const char *path, uint n)
{
    uint i;

    while (again()) {
        begin();
        for (i = 0; i < n; i++)
            close(must(open(path, O_RDONLY)));
        done(n);
    }
}

static void
do_open(uint n)
{
    fill("f", 0);
    openclose("f", n);
    unlink("f");
}

static void
do_opendeep(uint n)
{
    static const char path[] = "a/b/c/d/e/f";
    char part[sizeof(path)];
    int last = sizeof(path) - 1, i;

    strcpy(part, path);
    for (i = 1; i < last; i += 2) {
        part[i] = 0;
        must(mkdir(part));
        part[i] = '/';
    }
    fill(path, 0);
    openclose(path, n);
    for (i = last; i > 0; i -= 2) {
        part[i] = 0;
        unlink(part);
    }
}

static void
do_openmissing(uint n)
{
    uint i;

    while (again()) {
        begin();
        for (i = 0; i < n; i++)
            open("missing", O_RDONLY);
        done(n);
    }
}

static void
do_create(uint n)
{
    uint i;

    while (again()) {
        begin();
        for (i = 0; i < n; i++) {
            close(must(open("f", O_CREATE | O_RDWR)));
            must(unlink("f"));
        }
        done(n);
    }
}

static void
do_mkdir(uint n)
{
    uint i;

    while (again()) {
        begin();
        for (i = 0; i < n; i++) {
            must(mkdir("d"));
            must(unlink("d"));
        }
        done(n);
    }
}

static void
do_unlinklarge(uint nbytes)
{
    while (again()) {
        fill("f", nbytes);
        begin();
        must(unlink("f"));
        done(1);
    }
}

// Names for large directories; all lead to one file.
static char *
name(uint i)
{
    static char s[DIRSIZ];

    snprintf(s, sizeof(s), "n%u", i);
    return s;
}

static void
makedir(uint n)
{
    uint i;

    fill("f", 0);
    for (i = 0; i < n; i++)
        must(link("f", name(i)));
}

static void
dropdir(uint n)
{
    while (n-- > 0)
        must(unlink(name(n)));
    unlink("f");
}

// Open and close of names all over a directory of n.
static void
do_lookup(uint n)
{
    uint i, at;

    makedir(n);
    for (at = 0; again(); ) {
        begin();
        for (i = 0; i < 100; i++) {
            at = (at + 7919) % n;
            close(must(open(name(at), O_RDONLY)));
        }
        done(100);
    }
    dropdir(n);
}

// Making and removing a name in a directory of n.
static void
do_relink(uint n)
{
    uint i;

    makedir(n);
    while (again()) {
        begin();
        for (i = 0; i < 20; i++) {
            must(link("f", "new"));
            must(unlink("new"));
        }
        done(20);
    }
    dropdir(n);
}

// Open and close beside n other open files.
static void
do_openfiles(uint n)
{
    uint i;

    fill("f", 0);
    for (i = 0; i < n; i++)
        must(open("f", O_RDONLY));
    openclose("f", 300);
    unlink("f");
}

const struct bench bench_file[] = {
    { "fstat", do_fstat, 3000, 0 },
    { "stat", do_stat, 300, 0 },
    { "read_4k", do_read, 0, 0 },
    { "write_64k_new", do_writenew, 0, 0 },
    { "rewrite_64k", do_rewrite, 0, 0 },
    { "read_64k_4k", do_readall, PGSIZE, 0 },
    { "read_64k_512", do_readall, 512, 0 },
    { "open_close", do_open, 300, 0 },
    { "open_deep5", do_opendeep, 300, 0 },
    { "open_missing", do_openmissing, 300, 0 },
    { "create_unlink", do_create, 20, 0 },
    { "mkdir_rmdir", do_mkdir, 20, 0 },
    { "unlink_16m", do_unlinklarge, 16 * MB, 0 },
    { "lookup/10", do_lookup, 10, NAMED },
    { "lookup/100", do_lookup, 100, NAMED },
    { "lookup/1000", do_lookup, 1000, NAMED },
    { "lookup/10000", do_lookup, 10000, NAMED },
    { "relink/10", do_relink, 10, NAMED },
    { "relink/1000", do_relink, 1000, NAMED },
    { "relink/10000", do_relink, 10000, NAMED },
    { "openfiles/0", do_openfiles, 0, NAMED },
    { "openfiles/10", do_openfiles, 10, NAMED },
    { "openfiles/100", do_openfiles, 100, NAMED },
    ENDBENCH
};
