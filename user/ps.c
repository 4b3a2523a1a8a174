// ps.c: lists the processes.
//
//   ps          all there is to say, in a table
//   ps aux      what they cost; %CPU is measured while ps waits a moment
//   ps -ef      families and groups
//   ps -t       the tree of families
//
// SIZE is the top of the heap, RES what is in memory, both in KB; TICKS are
// hundredths of a second spent running.

#include "user.h"

const char help[] = "ps [-aAefux] [-t | --tree] [-p pid]\n"
    "List the processes: all fields, or with u what they cost, with f their\n"
    "families, with -t the tree of these. a, A, e, x change nothing: ps tells\n"
    "of all.";

#define MOMENT (HZ / 5)
#define KB(frames) ((frames) * (PGSIZE / 1024))

static struct procinfo *procs_now, *before;
static int nproc, nbefore;
static uint frames;                 // of the machine

static int
bypid(const void *a, const void *b)
{
    const struct procinfo *x = a, *y = b;

    return x->pid < y->pid ? -1 : x->pid > y->pid;
}

static void
look(void)
{
    if ((procs_now = allprocs(&nproc)) == 0)
        err(1, "procs");
    qsort(procs_now, nproc, sizeof(*procs_now), bypid);
}

// ---- one line of each kind ----

static void
all_fields(const struct procinfo *p)
{
    printf("%5d %5d %5d %-7s %3d %7u %7u %7u %.16s\n", p->pid, p->ppid,
           p->pgrp, statename(p->state), p->cpu, p->sz / 1024,
           KB(p->resident), p->ticks, p->name);
}

// A tenth of a percent of one CPU, in the last moment.
static uint
cpu_share(const struct procinfo *p)
{
    struct procinfo *old = bsearch(p, before, nbefore, sizeof(*p), bypid);
    uint used = old && old->ticks <= p->ticks ? p->ticks - old->ticks : 0;

    used = used * 1000 / MOMENT;
    return used < 1000 ? used : 1000;
}

static void
costs(const struct procinfo *p)
{
    uint cpu = cpu_share(p), mem = p->resident * 1000 / frames;
    char t[16];

    printf("%5d %3u.%u %3u.%u %7u %7u %-7s %8s %.16s\n", p->pid, cpu / 10,
           cpu % 10, mem / 10, mem % 10, p->sz / 1024, KB(p->resident),
           statename(p->state), cputime(t, p->ticks), p->name);
}

static void
family(const struct procinfo *p)
{
    char t[16];

    printf("%5d %5d %5d %-7s %8s %.16s\n", p->pid, p->ppid, p->pgrp,
           statename(p->state), cputime(t, p->ticks), p->name);
}

// ---- the tree ----

static int
is_root(const struct procinfo *p)
{
    struct procinfo parent = { .pid = p->ppid };

    return bsearch(&parent, procs_now, nproc, sizeof(parent), bypid) == 0;
}

static void
tree(const struct procinfo *p, int depth)
{
    char t[16];
    int i;

    printf("%5d %-7s %8s %*s%.16s\n", p->pid, statename(p->state),
           cputime(t, p->ticks), 2 * depth, "", p->name);
    for (i = 0; i < nproc; i++)
        if (procs_now[i].ppid == p->pid)
            tree(&procs_now[i], depth + 1);
}

static void
trees(void)
{
    int i;

    printf("  PID STATE       TIME COMMAND\n");
    for (i = 0; i < nproc; i++)
        if (is_root(&procs_now[i]))
            tree(&procs_now[i], 0);
}

static int
list(void (*line)(const struct procinfo *), int pid)
{
    int i, found = 0;

    for (i = 0; i < nproc; i++)
        if (pid == 0 || procs_now[i].pid == pid) {
            line(&procs_now[i]);
            found = 1;
        }
    return !found;
}

static int
list_costs(int pid)
{
    struct sysinfo si;

    before = procs_now;
    nbefore = nproc;
    sleep(MOMENT);
    look();
    if (sysinfo(&si) < 0)
        err(1, "sysinfo");
    frames = si.frames;
    printf("  PID  %%CPU  %%MEM    SIZE     RES STATE       TIME COMMAND\n");
    return list(costs, pid);
}

// "ps aux" and "ps --tree" as getopt wants them: -aux and -t.
static void
usual_form(char **argv)
{
    static char tree[] = "-t";
    char *word = argv[1];

    if (word && word[0] != '-' && asprintf(&argv[1], "-%s", word) < 0)
        err(1, "%s", word);
    for (; *argv; argv++)
        if (strcmp(*argv, "--tree") == 0)
            *argv = tree;
}

int
main(int argc, char **argv)
{
    int c, pid = 0, kind = 0;

    usual_form(argv);
    while ((c = getopt(argc, argv, "aAefuxtwlp:")) != -1) {
        if (c == '?')
            usage(NULL);
        if (c == 'p')
            pid = number(optarg, 1, INT_MAX);
        if (c == 'u' || c == 'f' || c == 't')
            kind = c;
    }
    if (optind < argc)
        usage(NULL);
    look();
    if (kind == 't') {
        trees();
        return 0;
    }
    if (kind == 'u')
        return list_costs(pid);
    if (kind == 'f')
        printf("  PID  PPID  PGRP STATE       TIME COMMAND\n");
    else
        printf("  PID  PPID  PGRP STATE   CPU    SIZE     RES   TICKS NAME\n");
    return list(kind == 'f' ? family : all_fields, pid);
}
