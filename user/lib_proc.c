// lib_proc.c: what is told of a process, for ps, top and kill.

#include "user.h"

const char *
statename(int state)
{
    static const char *const names[] = {
        [EMBRYO] = "embryo", [SLEEPING] = "sleep", [RUNNABLE] = "ready",
        [RUNNING] = "run", [ZOMBIE] = "zombie", [STOPPED] = "stopped",
    };

    return state >= EMBRYO && state <= STOPPED ? names[state] : "?";
}

char *
cputime(char buf[16], uint ticks)
{
    snprintf(buf, 16, "%u:%02u.%02u", ticks / (60 * HZ), ticks / HZ % 60,
             ticks % HZ);
    return buf;
}
