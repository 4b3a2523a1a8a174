// touch.c: makes sure that files exist.

#include "user.h"

static int
touch(const char *path)
{
    int fd = open(path, O_RDONLY);

    if (fd < 0 && errno == ENOENT)
        fd = open(path, O_WRONLY | O_CREATE);
    if (fd >= 0)
        return close(fd);
    warn("%s", path);
    return -1;
}

int
main(int argc, char **argv)
{
    int status = 0;

    if (argc < 2)
        usage("file...");
    while (*++argv)
        status |= touch(*argv) < 0;
    return status;
}
