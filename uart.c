// uart.c: the serial ports, each a 16550 or any of its ancestors.
//
//     port  read            written              (LCR bit 7 clear)
//     +0    received byte   byte to send
//     +1    IER             IER: which events interrupt
//     +2    IIR: which did  FCR: FIFOs
//     +3    LCR: 8N1, and the bit that turns +0, +1 into the divisor
//     +4    MCR: DTR RTS OUT2 (OUT2 lets the interrupt out of the chip)
//     +5    LSR: byte received, may send, errors
//     +6    MSR
//
// Output is polled: a kernel message must come out from any context, and
// with interrupts off. Each wait is bounded. A transmitter that does not
// move (a host that does not read) costs one long wait; after that each byte
// costs one look and is dropped, until the transmitter moves again.
//
// On a real chip an event that is not acknowledged in its own way blocks the
// edge of the next one, so uart_intr() goes on until IIR says that none is
// left.

#include "x86.h"
#include "uart.h"

enum { DATA, IER, IIR, LCR, MCR, LSR, MSR };
#define FCR        IIR
#define IER_RX     0x01
#define IER_ALL    0x0f
#define IIR_NONE   0x01
#define FCR_ON     0x07             // FIFOs on and empty, interrupt at 1 byte
#define LCR_8N1    0x03
#define LCR_DLAB   0x80
#define MCR_ON     0x0b             // DTR, RTS, OUT2
#define MCR_PAUSED 0x09             // no RTS
#define LSR_RX     0x01
#define LSR_TX     0x20
#define DIV115200  1

#define LONGWAIT   4000000          // polls, about 1 us each
#define MAXEVENTS  256              // served in one interrupt

static int present;
static int stuck;                   // the last wait ended without success
static void (*input)(int c);
static volatile int paused;         // no input now

// An interrupt-enable register that keeps four bits and no more is a UART's.
int
uart_setup(ushort port)
{
    uchar all, none;

    outb(port + LCR, LCR_8N1);
    outb(port + IER, IER_ALL);
    all = inb(port + IER);
    outb(port + IER, 0);
    none = inb(port + IER);
    if (all != IER_ALL || none != 0)
        return 0;
    outb(port + LCR, LCR_8N1 | LCR_DLAB);
    outb(port + DATA, DIV115200);
    outb(port + IER, 0);
    outb(port + LCR, LCR_8N1);
    outb(port + FCR, FCR_ON);
    outb(port + MCR, MCR_ON);
    return 1;
}

int
uart_send(ushort port, int c, uint polls)
{
    while ((inb(port + LSR) & LSR_TX) == 0)
        if (polls-- == 0)
            return 0;
    outb(port + DATA, c);
    return 1;
}

void
uart_init(void)
{
    present = uart_setup(COM1);
}

void
uart_putc(int c)
{
    if (present)
        stuck = !uart_send(COM1, c, stuck ? 0 : LONGWAIT);
}

void
uart_listen(void (*sink)(int c))
{
    if (!present)
        return;
    input = sink;
    outb(COM1 + IER, IER_RX);
    uart_intr();                    // what came before counts too
}

// To turn the interrupt off and on makes an edge when something is there.
static void
listen(int on)
{
    outb(COM1 + MCR, on ? MCR_ON : MCR_PAUSED);
    outb(COM1 + IER, 0);
    if (on)
        outb(COM1 + IER, IER_RX);
}

void
uart_pause(int on)
{
    if (!present || on == paused)
        return;
    paused = on;
    listen(!on);
}

void
uart_intr(void)
{
    int n;

    if (!input)
        return;
    for (n = 0; n < MAXEVENTS && !paused; n++)
        if (inb(COM1 + LSR) & LSR_RX)
            input(inb(COM1 + DATA));
        else if (inb(COM1 + IIR) & IIR_NONE)
            return;
        else
            inb(COM1 + MSR);        // a modem line changed
    if (!paused)
        listen(1);                  // there is more: later
}
