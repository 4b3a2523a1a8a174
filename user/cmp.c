// cmp.c: compares two files byte by byte.
//
// Exit status: 0 they are equal, 1 they differ, 2 one cannot be read.

#include "input.h"

const char help[] =
    "cmp [-ls] [-n bytes] file1 [file2]\n"
    "Say where two files first differ.\n"
    "  -l    all differing bytes: place, and both in octal\n"
    "  -s    nothing but the exit status\n"
    "  -n N  compare at most N bytes";

#define CHUNK 8192

struct side {
    const char *name;
    int fd, n, at;                  // bytes in buf, and the next
    uchar buf[CHUNK];
};

static struct side sides[2];
static int list, silent;
static int width;                   // of a place in -l's table

static void
opensides(char **names)
{
    uint least = UINT_MAX;
    struct stat st;
    int i;

    for (i = 0; i < 2; i++) {
        sides[i].name = names[i] ? names[i] : "-";
        if ((sides[i].fd = openinput(sides[i].name)) < 0)
            err(2, "%s", sides[i].name);
        if (fstat(sides[i].fd, &st) == 0 && st.type == T_FILE &&
            st.size < least)
            least = st.size;
    }
    for (width = 1; least >= 10; width++)
        least /= 10;
}

static int
next(struct side *s)
{
    if (s->at == s->n) {
        s->at = 0;
        if ((s->n = read(s->fd, s->buf, CHUNK)) < 0)
            err(2, "%s", s->name);
        if (s->n == 0)
            return -1;
    }
    return s->buf[s->at++];
}

static int
ended(struct side *s, uint at, uint line, int atstart)
{
    fflush(stdout);
    if (silent)
        return 1;
    if (at == 0)
        warnx("EOF on %s which is empty", s->name);
    else if (list)
        warnx("EOF on %s after byte %u", s->name, at);
    else
        warnx("EOF on %s after byte %u, %sline %u", s->name, at,
              atstart ? "" : "in ", line - atstart);
    return 1;
}

static int
compare(uint most)
{
    uint at, line = 1;
    int status = 0, a = 0, b, last;

    for (at = 0; at < most; at++) {
        last = a;
        a = next(&sides[0]);
        b = next(&sides[1]);
        if (a < 0 && b < 0)
            break;
        if (a < 0 || b < 0)
            return ended(&sides[a >= 0], at, line, last == '\n');
        if (a != b) {
            status = 1;
            if (list)
                printf("%*u %3o %3o\n", width, at + 1, a, b);
            else
                break;
        }
        line += a == '\n';
    }
    if (status && !silent && !list)
        printf("%s %s differ: char %u, line %u\n", sides[0].name,
               sides[1].name, at + 1, line);
    return status;
}

int
main(int argc, char **argv)
{
    uint most = UINT_MAX;
    int c;

    outstatus = 2;
    while ((c = getopt(argc, argv, "ln:s")) != -1) {
        switch (c) {
        case 'l': list = 1; break;
        case 'n': most = bytecount(optarg); break;
        case 's': silent = 1; break;
        default:  usage(0);
        }
    }
    if (argc - optind < 1 || argc - optind > 2 || (list && silent))
        usage(0);
    opensides(argv + optind);
    return finish(compare(most));
}
