// lib_printf.c: formatted output.
//
// One formatter serves all: it puts characters into a struct out, which
// drains itself when it is full and, for snprintf, merely drops what does not
// fit. Understood are % [-0+ space #] [width|*] [.precision|.*] [hh h l ll j
// z t] and d i u x X o p s c %. A floating-point number shows as "?".

#include "lib_stdio.h"

#define PIECE 1024

enum { LEFT = 1, ZEROS = 2, PLUS = 4, SPACE = 8, ALT = 16 };

struct spec {
    uint flags;
    int width, prec;                // prec -1: none given
    int bytes;                      // size of an integer argument
    int islong;                     // L: of a long double
    char conv;
};

// Room for n more bytes or fewer, at least one; 0: they are dropped.
static uint
outroom(struct out *o, uint n)
{
    if (o->n == o->cap && o->drain)
        o->drain(o);
    return o->cap - o->n < n ? o->cap - o->n : n;
}

static void
put(struct out *o, const void *p, uint n)
{
    const char *s = p;
    uint part;

    o->total += n;
    for (; n > 0 && (part = outroom(o, n)) > 0; n -= part, s += part) {
        memcpy(o->buf + o->n, s, part);
        o->n += part;
    }
}

static void
pad(struct out *o, char c, int n)
{
    uint part;

    if (n <= 0)
        return;
    o->total += n;
    for (; n > 0 && (part = outroom(o, n)) > 0; n -= part) {
        memset(o->buf + o->n, c, part);
        o->n += part;
    }
}

// Sign or base prefix, zeros, digits or text, within the width asked for.
static void
field(struct out *o, struct spec *f, const char *prefix, int zeros,
      const char *s, int n)
{
    int plen = strlen(prefix);
    int blank = f->width - plen - n;

    if (zeros < 0)
        zeros = 0;
    if ((f->flags & (ZEROS | LEFT)) == ZEROS && blank > zeros)
        zeros = blank;
    blank -= zeros;
    if (!(f->flags & LEFT))
        pad(o, ' ', blank);
    put(o, prefix, plen);
    pad(o, '0', zeros);
    put(o, s, n);
    if (f->flags & LEFT)
        pad(o, ' ', blank);
}

// Writes v's digits backwards from end; returns where they begin.
static char *
digits(char *end, uint64 v, uint base, char conv)
{
    const char *set = conv == 'X' ? "0123456789ABCDEF" : "0123456789abcdef";
    uint low;

    for (; v > UINT_MAX; v /= base)
        *--end = set[v % base];
    for (low = v; low > 0; low /= base)     // the CPU's own division
        *--end = set[low % base];
    return end;
}

static void
integer(struct out *o, struct spec *f, uint64 v, int negative)
{
    char text[24], *end = text + sizeof(text), *s;
    const char *prefix = "";
    int isdec = f->conv == 'd' || f->conv == 'i';
    uint base = isdec || f->conv == 'u' ? 10 : f->conv == 'o' ? 8 : 16;

    if (isdec)
        prefix = negative ? "-" : f->flags & PLUS ? "+" :
            f->flags & SPACE ? " " : "";
    else if (f->conv == 'p' || (base == 16 && f->flags & ALT && v))
        prefix = f->conv == 'X' ? "0X" : "0x";
    s = digits(end, v, base, f->conv);
    if (base == 8 && f->flags & ALT && (v ? f->prec <= end - s : !f->prec))
        *--s = '0';
    if (f->prec >= 0)
        f->flags &= ~ZEROS;
    else
        f->prec = 1;
    field(o, f, prefix, f->prec - (end - s), s, end - s);
}

static void
string(struct out *o, struct spec *f, const char *s)
{
    const char *stop;
    int n;

    if (s == 0)
        s = "(null)";
    stop = f->prec >= 0 ? memchr(s, 0, f->prec) : 0;
    n = f->prec < 0 ? (int)strlen(s) : stop ? stop - s : f->prec;
    f->flags &= ~ZEROS;
    field(o, f, "", 0, s, n);
}

// Reads "*" or a number at *fmt; 0 when neither is there.
static int
count(const char **fmt, va_list *ap)
{
    int n = 0;

    if (**fmt == '*') {
        ++*fmt;
        return va_arg(*ap, int);
    }
    for (; isdigit(**fmt); ++*fmt)
        n = n > (INT_MAX - 9) / 10 ? INT_MAX : n * 10 + **fmt - '0';
    return n;
}

static const char *
flags(const char *fmt, struct spec *f)
{
    static const char flagset[] = "-0+ #";
    const char *at;

    for (f->flags = 0; *fmt && (at = strchr(flagset, *fmt)) != 0; fmt++)
        f->flags |= 1 << (at - flagset);
    return fmt;
}

// hh h l ll j z t L: the size of the argument.
static const char *
sizes(const char *fmt, struct spec *f)
{
    f->bytes = 4;
    f->islong = 0;
    for (; *fmt && strchr("hljztL", *fmt); fmt++) {
        if (*fmt == 'j' || (fmt[0] == 'l' && fmt[1] == 'l'))
            f->bytes = 8;
        else if (*fmt == 'h')
            f->bytes = f->bytes == 4 ? 2 : 1;
        else if (*fmt == 'L')
            f->islong = 1;
    }
    return fmt;
}

// Reads what stands between % and the conversion; returns what follows it.
static const char *
parse(const char *fmt, struct spec *f, va_list *ap)
{
    fmt = flags(fmt, f);
    f->width = count(&fmt, ap);
    if (f->width < 0) {
        f->flags |= LEFT;
        f->width = f->width < -INT_MAX ? INT_MAX : -f->width;
    }
    f->prec = -1;
    if (*fmt == '.') {
        fmt++;
        f->prec = count(&fmt, ap);
    }
    fmt = sizes(fmt, f);
    f->conv = *fmt;
    return *fmt ? fmt + 1 : fmt;
}

static void
signedarg(struct out *o, struct spec *f, va_list *ap)
{
    long long v;

    v = f->bytes == 8 ? va_arg(*ap, long long) : va_arg(*ap, int);
    if (f->bytes == 2)
        v = (short)v;
    if (f->bytes == 1)
        v = (signed char)v;
    integer(o, f, v < 0 ? -(uint64)v : (uint64)v, v < 0);
}

static void
unsignedarg(struct out *o, struct spec *f, va_list *ap)
{
    uint64 v;

    v = f->bytes == 8 ? va_arg(*ap, uint64) : va_arg(*ap, uint);
    if (f->bytes < 4)
        v &= f->bytes == 2 ? 0xffff : 0xff;
    integer(o, f, v, 0);
}

// Takes the argument, so that those after it come right.
static void
real(struct out *o, struct spec *f, va_list *ap)
{
    if (f->islong)
        (void)va_arg(*ap, long double);
    else
        (void)va_arg(*ap, double);
    f->flags &= ~ZEROS;
    field(o, f, "", 0, "?", 1);
}

static void
convert(struct out *o, struct spec *f, va_list *ap)
{
    char c;

    switch (f->conv) {
    case 'd': case 'i':
        signedarg(o, f, ap);
        break;
    case 'p':
        f->bytes = 4;
        // fall through
    case 'u': case 'x': case 'X': case 'o':
        unsignedarg(o, f, ap);
        break;
    case 's':
        string(o, f, va_arg(*ap, char *));
        break;
    case 'c':
        c = va_arg(*ap, int);
        f->flags &= ~ZEROS;
        field(o, f, "", 0, &c, 1);
        break;
    case 'a': case 'A': case 'e': case 'E':
    case 'f': case 'F': case 'g': case 'G':
        real(o, f, ap);
        break;
    default:
        put(o, &f->conv, f->conv != 0);
        break;
    }
}

static void
format(struct out *o, const char *fmt, va_list *ap)
{
    struct spec f;
    const char *plain;

    while (*fmt) {
        for (plain = fmt; *fmt && *fmt != '%'; fmt++)
            ;
        put(o, plain, fmt - plain);
        if (*fmt == 0)
            break;
        fmt = parse(fmt + 1, &f, ap);
        convert(o, &f, ap);
    }
}

// A va_list parameter may be an array, so its address is taken of a copy.
int
__format(struct out *o, const char *fmt, va_list ap)
{
    va_list copy;

    va_copy(copy, ap);
    format(o, fmt, &copy);
    va_end(copy);
    if (o->drain && o->n > 0)
        o->drain(o);
    if (!o->failed && o->total <= INT_MAX)
        return o->total;
    if (!o->failed)
        errno = EOVERFLOW;
    return -1;
}

static void
drainfd(struct out *o)
{
    if (!o->failed && writeall(o->fd, o->buf, o->n) < 0)
        o->failed = 1;
    o->n = 0;
}

int
vdprintf(int fd, const char *fmt, va_list ap)
{
    char piece[PIECE];
    struct out o = {
        .buf = piece, .cap = sizeof(piece), .drain = drainfd, .fd = fd
    };

    return __format(&o, fmt, ap);
}

int
dprintf(int fd, const char *fmt, ...)
{
    va_list ap;
    int n;

    va_start(ap, fmt);
    n = vdprintf(fd, fmt, ap);
    va_end(ap);
    return n;
}

int
vsnprintf(char *buf, size_t n, const char *fmt, va_list ap)
{
    struct out o = { .buf = buf, .cap = n > 0 ? n - 1 : 0 };
    int len = __format(&o, fmt, ap);

    if (n > 0)
        buf[o.n] = 0;
    return len;
}

int
snprintf(char *buf, size_t n, const char *fmt, ...)
{
    va_list ap;
    int len;

    va_start(ap, fmt);
    len = vsnprintf(buf, n, fmt, ap);
    va_end(ap);
    return len;
}

int
vsprintf(char *buf, const char *fmt, va_list ap)
{
    return vsnprintf(buf, INT_MAX, fmt, ap);
}

int
sprintf(char *buf, const char *fmt, ...)
{
    va_list ap;
    int len;

    va_start(ap, fmt);
    len = vsprintf(buf, fmt, ap);
    va_end(ap);
    return len;
}

int
vasprintf(char **text, const char *fmt, va_list ap)
{
    int len = vsnprintf(0, 0, fmt, ap);

    if (len < 0 || (*text = malloc(len + 1u)) == 0) {
        *text = 0;
        return -1;
    }
    return vsnprintf(*text, len + 1u, fmt, ap);
}

int
asprintf(char **text, const char *fmt, ...)
{
    va_list ap;
    int len;

    va_start(ap, fmt);
    len = vasprintf(text, fmt, ap);
    va_end(ap);
    return len;
}
