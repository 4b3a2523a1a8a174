// sleep.c: waits for some seconds, minutes or hours; 0.25 is a quarter.

#include "user.h"

const char help[] = "sleep number[s|m|h]\n"
    "Wait so many seconds, minutes or hours; 0.25 is a quarter.";

// The ticks that s asks for, or -1.
static int
ticks(const char *s)
{
    uint n = 0, part = HZ, unit;
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
    if (s == start)
        return -1;
    unit = *s == 'm' ? 60 : *s == 'h' ? 3600 : 1;
    s += *s && strchr("smh", *s);
    return *s || n > INT_MAX / unit ? -1 : (int)(n * unit);
}

int
main(int argc, char **argv)
{
    int n;

    if (getopt(argc, argv, "") != -1 || optind + 1 != argc)
        usage(NULL);
    if ((n = ticks(argv[optind])) < 0)
        errx(2, "%s: not a time, or too long", argv[optind]);
    return sleep(n) < 0;
}
