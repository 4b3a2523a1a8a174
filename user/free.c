// free.c: what memory is used for, in KB. Available is what programs could
// have at once: free frames and cached ones that need no writing first.

#include "user.h"

#define KB(frames) ((frames) * (PGSIZE / 1024))

int
main(void)
{
    struct sysinfo s;

    if (sysinfo(&s) < 0)
        err(1, "sysinfo");
    printf("memory %9u total %9u free %9u available\n"
           "       %9u user  %9u cache (%u dirty)\n"
           "       %9u kernel %8u page tables\n"
           "swap   %9u total %9u free\n",
           KB(s.frames), KB(s.free), KB(s.free + s.cached - s.dirty),
           KB(s.user), KB(s.cached), KB(s.dirty),
           KB(s.kernel), KB(s.pagetables),
           KB(s.slots), KB(s.slotsfree));
    return 0;
}
