// printenv.c: shows values of the environment.

#include "user.h"

const char help[] =
    "printenv [name...]\n"
    "Show the environment, or the values of these names.";

int
main(int argc, char **argv)
{
    const char *value;
    int status = 0;
    char **e;

    if (getopt(argc, argv, "") != -1)
        usage(0);
    if (optind == argc)
        for (e = environ; e && *e; e++)
            puts(*e);
    for (; optind < argc; optind++) {
        if ((value = getenv(argv[optind])) != 0)
            puts(value);
        else
            status = 1;
    }
    if (fflush(stdout) < 0)
        badwrite(1);
    return status;
}
