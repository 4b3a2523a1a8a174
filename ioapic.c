// ioapic.c: I/O APICs (Intel 82093AA), which turn the machine's interrupt
// pins into messages to local APICs.
//
// A machine may have several. Their pins are numbered through (GSI, ACPI
// 5.2.12.3). ISA IRQ n is GSI n unless the firmware's tables route it
// elsewhere, as they nearly always do with IRQ 0, and give it another
// polarity or trigger mode.
//
// Only two registers are in memory: one selects, the other is the selected
// one. Each pin has a 64-bit redirection entry at 0x10 + 2 * pin:
//
//     63-56 destination   16 masked   15 level   13 active low   7-0 vector

#include <types.h>
#include <param.h>
#include <mmu.h>
#include <memlayout.h>
#include <x86.h>
#include <print.h>
#include <irq.h>
#include <ioapic.h>
#include <spinlock.h>
#include <cpu.h>

#define SELECT   0                  // indices of 32-bit words
#define WINDOW   4
#define VERSION  1                  // 23-16: last pin
#define REDIR    0x10
#define MASKED   0x10000
#define LEVEL    0x08000
#define LOW      0x02000

#define NIOAPIC  8

static struct ioapic {
    volatile uint *reg;
    uint id, gsi, npins;
} ioapics[NIOAPIC];
static uint nioapic;

static struct {
    uchar known;
    uint gsi, flags;
} route[NIRQ];                      // overrides

static uint
rd(struct ioapic *io, uint reg)
{
    io->reg[SELECT] = reg;
    return io->reg[WINDOW];
}

static void
wr(struct ioapic *io, uint reg, uint v)
{
    io->reg[SELECT] = reg;
    io->reg[WINDOW] = v;
}

void
ioapic_add(uint id, uint pa, uint gsi)
{
    struct ioapic *io = &ioapics[nioapic];

    if (nioapic == NIOAPIC || pa < DEVSPACE)
        return;
    io->reg = (volatile uint *)pa;
    if (rd(io, VERSION) == ~0u)
        return;                     // a table tells of one that is not there
    io->id = id;
    io->npins = (rd(io, VERSION) >> 16 & 0xff) + 1;
    io->gsi = gsi;
    if (gsi == GSI_NEXT)
        io->gsi = nioapic ? io[-1].gsi + io[-1].npins : 0;
    nioapic++;
}

void
ioapic_route(int irq, uint gsi, uint flags)
{
    if (irq < 0 || irq >= NIRQ)
        return;
    route[irq].known = 1;
    route[irq].gsi = gsi;
    route[irq].flags = flags;
}

uint
ioapic_gsi(uint id, uint pin)
{
    uint i;

    for (i = 0; i < nioapic; i++)
        if (ioapics[i].id == id && pin < ioapics[i].npins)
            return ioapics[i].gsi + pin;
    return GSI_NEXT;
}

int
ioapic_found(void)
{
    return nioapic > 0;
}

void
ioapic_init(void)
{
    struct ioapic *io;
    uint pin;

    for (io = ioapics; io < ioapics + nioapic; io++)
        for (pin = 0; pin < io->npins; pin++) {
            wr(io, REDIR + 2 * pin, MASKED);
            wr(io, REDIR + 2 * pin + 1, 0);
        }
}

void
ioapic_enable(int irq, uint vector, int cpu)
{
    uint gsi = route[irq].known ? route[irq].gsi : (uint)irq;
    struct ioapic *io;
    uint entry = vector;

    if ((route[irq].flags & INTI_LEVEL) == INTI_LEVEL)
        entry |= LEVEL;
    if ((route[irq].flags & INTI_LOW) == INTI_LOW)
        entry |= LOW;
    for (io = ioapics; io < ioapics + nioapic; io++)
        if (gsi - io->gsi < io->npins) {
            wr(io, REDIR + 2 * (gsi - io->gsi) + 1,
               cpus[cpu].apicid << 24);
            wr(io, REDIR + 2 * (gsi - io->gsi), entry);
            return;
        }
    cprintf("irq %d: no I/O APIC has it\n", irq);
}
