// ln.c: gives files one more name. There are no symbolic links.

#include "paths.h"

const char help[] =
    "ln [-f] file name | file... directory\n"
    "Give files one more name each.\n"
    "  -f  remove what has that name already";

static int force;

static int
linkfile(const char *file, const char *name)
{
    if (link(file, name) == 0)
        return 0;
    if (force && errno == EEXIST &&
        (samefile(file, name) || (unlink(name) == 0 && link(file, name) == 0)))
        return 0;
    warn("%s to %s", file, name);
    return 1;
}

int
main(int argc, char **argv)
{
    int c;

    while ((c = getopt(argc, argv, "fs")) != -1) {
        switch (c) {
        case 'f': force = 1; break;
        case 's': errx(1, "there are no symbolic links");
        default:  usage(0);
        }
    }
    if (argc - optind == 1)
        return linkfile(argv[optind], basename(argv[optind]));
    return eachpair(argv + optind, linkfile);
}
