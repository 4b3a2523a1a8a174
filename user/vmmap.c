// vmmap.c: the regions of a process: what ought to be at its addresses.
//
//     vmmap [pid]
//
// Rights are r w and s for shared, p for private. The counts are pages: in
// memory, of these mapped by others too, written to, and in swap. Where a file
// is behind it, the offset in it and its inode's number follow.

#include "user.h"

const char help[] = "vmmap [pid]\n"
    "Show the regions of a process.";

static const char *const kinds[] = {
    [R_TEXT] = "text", [R_DATA] = "data", [R_STACK] = "stack",
    [R_HEAP] = "heap", [R_FILE] = "file", [R_ANON] = "anon",
};

static void
show(struct regioninfo *r)
{
    printf("%08x-%08x %c%c%c %-5s %8u %6u %6u %6u %6u", r->start, r->end,
            r->prot & PROT_READ ? 'r' : '-',
            r->prot & PROT_WRITE ? 'w' : '-',
            r->flags & MAP_SHARED ? 's' : 'p',
            r->kind <= R_ANON ? kinds[r->kind] : "?",
            (r->end - r->start) / PGSIZE, r->resident, r->shared, r->dirty,
            r->swapped);
    if (r->ino)
        printf("  %8x %5u", r->off, r->ino);
    putchar('\n');
}

int
main(int argc, char **argv)
{
    struct regioninfo *r;
    int pid, n, i;

    if (argc > 2)
        usage(NULL);
    if (argc == 2 && strcmp(argv[1], "--help") == 0)
        getopt(argc, argv, "");
    pid = argc > 1 ? number(argv[1], 0, INT_MAX) : getpid();
    if ((r = allregions(pid, &n)) == 0 && n != 0)
        err(1, "%d", pid);
    printf("START    END      RWS KIND     PAGES    RES SHARED  DIRTY"
            "   SWAP    OFFSET INODE\n");
    for (i = 0; i < n; i++)
        show(&r[i]);
    return fflush(stdout) < 0;
}
