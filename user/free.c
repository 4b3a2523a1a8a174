// free.c: what memory is used for. Available is what programs could have at
// once: free frames and cached ones that need no writing first.

#include "user.h"

const char help[] = "free [-bkmh]\n"
    "Print the use of memory: -b in bytes, -k in KB, -m in MB, -h in the unit\n"
    "that suits each figure.";

static char unit = 'k';

// Room for a figure and its unit; the next call but 15 uses it again.
static const char *
size(uint frames)
{
    static char text[16][16];
    static uint turn;
    char *s = text[turn++ % 16];
    uint kb = frames * (PGSIZE / 1024);

    if (unit == 'b')
        snprintf(s, 16, "%llu", (unsigned long long)kb * 1024);
    else if (unit == 'm')
        snprintf(s, 16, "%u", kb / 1024);
    else if (unit == 'k' || kb < 1024)
        snprintf(s, 16, "%u%s", kb, unit == 'k' ? "" : "K");
    else
        snprintf(s, 16, "%u.%uM", kb / 1024, kb % 1024 * 10 / 1024);
    return s;
}

int
main(int argc, char **argv)
{
    struct sysinfo s;
    int c;

    while ((c = getopt(argc, argv, "bkmh")) != -1) {
        if (c == '?')
            usage(NULL);
        unit = c;
    }
    if (optind < argc)
        usage(NULL);
    if (sysinfo(&s) < 0)
        err(1, "sysinfo");
    printf("memory %9s total %9s free %9s available\n"
           "       %9s user  %9s cache (%s dirty)\n"
           "       %9s kernel %8s page tables\n"
           "swap   %9s total %9s free\n",
           size(s.frames), size(s.free), size(s.free + s.cached - s.dirty),
           size(s.user), size(s.cached), size(s.dirty),
           size(s.kernel), size(s.pagetables),
           size(s.slots), size(s.slotsfree));
    return 0;
}
