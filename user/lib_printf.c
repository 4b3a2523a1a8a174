// lib_printf.c: formatted output.
//
// One formatter serves all: it puts characters into a wbuf, which writes
// itself out when it is full and, for snprintf, merely drops what does not
// fit. Understood are % [-0+ space #] [width|*] [.precision|.*] [h hh l ll
// z] and d i u x X o p s c %. The 64-bit conversions divide by the CPU's own
// 64-by-32 division, digit by digit, so no compiler runtime is needed.

#include "user.h"

enum { LEFT = 1, ZEROS = 2, PLUS = 4, SPACE = 8, ALT = 16 };

struct spec {
    uint flags;
    int width, prec;                // prec -1: none given
    int bytes;                      // size of an integer argument
    char conv;
};

void
wopen(struct wbuf *w, int fd)
{
    w->fd = fd;
    w->failed = 0;
    w->n = w->total = 0;
    w->buf = w->space;
    w->cap = sizeof(w->space);
}

int
wflush(struct wbuf *w)
{
    if (w->n > 0 && writeall(w->fd, w->buf, w->n) < 0)
        w->failed = 1;
    w->n = 0;
    return w->failed ? -1 : 0;
}

void
wput(struct wbuf *w, const void *p, uint n)
{
    const char *s = p;
    uint part;

    w->total += n;
    while (n > 0) {
        if (w->n == w->cap && (w->fd < 0 || w->failed))
            return;
        if (w->n == w->cap)
            wflush(w);
        part = w->cap - w->n < n ? w->cap - w->n : n;
        memcpy(w->buf + w->n, s, part);
        w->n += part;
        s += part;
        n -= part;
    }
}

static void
pad(struct wbuf *w, char c, int n)
{
    while (n-- > 0)
        wput(w, &c, 1);
}

// Sign or base prefix, zeros, digits or text, within the width asked for.
static void
field(struct wbuf *w, struct spec *f, const char *prefix, int zeros,
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
        pad(w, ' ', blank);
    wput(w, prefix, plen);
    pad(w, '0', zeros);
    wput(w, s, n);
    if (f->flags & LEFT)
        pad(w, ' ', blank);
}

// Divides *v by base; returns the remainder. The high half's remainder is
// below base, so the second division's quotient fits.
static uint
divide(uint64 *v, uint base)
{
    uint high = *v >> 32, low = *v, rem = high % base;

    high /= base;
    asm("divl %2" : "+a"(low), "+d"(rem) : "r"(base));
    *v = (uint64)high << 32 | low;
    return rem;
}

// Writes v's digits backwards from end; returns where they begin.
static char *
digits(char *end, uint64 v, uint base, char conv)
{
    const char *set = conv == 'X' ? "0123456789ABCDEF" : "0123456789abcdef";

    while (v > 0)
        *--end = set[divide(&v, base)];
    return end;
}

static void
integer(struct wbuf *w, struct spec *f, uint64 v, int negative)
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
    if (base == 8 && f->flags & ALT && f->prec <= end - s)
        f->prec = end - s + 1;
    if (f->prec >= 0)
        f->flags &= ~ZEROS;
    else
        f->prec = 1;
    field(w, f, prefix, f->prec - (end - s), s, end - s);
}

static void
string(struct wbuf *w, struct spec *f, const char *s)
{
    const char *stop;
    int n;

    if (s == 0)
        s = "(null)";
    stop = f->prec >= 0 ? memchr(s, 0, f->prec) : 0;
    n = f->prec < 0 ? (int)strlen(s) : stop ? stop - s : f->prec;
    f->flags &= ~ZEROS;
    field(w, f, "", 0, s, n);
}

// Reads "*" or a number at *fmt; -1 when neither is there.
static int
count(const char **fmt, va_list *ap)
{
    int n = 0;

    if (**fmt == '*') {
        ++*fmt;
        return va_arg(*ap, int);
    }
    if (!isdigit(**fmt))
        return -1;
    while (isdigit(**fmt))
        n = n * 10 + *(*fmt)++ - '0';
    return n;
}

// Reads what stands between % and the conversion; returns what follows it.
static const char *
parse(const char *fmt, struct spec *f, va_list *ap)
{
    static const char flagset[] = "-0+ #";
    const char *at;

    f->flags = 0;
    f->prec = -1;
    f->bytes = 4;
    for (; *fmt && (at = strchr(flagset, *fmt)) != 0; fmt++)
        f->flags |= 1 << (at - flagset);
    if (*fmt == '*' || isdigit(*fmt)) {
        f->width = count(&fmt, ap);
        if (f->width < 0) {
            f->flags |= LEFT;
            f->width = -f->width;
        }
    } else {
        f->width = 0;
    }
    if (*fmt == '.') {
        fmt++;
        f->prec = *fmt == '*' || isdigit(*fmt) ? count(&fmt, ap) : 0;
    }
    for (; *fmt == 'l' || *fmt == 'h' || *fmt == 'z'; fmt++) {
        if (fmt[0] == 'l' && fmt[1] == 'l')
            f->bytes = 8;
        else if (*fmt == 'h')
            f->bytes = f->bytes == 4 ? 2 : 1;
    }
    f->conv = *fmt;
    return *fmt ? fmt + 1 : fmt;
}

static void
signedarg(struct wbuf *w, struct spec *f, va_list *ap)
{
    long long v;

    v = f->bytes == 8 ? va_arg(*ap, long long) : va_arg(*ap, int);
    if (f->bytes == 2)
        v = (short)v;
    if (f->bytes == 1)
        v = (signed char)v;
    integer(w, f, v < 0 ? -(uint64)v : (uint64)v, v < 0);
}

static void
unsignedarg(struct wbuf *w, struct spec *f, va_list *ap)
{
    uint64 v;

    v = f->bytes == 8 ? va_arg(*ap, uint64) : va_arg(*ap, uint);
    if (f->bytes < 4)
        v &= f->bytes == 2 ? 0xffff : 0xff;
    integer(w, f, v, 0);
}

static void
convert(struct wbuf *w, struct spec *f, va_list *ap)
{
    char c;

    switch (f->conv) {
    case 'd': case 'i':
        signedarg(w, f, ap);
        break;
    case 'p':
        f->bytes = 4;
        // fall through
    case 'u': case 'x': case 'X': case 'o':
        unsignedarg(w, f, ap);
        break;
    case 's':
        string(w, f, va_arg(*ap, char *));
        break;
    case 'c':
        c = va_arg(*ap, int);
        f->flags &= ~ZEROS;
        field(w, f, "", 0, &c, 1);
        break;
    default:
        wput(w, &f->conv, f->conv != 0);
        break;
    }
}

static void
format(struct wbuf *w, const char *fmt, va_list *ap)
{
    struct spec f;
    const char *plain;

    while (*fmt) {
        for (plain = fmt; *fmt && *fmt != '%'; fmt++)
            ;
        wput(w, plain, fmt - plain);
        if (*fmt == 0)
            break;
        fmt = parse(fmt + 1, &f, ap);
        convert(w, &f, ap);
    }
}

// A va_list parameter may be an array, so its address is taken of a copy.
static void
vwprintf(struct wbuf *w, const char *fmt, va_list ap)
{
    va_list copy;

    __builtin_va_copy(copy, ap);
    format(w, fmt, &copy);
    va_end(copy);
}

int
wprintf(struct wbuf *w, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    vwprintf(w, fmt, ap);
    va_end(ap);
    return w->failed ? -1 : 0;
}

int
vdprintf(int fd, const char *fmt, va_list ap)
{
    struct wbuf w;

    wopen(&w, fd);
    vwprintf(&w, fmt, ap);
    return wflush(&w) < 0 ? -1 : (int)w.total;
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

int fprintf(int fd, const char *fmt, ...) __attribute__((alias("dprintf")));

int
printf(const char *fmt, ...)
{
    va_list ap;
    int n;

    va_start(ap, fmt);
    n = vdprintf(1, fmt, ap);
    va_end(ap);
    return n;
}

int
vsnprintf(char *buf, uint n, const char *fmt, va_list ap)
{
    struct wbuf w;

    wopen(&w, -1);
    w.buf = buf;
    w.cap = n > 0 ? n - 1 : 0;
    vwprintf(&w, fmt, ap);
    if (n > 0)
        buf[w.n] = 0;
    return w.total;
}

int
snprintf(char *buf, uint n, const char *fmt, ...)
{
    va_list ap;
    int len;

    va_start(ap, fmt);
    len = vsnprintf(buf, n, fmt, ap);
    va_end(ap);
    return len;
}

int
puts(const char *s)
{
    return printf("%s\n", s);
}

int
putchar(int c)
{
    char byte = c;

    return write(1, &byte, 1) == 1 ? (uchar)c : -1;
}
