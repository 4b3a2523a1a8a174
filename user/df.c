// df.c: how full the file system is, and the swap area.

#include "paths.h"

const char help[] =
    "df [-hik] [file...]\n"
    "Tell how full the file system is, in blocks of 1024 bytes, and the swap.\n"
    "  -h  sizes as 1.5K, 20M   -i  inodes instead of blocks";

#define PERBLOCK (BSIZE / 1024)

static int human;

static const char *
size(uint blocks)
{
    static char texts[3][16];
    static uint next;
    char *text = texts[next++ % 3];

    if (human)
        return sizetext((unsigned long long)blocks * BSIZE);
    snprintf(text, sizeof(texts[0]), "%u", blocks * PERBLOCK);
    return text;
}

// Rounded up, so that 0 means none, and 100 may mean nearly all.
static int
percent(uint used, uint all)
{
    return all ? (used * 100ull + all - 1) / all : 0;
}

static void
row(const char *name, uint all, uint unused, const char *where)
{
    printf("%-10s %9s %9s %9s %3d%% %s\n", name, size(all),
           size(all - unused), size(unused), percent(all - unused, all),
           where);
}

static void
inoderow(const struct sysinfo *si)
{
    uint used = si->inodes - si->inodesfree;

    printf("Filesystem    Inodes     IUsed     IFree IUse%% Mounted on\n");
    printf("%-10s %9u %9u %9u %4d%% %s\n", "disk", si->inodes, used,
           si->inodesfree, percent(used, si->inodes), "/");
}

int
main(int argc, char **argv)
{
    struct sysinfo si;
    int c, inodes = 0, status = 0;

    while ((c = getopt(argc, argv, "hik")) != -1) {
        switch (c) {
        case 'h': human = 1; break;
        case 'i': inodes = 1; break;
        case 'k': human = 0; break;
        default:  usage(0);
        }
    }
    for (; optind < argc; optind++) {   // all are on the one file system
        if (access(argv[optind], F_OK) < 0) {
            warn("%s", argv[optind]);
            status = 1;
        }
    }
    if (sysinfo(&si) < 0)
        err(1, "sysinfo");
    if (inodes) {
        inoderow(&si);
    } else {
        printf("Filesystem %9s      Used Available Use%% Mounted on\n",
               human ? "Size" : "1K-blocks");
        row("disk", si.blocks, si.blocksfree, "/");
        row("swap", si.slots, si.slotsfree, "(swap)");
    }
    if (fflush(stdout) < 0)
        badwrite(1);
    return status;
}
