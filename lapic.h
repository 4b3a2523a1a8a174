// lapic.h: each CPU's local APIC. All functions mean this CPU's; none
// sleeps. Without one (lapic_found() == 0) they do nothing.

void lapic_set(uint pa);        // boot: its address, from the tables
int  lapic_found(void);
// Nonzero lint: NMI arrives on LINT lint - 1 of that APIC id (0xff: all).
void lapic_nmi(uint apicid, uint lint);
void lapic_init(void);          // once on every CPU; enables it
// Start this CPU's clock tick: HZ a second on T_TIMER. The first CPU to
// call it measures the timer against the PIT.
void lapic_timer(void);
// Stop this CPU's tick, or let it go on.
void lapic_timer_on(int on);
uint lapic_id(void);
void lapic_eoi(void);
void lapic_error(void);         // T_LAPICERR: read, say once, EOI
void lapic_ipi(uint apicid, uint vector);
// INIT, SIPI, SIPI (SDM 3A 8.4.4.1). entrypa: page below 1 MB. Takes about
// 11 ms. The caller waits for cpu.started, with a limit.
void lapic_start_ap(uint apicid, uint entrypa);
void lapic_stop_others(void);   // NMI to all started CPUs but this, for panic
