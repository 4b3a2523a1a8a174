// poweroff.c: writes everything to the disk and turns the machine off. An
// argument is the status for the host, 0 without one.

#include "user.h"

int
main(int argc, char **argv)
{
    int status = 0;

    if (argc > 2)
        usage("[status]");
    if (argc == 2)
        status = number(argv[1], 0, 255);
    sync();
    shutdown(POWEROFF, status);
    err(1, "shutdown");
}
