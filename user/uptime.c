// uptime.c: how long the machine has been running, and how busy it is: the
// processes that run or could, of all.

#include "user.h"

const char help[] = "uptime\n"
    "Print how long the machine has been running.";

#define MINUTE 60
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)

int
main(int argc, char **argv)
{
    int n, i, busy = 0;
    struct procinfo *p;
    struct sysinfo s;
    uint t;

    if (getopt(argc, argv, "") != -1 || optind < argc)
        usage(NULL);
    if (sysinfo(&s) < 0 || (p = allprocs(&n)) == 0)
        err(1, "cannot ask the kernel");
    for (i = 0; i < n; i++)
        busy += p[i].state == RUNNING || p[i].state == RUNNABLE;
    t = s.uptime / HZ;
    printf("up ");
    if (t >= DAY)
        printf("%u day%s, ", t / DAY, t / DAY == 1 ? "" : "s");
    printf("%u:%02u:%02u, %u cpu%s, %d processes, %d running\n",
           t % DAY / HOUR, t % HOUR / MINUTE, t % MINUTE,
           s.ncpu, s.ncpu == 1 ? "" : "s", n, busy);
    free(p);
    return 0;
}
