// cat.c: writes files, one after the other, to the standard output.
//
// Without options it copies. With them it goes byte by byte; whether a line
// begins here, and the line's number, carry over from file to file.

#include "input.h"

const char help[] =
    "cat [-AbeEnstTuv] [file...]\n"
    "Write files, or the standard input, one after the other.\n"
    "  -n  number all lines         -b  number those that are not empty\n"
    "  -s  one empty line for many  -E  show a line's end as $\n"
    "  -v  show control characters  -T  show tabs as ^I\n"
    "  -A  all of -vET              -e -t  -vE, -vT";

#define CHUNK 8192

static int number_all, number_full, squeeze, ends, tabs, visible;
static struct {
    int  atstart;                   // of a line
    int  empties;                   // empty lines just before
    uint number;
} line = { 1, 0, 0 };

static void
put(int c)
{
    if (putchar(c) < 0)
        badwrite(1);
}

static void
show(uchar c)
{
    if (c == '\t' ? tabs : visible) {
        if (c >= 128) {
            put('M');
            put('-');
            c -= 128;
        }
        if (c < ' ' || c == 127) {
            put('^');
            c ^= 64;
        }
    }
    put(c);
}

static void
take(uchar c)
{
    if (line.atstart) {
        line.empties = c == '\n' ? line.empties + 1 : 0;
        if (squeeze && line.empties > 1)
            return;
        if (number_full ? c != '\n' : number_all)
            printf("%6u\t", ++line.number);
    }
    line.atstart = c == '\n';
    if (c != '\n') {
        show(c);
        return;
    }
    if (ends)
        put('$');
    put('\n');
}

static int
showfile(int fd, const char *name)
{
    static uchar buf[CHUNK];
    int n, i;

    while ((n = read(fd, buf, sizeof(buf))) > 0)
        for (i = 0; i < n; i++)
            take(buf[i]);
    if (n == 0)
        return 0;
    warn("%s", name);
    return 1;
}

// A file that is also the output would be copied for ever.
static int
isoutput(int fd)
{
    struct stat in, out;

    return fstat(fd, &in) == 0 && fstat(1, &out) == 0 &&
           in.type == T_FILE && out.type == T_FILE && in.ino == out.ino &&
           in.size > 0;
}

static int
copyfile(int fd, const char *name)
{
    if (isoutput(fd)) {
        warnx("%s: is also the output", name);
        return 1;
    }
    if (copyfd(fd, 1) == 0)
        return 0;
    if (strcmp(copyfailed, "write") == 0)
        badwrite(1);
    warn("%s", name);
    return 1;
}

int
main(int argc, char **argv)
{
    int c;

    while ((c = getopt(argc, argv, "AbeEnstTuv")) != -1) {
        switch (c) {
        case 'A': visible = ends = tabs = 1; break;
        case 'b': number_full = 1; break;
        case 'e': visible = ends = 1; break;
        case 'E': ends = 1; break;
        case 'n': number_all = 1; break;
        case 's': squeeze = 1; break;
        case 't': visible = tabs = 1; break;
        case 'T': tabs = 1; break;
        case 'u': break;            // nothing is held back anyway
        case 'v': visible = 1; break;
        default:  usage(0);
        }
    }
    if (number_all || number_full || squeeze || ends || tabs || visible)
        return finish(eachfile(argv + optind, showfile));
    return eachfile(argv + optind, copyfile);
}
