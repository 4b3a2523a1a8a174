// ut_dir.c: cases about names: directories, links, renames, races.

#include "user.h"
#include "ut.h"

#define PATHMAX 1024

// An empty file.
static void
touch(const char *path)
{
    int fd = open(path, O_CREATE | O_RDWR);

    if (fd < 0)
        ut_fail("creating %s: %s", path, strerror(errno));
    must(close(fd));
}

static void
dir_make_and_remove(void)
{
    must(mkdir("a"));
    must(mkdir("a/b"));
    must(mkdir("a/b/c"));
    fails(mkdir("a"), EEXIST);
    fails(mkdir("."), EEXIST);
    fails(mkdir("/"), EEXIST);
    fails(mkdir("x/y"), ENOENT);
    fails(unlink("a"), ENOTEMPTY);
    touch("a/b/c/f");
    fails(unlink("a/b/c"), ENOTEMPTY);
    fails(mkdir("a/b/c/f/d"), ENOTDIR);
    must(unlink("a/b/c/f"));
    must(unlink("a/b/c"));
    must(unlink("a/b"));
    must(unlink("a"));
    fails(unlink("a"), ENOENT);
}

static void
dir_link_counts(void)
{
    uint here = ut_nlink(".");

    must(mkdir("a"));
    check(ut_nlink("a") == 2 && ut_nlink(".") == here + 1);
    must(mkdir("a/b"));
    must(mkdir("a/c"));
    check(ut_nlink("a") == 4);
    check(ut_ino("a/b/..") == ut_ino("a"));
    check(ut_ino("a/.") == ut_ino("a"));
    check(ut_ino("a/..") == ut_ino("."));
    touch("a/f");
    check(ut_nlink("a") == 4);
    must(unlink("a/b"));
    check(ut_nlink("a") == 3);
    must(unlink("a/c"));
    must(unlink("a/f"));
    must(unlink("a"));
    check(ut_nlink(".") == here);
}

// In older kernels . and .. could be unlinked.
static void
unlink_of_dots_fails(void)
{
    must(mkdir("d"));
    check(unlink("d/.") == -1);
    check(unlink("d/..") == -1);
    check(unlink(".") == -1);
    check(unlink("..") == -1);
    check(unlink("/") == -1);
    check(rename("d/.", "e") == -1);
    check(rename("d/..", "e") == -1);
    check(rename("d", "d/..") == -1);
    check(link("d/.", "e") == -1);
    check(ut_ino("d/..") == ut_ino(".") && ut_ino("d/.") == ut_ino("d"));
    must(unlink("d"));
}

static void
path_forms(void)
{
    must(mkdir("d"));
    ut_put("d/f", 10, 1);
    ut_same("d//f", 10, 1);
    ut_same("./d/./f", 10, 1);
    ut_same("d/../d/f", 10, 1);
    ut_same("/ut/d/f", 10, 1);
    ut_same("///ut//d///f", 10, 1);
    ut_same("/../ut/d/f", 10, 1);
    check(ut_ino("d/") == ut_ino("d"));
    check(ut_ino("//") == ut_ino("/"));
    check(ut_ino("/..") == ut_ino("/"));
    must(mkdir("d/e/"));
    must(unlink("d/e/"));
    fails(open("d/f/.", O_RDONLY), ENOTDIR);
    must(unlink("d/f"));
    must(unlink("d"));
}

// Each component counts up to its 14th byte, looked up or created.
static void
path_long_names(void)
{
    ut_put("12345678901234", 5, 1);
    ut_same("123456789012345", 5, 1);
    ut_same("12345678901234567890", 5, 1);
    fails(open("1234567890123", O_RDONLY), ENOENT);
    fails(open("1234567890123456", O_CREATE | O_EXCL | O_RDWR), EEXIST);
    must(mkdir("abcdefghijklmnop"));
    touch("abcdefghijklmnxy/f");
    check(ut_exists("abcdefghijklmn/f"));
    must(unlink("abcdefghijklmn/f"));
    must(unlink("abcdefghijklmnzz"));
    must(unlink("123456789012345"));
    check(ut_count(".") == 0);
}

static void
path_deep(void)
{
    char path[PATHMAX];
    int i, n = 60;

    for (i = 0; i < n; i++) {
        must(mkdir("d"));
        must(chdir("d"));
    }
    gives(workdir(path, sizeof(path)), 3 + 2 * n);
    check(strlen(path) == 3 + 2 * (uint)n);
    check(memcmp(path, "/ut/d/d", 7) == 0);
    must(chdir("/"));
    must(chdir(path));
    for (i = 0; i < n; i++) {
        must(chdir(".."));
        must(unlink("d"));
    }
    gives(workdir(path, sizeof(path)), 3);
}

static void
cwd_changes(void)
{
    char buf[100];
    int i;

    must(mkdir("d"));
    touch("f");
    fails(chdir("f"), ENOTDIR);
    fails(chdir("none"), ENOENT);
    fails(chdir("f/.."), ENOTDIR);
    fails(chdir(""), ENOENT);
    must(chdir("d"));
    gives(workdir(buf, sizeof(buf)), 5);
    check(strcmp(buf, "/ut/d") == 0);
    gives(workdir(buf, 6), 5);
    fails(workdir(buf, 5), ERANGE);
    fails(workdir(buf, 1), ERANGE);
    fails(workdir(buf, 0), EINVAL);
    fails(workdir(buf, -1), EINVAL);
    for (i = 0; i < NBADPTR; i++)
        fails(workdir(ut_badptr[i], 100), EFAULT);
    must(chdir("/"));
    gives(workdir(buf, sizeof(buf)), 1);
    check(strcmp(buf, "/") == 0);
    must(chdir("/ut/d"));
    must(chdir(".."));
    must(unlink("d"));
    must(unlink("f"));
}

// In older kernels a file made in a directory without a name was lost.
static void
no_file_in_removed_directory(void)
{
    char buf[100];
    int i;

    for (i = 0; i < 20; i++) {
        must(mkdir("gone"));
        must(chdir("gone"));
        must(unlink("../gone"));
        fails(open("f", O_CREATE | O_RDWR), ENOENT);
        fails(mkdir("d"), ENOENT);
        fails(mknod("n", 2, 0), ENOENT);
        fails(link("/README", "l"), ENOENT);
        fails(rename("/ut/none", "l"), ENOENT);
        check(workdir(buf, sizeof(buf)) == -1);
        must(chdir("/ut"));
    }
}

static void
removed_directory_stays_usable(void)
{
    int fd;

    must(mkdir("d"));
    fd = must(open("d", O_RDONLY));
    must(unlink("d"));
    touch("d");
    check(read(fd, ut_buf, 16) >= 0);
    must(close(fd));
    must(unlink("d"));
}

static void
link_counts(void)
{
    ut_put("a", 100, 1);
    must(link("a", "b"));
    check(ut_nlink("a") == 2 && ut_ino("a") == ut_ino("b"));
    must(unlink("a"));
    check(ut_nlink("b") == 1);
    ut_same("b", 100, 1);
    fails(link("none", "c"), ENOENT);
    touch("c");
    fails(link("b", "c"), EEXIST);
    fails(link("b", "b"), EEXIST);
    fails(link("b", "none/c"), ENOENT);
    fails(link("b", "c/x"), ENOTDIR);
    must(mkdir("d"));
    fails(link("d", "e"), EPERM);
    must(link("b", "d/b"));
    must(unlink("d/b"));
    must(unlink("d"));
    must(unlink("c"));
    check(ut_nlink("b") == 1);
    must(unlink("b"));
}

// In older kernels linking a file to the directory it is in took a lock
// twice and hung.
static void
link_to_dot_fails(void)
{
    touch("f");
    check(link("f", ".") == -1);
    check(link("f", "..") == -1);
    check(link("f", "./") == -1);
    check(link("f", "/") == -1);
    check(link(".", "f") == -1);
    check(link(".", "g") == -1);
    check(rename("f", ".") == -1);
    check(rename(".", "g") == -1);
    must(unlink("f"));
}

static void
rename_files(void)
{
    ut_put("a", 100, 1);
    ut_put("b", 200, 2);
    must(rename("a", "c"));
    check(!ut_exists("a"));
    ut_same("c", 100, 1);
    must(rename("c", "b"));
    ut_same("b", 100, 1);
    check(ut_count(".") == 1 && ut_nlink("b") == 1);
    must(rename("b", "b"));
    ut_same("b", 100, 1);
    must(link("b", "l"));
    must(rename("b", "l"));
    check(ut_exists("l"));
    fails(rename("none", "x"), ENOENT);
    fails(rename("l", "none/x"), ENOENT);
    fails(rename("l", ""), ENOENT);
    fails(rename("l", "l/x"), ENOTDIR);
    ut_remove("b");
    must(unlink("l"));
}

static void
rename_directories(void)
{
    uint here = ut_nlink(".");

    must(mkdir("a"));
    must(mkdir("b"));
    must(mkdir("a/s"));
    touch("a/s/f");
    must(rename("a/s", "b/t"));
    check(ut_ino("b/t/..") == ut_ino("b"));
    check(ut_nlink("a") == 2 && ut_nlink("b") == 3);
    check(ut_exists("b/t/f") && !ut_exists("a/s"));
    must(rename("b", "a"));             // over an empty directory
    check(ut_nlink(".") == here + 1 && ut_exists("a/t/f"));
    must(mkdir("b"));
    fails(rename("b", "a"), ENOTEMPTY);
    touch("f");
    fails(rename("f", "b"), EISDIR);
    fails(rename("b", "f"), ENOTDIR);
    fails(rename("a", "a/t/x"), EINVAL);
    fails(rename("a", "a/x"), EINVAL);
    fails(rename("a/t", "a"), ENOTEMPTY);
    check(ut_ino("a/t/../..") == ut_ino("."));
    ut_remove("a");
    ut_remove("b");
    must(unlink("f"));
    check(ut_nlink(".") == here);
}

static void
rename_keeps_open_target(void)
{
    int fd;

    ut_put("new", 100, 1);
    ut_put("old", 5000, 2);
    fd = must(open("old", O_RDONLY));
    must(rename("new", "old"));
    gives(ut_read(fd, ut_buf, 6000), 5000);
    ut_verify(ut_buf, 5000, 2, 0);
    must(close(fd));
    ut_same("old", 100, 1);
    must(unlink("old"));
}

#define MANY 600

static void
dir_many_entries(void)
{
    char name[16];
    uint i;

    must(mkdir("d"));
    for (i = 0; i < MANY; i++) {
        snprintf(name, sizeof(name), "d/f%u", i);
        touch(name);
    }
    gives(ut_count("d"), MANY);
    for (i = 0; i < MANY; i += 2) {
        snprintf(name, sizeof(name), "d/f%u", i);
        must(unlink(name));
    }
    for (i = 0; i < MANY; i++) {
        snprintf(name, sizeof(name), "d/f%u", i);
        check(ut_exists(name) == (int)(i % 2));
    }
    fails(unlink("d"), ENOTEMPTY);
    for (i = 1; i < MANY; i += 2) {
        snprintf(name, sizeof(name), "d/f%u", i);
        must(unlink(name));
    }
    must(unlink("d"));
}

// Entries are xv6's 16 bytes; . and .. come first.
static void
dir_reads_as_records(void)
{
    struct dirrecord de[8];
    int fd, n;

    must(mkdir("d"));
    touch("d/abcdefghijklmn");
    fd = must(open("d", O_RDONLY));
    n = must(read(fd, de, sizeof(de)));
    check(n % 16 == 0 && n >= 48);
    check(strcmp(de[0].name, ".") == 0 && strcmp(de[1].name, "..") == 0);
    check(de[0].inum == ut_ino("d") && de[1].inum == ut_ino("."));
    check(memcmp(de[2].name, "abcdefghijklmn", DIRSIZ) == 0);
    must(close(fd));
    ut_remove("d");
}

// --- races ---------------------------------------------------------------

static void
create_unlink_worker(int who)
{
    int i, fd;

    (void)who;
    for (i = 0; i < 150; i++) {
        fd = open("x", O_CREATE | O_RDWR);
        check(fd >= 0 || errno == ENOENT);
        if (fd >= 0)
            must(close(fd));
        check(unlink("x") == 0 || errno == ENOENT);
    }
}

// In older kernels create and unlink of one name took two locks in opposite
// orders.
static void
race_create_and_unlink(void)
{
    int i;

    for (i = 0; i < 4; i++)
        ut_fork(create_unlink_worker, i);
    ut_join(4);
    ut_remove("x");
}

static void
same_directory_worker(int who)
{
    char name[16];
    int i;

    for (i = 0; i < 40; i++) {
        snprintf(name, sizeof(name), "p%d.%d", who, i);
        ut_put(name, 10, who + i);
    }
    for (i = 0; i < 40; i++) {
        snprintf(name, sizeof(name), "p%d.%d", who, i);
        ut_same(name, 10, who + i);
        must(unlink(name));
    }
}

static void
race_in_one_directory(void)
{
    int i;

    for (i = 0; i < 4; i++)
        ut_fork(same_directory_worker, i);
    ut_join(4);
}

static void
mkdir_worker(int who)
{
    int i;

    (void)who;
    for (i = 0; i < 100; i++) {
        check(mkdir("d") == 0 || errno == EEXIST);
        check(mkdir("d/e") == 0 || errno == EEXIST || errno == ENOENT);
        check(unlink("d/e") == 0 || errno == ENOENT);
        check(unlink("d") == 0 || errno == ENOENT || errno == ENOTEMPTY);
    }
}

static void
race_mkdir_rmdir(void)
{
    uint here = ut_nlink(".");
    int i;

    for (i = 0; i < 4; i++)
        ut_fork(mkdir_worker, i);
    ut_join(4);
    ut_remove("d");
    check(ut_nlink(".") == here);
}

static void
exclusive_worker(int who)
{
    char name[8];
    int i, fd;

    (void)who;
    for (i = 0; i < 100; i++) {
        snprintf(name, sizeof(name), "e%d", i);
        fd = open(name, O_CREATE | O_EXCL | O_WRONLY);
        if (fd >= 0)
            ut_write(WHYFD - 1, name, 1);
        else
            check(errno == EEXIST);
        if (fd >= 0)
            must(close(fd));
    }
}

// O_EXCL has one winner for each name.
static void
race_exclusive_create(void)
{
    char name[8];
    int won[2], i;

    must(pipe(won));
    must(dup2(won[1], WHYFD - 1));
    must(close(won[1]));
    for (i = 0; i < 4; i++)
        ut_fork(exclusive_worker, i);
    must(close(WHYFD - 1));
    gives(ut_read(won[0], ut_buf, UTBUF), 100);
    ut_join(4);
    must(close(won[0]));
    for (i = 0; i < 100; i++) {
        snprintf(name, sizeof(name), "e%d", i);
        must(unlink(name));
    }
}

static void
link_worker(int who)
{
    char name[8];
    int i;

    snprintf(name, sizeof(name), "l%d", who);
    for (i = 0; i < 150; i++) {
        must(link("f", name));
        must(unlink(name));
    }
}

static void
race_link_unlink(void)
{
    int i;

    ut_put("f", 100, 1);
    for (i = 0; i < 4; i++)
        ut_fork(link_worker, i);
    ut_join(4);
    check(ut_nlink("f") == 1);
    ut_same("f", 100, 1);
    must(unlink("f"));
}

static void
rename_worker(int who)
{
    static const char *const from[] = { "a/x", "b/y", "a/x", "b/y" };
    static const char *const to[] = { "b/y", "a/x", "b/z", "b/z" };
    int i;

    for (i = 0; i < 150; i++)
        check(rename(from[who], to[who]) == 0 || errno == ENOENT
              || errno == ENOTEMPTY);
}

// A directory thrown to and fro between two others keeps one name.
static void
race_rename(void)
{
    int i;

    must(mkdir("a"));
    must(mkdir("b"));
    must(mkdir("a/x"));
    must(mkdir("a/x/in"));
    for (i = 0; i < 4; i++)
        ut_fork(rename_worker, i);
    ut_join(4);
    check(ut_count("a") + ut_count("b") == 1);
    check(ut_nlink("a") + ut_nlink("b") == 5);
    ut_remove("a");
    ut_remove("b");
}

// Two renames that would each be lawful alone must not make a ring.
static void
ring_worker(int who)
{
    int i;

    for (i = 0; i < 100; i++)
        if (who == 0) {
            rename("a", "b/c");
            rename("b/c", "a");
        } else {
            rename("b", "a/d");
            rename("a/d", "b");
        }
}

static void
race_rename_ring(void)
{
    uint here = ut_nlink(".");

    must(mkdir("a"));
    must(mkdir("b"));
    ut_fork(ring_worker, 0);
    ut_fork(ring_worker, 1);
    ut_join(2);
    check(ut_exists("a") || ut_exists("b"));
    ut_remove("a");
    ut_remove("b");
    check(ut_count(".") == 0 && ut_nlink(".") == here);
}

// A name that always exists is always found while others replace it.
static void
replacer(int n)
{
    while (n-- > 0) {
        ut_put("new", 50, 3);
        must(rename("new", "f"));
    }
}

static void
race_rename_is_atomic(void)
{
    int pid, status;

    ut_put("f", 50, 3);
    pid = ut_fork(replacer, 100);
    while (waitpid(pid, &status, WNOHANG) == 0)
        ut_same("f", 50, 3);
    check(status == 0);
    must(unlink("f"));
}

static void
lookup_worker(int who)
{
    int i, fd;

    (void)who;
    for (i = 0; i < 300; i++) {
        fd = open("d/../d/f", O_RDONLY);
        check(fd >= 0 || errno == ENOENT);
        if (fd >= 0)
            must(close(fd));
    }
}

static void
race_lookup_against_removal(void)
{
    int i;

    ut_fork(lookup_worker, 0);
    ut_fork(lookup_worker, 1);
    for (i = 0; i < 60; i++) {
        must(mkdir("d"));
        touch("d/f");
        must(unlink("d/f"));
        must(unlink("d"));
    }
    ut_join(2);
}

const struct utcase ut_dir[] = {
    CASE(dir_make_and_remove, QUICK),
    CASE(dir_link_counts, QUICK),
    CASE(unlink_of_dots_fails, QUICK),
    CASE(path_forms, QUICK),
    CASE(path_long_names, QUICK),
    CASE(path_deep, QUICK),
    CASE(cwd_changes, QUICK),
    CASE(no_file_in_removed_directory, QUICK),
    CASE(removed_directory_stays_usable, QUICK),
    CASE(link_counts, QUICK),
    CASE(link_to_dot_fails, QUICK),
    CASE(rename_files, QUICK),
    CASE(rename_directories, QUICK),
    CASE(rename_keeps_open_target, QUICK),
    CASE(dir_many_entries, QUICK),
    CASE(dir_reads_as_records, QUICK),
    CASE(race_create_and_unlink, QUICK),
    CASE(race_in_one_directory, QUICK),
    CASE(race_mkdir_rmdir, QUICK),
    CASE(race_exclusive_create, QUICK),
    CASE(race_link_unlink, QUICK),
    CASE(race_rename, QUICK),
    CASE(race_rename_ring, QUICK),
    CASE(race_rename_is_atomic, QUICK),
    CASE(race_lookup_against_removal, QUICK),
    ENDCASES
};
