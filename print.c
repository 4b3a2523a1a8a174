// print.c: kernel messages.
//
// One lock, the innermost of all, keeps the pieces of output whole: those of
// cprintf, of the console device and of its echo. Whoever holds it polls the
// hardware and takes nothing else, so printing is possible from anywhere, a
// process, an interrupt, with any lock held. A panicking CPU prints without
// the lock: its holder may be the one that died.

#include "lib.h"
#include "print.h"
#include "vga.h"
#include "uart.h"
#include "spinlock.h"

#define DECDIGITS 10                // of a 32-bit number
#define PIECE     128               // bytes printed under one locking

struct out {
    char *buf;
    size_t cap;                     // 0: nothing is stored
    size_t n;                       // bytes so far, stored or not
    int flush;                      // print the buffer when it is full
};

struct spec {                       // what stands between % and the letter
    int left, zero;
    int width, prec;                // prec -1: none
};

static struct spinlock printlock = SPINLOCK("print", RANK_PRINT);

static void
emit(const char *s, uint n)
{
    for (; n > 0; n--, s++) {
        vga_putc(*s);
        if (*s == '\n')
            uart_putc('\r');
        uart_putc(*s);
    }
}

void
print_bytes(const char *s, uint n)
{
    if (panicking) {
        emit(s, n);
        return;
    }
    acquire(&printlock);
    emit(s, n);
    release(&printlock);
}

static void
put(struct out *o, int c)
{
    if (o->flush && o->n == o->cap) {
        emit(o->buf, o->n);
        o->n = 0;
    }
    if (o->n < o->cap)
        o->buf[o->n] = c;
    o->n++;
}

static void
pad(struct out *o, int c, int n)
{
    while (n-- > 0)
        put(o, c);
}

// A field: sign, then body, filled to the width as sp says.
static void
field(struct out *o, const struct spec *sp, const char *sign,
      const char *body, int n)
{
    int fill = sp->width - n - (int)strlen(sign);

    if (!sp->left && !sp->zero)
        pad(o, ' ', fill);
    while (*sign)
        put(o, *sign++);
    if (!sp->left && sp->zero)
        pad(o, '0', fill);
    while (n-- > 0)
        put(o, *body++);
    if (sp->left)
        pad(o, ' ', fill);
}

static void
number(struct out *o, const struct spec *sp, uint v, uint base,
       const char *sign)
{
    char digits[DECDIGITS];
    int i = DECDIGITS;

    do {
        digits[--i] = "0123456789abcdef"[v % base];
        v /= base;
    } while (v > 0);
    field(o, sp, sign, digits + i, DECDIGITS - i);
}

static void
string(struct out *o, const struct spec *sp, const char *s)
{
    int n = 0;

    if (s == 0)
        s = "(null)";
    while (s[n] && n != sp->prec)
        n++;
    field(o, sp, "", s, n);
}

// Flags, width and precision; returns where the letter stands.
static const char *
parse(const char *f, struct spec *sp)
{
    sp->left = sp->zero = sp->width = 0;
    sp->prec = -1;
    for (; *f == '-' || *f == '0'; f++)
        if (*f == '-')
            sp->left = 1;
        else
            sp->zero = 1;
    for (; *f >= '0' && *f <= '9'; f++)
        sp->width = sp->width * 10 + *f - '0';
    if (*f == '.')
        for (f++, sp->prec = 0; *f >= '0' && *f <= '9'; f++)
            sp->prec = sp->prec * 10 + *f - '0';
    while (*f == 'l')
        f++;
    return f;
}

static void
format(struct out *o, const char *f, __builtin_va_list ap)
{
    struct spec sp;
    int d;
    char c;

    for (; *f; f++) {
        if (*f != '%') {
            put(o, *f);
            continue;
        }
        f = parse(f + 1, &sp);
        switch (*f) {
        case 'd':
            d = __builtin_va_arg(ap, int);
            number(o, &sp, d < 0 ? -(uint)d : (uint)d, 10, d < 0 ? "-" : "");
            break;
        case 'u':
            number(o, &sp, __builtin_va_arg(ap, uint), 10, "");
            break;
        case 'x':
            number(o, &sp, __builtin_va_arg(ap, uint), 16, "");
            break;
        case 'p':
            number(o, &sp, __builtin_va_arg(ap, uint), 16, "0x");
            break;
        case 's':
            string(o, &sp, __builtin_va_arg(ap, char *));
            break;
        case 'c':
            c = __builtin_va_arg(ap, int);
            field(o, &sp, "", &c, 1);
            break;
        case 0:
            return;
        default:                    // %%, and what is no format
            put(o, *f);
        }
    }
}

void
cvprintf(const char *f, __builtin_va_list ap)
{
    char buf[PIECE];
    struct out o = { buf, sizeof buf, 0, 1 };
    int locked = !panicking;

    if (locked)
        acquire(&printlock);
    format(&o, f, ap);
    emit(buf, o.n);
    if (locked)
        release(&printlock);
}

void
cprintf(const char *f, ...)
{
    __builtin_va_list ap;

    __builtin_va_start(ap, f);
    cvprintf(f, ap);
    __builtin_va_end(ap);
}

int
ksnprintf(char *buf, size_t size, const char *f, ...)
{
    struct out o = { buf, size ? size - 1 : 0, 0, 0 };
    __builtin_va_list ap;

    __builtin_va_start(ap, f);
    format(&o, f, ap);
    __builtin_va_end(ap);
    if (size)
        buf[MIN(o.n, o.cap)] = 0;
    return o.n;
}
