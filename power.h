// power.h: ending it. Any context; power_off() and power_reboot() never return.

#pragma once

// Tell the host the status where a way exists ("status N" on port 0xe9 or
// COM2), then switch off.
void power_off(int status) __attribute__((noreturn));
void power_reboot(int status) __attribute__((noreturn));
int  power_headless(void);      // nobody is watching: run= or exit device
