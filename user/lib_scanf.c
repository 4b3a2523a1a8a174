// lib_scanf.c: formatted input.
//
// Understood are % [*] [width] [hh h l ll j z t] and d i u o x X p s c [set]
// n %. One byte at most is read and put back, as C has it: "0x" before
// something that is no hexadecimal digit fails the match.

#include "lib_stdio.h"

struct scan {
    FILE *f;
    uint taken;                     // bytes read and not put back
    int  width;                     // what the item may still take
    int  drop;                      // '*': store nothing
    int  bytes;                     // size of an integer to store
    char conv;
};

static int
next(struct scan *s)
{
    int c = s->width > 0 ? getc(s->f) : EOF;

    if (c != EOF) {
        s->taken++;
        s->width--;
    }
    return c;
}

static void
putback(struct scan *s, int c)
{
    if (c == EOF)
        return;
    ungetc(c, s->f);
    s->taken--;
    s->width++;
}

// Passes over white space; EOF if nothing else is there.
static int
skipspace(struct scan *s)
{
    int width = s->width, c;

    s->width = INT_MAX;
    while (isspace(c = next(s)))
        ;
    putback(s, c);
    s->width = width;
    return c == EOF ? EOF : 0;
}

static uint
valueof(int c)
{
    if (isdigit(c))
        return c - '0';
    return isxdigit(c) ? (uint)tolower(c) - 'a' + 10 : UINT_MAX;
}

// Reads a base's prefix. 1: "0" alone was there, and is a digit; -1: "0x"
// without a digit.
static int
prefix(struct scan *s, uint *base)
{
    int c = next(s);

    if (c != '0' || (*base != 0 && *base != 16)) {
        putback(s, c);
        if (*base == 0)
            *base = 10;
        return 0;
    }
    c = next(s);
    if (tolower(c) == 'x') {
        *base = 16;
        c = next(s);
        putback(s, c);
        return valueof(c) < 16 ? 0 : -1;
    }
    putback(s, c);
    if (*base == 0)
        *base = 8;
    return 1;
}

static void
store(struct scan *s, uint64 v, va_list *ap)
{
    void *p;

    if (s->drop)
        return;
    p = va_arg(*ap, void *);
    switch (s->bytes) {
    case 1: *(uchar *)p = v; break;
    case 2: *(ushort *)p = v; break;
    case 8: *(uint64 *)p = v; break;
    default: *(uint *)p = v;
    }
}

// Items return 1 when they matched, 0 when not.
static int
integer(struct scan *s, uint base, va_list *ap)
{
    int c = next(s), minus = c == '-', digits;
    uint64 v = 0;

    if (c != '-' && c != '+')
        putback(s, c);
    if ((digits = prefix(s, &base)) < 0)
        return 0;
    while (valueof(c = next(s)) < base) {
        v = v * base + valueof(c);
        digits = 1;
    }
    putback(s, c);
    if (digits)
        store(s, minus ? -v : v, ap);
    return digits;
}

// Copies bytes as long as they are in the set.
static int
bytes(struct scan *s, const uchar set[256], int terminate, va_list *ap)
{
    char *p = s->drop ? 0 : va_arg(*ap, char *);
    uint n = 0;
    int c;

    while ((c = next(s)) != EOF && set[c]) {
        if (p)
            p[n] = c;
        n++;
    }
    putback(s, c);
    if (p && terminate && n > 0)
        p[n] = 0;
    return n > 0;
}

// Reads a set behind its '['; returns what follows its ']'.
static const char *
readset(const char *fmt, uchar set[256])
{
    const uchar *p = (const uchar *)fmt, *first;
    int not = *p == '^', c;

    p += not;
    memset(set, not, 256);
    for (first = p; *p && (*p != ']' || p == first); p++) {
        c = *p;
        if (p > first && c == '-' && p[1] && p[1] != ']' && p[-1] <= p[1]) {
            for (c = p[-1]; c < p[1]; c++)
                set[c] = !not;
            continue;
        }
        set[c] = !not;
    }
    return (const char *)p + (*p != 0);
}

static const char *
parse(const char *fmt, struct scan *s)
{
    s->drop = *fmt == '*';
    fmt += s->drop;
    s->width = 0;
    for (; isdigit(*fmt); fmt++)
        if (s->width < INT_MAX / 10 - 1)
            s->width = s->width * 10 + *fmt - '0';
    s->bytes = 4;
    for (; *fmt && strchr("hljztL", *fmt); fmt++) {
        if (*fmt == 'j' || (fmt[0] == 'l' && fmt[1] == 'l'))
            s->bytes = 8;
        else if (*fmt == 'h')
            s->bytes = s->bytes == 4 ? 2 : 1;
    }
    s->conv = *fmt;
    return *fmt ? fmt + 1 : fmt;
}

static int
text(struct scan *s, const uchar set[256], va_list *ap)
{
    uchar all[256];
    int c;

    switch (s->conv) {
    case 'c':
        memset(all, 1, sizeof(all));
        return bytes(s, all, 0, ap) && s->width == 0;
    case 's':
        for (c = 0; c < 256; c++)
            all[c] = !isspace(c);
        return bytes(s, all, 1, ap);
    }
    return bytes(s, set, 1, ap);
}

static int
item(struct scan *s, const uchar set[256], va_list *ap)
{
    if (s->width == 0)
        s->width = s->conv == 'c' ? 1 : INT_MAX;
    switch (s->conv) {
    case 'd': case 'u':
        return integer(s, 10, ap);
    case 'i':
        return integer(s, 0, ap);
    case 'o':
        return integer(s, 8, ap);
    case 'p':
        s->bytes = 4;
        // fall through
    case 'x': case 'X':
        return integer(s, 16, ap);
    case 's': case 'c': case '[':
        return text(s, set, ap);
    }
    return 0;
}

// A byte of the format that stands for itself.
static int
literal(struct scan *s, char want)
{
    int c;

    s->width = 1;
    c = next(s);
    if (c == (uchar)want)
        return 1;
    putback(s, c);
    return c == EOF ? EOF : 0;
}

// One conversion: 1 matched, 0 not, EOF: the input had ended before it.
static int
conversion(struct scan *s, const char **fmt, va_list *ap)
{
    uchar set[256];
    int c;

    *fmt = parse(*fmt, s);
    if (s->conv == '[')
        *fmt = readset(*fmt, set);
    if (s->conv != 'c' && s->conv != '[' && s->conv != 'n' &&
        skipspace(s) == EOF)
        return EOF;
    if (s->conv == '%')
        return literal(s, '%');
    if (s->conv == 'n') {
        store(s, s->taken, ap);
        return 1;
    }
    if ((c = getc(s->f)) == EOF)
        return EOF;
    ungetc(c, s->f);
    return item(s, set, ap);
}

static int
scan(FILE *f, const char *fmt, va_list *ap)
{
    struct scan s = { .f = f };
    int items = 0, got = 1;

    while (*fmt && got == 1) {
        if (isspace(*fmt)) {
            skipspace(&s);
            fmt++;
        } else if (*fmt != '%') {
            got = literal(&s, *fmt++);
        } else {
            fmt++;
            got = conversion(&s, &fmt, ap);
            items += got == 1 && !s.drop && s.conv != 'n' && s.conv != '%';
        }
    }
    return got == EOF && items == 0 ? EOF : items;
}

int
vfscanf(FILE *f, const char *fmt, va_list ap)
{
    va_list copy;
    int n;

    va_copy(copy, ap);
    n = scan(f, fmt, &copy);
    va_end(copy);
    return n;
}

int
vsscanf(const char *s, const char *fmt, va_list ap)
{
    FILE f = {
        .fd = -1, .flags = S_READ | S_READY | S_EOF, .buf = (uchar *)s,
        .end = strlen(s)
    };

    return vfscanf(&f, fmt, ap);
}

int
vscanf(const char *fmt, va_list ap)
{
    return vfscanf(stdin, fmt, ap);
}

int
fscanf(FILE *f, const char *fmt, ...)
{
    va_list ap;
    int n;

    va_start(ap, fmt);
    n = vfscanf(f, fmt, ap);
    va_end(ap);
    return n;
}

int
scanf(const char *fmt, ...)
{
    va_list ap;
    int n;

    va_start(ap, fmt);
    n = vfscanf(stdin, fmt, ap);
    va_end(ap);
    return n;
}

int
sscanf(const char *s, const char *fmt, ...)
{
    va_list ap;
    int n;

    va_start(ap, fmt);
    n = vsscanf(s, fmt, ap);
    va_end(ap);
    return n;
}
