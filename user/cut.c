// cut.c: takes bytes or fields out of every line.
//
// A list, as 1,3-5,8-, is kept as ranges in ascending order that do not
// touch, and each line is walked once beside them.

#include "input.h"

const char help[] =
    "cut -b list | -c list | -f list [-d char] [-s] [-o text] [file...]\n"
    "Write parts of each line. A list is made of N, N-M, N- and -M.\n"
    "  -b, -c   bytes\n"
    "  -f       fields, with a tab or -d's CHAR between them\n"
    "  -s       leave out lines without that character\n"
    "  -o TEXT  between the parts of the output, not CHAR";

struct range {
    uint from, to;                  // counted from 1; both belong to it
};

static struct range *ranges;
static uint nranges;
static int byfields, onlycut;
static char delimiter = '\t';
static const char *joint;           // between parts, 0: as it was

static uint
listnumber(const char **s)
{
    char *end;
    uint n;

    errno = 0;
    n = strtoul(*s, &end, 10);
    if (n == 0 || errno)
        errx(1, "%s: lists count from 1 to %u", *s, UINT_MAX);
    *s = end;
    return n;
}

static void
addrange(uint from, uint to)
{
    struct range *more = realloc(ranges, (nranges + 1) * sizeof(*more));

    if (more == 0)
        err(1, "list");
    ranges = more;
    ranges[nranges].from = from;
    ranges[nranges++].to = to;
}

static int
compare(const void *a, const void *b)
{
    const struct range *p = a, *q = b;

    return p->from < q->from ? -1 : p->from > q->from;
}

static void
merge(void)
{
    uint i, n = 0;

    qsort(ranges, nranges, sizeof(*ranges), compare);
    for (i = 1; i < nranges; i++) {
        if (ranges[i].from <= ranges[n].to) {
            if (ranges[i].to > ranges[n].to)
                ranges[n].to = ranges[i].to;
        } else {
            ranges[++n] = ranges[i];
        }
    }
    nranges = n + 1;
}

static void
parselist(const char *s)
{
    const char *list = s;
    uint from, to;

    for (;;) {
        if (!isdigit(*s) && !(*s == '-' && isdigit(s[1])))
            errx(1, "%s: not a list", list);
        from = *s == '-' ? 1 : listnumber(&s);
        to = from;
        if (*s == '-') {
            s++;
            to = isdigit(*s) ? listnumber(&s) : UINT_MAX;
        }
        if (to < from)
            errx(1, "%s: a range runs backwards", list);
        addrange(from, to);
        if (*s == 0)
            break;
        if (*s != ',' && *s != ' ')
            errx(1, "%s: not a list", list);
        s++;
    }
    merge();
}

static void
cutbytes(const char *line, uint n)
{
    uint i, to;

    for (i = 0; i < nranges && ranges[i].from <= n; i++) {
        if (i > 0 && joint)
            output(joint, strlen(joint));
        to = ranges[i].to < n ? ranges[i].to : n;
        output(line + ranges[i].from - 1, to - ranges[i].from + 1);
    }
    output("\n", 1);
}

static void
putjoint(void)
{
    if (joint)
        output(joint, strlen(joint));
    else
        output(&delimiter, 1);
}

static void
cutfields(const char *line, uint n)
{
    const char *s = line, *end = line + n, *stop;
    uint field = 1, i = 0, shown = 0;

    if (memchr(line, delimiter, n) == 0) {
        if (!onlycut)
            outputline(line, n);
        return;
    }
    for (; i < nranges; field++, s = stop + 1) {
        if ((stop = memchr(s, delimiter, end - s)) == 0)
            stop = end;
        if (field >= ranges[i].from) {
            if (shown++ > 0)
                putjoint();
            output(s, stop - s);
        }
        i += field == ranges[i].to;
        if (stop == end)
            break;
    }
    output("\n", 1);
}

static int
cutfile(int fd, const char *name)
{
    struct lines in;
    char *line;
    uint n;

    openlines(&in, fd);
    while ((line = nextline(&in, &n)) != 0) {
        if (byfields)
            cutfields(line, n);
        else
            cutbytes(line, n);
    }
    return endlines(&in, name);
}

static void
setlist(const char *s, int fields)
{
    if (ranges)
        errx(1, "only one list, please");
    byfields = fields;
    parselist(s);
}

int
main(int argc, char **argv)
{
    int c;

    while ((c = getopt(argc, argv, "b:c:d:f:no:s")) != -1) {
        switch (c) {
        case 'b':
        case 'c': setlist(optarg, 0); break;
        case 'f': setlist(optarg, 1); break;
        case 'n': break;            // characters are bytes
        case 'o': joint = optarg; break;
        case 's': onlycut = 1; break;
        case 'd':
            if (optarg[0] && optarg[1])
                errx(1, "%s: a delimiter is one character", optarg);
            delimiter = optarg[0];
            break;
        default:  usage(0);
        }
    }
    if (ranges == 0)
        usage(0);
    return finish(eachfile(argv + optind, cutfile));
}
