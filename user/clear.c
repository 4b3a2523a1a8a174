// clear.c: clears the screen. The cursor goes to the first row; colours, the
// scroll region and the cursor itself become what they were at first.

#include "user.h"

const char help[] = "clear\nClear the screen.";

int
main(int argc, char **argv)
{
    if (getopt(argc, argv, "") != -1 || optind < argc)
        usage(NULL);
    printf("\033[r\033[m\033[?25h\033[2J\033[H");
    return fflush(stdout) < 0;
}
