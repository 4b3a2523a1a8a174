// lib_search.c: strings and memory searched, cut into words, and copied in
// the less common ways. In the C locale strcoll() is strcmp().

#include "user.h"

void *
memrchr(const void *p, int c, size_t n)
{
    const uchar *s = p;

    while (n-- > 0)
        if (s[n] == (uchar)c)
            return (void *)(s + n);
    return 0;
}

void *
memmem(const void *p, size_t n, const void *what, size_t len)
{
    const char *s = p, *stop;

    if (len == 0)
        return (void *)p;
    if (len > n)
        return 0;
    for (stop = s + (n - len) + 1; s < stop; s++) {
        if ((s = memchr(s, *(uchar *)what, stop - s)) == 0)
            return 0;
        if (memcmp(s, what, len) == 0)
            return (void *)s;
    }
    return 0;
}

void *
memccpy(void *to, const void *from, int c, size_t n)
{
    const void *stop = memchr(from, c, n);

    if (stop == 0) {
        memcpy(to, from, n);
        return 0;
    }
    n = (const char *)stop - (const char *)from + 1;
    return mempcpy(to, from, n);
}

void *
mempcpy(void *to, const void *from, size_t n)
{
    return (char *)memcpy(to, from, n) + n;
}

size_t
strnlen(const char *s, size_t most)
{
    const char *end = memchr(s, 0, most);

    return end ? (size_t)(end - s) : most;
}

char *
stpcpy(char *to, const char *from)
{
    size_t n = strlen(from);

    memcpy(to, from, n + 1);
    return to + n;
}

size_t
strlcpy(char *to, const char *from, size_t n)
{
    size_t len = strlen(from), part = len < n ? len : n - 1;

    if (n > 0) {
        memcpy(to, from, part);
        to[part] = 0;
    }
    return len;
}

size_t
strlcat(char *to, const char *from, size_t n)
{
    size_t at = strnlen(to, n);

    return at + (at < n ? strlcpy(to + at, from, n - at) : strlen(from));
}

char *
strndup(const char *s, size_t n)
{
    size_t len = strnlen(s, n);
    char *copy = malloc(len + 1);

    if (copy == 0)
        return 0;
    memcpy(copy, s, len);
    copy[len] = 0;
    return copy;
}

int
strcoll(const char *a, const char *b)
{
    return strcmp(a, b);
}

size_t
strxfrm(char *to, const char *from, size_t n)
{
    return strlcpy(to, from, n);
}

char *
strchrnul(const char *s, int c)
{
    char *at = strchr(s, c);

    return at ? at : (char *)s + strlen(s);
}

// How many bytes from s on are all in set (in) or all not (!in).
static size_t
span(const char *s, const char *set, int in)
{
    uint bits[256 / 32] = { 0 };
    const uchar *p;

    for (p = (const uchar *)set; *p; p++)
        bits[*p / 32] |= 1u << *p % 32;
    for (p = (const uchar *)s; *p; p++)
        if ((bits[*p / 32] >> *p % 32 & 1) != (uint)in)
            break;
    return (const char *)p - s;
}

size_t
strspn(const char *s, const char *set)
{
    return span(s, set, 1);
}

size_t
strcspn(const char *s, const char *set)
{
    return span(s, set, 0);
}

char *
strpbrk(const char *s, const char *set)
{
    s += strcspn(s, set);
    return *s ? (char *)s : 0;
}

// Ends the word at s; the rest begins behind it.
static void
cutword(char *s, const char *seps, char **rest)
{
    char *end = s + strcspn(s, seps);

    *rest = *end ? end + 1 : 0;
    *end = 0;
}

char *
strsep(char **rest, const char *seps)
{
    char *word = *rest;

    if (word)
        cutword(word, seps, rest);
    return word;
}

char *
strtok_r(char *s, const char *seps, char **rest)
{
    if (s == 0 && (s = *rest) == 0)
        return 0;
    s += strspn(s, seps);
    if (*s == 0) {
        *rest = 0;
        return 0;
    }
    cutword(s, seps, rest);
    return s;
}

char *
strtok(char *s, const char *seps)
{
    static char *rest;

    return strtok_r(s, seps, &rest);
}
