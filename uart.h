// uart.h: the serial port COM1. Usable before uart_init (output is then
// dropped) and on machines that have none.

void uart_init(void);           // probe, 115200 8N1, FIFO; no interrupts yet
// One byte, polled. Any context; no lock of its own (print.c's is held). A
// transmitter that stays stuck costs one long wait, then bytes are dropped
// until it moves again.
void uart_putc(int c);
// From now on received bytes go to sink, in interrupt context. The caller
// routes IRQ 4.
void uart_listen(void (*sink)(int c));
void uart_intr(void);           // interrupt: received bytes to the sink
int  uart_present(void);
