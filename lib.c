// lib.c: strings and memory, for the compiler and the kernel. Bulk work is
// done in 32-bit string instructions: `rep movsb` runs byte by byte on
// emulators and on processors without ERMSB.

#include "lib.h"
#include "x86.h"

void *
memset(void *dst, int c, size_t n)
{
    uchar *d = dst;
    uint word = (c & 0xff) * 0x01010101u, words;

    words = n / 4;
    asm volatile("rep stosl" : "+D"(d), "+c"(words) : "a"(word) : "memory");
    for (n &= 3; n > 0; n--)
        *d++ = c;
    return dst;
}

void *
memcpy(void *dst, const void *src, size_t n)
{
    copy_up(dst, src, n);
    return dst;
}

void *
memmove(void *dst, const void *src, size_t n)
{
    uchar *d = dst;
    const uchar *s = src;

    if ((uint)d - (uint)s >= n)         // dst below src, or past its end
        return memcpy(dst, src, n);
    while (n-- > 0)
        d[n] = s[n];
    return dst;
}

int
memcmp(const void *a, const void *b, size_t n)
{
    const uchar *p = a, *q = b;
    size_t i;

    for (i = 0; i < n; i++)
        if (p[i] != q[i])
            return p[i] - q[i];
    return 0;
}

size_t
strlen(const char *s)
{
    const char *e = s;

    while (*e)
        e++;
    return e - s;
}

int
strcmp(const char *a, const char *b)
{
    for (; *a == *b && *a; a++, b++)
        ;
    return (uchar)*a - (uchar)*b;
}

size_t
strlcpy(char *dst, const char *src, size_t n)
{
    size_t len = strlen(src), take;

    if (n > 0) {
        take = MIN(len, n - 1);
        memcpy(dst, src, take);
        dst[take] = 0;
    }
    return len;
}
