// sh_printf.c: the command printf, for the shell and as a program.
//
// The format is used again while arguments are left; what is missing is
// empty, or 0. Numbers have 32 bits, may be as in C, and 'c is c's code.

#include "sh.h"

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
escape(struct format *f, const char *s, int inarg)
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

static int
numeric(struct format *f, const char *s, int isunsigned)
{
    char *end;
    long v;

    if (s[0] == '\'' || s[0] == '"')
        return (uchar)s[1];
    errno = 0;
    v = isunsigned && *s != '-' ? (long)strtoul(s, &end, 0)
                                : strtol(s, &end, 0);
    if (*s && (end == s || *end || errno)) {
        complain("printf: %s: %s", s,
                 errno ? strerror(errno) : "expected a number");
        f->failed = 1;
    }
    return v;
}

// Adds one conversion: spec is "%-08.3" so far, conv its letter.
static void
convert(struct format *f, const char *spec, uint n, int conv)
{
    char *fmt = keep(&scratch, spec, n + 1), *text;
    const char *arg = nextarg(f);
    struct format inner = { { 0, 0, 0, 0 }, f->args, 0, 0 };
    int len, v = 0;

    fmt[n] = conv;
    if (strchr("diouxX", conv))
        v = numeric(f, arg, !strchr("di", conv));
    if (conv == 'b') {
        fmt[n] = 's';
        add(&inner.out, "", 0);
        while (*arg && !inner.stop) {
            if (*arg == '\\')
                arg = escape(&inner, arg + 1, 1);
            else
                addc(&inner.out, *arg++);
        }
        f->stop |= inner.stop;
        arg = inner.out.s;
    }
    if (conv == 'c' && *arg == 0)
        return;
    if (n == 1 && fmt[1] == 's') {  // also for NULs that %b made
        add(&f->out, arg, conv == 'b' ? inner.out.n : strlen(arg));
        return;
    }
    len = strchr("sb", conv) ? snprintf(0, 0, fmt, arg)
                             : snprintf(0, 0, fmt, conv == 'c' ? *arg : v);
    text = take(&scratch, len + 1);
    if (strchr("sb", conv))
        snprintf(text, len + 1, fmt, arg);
    else
        snprintf(text, len + 1, fmt, conv == 'c' ? *arg : v);
    add(&f->out, text, len);
}

// A width or a precision, which may be a * that takes an argument.
static const char *
digits(struct format *f, struct text *spec, const char *s)
{
    char number[16];
    int n = 0;

    if (*s == '*') {
        n = numeric(f, nextarg(f), 0);
        s++;
    } else {
        while (isdigit((uchar)*s) && n < 100000)
            n = n * 10 + *s++ - '0';
    }
    snprintf(number, sizeof(number), "%d", n);
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
    convert(f, spec.s, spec.n, *s);
    return s + 1;
}

static void
once(struct format *f, const char *s)
{
    while (*s && !f->stop) {
        if (*s == '%')
            s = conversion(f, s);
        else if (*s == '\\')
            s = escape(f, s + 1, 0);
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
