// wc.c: counts lines, words, characters and bytes.
//
// Columns are as wide as the total of the files' sizes needs, but seven
// where the input is no file, and one where a single number is printed. A
// character is a byte that does not go on with a UTF-8 sequence.

#include "input.h"

const char help[] =
    "wc [-clmwL] [file...]\n"
    "Count lines, words and bytes of files, or of the standard input.\n"
    "  -l  lines   -w  words   -c  bytes   -m  characters\n"
    "  -L  the longest line's width";

#define CHUNK 16384
#define PIPEWIDTH 7

typedef unsigned long long ullong;

struct counts {
    ullong lines, words, chars, bytes, longest;
};

static int wantlines, wantwords, wantchars, wantbytes, wantlongest;
static int width = 1;
static struct counts total;

static void
show(struct counts *c, const char *name)
{
    const struct { int wanted; ullong n; } columns[] = {
        { wantlines, c->lines }, { wantwords, c->words },
        { wantchars, c->chars }, { wantbytes, c->bytes },
        { wantlongest, c->longest },
    };
    const char *gap = "";
    uint i;

    for (i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
        if (columns[i].wanted) {
            printf("%s%*llu", gap, width, columns[i].n);
            gap = " ";
        }
    }
    printf("%s%s\n", *name ? " " : "", name);
}

struct place {
    int inword;
    uint column;
};

static void
countchunk(struct counts *c, struct place *p, const uchar *buf, int n)
{
    int i, space;

    c->bytes += n;
    for (i = 0; i < n; i++) {
        space = isspace(buf[i]);
        c->lines += buf[i] == '\n';
        c->chars += (buf[i] & 0xc0) != 0x80;
        c->words += !p->inword && !space;
        p->inword = !space;
    }
}

// As a terminal would show it: tabs go to columns of eight.
static void
measure(struct counts *c, struct place *p, const uchar *buf, int n)
{
    int i;

    for (i = 0; i < n; i++) {
        if (buf[i] == '\n' || buf[i] == '\r' || buf[i] == '\f')
            p->column = 0;
        else if (buf[i] == '\t')
            p->column = (p->column | 7) + 1;
        else
            p->column += isprint(buf[i]) || buf[i] >= 0xc0;
        if (p->column > c->longest)
            c->longest = p->column;
    }
}

static int
count(int fd, struct counts *c)
{
    static uchar buf[CHUNK];
    struct place p = { 0, 0 };
    int n;

    while ((n = read(fd, buf, sizeof(buf))) > 0) {
        countchunk(c, &p, buf, n);
        if (wantlongest)
            measure(c, &p, buf, n);
    }
    return n;
}

static void
addup(struct counts *c)
{
    total.lines += c->lines;
    total.words += c->words;
    total.chars += c->chars;
    total.bytes += c->bytes;
    if (c->longest > total.longest)
        total.longest = c->longest;
}

static int
countfile(int fd, const char *name)
{
    struct counts c = { 0, 0, 0, 0, 0 };
    int status = 0;

    if (count(fd, &c) < 0) {
        warn("%s", name);
        status = 1;
    }
    addup(&c);
    show(&c, name);
    return status;
}

static int
countinput(int fd, const char *name)
{
    (void)name;
    return countfile(fd, "");
}

static void
findwidth(char **names)
{
    uint size = 0;
    int least = 1, fd;
    struct stat st;

    for (; *names; names++) {
        if ((fd = openinput(*names)) < 0)
            continue;
        if (fstat(fd, &st) == 0 && st.type == T_FILE)
            size += st.size;
        else
            least = PIPEWIDTH;
        if (fd != 0)
            close(fd);
    }
    for (width = 1; size >= 10; width++)
        size /= 10;
    if (width < least)
        width = least;
}

int
main(int argc, char **argv)
{
    static char *input[] = { "-", 0 };
    int c, status, columns;

    while ((c = getopt(argc, argv, "clmwL")) != -1) {
        switch (c) {
        case 'c': wantbytes = 1; break;
        case 'l': wantlines = 1; break;
        case 'm': wantchars = 1; break;
        case 'w': wantwords = 1; break;
        case 'L': wantlongest = 1; break;
        default:  usage(0);
        }
    }
    columns = wantbytes + wantlines + wantchars + wantwords + wantlongest;
    if (columns == 0)
        wantlines = wantwords = wantbytes = 1;
    if (columns != 1 || argc - optind > 1)
        findwidth(optind < argc ? argv + optind : input);
    status = eachfile(argv + optind, optind < argc ? countfile : countinput);
    if (argc - optind > 1)
        show(&total, "total");
    return finish(status);
}
