// print.c: kernel messages.
//
// One lock, the innermost of all, keeps the pieces of output whole: those of
// cprintf, of the console device and of its echo. Whoever holds it polls the
// hardware and takes nothing else, so printing is possible from anywhere: a
// process, an interrupt, with any lock held. A panicking CPU prints without
// the lock: its holder may be the one that died.

#include "print.h"
#include "vga.h"
#include "uart.h"
#include "spinlock.h"

#define DIGITS 10                   // of a 32-bit number

volatile uint panicking;
static struct spinlock printlock = SPINLOCK("print", RANK_PRINT);

// A byte to the screen and the serial line.
static void
emit(int c)
{
    vga_putc(c);
    if (c == '\n')
        uart_putc('\r');
    uart_putc(c);
}

static int
print_lock(void)
{
    if (panicking)
        return 0;
    acquire(&printlock);
    return 1;
}

void
print_bytes(const char *s, uint n)
{
    int locked = print_lock();

    while (n-- > 0)
        emit(*s++);
    if (locked)
        release(&printlock);
}

void
print_look(int rows)
{
    int locked = print_lock();

    vga_look(rows);
    if (locked)
        release(&printlock);
}

static void
number(void (*put)(int c), uint v, uint base, int width, int fill)
{
    char digits[DIGITS];
    int n = 0;

    do {
        digits[n++] = "0123456789abcdef"[v % base];
        v /= base;
    } while (v > 0);
    for (; width > n; width--)
        put(fill);
    while (n > 0)
        put(digits[--n]);
}

// A program's name may hold any bytes: those that control a terminal are not
// sent.
static void
string(void (*put)(int c), const char *s)
{
    for (s = s ? s : "(null)"; *s; s++)
        put((uchar)*s < ' ' ? '.' : *s);
}

void
vprint_to(void (*put)(int c), const char *f, __builtin_va_list ap)
{
    int d, width, fill;

    for (; *f; f++) {
        if (*f != '%') {
            put(*f);
            continue;
        }
        fill = *++f == '0' ? '0' : ' ';
        for (width = 0; *f >= '0' && *f <= '9'; f++)
            width = width * 10 + *f - '0';
        switch (*f) {
        case 'd':
            if ((d = __builtin_va_arg(ap, int)) < 0)
                put('-');
            number(put, d < 0 ? -(uint)d : (uint)d, 10, width, fill);
            break;
        case 'u':
            number(put, __builtin_va_arg(ap, uint), 10, width, fill);
            break;
        case 'x':
        case 'p':
            number(put, __builtin_va_arg(ap, uint), 16, width, fill);
            break;
        case 's':
            string(put, __builtin_va_arg(ap, char *));
            break;
        case 'c':
            put(__builtin_va_arg(ap, int));
            break;
        case 0:
            return;
        default:                    // %%, and what is no format
            put(*f);
        }
    }
}

void
print_to(void (*put)(int c), const char *f, ...)
{
    __builtin_va_list ap;

    __builtin_va_start(ap, f);
    vprint_to(put, f, ap);
    __builtin_va_end(ap);
}

void
cvprintf(const char *f, __builtin_va_list ap)
{
    int locked = print_lock();

    vprint_to(emit, f, ap);
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
