// lib_strings.c: strings without regard to case, and strings.h's old names.

#include "user.h"

int
strcasecmp(const char *a, const char *b)
{
    return strncasecmp(a, b, UINT_MAX);
}

int
strncasecmp(const char *a, const char *b, size_t n)
{
    size_t i;
    int diff;

    for (i = 0; i < n; i++) {
        diff = tolower((uchar)a[i]) - tolower((uchar)b[i]);
        if (diff || a[i] == 0)
            return diff;
    }
    return 0;
}

char *
strcasestr(const char *s, const char *sub)
{
    size_t n = strlen(sub);

    for (; strncasecmp(s, sub, n); s++)
        if (*s == 0)
            return 0;
    return (char *)s;
}

int
bcmp(const void *a, const void *b, size_t n)
{
    return memcmp(a, b, n);
}

void
bcopy(const void *from, void *to, size_t n)
{
    memmove(to, from, n);
}

void
bzero(void *p, size_t n)
{
    memset(p, 0, n);
}

char *
index(const char *s, int c)
{
    return strchr(s, c);
}

char *
rindex(const char *s, int c)
{
    return strrchr(s, c);
}

int
ffs(int n)
{
    return __builtin_ffs(n);
}
