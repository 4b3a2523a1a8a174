// lib_string.c: memory and strings, with their usual meanings.
//
// The mem functions move words by the string instructions, which every
// CPU since the Pentium Pro runs a cache line at a time; the direction flag
// is clear whenever C code runs.

#include "user.h"

void *
memset(void *p, int c, size_t n)
{
    void *at = p;
    uint words = n / 4, rest = n % 4;
    uint fill = (uchar)c * 0x01010101u;

    asm volatile("rep stosl" : "+D"(at), "+c"(words) : "a"(fill) : "memory");
    asm volatile("rep stosb" : "+D"(at), "+c"(rest) : "a"(fill) : "memory");
    return p;
}

void *
memcpy(void *to, const void *from, size_t n)
{
    void *at = to;
    uint words = n / 4, rest = n % 4;

    asm volatile("rep movsl" : "+D"(at), "+S"(from), "+c"(words) : : "memory");
    asm volatile("rep movsb" : "+D"(at), "+S"(from), "+c"(rest) : : "memory");
    return to;
}

// Copies from the end, for an area that overlaps its source from above.
static void
copydown(void *to, const void *from, uint n)
{
    char *d = (char *)to + n - 1;
    const char *s = (const char *)from + n - 1;
    uint words = n / 4, rest = n % 4;

    asm volatile("std\n\t"
                 "rep movsb\n\t"
                 "sub $3, %0\n\t"
                 "sub $3, %1\n\t"
                 "mov %3, %2\n\t"
                 "rep movsl\n\t"
                 "cld"
                 : "+D"(d), "+S"(s), "+c"(rest) : "r"(words) : "memory");
}

void *
memmove(void *to, const void *from, size_t n)
{
    if ((uint)to - (uint)from >= n)     // also when to is below from
        return memcpy(to, from, n);
    copydown(to, from, n);
    return to;
}

int
memcmp(const void *a, const void *b, size_t n)
{
    const uchar *p = a, *q = b, *end = p + n;

    while (p < end && *p == *q)
        p++, q++;
    return p == end ? 0 : *p - *q;
}

void *
memchr(const void *p, int c, size_t n)
{
    const uchar *s = p;

    for (; n > 0; n--, s++)
        if (*s == (uchar)c)
            return (void *)s;
    return 0;
}

size_t
strlen(const char *s)
{
    const char *end = s;

    while (*end) {
        end++;
        asm volatile("" : "+r"(end));   // not to become a call to itself
    }
    return end - s;
}

char *
strcpy(char *to, const char *from)
{
    return memcpy(to, from, strlen(from) + 1);
}

char *
strncpy(char *to, const char *from, size_t n)
{
    size_t i;

    for (i = 0; i < n && from[i]; i++)
        to[i] = from[i];
    memset(to + i, 0, n - i);
    return to;
}

char *
strcat(char *to, const char *from)
{
    strcpy(to + strlen(to), from);
    return to;
}

char *
strncat(char *to, const char *from, size_t n)
{
    char *end = to + strlen(to);
    const char *stop = memchr(from, 0, n);
    size_t len = stop ? (size_t)(stop - from) : n;

    memcpy(end, from, len);
    end[len] = 0;
    return to;
}

int
strcmp(const char *a, const char *b)
{
    return strncmp(a, b, UINT_MAX);
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

char *
strchr(const char *s, int c)
{
    return memchr(s, c, strlen(s) + 1);
}

char *
strrchr(const char *s, int c)
{
    return memrchr(s, c, strlen(s) + 1);
}

char *
strstr(const char *s, const char *sub)
{
    size_t n = strlen(sub);

    if (n == 0)
        return (char *)s;
    while ((s = strchr(s, *sub)) != 0) {
        if (strncmp(s, sub, n) == 0)
            return (char *)s;
        s++;
    }
    return 0;
}

char *
strdup(const char *s)
{
    size_t n = strlen(s) + 1;
    char *copy = malloc(n);

    return copy ? memcpy(copy, s, n) : 0;
}
