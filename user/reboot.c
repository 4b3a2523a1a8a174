// reboot.c: writes everything to the disk and starts the machine anew.

#include "user.h"

int
main(void)
{
    sync();
    shutdown(REBOOT, 0);
    err(1, "shutdown");
}
