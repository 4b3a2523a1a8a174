// chaos.c: delays on purpose, in the kernel that `make CHAOS=1` builds.
// Interface: x86.h.
//
// A race needs two CPUs within the same few instructions: one between a look
// and its use, the other changing what was looked at. That may happen once in
// a week. chaos() stands in those windows: before a lock is taken and after it
// is given back, before other CPUs are told to flush, in the switch, in
// frame_alloc() and page_free(), in user_kva(), in cmpxchg(). In the ordinary
// kernel it does nothing (x86.h). Here one call in chaos.rate waits, mostly for
// a few dozen instructions, sometimes long enough for another CPU to get
// through a system call. Boot argument chaos.seed chooses the delays; CPUs
// still meet by chance, so the same seed need not end the same way.
//
// Interrupts stay as they are. A CPU that waits with interrupts off answers
// no shoot-down, and need not: the wait has an end.

#ifdef CHAOS
#include "x86.h"
#include "bootarg.h"

#define RATE    64                  // one window in so many waits
#define LONGEST 12                  // log2 of the pauses in the longest wait

static uint rate;                   // 0: not yet, or never
static volatile uint chance;        // all CPUs draw from it, with no lock

void
chaos_init(void)
{
    chance = bootarg_int("chaos.seed", 1) * 2654435761u;
    rate = bootarg_int("chaos.rate", RATE);
}

// The stack's address tells CPUs apart that draw at the same time.
static uint
draw(void)
{
    uint x = chance + resp();

    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    return chance = x;
}

void
chaos(void)
{
    uint r, n;

    if (rate == 0)
        return;
    r = draw();
    if (r % rate != 0)
        return;
    // As many waits of 1 to 2 pauses as of 2048 to 4096.
    n = 1u << (r >> 16) % LONGEST;
    for (n += (r >> 8) % n; n > 0; n--)
        relax();
}
#endif
