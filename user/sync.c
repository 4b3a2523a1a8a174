// sync.c: brings all that was written to the disk.

#include "user.h"

int
main(void)
{
    if (sync() < 0)
        err(1, "sync");
    return 0;
}
