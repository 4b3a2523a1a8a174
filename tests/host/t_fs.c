// t_fs.c: the file system on the host, one claim after the other, each on a
// fresh image and followed by fsck.

#include "fsworld.h"

#define PATIENCE 20                 // seconds for calls that might not end

static void
touch_file(const char *path)
{
    iput(make(path, T_FILE));
}

static void
make_dir(const char *path)
{
    iput(make(path, T_DIR));
}

static int
find_error(const char *path)
{
    struct inode *ip;
    int err = path_find(cwd, path, 0, &ip);

    if (err == 0)
        iput(ip);
    return err;
}

static int
create_error(const char *path, int type)
{
    struct inode *ip;
    int err = path_create(cwd, path, type, 0, 0, &ip);

    iput(ip);
    return err == 1 ? -EEXIST : err;
}

static uint
size_of(struct inode *ip)
{
    uint size;

    check(ilock(ip) == 0);
    size = ip->size;
    iunlock(ip);
    return size;
}

static uchar
byte_at(uint off)
{
    return off * 7 + off / 251 + 3;
}

static int
write_pattern(struct inode *ip, uint off, uint n)
{
    uchar *buf = malloc(n);
    uint i;
    int put;

    for (i = 0; i < n; i++)
        buf[i] = byte_at(off + i);
    put = writei(ip, buf, &off, n, 0);
    free(buf);
    return put;
}

static void
check_pattern(struct inode *ip, uint off, uint n)
{
    uchar *buf = malloc(n);
    uint i;

    check(readi_at(ip, buf, &off, n) == (int)n);
    for (i = 0; i < n; i++)
        check(buf[i] == byte_at(off - n + i));
    free(buf);
}

static void
check_zero(struct inode *ip, uint off, uint n)
{
    uchar *buf = malloc(n);
    uint i;

    check(readi_at(ip, buf, &off, n) == (int)n);
    for (i = 0; i < n; i++)
        check(buf[i] == 0);
    free(buf);
}

// --- claims ---------------------------------------------------------------

static void
names_are_found(void)
{
    char buf[64];
    struct inode *ip;

    make_dir("a");
    make_dir("/a/b");
    touch_file("a/b/c");
    check(find_error("a/b/c") == 0);
    check(find_error("//a///b/./../b/c") == 0);
    check(find_error("a/b/") == 0);
    check(find_error("/..") == 0 && find_error("../..") == 0);
    check(find_error("") == -ENOENT);
    check(find_error("a/x") == -ENOENT);
    check(find_error("a/x/y") == -ENOENT);
    check(find_error("a/b/c/d") == -ENOTDIR);
    check(find_error("a/b/c/.") == -ENOTDIR);
    check(find_error("a/b/c/") == -ENOTDIR);
    touch_file("a-name-that-is-cut");
    check(find_error("a-name-that-isxxx") == 0);
    check(create_error("a-name-that-is", T_FILE) == -EEXIST);
    ip = find_inode("a/b");
    check(path_of(ip, buf, sizeof buf) == 4 && !strcmp(buf, "/a/b"));
    check(path_of(ip, buf, 5) == 4 && path_of(ip, buf, 4) == -ERANGE);
    check(path_of(cwd, buf, 2) == 1 && !strcmp(buf, "/"));
    iput(ip);
}

static void
creation_refuses(void)
{
    touch_file("f");
    make_dir("d");
    check(create_error("f", T_FILE) == -EEXIST);
    check(create_error("d", T_DIR) == -EEXIST);
    check(create_error(".", T_DIR) == -EEXIST);
    check(create_error("/", T_DIR) == -EEXIST);
    check(create_error("f/x", T_FILE) == -ENOTDIR);
    check(create_error("no/x", T_FILE) == -ENOENT);
    check(create_error("x/", T_FILE) == -EISDIR);
    check(create_error("x/", T_DIR) == 0);
}

static void
unlink_refuses(void)
{
    make_dir("d");
    touch_file("d/f");
    check(path_unlink(cwd, "d") == -ENOTEMPTY);
    check(path_unlink(cwd, "d/.") == -EINVAL);
    check(path_unlink(cwd, "d/..") == -EINVAL);
    check(path_unlink(cwd, "/") == -EINVAL);
    check(path_unlink(cwd, "d/f/") == -ENOTDIR);
    check(path_unlink(cwd, "d/g") == -ENOENT);
    check(path_unlink(cwd, "d/f") == 0 && path_unlink(cwd, "d/") == 0);
}

static void
removed_directory_is_dead(void)
{
    struct inode *root_dir = cwd, *d, *ip;
    char buf[32];

    make_dir("d");
    d = find_inode("d");
    check(path_unlink(cwd, "d") == 0);
    check(path_create(d, "x", T_FILE, 0, 0, &ip) == -ENOENT);
    check(path_find(d, "..", 0, &ip) == -ENOENT);
    check(path_find(d, ".", 0, &ip) == -ENOENT);
    check(path_of(d, buf, sizeof buf) == -ENOENT);
    touch_file("f");
    check(path_link(root_dir, "f", "f2") == 0);
    cwd = d;
    check(path_rename(d, "/f", "g") == -ENOENT);
    check(path_link(d, "/f", "g") == -ENOENT);
    cwd = root_dir;
    iput(d);
}

static void
links_count(void)
{
    struct inode *ip;
    struct stat st;

    touch_file("f");
    make_dir("d");
    check(path_link(cwd, "f", "d/g") == 0);
    check(path_link(cwd, "f", ".") == -EEXIST);
    check(path_link(cwd, "f", "d/.") == -EEXIST);
    check(path_link(cwd, "f", "d/..") == -EEXIST);
    check(path_link(cwd, "f", "f") == -EEXIST);
    check(path_link(cwd, "d", "e") == -EPERM);
    check(path_link(cwd, "no", "e") == -ENOENT);
    ip = find_inode("d/g");
    check(ilock(ip) == 0);
    stati(ip, &st);
    iunlock(ip);
    check(st.nlink == 2 && st.type == T_FILE);
    check(path_unlink(cwd, "f") == 0);
    check(write_pattern(ip, 0, 5000) == 5000);
    check(path_unlink(cwd, "d/g") == 0);
    check_pattern(ip, 0, 5000);     // unlinked but open
    check(write_pattern(ip, 5000, 9000) == 9000);
    check_pattern(ip, 0, 14000);
    iput(ip);
}

static void
renames(void)
{
    make_dir("a");
    make_dir("a/b");
    make_dir("a/b/c");
    touch_file("f");
    touch_file("g");
    check(path_rename(cwd, "a", "a/b/x") == -EINVAL);
    check(path_rename(cwd, "a", "a/x") == -EINVAL);
    check(path_rename(cwd, "a/b/c", "a") == -ENOTEMPTY);
    check(path_rename(cwd, "a/b/c", "a/b") == -ENOTEMPTY);
    check(path_rename(cwd, "f", "a") == -EISDIR);
    check(path_rename(cwd, "a", "f") == -ENOTDIR);
    check(path_rename(cwd, "no", "x") == -ENOENT);
    check(path_rename(cwd, "f", "no/x") == -ENOENT);
    check(path_rename(cwd, "f", "x/") == -ENOTDIR);
    check(path_rename(cwd, ".", "x") == -EINVAL);
    check(path_rename(cwd, "f", "a/..") == -EINVAL);
    check(path_rename(cwd, "f", "f") == 0);
    check(path_rename(cwd, "f", "g") == 0 && find_error("f") == -ENOENT);
    check(path_rename(cwd, "g", "a/b/c/g") == 0);
    check(path_rename(cwd, "a/b/c", "c") == 0);
    check(find_error("c/g") == 0 && find_error("c/../a/b") == 0);
    make_dir("e");
    check(path_rename(cwd, "a/b", "e") == 0 && find_error("e/../a") == 0);
    check(path_rename(cwd, "c", "a/b/") == 0 && find_error("a/b/g") == 0);
    touch_file("h");
    check(path_link(cwd, "h", "i") == 0);
    check(path_rename(cwd, "h", "i") == 0 && find_error("h") == 0);
}

static void
contents(void)
{
    struct inode *ip = make("f", T_FILE);
    uint off = 0;

    check(write_pattern(ip, 0, 1) == 1);
    check(write_pattern(ip, 1, 4095) == 4095);
    check(write_pattern(ip, 4096, 200000) == 200000);
    check_pattern(ip, 0, 204096);
    check(write_pattern(ip, 100, 50000) == 50000);
    check_pattern(ip, 0, 204096);
    check(writei(ip, "end", &off, 3, 1) == 3 && off == 204099);
    check(size_of(ip) == 204099);
    off = 204099;
    check(readi_at(ip, &off, &off, 4) == 0);
    check(log_commit() == 0);
    iput(ip);
}

static void
cut_and_grow(void)
{
    struct inode *ip = make("f", T_FILE);

    check(write_pattern(ip, 0, 300000) == 300000);
    check(itrunc(ip, 100001) == 0 && size_of(ip) == 100001);
    check(itrunc(ip, 150000) == 0 && size_of(ip) == 150000);
    check_pattern(ip, 0, 100001);
    check_zero(ip, 100001, 49999);
    check(write_pattern(ip, 250000, 10) == 10);
    check_zero(ip, 100001, 149999);
    check_pattern(ip, 250000, 10);
    check(itrunc(ip, 0) == 0 && size_of(ip) == 0);
    check(write_pattern(ip, 5000, 10) == 10);
    check_zero(ip, 0, 5000);
    check(itrunc(ip, 0x80000000) == -EFBIG);
    iput(ip);
}

// Through the double-indirect block and back.
static void
large_file(void)
{
    uint most = (NDIRECT + NINDIRECT) * BSIZE, before, at;
    struct inode *ip = make("f", T_FILE);

    before = blocks_free();
    check(write_pattern(ip, 0, most) == (int)most && ip->dind == 0);
    check(write_pattern(ip, most, 100000) == 100000 && ip->dind);
    check(size_of(ip) == most + 100000);
    for (at = 0; at + 50000 < most + 100000; at += 50000)
        check_pattern(ip, at, 50000);
    check(itrunc(ip, most + 1) == 0 && ip->dind);
    check(itrunc(ip, most) == 0 && ip->dind == 0 && ip->ind);
    check(itrunc(ip, most + 5 * BSIZE) == 0 && ip->dind);
    check_zero(ip, most, 5 * BSIZE);
    check(itrunc(ip, 10 * BSIZE + 1) == 0 && ip->ind);
    check(itrunc(ip, 10 * BSIZE) == 0 && ip->ind == 0);
    check_pattern(ip, 0, 10 * BSIZE);
    check(path_unlink(cwd, "f") == 0);
    iput(ip);
    check(blocks_free() == before);
}

static void
disk_full(void)
{
    uint before = blocks_free(), half = before / 2 * BSIZE, n;
    struct inode *ip = make("f", T_FILE), *ip2;
    int put;

    check(itrunc(ip, half) == 0);
    check(itrunc(ip, half * 3) == -ENOSPC && size_of(ip) == half);
    put = write_pattern(ip, half, half * 2);
    check(put > 0 && put < (int)half * 2);
    check(size_of(ip) == half + put);
    check(write_pattern(ip, half + put, 1) == (put % BSIZE ? 1 : -ENOSPC));
    n = 0;
    do {
        ip2 = 0;
        put = path_create(cwd, "d", T_DIR, 0, 0, &ip2);
        if (put == 0) {
            iput(ip2);
            check(path_rename(cwd, "d", n++ % 2 ? "e" : "d2") == 0);
        }
    } while (put == 0 && n < 2);
    check(put == -ENOSPC || n == 2);
    iput(ip);
    check(path_unlink(cwd, "f") == 0);
    ip = make("g", T_FILE);             // held blocks come back at once
    check(itrunc(ip, half) == 0);
    iput(ip);
    check(path_unlink(cwd, "g") == 0);
}

static void
inodes_exhausted(void)
{
    char name[16];
    int i, err = 0;

    for (i = 0; err == 0; i++) {
        snprintf(name, sizeof name, "file%d", i);
        err = create_error(name, i % 2 ? T_FILE : T_DIR);
    }
    check(err == -ENOSPC && i > 150);
    check(create_error("d", T_DIR) == -ENOSPC);
    for (i -= 2; i >= 0; i--) {
        snprintf(name, sizeof name, "file%d", i);
        check(path_unlink(cwd, name) == 0);
    }
    check(create_error("d", T_DIR) == 0);
}

static void
text_busy(void)
{
    struct inode *ip = make("f", T_FILE);

    check(write_pattern(ip, 0, 100) == 100);
    check(ideny(ip, DENY_WRITE) == 0);
    check(write_pattern(ip, 0, 100) == -ETXTBSY);
    check(itrunc(ip, 0) == -ETXTBSY && ideny(ip, DENY_EXEC) == -ETXTBSY);
    iallow(ip, DENY_WRITE);
    check(ideny(ip, DENY_EXEC) == 0 && ideny(ip, DENY_WRITE) == -ETXTBSY);
    check(write_pattern(ip, 0, 100) == 100);
    iallow(ip, DENY_EXEC);
    iput(ip);
}

static void
frames_of_files(void)
{
    struct inode *ip = make("f", T_FILE);
    struct page *pg, *again;

    check(write_pattern(ip, 0, 5000) == 5000);
    check(iframe(ip, 1, &pg) == 0 && pg->ref == 2);
    check(iframe(ip, 2, &again) == -EFAULT);
    check(ilock(ip) == 0 && iframe(ip, 1, &again) == -EBUSY);
    iunlock(ip);
    check(*((uchar *)page_kva(pg) + 903) == byte_at(4999));
    memset((char *)page_kva(pg) + 904, 0xee, 100);      // behind the end
    bdirty(pg);
    check(itrunc(ip, 8000) == 0);
    check_zero(ip, 5000, 3000);
    check(itrunc(ip, 4096) == 0);
    check(pg->ref == 1 && pg->dev == 0);                // lives on, uncached
    page_put(pg);
    check(itrunc(ip, 5000) == 0);
    check_zero(ip, 4096, 904);
    iput(ip);
}

static void
corrupt_images_are_errors(void)
{
    struct inode *ip = make("f", T_FILE), *d;
    struct page *pg;
    char c;
    uint off = 0;

    check(write_pattern(ip, 0, 100) == 100);
    make_dir("d");
    check(log_commit() == 0);
    check(ilock(ip) == 0);
    ip->addr[0] = 7;
    iunlock(ip);
    check(readi_at(ip, &c, &off, 1) == -EIO);
    check(ilock(ip) == 0);
    ip->addr[0] = 0xffffff;
    iunlock(ip);
    check(writei(ip, "x", &off, 1, 0) == -EIO);
    check(itrunc(ip, 0) == -EIO);
    d = find_inode("d");
    check(iblock(d, 0, &pg) == 0);
    ((struct dirent *)page_kva(pg))[1].inum = 60000;
    page_put(pg);
    check(find_error("d/..") == -EIO);
    check(iblock(d, 0, &pg) == 0);
    ((struct dirent *)page_kva(pg))[1].inum = 150;
    page_put(pg);
    check(find_error("d/../x") == -EIO);
    iput(d);
    iput(ip);
}

// x leads to a directory without links, which has no names, not even ".".
static void
name_of_a_removed_directory(void)
{
    struct inode *x = make("x", T_DIR);

    make_dir("d");
    touch_file("f");
    check(ilock(x) == 0);
    x->nlink = 0;
    iunlock(x);
    alarm(PATIENCE);                // -EAGAIN must not go on for ever
    check(create_error("x/", T_DIR) == -EEXIST);
    check(path_link(cwd, "f", "x/") == -EEXIST);
    check(path_rename(cwd, "d", "x/") == -EIO);
    check(path_unlink(cwd, "x/") == -EIO);
    alarm(0);
    check(create_error("x/y", T_DIR) == -ENOENT);
    iput(x);
}

static int
never(struct op *op, struct change *c)
{
    (void)op, (void)c;
    myproc()->killed = 1;
    return -EAGAIN;
}

static void
killed_while_names_change(void)
{
    struct change c = { .may = may_create, .apply = never,
                        .credits = CREATEOP };

    alarm(PATIENCE);
    check(change_names(&c, cwd, 0, "x", 0) == -EAGAIN);
    alarm(0);
    myproc()->killed = 0;
}

// Who has the rename lock keeps nobody from walking.
static void
rename_walks_without_its_lock(void)
{
    acquiresleep(&renaming);
    check(path_rename(cwd, "no/x", "y") == -ENOENT);
    check(path_rename(cwd, ".", "no/y") == -ENOENT);
    releasesleep(&renaming);
}

// One that follows the last block's, and is another file's.
static void
number_behind_the_end(void)
{
    struct inode *f = make("f", T_FILE), *g = make("g", T_FILE);
    uint bno;

    check(write_pattern(f, 0, 100) == 100 && write_pattern(g, 0, 100) == 100);
    check(ilock(f) == 0);
    check(g->addr[0] == f->addr[0] + 1);
    f->addr[1] = g->addr[0];
    check(bmap(f, 0, &bno) == 0);
    iunlock(f);
    check(write_pattern(f, 0, 5000) == 5000);
    check_pattern(f, 0, 5000);
    check(write_pattern(f, 0, 5000) == 5000);
    check_pattern(g, 0, 100);
    iput(f);
    iput(g);
}

// An index block of g is a block of f's, too, and a program that has mapped f
// stores other numbers there all the time.
#define PARENTS 150
static volatile int storing;

static void
store_numbers(int unused)
{
    struct inode *f = find_inode("f");
    struct page *pg, *numbers;
    uint i, *to, *from;

    (void)unused;
    check(iframe(f, 0, &pg) == 0 && iframe(f, 1, &numbers) == 0);
    to = page_kva(pg);
    from = page_kva(numbers);
    while (storing) {
        for (i = 0; i < 8; i++)
            to[i] = from[rand() % PARENTS];
        acquire(&wal.lock);             // others may run now
        release(&wal.lock);
    }
    page_put(numbers);
    page_put(pg);
    iput(f);
}

static void
resize_at_random(int unused)
{
    uint few = NDIRECT + NINDIRECT, i;
    struct inode *g = find_inode("g");

    (void)unused;
    for (i = 0; i < 20; i++) {
        check(ilock(g) == 0);
        g->size = (few + (i % 2 ? 0 : 3 * NINDIRECT)) * BSIZE;
        iunlock(g);
        itrunc(g, (few + rand() % 500) * BSIZE);
    }
    check(ilock(g) == 0);
    memset(g->addr, 0, sizeof g->addr);
    g->size = g->ind = g->dind = 0;
    iunlock(g);
    iput(g);
    storing = 0;
}

static void
index_changes_meanwhile(void)
{
    struct inode *f = make("f", T_FILE), *g = make("g", T_FILE);
    static uint words[(PARENTS + 3) * BSIZE / 4];
    uint bno, i, off = 0;

    check(writei(f, words, &off, sizeof words, 0) == sizeof words);
    check(ilock(f) == 0 && ilock(g) == 0);
    check(bmap(f, PARENTS + 2, &bno) == 0);
    for (i = BSIZE / 4; i < NELEM(words); i++)
        words[i] = bno;                 // what every parent says
    for (i = 0; i < PARENTS; i++)
        check(bmap(f, 2 + i, &words[BSIZE / 4 + i]) == 0);
    memcpy(words, words + BSIZE / 4, BSIZE);
    check(bmap(f, 0, &g->dind) == 0);
    g->ind = bno;
    iunlock(g);
    iunlock(f);
    off = 0;
    check(writei(f, words, &off, sizeof words, 0) == sizeof words);
    check(log_commit() == 0);
    storing = preemption = 1;
    spawn(store_numbers, 0);
    spawn(resize_at_random, 0);
    join_all();
    preemption = 0;
    iput(f);
    iput(g);
}

static void
many_in_one_directory(void)
{
    char name[16];
    int i;

    make_dir("d");
    touch_file("f");
    for (i = 0; i < 1000; i++) {
        snprintf(name, sizeof name, "d/n%d", i);
        check(path_link(cwd, "f", name) == 0);
    }
    for (i = 999; i >= 0; i--) {
        snprintf(name, sizeof name, "d/n%d", i);
        check(find_error(name) == 0);
        if (i % 3)
            check(path_unlink(cwd, name) == 0);
    }
}

static void
little_memory(void)
{
    struct inode *ip = make("f", T_FILE);
    uint n = 500 * BSIZE;

    check(write_pattern(ip, 0, n) == (int)n);
    check_pattern(ip, 0, n);
    check(cache_count() < 200);
    iput(ip);
}

static void
clock_is_kept(void)
{
    struct inode *ip = make("f", T_FILE);

    check(write_pattern(ip, 0, 100) == 100);
    second = 2000;
    check(write_pattern(ip, 0, 50) == 50);
    check(ilock(ip) == 0);
    check(ip->mtime == 2000);
    iunlock(ip);
    check(isetmtime(ip, 77) == 0 && fs_sync() == 0);
    iput(ip);
    check(inodes_trim() == 1 && bevict(100000) > 0);
    ip = find_inode("f");           // from the disk
    check(ilock(ip) == 0);
    check(ip->mtime == 77 && ip->size == 100);
    iunlock(ip);
    iput(ip);
}

// Its file hears of it, and sync; other files go on.
static void
bad_block_hits_one_file(void)
{
    struct inode *f = make("f", T_FILE), *g = make("g", T_FILE);
    uint bno;

    check(write_pattern(f, 0, 10000) == 10000);
    check(fs_sync() == 0);
    check(ilock(f) == 0 && bmap(f, 1, &bno) == 0);
    iunlock(f);
    fail_block = bno;
    check(write_pattern(f, 0, 10000) == 10000);
    check(isync(f) == -EIO && ierror(f) == -EIO && fs_sync() == -EIO);
    check(write_pattern(g, 0, 10000) == 10000);
    check(isync(g) == 0 && ierror(g) == 0 && !log_readonly());
    make_dir("d");
    check(log_commit() == 0 && cache_dirty(DEV_FS) == 1);
    fail_block = 0;
    check(isync(f) == 0 && fs_sync() == 0);
    check_pattern(f, 0, 10000);
    check(write_pattern(f, 5000, 100) == 100);
    fail_block = bno;
    check(fs_sync() == -EIO);
    check(itrunc(f, 0) == 0);           // it is nobody's any more
    check(fs_sync() == 0 && bfailed(DEV_FS) == 0);
    fail_block = 0;
    iput(f);
    iput(g);
}

// Pages of the user's go missing in the midst of reads and writes: nothing is
// lost or doubled, and nothing lies behind the end.
static void
pages_go_missing(void)
{
    struct inode *ip = make("f", T_FILE);
    uint size = 0, n, off, i;
    static uchar buf[100000];

    missing = 3;
    for (i = 0; i < 60; i++) {
        n = 1 + rand() % (i % 2 ? 100 : 40000);
        check(write_pattern(ip, size, n) == (int)n);
        size += n;
        check(size_of(ip) == size);
        off = rand() % size;
        n = MIN(size - off, sizeof buf);
        check(write_pattern(ip, off, n) == (int)n);
        n = off;
        off = 0;
        n = MIN(n, sizeof buf);
        check(move_file(ip, buf, &off, n, 0, 0) == (int)n && off == n);
        while (n-- > 0)
            check(buf[n] == byte_at(n));
    }
    missing = 0;
    check_pattern(ip, 0, size);
    check(itrunc(ip, size + 3 * BSIZE) == 0);
    check_zero(ip, size, 3 * BSIZE);
    check(itrunc(ip, 0) == 0);
    iput(ip);
}

// A small append finds all of its pages, or nothing has happened.
static void
appender(int who)
{
    struct inode *ip;
    char rec[100];
    uint off = 0;
    int i;

    memset(rec, 'a' + who, sizeof rec);
    check(path_find(cwd, "log", 0, &ip) == 0);
    for (i = 0; i < 200; i++)
        check(writei(ip, rec, &off, sizeof rec, 1) == sizeof rec);
    iput(ip);
}

static void
small_appends_stay_whole(void)
{
    struct inode *ip = make("log", T_FILE);
    char rec[100];
    uint off, i, j;

    missing = 3;
    for (i = 0; i < 4; i++)
        spawn(appender, i);
    join_all();
    missing = 0;
    check(size_of(ip) == 4 * 200 * sizeof rec);
    for (i = 0; i < 4 * 200; i++) {
        off = i * sizeof rec;
        check(readi_at(ip, rec, &off, sizeof rec) == sizeof rec);
        for (j = 1; j < sizeof rec; j++)
            check(rec[j] == rec[0]);
    }
    iput(ip);
}

// An append's second page goes missing, when the block that the file ended in
// has left memory and cannot be read any more. The file ends where it did.
static uint lost, copies;

static void
lose_block(void)
{
    if (++copies != 2)
        return;
    bwrite_some(DEV_FS, cache_dirty(DEV_FS));
    while (finish_one())
        ;
    bevict(1000);
    fail_block = lost;
    missing = 1;
}

static void
torn_append_is_undone(void)
{
    struct inode *ip = make("f", T_FILE);
    struct file f = { .type = FD_INODE, .ip = ip, .append = 1 };
    static char buf[WHOLE];

    check(write_pattern(ip, 0, 100) == 100);
    check(ilock(ip) == 0 && bmap(ip, 0, &lost) == 0);
    iunlock(ip);
    copies = 0;
    at_copyin = lose_block;
    current->user = buf;
    check(writei_user(&f, 0, sizeof buf) == -EAGAIN);
    at_copyin = 0;
    missing = fail_block = 0;
    check(copies == 2 && size_of(ip) == 100);
    check_pattern(ip, 0, 100);
    check(itrunc(ip, 2 * BSIZE) == 0);
    check_zero(ip, 100, 2 * BSIZE - 100);
    iput(ip);
}

// As much of the log as one credit is enough to write inside a file.
static void
overwriting_takes_one_credit(void)
{
    struct inode *ip = make("f", T_FILE);
    uint others;

    check(write_pattern(ip, 0, 10000) == 10000 && fs_sync() == 0);
    others = wal.cap - 1;
    wal.credits += others;
    second = 2000;                      // the time changes, too
    check(write_pattern(ip, 0, 10000) == 10000);
    wal.credits -= others;
    check(wal.credits == 0 && wal.n == 1 && size_of(ip) == 10000);
    iput(ip);
}

static const struct claim {
    const char *name;
    void (*fn)(void);
    uint frames;                    // 0: plenty
    int  damaged;                   // fsck will complain
} claims[] = {
    { "names are found", names_are_found, 0, 0 },
    { "creation refuses", creation_refuses, 0, 0 },
    { "unlink refuses", unlink_refuses, 0, 0 },
    { "a removed directory is dead", removed_directory_is_dead, 0, 0 },
    { "links count", links_count, 0, 0 },
    { "renames", renames, 0, 0 },
    { "contents", contents, 0, 0 },
    { "cut and grow", cut_and_grow, 0, 0 },
    { "pages go missing", pages_go_missing, 0, 0 },
    { "small appends stay whole", small_appends_stay_whole, 0, 0 },
    { "a torn append is undone", torn_append_is_undone, 0, 0 },
    { "overwriting takes one credit", overwriting_takes_one_credit, 0, 0 },
    { "large file", large_file, 0, 0 },
    { "disk full", disk_full, 0, 0 },
    { "inodes exhausted", inodes_exhausted, 0, 0 },
    { "text busy", text_busy, 0, 0 },
    { "frames of files", frames_of_files, 0, 0 },
    { "corrupt images are errors", corrupt_images_are_errors, 0, 1 },
    { "a name of a removed directory", name_of_a_removed_directory, 0, 1 },
    { "killed while names change", killed_while_names_change, 0, 0 },
    { "rename walks without its lock", rename_walks_without_its_lock, 0, 0 },
    { "a number behind the end", number_behind_the_end, 0, 0 },
    { "an index block changes meanwhile", index_changes_meanwhile, 0, 1 },
    { "many in one directory", many_in_one_directory, 0, 0 },
    { "little memory", little_memory, 200, 0 },
    { "a bad block hits one file", bad_block_hits_one_file, 0, 0 },
    { "the clock is kept", clock_is_kept, 0, 0 },
};

static int
run_claim(int i)
{
    uint blocks;

    if (claims[i].frames)
        real_frames = claims[i].frames;
    check(world_mount() == 0);
    second = 1000;
    cwd = fs_root();
    blocks = blocks_free();
    claims[i].fn();
    check(blocks_free() <= blocks);
    iput(cwd);
    check(inodes_inuse() == 1);     // the mount's own
    check(cache_check() == 0);
    check(log_commit() == 0);
    check(cache_check() == 0 && cache_dirty(DEV_FS) == 0 && log_pending() == 0);
    bevict(100000);
    return 0;
}

int
main(void)
{
    uint i;

    world_init();
    for (i = 0; i < NELEM(claims); i++) {
        memset(sh->disk, 0, sizeof sh->disk);
        check(in_child(do_mkfs, 0) == 0);
        check(in_child(run_claim, i) == 0);
        if (!claims[i].damaged && in_child(quiet_fsck, 0) != 0) {
            in_child(do_fsck, 0);
            fprintf(stderr, "after \"%s\"\n", claims[i].name);
            return 1;
        }
    }
    printf("t_fs: %u claims hold\n", (uint)NELEM(claims));
    return 0;
}
