// irq.h: interrupt requests, whichever controller there is. ISA IRQ n
// arrives on vector T_IRQ0 + n; the clock tick on T_TIMER (LAPIC) or, without
// APICs, on T_IRQ0 + IRQ_TIMER (PIT).

#pragma once

#include "types.h"

// A PCI device's message arrives as IRQ_MSI, which no controller has.
#define NIRQ      17
#define IRQ_MSI   16

void irq_init(int use_apic);    // machine.c's: choose, and mask all
void irq_enable(int irq);       // to the first CPU
// Where a device must write T_IRQ0 + IRQ_MSI to interrupt the first CPU (SDM
// 3A 11.11). 0: there is no APIC that would take it.
uint irq_msi(void);
void irq_eoi(int irq);          // in the handler, interrupts off
void clock_start(void);         // this CPU's tick, interrupts still off
