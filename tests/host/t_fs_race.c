// t_fs_race.c: two calls at once on the same files, switched at random where
// they take locks. Each race is run with many seeds, each time on a fresh
// kernel; two tasks that wait for each other are a panic (fsworld.h).

#include "fsworld.h"

#define SEEDS  30
#define ROUNDS 40

// Let an entry of a directory lead elsewhere, as damage on a disk does. Its
// directory has one block.
static void
redirect(const char *dir, uint record, const char *target)
{
    struct inode *dp = find_inode(dir), *ip = find_inode(target);
    struct dirent *de;
    struct page *pg;

    check(ilock(dp) == 0 && iblock(dp, 0, &pg) == 0);
    de = (struct dirent *)page_kva(pg) + record;
    names_set(dp->inum, de->name, UNKNOWN, 0);
    de->inum = ip->inum;
    page_put(pg);
    iunlock(dp);
    iput(dp);
    iput(ip);
}

// --- a directory below itself: /A/B/up is /A -------------------------------

static void
cycle_setup(void)
{
    iput(make("A", T_DIR));
    iput(make("A/B", T_DIR));
    iput(make("A/B/up", T_FILE));
    redirect("A/B", 2, "A");
}

static void
cycle_task(int who)
{
    int i;

    for (i = 0; i < ROUNDS; i++) {
        if (who == 0)
            check(path_unlink(cwd, "A/B") == -ENOTEMPTY);
        else if (who == 1)
            check(path_unlink(cwd, "A/B/up") == -EIO);  // not counted
        else
            check(path_rename(cwd, "A/B/up", "A/x") == -EINVAL);
    }
}

// --- a file and a directory, locked by rename and by link ------------------

static void
link_setup(void)
{
    iput(make("F", T_FILE));
    iput(make("D", T_DIR));
    check(path_link(cwd, "F", "D/F") == 0);
}

static void
link_task(int who)
{
    int i, err;

    for (i = 0; i < ROUNDS; i++) {
        if (who == 0) {
            check(path_rename(cwd, "F", "D") == -EISDIR);
        } else if (who == 1) {
            err = path_link(cwd, "F", "D/G");
            check(err == 0 || err == -EEXIST);
        } else {
            err = path_unlink(cwd, "D/G");
            check(err == 0 || err == -ENOENT);
        }
    }
}

// --- an exec while the file is cut or written ------------------------------

#define TEXT (70 * BSIZE)

static void
text_setup(void)
{
    struct inode *ip = make("prog", T_FILE);

    check(itrunc(ip, TEXT) == 0);
    iput(ip);
}

// Who has the right to run it finds size and content as they are, until he
// gives the right back.
static void
run_text(struct inode *ip)
{
    uint size, again, off = 0;
    char byte, then;
    int i, got;

    if (ideny(ip, DENY_WRITE) < 0)
        return;
    check(ilock(ip) == 0);
    size = ip->size;
    check((got = readi(ip, &byte, off, 1)) >= 0);
    iunlock(ip);
    for (i = 0; i < 4; i++) {
        check(ilock(ip) == 0);
        again = ip->size;
        check(readi(ip, &then, off, 1) == got);
        iunlock(ip);
        check(again == size && (got == 0 || then == byte));
    }
    iallow(ip, DENY_WRITE);
}

static void
text_task(int who)
{
    struct inode *ip = find_inode("prog");
    uint off;
    char byte;
    int i, err;

    for (i = 0; i < ROUNDS; i++) {
        off = i % 4 ? 0 : 3;        // 3: inside the file or at its end
        byte = i;
        if (who == 0)
            run_text(ip);
        else if (who == 1)
            err = itrunc(ip, i % 2 ? TEXT : 3);
        else
            err = writei(ip, &byte, &off, 1, i % 2);
        check(who == 0 || err >= 0 || err == -ETXTBSY);
    }
    iput(ip);
}

// --- an append while growing fails -----------------------------------------

#define LEFT 44                     // blocks that are free

static uint appended;

static void
grow_setup(void)
{
    struct inode *ip = make("fill", T_FILE);

    check(itrunc(ip, (blocks_free() - LEFT) * BSIZE) == 0);
    iput(ip);
    iput(make("F", T_FILE));
}

static void
grow_task(int who)
{
    struct inode *ip = find_inode("F");
    uint off = 0, i;

    for (i = 0; i < ROUNDS; i++) {
        if (who == 0)               // all that is free, and an index block
            itrunc(ip, ip->size + blocks_free() * BSIZE);
        else if (who == 1 && writei(ip, "x", &off, 1, 1) == 1)
            appended++;
    }
    iput(ip);
}

// Every byte that was appended is there.
static void
grow_check(void)
{
    struct inode *ip = find_inode("F");
    static uchar buf[2 * LEFT * BSIZE];
    uint off = 0, n, found = 0;
    int got = readi_at(ip, buf, &off, sizeof buf);

    check(got >= 0 && (uint)got == ip->size);
    for (n = 0; n < (uint)got; n++)
        found += buf[n] == 'x';
    check(found == appended);
    iput(ip);
}

// --- a full disk: one gives blocks back, another takes them ----------------

#define GIFTS 20

static uint given;

// File i of the giver ('A' and on) or of the taker ('a' and on).
static struct inode *
gift(char first, uint i)
{
    char path[] = { first + i, 0 };

    return find_inode(path);
}

static void
gift_setup(void)
{
    struct inode *ip;
    char path[2] = "";
    uint i;

    for (i = 0; i < 2 * GIFTS; i++) {
        path[0] = i < GIFTS ? 'A' + i : 'a' + i - GIFTS;
        ip = make(path, T_FILE);
        check(itrunc(ip, i < GIFTS ? BSIZE : 0) == 0);
        iput(ip);
    }
    ip = make("fill", T_FILE);
    check(itrunc(ip, (blocks_free() - LEFT) * BSIZE) == 0);
    while (itrunc(ip, ip->size + BSIZE) == 0)
        ;
    iput(ip);
    check(blocks_free() == 0);
    preempt = 2;
}

static void
give(void)
{
    struct inode *ip;

    for (given = 0; given < GIFTS; given++) {
        ip = gift('A', given);
        check(itrunc(ip, 0) == 0);
        iput(ip);
        if (rand() % 2)
            check(log_commit() == 0);
    }
}

// A block that was freed may not be used before a commit, which another may
// be making; but it is there.
static void
gift_task(int who)
{
    struct inode *ip;
    uint off, taken;

    if (who == 0)
        give();
    for (taken = 0; who == 1 && taken < GIFTS; taken++) {
        while (given == taken) {
            finish_one();           // the disk goes on, too
            switch_task();
        }
        ip = gift('a', taken);
        off = 0;
        check(writei(ip, "x", &off, 1, 0) == 1);
        iput(ip);
    }
}

static const struct race {
    const char *name;
    void (*setup)(void);
    void (*task)(int who);
    void (*after)(void);
    int  damaged;                   // fsck will complain
    uint seeds;
} races[] = {
    { "unlinks in a cycle", cycle_setup, cycle_task, 0, 1, SEEDS },
    { "rename and link", link_setup, link_task, 0, 0, SEEDS },
    { "exec and ftruncate", text_setup, text_task, 0, 0, SEEDS },
    { "growing and appending", grow_setup, grow_task, grow_check, 0, SEEDS },
    { "taking what was given back", gift_setup, gift_task, 0, 0, 4 * SEEDS },
};

static uint seed;

static int
run_race(int i)
{
    uint who;

    check(world_mount() == 0);
    cwd = fs_root();
    races[i].setup();
    srand(seed);
    preemption = 1;
    for (who = 0; who < 3; who++)
        spawn(races[i].task, who);
    join_all();
    preemption = 0;
    if (races[i].after)
        races[i].after();
    iput(cwd);
    check(inodes_inuse() == 1 && cache_check() == 0);
    check(log_commit() == 0);
    return 0;
}

int
main(void)
{
    uint i;

    world_init();
    memcpy(sh->spare, sh->disk, sizeof sh->disk);
    for (i = 0; i < NELEM(races); i++) {
        for (seed = 1; seed <= races[i].seeds; seed++) {
            memcpy(sh->disk, sh->spare, sizeof sh->disk);
            check(in_child(run_race, i) == 0);
            if (races[i].damaged || in_child(quiet_fsck, 0) == 0)
                continue;
            in_child(do_fsck, 0);
            fprintf(stderr, "after \"%s\", seed %u\n", races[i].name, seed);
            return 1;
        }
    }
    printf("t_fs_race: %u races, %u seeds or more each\n",
           (uint)NELEM(races), SEEDS);
    return 0;
}
