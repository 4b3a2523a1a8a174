// vmmap.c: the regions of a process: what ought to be at its addresses.
//
//     vmmap [pid]
//
// Rights are r w and s for shared, p for private. The counts are pages: all of
// the region, those in memory, of these mapped by others too, written to, and
// those in swap. Where a file is behind it, its name follows, and where in it
// the region begins; a file without a name is told by its inode's number.

#include "paths.h"

const char help[] = "vmmap [pid]\n"
    "Show the regions of a process.";

static void
show(const struct regioninfo *r, const char *path)
{
    printf("%08x-%08x %c%c%c %-5s %6u %6u %6u %6u %6u", r->start, r->end,
            r->prot & PROT_READ ? 'r' : '-',
            r->prot & PROT_WRITE ? 'w' : '-',
            r->flags & MAP_SHARED ? 's' : 'p', kindname(r->kind),
            (r->end - r->start) / PGSIZE, r->resident, r->shared, r->dirty,
            r->swapped);
    if (path)
        printf(" %s", path);
    else if (r->ino)
        printf(" inode %u", r->ino);
    if (r->ino)
        printf("+%x", r->off);
    putchar('\n');
}

// The files' names, in the order of the regions; 0 where there is none.
static char **
name_files(const struct regioninfo *r, int n)
{
    uint *ino = calloc(n + 1, sizeof(*ino));
    char **path = calloc(n + 1, sizeof(*path));
    int i;

    if (ino == 0 || path == 0)
        err(1, "names");
    for (i = 0; i < n; i++)
        ino[i] = r[i].ino;
    inode_paths(ino, path, n);
    free(ino);
    return path;
}

int
main(int argc, char **argv)
{
    struct regioninfo *r;
    char **path;
    int pid, n, i;

    getopt(argc, argv, "");         // for --help
    if (argc - optind > 1)
        usage(NULL);
    pid = optind < argc ? number(argv[optind], 0, INT_MAX) : getpid();
    if ((r = allregions(pid, &n)) == 0 && n != 0)
        err(1, "%d", pid);
    path = name_files(r, n);
    printf("START    END      RWS KIND   PAGES    RES SHARED  DIRTY   SWAP "
           "FILE+OFFSET\n");
    for (i = 0; i < n; i++)
        show(&r[i], path[i]);
    return fflush(stdout) < 0;
}
