// nl.c: numbers lines.

#include "input.h"

const char help[] =
    "nl [-b a|t|n] [-i step] [-n ln|rn|rz] [-s text] [-v first] [-w width]\n"
    "   [file...]\n"
    "Write lines with their numbers; those that are empty have none.\n"
    "  -b a  number all lines, -b n none     -i N  count by N, -v N from N\n"
    "  -n ln  left, rn right, rz with zeroes -w N  in N columns\n"
    "  -s TEXT  between number and line";

static char which = 't';
static const char *format = "%*d";
static const char *gap = "\t";
static int step = 1, next = 1, width = 6;

static int
nlfile(int fd, const char *name)
{
    struct lines in;
    char *line;
    uint n;

    openlines(&in, fd);
    while ((line = nextline(&in, &n)) != 0) {
        if (which == 'a' || (which == 't' && n > 0)) {
            printf(format, width, next);
            output(gap, strlen(gap));
            next += step;
        } else {
            printf("%*s", width + (int)strlen(gap), "");
        }
        outputline(line, n);
    }
    return endlines(&in, name);
}

static void
setformat(const char *s)
{
    if (strcmp(s, "ln") == 0)
        format = "%-*d";
    else if (strcmp(s, "rn") == 0)
        format = "%*d";
    else if (strcmp(s, "rz") == 0)
        format = "%0*d";
    else
        errx(1, "-n %s: ln, rn or rz", s);
}

static void
setwhich(const char *s)
{
    if (!*s || s[1] || !strchr("atn", *s))
        errx(1, "-b %s: a, t or n", s);
    which = *s;
}

int
main(int argc, char **argv)
{
    int c;

    while ((c = getopt(argc, argv, "b:i:n:s:v:w:")) != -1) {
        switch (c) {
        case 'b': setwhich(optarg); break;
        case 'i': step = number(optarg, -INT_MAX, INT_MAX); break;
        case 'n': setformat(optarg); break;
        case 's': gap = optarg; break;
        case 'v': next = number(optarg, -INT_MAX, INT_MAX); break;
        case 'w': width = number(optarg, 1, 100); break;
        default:  usage(0);
        }
    }
    return finish(eachfile(argv + optind, nlfile));
}
