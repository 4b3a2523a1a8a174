// find_match.c: patterns with *, ? and [sets].

#include "find.h"

// Does c match the set behind '['? *end: behind its ']'; 0: it has none.
static int
inset(const char *p, int c, const char **end)
{
    int negated = *p == '!' || *p == '^', found = 0;
    const char *first;

    if (negated)
        p++;
    for (first = p; *p && (*p != ']' || p == first); p++) {
        if (p[1] == '-' && p[2] && p[2] != ']') {
            found |= (uchar)p[0] <= c && c <= (uchar)p[2];
            p += 2;
        } else {
            found |= (uchar)*p == c;
        }
    }
    *end = *p ? p + 1 : 0;
    return found != negated;
}

// One step: does the pattern's first part match c? *next: what follows it.
static int
matchone(const char *p, int c, const char **next)
{
    int yes;

    *next = p + 1;
    if (*p == '?')
        return 1;
    if (*p == '[') {
        yes = inset(p + 1, c, next);
        if (*next)
            return yes;
        *next = p + 1;              // no set
    } else if (*p == '\\' && p[1]) {
        p++;
        *next = p + 1;
    }
    return (uchar)*p == c;
}

// Only the last * is ever tried again, so the time stays in proportion to
// the lengths' product.
int
matches(const char *p, const char *s)
{
    const char *star = 0, *from = 0, *next;

    while (*s) {
        if (*p == '*') {
            star = ++p;
            from = s;
        } else if (*p && matchone(p, (uchar)*s, &next)) {
            p = next;
            s++;
        } else if (star) {
            p = star;
            s = ++from;
        } else {
            return 0;
        }
    }
    while (*p == '*')
        p++;
    return *p == 0;
}

char *
lower(const char *s)
{
    char *copy = strdup(s), *c;

    if (copy == 0)
        err(1, "%s", s);
    for (c = copy; *c; c++)
        *c = tolower((uchar)*c);
    return copy;
}
