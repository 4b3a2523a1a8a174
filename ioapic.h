// ioapic.h: I/O APICs and the way from ISA IRQs to their pins. Boot time,
// or with interrupts off; no lock.

#define GSI_NEXT 0xffffffffu

// MPS flags, the same in ACPI (5.2.12.5) and MP tables (4.3.4).
#define INTI_LOW   0x3          // polarity field: 3 active low
#define INTI_LEVEL 0xc          // trigger field: 3 level

// One more I/O APIC, its first pin being gsi (GSI_NEXT: after those known).
void ioapic_add(uint id, uint pa, uint gsi);
void ioapic_route(int irq, uint gsi, uint flags);   // override for an ISA IRQ
// MP tables name a pin of an APIC: its gsi, or GSI_NEXT if not there.
uint ioapic_gsi(uint id, uint pin);
int  ioapic_found(void);
void ioapic_init(void);         // all pins masked
// Deliver an ISA IRQ to a CPU (index in cpus[]). A pin that no I/O APIC has
// is reported.
void ioapic_enable(int irq, uint vector, int cpu);
