// fold.c: breaks long lines.
//
// A tab goes to the next column of eight, a backspace one back, a carriage
// return to the first. With -s a line is broken behind its last blank.

#include "input.h"

const char help[] =
    "fold [-bs] [-w width] [file...]\n"
    "Break lines that are longer than 80 columns.\n"
    "  -w N  N columns   -s  behind blanks   -b  count bytes, not columns";

static uint width = 80;
static int bytes, atblanks;

static uint
columnafter(uint column, char c)
{
    if (bytes)
        return column + 1;
    switch (c) {
    case '\t': return (column | 7) + 1;
    case '\b': return column ? column - 1 : 0;
    case '\r': return 0;
    default:   return column + 1;
    }
}

// How much of a line fits; all of it, n, if it needs no break.
static uint
fitting(const char *s, uint n)
{
    uint i, column = 0, blank = 0;

    for (i = 0; i < n; i++) {
        column = columnafter(column, s[i]);
        if (column > width)
            return atblanks && blank ? blank : i ? i : 1;
        if (s[i] == ' ' || s[i] == '\t')
            blank = i + 1;
    }
    return n;
}

static int
foldfile(int fd, const char *name)
{
    struct lines in;
    char *line;
    int ended;
    uint n, part;

    openlines(&in, fd);
    while ((line = nextline(&in, &n)) != 0) {
        ended = hasnewline(&in, line, n);
        while ((part = fitting(line, n)) < n) {
            outputline(line, part);
            line += part;
            n -= part;
        }
        output(line, n);
        output("\n", ended);
    }
    return endlines(&in, name);
}

int
main(int argc, char **argv)
{
    int c;

    while ((c = getopt(argc, argv, "bsw:")) != -1) {
        switch (c) {
        case 'b': bytes = 1; break;
        case 's': atblanks = 1; break;
        case 'w': width = number(optarg, 1, INT_MAX); break;
        default:  usage(0);
        }
    }
    return finish(eachfile(argv + optind, foldfile));
}
