// print.h: kernel messages. Polled, never sleeps, never wakes; any context.

#pragma once

#include "types.h"

struct proc;
struct trapframe;

// Formats %d %u %x %p %s %c %%; numbers with 0 and width. To the screen and
// the serial line.
void cprintf(const char *, ...) __attribute__((format(printf, 1, 2)));
void cvprintf(const char *, __builtin_va_list);
// The same, a byte at a time to put. No lock.
void print_to(void (*put)(int c), const char *, ...)
    __attribute__((format(printf, 2, 3)));
void vprint_to(void (*put)(int c), const char *, __builtin_va_list);

// Bytes to screen and serial line as one piece that nobody's output divides;
// keep it short, interrupts are off meanwhile. Any context.
void print_bytes(const char *, uint n);

// Let the screen show what was there so many rows before or later. Any context.
void print_look(int rows);

// Once some CPU panics, its APIC id + 1. Another CPU that gets an NMI then
// calls cpu_stop().
extern volatile uint panicking;
// What a trap interrupted in the kernel, where one did; else 0.
extern const struct trapframe *panic_frame;
// Print by which trap or call a process came into the kernel; set at start.
extern void (*panic_tell)(struct proc *);

// Halt this CPU for good.
void cpu_stop(void) __attribute__((noreturn));

// A kernel invariant is broken: say which, with which registers, how the kernel
// got there, who ran; stop all CPUs.
void panic(const char *, ...)
    __attribute__((noreturn, format(printf, 1, 2)));

// This machine will not do: say why, and stop. Start-up only.
void refuse(const char *) __attribute__((noreturn));

// The rule is a string: what always holds, where c does not say it itself.
#define assert(c, ...) \
    do { if (!(c)) panic("%s:%d: %s (%s)", __FILE__, __LINE__, \
                         "" __VA_ARGS__, #c); } while (0)
