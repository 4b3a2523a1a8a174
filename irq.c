// irq.c: one door to the interrupt controllers. APICs where the machine has
// them; else the PICs, and the PIT as the clock of the only CPU.

#include "cpu.h"
#include "vectors.h"
#include "pic.h"
#include "pit.h"
#include "lapic.h"
#include "ioapic.h"
#include "irq.h"

#define MSI_ADDRESS 0xfee00000
#define MSI_DEST    12              // shift of the CPU's APIC id

static int apic;

void
irq_init(int use_apic)
{
    apic = use_apic;
    pic_init();
    if (apic) {
        lapic_init();
        ioapic_init();
    }
}

void
irq_enable(int irq)
{
    if (apic)
        ioapic_enable(irq, T_IRQ0 + irq, cpus[0].apicid);
    else
        pic_enable(irq);
}

uint
irq_msi(void)
{
    return apic ? MSI_ADDRESS | cpus[0].apicid << MSI_DEST : 0;
}

void
irq_eoi(int irq)
{
    if (apic)
        lapic_eoi();
    else
        pic_eoi(irq);
}

void
clock_start(void)
{
    if (apic) {
        lapic_timer();
        return;
    }
    pit_start();
    irq_enable(IRQ_TIMER);
}
