// t_fs_crash.c: power cuts. Several tasks work on one file system at once;
// from the journal of the disk's writes many images are made that a cut at
// some point may leave. On each: fsck finds nothing (log considered); the
// kernel mounts it; no file shows another one's bytes; what was synced is
// there; the tree can be worked on; fsck finds nothing again.
//
//     t_fs_crash [seed [rounds]]

#include "fsworld.h"

#define NTASKS  6
#define NSTEPS  60
#define NFILES  4                   // own files of a task
#define NDIRS   4
#define CUTS    12                  // images from each round
#define LEFT    80                  // free blocks on a full disk
#define SYNCED  (3 * BSIZE)         // bytes of a synced file

static uint next_id = 1;
static int finished;

static void
random_dir(char *path)
{
    static const char *const dirs[] = { "", "d0/", "d1/", "d2/", "d3/",
                                        "d0/d1/", "d1/d2/", "d2/d0/" };

    strcpy(path, dirs[rand() % NELEM(dirs)]);
}

static void
random_path(char *path, const char *kind, int n)
{
    random_dir(path);
    sprintf(path + strlen(path), "%s%d", kind, rand() % n);
}

// Names that everybody fights for; whatever happens, nothing may break.
static void
fight(void)
{
    char a[64], b[64];
    const char *kind = rand() % 2 ? "d" : "x";
    struct inode *ip;

    random_path(a, kind, NDIRS);
    random_path(b, rand() % 8 ? kind : "x", NDIRS);
    switch (rand() % 6) {
    case 0:
    case 1:
        if (path_create(cwd, a, *kind == 'd' ? T_DIR : T_FILE, 0, 0,
                        &ip) >= 0)
            iput(ip);
        break;
    case 2:
        path_unlink(cwd, a);
        break;
    case 3:
    case 4:
        path_rename(cwd, a, b);
        break;
    default:
        path_link(cwd, a, b);
        break;
    }
}

static void
fill_words(struct inode *ip, uint id, uint off, uint n)
{
    static uint words[16 * BSIZE / 4];
    uint *mine = memcpy(malloc(n), words, n), i;

    for (i = 0; i < n / 4; i++)
        mine[i] = id;
    writei(ip, mine, &off, n, 0);
    free(mine);
}

// A file that only this task writes, all words the same.
static void
own_file(int task, uint *ids)
{
    char path[64], other[64];
    struct inode *ip;
    int k = rand() % NFILES;

    sprintf(path, "t%d-%d", task, k);
    if (path_find(cwd, path, 0, &ip) < 0) {
        if (path_create(cwd, path, T_FILE, 0, 0, &ip) < 0)
            return;
        ids[k] = next_id++;
    }
    switch (rand() % 8) {
    case 0:
        itrunc(ip, rand() % 20000 * 4);
        break;
    case 1:
        path_unlink(cwd, path);
        break;
    case 2:
        random_dir(other);
        sprintf(other + strlen(other), "t%d-%d", task, NFILES);
        path_rename(cwd, path, other);
        break;
    case 3:
        fill_words(ip, ids[k], rand() % 60000 * 4, rand() % 1000 * 4);
        break;
    default:
        fill_words(ip, ids[k], rand() % 3 * BSIZE, rand() % 16000 * 4);
        break;
    }
    iput(ip);
}

static void
synced_file(void)
{
    char path[64];
    struct inode *ip;
    uint k = sh->nsynced;
    int made;

    if (k == MAXSYNC)
        return;
    sprintf(path, "s%u", k);
    made = path_create(cwd, path, T_FILE, 0, 0, &ip);
    if (made > 0)                   // another task has: the file is its
        iput(ip);
    if (made != 0)
        return;
    fill_words(ip, 0x50000000 + k, 0, SYNCED);
    if (ilock(ip) == 0) {
        if (ip->size == SYNCED) {
            sh->synced[k] = ~0u;
            sh->nsynced++;
        }
        iunlock(ip);
    }
    iput(ip);
    if (k < sh->nsynced) {
        check(fs_sync() == 0);
        sh->synced[k] = sh->epoch;
    }
}

static void
worker(int task)
{
    uint ids[NFILES + 1] = { 0 };
    int i;

    for (i = 0; i < NSTEPS; i++) {
        if (rand() % 2)
            fight();
        else if (rand() % 16)
            own_file(task, ids);
        else if (rand() % 4 == 0)
            synced_file();
        if (rand() % 4 == 0)
            finish_one();
    }
    finished++;
}

static void
committer(int ntasks)
{
    while (finished < ntasks) {
        log_await_work();
        free_deferred();
        check(log_commit() == 0);
        check(cache_check() == 0);
        if (rand() % 4 == 0)
            bevict(1000);
    }
}

// Leave so little room that blocks are used again at once.
static void
fill_disk(void)
{
    struct inode *ip;

    check(path_create(cwd, "filler", T_FILE, 0, 0, &ip) == 0);
    check(itrunc(ip, (blocks_free() - LEFT) * BSIZE) == 0);
    check(log_commit() == 0);
    iput(ip);
}

static int
workload(int seed)
{
    int i;

    srand(seed);
    real_frames = seed % 3 ? 2000 : 350;
    check(world_mount() == 0);
    cwd = fs_root();
    if (seed % 2)
        fill_disk();
    journal_begin();
    preemption = 1;
    for (i = 0; i < NTASKS; i++)
        spawn(worker, i);
    spawn(committer, NTASKS);
    join_all();
    preemption = 0;
    iput(cwd);
    check(inodes_inuse() == 1);
    check(fs_sync() == 0);
    check(inodes_inuse() == 1 && cache_check() == 0);
    check(cache_dirty(DEV_FS) == 0);
    check(wal.credits == 0);
    return 0;
}

// --- after the cut --------------------------------------------------------

static uint cut_epoch;
static char note[64];               // which cut this is, for messages

static void
check_words(struct inode *ip, const char *name)
{
    uint size = ip->size, i, id = 0;
    uint *words = malloc(size + 4);

    iunlock(ip);
    i = 0;
    check(readi_at(ip, words, &i, size) == (int)size);
    for (i = 0; i < size / 4; i++) {
        if (words[i] && id && words[i] != id)
            fprintf(stderr, "%s: %s: word %u: %x and %x\n", note, name, i,
                    words[i], id);
        check(words[i] == 0 || id == 0 || words[i] == id);
        id = words[i] ? words[i] : id;
    }
    free(words);
    check(ilock(ip) == 0);
}

static void
check_tree_of(struct inode *dp, int depth)
{
    struct dirent de;
    struct inode *ip;
    uint off;

    check(depth < 20);
    for (off = 2 * sizeof de; ; off += sizeof de) {
        check(ilock(dp) == 0);
        int n = readi(dp, &de, off, sizeof de);
        iunlock(dp);
        if (n <= 0)
            break;
        if (de.inum == 0)
            continue;
        check((ip = iget(de.inum)) != 0);
        check(ilock(ip) == 0);
        if (ip->type == T_FILE)
            check_words(ip, de.name);
        n = ip->type;
        iunlock(ip);
        if (n == T_DIR)
            check_tree_of(ip, depth + 1);
        iput(ip);
    }
}

static void
check_synced(void)
{
    uint k, off, buf[SYNCED / 4];
    struct inode *ip;
    char path[32];

    for (k = 0; k < sh->nsynced; k++) {
        if (sh->synced[k] > cut_epoch)
            continue;
        sprintf(path, "s%u", k);
        check(path_find(cwd, path, 0, &ip) == 0);
        off = 0;
        check(readi_at(ip, buf, &off, SYNCED) == SYNCED);
        for (off = 0; off < SYNCED / 4; off++)
            check(buf[off] == 0x50000000 + k);
        iput(ip);
    }
}

static int
boot_and_look(int unused)
{
    struct inode *ip;
    uint before, off = 0;

    (void)unused;
    check(world_mount() == 0);
    cwd = fs_root();
    check_tree_of(cwd, 0);
    check_synced();
    path_unlink(cwd, "filler");
    check(path_create(cwd, "after", T_DIR, 0, 0, &ip) == 0);
    iput(ip);
    before = blocks_free();
    check(path_create(cwd, "after/f", T_FILE, 0, 0, &ip) == 0);
    check(writei(ip, "hello", &off, 5, 0) == 5 || before < 3);
    iput(ip);
    check(path_unlink(cwd, "after/f") == 0);
    check(fs_sync() == 0);
    check(inodes_inuse() == 1 && cache_check() == 0);
    return 0;
}

static void
cut(uint round)
{
    uint at = rand() % (sh->njour + 1);

    crash_image(at);
    snprintf(note, sizeof note, "round %u, cut %u of %u", round, at,
             sh->njour);
    cut_epoch = at < sh->njour ? sh->jour[at].epoch : sh->epoch;
    if (in_child(quiet_fsck, 0) != 0) {
        in_child(do_fsck, 0);
        fprintf(stderr, "%s\n", note);
        exit(1);
    }
    check(in_child(boot_and_look, 0) == 0);
    if (in_child(quiet_fsck, 0) != 0) {
        in_child(do_fsck, 0);
        fprintf(stderr, "%s, after mounting\n", note);
        exit(1);
    }
}

int
main(int argc, char **argv)
{
    uint seed = argc > 1 ? atoi(argv[1]) : 1;
    uint rounds = argc > 2 ? atoi(argv[2]) : 12, i, k, writes = 0;

    world_init();
    for (i = seed; i < seed + rounds; i++) {
        memset(sh->disk, 0, sizeof sh->disk);
        check(in_child(do_mkfs, 0) == 0);
        check(in_child(workload, i) == 0);
        if (in_child(quiet_fsck, 0) != 0) {
            in_child(do_fsck, 0);
            fprintf(stderr, "round %u\n", i);
            return 1;
        }
        writes += sh->njour;
        srand(i);
        for (k = 0; k < CUTS; k++)
            cut(i);
    }
    printf("t_fs_crash: %u cuts in %u writes\n", rounds * CUTS, writes);
    return 0;
}
