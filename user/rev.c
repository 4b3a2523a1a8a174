// rev.c: writes each line's characters in the opposite order.

#include "input.h"

const char help[] =
    "rev [file...]\n"
    "Write each line with its bytes in the opposite order.";

static void
reverse(char *s, uint n)
{
    uint i;
    char c;

    for (i = 0; i < n / 2; i++) {
        c = s[i];
        s[i] = s[n - 1 - i];
        s[n - 1 - i] = c;
    }
}

static int
revfile(int fd, const char *name)
{
    struct lines in;
    char *line;
    int ended;
    uint n;

    openlines(&in, fd);
    while ((line = nextline(&in, &n)) != 0) {
        ended = hasnewline(&in, line, n);
        reverse(line, n);
        output(line, n);
        output("\n", ended);
    }
    return endlines(&in, name);
}

int
main(int argc, char **argv)
{
    if (getopt(argc, argv, "") != -1)
        usage(0);
    return finish(eachfile(argv + optind, revfile));
}
