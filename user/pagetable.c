// pagetable.c: prints a process's page table: what is at its addresses now.
//
//     pagetable [pid]
//
// A line for each entry that is not 0. The address is that of the page; its
// bits 22..31 choose the entry in the page directory, bits 12..21 that in the
// page table, shown as DIR and TABLE. An entry that is not present names the
// swap slot that has the page.

#include "entry.h"

const char help[] = "pagetable [pid]\n"
    "Print a process's page table, entry by entry.";

#define DIRSHIFT 22
#define NENTRY   1024

static void
heading(void)
{
    printf("ADDRESS    DIR TABLE    FRAME U W A D  REGION\n");
}

static void
legend(void)
{
    printf("ADDRESS = DIR << 22 | TABLE << 12: the entry of the page directory,"
           " and of the\npage table there. FRAME is the number of the physical "
           "page. U: programs may use\nit; W: and write to it. A: accessed, "
           "D: dirty (written to), set by the CPU.\n");
}

static void
show(uint va, uint e, const char *region)
{
    printf("%08x  %4u  %4u ", va, va >> DIRSHIFT, va / PGSIZE % NENTRY);
    if (e & PTE_P)
        printf("%8x %c %c %c %c  %s\n", e >> PGSHIFT, e & PTE_U ? 'U' : '-',
               e & PTE_W ? 'W' : '-', e & PTE_A ? 'A' : '-',
               e & PTE_D ? 'D' : '-', region);
    else
        printf("%8x in swap  %s\n", e >> PGSHIFT, region);
}

int
main(int argc, char **argv)
{
    struct regioninfo *r;
    uint va, e;
    int pid, n, i;

    getopt(argc, argv, "");         // for --help
    if (argc - optind > 1)
        usage(NULL);
    pid = optind < argc ? number(argv[optind], 0, INT_MAX) : getpid();
    if ((r = allregions(pid, &n)) == 0 && n != 0)
        err(1, "%d", pid);
    heading();
    for (i = 0; i < n; i++)
        if (r[i].resident + r[i].swapped > 0)   // else nothing to be found
            for (va = r[i].start; va < r[i].end; va += PGSIZE)
                if ((e = getpagetableentry(pid, va)) != 0)
                    show(va, e, kindname(r[i].kind));
    legend();
    return fflush(stdout) < 0;
}
