// utx_cons.c: what tests/20-console.t runs at the other end of the line.
//
//   utx_cons wait TICKS      "waiting", then whether a line came in that time
//   utx_cons job             a job that reads lines, stopped by ^Z, continued
//   utx_cons sum MODE TICKS  reads to the end (^D), slowly at first; tells how
//                            many bytes came and their checksum; MODE is
//                            "raw", "cooked", or "late", which is raw for two
//                            seconds and cooked from then on
//   utx_cons breaks N        counts ^Cs that end nobody until there are N
//   utx_cons ansi SEED       random text and terminal sequences, behind them a
//                            bell; until a line comes

#include "user.h"

#define NOPS      400
#define SLOWREADS 20
#define LATE      200         // ticks
#define NOGROUP   32768       // above every pid
#define CTRLD     4

static int
await(int n)
{
    char line[80];
    int came;

    dprintf(1, "waiting\n");
    came = consctl(CONS_WAIT, n);
    dprintf(1, "came: %d\n", came);
    return came && read(0, line, sizeof line) <= 0;
}

static void
tell_lines(void)
{
    struct lines l;
    char *line;

    openlines(&l, 0);
    while ((line = nextline(&l, 0)) != 0)
        dprintf(1, "job: %s\n", line);
    exit(5);
}

// The line typed while the job is stopped is for us.
static int
job(void)
{
    char mine[80];
    int pid = fork(), status, n;

    if (pid == 0) {
        setpgrp(0, 0);
        consctl(CONS_SETFG, getpid());
        tell_lines();
    }
    for (;;) {
        waitpid(pid, &status, WUNTRACED);
        consctl(CONS_SETFG, 0);
        if (!WIFSTOPPED(status))
            break;
        dprintf(1, "stopped\n");
        n = read(0, mine, sizeof mine);
        dprintf(1, "mine: %.*s", n, mine);
        consctl(CONS_SETFG, pid);
        suspend(-pid, 0);
        dprintf(1, "continued\n");
    }
    return exitcode(status);
}

static int
sum(const char *mode, int ticks)
{
    static uchar buf[100];
    uint total = 0, s = 0;
    int raw = strcmp(mode, "raw") == 0, n, i, round, end = 0;

    consctl(CONS_MODE, strcmp(mode, "cooked") ? CONS_RAW : CONS_COOKED);
    dprintf(1, "reading\n");
    if (strcmp(mode, "late") == 0) {
        sleep(LATE);
        consctl(CONS_MODE, CONS_COOKED);
    }
    for (round = 0; !end && (n = read(0, buf, sizeof buf)) > 0; round++) {
        for (i = 0; i < n; i++)
            if ((end = raw && buf[i] == CTRLD) == 0)
                total++, s = s * 31 + buf[i];
        if (round < SLOWREADS)
            sleep(ticks);
    }
    consctl(CONS_MODE, CONS_COOKED);
    dprintf(1, "\n%u bytes, sum %u\n", total, s);
    return 0;
}

// No process has the foreground group's number meanwhile.
static int
count_breaks(int n)
{
    int mine = consctl(CONS_GETFG, 0), before = consctl(CONS_BREAKS, 0);

    consctl(CONS_SETFG, NOGROUP);
    dprintf(1, "counting\n");
    while (consctl(CONS_BREAKS, 0) - before < n)
        sleep(1);
    consctl(CONS_SETFG, mine);
    dprintf(1, "counted\n");
    return 0;
}

static int
below(int n)
{
    return rand() % n;
}

static void
some_text(void)
{
    static const char *const more[] = { "\xc3\xa4", "\xe2\x82\xac", "\t", "\r" };
    int n = 1 + below(50);

    while (n-- > 0)
        dprintf(1, "%c", 'a' + below(26));
    if (below(4) == 0)
        dprintf(1, "%s", more[below(4)]);
}

static void
some_pen(void)
{
    static const int codes[] = { 0, 1, 7, 22, 27, 39, 49, 0 };
    int n = 1 + below(3);

    dprintf(1, "\033[");
    while (n-- > 0)
        dprintf(1, "%d%c", below(3) == 0 ? codes[below(8)] :
                below(2) ? 30 + below(8) : below(2) ? 40 + below(8) :
                90 + below(8), n ? ';' : 'm');
}

// Behind S, T and J the cursor is sent somewhere: whether they forget that the
// next character is to go to the next row depends on the terminal. So does
// whether A and B cross the edge of the scroll region.
static void
some_command(int region)
{
    static const char letters[] = "GdCDKLM@PSTJABKLM@PST";
    int c = letters[below(region ? 12 : sizeof letters - 1)];

    if (c == 'K' || c == 'J')
        dprintf(1, "\033[%d%c", below(c == 'J' && below(4) ? 2 : 3), c);
    else if (below(3) == 0)
        dprintf(1, "\033[%c", c);
    else
        dprintf(1, "\033[%d%c", below(below(2) ? 4 : 30), c);
    if (strchr("STJ", c) || below(3) == 0)
        dprintf(1, "\033[%d;%dH", below(28), below(90));
}

static int
ansi(int seed)
{
    static const char *const odd[] = { "\033[s", "\033[u", "\033[5;7y",
        "\033[?25l", "\033[?25h", "\033[?7h", "\033[;H", "\033(B" };
    int i, region = seed % 2;
    char line[8];

    srand(seed);
    dprintf(1, "\033[2J\033[H");
    for (i = 0; i < NOPS; i++)
        switch (below(8)) {
        case 0: case 1: case 2: some_text(); break;
        case 3: dprintf(1, "\n"); break;
        case 4: some_pen(); break;
        case 5: dprintf(1, "%s", odd[below(8)]); break;
        case 6:
            if (region && below(4) == 0)
                dprintf(1, "\033[%d;%dr", below(15), below(30));
            // fall through
        default: some_command(region); break;
        }
    dprintf(1, "\a");
    i = read(0, line, sizeof line);
    dprintf(1, "\033[r\033[m\033[?25h\033[2J\033[H");
    return i <= 0;
}

int
main(int argc, char **argv)
{
    const char *mode = argc > 1 ? argv[1] : "";

    if (strcmp(mode, "wait") == 0 && argc == 3)
        return await(atoi(argv[2]));
    if (strcmp(mode, "job") == 0)
        return job();
    if (strcmp(mode, "ansi") == 0 && argc == 3)
        return ansi(atoi(argv[2]));
    if (strcmp(mode, "breaks") == 0 && argc == 3)
        return count_breaks(atoi(argv[2]));
    if (strcmp(mode, "sum") == 0 && argc == 4)
        return sum(argv[2], atoi(argv[3]));
    return 99;
}
