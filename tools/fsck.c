// fsck.c: checks a file system, and mends it.
//
//     fsck [-nry] [--fs-offset BYTES] IMAGE
//
// IMAGE is a whole disk, whose partition of type PART_FS is found in the MBR
// by the kernel's rules (disk.c), or a bare file system; --fs-offset says
// where it begins instead. What the kernel asks of a superblock is asked here
// by the same function (fsformat.h). A log that holds a committed transaction
// is replayed in memory first, as the kernel would; -r replays it into the
// image. Nothing else is ever changed.
//
// fscheck.c does the checking: one line for each problem. In the MBR a swap
// partition that lies over the files, or over the boot loader and the kernel,
// is a problem, too.
//
// Status 0: clean; 4: problems; 8: wrong usage, or no readable file system.

#include <stdlib.h>
#include <string.h>
#include "../types.h"
#include "fscheck.h"

enum { CLEAN = 0, MENDED = 1, PROBLEMS = 4, UNUSABLE = 8 };

static void __attribute__((noreturn))
usage(void)
{
    fprintf(stderr, "usage: fsck [-r] [--fs-offset BYTES] IMAGE\n");
    exit(UNUSABLE);
}

static void
check_log(int replay)
{
    uint bad = hfs_replay(replay);

    if (bad)
        problem("log: %u blocks are not ones to be logged", bad);
}

int
main(int argc, char **argv)
{
    const char *image = 0, *fault;
    long long offset = -1;
    int i, replay = 0;
    char *end;

    hfs.tool = "fsck";
    hfs.failure = UNUSABLE;
    for (i = 1; i < argc; i++) {
        if (strcmp(argv[i], "-r") == 0) {
            replay = 1;
        } else if (strcmp(argv[i], "--fs-offset") == 0 && i + 1 < argc) {
            offset = strtoll(argv[++i], &end, 0);
            if (*end || end == argv[i] || offset < 0)
                usage();
        } else if (image || argv[i][0] == '-') {
            usage();
        } else {
            image = argv[i];
        }
    }
    if (image == 0)
        usage();
    hfs_open(image, replay);
    if ((fault = hfs_find(offset)) != 0)
        hfs_die("%s", fault);
    if ((fault = hfs_mount()) != 0)
        hfs_die("superblock: %s", fault);
    check_log(replay);
    check_all();
    if (ck.problems) {
        printf("%u problems\n", ck.problems);
        return PROBLEMS;
    }
    printf("clean: %u inodes, %u of %u data blocks in use\n", ck.files,
           ck.used, hfs.sb.nblocks - hfs.sb.datastart);
    return CLEAN;
}
