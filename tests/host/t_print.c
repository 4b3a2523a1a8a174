// t_print.c: the kernel's formats, and messages longer than a piece.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../print.c"

volatile uint panicking;
static char shown[4096];
static uint nshown;

void
vga_putc(int c)
{
    assert(nshown < sizeof shown - 1);
    shown[nshown++] = c;
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

int
main(void)
{
    char buf[100], want[4096] = "";
    int i;

    assert(ksnprintf(buf, sizeof buf, "%d|%5d|%-5d|%05d|%u|%x|%08x", -5, -42,
                     -42, -42, 4000000000u, 255, 0xbeef) == 43);
    assert(strcmp(buf, "-5|  -42|-42  |-0042|4000000000|ff|0000beef") == 0);
    ksnprintf(buf, sizeof buf, "%s|%6s|%-6s|%.3s|%c|%%|%ld", "hi", "right",
              "left", "abcdef", 'z', 7l);
    assert(strcmp(buf, "hi| right|left  |abc|z|%|7") == 0);
    assert(ksnprintf(buf, 5, "%s", "123456789") == 9);
    assert(strcmp(buf, "1234") == 0);
    assert(ksnprintf(buf, 1, "abc") == 3 && buf[0] == 0);
    for (i = 0; i < 40; i++)
        strcat(want, "0123456789");
    cprintf("%s", want);
    assert(strcmp(shown, want) == 0);
    printf("ok\n");
    return 0;
}
