// test.c: the command test, which is [, too; sh_test.c does it.

#include "sh.h"

const char help[] = "test [expression]\n"
                    "Tests files, texts and numbers; the status tells.";

void
complain(const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    vwarnx(fmt, ap);
    va_end(ap);
}

int
main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--help") == 0)
        getopt(argc, argv, "");
    argv[0] = progname;
    return do_test(argv);
}
