// ln.c: gives a file one more name, in a directory its own if one is named.

#include "user.h"

int
main(int argc, char **argv)
{
    struct stat st;
    char *to;

    if (argc != 3)
        usage("file name");
    to = argv[2];
    if (stat(to, &st) == 0 && st.type == T_DIR &&
        (to = pathjoin(to, basename(argv[1]))) == 0)
        err(1, "%s", argv[2]);
    if (link(argv[1], to) < 0)
        err(1, "%s to %s", argv[1], to);
    return 0;
}
