// t_print.c: the kernel's formats, and where messages go.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../print.c"

static char shown[4096];
static uint nshown;
char *none;

void
vga_putc(int c)
{
    assert(nshown < sizeof shown - 1);
    shown[nshown++] = c;
}

void
vga_look(int rows)
{
    (void)rows;
}

void
uart_putc(int c)
{
    (void)c;
}

void
acquire(struct spinlock *lk)
{
    assert(!lk->owner);
    lk->owner = (struct cpu *)1;
}

void
release(struct spinlock *lk)
{
    assert(lk->owner);
    lk->owner = 0;
}

void
panic(const char *f, ...)
{
    puts(f);
    abort();
}

// What the format makes of the arguments, for comparison.
#define PRINTS(text, ...) \
    (nshown = 0, memset(shown, 0, sizeof shown), cprintf(__VA_ARGS__), \
     strcmp(shown, text) == 0)

static void
put_shown(int c)
{
    vga_putc(c);
}

int
main(void)
{
    char want[4096] = "";
    int i;

    assert(PRINTS("-5|   42|0042|4000000000|ff|0000beef",
                  "%d|%5d|%04d|%u|%x|%08x", -5, 42, 42, 4000000000u, 255,
                  0xbeef));
    assert(PRINTS("-2147483648|hi|(null)|z|%|7", "%d|%s|%s|%c|%%|%p",
                  -2147483647 - 1, "hi", none, 'z', (void *)7));
    for (i = 0; i < 40; i++)
        strcat(want, "0123456789");
    assert(PRINTS(want, "%s", want));
    print_to(put_shown, "%d\n", 8);
    assert(strcmp(shown + strlen(want), "8\n") == 0);
    print_bytes("ab", 2);
    assert(strcmp(shown + strlen(want), "8\nab") == 0);
    printf("ok\n");
    return 0;
}
