// tee.c: copies the standard input to the standard output and to files.
//
// One output that fails is left out from then on; the others go on.

#include "user.h"

const char help[] =
    "tee [-a] [file...]\n"
    "Copy the standard input to the standard output and to files.\n"
    "  -a  append to the files";

#define CHUNK 8192

struct out {
    const char *name;
    int fd;                         // -1: has failed
};

static int
openall(struct out *outs, char **names, int flags)
{
    int status = 0, i;

    outs[0].name = "output";
    outs[0].fd = 1;
    for (i = 0; names[i]; i++) {
        outs[i + 1].name = names[i];
        outs[i + 1].fd = open(names[i], O_WRONLY | O_CREATE | flags);
        if (outs[i + 1].fd < 0) {
            warn("%s", names[i]);
            status = 1;
        }
    }
    return status;
}

// How many outputs failed.
static int
putall(struct out *outs, int n, const char *buf, int len)
{
    int failed = 0, i;

    for (i = 0; i < n; i++) {
        if (outs[i].fd >= 0 && writeall(outs[i].fd, buf, len) < 0) {
            if (errno != EPIPE)
                warn("%s", outs[i].name);
            outs[i].fd = -1;
            failed++;
        }
    }
    return failed;
}

static int
anyleft(struct out *outs, int n)
{
    while (n > 0)
        if (outs[--n].fd >= 0)
            return 1;
    return 0;
}

int
main(int argc, char **argv)
{
    static char buf[CHUNK];
    int flags = O_TRUNC, status, n, nouts;
    struct out *outs;

    while ((n = getopt(argc, argv, "a")) != -1) {
        if (n != 'a')
            usage(0);
        flags = O_APPEND;
    }
    nouts = argc - optind + 1;
    if ((outs = malloc(nouts * sizeof(*outs))) == 0)
        err(1, "tee");
    status = openall(outs, argv + optind, flags);
    while (anyleft(outs, nouts) && (n = read(0, buf, sizeof(buf))) != 0) {
        if (n < 0)
            err(1, "input");
        if (putall(outs, nouts, buf, n) > 0)
            status = 1;
    }
    return status;
}
