// cat.c: writes files, or descriptor 0 for none or -, one after the other.

#include "user.h"

static int
show(int fd, const char *name)
{
    if (copyfd(fd, 1) == 0)
        return 0;
    if (strcmp(copyfailed, "write") == 0)
        badwrite(1);
    warn("%s", name);
    return 1;
}

static int
showfile(const char *name)
{
    int fd, result;

    if (strcmp(name, "-") == 0)
        return show(0, name);
    if ((fd = open(name, O_RDONLY)) < 0) {
        warn("%s", name);
        return 1;
    }
    result = show(fd, name);
    close(fd);
    return result;
}

int
main(int argc, char **argv)
{
    int result = 0, i;

    if (argc < 2)
        return show(0, "-");
    for (i = 1; i < argc; i++)
        result |= showfile(argv[i]);
    return result;
}
