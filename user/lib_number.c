// lib_number.c: characters, numbers and chance.

#include "user.h"

int
isspace(int c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

int
isdigit(int c)
{
    return c >= '0' && c <= '9';
}

int
isalpha(int c)
{
    return tolower(c) >= 'a' && tolower(c) <= 'z';
}

int
isprint(int c)
{
    return c >= ' ' && c <= '~';
}

int
tolower(int c)
{
    return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

int
toupper(int c)
{
    return c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c;
}

static uint
digit(int c)
{
    if (isdigit(c))
        return c - '0';
    return isalpha(c) ? (uint)tolower(c) - 'a' + 10 : UINT_MAX;
}

// Magnitude at s in *v: where it ends, or 0 if no digit is there. *over is
// set when it does not fit.
static const char *
magnitude(const char *s, int base, uint *v, int *over)
{
    const char *start;
    uint d;

    if ((base == 0 || base == 16) && s[0] == '0' && tolower(s[1]) == 'x' &&
        digit(s[2]) < 16) {
        s += 2;
        base = 16;
    }
    if (base == 0)
        base = s[0] == '0' ? 8 : 10;
    start = s;
    for (*v = 0; (d = digit(*s)) < (uint)base; s++) {
        if (*v > (UINT_MAX - d) / base)
            *over = 1;
        *v = *v * base + d;
    }
    return s > start ? s : 0;
}

// What strtol and strtoul share: blanks, sign, magnitude.
static uint
scan(const char *s, char **end, int base, int *minus, int *over)
{
    const char *at = s, *stop;
    uint v = 0;

    *over = 0;
    while (isspace(*at))
        at++;
    *minus = *at == '-';
    if (*at == '-' || *at == '+')
        at++;
    stop = magnitude(at, base, &v, over);
    if (end)
        *end = (char *)(stop ? stop : s);
    return stop ? v : 0;
}

unsigned long
strtoul(const char *s, char **end, int base)
{
    int minus, over;
    uint v = scan(s, end, base, &minus, &over);

    if (over) {
        errno = ERANGE;
        return UINT_MAX;
    }
    return minus ? -v : v;
}

long
strtol(const char *s, char **end, int base)
{
    int minus, over;
    uint v = scan(s, end, base, &minus, &over);

    if (over || v > (uint)INT_MAX + minus) {
        errno = ERANGE;
        return minus ? -INT_MAX - 1 : INT_MAX;
    }
    return minus ? -v : v;
}

int
atoi(const char *s)
{
    return strtol(s, 0, 10);
}

int
number(const char *s, int low, int high)
{
    char *end;
    int n;

    errno = 0;
    n = strtol(s, &end, 0);
    if (end == s || *end || errno || n < low || n > high)
        errx(2, "%s: not a number from %d to %d", s, low, high);
    return n;
}

// Marsaglia's xorshift, "Xorshift RNGs", J. Stat. Software 8(14), 2003.
static uint seed = 2463534242u;

void
srand(uint s)
{
    seed = s ? s : 2463534242u;
}

int
rand(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 17;
    seed ^= seed << 5;
    return seed >> 1;
}
