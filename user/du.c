// du.c: how much of the disk files and directories take.
//
// Each file counts once, even one with several names: the inode numbers that
// were met are kept, as a set of bits.

#include "paths.h"

const char help[] =
    "du [-achks] [-d depth] [file...]\n"
    "Tell how much disk directories take, with all that is in them, in units\n"
    "of 1024 bytes.\n"
    "  -a  files, too   -s  only the sum of each that is named   -c  the total\n"
    "  -d  only so many levels down   -h  sizes as 1.5K, 20M   -k  as always";

#define MAXINODES 65536             // a directory has 16 bits for a number

static uchar seen[MAXINODES / 8];
static int files, human, status, maxdepth = INT_MAX;
static uint sum;                    // blocks of all that was met

static void
show(uint blocks, const char *path)
{
    if (human)
        printf("%s\t%s\n", sizetext((unsigned long long)blocks * BSIZE), path);
    else
        printf("%u\t%s\n", blocks * (BSIZE / 1024), path);
    if (ferror(stdout))
        badwrite(1);
}

static int
again(const struct stat *st)
{
    uchar *byte = &seen[st->ino / 8], bit = 1 << st->ino % 8;
    int met = *byte & bit;

    *byte |= bit;
    return met;
}

static void
failed(const char *path)
{
    warn("%s", path);
    status = 1;
}

// Adds a file, or all that is in a directory, to the sum.
static void
measure(const char *path, int depth)
{
    struct stat st;
    uint before = sum;

    if (stat(path, &st) < 0) {
        failed(path);
        return;
    }
    if (again(&st))
        return;
    sum += st.blocks;
    if (st.type == T_DIR && eachchild(path, depth + 1, measure) < 0)
        failed(path);
    if (depth == 0 || ((st.type == T_DIR || files) && depth <= maxdepth))
        show(sum - before, path);
}

int
main(int argc, char **argv)
{
    int c, total = 0;

    while ((c = getopt(argc, argv, "acd:hks")) != -1) {
        switch (c) {
        case 'a': files = 1; break;
        case 'c': total = 1; break;
        case 'd': maxdepth = number(optarg, 0, INT_MAX); break;
        case 'h': human = 1; break;
        case 'k': human = 0; break;
        case 's': maxdepth = 0; break;
        default:  usage(0);
        }
    }
    if (optind == argc)
        measure(".", 0);
    while (optind < argc)
        measure(argv[optind++], 0);
    if (total)
        show(sum, "total");
    if (fflush(stdout) < 0)
        badwrite(1);
    return status;
}
