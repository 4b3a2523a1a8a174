// lib_match.c: the patterns * ? [...], in which a backslash quotes.
//
// When something behind a * does not fit, the * takes one byte more; only
// the last * met has to be tried again, as it can take all that an earlier
// one could. So the time is at most pattern times text.

#ifndef HOSTED
#include "user.h"
#endif
#include "class.h"

// At a [: steps behind [:class:]. *in: does c belong to it? 0 if no class of
// such a name is there.
static int
class(const char **at, int c, int *in)
{
    const char *name = *at + 2, *end;
    classfn *has;

    if ((*at)[1] != ':' || (end = strstr(name, ":]")) == 0 ||
        (has = charclass(name, end - name)) == 0)
        return 0;
    *in |= has(c) != 0;
    *at = end + 2;
    return 1;
}

static int
element(const char **at)
{
    if (**at == '\\' && (*at)[1])
        ++*at;
    return (uchar)*(*at)++;
}

// Behind a [: does c fit? Steps behind the ]. -1 if none closes it.
static int
bracket(const char **at, int c)
{
    const char *s = *at, *first;
    int negate = *s == '!' || *s == '^', in = 0, low, high;

    s += negate;
    for (first = s; *s && (*s != ']' || s == first); ) {
        if (*s == '[' && class(&s, c, &in))
            continue;
        low = high = element(&s);
        if (s[0] == '-' && s[1] && s[1] != ']') {
            s++;
            high = element(&s);
        }
        in |= low <= c && c <= high;
    }
    if (*s == 0)
        return -1;
    *at = s + 1;
    return in != negate;
}

// Does the pattern's first element, no *, fit c? Steps behind it.
static int
one(const char **pattern, int c)
{
    int in;

    switch (*(*pattern)++) {
    case '?':
        return 1;
    case '[':
        in = bracket(pattern, c);
        return in < 0 ? c == '[' : in;
    case '\\':
        if (**pattern)
            return (uchar)*(*pattern)++ == c;
        return c == '\\';
    }
    return (uchar)(*pattern)[-1] == c;
}

int
globmatch(const char *pattern, const char *s)
{
    const char *star = 0, *from = 0;    // behind the last *, and what it left

    while (*s) {
        if (*pattern == '*') {
            star = ++pattern;
            from = s;
        } else if (*pattern && one(&pattern, (uchar)*s)) {
            s++;
        } else if (star) {
            pattern = star;
            s = ++from;
        } else {
            return 0;
        }
    }
    while (*pattern == '*')
        pattern++;
    return *pattern == 0;
}

int
haswild(const char *pattern)
{
    for (; *pattern; pattern++) {
        if (strchr("*?[", *pattern))
            return 1;
        if (*pattern == '\\' && pattern[1])
            pattern++;
    }
    return 0;
}
