// utx_bss.c: a program with 64 MB of bss, run by a case of usertests.
//
// It touches one byte in each quarter and ends with status 0 if these were
// zero. It can run in a machine with far less memory than that.

#include "user.h"

#define QUARTER (16 << 20)

static volatile char bss[4 * QUARTER];

int
main(void)
{
    int i;

    for (i = 0; i < 4; i++) {
        if (bss[i * QUARTER + 12345])
            return 1;
        bss[i * QUARTER + 12345] = 1;
    }
    return 0;
}
