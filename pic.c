// pic.c: the two 8259A interrupt controllers (Intel 231468).
//
// The second one hangs on input 2 of the first. Each is programmed by four
// initialisation words in a row, and then its data port is the mask. With
// I/O APICs in use all inputs stay masked; the vectors are set all the same,
// since a stray interrupt must not look like an exception.
//
// When an input goes away before the CPU asks for its vector, the chip gives
// that of input 7. Such a spurious interrupt is not in service and gets no
// EOI. If the second chip gave it, the first chip still wants its own EOI.
// An EOI ends the most urgent interrupt in service; here it is the only one.

#include "x86.h"
#include "vectors.h"
#include "pic.h"

#define PIC1     0x20               // command; mask is one higher
#define PIC2     0xa0
#define ICW1     0x11               // edge, cascade, ICW4 follows
#define ICW4     0x01               // 8086 mode
#define CASCADE  2                  // input of PIC1
#define OCW3_ISR 0x0b               // next read: in-service register
#define EOI      0x20
#define LAST     7

static uint mask = 0xffff & ~(1u << CASCADE);

static void
set_mask(void)
{
    outb(PIC1 + 1, mask);
    outb(PIC2 + 1, mask >> 8);
}

void
pic_init(void)
{
    outb(PIC1, ICW1);
    outb(PIC2, ICW1);
    outb(PIC1 + 1, T_IRQ0);
    outb(PIC2 + 1, T_IRQ0 + 8);
    outb(PIC1 + 1, 1 << CASCADE);
    outb(PIC2 + 1, CASCADE);
    outb(PIC1 + 1, ICW4);
    outb(PIC2 + 1, ICW4);
    set_mask();
}

void
pic_enable(int irq)
{
    mask &= ~(1u << irq);
    set_mask();
}

// Is the last input's interrupt in service?
static int
last_served(uint port)
{
    outb(port, OCW3_ISR);
    return inb(port) & 1 << LAST;
}

void
pic_eoi(int irq)
{
    int real = irq % 8 != LAST || last_served(irq < 8 ? PIC1 : PIC2);

    if (irq >= 8 && real)
        outb(PIC2, EOI);
    if (irq >= 8 || real)
        outb(PIC1, EOI);
}
