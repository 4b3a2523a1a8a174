// touch.c: makes sure that files exist.

#include "user.h"

int
main(int argc, char **argv)
{
    int status = 0, fd, i;

    if (argc < 2)
        usage("file...");
    for (i = 1; i < argc; i++) {
        if ((fd = open(argv[i], O_RDONLY)) < 0 && errno == ENOENT)
            fd = open(argv[i], O_WRONLY | O_CREATE);
        if (fd < 0) {
            warn("%s", argv[i]);
            status = 1;
            continue;
        }
        close(fd);
    }
    return status;
}
