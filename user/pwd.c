// pwd.c: the working directory's path.

#include "user.h"

int
main(void)
{
    uint room = 256;
    char *path = malloc(room);

    while (path && workdir(path, room) < 0) {
        if (errno != ERANGE)
            err(1, "getcwd");
        room *= 2;
        path = realloc(path, room);
    }
    if (path == 0)
        err(1, "getcwd");
    return puts(path) < 0;
}
