// irq.c: one door to the interrupt controllers. APICs where the machine has
// them; else the PICs, and the PIT as the clock of the only CPU.

#include "types.h"
#include "param.h"
#include "mmu.h"
#include "x86.h"
#include "print.h"
#include "trap.h"
#include "pic.h"
#include "pit.h"
#include "lapic.h"
#include "ioapic.h"
#include "irq.h"
#include "cpu.h"

static int apic;

void
irq_use_apic(void)
{
    apic = 1;
}

int
irq_apic(void)
{
    return apic;
}

void
irq_enable(int irq, int cpu)
{
    if (!apic)
        pic_enable(irq);
    else if (ioapic_enable(irq, T_IRQ0 + irq, cpus[cpu].apicid) < 0)
        cprintf("irq %d: no I/O APIC has it\n", irq);
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
    irq_enable(IRQ_TIMER, 0);
}
