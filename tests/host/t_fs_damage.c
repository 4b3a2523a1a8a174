// t_fs_damage.c: damaged disks. Each seed takes a small tree, damages it in
// one to six places (tools/damage.c), and lets three tasks do all kinds of
// calls on whatever is left, while a fourth writes into frames as a program
// does that has mapped them. Errors are welcome. A panic, a call that does
// not end, a reference that stays, a wrong cache, or a report of the
// sanitizers is not, in the kernel's code or in fsck's, which looks at the
// disk before and after.
//
//     t_fs_damage [SEEDS [FIRST]]

#include "fsworld.h"

#define main damage_main
#define fopen fstools_open
#include "../../tools/damage.c"
#undef fopen
#undef main

// A report ends the child by a signal, not with a status that fsck has, too.
const char *
__asan_default_options(void)
{
    return "abort_on_error=1";
}

const char *
__ubsan_default_options(void)
{
    return "abort_on_error=1";
}

#define SEEDS    500               // in `make check`
#define PATIENCE 60                 // seconds for one seed, at most
#define NTASK    3
#define CALLS    25                 // of each task
#define MAXWALK  60                 // directories and files of a walk
#define MAXDEPTH_WALK 6
#define BIGFILE  (NDIRECT + NINDIRECT + 3)      // blocks: all index blocks

static uint seed;
#define MAXNAME 96
static char paths[NTASK + 1][MAXWALK][MAXNAME];
static uint npaths[NTASK + 1];
static char slashed[NTASK + 1][2][MAXNAME + 1]; // the last two with a slash

// --- a tree to be damaged --------------------------------------------------

static void
make_file(const char *path, uint nbytes)
{
    struct inode *ip = make(path, T_FILE);
    static char buf[8 * BSIZE];
    uint off = 0;

    memset(buf, path[0], sizeof buf);
    while (off < nbytes)
        check(writei(ip, buf, &off, MIN(nbytes - off, sizeof buf), 0) > 0);
    iput(ip);
}

static int
populate(int unused)
{
    char name[32];
    int i;

    (void)unused;
    check(world_mount() == 0);
    cwd = fs_root();
    iput(make("A", T_DIR));
    iput(make("A/B", T_DIR));
    iput(make("A/B/C", T_DIR));
    iput(make("D", T_DIR));
    make_file("big", BIGFILE * BSIZE - 100);
    make_file("mid", 20 * BSIZE);
    make_file("A/small", 100);
    make_file("A/B/some", 3 * BSIZE);
    check(path_link(cwd, "A/small", "D/other") == 0);
    iput(make("node", T_DEV));
    for (i = 0; i < 300; i++) {         // a directory of two blocks
        snprintf(name, sizeof name, "D/%d", i);
        if (i < 8)
            make_file(name, 10);
        else
            check(path_link(cwd, "D/1", name) == 0);
    }
    iput(cwd);
    check(log_commit() == 0);
    return 0;
}

// --- what is done to it ----------------------------------------------------

static const char *
plain_path(int who)
{
    static const char *const fixed[] = {
        "/", ".", "A", "A/B", "A/B/C", "D", "big", "mid", "A/small", "up",
        "A/B/some", "D/other", "A/up", "A/B/up/up", "D/..", "new", "A/new",
        "A/B/C/new", "D/new", "new/x",
    };

    if (npaths[who] > 0 && rand() % 2)
        return paths[who][rand() % npaths[who]];
    return fixed[rand() % NELEM(fixed)];
}

// A call takes two at most.
static const char *
some_path(int who)
{
    static uint turn[NTASK + 1];
    const char *path = plain_path(who);
    char *to;

    if (rand() % 4)
        return path;
    to = slashed[who][turn[who]++ % 2];
    snprintf(to, sizeof slashed[0][0], "%s/", path);
    return to;
}

// Remember what is below a directory, some levels down.
static void
look_around(int who, const char *dir, int depth)
{
    char path[128], name[DIRSIZ + 1];
    struct inode *ip;
    struct dirent de;
    uint off = 0, n = 0;

    if (path_find(cwd, dir, 0, &ip) < 0)
        return;
    while (n++ < 12 && ip->type == T_DIR && npaths[who] < MAXWALK &&
           readi_at(ip, &de, &off, sizeof de) == sizeof de) {
        if (de.inum == 0)
            continue;
        memcpy(name, de.name, DIRSIZ);
        name[DIRSIZ] = 0;
        snprintf(path, sizeof path, "%s/%s", dir, name);
        if (strlen(path) >= sizeof paths[0][0])
            continue;
        strcpy(paths[who][npaths[who]++], path);
        if (depth < MAXDEPTH_WALK && strcmp(name, ".") && strcmp(name, ".."))
            look_around(who, path, depth + 1);
    }
    iput(ip);
}

static void
read_some(struct inode *ip)
{
    static char buf[NTASK + 1][3 * BSIZE];
    uint off = rand() % 3 ? 0 : rand() % (BIGFILE * BSIZE), i;

    for (i = 0; i < 8; i++)
        if (readi_at(ip, buf[0], &off, sizeof buf[0]) <= 0)
            break;
}

static void
write_some_bytes(struct inode *ip)
{
    static char buf[2 * BSIZE + 100];
    static const uint places[] = { 0, 50, 9 * BSIZE, 10 * BSIZE,
        20 * BSIZE - 3, (NDIRECT + NINDIRECT) * BSIZE, 40 * BSIZE };
    uint off = places[rand() % NELEM(places)];

    memset(buf, rand() % 3 ? 0 : rand(), sizeof buf);
    writei(ip, buf, &off, 1 + rand() % sizeof buf, rand() % 3 == 0);
}

// A program that has mapped a file stores into it at any time. Words that
// look like block numbers and inode numbers are the worst that it can store.
static void
scribble(struct inode *ip)
{
    struct page *pg;
    uint i, *word;

    if (iframe(ip, rand() % 4 ? rand() % 3 : rand() % 1100, &pg) < 0)
        return;
    word = page_kva(pg);
    for (i = rand() % 30; i > 0; i--) {
        word[rand() % (BSIZE / 4)] = rand() % 2 ? rand() % 5000 : rand();
        acquire(&wal.lock);             // others may run now
        release(&wal.lock);
    }
    bdirty(pg);
    page_put(pg);
}

static void
use_inode(struct inode *ip)
{
    struct stat st;

    if (ilock(ip) < 0)                  // as open() does
        return;
    iunlock(ip);
    switch (rand() % 8) {
    case 0:
        itrunc(ip, rand() % 2 ? rand() % (30 * BSIZE) : 0);
        break;
    case 1:
        itrunc(ip, rand() % (2000 * BSIZE));
        break;
    case 2: case 3:
        write_some_bytes(ip);
        break;
    case 4:
        if (ideny(ip, DENY_WRITE) == 0) {
            read_some(ip);
            iallow(ip, DENY_WRITE);
        }
        break;
    case 5: case 6:
        scribble(ip);
        break;
    default:
        stati(ip, &st);
        read_some(ip);
    }
}

static void
one_call(int who)
{
    struct inode *ip, *from = cwd;
    char buf[200];

    switch (rand() % 12) {
    case 0:
        if (path_create(cwd, some_path(who), T_DIR, 0, 0, &ip) >= 0)
            iput(ip);
        break;
    case 1: case 2:
        if (path_create(cwd, some_path(who), T_FILE, 0, 0, &ip) >= 0) {
            use_inode(ip);
            iput(ip);
        }
        break;
    case 3:
        path_link(cwd, some_path(who), some_path(who));
        break;
    case 4: case 5:
        path_unlink(cwd, some_path(who));
        break;
    case 6:
        path_rename(cwd, some_path(who), some_path(who));
        break;
    case 7:
        if (path_find(cwd, some_path(who), 0, &from) == 0) {
            path_of(from, buf, sizeof buf);
            path_unlink(from, "new");
            iput(from);
        }
        break;
    case 8:
        if (rand() % 4 == 0)
            fs_sync();
        else
            bevict(rand() % 200);
        break;
    default:
        if (path_find(cwd, some_path(who), 0, &ip) == 0) {
            use_inode(ip);
            use_inode(ip);
            iput(ip);
        }
    }
}

static void
task(int who)
{
    int i;

    npaths[who] = 0;
    look_around(who, "", 0);
    for (i = 0; i < CALLS; i++)
        one_call(who);
}

static int
battery(int unused)
{
    int i;

    (void)unused;
    alarm(PATIENCE);
    srand(seed);
    if (world_mount() < 0)
        return 0;                       // refused: root cannot be had
    cwd = fs_root();
    preemption = 1;
    for (i = 0; i < NTASK; i++)
        spawn(task, i);
    join_all();
    preemption = 0;
    iput(cwd);
    fs_sync();
    fs_sync();
    check(inodes_inuse() == 1);
    check(cache_check() == 0);
    check(wal.credits == 0);
    return 1;
}

// fn in a child of its own, quiet. What it says on standard error is shown
// when it ends by a signal, which ends the test.
static int
run_quietly(int (*fn)(int), const char *what)
{
    FILE *said = tmpfile();
    int status, c;
    pid_t pid;

    check(said && (pid = fork()) >= 0);
    if (pid == 0) {
        check(dup2(fileno(said), 2) == 2 && freopen("/dev/null", "w", stdout));
        _exit(fn(0));
    }
    check(waitpid(pid, &status, 0) == pid);
    if (WIFEXITED(status)) {
        fclose(said);
        return WEXITSTATUS(status);
    }
    rewind(said);
    while ((c = getc(said)) != EOF)
        fputc(c, stderr);
    fprintf(stderr, "t_fs_damage: %s, seed %u: signal %d\n", what, seed,
            WTERMSIG(status));
    exit(1);
}

static int
do_damage(int unused)
{
    char s[16], n[16];
    char *argv[] = { "damage", "-s", s, "-n", n, "DISK", 0 };

    (void)unused;
    snprintf(s, sizeof s, "%u", seed);
    snprintf(n, sizeof n, "%u", 1 + seed % 6);
    return damage_main(6, argv);
}

int
main(int argc, char **argv)
{
    uint seeds = argc > 1 ? atoi(argv[1]) : SEEDS, mounted = 0, unclean = 0;
    uint first = argc > 2 ? atoi(argv[2]) : 1;
    int got;

    world_init();
    check(in_child(populate, 0) == 0);
    memcpy(sh->spare, sh->disk, sizeof sh->disk);
    for (seed = first; seed < first + seeds; seed++) {
        memcpy(sh->disk, sh->spare, sizeof sh->disk);
        check(run_quietly(do_damage, "damage") == 0);
        got = run_quietly(do_fsck, "fsck before");
        check(got <= FSCK_UNUSABLE);
        unclean += got != 0;
        mounted += run_quietly(battery, "battery");
        check(run_quietly(do_fsck, "fsck after") <= FSCK_UNUSABLE);
    }
    printf("t_fs_damage: %u damaged disks, %u seen by fsck, %u mounted\n",
           seeds, unclean, mounted);
    check(unclean > seeds / 2 && mounted > seeds / 2);
    return 0;
}
