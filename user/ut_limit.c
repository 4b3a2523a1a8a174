// ut_limit.c: cases about running out: descriptors, inodes, disk.

#include "user.h"
#include "ut.h"

#define NOFILE 128

// Fill the descriptor table; the last one, which leaves none free.
static int
use_all(int *first)
{
    int fd, last;

    *first = last = must(dup(0));
    while ((fd = dup(0)) >= 0)
        last = fd;
    check(errno == EMFILE);
    return last;
}

static void
close_from(int first)
{
    for (; first < NOFILE; first++)
        if (first != WHYFD)
            close(first);
}

static void
limit_descriptors(void)
{
    int first, last = use_all(&first), fd[2];

    check(last == NOFILE - 2);          // WHYFD is the one above
    fails(open("/", O_RDONLY), EMFILE);
    fails(open("new", O_CREATE | O_RDWR), EMFILE);
    fails(dup(0), EMFILE);
    fails(pipe(fd), EMFILE);
    must(close(last));
    fails(pipe(fd), EMFILE);
    check(!ut_exists("new"));           // takes the one just closed
    gives(dup(0), last);
    must(close(last));
    must(close(first));
    must(pipe(fd));
    check(fd[0] == first && fd[1] == last);
    close_from(first);
}

// In older kernels 51 distinct open files used up the inode table.
static void
limit_inodes_in_memory(void)
{
    char name[8];
    int i, n = 110;

    for (i = 0; i < n; i++) {
        snprintf(name, sizeof(name), "f%d", i);
        must(open(name, O_CREATE | O_RDWR));
        must(unlink(name));
    }
    close_from(3);
}

static void
hold_files(int who)
{
    char name[16];
    int i;

    for (i = 0; i < 100; i++) {
        snprintf(name, sizeof(name), "h%d.%d", who, i);
        must(open(name, O_CREATE | O_RDWR));
        must(unlink(name));
    }
}

// Ten processes with a hundred files each: no table is full.
static void
limit_open_files(void)
{
    int i;

    for (i = 0; i < 10; i++)
        ut_fork(hold_files, i);
    ut_join(10);
}

// Write until the disk is full; how much went in.
static uint
fill(const char *name)
{
    int fd = must(open(name, O_CREATE | O_WRONLY | O_TRUNC)), put;
    uint total = 0;

    while ((put = write(fd, ut_buf, UTBUF)) > 0)
        total += put;
    check(put == -1 && errno == ENOSPC);
    while ((put = write(fd, ut_buf, 100)) > 0)
        total += put;
    check(put == -1 && errno == ENOSPC);
    must(close(fd));
    check(ut_size(name) == total);
    return total;
}

static int
use_up(int seq)
{
    char name[16];

    snprintf(name, sizeof(name), "full/%d", seq);
    return mkdir(name);
}

static void
full_disk_calls(void)
{
    int fd, i;

    for (i = 0; use_up(i) == 0; i++)
        ;
    check(errno == ENOSPC);
    fails(use_up(i + 1), ENOSPC);       // and again, the same
    fd = open("data", O_CREATE | O_RDWR);
    if (fd >= 0) {
        fails(write(fd, "x", 1), ENOSPC);
        fails(ftruncate(fd, 100000), ENOSPC);
        check(ut_size("data") == 0);
        must(close(fd));
        must(unlink("data"));
    }
    ut_same("small", 3000, 7);
    fd = must(open("small", O_RDWR));
    ut_write(fd, ut_buf, 3000);         // overwriting needs no room
    must(close(fd));
}

// In older kernels a full disk was a panic, or half-made directories. What
// was used comes back when it is removed.
static void
limit_disk_blocks(void)
{
    uint first, second;

    ut_put("small", 3000, 7);
    must(mkdir("full"));
    first = fill("big");
    check(first > (1 << 20));
    full_disk_calls();
    ut_remove("full");
    must(unlink("big"));
    must(mkdir("full"));
    second = fill("big");
    if (second + 65536 < first)
        ut_fail("%u bytes went in, after removal only %u", first, second);
    must(unlink("big"));
    must(unlink("full"));
    must(unlink("small"));
}

#define PERDIR 400

// Files until there are no inodes, in directories of PERDIR; how many.
static int
use_inodes(void)
{
    char name[20];
    int i, fd;

    for (i = 0; i < 70000; i++) {
        if (i % PERDIR == 0) {
            snprintf(name, sizeof(name), "d%d", i / PERDIR);
            if (mkdir(name) < 0)
                break;
        }
        snprintf(name, sizeof(name), "d%d/f%d", i / PERDIR, i % PERDIR);
        if ((fd = open(name, O_CREATE | O_WRONLY)) < 0)
            break;
        must(close(fd));
    }
    check(errno == ENOSPC);
    return i;
}

static void
give_inodes(int n)
{
    char name[20];
    int i;

    for (i = 0; i * PERDIR <= n; i++) {
        snprintf(name, sizeof(name), "d%d", i);
        ut_remove(name);
    }
}

// In older kernels the last inode was a panic.
static void
limit_disk_inodes(void)
{
    int n = use_inodes(), i;

    check(n > 100);
    for (i = 0; i < 3; i++) {
        fails(open("more", O_CREATE | O_RDWR), ENOSPC);
        fails(mkdir("more"), ENOSPC);
        fails(mknod("more", 2, 0), ENOSPC);
    }
    check(!ut_exists("more"));
    give_inodes(n);
    ut_put("more", 10, 1);
    must(unlink("more"));
}

#define LINKS   65535
#define LINKDIR 900

static void
add_links(uint *made)
{
    char name[20];

    for (;; ++*made) {
        if (*made % LINKDIR == 0) {
            snprintf(name, sizeof(name), "d%u", *made / LINKDIR);
            must(mkdir(name));
        }
        snprintf(name, sizeof(name), "d%u/l%u", *made / LINKDIR, *made);
        if (link("f", name) < 0)
            return;
    }
}

// In older kernels the 16-bit count of links overflowed.
static void
limit_link_count(void)
{
    char name[20];
    uint made = 0, i;

    ut_put("f", 10, 1);
    add_links(&made);
    check(errno == EMLINK);
    check(made >= 32000 && made <= LINKS);
    check(ut_nlink("f") == 32767 || ut_nlink("f") == made + 1);
    for (i = 0; i <= made / LINKDIR; i++) {
        snprintf(name, sizeof(name), "d%u", i);
        ut_remove(name);
    }
    check(ut_nlink("f") == 1);
    ut_same("f", 10, 1);
    must(unlink("f"));
}

// A directory of thousands, and its room is of use again.
static void
limit_large_directory(void)
{
    char name[20];
    int i, n = 4000;
    uint size;

    must(mkdir("d"));
    ut_put("f", 1, 1);
    for (i = 0; i < n; i++) {
        snprintf(name, sizeof(name), "d/%d", i);
        must(link("f", name));
    }
    gives(ut_count("d"), n);
    size = ut_size("d");
    for (i = 0; i < n; i += 7) {
        snprintf(name, sizeof(name), "d/%d", i);
        must(unlink(name));
    }
    for (i = 0; i < n; i += 7) {
        snprintf(name, sizeof(name), "d/again%d", i);
        must(link("f", name));
    }
    check(ut_size("d") <= size);
    gives(ut_count("d"), n);
    ut_remove("d");
    check(ut_nlink("f") == 1);
    must(unlink("f"));
}

// Behind the largest file there is nothing.
static void
limit_file_size(void)
{
    int fd = must(open("f", O_CREATE | O_RDWR));

    gives(lseek(fd, 0x7fffffff, SEEK_SET), 0x7fffffff);
    fails(write(fd, "x", 1), EFBIG);
    check(ut_size("f") == 0);
    fails(ftruncate(fd, 0x80000000u), EFBIG);
    must(close(fd));
    must(unlink("f"));
}

// --- disk errors ---------------------------------------------------------

// A program that nobody runs here is not in memory yet, on the first run.
static int
read_program(int arg)
{
    int fd = must(open("/hexdump", O_RDONLY)), got;

    (void)arg;
    memset(ut_buf, 0, 8192);
    ut_arm();
    got = read(fd, ut_buf, 8192);
    ut_disarm();
    must(close(fd));
    if (got <= 0)
        return -1;
    check(memcmp(ut_buf, "\177ELF", 4) == 0);
    return 0;
}

// In older kernels a failed read marked the buffer as read.
static void
failed_disk_read_is_not_kept(void)
{
    if (!ut_exists("/hexdump"))
        return;
    ut_each_failure(FAIL_DISK, read_program, 0);
}

const struct utcase ut_limit[] = {
    CASE(limit_descriptors, QUICK),
    CASE(limit_inodes_in_memory, QUICK),
    CASE(limit_open_files, QUICK),
    CASE(limit_file_size, QUICK),
    CASE(limit_large_directory, SLOW),
    CASE(limit_disk_blocks, SLOW),
    CASE(limit_disk_inodes, SLOW),
    CASE(limit_link_count, SLOW),
    CASE(failed_disk_read_is_not_kept, QUICK),
    ENDCASES
};
