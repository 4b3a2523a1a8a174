// ioapic.h: the I/O APIC that has the ISA IRQs. Boot time; no lock.

#pragma once

#include "types.h"

// Flags of an override, the same in ACPI (5.2.12.5) and MP tables (4.3.4).
#define INTI_LOW   0x3          // polarity field: 3 active low
#define INTI_LEVEL 0xc          // trigger field: 3 level

void ioapic_set(uint pa);       // here it is, if it answers
int  ioapic_found(void);
void ioapic_route(uint irq, uint pin, uint flags);  // override for an ISA IRQ
void ioapic_init(void);         // all pins masked
// Deliver an ISA IRQ to a CPU. A pin that is not there is reported.
void ioapic_enable(int irq, uint vector, uint apicid);
