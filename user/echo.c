// echo.c: writes its arguments on a line; -n leaves out the newline.

#include "user.h"

int
main(int argc, char **argv)
{
    int newline = 1, i = 1;

    if (argc > 1 && strcmp(argv[1], "-n") == 0) {
        newline = 0;
        i = 2;
    }
    for (; i < argc; i++)
        printf("%s%s", argv[i], i + 1 < argc ? " " : "");
    if (newline)
        putchar('\n');
    if (fflush(stdout) < 0)
        badwrite(1);
    return 0;
}
