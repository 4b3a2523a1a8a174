// time.c: runs a command and says how long that took.
//
// real is by the clock; cpu is how long the command's own process ran, in
// clock ticks of a hundredth of a second. What it started is not counted. A dead
// process can be asked until it is waited for.

#include "user.h"

const char help[] = "time command [arg...]\n"
    "Run a command and print the time that it took, real and on the CPU.";

// Wait until the child has ended; the ticks that it ran.
static uint
await(int pid)
{
    struct procinfo *p;
    uint used = 0;
    int n, i, ended = 0;

    while (!ended) {
        if ((p = allprocs(&n)) == 0)
            return used;
        for (i = 0; i < n && p[i].pid != pid; i++)
            ;
        ended = i == n || p[i].state == ZOMBIE;
        used = i < n ? p[i].ticks : used;
        free(p);
        sleep(!ended);
    }
    return used;
}

int
main(int argc, char **argv)
{
    int pid, status = 0;
    uint start, used, real;

    if (getopt(argc, argv, "+") != -1 || optind == argc)
        usage(NULL);
    argv += optind;
    start = uptime();
    if ((pid = fork()) < 0)
        err(126, "cannot run %s", argv[0]);
    if (pid == 0) {
        execp(argv);
        err(errno == ENOENT ? 127 : 126, "%s", argv[0]);
    }
    used = await(pid);
    waitpid(pid, &status, 0);
    real = uptime() - start;
    dprintf(2, "real %u.%02u s\ncpu  %u.%02u s\n", real / HZ, real % HZ,
            used / HZ, used % HZ);
    return exitcode(status);
}
