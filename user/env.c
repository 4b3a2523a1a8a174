// env.c: shows the environment, or runs a command in another one.

#include "user.h"

const char help[] =
    "env [-i0] [-u name]... [name=value]... [command [argument...]]\n"
    "Run a command with a changed environment; without one, show it.\n"
    "  -i  begin with an empty one   -u  without that name\n"
    "  -0  NUL, not a newline, behind each";

static void
show(int end)
{
    char **e;

    for (e = environ; e && *e; e++)
        printf("%s%c", *e, end);
    if (fflush(stdout) < 0)
        badwrite(1);
}

int
main(int argc, char **argv)
{
    int c, end = '\n', status;

    while ((c = getopt(argc, argv, "+i0u:")) != -1) {
        switch (c) {
        case 'i': clearenv(); break;
        case '0': end = 0; break;
        case 'u':
            if (unsetenv(optarg) < 0)
                err(125, "%s", optarg);
            break;
        default:
            usage(0);
        }
    }
    if (optind < argc && strcmp(argv[optind], "-") == 0) {
        clearenv();
        optind++;
    }
    for (; optind < argc && strchr(argv[optind], '='); optind++)
        if (putenv(argv[optind]) != 0)
            err(125, "%s", argv[optind]);
    if (optind == argc) {
        show(end);
        return 0;
    }
    execvp(argv[optind], argv + optind);
    status = errno == ENOENT ? 127 : 126;
    warn("%s", argv[optind]);
    return status;
}
