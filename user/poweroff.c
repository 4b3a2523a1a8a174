// poweroff.c: writes everything to the disk and turns the machine off. An
// argument is the status for the host, 0 without one.

#include "user.h"

const char help[] = "poweroff [status]\n"
    "Write everything to the disk and turn the machine off.";

int
main(int argc, char **argv)
{
    int status = 0;

    if (getopt(argc, argv, "") != -1 || argc - optind > 1)
        usage(NULL);
    if (optind < argc)
        status = number(argv[optind], 0, 255);
    sync();
    shutdown(POWEROFF, status);
    err(1, "shutdown");
}
