// head.c: the first lines of files.
//
//     head [-n lines] [file...]

#include "user.h"

static int
show(int fd, const char *name, int max)
{
    struct lines in;
    char *line;
    uint n;
    int i;

    openlines(&in, fd);
    for (i = 0; i < max && (line = nextline(&in, &n)) != 0; i++) {
        line[n] = '\n';             // over nextline's NUL
        fwrite(line, 1, n + 1, stdout);
    }
    closelines(&in);
    if (fflush(stdout) < 0)
        badwrite(1);
    if ((errno = in.error) == 0)
        return 0;
    warn("%s", name);
    return 1;
}

int
main(int argc, char **argv)
{
    int max = 10, status = 0, c, fd, i;

    while ((c = getopt(argc, argv, "n:")) != -1) {
        if (c != 'n')
            usage("[-n lines] [file...]");
        max = number(optarg, 0, INT_MAX);
    }
    if (optind == argc)
        return show(0, "(input)", max);
    for (i = optind; i < argc; i++) {
        if ((fd = open(argv[i], O_RDONLY)) < 0) {
            warn("%s", argv[i]);
            status = 1;
            continue;
        }
        if (argc - optind > 1)
            printf("%s==> %s <==\n", i > optind ? "\n" : "", argv[i]);
        status |= show(fd, argv[i], max);
        close(fd);
    }
    return status;
}
