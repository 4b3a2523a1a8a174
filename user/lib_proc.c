// lib_proc.c: what is told of a process, for ps, top, vmmap and others.

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

const char *
kindname(int kind)
{
    static const char *const names[] = {
        [R_TEXT] = "text", [R_DATA] = "data", [R_STACK] = "stack",
        [R_HEAP] = "heap", [R_FILE] = "file", [R_ANON] = "anon",
    };

    return kind >= R_TEXT && kind <= R_ANON ? names[kind] : "?";
}

int
ticksof(const char *s, int most)
{
    char *end;
    long n = strtol(s, &end, 10), unit = HZ / 10;

    n = n >= 0 && n <= most ? n * HZ : -1;
    if (n >= 0 && *end == '.')
        for (end++; isdigit(*end); end++, unit /= 10)
            n += (*end - '0') * unit;
    if (n <= 0 || *end || n > most * HZ)
        errx(2, "%s: not a time of 0.01 to %d seconds", s, most);
    return n;
}

char *
cputime(char buf[16], uint ticks)
{
    snprintf(buf, 16, "%u:%02u.%02u", ticks / (60 * HZ), ticks / HZ % 60,
             ticks % HZ);
    return buf;
}
