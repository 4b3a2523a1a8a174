// utx_cons.c: what tests/20-console.t runs at the other end of the line.
//
//   utx_cons wait TICKS      "waiting", then whether a line came in that time
//   utx_cons job             a job that reads lines, stopped by ^Z, continued
//   utx_cons sum MODE TICKS  reads to the end (^D), slowly at first; tells how
//                            many bytes came and their checksum; MODE is
//                            "raw" or "cooked"

#include "user.h"

#define SLOWREADS 20
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
    }
    return exitcode(status);
}

static int
sum(int raw, int ticks)
{
    static uchar buf[100];
    uint total = 0, s = 0;
    int n, i, round, end = 0;

    consctl(CONS_MODE, raw ? CONS_RAW : CONS_COOKED);
    dprintf(1, "reading\n");
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

int
main(int argc, char **argv)
{
    const char *mode = argc > 1 ? argv[1] : "";

    if (strcmp(mode, "wait") == 0 && argc == 3)
        return await(atoi(argv[2]));
    if (strcmp(mode, "job") == 0)
        return job();
    if (strcmp(mode, "sum") == 0 && argc == 4)
        return sum(strcmp(argv[2], "raw") == 0, atoi(argv[3]));
    return 99;
}
