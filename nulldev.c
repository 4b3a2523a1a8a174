// nulldev.c: the two devices without hardware.
//
// null (major 2) is always at its end and swallows what is written; zero
// (major 3) gives zeroes without end and swallows too. Neither ever waits.

#include "lib.h"
#include "file.h"

int
null_read(void *dst, int n)
{
    (void)dst;
    (void)n;
    return 0;
}

int
null_write(const void *src, int n)
{
    (void)src;
    return n;
}

int
zero_read(void *dst, int n)
{
    memset(dst, 0, n);
    return n;
}
