// sleep.c: waits for some seconds; 0.25 is a quarter of one.

#include "user.h"

const char help[] = "sleep seconds\n"
    "Wait; 0.25 is a quarter of a second.";

// The ticks that s asks for, or -1.
static int
ticks(const char *s)
{
    uint n = 0, part = HZ;
    const char *start = s;

    for (; isdigit(*s); s++) {
        n = n * 10 + *s - '0';
        if (n > INT_MAX / HZ / 10)
            return -1;
    }
    n *= HZ;
    if (*s == '.')
        while (isdigit(*++s))
            n += (*s - '0') * (part /= 10);
    return *s || s == start ? -1 : (int)n;
}

int
main(int argc, char **argv)
{
    int n;

    if (getopt(argc, argv, "") != -1 || optind + 1 != argc ||
        (n = ticks(argv[optind])) < 0)
        usage(NULL);
    return sleep(n) < 0;
}
