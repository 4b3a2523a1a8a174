// printf.c: the command printf; sh_printf.c does it.

#include "sh.h"

const char help[] = "printf format [argument...]\n"
                    "Writes the arguments as the format says.";

void
complain(const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    vwarnx(fmt, ap);
    va_end(ap);
}

int
out_flush(struct text *t)
{
    if (t->n > 0 && writeall(1, t->s, t->n) < 0)
        badwrite(1);
    return 0;
}

int
main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--help") == 0)
        getopt(argc, argv, "");
    return do_printf(argv);
}
