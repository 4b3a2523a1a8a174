// ut_file.c: cases about files and descriptors.

#include "user.h"
#include "ut.h"

#define NOFILE   128
#define PATHMAX  1024
#define NRACES   200

static void
file_sizes(void)
{
    static const uint sizes[] = {
        0, 1, 511, 4095, 4096, 4097, 8192, 40959, 40960, 40961, 70000,
    };
    uint i;

    for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        ut_put("f", sizes[i], i);
        ut_same("f", sizes[i], i);
        check(ut_size("f") == sizes[i]);
    }
    must(unlink("f"));
}

// Direct, indirect and double-indirect blocks.
static void
file_large(void)
{
    uint n = (10 + 1024 + 600) * 4096 + 77;

    ut_put("f", n, 3);
    ut_same("f", n, 3);
    must(unlink("f"));
}

static void
file_odd_transfers(void)
{
    uint n = 100000, off, size = 1, run;
    int fd = must(open("f", O_CREATE | O_RDWR));

    for (off = 0; off < n; off += run) {
        run = n - off < size ? n - off : size;
        ut_fill(ut_buf + off % 100, run, 2, off);
        ut_write(fd, ut_buf + off % 100, run);
        size = (size * 13 + 7) % 9000 + 1;
    }
    ut_same("f", n, 2);
    must(lseek(fd, 0, SEEK_SET));
    for (off = 0; (run = ut_read(fd, ut_buf + 3, size)) > 0; off += run) {
        ut_verify(ut_buf + 3, run, 2, off);
        size = (size * 11 + 5) % 20000 + 1;
    }
    check(off == n);
    must(close(fd));
    must(unlink("f"));
}

static void
file_rewrite_middle(void)
{
    int fd;

    ut_put("f", 20000, 1);
    fd = must(open("f", O_RDWR));
    must(lseek(fd, 5000, SEEK_SET));
    ut_fill(ut_buf, 6000, 1, 5000);
    memset(ut_buf + 6000, 0, 10);
    ut_write(fd, ut_buf, 6000);
    must(close(fd));
    ut_same("f", 20000, 1);
    must(unlink("f"));
}

static void
open_flags(void)
{
    int fd;

    fails(open("f", O_RDONLY), ENOENT);
    fails(open("f", O_RDWR | O_TRUNC), ENOENT);
    fd = must(open("f", O_CREATE | O_EXCL | O_WRONLY));
    ut_write(fd, "hello", 5);
    must(close(fd));
    fails(open("f", O_CREATE | O_EXCL | O_RDWR), EEXIST);
    fd = must(open("f", O_CREATE | O_RDWR));
    gives(ut_read(fd, ut_buf, 10), 5);
    must(close(fd));
    fails(open("f", O_WRONLY | O_RDWR), EINVAL);
    fails(open("f/x", O_RDONLY), ENOTDIR);
    fails(open("f/x", O_CREATE | O_RDWR), ENOTDIR);
    fails(open("d/x", O_CREATE | O_RDWR), ENOENT);
    fails(open("", O_RDONLY), ENOENT);
    fails(open("", O_CREATE | O_RDWR), ENOENT);
    must(unlink("f"));
}

static void
open_directory(void)
{
    int fd;

    must(mkdir("d"));
    fails(open("d", O_WRONLY), EISDIR);
    fails(open("d", O_RDWR), EISDIR);
    fails(open("d", O_CREATE | O_RDWR), EISDIR);
    fails(open("d", O_RDONLY | O_TRUNC), EISDIR);
    fails(open("d", O_CREATE | O_EXCL | O_RDWR), EEXIST);
    fails(open(".", O_RDWR), EISDIR);
    fd = must(open("d", O_RDONLY));
    fails(write(fd, "x", 1), EBADF);
    fails(ftruncate(fd, 0), EBADF);
    must(close(fd));
    must(unlink("d"));
}

static void
open_bad_paths(void)
{
    static char longpath[PATHMAX + 10];
    int i;

    for (i = 0; i < NBADPTR; i++) {
        fails(open(ut_badptr[i], O_RDONLY), EFAULT);
        fails(open(ut_badptr[i], O_CREATE | O_RDWR), EFAULT);
        fails(unlink(ut_badptr[i]), EFAULT);
        fails(mkdir(ut_badptr[i]), EFAULT);
        fails(mknod(ut_badptr[i], 1, 1), EFAULT);
        fails(chdir(ut_badptr[i]), EFAULT);
        fails(link(ut_badptr[i], "x"), EFAULT);
        fails(link("x", ut_badptr[i]), EFAULT);
        fails(rename("x", ut_badptr[i]), EFAULT);
        fails(rename(ut_badptr[i], "x"), EFAULT);
    }
    memset(longpath, '/', PATHMAX + 5);
    fails(open(longpath, O_RDONLY), ENAMETOOLONG);
    fails(mkdir(longpath), ENAMETOOLONG);
    longpath[PATHMAX] = 0;
    fails(open(longpath, O_RDONLY), ENAMETOOLONG);
    longpath[PATHMAX - 1] = 0;
    must(close(must(open(longpath, O_RDONLY))));
}

// A path that runs off the end of the heap has no NUL to find.
static void
open_path_runs_off(void)
{
    char *end = sbrk(0);

    sbrk(PGSIZE - ((uint)end & (PGSIZE - 1)));
    end = (char *)sbrk(PGSIZE) + PGSIZE;
    memset(end - 4, 'x', 4);
    fails(open(end - 4, O_RDONLY), EFAULT);
    fails(open(end - 4, O_CREATE | O_RDWR), EFAULT);
    end[-1] = 0;
    fails(open(end - 4, O_RDONLY), ENOENT);
    must(close(must(open(end - 4, O_CREATE | O_RDWR))));
    must(unlink("xxx"));
}

static void
fd_bad(void)
{
    static const int bad[] = { -1, 99, NOFILE, NOFILE + 1, 1000000,
                               0x7fffffff, (int)0x80000000 };
    struct stat st;
    uint i;

    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        fails(read(bad[i], ut_buf, 1), EBADF);
        fails(write(bad[i], ut_buf, 1), EBADF);
        fails(read(bad[i], ut_buf, 0), EBADF);
        fails(close(bad[i]), EBADF);
        fails(dup(bad[i]), EBADF);
        fails(dup2(bad[i], 5), EBADF);
        fails(fstat(bad[i], &st), EBADF);
        fails(lseek(bad[i], 0, SEEK_SET), EBADF);
        fails(ftruncate(bad[i], 0), EBADF);
        fails(fsync(bad[i]), EBADF);
    }
    fails(dup2(0, -1), EBADF);
    fails(dup2(0, NOFILE), EBADF);
}

static void
fd_rights(void)
{
    int r, w;

    ut_put("f", 10, 1);
    r = must(open("f", O_RDONLY));
    w = must(open("f", O_WRONLY));
    fails(write(r, "x", 1), EBADF);
    fails(write(r, "x", 0), EBADF);
    fails(ftruncate(r, 0), EBADF);
    fails(read(w, ut_buf, 1), EBADF);
    gives(write(w, "x", 0), 0);
    fails(write(w, "x", -1), EINVAL);
    fails(read(r, ut_buf, -1), EINVAL);
    gives(read(r, ut_badptr[0], 0), 0);
    must(close(r));
    must(close(w));
    ut_same("f", 10, 1);
    must(unlink("f"));
}

static void
fd_lowest(void)
{
    int a = must(open("/", O_RDONLY)), b = must(dup(a)), c = must(dup(a));

    check(b == a + 1 && c == a + 2);
    must(close(b));
    gives(dup(a), b);
    must(close(b));
    must(close(a));
    gives(open("/", O_RDONLY), a);
    gives(dup(c), b);
    must(close(a));
    must(close(b));
    must(close(c));
    fails(close(c), EBADF);
}

static void
fd_dup_shares_offset(void)
{
    int a = must(open("f", O_CREATE | O_RDWR)), b = must(dup(a)), c;

    ut_write(a, "abc", 3);
    ut_write(b, "def", 3);
    c = must(open("f", O_RDONLY));
    gives(lseek(a, 0, SEEK_CUR), 6);
    gives(lseek(c, 0, SEEK_CUR), 0);
    gives(ut_read(c, ut_buf, 10), 6);
    check(memcmp(ut_buf, "abcdef", 6) == 0);
    must(close(a));
    ut_write(b, "g", 1);
    must(close(b));
    must(close(c));
    must(unlink("f"));
}

static void
fd_dup2(void)
{
    int a = must(open("a", O_CREATE | O_RDWR));
    int b = must(open("b", O_CREATE | O_RDWR));

    gives(dup2(a, a), a);
    gives(dup2(a, b), b);
    ut_write(b, "12", 2);
    check(ut_size("a") == 2 && ut_size("b") == 0);
    gives(dup2(a, 90), 90);
    ut_write(90, "34", 2);
    must(close(90));
    check(ut_size("a") == 4);
    fails(dup2(77, 90), EBADF);
    must(close(a));
    must(close(b));
    must(unlink("a"));
    must(unlink("b"));
}

static void
offset_reader(int fd)
{
    static uchar rec[100];
    int got, i;

    while ((got = must(read(fd, rec, 100))) > 0) {
        check(got == 100);
        for (i = 1; i < 100; i++)
            check(rec[i] == rec[0]);
        ut_write(WHYFD - 1, rec, 1);
    }
}

// In older kernels the offset moved after the lock was dropped, so that two
// readers of one descriptor got the same bytes.
static void
shared_offset_moves_once(void)
{
    static uchar seen[250];
    int fd = must(open("f", O_CREATE | O_RDWR)), tally[2], i;
    uchar c;

    for (i = 0; i < 250; i++) {
        memset(ut_buf, i, 100);
        ut_write(fd, ut_buf, 100);
    }
    must(lseek(fd, 0, SEEK_SET));
    must(pipe(tally));
    must(dup2(tally[1], WHYFD - 1));
    must(close(tally[1]));
    for (i = 0; i < 4; i++)
        ut_fork(offset_reader, fd);
    must(close(WHYFD - 1));
    while (read(tally[0], &c, 1) == 1) {
        check(!seen[c]);
        seen[c] = 1;
    }
    for (i = 0; i < 250; i++)
        check(seen[i]);
    ut_join(4);
    must(close(tally[0]));
    must(close(fd));
    must(unlink("f"));
}

#define LINELEN 60
#define LINES   150

static void
appender(int who)
{
    int fd = must(open("log", O_CREATE | O_WRONLY | O_APPEND)), i;
    uchar *line = ut_buf + 4096 - LINELEN / 2;  // across two pages

    memset(line, 'a' + who, LINELEN - 1);
    line[LINELEN - 1] = '\n';
    for (i = 0; i < LINES; i++)
        ut_write(fd, line, LINELEN);
}

static void
append_from_many(void)
{
    int fd, i, j, n[4] = { 0 };

    for (i = 0; i < 4; i++)
        ut_fork(appender, i);
    ut_join(4);
    check(ut_size("log") == 4 * LINES * LINELEN);
    fd = must(open("log", O_RDONLY));
    for (i = 0; i < 4 * LINES; i++) {
        gives(ut_read(fd, ut_buf, LINELEN), LINELEN);
        check(ut_buf[0] >= 'a' && ut_buf[0] < 'a' + 4);
        check(ut_buf[LINELEN - 1] == '\n');
        for (j = 1; j < LINELEN - 1; j++)
            check(ut_buf[j] == ut_buf[0]);
        n[ut_buf[0] - 'a']++;
    }
    for (i = 0; i < 4; i++)
        check(n[i] == LINES);
    must(close(fd));
    must(unlink("log"));
}

static void
append_ignores_offset(void)
{
    int fd;

    ut_put("f", 10, 1);
    fd = must(open("f", O_RDWR | O_APPEND));
    must(lseek(fd, 2, SEEK_SET));
    ut_write(fd, "xy", 2);
    gives(lseek(fd, 0, SEEK_CUR), 12);
    must(lseek(fd, 10, SEEK_SET));
    gives(ut_read(fd, ut_buf, 10), 2);
    check(memcmp(ut_buf, "xy", 2) == 0);
    must(close(fd));
    must(unlink("f"));
}

static void
seek_places(void)
{
    int fd;

    ut_put("f", 5000, 4);
    fd = must(open("f", O_RDWR));
    gives(lseek(fd, 4990, SEEK_SET), 4990);
    gives(ut_read(fd, ut_buf, 100), 10);
    ut_verify(ut_buf, 10, 4, 4990);
    gives(lseek(fd, -20, SEEK_END), 4980);
    gives(lseek(fd, -80, SEEK_CUR), 4900);
    gives(ut_read(fd, ut_buf, 1), 1);
    ut_verify(ut_buf, 1, 4, 4900);
    fails(lseek(fd, -1, SEEK_SET), EINVAL);
    fails(lseek(fd, -5001, SEEK_END), EINVAL);
    fails(lseek(fd, 0x7fffffff, SEEK_END), EINVAL);
    fails(lseek(fd, 0, 3), EINVAL);
    fails(lseek(fd, 0, -1), EINVAL);
    gives(lseek(fd, 0, SEEK_CUR), 4901);
    gives(lseek(fd, 6000, SEEK_SET), 6000);
    gives(read(fd, ut_buf, 10), 0);
    check(ut_size("f") == 5000);
    must(close(fd));
    must(unlink("f"));
}

static void
check_zero(int fd, uint from, uint to)
{
    uint off, i, n;

    must(lseek(fd, from, SEEK_SET));
    for (off = from; off < to; off += n) {
        n = to - off < 4096 ? to - off : 4096;
        gives(ut_read(fd, ut_buf, n), n);
        for (i = 0; i < n; i++)
            if (ut_buf[i])
                ut_fail("byte %u is %x, not zero", off + i, ut_buf[i]);
    }
}

// There are no holes, but a write behind the end finds zeroes before it.
static void
seek_beyond_end_fills(void)
{
    int fd;

    ut_put("f", 3000, 4);
    fd = must(open("f", O_RDWR));
    must(lseek(fd, 30000, SEEK_SET));
    ut_write(fd, "end", 3);
    check(ut_size("f") == 30003);
    check_zero(fd, 3000, 30000);
    must(lseek(fd, 0, SEEK_SET));
    gives(ut_read(fd, ut_buf, 3000), 3000);
    ut_verify(ut_buf, 3000, 4, 0);
    must(close(fd));
    must(unlink("f"));
}

static void
truncate_sizes(void)
{
    int fd;

    ut_put("f", 50000, 6);
    fd = must(open("f", O_RDWR));
    must(ftruncate(fd, 45000));
    ut_same("f", 45000, 6);
    must(ftruncate(fd, 4097));
    ut_same("f", 4097, 6);
    must(ftruncate(fd, 100));
    ut_same("f", 100, 6);
    must(ftruncate(fd, 9000));
    check(ut_size("f") == 9000);
    check_zero(fd, 100, 9000);
    must(ftruncate(fd, 0));
    check(ut_size("f") == 0);
    must(ftruncate(fd, 50000));
    check_zero(fd, 0, 50000);
    fails(ftruncate(fd, 0x80000000u), EFBIG);
    fails(ftruncate(fd, 0xffffffffu), EFBIG);
    check(ut_size("f") == 50000);
    must(close(fd));
    must(unlink("f"));
}

// In older kernels a shorter file over a longer one kept the old tail.
static void
open_truncates(void)
{
    int fd;

    ut_put("f", 20000, 1);
    fd = must(open("f", O_WRONLY | O_TRUNC));
    check(ut_size("f") == 0);
    ut_write(fd, "new", 3);
    must(close(fd));
    check(ut_size("f") == 3);
    fd = must(open("f", O_WRONLY | O_CREATE | O_TRUNC));
    check(ut_size("f") == 0);
    must(close(fd));
    must(unlink("f"));
}

// A reader of a file that is cut finds its end, not old bytes.
static void
truncate_under_reader(void)
{
    int r, w;

    ut_put("f", 30000, 1);
    r = must(open("f", O_RDONLY));
    gives(ut_read(r, ut_buf, 10000), 10000);
    w = must(open("f", O_WRONLY | O_TRUNC));
    gives(read(r, ut_buf, 100), 0);
    ut_write(w, "abc", 3);
    gives(read(r, ut_buf, 100), 0);
    must(lseek(r, 0, SEEK_SET));
    gives(ut_read(r, ut_buf, 100), 3);
    must(close(r));
    must(close(w));
    must(unlink("f"));
}

static void
stat_fields(void)
{
    struct stat st, other;
    int fd = must(open("f", O_CREATE | O_RDWR)), i;

    ut_write(fd, ut_buf, 1234);
    memset(&st, 0x55, sizeof(st));
    must(fstat(fd, &st));
    check(st.type == T_FILE && st.nlink == 1 && st.size == 1234);
    check(st.ino != 0);
    must(stat(".", &other));
    check(other.type == T_DIR && other.dev == st.dev);
    check(other.ino != st.ino && other.size % 16 == 0);
    for (i = 0; i < NBADPTR; i++)
        fails(fstat(fd, ut_badptr[i]), EFAULT);
    must(close(fd));
    must(stat("/console", &st));
    check(st.type == T_DEV);
    must(unlink("f"));
}

// Old programs give 20 bytes of room.
static void
stat_of_old_programs(void)
{
    struct { struct stat st; uint behind; } old;
    struct stat st;
    int fd = must(open("f", O_CREATE | O_RDWR));
    uint frame[] = { 0, fd, (uint)&old };

    ut_write(fd, ut_buf, 1234);
    must(fstat(fd, &st));
    memset(&old, 0x55, sizeof(old));
    gives(ut_call_on_stack((uint)frame, SYS_fstat), 0);
    check(memcmp(&old, &st, OLDSTAT) == 0);
    check(old.st.mtime == 0x55555555 && old.st.blocks == 0x55555555);
    must(close(fd));
    must(unlink("f"));
}

static uint
free_blocks(void)
{
    struct sysinfo si;

    must(sysinfo(&si));
    check(si.blocksfree <= si.blocks && si.inodesfree <= si.inodes);
    return si.blocksfree;
}

// A file has the blocks that are no longer free.
static void
stat_blocks(void)
{
    const uint single = NDIRECT + NINDIRECT, blocks[] = {
        0, 1, 2, NDIRECT, NDIRECT + 1, single, single + 1, single + 2,
        single + NINDIRECT, single + NINDIRECT + 1,
    };
    int fd = must(open("f", O_CREATE | O_RDWR));
    struct stat st;
    uint before, i;

    must(sync());                   // the flusher frees nothing later
    before = free_blocks();
    for (i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++) {
        must(ftruncate(fd, blocks[i] * BSIZE));
        must(fstat(fd, &st));
        check(st.blocks == before - free_blocks());
        if (blocks[i] == 0)
            continue;
        must(ftruncate(fd, blocks[i] * BSIZE - BSIZE + 1));
        must(fstat(fd, &st));
        check(st.blocks == before - free_blocks());
    }
    must(close(fd));
    must(unlink("f"));
    check(free_blocks() == before);
}

static void
sysinfo_counts_inodes(void)
{
    struct sysinfo before, si;

    must(sync());
    must(sysinfo(&before));
    check(before.inodesfree < before.inodes);
    must(mkdir("d"));
    must(close(must(open("f", O_CREATE | O_RDWR))));
    must(sysinfo(&si));
    check(si.inodesfree == before.inodesfree - 2);
    check(si.inodes == before.inodes && si.blocks == before.blocks);
    must(unlink("d"));
    must(unlink("f"));
    must(sysinfo(&si));
    check(si.inodesfree == before.inodesfree);
}

// The time of the last change, after it was set to long ago: now, or not.
static int
changed(const char *path)
{
    struct timespec now;
    struct stat st;

    must(gettime(&now));
    must(stat(path, &st));
    check(st.mtime == 1000000000 || now.sec - st.mtime <= 10);
    must(utime(path, 1000000000));
    return st.mtime != 1000000000;
}

static void
mtime_of_a_file(void)
{
    int fd = must(open("f", O_CREATE | O_RDWR));

    check(changed("f"));
    check(!changed("f"));
    ut_write(fd, "abc", 3);
    check(changed("f"));
    must(lseek(fd, 0, SEEK_SET));
    ut_write(fd, "x", 1);
    check(changed("f"));
    gives(read(fd, ut_buf, 10), 2);
    must(link("f", "g"));
    must(rename("g", "f2"));
    must(unlink("f2"));
    check(!changed("f"));
    must(ftruncate(fd, 1));
    check(changed("f"));
    must(ftruncate(fd, 10));
    check(changed("f"));
    must(close(fd));
    must(close(must(open("f", O_TRUNC | O_WRONLY))));
    check(changed("f"));
    must(unlink("f"));
}

static void
mtime_of_a_directory(void)
{
    must(mkdir("d"));
    check(changed("d"));
    must(mkdir("d/e"));
    check(changed("d") && changed("d/e"));
    must(close(must(open("d/f", O_CREATE | O_RDWR))));
    check(changed("d") && !changed("d/e"));
    must(rename("d/f", "d/e/f"));
    check(changed("d") && changed("d/e"));
    ut_put("d/e/f", 10, 1);
    gives(ut_count("d/e"), 1);
    check(!changed("d") && !changed("d/e"));
    must(unlink("d/e/f"));
    check(!changed("d") && changed("d/e"));
    must(unlink("d/e"));
    check(changed("d"));
    must(unlink("d"));
}

static void
mtime_set(void)
{
    static const uint times[] = { 0, 1, 0x7fffffff, 0x80000000, 0xffffffff };
    struct stat st;
    int fd[2];
    uint i;

    fails(utime("f", 1), ENOENT);
    fails(setmtime(-1, 1), EBADF);
    fails(setmtime(99, 1), EBADF);
    must(pipe(fd));
    fails(setmtime(fd[0], 1), EINVAL);
    must(close(fd[0]));
    must(close(fd[1]));
    ut_put("f", 10, 1);
    for (i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
        must(utime("f", times[i]));
        must(stat("f", &st));
        check(st.mtime == times[i]);
    }
    ut_same("f", 10, 1);
    must(unlink("f"));
}

static void
write_bad_buffer(void)
{
    int fd = must(open("f", O_CREATE | O_RDWR)), i;

    for (i = 0; i < NBADPTR; i++) {
        fails(write(fd, ut_badptr[i], 1), EFAULT);
        fails(write(fd, ut_badptr[i], 100000), EFAULT);
        must(lseek(fd, 1 << 20, SEEK_SET));
        fails(write(fd, ut_badptr[i], 10), EFAULT);
        must(lseek(fd, 0, SEEK_SET));
    }
    check(ut_size("f") == 0);
    ut_write(fd, "abc", 3);
    must(lseek(fd, 0, SEEK_SET));
    for (i = 0; i < NBADPTR; i++)
        fails(read(fd, ut_badptr[i], 3), EFAULT);
    fails(read(fd, (void *)write_bad_buffer, 3), EFAULT);
    gives(lseek(fd, 0, SEEK_CUR), 0);
    gives(ut_read(fd, ut_buf, 3), 3);
    must(close(fd));
    must(unlink("f"));
}

// In older kernels bytes had landed and -1 was the answer.
static void
write_counts_what_landed(void)
{
    char *end = sbrk(0), *p;
    int fd = must(open("f", O_CREATE | O_RDWR)), n;

    sbrk(PGSIZE - ((uint)end & (PGSIZE - 1)));
    p = sbrk(6 * PGSIZE);
    end = p + 6 * PGSIZE;
    ut_fill(p, 6 * PGSIZE, 8, 0);
    n = 6 * PGSIZE - 100;
    gives(write(fd, end - n, n + PGSIZE), n);
    check((int)ut_size("f") == n);
    must(lseek(fd, 0, SEEK_SET));
    memset(p, 0, 6 * PGSIZE);
    gives(read(fd, end - 100, 200), 100);
    ut_verify(end - 100, 100, 8, 100);
    gives(lseek(fd, 0, SEEK_CUR), 100);
    must(close(fd));
    must(unlink("f"));
}

static void
unlinked_but_open(void)
{
    int fd, fd2;

    ut_put("f", 10000, 1);
    fd = must(open("f", O_RDWR));
    must(unlink("f"));
    fails(open("f", O_RDONLY), ENOENT);
    fd2 = must(open("f", O_CREATE | O_RDWR));
    ut_write(fd2, "other", 5);
    gives(ut_read(fd, ut_buf, 10000), 10000);
    ut_verify(ut_buf, 10000, 1, 0);
    ut_write(fd, "more", 4);
    must(close(fd2));
    must(close(fd));
    check(ut_size("f") == 5);
    must(unlink("f"));
}

static uint
free_inodes(void)
{
    struct sysinfo si;

    must(sync());
    must(sysinfo(&si));
    return si.inodesfree;
}

// One process gives its name back, the other its descriptor: whoever comes last
// frees the file, and somebody does. The page tells how often both may go on.
static void
unlink_each(int arg)
{
    volatile uint *go = (uint *)arg;
    uint i;

    for (i = 1; i <= NRACES; i++) {
        while (*go < i)
            ;
        must(unlink("f"));
        go[1] = i;
    }
}

static void
last_close_while_unlinked(void)
{
    volatile uint *go = ut_map(1, PROT_READ | PROT_WRITE,
                               MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    uint before = free_inodes(), i, j;
    int fd;

    ut_fork(unlink_each, (int)go);
    for (i = 1; i <= NRACES; i++) {
        fd = must(open("f", O_CREATE));
        *go = i;
        for (j = 0; j < i * 50; j++)
            asm volatile("");
        must(close(fd));
        while (go[1] < i)
            ;
    }
    ut_join(1);
    must(munmap((void *)go, PGSIZE));
    gives(free_inodes(), before);
}

// In older kernels any major number was used as an index.
static void
mknod_any_major(void)
{
    static const int bad[] = { 0, 7, 8, 9, 1000, 0x7fff, 0xffff };
    uint i;

    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        must(mknod("dev", bad[i], 0));
        fails(open("dev", O_RDWR), ENXIO);
        must(unlink("dev"));
    }
    fails(mknod("dev", 0x10000, 0), EINVAL);
    fails(mknod("dev", -1, 0), EINVAL);
    fails(mknod("dev", 1, -1), EINVAL);
    check(!ut_exists("dev"));
    must(mknod("dev", 2, 0));
    fails(mknod("dev", 2, 0), EEXIST);
    must(unlink("dev"));
}

static void
null_and_zero(void)
{
    int fd;
    uint i;

    must(mknod("null", 2, 0));
    fd = must(open("null", O_RDWR));
    gives(write(fd, ut_buf, UTBUF), UTBUF);
    gives(read(fd, ut_buf, UTBUF), 0);
    fails(write(fd, ut_badptr[0], 1), EFAULT);
    fails(lseek(fd, 0, SEEK_SET), ESPIPE);
    must(close(fd));
    must(unlink("null"));

    must(mknod("zero", 3, 0));
    fd = must(open("zero", O_RDWR));
    memset(ut_buf, 1, 10000);
    gives(ut_read(fd, ut_buf, 10000), 10000);
    for (i = 0; i < 10000; i++)
        check(ut_buf[i] == 0);
    must(close(fd));
    must(unlink("zero"));
}

// In older kernels exec of a device node waited for the keyboard inside a
// transaction.
static void
exec_of_a_device_fails(void)
{
    char *argv[] = { "dev", 0 };

    fails(exec("/console", argv), EACCES);
    must(mknod("dev", 1, 1));
    fails(exec("dev", argv), EACCES);
    must(unlink("dev"));
    must(mknod("dev", 3, 1));
    fails(exec("dev", argv), EACCES);
    must(unlink("dev"));
}

static void
be_program(int arg)
{
    char *argv[] = { "prog", "1000", 0 };

    (void)arg;
    exec("prog", argv);
    ut_fail("exec: %s", strerror(errno));
}

// Running /sleep's copy; its pid, once it is under way.
static int
run_copy(void)
{
    int from = must(open("/sleep", O_RDONLY)), pid;
    int to = must(open("prog", O_CREATE | O_WRONLY));

    gives(copyfd(from, to), 0);
    must(close(from));
    must(close(to));
    pid = ut_fork(be_program, 0);
    sleep(10);
    return pid;
}

// A running program cannot be written, but may be opened and lose its name.
static void
text_busy(void)
{
    int pid = run_copy(), fd = must(open("prog", O_RDWR));
    uint size = ut_size("prog");

    fails(write(fd, "x", 1), ETXTBSY);
    fails(ftruncate(fd, 0), ETXTBSY);
    fails(open("prog", O_RDWR | O_TRUNC), ETXTBSY);
    check(ut_size("prog") == size);
    gives(ut_read(fd, ut_buf, 4), 4);
    must(rename("prog", "other"));
    must(kill(pid));
    gives(WTERMSIG(ut_wait(pid)), 9);
    gives(lseek(fd, 0, SEEK_SET), 0);
    gives(write(fd, "x", 1), 1);
    must(close(fd));
    must(unlink("other"));
}

static void
console_reader(int fd)
{
    while (read(fd, ut_buf, 1) > 0)
        ;
    ut_fail("the console came to its end: errno %d", errno);
}

// In older kernels a kill did not reach a reader of the console.
static void
kill_wakes_console_reader(void)
{
    int fd = must(open("/console", O_RDWR)), i, pid;

    for (i = 0; i < 20; i++) {
        pid = ut_fork(console_reader, fd);
        sleep(i % 4);
        must(kill(pid));
        gives(WTERMSIG(ut_wait(pid)), 9);
    }
    must(close(fd));
}

static void
console_calls(void)
{
    int fd = must(open("/console", O_RDWR)), i;

    check(isconsole(fd));
    fails(lseek(fd, 0, SEEK_SET), ESPIPE);
    fails(ftruncate(fd, 0), EINVAL);
    fails(read(fd, ut_buf, -1), EINVAL);
    gives(read(fd, ut_buf, 0), 0);
    gives(write(fd, "", 0), 0);
    for (i = 0; i < NBADPTR; i++)
        fails(write(fd, ut_badptr[i], 10), EFAULT);
    must(close(fd));
}

static void
sync_calls(void)
{
    int fd = must(open("f", O_CREATE | O_RDWR));

    ut_write(fd, ut_buf, 10000);
    must(fsync(fd));
    must(fsync(fd));
    must(ftruncate(fd, 5));
    must(sync());
    must(close(fd));
    fd = must(open("/", O_RDONLY));
    must(fsync(fd));
    must(close(fd));
    must(unlink("f"));
    must(sync());
}

static void
file_worker(int who)
{
    char name[8];
    int i;

    snprintf(name, sizeof(name), "w%d", who);
    for (i = 0; i < 10; i++) {
        ut_put(name, 30000 + 1000 * who, who + i);
        ut_same(name, 30000 + 1000 * who, who + i);
        must(unlink(name));
    }
}

static void
files_in_parallel(void)
{
    int i;

    for (i = 0; i < 5; i++)
        ut_fork(file_worker, i);
    ut_join(5);
}

static void
same_file_writer(int who)
{
    int fd = must(open("f", O_RDWR)), i;
    uint off;

    for (i = 0; i < 100; i++) {
        off = (who * 37 + i * 11) % 50 * 1000;
        must(lseek(fd, off, SEEK_SET));
        ut_fill(ut_buf, 1000, 1, off);
        ut_write(fd, ut_buf, 1000);
        must(lseek(fd, off, SEEK_SET));
        gives(ut_read(fd, ut_buf, 1000), 1000);
        ut_verify(ut_buf, 1000, 1, off);
    }
}

static void
one_file_in_parallel(void)
{
    int i;

    ut_put("f", 50000, 1);
    for (i = 0; i < 4; i++)
        ut_fork(same_file_writer, i);
    ut_join(4);
    ut_same("f", 50000, 1);
    must(unlink("f"));
}

static int
open_create(int how)
{
    int fd;

    ut_arm();
    fd = open("f", O_CREATE | O_RDWR | how);
    ut_disarm();
    if (fd < 0) {
        check(!ut_exists("f"));
        return -1;
    }
    must(close(fd));
    must(unlink("f"));
    return 0;
}

static int
open_old(int how)
{
    int fd;

    ut_arm();
    fd = open("g", how);
    ut_disarm();
    return fd < 0 ? -1 : close(fd);
}

static void
open_each_failure(void)
{
    ut_put("g", 10, 1);
    ut_each_failure(FAIL_KALLOC, open_old, O_RDWR);
    ut_each_failure(FAIL_KALLOC, open_create, O_EXCL);
    ut_each_failure(FAIL_KALLOC, open_create, 0);
    must(unlink("g"));
}

// What write() says is in the file is there, and nothing else.
static int
write_some(int n)
{
    int fd, put;

    ut_put("f", 4000, 1);
    fd = must(open("f", O_WRONLY | O_APPEND));
    ut_fill(ut_buf, n, 1, 4000);
    ut_arm();
    put = write(fd, ut_buf, n);
    ut_disarm();
    ut_same("f", 4000 + (put > 0 ? put : 0), 1);
    must(close(fd));
    must(unlink("f"));
    return put == n ? 0 : -1;
}

static int
read_some(int n)
{
    int fd = must(open("f", O_RDONLY)), got;

    ut_arm();
    got = read(fd, ut_buf, n);
    ut_disarm();
    if (got > 0)
        ut_verify(ut_buf, got, 1, 0);
    must(close(fd));
    return got == n ? 0 : -1;
}

static int
set_some(int seconds)
{
    struct stat st;
    int result;

    must(utime("f", 1));
    ut_arm();
    result = utime("f", seconds);
    ut_disarm();
    must(stat("f", &st));
    check(st.mtime == (result < 0 ? 1 : (uint)seconds));
    return result;
}

static void
setmtime_each_failure(void)
{
    ut_put("f", 10, 1);
    ut_each_failure(FAIL_KALLOC, set_some, 1234567890);
    must(unlink("f"));
}

static void
write_each_failure(void)
{
    ut_each_failure(FAIL_KALLOC, write_some, 60000);
    ut_each_failure(FAIL_KALLOC, write_some, 1);
}

static void
read_each_failure(void)
{
    ut_put("f", 60000, 1);
    ut_each_failure(FAIL_KALLOC, read_some, 60000);
    must(unlink("f"));
}

const struct utcase ut_file[] = {
    CASE(file_sizes, QUICK),
    CASE(file_large, SLOW),
    CASE(file_odd_transfers, QUICK),
    CASE(file_rewrite_middle, QUICK),
    CASE(open_flags, QUICK),
    CASE(open_directory, QUICK),
    CASE(open_bad_paths, QUICK),
    CASE(open_path_runs_off, QUICK),
    CASE(fd_bad, QUICK),
    CASE(fd_rights, QUICK),
    CASE(fd_lowest, QUICK),
    CASE(fd_dup_shares_offset, QUICK),
    CASE(fd_dup2, QUICK),
    CASE(shared_offset_moves_once, QUICK),
    CASE(append_from_many, QUICK),
    CASE(append_ignores_offset, QUICK),
    CASE(seek_places, QUICK),
    CASE(seek_beyond_end_fills, QUICK),
    CASE(truncate_sizes, QUICK),
    CASE(open_truncates, QUICK),
    CASE(truncate_under_reader, QUICK),
    CASE(stat_fields, QUICK),
    CASE(stat_of_old_programs, QUICK),
    CASE(stat_blocks, QUICK),
    CASE(sysinfo_counts_inodes, QUICK),
    CASE(mtime_of_a_file, QUICK),
    CASE(mtime_of_a_directory, QUICK),
    CASE(mtime_set, QUICK),
    CASE(write_bad_buffer, QUICK),
    CASE(write_counts_what_landed, QUICK),
    CASE(unlinked_but_open, QUICK),
    CASE(last_close_while_unlinked, QUICK),
    CASE(mknod_any_major, QUICK),
    CASE(null_and_zero, QUICK),
    CASE(exec_of_a_device_fails, QUICK),
    CASE(text_busy, QUICK),
    CASE(console_calls, QUICK),
    CASE(kill_wakes_console_reader, QUICK),
    CASE(sync_calls, QUICK),
    CASE(files_in_parallel, QUICK),
    CASE(one_file_in_parallel, QUICK),
    CASE(open_each_failure, QUICK),
    CASE(write_each_failure, QUICK),
    CASE(read_each_failure, QUICK),
    CASE(setmtime_each_failure, QUICK),
    ENDCASES
};
