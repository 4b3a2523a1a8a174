// t_fs_errors.c: the n-th failure, for every n. A fixed piece of work is
// done again and again; each time another disk request, or another
// allocation, fails. The kernel never gives up, returns errors, leaks no
// reference, and what is on the disk then is whole.
//
//     t_fs_errors [step]

#include "fsworld.h"

static int nth;
static uint errors;                 // calls that failed

// Count a failure; only these are proper.
static int
note(int err)
{
    if (err >= 0)
        return err;
    check(err == -EIO || err == -EROFS || err == -ENOMEM || err == -ERESTART ||
          err == -ENOENT || err == -EEXIST || err == -ENOTDIR || err == -ENOTEMPTY);
    errors++;
    return err;
}

static struct inode *
try_make(const char *path, int type)
{
    struct inode *ip = 0;

    return note(path_create(cwd, path, type, 0, 0, &ip)) < 0 ? 0 : ip;
}

static void
drop(struct inode *ip)
{
    if (ip)
        iput(ip);
}

static void
write_file(struct inode *ip, uint off, uint n)
{
    char *buf = memset(malloc(n), 'x', n);
    int put;

    if (ip) {
        put = note(writei(ip, buf, &off, n, 0));
        check(put <= (int)n);
    }
    free(buf);
}

static void
read_file(const char *path)
{
    struct inode *ip;
    uint off = 0;
    char buf[9000];
    int got = 1;

    if (note(path_find(cwd, path, 0, &ip)) < 0)
        return;
    while (got > 0)
        got = note(readi_at(ip, buf, &off, sizeof buf));
    iput(ip);
}

static void
work(void)
{
    struct inode *ip;

    drop(try_make("a", T_DIR));
    drop(try_make("a/b", T_DIR));
    ip = try_make("a/f", T_FILE);
    write_file(ip, 0, 60000);
    write_file(ip, 80000, 100);
    bevict(1000);
    read_file("a/f");
    note(log_commit());
    bevict(1000);
    read_file("a/f");
    if (ip)
        note(itrunc(ip, 30001));
    note(path_link(cwd, "a/f", "g"));
    note(path_rename(cwd, "a/b", "c"));
    note(path_rename(cwd, "g", "c/h"));
    bevict(1000);
    note(path_unlink(cwd, "a/f"));
    note(path_unlink(cwd, "c/h"));      // still open
    write_file(ip, 1000, 5000);
    note(fs_sync());
    bevict(1000);
    drop(ip);                           // freed here
    note(path_unlink(cwd, "a"));
    drop(try_make("last", T_FILE));
    note(fs_sync());
}

enum { DISK_ONCE, DISK_ON, WRITE_ONCE, WRITE_ON, FRAME, OBJECT, NKIND };
static int kind;

static void
inject(int n)
{
    fail_all = kind == DISK_ON || kind == WRITE_ON;
    fail_writes = kind == WRITE_ONCE || kind == WRITE_ON;
    if (kind <= WRITE_ON)
        fail_disk = n;
    else if (kind == FRAME)
        fail_kalloc = n;
    else
        fail_pool = n;
}

static int
injection_left(void)
{
    if (kind <= WRITE_ON)
        return fail_disk > 0;
    return kind == FRAME ? fail_kalloc : fail_pool;
}

enum { ERRORS_SEEN = 1, NOT_REACHED = 2 };

static int
try_once(int unused)
{
    int left;

    (void)unused;
    srand(nth);
    check(world_mount() == 0);
    cwd = fs_root();
    bevict(1000);
    inject(nth);
    work();
    left = injection_left();
    if (kind == WRITE_ONCE)         // is tried again
        check(errors == 0 && !log_readonly());
    if (kind == WRITE_ON)
        check(errors > 0 || left);
    inject(0);
    iput(cwd);
    fs_sync();                      // and those that wait to be freed
    check(inodes_inuse() == 1);
    check(cache_check() == 0);
    check(wal.credits == 0);
    if (log_readonly())
        wal.n++;                    // as by an operation beside that commit:
    check(log_pending() == 0);      // the reclaimer must not wait for it
    if (!log_readonly())
        check(cache_dirty(DEV_FS) == 0);
    return left ? NOT_REACHED : errors ? ERRORS_SEEN : 0;
}

static int
mount_once(int unused)
{
    int err;

    (void)unused;
    inject(kind == FRAME ? nth + 1 : nth);      // the first: binit's, a panic
    err = world_mount();
    check(err == 0 || err == -EIO || err == -ENOMEM || err == -ERESTART);
    return injection_left() ? NOT_REACHED : err < 0 ? ERRORS_SEEN : 0;
}

static void
whole(const char *what)
{
    if (in_child(quiet_fsck, 0) == 0)
        return;
    in_child(do_fsck, 0);
    fprintf(stderr, "%s, kind %d, n %d\n", what, kind, nth);
    exit(1);
}

int
main(int argc, char **argv)
{
    uint step = argc > 1 ? atoi(argv[1]) : 1, runs = 0, seen = 0;
    int got;

    world_init();
    memcpy(sh->spare, sh->disk, sizeof sh->disk);
    for (kind = 0; kind < NKIND; kind++) {
        got = 0;
        for (nth = 1; got != NOT_REACHED; nth += step) {
            memcpy(sh->disk, sh->spare, sizeof sh->disk);
            got = in_child(try_once, 0);
            runs++;
            seen += got == ERRORS_SEEN;
            whole("after work");
            if (got == ERRORS_SEEN)     // the disk is well again
                check(in_child(mount_once, 0) != 99);
            whole("after mounting");
        }
    }
    check(seen > 0);
    printf("t_fs_errors: %u runs, %u with errors\n", runs, seen);
    return 0;
}
