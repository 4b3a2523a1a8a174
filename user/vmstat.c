// vmstat.c: what the memory system does.
//
//     vmstat                   totals since boot
//     vmstat seconds [count]   then a line for each interval
//
// Faults by case; frames by use; pages in from and out to swap, blocks
// read and written, context switches.

#include "user.h"

#define HEADEVERY 20                // lines between headings

const char help[] = "vmstat [seconds [count]]\n"
    "Show what the memory system does: since boot, or by intervals.";

static void
heading(void)
{
    printf("   zero    file swapped     cow upgrade spur  bad |"
           "    free  kernel  ptabs    user  cached  dirty |"
           "    si    so     bi     bo     cs\n");
}

// Counters since `old`, levels of now.
static int
line(const struct sysinfo *old, const struct sysinfo *now)
{
    uint f[NCASE];
    int i;

    for (i = 0; i < NCASE; i++)
        f[i] = now->faults[i] - old->faults[i];
    return printf("%7u %7u %7u %7u %7u %4u %4u | %7u %7u %6u %7u %7u %6u |"
                  " %5u %5u %6u %6u %6u\n",
                  f[ZERO], f[FILEPAGE], f[SWAPPED], f[COW], f[UPGRADE],
                  f[SPURIOUS], f[BAD], now->free, now->kernel,
                  now->pagetables, now->user, now->cached, now->dirty,
                  now->swapins - old->swapins, now->swapouts - old->swapouts,
                  now->diskreads - old->diskreads,
                  now->diskwrites - old->diskwrites,
                  now->switches - old->switches);
}

int
main(int argc, char **argv)
{
    static struct sysinfo old, now; // old begins as zeros: since boot
    int seconds = 0, count = 0, i;

    if (argc > 3)
        usage(NULL);
    if (argc == 2 && strcmp(argv[1], "--help") == 0)
        getopt(argc, argv, "");
    if (argc > 1)
        seconds = number(argv[1], 1, INT_MAX / HZ);
    if (argc > 2)
        count = number(argv[2], 1, INT_MAX);
    for (i = 0; ; i++) {
        if (i % HEADEVERY == 0)
            heading();
        if (sysinfo(&now) < 0)
            err(1, "sysinfo");
        if (line(&old, &now) < 0)
            return 1;
        if (seconds == 0 || (count && i == count))
            return 0;
        old = now;
        sleep(seconds * HZ);
    }
}
