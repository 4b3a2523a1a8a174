// lib_fprintf.c: the formatter on streams. Each call collects its text
// first, so that on an unbuffered stream a message is one write().

#include "lib_stdio.h"

#define PIECE 512

static void
drain(struct out *o)
{
    if (!o->failed && __put(o->f, o->buf, o->n) < 0)
        o->failed = 1;
    o->n = 0;
}

int
vfprintf(FILE *f, const char *fmt, va_list ap)
{
    char piece[PIECE];
    struct out o = {
        .buf = piece, .cap = sizeof(piece), .drain = drain, .f = f
    };

    return __format(&o, fmt, ap);
}

int
fprintf(FILE *f, const char *fmt, ...)
{
    va_list ap;
    int n;

    va_start(ap, fmt);
    n = vfprintf(f, fmt, ap);
    va_end(ap);
    return n;
}

int
vprintf(const char *fmt, va_list ap)
{
    return vfprintf(stdout, fmt, ap);
}

int
printf(const char *fmt, ...)
{
    va_list ap;
    int n;

    va_start(ap, fmt);
    n = vfprintf(stdout, fmt, ap);
    va_end(ap);
    return n;
}
