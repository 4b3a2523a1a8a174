// print.h: kernel messages. Polled, never sleeps, never wakes; any context.

#pragma once

#include "types.h"

// Formats %d %u %x %p %s %c %% with -, 0, width and, for %s, precision; l is
// ignored. To VGA and serial. ksnprintf always ends with NUL (n > 0) and
// returns the length that the whole would have.
void cprintf(const char *, ...) __attribute__((format(printf, 1, 2)));
void cvprintf(const char *, __builtin_va_list);
int  ksnprintf(char *, size_t, const char *, ...)
    __attribute__((format(printf, 3, 4)));

// Bytes to screen and serial line as one piece that nobody's output divides;
// keep it short, interrupts are off meanwhile. Any context.
void print_bytes(const char *, uint n);

// Once some CPU panics, its APIC id + 1. Another CPU that gets an NMI then
// calls panic_stop(), which halts it for good.
extern volatile uint panicking;
extern uint panic_frame;            // %ebp of what a trap interrupted, or 0
void panic_stop(void) __attribute__((noreturn));

// A kernel invariant is broken: say which, print a backtrace, stop all CPUs.
void panic(const char *, ...)
    __attribute__((noreturn, format(printf, 1, 2)));

// This machine will not do: say why, and stop. Start-up only.
void refuse(const char *, ...)
    __attribute__((noreturn, format(printf, 1, 2)));

#define assert(c) \
    do { if (!(c)) panic("%s:%d: %s", __FILE__, __LINE__, #c); } while (0)
