// faults.c: runs a command and prints its page faults by case.
//
// The first column is the command's own process, from the fork that made
// it; the second is the whole machine meanwhile, so for a shell it has the
// faults of what the shell ran as well. A dead process can be asked until
// it is waited for.

#include "user.h"

const char help[] = "faults command [arg...]\n"
    "Run a command and print its page faults by case, and those of the whole\n"
    "machine meanwhile.";

// Reads what the kernel knows of pid.
static int
lookup(int pid, struct procinfo *found)
{
    struct procinfo *p;
    int n, i;

    if ((p = allprocs(&n)) == 0)
        err(1, "procs");
    for (i = 0; i < n && p[i].pid != pid; i++)
        ;
    if (i < n)
        *found = p[i];
    free(p);
    return i < n;
}

static void
show(const char *name, const struct procinfo *p, const struct sysinfo *before,
     const struct sysinfo *after)
{
    int i;

    fprintf(stderr, "%-10s %10.16s     system\n", "faults", name);
    for (i = 0; i < NCASE; i++)
        if (faultnames[i])
            fprintf(stderr, "%-10s %10u %10u\n", faultnames[i], p->faults[i],
                    after->faults[i] - before->faults[i]);
}

int
main(int argc, char **argv)
{
    struct sysinfo before, after;
    struct procinfo p;
    int pid, st = 0;

    if (getopt(argc, argv, "+") != -1 || optind == argc)
        usage(NULL);
    argv += optind;
    memset(&p, 0, sizeof(p));
    if (sysinfo(&before) < 0)
        err(1, "sysinfo");
    if ((pid = fork()) < 0)
        err(1, "fork");
    if (pid == 0) {
        execp(argv);
        err(errno == ENOENT ? 127 : 126, "%s", argv[0]);
    }
    while (lookup(pid, &p) && p.state != ZOMBIE)
        sleep(1);
    if (sysinfo(&after) < 0)
        err(1, "sysinfo");
    waitpid(pid, &st, 0);
    show(basename(argv[0]), &p, &before, &after);
    return exitcode(st);
}
