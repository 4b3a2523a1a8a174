// ioapic.c: the I/O APIC (Intel 82093AA), which turns the machine's interrupt
// pins into messages to local APICs.
//
// A machine may have several. The first one has the ISA IRQs, and Teak uses
// no others: PCI devices send messages of their own (irq.h). ISA IRQ n is
// pin n unless the firmware's tables route it elsewhere, as they nearly
// always do with IRQ 0, or give it another polarity or trigger mode.
//
// Only two registers are in memory: one selects, the other is the selected
// one. Each pin has a 64-bit redirection entry at 0x10 + 2 * pin:
//
//     63-56 destination   16 masked   15 level   13 active low   7-0 vector

#include "memlayout.h"
#include "print.h"
#include "irq.h"
#include "ioapic.h"

#define SELECT   0                  // indices of 32-bit words
#define WINDOW   4
#define VERSION  1                  // 23-16: last pin
#define REDIR(pin) (0x10 + 2 * (pin))
#define MASKED   0x10000
#define LEVEL    0x08000
#define LOW      0x02000
#define DESTSHIFT 24

static volatile uint *ioapic;       // 0: there is none
static uint npins;

// Where the ISA IRQs arrive, but for overrides, and how.
static uint pins[NIRQ] = {
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
};
static uint modes[NIRQ];

static uint
rd(uint reg)
{
    ioapic[SELECT] = reg;
    return ioapic[WINDOW];
}

static void
wr(uint reg, uint v)
{
    ioapic[SELECT] = reg;
    ioapic[WINDOW] = v;
}

void
ioapic_set(uint pa)
{
    if (pa < DEVSPACE)
        return;
    ioapic = (volatile uint *)pa;
    npins = (rd(VERSION) >> 16 & 0xff) + 1;
    if (rd(VERSION) == ~0u)
        ioapic = 0;                 // the table tells of one that is not there
}

int
ioapic_found(void)
{
    return ioapic != 0;
}

void
ioapic_route(uint irq, uint pin, uint flags)
{
    if (irq >= NIRQ)
        return;
    pins[irq] = pin;
    modes[irq] = flags;
}

void
ioapic_init(void)
{
    uint pin;

    for (pin = 0; pin < npins; pin++)
        wr(REDIR(pin), MASKED);
}

void
ioapic_enable(int irq, uint vector, uint apicid)
{
    uint pin = pins[irq], entry = vector;

    if (pin >= npins) {
        cprintf("irq %d: the I/O APIC has no pin %d\n", irq, pin);
        return;
    }
    if ((modes[irq] & INTI_LEVEL) == INTI_LEVEL)
        entry |= LEVEL;
    if ((modes[irq] & INTI_LOW) == INTI_LOW)
        entry |= LOW;
    wr(REDIR(pin) + 1, apicid << DESTSHIFT);
    wr(REDIR(pin), entry);
}
