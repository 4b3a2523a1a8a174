// reboot.c: writes everything to the disk and starts the machine anew.

#include "user.h"

const char help[] = "reboot\n"
    "Write everything to the disk and start the machine anew.";

int
main(int argc, char **argv)
{
    if (getopt(argc, argv, "") != -1 || optind < argc)
        usage(NULL);
    sync();
    shutdown(REBOOT, 0);
    err(1, "shutdown");
}
