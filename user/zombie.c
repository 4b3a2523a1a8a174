// zombie.c: leaves a child dead but not waited for, for a second; then
// ends itself, so that init must reap it. To be watched with ps.

#include "user.h"

int
main(void)
{
    int pid = fork();

    if (pid < 0)
        err(1, "fork");
    if (pid > 0)
        sleep(HZ);
    return 0;
}
