// usertests.c: runs the cases of ut_*.c and recounts the kernel after each.
//
//   usertests [-l] [-q] [name ...]
//
// -l lists the cases, -q leaves out the slow ones, a name selects a case or
// a whole file of them ("pipe"). Each case runs in a child, in the directory
// /ut, and is killed with all its descendants when its time is over. Its
// first complaint comes back through a pipe and becomes its line:
//
//   ok pipe_eof
//   FAIL dir_rename: user/ut_dir.c:77: rename("a", "b") gave -1, errno 2
//
// After a case the invariant checker must find nothing broken and the same
// number of everything as before it: user pages, page tables and other
// frames, processes, open files, inodes and so on. What ends by itself a
// little later (an orphan that init has to reap) is given SETTLE ticks. User
// pages may become fewer or become swap slots, when memory was short and
// processes that sleep lost some; ours are all touched before each count.
// Nothing may be left in /ut or added to the root.
//
// The kernel lets itself be recounted, and its failures be planned, only with
// the boot argument test=on. Without it the cases run alone, and those that
// need either end as
//
//   skip cow_copies_once: needs the boot argument test=on
//
// Ends with "N passed, M failed", then ", K skipped" if any were, and status
// 0 if M is 0.

#include "user.h"
#include "ut.h"

#define WORKDIR    "/ut"
#define WHYMAX     200
#define QUICKLIMIT (60 * HZ)
#define SLOWLIMIT  (300 * HZ)
#define SETTLE     (3 * HZ)
#define MAXPROCS   64
#define MAXREGIONS 16
#define STACKUSED  (4 * PGSIZE)

// Parts that are missing are left out.
#pragma weak ut_file
#pragma weak ut_pipe
#pragma weak ut_dir
#pragma weak ut_limit
#pragma weak ut_proc
#pragma weak ut_kill
#pragma weak ut_stop
#pragma weak ut_libc
#pragma weak ut_mem
#pragma weak ut_trap
#pragma weak ut_exec
#pragma weak ut_heap
#pragma weak ut_stack
#pragma weak ut_cow
#pragma weak ut_mmap
#pragma weak ut_protect
#pragma weak ut_pointers
#pragma weak ut_tlb
#pragma weak ut_switches
#pragma weak ut_inject
#pragma weak ut_doors

struct group {
    const char *name;
    const struct utcase *cases;
};

static const struct group groups[] = {
    { "file", ut_file }, { "pipe", ut_pipe }, { "dir", ut_dir },
    { "limit", ut_limit }, { "proc", ut_proc }, { "kill", ut_kill },
    { "stop", ut_stop }, { "libc", ut_libc },
    { "mem", ut_mem }, { "trap", ut_trap }, { "exec", ut_exec },
    { "heap", ut_heap }, { "stack", ut_stack }, { "cow", ut_cow },
    { "mmap", ut_mmap }, { "protect", ut_protect },
    { "pointers", ut_pointers }, { "tlb", ut_tlb },
    { "switches", ut_switches }, { "inject", ut_inject },
    { "doors", ut_doors },
};
#define NGROUPS (sizeof(groups) / sizeof(groups[0]))

// What must be the same before and after.
struct world {
    struct kcheckinfo k;
    int rootnames;
    uint others;                    // resident pages of other processes
};

static const struct {
    const char *name;
    uint off;
} counts[] = {
#define COUNT(f) { #f, __builtin_offsetof(struct world, k.f) }
    COUNT(user), COUNT(slots), COUNT(pagetables), COUNT(kernel),
    COUNT(procs), COUNT(files), COUNT(inodes), COUNT(regions), COUNT(pipes),
    { "names in /", __builtin_offsetof(struct world, rootnames) },
};
#define NCOUNTS (sizeof(counts) / sizeof(counts[0]))
#define PAGECOUNTS 2                // the first two may go down

static int whyfd = -1;              // the pipe's reading end, in the parent
static int quick;
static int hooks;                   // kcheck and failmark are allowed

// Have every page of ours that the run will need: code and data are loaded,
// and come back, when they are touched.
static void
touch_all(void)
{
    static struct regioninfo r[MAXREGIONS];
    int i, n = regions(getpid(), r, MAXREGIONS);
    uint va;

    for (i = 0; i < n && i < MAXREGIONS; i++) {
        va = r[i].start;
        if (r[i].kind == R_STACK)
            va = r[i].end - STACKUSED;
        for (; va < r[i].end; va += PGSIZE)
            if (r[i].prot & PROT_WRITE)
                *(volatile char *)va = *(volatile char *)va;
            else if (r[i].prot & PROT_READ)
                (void)*(volatile char *)va;
    }
}

static uint
resident_elsewhere(void)
{
    static struct procinfo p[MAXPROCS];
    int i, n = procs(p, MAXPROCS);
    uint pages = 0;

    for (i = 0; i < n && i < MAXPROCS; i++)
        if (p[i].pid != getpid())
            pages += p[i].resident;
    return pages;
}

static void
look(struct world *w)
{
    touch_all();
    memset(w, 0, sizeof(*w));
    w->k.size = sizeof(w->k);
    if (hooks && kcheck(&w->k) < 0)
        err(2, "kcheck");
    w->rootnames = ut_count("/");
    w->others = resident_elsewhere();
}

static uint
count(const struct world *w, uint i)
{
    return *(const uint *)((const char *)w + counts[i].off);
}

// User pages became fewer, perhaps for slots, or others (init, the shell)
// have some of theirs back.
static int
shrunk(const struct world *was, const struct world *now)
{
    uint back = now->others > was->others ? now->others - was->others : 0;

    return now->k.user <= was->k.user + back
        && now->k.user + now->k.slots <= was->k.user + was->k.slots + back;
}

// 0 if nothing is broken and all is as before; else why holds what is not.
static int
compare(const struct world *was, const struct world *now, char *why)
{
    uint i, n = 0;

    if (now->k.broken) {
        snprintf(why, WHYMAX, "%u invariants broken", now->k.broken);
        return -1;
    }
    for (i = shrunk(was, now) ? PAGECOUNTS : 0; i < NCOUNTS && n < WHYMAX; i++)
        if (count(was, i) != count(now, i))
            n += snprintf(why + n, WHYMAX - n, "%s%s %u -> %u",
                          n ? ", " : "left behind: ", counts[i].name,
                          count(was, i), count(now, i));
    return n ? -1 : 0;
}

static int
recount(struct world *was, char *why)
{
    uint start = uptime();
    struct world now;
    int r;

    for (;;) {
        look(&now);
        r = compare(was, &now, why);
        if (r == 0 || now.k.broken || uptime() - start > SETTLE)
            break;
        sleep(2);
    }
    if (shrunk(was, &now) && now.k.user < was->k.user) {
        now.k.user = was->k.user;   // they may come back
        now.k.slots = was->k.slots;
    }
    *was = now;
    return r;
}

// Kill everybody in the case's process group; how many there were.
static int
kill_group(int pgrp)
{
    static struct procinfo p[MAXPROCS];
    int i, n = procs(p, MAXPROCS), killed = 0;

    for (i = 0; i < n && i < MAXPROCS; i++) {
        if (p[i].pgrp != pgrp || p[i].state == ZOMBIE)
            continue;
        kill(p[i].pid);
        killed++;
    }
    return killed;
}

static void
child(const struct utcase *c)
{
    setpgrp(0, 0);
    close(whyfd);
    if (chdir(WORKDIR) < 0)
        ut_fail("cannot enter " WORKDIR ": %s", strerror(errno));
    c->run();
    exit(0);
}

// Wait for the case; its status, or -1 when it took too long.
static int
await(int pid, uint limit)
{
    uint start = uptime();
    int status, late = 0;

    while (waitpid(pid, &status, WNOHANG) == 0) {
        if (!late && uptime() - start > limit)
            late = 1;
        if (late)
            kill_group(pid);
        sleep(1);
    }
    return late ? -1 : status;
}

// What the case has complained of, up to the mark that we write behind it.
static void
hear(char *why)
{
    uint n = 0;
    char c;

    write(WHYFD, "", 1);
    while (read(whyfd, &c, 1) == 1 && c)
        if (n < WHYMAX - 1)
            why[n++] = c;
    why[n] = 0;
}

// Run one case; 0 if it did what it should, else why.
static int
attempt(const struct utcase *c, char *why)
{
    int status, what, pid = fork();

    if (pid < 0) {
        snprintf(why, WHYMAX, "fork: %s", strerror(errno));
        return -1;
    }
    if (pid == 0)
        child(c);
    status = await(pid, c->flags & SLOW ? SLOWLIMIT : QUICKLIMIT);
    hear(why);
    for (what = 0; what < NFAIL && hooks; what++)
        failmark(what, 0);
    if (status == 0 && why[0] == 0 && kill_group(pid))
        snprintf(why, WHYMAX, "left processes behind");
    else if (status == -1)
        snprintf(why, WHYMAX, "took too long");
    else if (why[0] == 0 && status != 0)
        snprintf(why, WHYMAX, "ended with status 0x%x", status);
    kill_group(pid);
    return why[0] ? -1 : 0;
}

static int
tidy(char *why)
{
    int n = ut_count(WORKDIR);

    if (n == 0)
        return 0;
    snprintf(why, WHYMAX, "left %d files behind", n);
    ut_remove(WORKDIR);
    mkdir(WORKDIR);
    return -1;
}

enum verdict { PASSED, FAILED, LEFT_OUT, NVERDICT };

static enum verdict
verdict(const struct utcase *c, struct world *was)
{
    char why[WHYMAX], why2[WHYMAX], why3[WHYMAX];
    int bad = attempt(c, why), left = tidy(why2), changed;

    changed = recount(was, why3);
    if (bad && strncmp(why, NOHOOKS, strlen(NOHOOKS)) == 0) {
        printf("skip %s: " NOHOOKS "\n", c->name);
        return LEFT_OUT;
    }
    if (!bad && !left && !changed) {
        printf("ok %s\n", c->name);
        return PASSED;
    }
    printf("FAIL %s: %s\n", c->name, bad ? why : left ? why2 : why3);
    if (changed && (bad || left))
        printf("# %s: %s\n", c->name, why3);
    return FAILED;
}

static int
selected(const struct group *g, const struct utcase *c, char **names)
{
    if (!*names)
        return !quick || !(c->flags & SLOW);
    for (; *names; names++)
        if (strcmp(*names, c->name) == 0)
            return 1;
        else if (strcmp(*names, g->name) == 0)
            return !quick || !(c->flags & SLOW);
    return 0;
}

static void
each(char **names, void (*fn)(const struct utcase *, void *), void *arg)
{
    const struct utcase *c;
    uint g;

    for (g = 0; g < NGROUPS; g++)
        for (c = groups[g].cases; c && c->name; c++)
            if (selected(&groups[g], c, names))
                fn(c, arg);
}

static void
list_one(const struct utcase *c, void *arg)
{
    (void)arg;
    printf("%s%s\n", c->name, c->flags & SLOW ? " (slow)" : "");
}

struct score {
    struct world was;
    int n[NVERDICT];
};

static void
run_one(const struct utcase *c, void *arg)
{
    struct score *s = arg;

    s->n[verdict(c, &s->was)]++;
}

static void
count_one(const struct utcase *c, void *arg)
{
    (void)c;
    ++*(int *)arg;
}

static void
nothing(void)
{
}

// The pipe, the directory, and every page of ours that the runs will touch.
static void
prepare(void)
{
    static const struct utcase warmup = { "warmup", nothing, QUICK };
    char why[WHYMAX];
    int fd[2];

    if (pipe(fd) < 0 || dup2(fd[1], WHYFD) < 0)
        err(2, "pipe");
    close(fd[1]);
    whyfd = fd[0];
    if (chdir("/") < 0)
        err(2, "/");
    ut_remove(WORKDIR);
    if (mkdir(WORKDIR) < 0)
        err(2, WORKDIR);
    attempt(&warmup, why);
    tidy(why);
}

static int
run_all(char **names)
{
    static struct score s;
    char why[WHYMAX];

    hooks = failmark(FAIL_KALLOC, 0) >= 0;
    if (!hooks)
        printf("# the kernel is not recounted: boot with test=on\n");
    prepare();
    look(&s.was);
    recount(&s.was, why);
    each(names, run_one, &s);
    chdir("/");
    ut_remove(WORKDIR);
    printf("%d passed, %d failed", s.n[PASSED], s.n[FAILED]);
    if (s.n[LEFT_OUT])
        printf(", %d skipped", s.n[LEFT_OUT]);
    printf("\n");
    return s.n[FAILED] ? 1 : 0;
}

int
main(int argc, char **argv)
{
    int c, list = 0, n = 0;

    setlinebuf(stdout);             // forks copy no text, deaths lose none
    while ((c = getopt(argc, argv, "lq")) != -1)
        if (c == 'l')
            list = 1;
        else if (c == 'q')
            quick = 1;
        else
            usage("[-l] [-q] [name ...]");
    argv += optind;
    each(argv, count_one, &n);
    if (n == 0)
        errx(2, "no such case");
    if (list) {
        each(argv, list_one, 0);
        return 0;
    }
    return run_all(argv);
}
