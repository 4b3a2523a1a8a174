// irq.h: interrupt requests, whichever controller there is. ISA IRQ n
// arrives on vector T_IRQ0 + n; the clock tick on T_TIMER (LAPIC) or, without
// APICs, on T_IRQ0 + IRQ_TIMER (PIT).

// A PCI device's message arrives as IRQ_MSI, which no controller has.
#define NIRQ      17
#define IRQ_MSI   16

// All masked. machine_init alone calls it, after the tables have been read.
// 1: APICs are used; 0: not wanted or not there, so PIC, PIT, and one CPU.
int  irq_init(int use_apic);
void irq_enable(int irq, int cpu);  // cpu: index in cpus[]
// Where a device must write T_IRQ0 + IRQ_MSI to interrupt the first CPU (SDM
// 3A 11.11). 0: there is no APIC that would take it.
uint irq_msi(void);
void irq_eoi(int irq);          // in the handler, interrupts off
void clock_start(void);         // this CPU's tick, interrupts still off
