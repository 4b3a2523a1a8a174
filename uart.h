// uart.h: the serial ports. Usable on machines that have none.

#pragma once

#include "types.h"

#define COM1 0x3f8
#define COM2 0x2f8

// Any port, polled. Any context; no lock.
int  uart_setup(ushort port);   // 115200 8N1, no interrupts; 0: not there
// Send a byte, waiting so many polls of about 1 us. 0: it is not sent.
int  uart_send(ushort port, int c, uint polls);

// COM1, the console's. Before uart_init output is dropped.
void uart_init(void);
// One byte, with print.c's lock held. A transmitter that stays stuck costs
// one long wait; then bytes are dropped until it moves again.
void uart_putc(int c);
// From now on received bytes go to sink, in interrupt context. The caller
// has enabled IRQ 4: a byte's edge must not be lost.
void uart_listen(void (*sink)(int c));
// No more bytes for now, or go on: they wait in the port, and in front of it
// where the other end honours RTS. The caller makes sure that one at a time
// asks; a pause takes effect within the sink's byte.
void uart_pause(int on);
void uart_intr(void);           // interrupt: received bytes to the sink
