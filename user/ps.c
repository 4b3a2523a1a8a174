// ps.c: lists the processes. SIZE is the top of the heap, RES what is in
// memory, both in KB; TICKS are hundredths of a second spent running.

#include "user.h"

static const char *const states[] = {
    [EMBRYO] = "embryo", [SLEEPING] = "sleep", [RUNNABLE] = "ready",
    [RUNNING] = "run", [ZOMBIE] = "zombie",
};

static int
bypid(const void *a, const void *b)
{
    const struct procinfo *x = a, *y = b;

    return x->pid < y->pid ? -1 : x->pid > y->pid;
}

static void
show(struct procinfo *p)
{
    const char *state = "?";

    if (p->state >= EMBRYO && p->state <= ZOMBIE)
        state = states[p->state];
    printf("%5d %5d %5d %-6s %3d %7u %7u %7u %.16s\n", p->pid, p->ppid,
            p->pgrp, state, p->cpu, p->sz / 1024, p->resident * 4, p->ticks,
            p->name);
}

int
main(void)
{
    struct procinfo *p;
    int n, i;

    if ((p = allprocs(&n)) == 0)
        err(1, "procs");
    qsort(p, n, sizeof(*p), bypid);
    printf("  PID  PPID  PGRP STATE  CPU    SIZE     RES   TICKS NAME\n");
    for (i = 0; i < n; i++)
        show(&p[i]);
    return fflush(stdout) < 0;
}
