// fuzz_pairs.c: two processes make calls on the same objects at once.
//
// In each round a worker makes some objects, a file, directories, a pipe,
// memory, forks two processes, and has each make one of a group's calls a few
// times, after a moment that differs from round to round. Each call fails
// only with what another's call can cause; who reads sees what was written;
// a program that starts runs to its end. Afterwards the counts of links agree
// with the names, and all can be removed.

#include "user.h"
#include "fuzz.h"

#define ROUNDS 60
#define MAXOPS 64
#define MAXSEEN 32
#define MAXPROG (128 << 10)

struct duel *duel;
int filefd, logfd, ends[2];
uchar *mem, prog[MAXPROG];
uint progsize;

// Where there is most to go wrong, the most is tried.
static const uchar groups[] = {
    FILES, FILES, FILES, DIRS, DIRS, PROCS, PROCS, RECORDS, PIPES, MEMORY,
};

static const struct op *ops[NGROUP][MAXOPS];
static uint nops[NGROUP];

int
expect(const char *what, int got, unsigned long long set)
{
    if (got < 0 && !(errno < 64 && (set >> errno & 1)))
        found("%s: %s", what, strerror(errno));
    return got;
}

void
pause(uint most)
{
    volatile uint n = rnd(most);

    while (n > 0)
        n--;
}

static void
sort_ops(const struct op *o)
{
    for (; o->name; o++)
        ops[o->group][nops[o->group]++] = o;
}

// ---- what they work on ----

static void
must(const char *what, int got)
{
    if (got < 0)
        found("cannot make %s: %s", what, strerror(errno));
}

static void
load_program(void)
{
    int fd = open("/utx", O_RDONLY), n;

    must("program", fd);
    must("program", n = read(fd, prog, sizeof prog));
    close(fd);
    progsize = n;
    if (progsize == sizeof prog)
        found("/utx has become too large");
}

static void
make_files(void)
{
    static char records[RECORD * 64];
    uint i;

    for (i = 0; i < sizeof records; i++)
        records[i] = 'A' + i / RECORD % 26;
    must("f", filefd = open("f", O_RDWR | O_CREATE));
    must("f", writeall(filefd, prog, progsize));
    must("log", logfd = open("log", O_RDWR | O_CREATE | O_APPEND));
    must("log", writeall(logfd, records, sizeof records));
    lseek(logfd, 0, SEEK_SET);
    must("d", mkdir("d"));
    must("e", mkdir("e"));
    must("e/x", close(open("e/x", O_CREATE | O_RDWR)));
    must("pipe", pipe(ends));
}

static void
make_memory(void)
{
    uint i;

    for (i = 0; i < MEMPAGES * PGSIZE; i += 64)
        mem[i] = i / 64;
    memset(duel, 0, sizeof *duel);
}

// ---- what must hold afterwards ----

static struct seen {
    uint ino, links, names;
} seen[MAXSEEN];
static uint nseen;

static struct seen *
see(uint ino, uint links)
{
    uint i;

    for (i = 0; i < nseen; i++)
        if (seen[i].ino == ino)
            return &seen[i];
    if (nseen == MAXSEEN)
        found("more files than were made");
    seen[nseen] = (struct seen){ ino, links, 0 };
    return &seen[nseen++];
}

static void
walk(const char *path, uint depth)
{
    struct dir *d = opendir(path);
    struct stat st;
    struct dirent *de;
    char *name, *sub;
    uint subdirs = 0;

    if (d == 0 || depth > 8 || stat(path, &st) < 0)
        found("%s: cannot be looked at", path);
    while ((de = readdir(d)) != 0) {
        name = de->d_name;
        if (!strcmp(name, ".") || !strcmp(name, ".."))
            continue;
        sub = pathjoin(path, name);
        if (sub == 0 || stat(sub, &st) < 0 || st.ino != de->d_ino)
            found("%s: no such file", sub);
        if (st.type == T_DIR) {
            subdirs++;
            walk(sub, depth + 1);
        } else {
            see(de->d_ino, st.nlink)->names++;
        }
        free(sub);
    }
    closedir(d);
    if (stat(path, &st) < 0 || st.nlink != 2 + (int)subdirs)
        found("%s: %d links, %u subdirectories", path, st.nlink, subdirs);
}

static void
check_tree(void)
{
    struct stat st;
    uint i;

    nseen = 0;
    walk(".", 0);
    for (i = 0; i < nseen; i++)
        if (seen[i].links != seen[i].names)
            found("inode %u: %u links, %u names", seen[i].ino, seen[i].links,
                  seen[i].names);
    if (fstat(logfd, &st) < 0 ||
        st.size != RECORD * (64 + duel->records))
        found("log: %u bytes after %u records", st.size, duel->records);
    if (duel->sum != duel->added)
        found("shared memory: %u, not %u", duel->sum, duel->added);
}

static void
remove_things(void)
{
    static const char *const names[] = {
        "f", "g", "h", "log", "d", "e", "k"
    };
    struct stat st;
    uint i;

    for (i = 0; i < sizeof names / sizeof names[0]; i++) {
        remove_all(names[i]);
        if (stat(names[i], &st) == 0)
            found("%s cannot be removed", names[i]);
    }
}

// ---- the two ----

static void NORETURN
actor(const struct op *o, uint which)
{
    uint n = 1 + rnd(4);

    stir(which);
    while (duel->go == 0)
        ;
    pause(1u << (5 + rnd(14)));     // forks and execs take long to begin
    while (n-- > 0)
        o->fn();
    exit(0);
}

int
await(int pid)
{
    int status, got = waitpid(pid, &status, 0);

    if (got != pid)
        found("waitpid(%d) gave %d", pid, got);
    return status;
}

static void
judge(const struct op *o, const struct op *other, int st)
{
    if (st == 0)
        return;
    if (WIFEXITED(st) && WEXITSTATUS(st) == FOUND)
        exit(FOUND);                // having said what
    if (!WIFEXITED(st) && (o->flags & MAPS) && (other->flags & CUTS))
        return;
    found("status of %s 0x%x", o->name, st);
}

static void
fight(const struct op *a, const struct op *b)
{
    const struct op *o[2] = { a, b };
    int pid[2], i;

    duel->flags = a->flags | b->flags;
    for (i = 0; i < 2; i++)
        if ((pid[i] = fork()) == 0)
            actor(o[i], i + 1);
    close(ends[0]);
    close(ends[1]);
    duel->go = 1;
    for (i = 0; i < 2; i++) {
        if (pid[i] < 0)
            found("fork: %s", strerror(errno));
        judge(o[i], o[!i], await(pid[i]));
    }
}

static void *
map_anon(uint npages, int flags)
{
    void *p = mmap(0, npages * PGSIZE, PROT_READ | PROT_WRITE,
                   MAP_ANONYMOUS | flags, -1, 0);

    if (p == MAP_FAILED)
        found("mmap: %s", strerror(errno));
    return p;
}

void
fuzz_pairs(void)
{
    static char what[64];
    uint round, group, a, b;

    duel = map_anon(1, MAP_SHARED);
    mem = map_anon(MEMPAGES, MAP_PRIVATE);
    sort_ops(fileops);
    sort_ops(procops);
    load_program();
    for (round = 0; round < ROUNDS; round++) {
        make_files();
        make_memory();
        group = groups[rnd(sizeof groups)];
        a = rnd(nops[group]);
        b = rnd(nops[group]);
        snprintf(what, sizeof what, "%s with %s", ops[group][a]->name,
                 ops[group][b]->name);
        strcpy(flog->why, what);        // should it never end
        doing = what;
        flog->n = round + 1;
        if (verbose)
            printf("%s\n", what);
        fight(ops[group][a], ops[group][b]);
        check_tree();
        close(filefd);
        close(logfd);
        remove_things();
    }
}
