// top.c: what the processes do, again and again.
//
// On the console it has the whole screen, in raw mode, and obeys keys; else, or
// with -b, it prints one table after the other. The share of a CPU is measured
// between two looks; the first comes a moment after the start.

#include "keys.h"

const char help[] = "top [-b] [-n times] [-d seconds] [-m | -t]\n"
    "Show what the processes do, and again every 2 seconds. Keys: t sorts by\n"
    "time, m by memory, space looks at once, q quits.";

#define MOMENT  (HZ / 5)
#define MAXWAIT 1000                // seconds
#define HEAD    4                   // lines above the processes
#define KB(frames) ((frames) * (PGSIZE / 1024))

struct look {
    struct procinfo *p;
    int n;
    struct sysinfo si;
    uint at;                        // ticks
};

static struct look old, now;
static int order = 't';
static int full;                    // have the whole screen

static int
bypid(const void *a, const void *b)
{
    const struct procinfo *x = a, *y = b;

    return x->pid < y->pid ? -1 : x->pid > y->pid;
}

static int
take_look(struct look *l)
{
    if ((l->p = allprocs(&l->n)) == 0 || sysinfo(&l->si) < 0)
        return -1;
    l->at = uptime();
    qsort(l->p, l->n, sizeof(*l->p), bypid);
    return 0;
}

// Ticks that it ran between the two looks.
static uint
ran(const struct procinfo *p)
{
    struct procinfo *was = bsearch(p, old.p, old.n, sizeof(*p), bypid);

    return was && was->ticks <= p->ticks ? p->ticks - was->ticks : p->ticks;
}

static int
descending(uint x, uint y)
{
    return x > y ? -1 : x < y;
}

static int
by_order(const void *a, const void *b)
{
    const struct procinfo *x = a, *y = b;
    int c = 0;

    if (order == 't' && (c = descending(ran(x), ran(y))) == 0)
        c = descending(x->ticks, y->ticks);
    if (c == 0)
        c = descending(x->resident, y->resident);
    return c ? c : bypid(a, b);
}

// ---- the table ----

// Tenths of a percent of one CPU.
static uint
share(uint ticks)
{
    uint span = now.at - old.at;
    uint s = ticks * 1000 / (span ? span : 1);

    return s < 1000 ? s : 1000;
}

static void
end_line(void)
{
    printf(full ? "\033[K\n" : "\n");
}

static uint
in_state(int state)
{
    uint n = 0;
    int i;

    for (i = 0; i < now.n; i++)
        n += now.p[i].state == state;
    return n;
}

static void
head(void)
{
    const struct sysinfo *s = &now.si;
    uint busy = 0, up = now.at / HZ, span = now.at - old.at;
    int i;

    for (i = 0; i < now.n; i++)
        busy += ran(&now.p[i]);
    busy = share(busy / s->ncpu);
    printf("up %u:%02u:%02u, %d processes: %u running, %u ready, %u stopped, "
           "%u zombie", up / 3600, up / 60 % 60, up % 60, now.n,
           in_state(RUNNING), in_state(RUNNABLE), in_state(STOPPED),
           in_state(ZOMBIE));
    end_line();
    printf("%u CPUs %u.%u%% busy, %u switches/s; disk %u blocks read, "
           "%u written", s->ncpu, busy / 10, busy % 10,
           (s->switches - old.si.switches) * HZ / (span ? span : 1),
           s->diskreads - old.si.diskreads, s->diskwrites - old.si.diskwrites);
    end_line();
    printf("memory %u KB, %u free, %u cached; swap %u KB, %u free",
           KB(s->frames), KB(s->free), KB(s->cached), KB(s->slots),
           KB(s->slotsfree));
    end_line();
    printf("%s  PID  PPID STATE   %%CPU  %%MEM    SIZE     RES      TIME "
           "COMMAND        %s", full ? "\033[7m" : "", full ? "\033[m" : "");
    end_line();
}

static void
row(const struct procinfo *p)
{
    uint cpu = share(ran(p)), mem = p->resident * 1000 / now.si.frames;
    char t[16];

    printf("%5d %5d %-7s %3u.%u %3u.%u %7u %7u %9s %.16s", p->pid, p->ppid,
           statename(p->state), cpu / 10, cpu % 10, mem / 10, mem % 10,
           p->sz / 1024, KB(p->resident), cputime(t, p->ticks), p->name);
    end_line();
}

static int
screen_rows(void)
{
    const char *s = getenv("LINES");
    int n = s ? atoi(s) : 0;

    return n > HEAD + 1 ? n : consctl(CONS_SIZE, 0) >> 16;
}

// The last row stays empty: a newline there would scroll.
static void
table(void)
{
    int i, most = full ? screen_rows() - HEAD - 1 : now.n;

    if (full)
        printf("\033[H");
    head();
    qsort(now.p, now.n, sizeof(*now.p), by_order);
    for (i = 0; i < now.n && i < most; i++)
        row(&now.p[i]);
    printf(full ? "\033[J" : "\n");
    if (fflush(stdout) < 0)
        badwrite(1);
}

// ---- the screen and the keys ----

static void
take_screen(void)
{
    consctl(CONS_MODE, CONS_RAW);
    printf("\033[?25l\033[2J");
}

static void
give_screen(void)
{
    if (!full)
        return;
    printf("\033[%d;1H\033[m\033[?25h", screen_rows());
    fflush(stdout);
    consctl(CONS_MODE, CONS_COOKED);
}

static void
fail(const char *what)
{
    int reason = errno;

    give_screen();
    errno = reason;
    err(1, "%s", what);
}

// Waits; 0 when that is the end.
static int
obey_keys(int ticks)
{
    int key;

    if (!full) {
        sleep(ticks);
        return 1;
    }
    switch (key = getkey(0, ticks)) {
    case 'q': case CTRL('C'): case CTRL('D'): case ENDKEY:
        return 0;
    case CTRL('Z'):
        give_screen();
        suspend(getpid(), 1);
        take_screen();
        break;
    case 'm': case 't':
        order = key;
    }
    return 1;
}

static void
next_look(void)
{
    free(old.p);
    old = now;
    if (take_look(&now) < 0)
        fail("procs");
    // old is looked up by pid again.
    qsort(old.p, old.n, sizeof(*old.p), bypid);
}

int
main(int argc, char **argv)
{
    int c, i, times = 0, ticks = 2 * HZ, batch = 0;

    while ((c = getopt(argc, argv, "bn:d:mt")) != -1)
        switch (c) {
        case 'b': batch = 1; break;
        case 'n': times = number(optarg, 1, INT_MAX); break;
        case 'd': ticks = ticksof(optarg, MAXWAIT); break;
        case 'm': case 't': order = c; break;
        default: usage(NULL);
        }
    if (optind < argc)
        usage(NULL);
    full = !batch && isconsole(0) && isconsole(1);
    if (take_look(&now) < 0)
        err(1, "procs");
    if (full)
        take_screen();
    sleep(MOMENT);
    for (i = 0; times == 0 || i < times; i++) {
        next_look();
        table();
        if (i + 1 != times && !obey_keys(ticks))
            break;
    }
    give_screen();
    return 0;
}
