// swapdemo.c: touches more memory than there is, twice.
//
// The first time pages go to swap to make room for others; the second time
// they come back, and others go. Each has its own number, so one that came
// back wrong is noticed.

#include "demo.h"

const char help[] = "swapdemo [-s] [MB]\n"
    "Touch more memory than there is, twice (-s: slowly).";

#define MB     (1u << 20)
#define MBPAGES (MB / PGSIZE)
#define MOSTMB 2000
#define PARTS  4                    // steps for each time
#define WORDS  (PGSIZE / sizeof(uint))

static uint *pages;
static uint npages;

static void
look(struct sysinfo *si)
{
    if (sysinfo(si) < 0)
        err(1, "sysinfo");
}

// Half of swap is used, if nobody else needs it.
static uint
default_pages(void)
{
    struct sysinfo si;
    uint n;

    look(&si);
    if (si.slotsfree == 0)
        errx(1, "there is no swap: a size in MB has to be given");
    n = si.free + si.cached + si.user + si.slotsfree / 2;
    if (n > MOSTMB * MBPAGES)
        errx(1, "one process cannot fill so much memory: start with less than "
             "%u MB", MOSTMB);
    return n;
}

static void
touch(uint i, int again)
{
    uint *p = pages + i * WORDS;

    if (again && *p != i + 1)
        errx(1, "page %u came back with %u, not %u", i, *p, i + 1);
    *p = i + 1;
}

static void
touch_all(int again)
{
    struct sysinfo was, now;
    struct procinfo me;
    uint part, i = 0;

    look(&was);
    for (part = 1; part <= PARTS; part++) {
        for (; i < npages / PARTS * part; i++)
            touch(i, again);
        look(&now);
        if (myself(&me) < 0)
            err(1, "procs");
        step("%u pages touched: %u in memory, %u in swap; %u went, %u came", i,
             me.resident, me.swapped, now.swapouts - was.swapouts,
             now.swapins - was.swapins);
    }
}

int
main(int argc, char **argv)
{
    struct sysinfo si;

    demo_start(argc, argv, 1);
    npages = optind < argc ? number(argv[optind], 1, MOSTMB) * MBPAGES
        : default_pages();
    npages -= npages % PARTS;
    look(&si);
    step("memory has %u frames, %u of them free; swap has %u slots", si.frames,
         si.free, si.slots);
    step("the first time: writing to %u pages", npages);
    pages = (uint *)demo_pages(npages);
    touch_all(0);
    step("the second time: reading what was written, and writing it again");
    touch_all(1);
    step("every page came back as it was written");
    return 0;
}
