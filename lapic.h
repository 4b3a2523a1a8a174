// lapic.h: each CPU's local APIC. All functions mean this CPU's; none sleeps.

#pragma once

#include "types.h"

int  lapic_probe(void);         // boot: is there one that Teak can use?
void lapic_init(void);          // once on every CPU; enables it
// Start this CPU's clock tick: HZ a second on T_TIMER. The first CPU to
// call it measures the timer against the PIT.
void lapic_timer(void);
void lapic_eoi(void);
// INIT, SIPI, SIPI (SDM 3A 8.4.4.1). entrypa: page below 1 MB. Takes about
// 11 ms. The caller waits for cpu.started, with a limit.
void lapic_start_ap(uint apicid, uint entrypa);

uint lapic_id(void);            // 0 without one
// Interrupt another CPU, which has been started: cmd is a vector, or one of
// lapic.c's commands.
void lapic_ipi(uint apicid, uint cmd);
void lapic_stop_others(void);   // NMI to all started CPUs but this, for panic
