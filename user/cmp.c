// cmp.c: tells where two files begin to differ. Exit status: 0 if they do
// not, 1 if they do, 2 after an error.

#include "user.h"

#define CHUNK 8192

struct input {
    const char *name;
    int fd, n, at;
    uchar buf[CHUNK];
};

static void
openinput(struct input *in, const char *name)
{
    in->name = name;
    if ((in->fd = strcmp(name, "-") ? open(name, O_RDONLY) : 0) < 0)
        err(2, "%s", name);
}

// The next byte, or -1 at the end.
static int
next(struct input *in)
{
    if (in->at == in->n) {
        in->at = 0;
        if ((in->n = read(in->fd, in->buf, CHUNK)) < 0)
            err(2, "%s", in->name);
        if (in->n == 0)
            return -1;
    }
    return in->buf[in->at++];
}

int
main(int argc, char **argv)
{
    static struct input a, b;
    uint byte = 0, line = 1;
    int x, y;

    if (argc != 3)
        usage("file file");
    openinput(&a, argv[1]);
    openinput(&b, argv[2]);
    do {
        x = next(&a);
        y = next(&b);
        byte++;
        line += x == '\n' && x == y;
    } while (x == y && x >= 0);
    if (x == y)
        return 0;
    if (x < 0 || y < 0)
        warnx("%s is shorter: %u bytes", x < 0 ? a.name : b.name, byte - 1);
    else
        printf("%s %s differ: byte %u, line %u\n", a.name, b.name, byte, line);
    return 1;
}
