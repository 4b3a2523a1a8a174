// lib.c: strings, memory and arithmetic that the compiler or the kernel
// calls. Bulk work is done in 32-bit string instructions: `rep movsb` runs
// byte by byte on emulators and on processors without ERMSB.

#include <types.h>
#include <x86.h>
#include <lib.h>

void *
memset(void *dst, int c, size_t n)
{
    uchar *d = dst;
    uint word = (c & 0xff) * 0x01010101u, words;

    for (; n > 0 && ((uint)d & 3); n--)
        *d++ = c;
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

    if ((uint)d - (uint)s >= n) {       // dst below src, or past its end
        copy_up(dst, src, n);
        return dst;
    }
    while (n >= 4) {
        n -= 4;
        *(uint *)(d + n) = *(const uint *)(s + n);
    }
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
strncmp(const char *a, const char *b, size_t n)
{
    size_t i;

    for (i = 0; i < n; i++)
        if (a[i] != b[i] || a[i] == 0)
            return (uchar)a[i] - (uchar)b[i];
    return 0;
}

int
strcmp(const char *a, const char *b)
{
    return strncmp(a, b, ~(size_t)0);
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

uint64
udiv64(uint64 a, uint b, uint *rem)
{
    uint hi = a >> 32, lo = a, qhi, qlo, r;

    qhi = hi / b;
    r = hi % b;
    asm("divl %4" : "=a"(qlo), "=d"(r) : "a"(lo), "d"(r), "r"(b) : "cc");
    if (rem)
        *rem = r;
    return (uint64)qhi << 32 | qlo;
}
