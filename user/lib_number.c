// lib_number.c: numbers in text.

#include "user.h"

static uint
digit(int c)
{
    if (isdigit(c))
        return c - '0';
    return isalpha(c) ? (uint)tolower(c) - 'a' + 10 : UINT_MAX;
}

// Appends a digit; 1 if the number does not fit any more.
static int
append(uint64 *v, uint base, uint d)
{
    uint64 low = (*v & UINT_MAX) * base + d;
    uint64 high = (*v >> 32) * base + (low >> 32);

    *v = high << 32 | (uint)low;
    return high >> 32 != 0;
}

// Magnitude at s in *v: where it ends, or 0 if no digit is there. *over is
// set when it does not fit.
static const char *
magnitude(const char *s, int base, uint64 *v, int *over)
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
    for (*v = 0; (d = digit(*s)) < (uint)base; s++)
        *over |= append(v, base, d);
    return s > start ? s : 0;
}

// What they all share: blanks, sign, magnitude. *over: more than 64 bits.
static uint64
scan(const char *s, char **end, int base, int *minus, int *over)
{
    const char *at = s, *stop = 0;
    uint64 v = 0;

    *over = 0;
    while (isspace(*at))
        at++;
    *minus = *at == '-';
    if (*at == '-' || *at == '+')
        at++;
    if (base == 0 || (base >= 2 && base <= 36))
        stop = magnitude(at, base, &v, over);
    else
        errno = EINVAL;
    if (end)
        *end = (char *)(stop ? stop : s);
    return stop ? v : 0;
}

// A result with a sign, of magnitude at most max, or max + 1 below 0.
static long long
inrange(uint64 v, int minus, int over, uint64 max)
{
    if (over || v > max + minus) {
        errno = ERANGE;
        v = max + minus;
    }
    return minus ? -v : v;
}

static uint64
below(uint64 v, int minus, int over, uint64 max)
{
    if (over || v > max) {
        errno = ERANGE;
        return max;
    }
    return minus ? -v : v;
}

unsigned long
strtoul(const char *s, char **end, int base)
{
    int minus, over;
    uint64 v = scan(s, end, base, &minus, &over);

    return below(v, minus, over, ULONG_MAX);
}

unsigned long long
strtoull(const char *s, char **end, int base)
{
    int minus, over;
    uint64 v = scan(s, end, base, &minus, &over);

    return below(v, minus, over, ULLONG_MAX);
}

uintmax_t
strtoumax(const char *s, char **end, int base)
{
    return strtoull(s, end, base);
}

long
strtol(const char *s, char **end, int base)
{
    int minus, over;
    uint64 v = scan(s, end, base, &minus, &over);

    return inrange(v, minus, over, LONG_MAX);
}

long long
strtoll(const char *s, char **end, int base)
{
    int minus, over;
    uint64 v = scan(s, end, base, &minus, &over);

    return inrange(v, minus, over, LLONG_MAX);
}

intmax_t
strtoimax(const char *s, char **end, int base)
{
    return strtoll(s, end, base);
}

int
atoi(const char *s)
{
    return strtol(s, 0, 10);
}

long
atol(const char *s)
{
    return strtol(s, 0, 10);
}

long long
atoll(const char *s)
{
    return strtoll(s, 0, 10);
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
