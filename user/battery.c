// battery.c: all kinds of file calls on whatever tree there is, for disks
// that tools/damage has been at (tests/42-damage.t).
//
//     battery -p        make a tree that is worth damaging; tell the inodes of
//                       the programs that all this needs
//     battery [SEED]    two processes use the tree, and what they find in it
//
// Calls may fail. They may not fail to come back: workers that have not
// ended after a while are killed, and status 1 says that one of them cannot
// be. Status 0 otherwise, and 2 when the kernel's own books are wrong.

#include "user.h"

#define WORKERS  2
#define CALLS    120                // of each
#define LIMIT    (20 * HZ)          // for all, and for dying
#define MAXPATHS 64
#define PATHLEN  80
#define MAXDEPTH 6
#define MOSTREAD 600                // blocks of one file

static char paths[MAXPATHS][PATHLEN];
static int npaths;
static uint seed;
static char buf[2 * BSIZE];

static int
chance(int n)
{
    seed = seed * 1664525 + 1013904223;
    return (seed >> 8) % n;
}

static void
make(const char *path, uint nbytes)
{
    int fd = open(path, O_CREATE | O_RDWR);
    uint n;

    memset(buf, path[0], sizeof buf);
    for (; nbytes > 0; nbytes -= n) {
        n = nbytes < sizeof buf ? nbytes : sizeof buf;
        if (writeall(fd, buf, n) < 0)
            err(1, "%s", path);
    }
    close(fd);
}

static void
populate(void)
{
    char name[32];
    int i;

    mkdir("A");
    mkdir("A/B");
    mkdir("A/B/C");
    mkdir("D");
    make("big", (NDIRECT + NINDIRECT + 3) * BSIZE - 100);
    make("mid", 20 * BSIZE);
    make("A/small", 100);
    make("A/B/some", 3 * BSIZE);
    for (i = 0; i < 300; i++) {     // a directory of two blocks
        snprintf(name, sizeof name, "D/%d", i);
        if (i < 8)
            make(name, 10);
        else
            link("D/1", name);
    }
    sync();
}

// Remember what is below a directory.
static void
look_around(const char *dir, int depth)
{
    struct dir *d = opendir(dir);
    char path[PATHLEN], *name;
    int n = 0;

    if (d == 0)
        return;
    while (n++ < 16 && npaths < MAXPATHS && (name = nextname(d)) != 0) {
        if (strlen(dir) + strlen(name) + 2 > PATHLEN)
            continue;
        snprintf(path, sizeof path, "%s/%s", dir, name);
        strcpy(paths[npaths++], path);
        if (depth < MAXDEPTH && strcmp(name, ".") && strcmp(name, ".."))
            look_around(path, depth + 1);
    }
    closedir(d);
}

static const char *
some(void)
{
    static const char *const fixed[] = {
        "/", ".", "A", "A/B", "A/B/C", "D", "big", "mid", "A/small", "up",
        "A/B/some", "D/100", "A/up", "A/B/up/up", "D/..", "new", "A/new",
        "A/B/C/new", "D/new", "new/x",
    };
    const int n = sizeof fixed / sizeof *fixed;

    if (npaths > 0 && chance(2))
        return paths[chance(npaths)];
    return fixed[chance(n)];
}

static void
read_all(int fd)
{
    int n = 0;

    lseek(fd, chance(3) ? 0 : chance(4 << 20), SEEK_SET);
    while (n++ < MOSTREAD / 2 && read(fd, buf, sizeof buf) > 0)
        ;
}

static void
write_there(int fd)
{
    static const int places[] = { 0, 50, 9 * BSIZE, 10 * BSIZE, 20 * BSIZE,
        (NDIRECT + NINDIRECT) * BSIZE };
    const int n = sizeof places / sizeof *places;

    lseek(fd, chance(3) ? places[chance(n)] : 0,
          chance(3) ? SEEK_SET : SEEK_END);
    memset(buf, chance(2) ? 0 : chance(256), sizeof buf);
    write(fd, buf, 1 + chance(sizeof buf));
}

// Store what looks like block and inode numbers into a mapped file. A store
// may be a fault that kills: a child does it.
static void
map_and_store(int fd)
{
    uint *p, i;

    if (fork() == 0) {
        p = mmap(0, 16 * PGSIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        for (i = 0; p != MAP_FAILED && i < 40; i++)
            p[chance(chance(2) ? 1024 : 4096)] = chance(3000);
        _exit(0);
    }
    wait(0);
}

static void
run_it(const char *path)
{
    char *argv[] = { "x", 0 };

    if (strcmp(progname, path) == 0 || strstr(path, "battery"))
        return;                     // enough of us
    if (fork() == 0) {
        close(0);
        close(1);
        close(2);
        exec(path, argv);
        _exit(0);
    }
    sleep(2);
}

static void
use(const char *path)
{
    int fd = open(path, chance(4) ? O_RDWR : O_RDONLY);
    struct stat st;

    if (fd < 0 && (fd = open(path, O_RDONLY)) < 0)
        return;
    if (fstat(fd, &st) < 0 || st.type == T_DEV) {
        close(fd);
        return;
    }
    switch (chance(6)) {
    case 0:
        ftruncate(fd, chance(2) ? 0 : chance(30 * BSIZE));
        break;
    case 1:
        ftruncate(fd, chance(5 << 20));
        break;
    case 2:
        write_there(fd);
        if (chance(3) == 0)
            fsync(fd);
        break;
    case 3:
        map_and_store(fd);
        break;
    default:
        read_all(fd);
    }
    close(fd);
}

static void
one_call(void)
{
    char cwd[200];
    int fd;

    switch (chance(12)) {
    case 0:
        mkdir(some());
        break;
    case 1: case 2:
        if ((fd = open(some(), O_CREATE | O_RDWR)) >= 0) {
            write_there(fd);
            close(fd);
        }
        break;
    case 3:
        link(some(), some());
        break;
    case 4: case 5:
        unlink(some());
        break;
    case 6:
        rename(some(), some());
        break;
    case 7:
        chdir(some());
        workdir(cwd, sizeof cwd);
        chdir("/");
        break;
    case 8:
        if (chance(3) == 0)
            sync();
        else if (chance(3) == 0)
            run_it(some());
        break;
    default:
        use(some());
    }
}

static void
work(uint mine)
{
    int i;

    seed = mine;
    look_around("", 0);
    look_around("/", 0);
    for (i = 0; i < CALLS; i++)
        one_call();
    _exit(0);
}

// Wait for one of the workers, and for whom they left behind, but not long.
static int
reap(int limit)
{
    int until = uptime() + limit, pid, st;

    while (uptime() < until) {
        if ((pid = waitpid(-1, &st, WNOHANG)) < 0)
            return 1;
        if (pid == 0)
            sleep(1);
    }
    return 0;
}

// The inodes of what must be sound for this to run at all.
static void
tell_programs(void)
{
    static const char *const path[] = { "/init", "/sh", "/battery" };
    struct stat st;
    uint i;

    printf("programs:");
    for (i = 0; i < sizeof path / sizeof path[0]; i++)
        if (stat(path[i], &st) == 0)
            printf(" %u", st.ino);
    printf("\n");
}

int
main(int argc, char **argv)
{
    struct kcheckinfo k;
    int pid[WORKERS], i;
    uint base;

    setlinebuf(stdout);             // forks copy no text, deaths lose none
    if (argc > 1 && strcmp(argv[1], "-p") == 0) {
        populate();
        tell_programs();
        return 0;
    }
    base = argc > 1 ? atoi(argv[1]) : 1;
    for (i = 0; i < WORKERS; i++)
        if ((pid[i] = fork()) == 0)
            work(base * 1000 + i);
    if (!reap(LIMIT)) {
        printf("battery: not done yet: killed\n");
        for (i = 0; i < WORKERS; i++)
            kill(pid[i]);
        if (!reap(LIMIT)) {
            printf("battery: one cannot be killed\n");
            return 1;
        }
    }
    sync();
    memset(&k, 0, sizeof k);
    k.size = sizeof k;
    if (kcheck(&k) == 0 && k.broken > 0) {
        printf("battery: kcheck found something wrong\n");
        return 2;
    }
    printf("battery: done\n");
    return 0;
}
