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
show(struct wbuf *w, uint at, const uchar *p, uint n)
{
    uint i;

    wprintf(w, "%08x ", at);
    for (i = 0; i < WIDTH; i++) {
        wput(w, " ", i == WIDTH / 2);
        if (i < n)
            wprintf(w, " %02x", p[i]);
        else
            wput(w, "   ", 3);
    }
    wput(w, "  |", 3);
    for (i = 0; i < n; i++)
        wput(w, isprint(p[i]) ? (const char *)&p[i] : ".", 1);
    wput(w, "|\n", 2);
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
    struct wbuf w;
    uint at;

    wopen(&w, 1);
    for (at = 0; (n = fill(fd, line)) > 0; at += n) {
        if (at > 0 && n == WIDTH && memcmp(line, before, WIDTH) == 0) {
            wput(&w, "*\n", same ? 0 : 2);
            same = 1;
            continue;
        }
        show(&w, at, line, n);
        memcpy(before, line, WIDTH);
        same = 0;
    }
    wprintf(&w, "%08x\n", at);
    if (wflush(&w) < 0)
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
