// hexdump.c: shows bytes as numbers and characters.
//
// All files are one row of bytes, 16 to a line, each line behind its place.
// A * stands for lines equal to the one before; the last line is the size.

#include "input.h"

const char help[] =
    "hexdump [-bcCdoxv] [-n bytes] [-s bytes] [file...]\n"
    "Show files as words of two bytes in hexadecimal, or as\n"
    "  -C  bytes in hexadecimal, and characters\n"
    "  -b  bytes in octal   -c  characters   -d -o -x  wider words\n"
    "  -n N  at most N bytes   -s N  leave out the first N\n"
    "  -v    equal lines, too";

#define WIDTH 16

// How a line looks: what stands for a unit of one or two bytes.
static const struct form {
    char letter;
    int  size, width;
    const char *format;
} forms[] = {
    { ' ', 2, 5, " %04x" },
    { 'b', 1, 4, " %03o" },
    { 'c', 1, 4, 0 },
    { 'C', 1, 3, 0 },
    { 'd', 2, 8, "   %05u" },
    { 'o', 2, 8, "  %06o" },
    { 'x', 2, 8, "    %04x" },
};

static const struct form *form = forms;
static uint left = UINT_MAX, skip;
static int everything;
static char **names;                // files still to be read
static int current = -1, failed;

// A line is made by hand: a printf for each byte would cost ten times as much.
static void
canonical(uint at, const uchar *p, uint n)
{
    static const char digits[] = "0123456789abcdef";
    char line[80], *to = line + snprintf(line, sizeof(line), "%08x ", at);
    uint i;

    for (i = 0; i < WIDTH; i++) {
        if (i % 8 == 0)
            *to++ = ' ';
        *to++ = i < n ? digits[p[i] >> 4] : ' ';
        *to++ = i < n ? digits[p[i] & 15] : ' ';
        *to++ = ' ';
    }
    *to++ = ' ';
    *to++ = '|';
    for (i = 0; i < n; i++)
        *to++ = isprint(p[i]) ? p[i] : '.';
    *to++ = '|';
    output(line, to - line);
}

static void
character(uchar c)
{
    static const char codes[] = "\0\a\b\f\n\r\t\v", names[] = "0abfnrtv";
    const char *found = memchr(codes, c, sizeof(codes) - 1);

    if (found)
        printf("  \\%c", names[found - codes]);
    else if (isprint(c))
        printf("   %c", c);
    else
        printf(" %03o", c);
}

static void
units(const uchar *p, uint n)
{
    uint i, word;

    for (i = 0; i < WIDTH; i += form->size) {
        word = i < n ? p[i] : 0;
        if (form->size == 2 && i + 1 < n)
            word |= p[i + 1] << 8;
        if (i >= n)
            printf("%*s", form->width, "");
        else if (form->format == 0)
            character(word);
        else
            printf(form->format, word);
    }
}

static void
show(uint at, const uchar *p, uint n)
{
    if (form->letter == 'C') {
        canonical(at, p, n);
    } else {
        printf("%07x", at);
        units(p, n);
    }
    output("\n", 1);
}

static int
opennext(void)
{
    while (*names) {
        if ((current = open(*names, O_RDONLY)) >= 0)
            return 1;
        warn("%s", *names++);
        failed = 1;
    }
    return 0;
}

// Reads on, in the next file at the end of one; 0 at the end of all.
static int
readnext(void *p, uint n)
{
    int got;

    while (current >= 0 || opennext()) {
        if ((got = read(current, p, n)) > 0)
            return got;
        if (got < 0) {
            warn("%s", *names ? *names : "input");
            failed = 1;
        }
        close(current);
        current = -1;
        names += *names != 0;
    }
    return 0;
}

static uint
fill(uchar *p, uint want)
{
    uint n = 0;
    int got;

    while (n < want && (got = readnext(p + n, want - n)) > 0)
        n += got;
    return n;
}

static void
skipbytes(void)
{
    static uchar buf[4096];
    uint todo, n;

    for (todo = skip; todo > 0; todo -= n)
        if ((n = fill(buf, todo < sizeof(buf) ? todo : sizeof(buf))) == 0)
            errx(1, "%u bytes left out: there are not so many", skip);
}

static void
dump(void)
{
    uchar line[WIDTH], before[WIDTH];
    uint at = skip, n;
    int same = 0;

    for (; (n = fill(line, left < WIDTH ? left : WIDTH)) > 0; at += n) {
        left -= n;
        if (!everything && at > skip && n == WIDTH &&
            memcmp(line, before, WIDTH) == 0) {
            output("*\n", same ? 0 : 2);
            same = 1;
            continue;
        }
        show(at, line, n);
        memcpy(before, line, WIDTH);
        same = 0;
    }
    if (at > 0)
        printf(form->letter == 'C' ? "%08x\n" : "%07x\n", at);
}

static void
setform(int letter)
{
    for (form = forms; form->letter != letter; form++)
        ;
}

int
main(int argc, char **argv)
{
    int c;

    while ((c = getopt(argc, argv, "bcCdoxvn:s:")) != -1) {
        switch (c) {
        case 'n': left = bytecount(optarg); break;
        case 's': skip = bytecount(optarg); break;
        case 'v': everything = 1; break;
        case '?': usage(0);
        default:  setform(c);
        }
    }
    names = argv + optind;
    if (*names == 0)
        current = 0;
    skipbytes();
    dump();
    return finish(failed);
}
