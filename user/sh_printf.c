// sh_printf.c: the command printf, for the shell and as a program.
//
// The format is used again while arguments are left; what is missing is
// empty, or 0. Numbers have 64 bits, may be as in C, and 'c is c's code.

#include "sh.h"

#define MAXWIDTH 1000000            // more is surely a mistake

struct format {
    struct text out;
    char **args;                    // those left
    int failed, stop;               // a bad number; \c was met
};

static const char *
nextarg(struct format *f)
{
    return *f->args ? *f->args++ : "";
}

// Up to three octal digits at *s.
static int
octal(const char **s)
{
    int v = 0, n;

    for (n = 0; n < 3 && **s >= '0' && **s <= '7'; n++)
        v = v * 8 + *(*s)++ - '0';
    return v;
}

// Behind a backslash: adds what is meant. In %b's text octal numbers begin
// with a 0 that does not count, and \c ends all.
static const char *
printf_escape(struct format *f, const char *s, int inarg)
{
    static const char letters[] = "abfnrtv\\", bytes[] = "\a\b\f\n\r\t\v\\";
    const char *at = *s ? strchr(letters, *s) : 0;

    if (at) {
        addc(&f->out, bytes[at - letters]);
        return s + 1;
    }
    if (*s >= '0' && *s <= '7') {
        s += inarg && *s == '0';
        addc(&f->out, octal(&s));
        return s;
    }
    if (*s == 'c' && inarg) {
        f->stop = 1;
        return s + 1;
    }
    addc(&f->out, '\\');
    return s;
}

static long long
numeric(struct format *f, const char *s, int isunsigned)
{
    char *end;
    long long v;

    if (s[0] == '\'' || s[0] == '"')
        return (uchar)s[1];
    errno = 0;
    v = isunsigned && *s != '-' ? (long long)strtoull(s, &end, 0)
                                : strtoll(s, &end, 0);
    if (*s && (end == s || *end || errno)) {
        complain("printf: %s: %s", s,
                 errno ? strerror(errno) : "expected a number");
        f->failed = 1;
    }
    return v;
}

// The text of a %b.
static struct text
unescaped(struct format *f, const char *s)
{
    struct format inner = { { 0, 0, 0, 0 }, f->args, 0, 0 };

    add(&inner.out, "", 0);
    while (*s && !inner.stop) {
        if (*s == '\\')
            s = printf_escape(&inner, s + 1, 1);
        else
            addc(&inner.out, *s++);
    }
    f->stop |= inner.stop;
    return inner.out;
}

// fmt has one conversion: of s, or, where that is 0, of v.
static void
add_formatted(struct text *out, const char *fmt, const char *s, long long v)
{
    int len = s ? snprintf(0, 0, fmt, s) : snprintf(0, 0, fmt, v);
    char *text = take(&scratch, len + 1);

    if (s)
        snprintf(text, len + 1, fmt, s);
    else
        snprintf(text, len + 1, fmt, v);
    add(out, text, len);
}

// Adds one conversion: spec is "%-08.3" so far, conv its letter.
static void
convert(struct format *f, struct text *spec, int conv)
{
    const char *arg = nextarg(f);
    struct text t = { 0, 0, 0, 0 };
    int alone = spec->n == 1;

    if (strchr("diouxX", conv))
        adds(spec, "ll");
    addc(spec, conv == 'b' ? 's' : conv);
    if (strchr("diouxX", conv)) {
        add_formatted(&f->out, spec->s, 0,
                      numeric(f, arg, !strchr("di", conv)));
    } else if (conv == 'c') {
        add(&t, arg, *arg != 0);
        spec->s[spec->n - 1] = 's';
        add_formatted(&f->out, spec->s, t.s, 0);
    } else {
        if (conv == 'b')
            t = unescaped(f, arg);
        else
            adds(&t, arg);
        if (alone)                  // also NULs, which a %b can make
            add(&f->out, t.s, t.n);
        else
            add_formatted(&f->out, spec->s, t.s, 0);
    }
}

// A width or a precision, which may be a * that takes an argument.
static const char *
digits(struct format *f, struct text *spec, const char *s)
{
    char number[16];
    long long n;

    if (*s == '*') {
        n = numeric(f, nextarg(f), 0);
        s++;
    } else {
        n = isdigit((uchar)*s) ? strtoll(s, (char **)&s, 10) : 0;
    }
    if (n > MAXWIDTH || n < -MAXWIDTH) {
        complain("printf: a width or precision above %d", MAXWIDTH);
        f->failed = 1;
        n = 0;
    }
    snprintf(number, sizeof(number), "%d", (int)n);
    adds(spec, number);
    return s;
}

// At a %: adds what it stands for; returns what follows it.
static const char *
conversion(struct format *f, const char *s)
{
    struct text spec = { 0, 0, 0, 0 };

    addc(&spec, *s++);
    if (*s == '%') {
        addc(&f->out, '%');
        return s + 1;
    }
    for (; *s && strchr("-+ #0", *s); s++)
        addc(&spec, *s);
    if (*s == '*' || isdigit((uchar)*s))
        s = digits(f, &spec, s);
    if (*s == '.') {
        addc(&spec, *s++);
        s = digits(f, &spec, s);
    }
    if (*s == 0 || !strchr("diouxXcsb", *s)) {
        complain("printf: %%%c: unknown conversion", *s ? *s : ' ');
        f->failed = f->stop = 1;
        return s;
    }
    convert(f, &spec, *s);
    return s + 1;
}

static void
once(struct format *f, const char *s)
{
    while (*s && !f->stop) {
        if (*s == '%')
            s = conversion(f, s);
        else if (*s == '\\')
            s = printf_escape(f, s + 1, 0);
        else
            addc(&f->out, *s++);
    }
}

int
do_printf(char **argv)
{
    struct format f = { { 0, 0, 0, 0 }, 0, 0, 0 };
    char **before;

    if (argv[1] && strcmp(argv[1], "--") == 0)
        argv++;
    if (argv[1] == 0) {
        complain("usage: printf format [argument...]");
        return MISUSED;
    }
    f.args = argv + 2;
    do {
        before = f.args;
        once(&f, argv[1]);
    } while (*f.args && f.args > before && !f.stop);
    return out_flush(&f.out) | f.failed;
}
