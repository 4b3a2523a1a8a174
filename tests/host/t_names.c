// t_names.c: what the name cache says is what the directories say.
//
// Tasks make, move and remove a few files and directories, all under the same
// few names, so that names come and go and directories' numbers are used
// again; the table is small, so that rows overflow. Whenever a task has a
// look, and at the end, everything in the table is compared with a search of
// the directory itself.

#include "fsworld.h"

#define NTASKS  4
#define NSTEPS  400
#define NROUNDS 30

static uint compared, busy;

static const char *
some_path(char *buf)
{
    static const char *const part[] = { "a", "b", "c", "..", "." };
    int n = 1 + rand() % 3;

    buf[0] = 0;
    while (n-- > 0) {
        strcat(buf, part[rand() % (n ? 5 : 3)]);
        if (n > 0)
            strcat(buf, "/");
    }
    return buf;
}

static void
some_change(void)
{
    char from[32], to[32];
    struct inode *ip;
    int err;

    some_path(from);
    switch (rand() % 8) {
    case 0: case 1:
        if (path_create(cwd, from, T_DIR, 0, 0, &ip) >= 0)
            iput(ip);
        break;
    case 2:
        if (path_create(cwd, from, T_FILE, 0, 0, &ip) >= 0)
            iput(ip);
        break;
    case 3:
        path_link(cwd, from, some_path(to));
        break;
    case 4:
        path_rename(cwd, from, some_path(to));
        break;
    case 5:
        path_unlink(cwd, from);
        break;
    default:
        if ((err = path_find(cwd, from, 0, &ip)) == 0)
            iput(ip);
        check(err == 0 || err == -ENOENT || err == -ENOTDIR);
    }
}

// One thing that the table says. Its place may be given to another name at
// any moment, but as long as it is there, and the directory is locked, it is
// true. The directory may have gone, and its number may even be a file's by
// now: then nothing but "no such name" may be left, and ".", which
// names_step() never hands out of a removed directory.
static void
compare(const struct known *k)
{
    struct known was = *k;
    struct inode *dp = iget(was.key.de.inum);
    const char *name = was.key.de.name;
    uint off = was.off;
    int live, inum = 0;

    check(dp);
    live = ilock(dp) == 0;
    if (live && dp->type == T_DIR && dp->nlink)
        inum = dir_search(dp, name, &off);
    else if (strcmp(name, ".") == 0)
        inum = was.inum;
    if (memcmp(k, &was, sizeof was) == 0 && was.inum != UNKNOWN) {
        check(inum == was.inum && (inum == 0 || off == was.off));
        compared += inum > 0;
    }
    if (live)
        iunlock(dp);
    iput(dp);
}

static void
compare_all(void)
{
    uint t, i;

    for (t = 0; t < names.nframes; t++)
        for (i = 0; i < ROWS * WAYS; i++)
            if (names.rows[t][i].key.de.inum)
                compare(&names.rows[t][i]);
}

static void
worker(int task)
{
    int i;

    (void)task;
    for (i = 0; i < NSTEPS; i++) {
        some_change();
        if (rand() % 64 == 0)
            compare_all();
    }
    busy--;
}

static void
committer(int unused)
{
    (void)unused;
    while (busy > 0) {
        log_await_work();
        free_deferred();
        check(log_commit() == 0);
        inodes_trim();
    }
}

static int
around(int seed)
{
    int i;

    srand(seed);
    check(world_mount() == 0);
    cwd = fs_root();
    preemption = 1;
    busy = NTASKS;
    for (i = 0; i < NTASKS; i++)
        spawn(worker, i);
    spawn(committer, 0);
    join_all();
    preemption = 0;
    compare_all();
    check(compared > 0);
    iput(cwd);
    check(fs_sync() == 0);
    check(inodes_inuse() == 1);
    return 0;
}

int
main(void)
{
    int seed;

    world_init();
    for (seed = 1; seed <= NROUNDS; seed++) {
        memset(sh->disk, 0, sizeof sh->disk);
        check(in_child(do_mkfs, 0) == 0);
        check(in_child(around, seed) == 0);
        if (in_child(quiet_fsck, 0) != 0) {
            in_child(do_fsck, 0);
            fprintf(stderr, "after seed %d\n", seed);
            return 1;
        }
    }
    printf("t_names: %d rounds agree\n", NROUNDS);
    return 0;
}
