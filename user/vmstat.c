// vmstat.c: what the memory system does.
//
//     vmstat                   since boot, each figure with what it means
//     vmstat seconds [count]   the same, as a line for each interval
//
// Faults by case; frames by use; pages in from and out to swap, blocks
// read and written, context switches.

#include "user.h"

#define HEADEVERY 20                // lines between headings

const char help[] = "vmstat [seconds [count]]\n"
    "Show what the memory system does: since boot, or by intervals.\n"
    "  zero file swap cow upgr bad  page faults, by case\n"
    "  free user cach dirt          frames (4 KB), now\n"
    "  si so                        pages in from swap, out to it\n"
    "  bi bo                        blocks read from the disk, written to it\n"
    "  cs                           switches to another process\n"
    "k and M are thousands and millions.";

// ---- since boot ----

static void
figure(uint n, const char *name, const char *meaning)
{
    printf("%10u  %-9s %s\n", n, name, meaning);
}

static void
faults_since_boot(const uint *faults)
{
    static const char *const meaning[NCASE] = {
        [ZERO] = "first use of a page that begins as zeroes: stack, heap",
        [FILEPAGE] = "first use of a page of a file: text, data, mmap",
        [SWAPPED] = "the page was in swap",
        [COW] = "first write to a page shared by fork, or with the cache",
        [UPGRADE] = "the entry had fewer rights than the region",
        [SPURIOUS] = "the entry was right: only a TLB was behind",
        [BAD] = "no region there, or no right: a program's mistake",
    };
    int i;

    printf("page faults since boot\n");
    for (i = 0; i < NCASE; i++)
        if (meaning[i])
            figure(faults[i], faultnames[i], meaning[i]);
}

static void
since_boot(const struct sysinfo *s)
{
    faults_since_boot(s->faults);
    printf("frames of 4 KB now\n");
    figure(s->free, "free", "for whoever asks next");
    figure(s->kernel, "kernel", "the kernel's own");
    figure(s->pagetables, "ptabs", "page directories and page tables");
    figure(s->user, "user", "of programs, not cached");
    figure(s->cached, "cached", "blocks of the file system and of swap");
    figure(s->dirty, "dirty", "of these, those the disk does not have yet");
    printf("since boot\n");
    figure(s->swapins, "si", "pages in from swap");
    figure(s->swapouts, "so", "pages out to swap");
    figure(s->diskreads, "bi", "blocks of 4 KB read from the disk");
    figure(s->diskwrites, "bo", "blocks written to the disk");
    figure(s->switches, "cs", "switches to another process");
}

// ---- intervals ----

static void
heading(void)
{
    printf("page faults, by case          |    frames, now     |"
           "swap, disk, switches     \n"
           " zero file swap  cow upgr  bad| free user cach dirt|"
           "   si   so   bi   bo   cs\n");
}

// In four columns, after a blank.
static void
brief(uint n)
{
    if (n < 10000)
        printf(" %4u", n);
    else if (n < 1000000)
        printf(" %3uk", n / 1000);
    else
        printf(" %3uM", n / 1000000);
}

// Counters since `old`, levels of now.
static void
line(const struct sysinfo *old, const struct sysinfo *now)
{
    static const int shown[] = { ZERO, FILEPAGE, SWAPPED, COW, UPGRADE, BAD };
    uint i;

    for (i = 0; i < sizeof(shown) / sizeof(shown[0]); i++)
        brief(now->faults[shown[i]] - old->faults[shown[i]]);
    putchar('|');
    brief(now->free);
    brief(now->user);
    brief(now->cached);
    brief(now->dirty);
    putchar('|');
    brief(now->swapins - old->swapins);
    brief(now->swapouts - old->swapouts);
    brief(now->diskreads - old->diskreads);
    brief(now->diskwrites - old->diskwrites);
    brief(now->switches - old->switches);
    putchar('\n');
}

static void
look(struct sysinfo *s)
{
    if (fflush(stdout) < 0)
        badwrite(1);
    if (sysinfo(s) < 0)
        err(1, "sysinfo");
}

int
main(int argc, char **argv)
{
    static struct sysinfo old, now; // old begins as zeros: since boot
    int seconds, count = 0, i;

    getopt(argc, argv, "");         // for --help
    if (argc - optind > 2)
        usage(NULL);
    look(&now);
    if (optind == argc) {
        since_boot(&now);
        return fflush(stdout) < 0;
    }
    seconds = number(argv[optind], 1, INT_MAX / HZ);
    if (optind + 1 < argc)
        count = number(argv[optind + 1], 1, INT_MAX);
    for (i = 0; i <= count || count == 0; i++) {
        if (i > 0) {
            sleep(seconds * HZ);
            look(&now);
        }
        if (i % HEADEVERY == 0)
            heading();
        line(&old, &now);
        old = now;
    }
    return fflush(stdout) < 0;
}
