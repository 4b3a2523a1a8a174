// vi.c: tells who types it from habit what to type here.

#include "user.h"

const char help[] = "vi\nThere is none here: use edit.";

int
main(int argc, char **argv)
{
    getopt(argc, argv, "");
    warnx("not here: use edit %s", optind < argc ? argv[optind] : "FILE");
    return 1;
}
