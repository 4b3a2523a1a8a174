// kill.c: ends processes. There is one signal only; a -9 is allowed for the
// fingers' sake.

#include "user.h"

int
main(int argc, char **argv)
{
    int i = argc > 1 && strcmp(argv[1], "-9") == 0 ? 2 : 1, status = 0;

    if (i >= argc)
        usage("pid...");
    for (; i < argc; i++) {
        if (kill(number(argv[i], 1, INT_MAX)) < 0) {
            warn("%s", argv[i]);
            status = 1;
        }
    }
    return status;
}
