// hexdump.c: files in hexadecimal and as characters.
//
//     hexdump [-n bytes] [file...]
//
// A line is an offset and 16 bytes; a * stands for lines like the one
// before. The last line is the size.

#include "user.h"

#define WIDTH 16

static uint left = UINT_MAX;        // bytes still to show

static void
show(uint at, const uchar *p, uint n)
{
    uint i;

    printf("%08x ", at);
    for (i = 0; i < WIDTH; i++) {
        fputs(i == WIDTH / 2 ? " " : "", stdout);
        if (i < n)
            printf(" %02x", p[i]);
        else
            fputs("   ", stdout);
    }
    fputs("  |", stdout);
    for (i = 0; i < n; i++)
        putchar(isprint(p[i]) ? p[i] : '.');
    fputs("|\n", stdout);
}

// Fills a line as far as the file goes: a pipe gives less at a time.
static int
fill(int fd, uchar *p)
{
    uint n = 0, want = left < WIDTH ? left : WIDTH;
    int got = 1;

    while (n < want && (got = read(fd, p + n, want - n)) > 0)
        n += got;
    left -= n;
    return got < 0 ? -1 : (int)n;
}

static int
dump(int fd, const char *name)
{
    uchar line[WIDTH], before[WIDTH];
    int n, same = 0;
    uint at;

    for (at = 0; (n = fill(fd, line)) > 0; at += n) {
        if (at > 0 && n == WIDTH && memcmp(line, before, WIDTH) == 0) {
            fputs(same ? "" : "*\n", stdout);
            same = 1;
            continue;
        }
        show(at, line, n);
        memcpy(before, line, WIDTH);
        same = 0;
    }
    printf("%08x\n", at);
    if (fflush(stdout) < 0)
        badwrite(1);
    if (n == 0)
        return 0;
    warn("%s", name);
    return 1;
}

int
main(int argc, char **argv)
{
    int status = 0, c, fd;

    while ((c = getopt(argc, argv, "n:")) != -1) {
        if (c != 'n')
            usage("[-n bytes] [file...]");
        left = number(optarg, 0, INT_MAX);
    }
    if (optind == argc)
        return dump(0, "(input)");
    for (; optind < argc; optind++) {
        if ((fd = open(argv[optind], O_RDONLY)) < 0) {
            warn("%s", argv[optind]);
            status = 1;
            continue;
        }
        status |= dump(fd, argv[optind]);
        close(fd);
    }
    return status;
}
