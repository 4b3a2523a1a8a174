// pit.h: the 8254 timer.

#pragma once

#include "types.h"

// Busy-wait at least n microseconds, n <= 50000. For one CPU at a time, since
// they all use counter 2. Returns even if the timer does not run.
void pit_delay_us(uint n);
// The same in two steps, for measuring: pit_arm() does what is slow.
void pit_arm(uint us);
void pit_wait(void);
void pit_start(void);           // IRQ 0 at HZ: the clock without a LAPIC
