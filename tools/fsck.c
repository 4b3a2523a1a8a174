// fsck.c: checks a file system, and mends it.
//
// IMAGE is a whole disk, whose partition of type PART_FS is found in the MBR
// by the kernel's rules (disk.c), or a bare file system; --fs-offset says
// where it begins instead. What the kernel asks of a superblock is asked here
// by the same function (fsformat.h). A log that holds a committed transaction
// is replayed in memory first, as the kernel would; -r replays it into the
// image, and so does -y. Without them nothing is changed.
//
// fscheck.c does the checking: one line for each problem. In the MBR a swap
// partition that lies over the files, or over the boot loader and the kernel,
// is a problem, too. diskmend.c and fsmend.c do the mending, the second in
// memory; what it did is checked again before it goes to the image.

#include <stdlib.h>
#include <string.h>
#include "../types.h"
#include "fsmend.h"

enum { CLEAN = 0, MENDED = 1, PROBLEMS = 4, UNUSABLE = 8 };

static const char help[] =
"usage: fsck [-n | -r | -y] [--fs-offset BYTES] IMAGE\n"
"\n"
"Checks the file system on a disk image, or in a bare file: one line for each\n"
"problem.\n"
"\n"
"  -n                 change nothing (this is what it does anyway)\n"
"  -r                 replay the log into the image, but mend nothing\n"
"  -y                 mend everything, losing least: what has lost its name\n"
"                     is named \"#\" and its number, in /lost+found\n"
"  --fs-offset BYTES  where the file system begins, whatever a partition\n"
"                     table says\n"
"\n"
"Status 0: clean; 1: there were problems, all mended; 4: there are problems;\n"
"8: wrong usage, or no file system that can be read.\n";

static struct {
    const char *image;
    long long offset;
    int replay, mend;
} opt = { .offset = -1 };

static void __attribute__((noreturn))
usage(int status)
{
    fputs(help, status ? stderr : stdout);
    exit(status);
}

static void
parse(int argc, char **argv)
{
    char *end;
    int i;

    for (i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0) {
            usage(0);
        } else if (strcmp(argv[i], "-r") == 0) {
            opt.replay = 1;
        } else if (strcmp(argv[i], "-y") == 0) {
            opt.mend = opt.replay = 1;
        } else if (strcmp(argv[i], "--fs-offset") == 0 && i + 1 < argc) {
            opt.offset = strtoll(argv[++i], &end, 0);
            if (*end || end == argv[i] || opt.offset < 0)
                usage(UNUSABLE);
        } else if (strcmp(argv[i], "-n") == 0) {
            continue;
        } else if (opt.image || argv[i][0] == '-') {
            usage(UNUSABLE);
        } else {
            opt.image = argv[i];
        }
    }
    if (opt.image == 0)
        usage(UNUSABLE);
}

// Find the file system, by all means if it is to be mended.
static void
mount(void)
{
    const uchar *copy;
    const char *fault = hfs_find(opt.offset), *what = "";
    uint magic = 0, differ = 0;

    if (fault == 0) {
        what = "superblock: ";
        fault = hfs_mount();
    }
    if (fault == 0) {
        copy = (const uchar *)hfs_block(0) + SUPERCOPY;
        memcpy(&magic, copy, sizeof magic);
        differ = magic == FSMAGIC && memcmp(copy, &hfs.sb, sizeof hfs.sb);
        if (differ)
            problem("superblock: its copy is different");
    }
    if (fault && !opt.mend)
        hfs_die("%s%s", what, fault);
    if (fault)
        problem("%s%s", what, fault);
    if (opt.mend && (fault || differ) &&
        (fault = mend_disk(opt.offset)) != 0)
        hfs_die("cannot be mended: %s", fault);
}

// Check what the log has replayed.
static void
check(void)
{
    uint bad = hfs_replay(opt.replay);

    if (bad)
        problem("log: %u blocks are not ones to be logged", bad);
    check_all();
}

// Mend what is in the cache, check it, and only then change the image.
static int
mend(void)
{
    uint found = ck.problems;

    mend_swap();
    mend_all();
    ck.problems = 0;
    check_all();
    hfs_commit();
    if (ck.problems) {
        printf("%u problems are left\n", ck.problems);
        return PROBLEMS;
    }
    printf("%u problems, all mended\n", found);
    return MENDED;
}

int
main(int argc, char **argv)
{
    hfs.tool = "fsck";
    hfs.failure = UNUSABLE;
    parse(argc, argv);
    hfs_open(opt.image, opt.replay);
    if (opt.replay)
        hfs_lock(1);
    mount();
    check();
    if (ck.problems && opt.mend)
        return mend();
    if (ck.problems) {
        printf("%u problems\n", ck.problems);
        return PROBLEMS;
    }
    printf("clean: %u inodes, %u of %u data blocks in use\n", ck.files,
           ck.used, hfs.sb.nblocks - hfs.sb.datastart);
    return CLEAN;
}
