// pit.c: the 8254 programmable interval timer (Intel 231164).
//
// Three counters run at 1,193,182 Hz. Counter 0 is IRQ 0. Counter 2 belongs
// to the loudspeaker; bit 0 of port 0x61 gates it, bit 1 lets it be heard,
// and bit 5 shows its output, so it can time a delay with no interrupt: in
// mode 0 the output goes up when the count has run out. The gate is open
// before the count is written, so counting begins with the count's second
// byte; an emulator that ignores the gate begins there, too.

#include "param.h"
#include "x86.h"
#include "pit.h"

#define PITHZ    1193182u
#define COUNTER0 0x40
#define COUNTER2 0x42
#define CONTROL  0x43
#define C0_RATE  0x34               // counter 0, two bytes, mode 2
#define C2_ONCE  0xb0               // counter 2, two bytes, mode 0
#define SPEAKER  0x61
#define SPK_GATE 0x01
#define SPK_KEEP 0x0c               // others that stay; the sound goes off
#define SPK_OUT  0x20

#define MAXUS    50000              // the counters have 16 bits
#define MAXPOLLS (MAXUS * 20)       // more than a port read can manage

static uchar second;                // byte of the count, to be written

void
pit_arm(uint us)
{
    uint n = us > MAXUS ? MAXUS : us;
    uint count = n * 1193u / 1000 + n / 5000 + 1;   // 1.1932 a microsecond

    outb(SPEAKER, (inb(SPEAKER) & SPK_KEEP) | SPK_GATE);
    outb(CONTROL, C2_ONCE);
    outb(COUNTER2, count);
    second = count >> 8;
}

void
pit_wait(void)
{
    uint polls = MAXPOLLS;

    outb(COUNTER2, second);
    while (polls-- > 0 && !(inb(SPEAKER) & SPK_OUT))
        ;
}

void
pit_delay_us(uint n)
{
    pit_arm(n);
    pit_wait();
}

void
pit_start(void)
{
    uint divisor = (PITHZ + HZ / 2) / HZ;

    outb(CONTROL, C0_RATE);
    outb(COUNTER0, divisor);
    outb(COUNTER0, divisor >> 8);
}
