// uart.c: the first serial port, a 16550 or any of its ancestors.
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
// move (flow control, a host that does not read) costs one long wait; then
// bytes are dropped, with only a glance each, until it moves again.
//
// On a real chip an event that is not acknowledged in its own way blocks the
// edge of the next one, so uart_intr goes on until IIR says that none is
// left.

#include <types.h>
#include <x86.h>
#include <uart.h>

#define COM1 0x3f8

enum { DATA, IER, IIR, LCR, MCR, LSR, MSR };
#define FCR        IIR
#define IER_RX     0x01
#define IER_ALL    0x0f
#define IIR_NONE   0x01
#define FCR_ON     0x07             // FIFOs on and empty, interrupt at 1 byte
#define LCR_8N1    0x03
#define LCR_DLAB   0x80
#define MCR_ON     0x0b             // DTR, RTS, OUT2
#define LSR_RX     0x01
#define LSR_TX     0x20
#define DIV115200  1

#define LONGWAIT   4000000          // polls, about 1 us each
#define MAXEVENTS  64               // served in one interrupt
#define MAXBYTES   256

static int present;
static int stuck;                   // the last wait was in vain
static void (*input)(int c);

// An interrupt-enable register that keeps four bits and no more is a UART's.
static int
probe(void)
{
    uchar all, none;

    if (inb(COM1 + LSR) == 0xff)
        return 0;
    outb(COM1 + LCR, LCR_8N1);
    outb(COM1 + IER, IER_ALL);
    all = inb(COM1 + IER);
    outb(COM1 + IER, 0);
    none = inb(COM1 + IER);
    return all == IER_ALL && none == 0;
}

void
uart_init(void)
{
    if ((present = probe()) == 0)
        return;
    outb(COM1 + LCR, LCR_8N1 | LCR_DLAB);
    outb(COM1 + DATA, DIV115200);
    outb(COM1 + IER, 0);
    outb(COM1 + LCR, LCR_8N1);
    outb(COM1 + FCR, FCR_ON);
    outb(COM1 + MCR, MCR_ON);
}

int
uart_present(void)
{
    return present;
}

static int
wait_ready(void)
{
    uint polls = stuck ? 1 : LONGWAIT;

    while (polls-- > 0)
        if (inb(COM1 + LSR) & LSR_TX)
            return 1;
    return 0;
}

void
uart_putc(int c)
{
    if (!present)
        return;
    stuck = !wait_ready();
    if (!stuck)
        outb(COM1 + DATA, c);
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

static void
drain(void)
{
    int n;

    for (n = 0; n < MAXBYTES && (inb(COM1 + LSR) & LSR_RX); n++)
        input(inb(COM1 + DATA));
}

void
uart_intr(void)
{
    int n;

    if (!present || !input)
        return;
    drain();
    for (n = 0; n < MAXEVENTS && !(inb(COM1 + IIR) & IIR_NONE); n++) {
        drain();                    // received bytes and line errors
        inb(COM1 + MSR);            // a modem line changed
    }
}
