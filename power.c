// power.c: ending it.
//
// The status reaches the host as a line "status N" on a second channel: port
// 0xe9, which emulators with a debug console answer with its own number, or
// else the second serial port. Then the machine is switched off, by an
// emulator's exit device or by ACPI. It is started again by the keyboard
// controller, which has a line to the processor's reset, or else by a triple
// fault. Nothing here takes a lock or waits without a bound, since panic comes
// here too.

#include "x86.h"
#include "bootarg.h"
#include "print.h"
#include "uart.h"
#include "pit.h"
#include "acpi.h"
#include "power.h"

#define DEBUGPORT  0xe9
#define EXITPORT   0xf4             // 0xffffffff when nothing is there
#define MAXPOLL    100000
#define ANSWERUS   50000            // how long the machine may take to obey

#define KBDCMD     0x64
#define KBDBUSY    2
#define KBDRESET   0xfe

static int
have_exitport(void)
{
    return inl(EXITPORT) != ~0u;
}

int
power_headless(void)
{
    return bootarg("run", 0, 0) >= 0 || have_exitport();
}

static void
put_debugport(int c)
{
    outb(DEBUGPORT, c);
}

static void
put_com2(int c)
{
    uart_send(COM2, c, MAXPOLL);
}

static void
tell_host(int status)
{
    if (inb(DEBUGPORT) == DEBUGPORT) {
        print_to(put_debugport, "status %d\n", status);
    } else if (uart_setup(COM2)) {
        print_to(put_com2, "status %d\n", status);
        pit_delay_us(ANSWERUS);     // the last bytes are on their way
    }
}

void
power_off(int status)
{
    cli();
    tell_host(status);
    if (have_exitport())
        outl(EXITPORT, status);
    acpi_poweroff();
    cprintf("It is now safe to turn off your computer.\n");
    cpu_stop();
}

void
power_reboot(int status)
{
    static const uchar noidt[6];    // limit 0, base 0
    int i;

    cli();
    tell_host(status);
    for (i = 0; i < MAXPOLL && (inb(KBDCMD) & KBDBUSY); i++)
        ;
    outb(KBDCMD, KBDRESET);
    pit_delay_us(ANSWERUS);
    asm volatile("lidt %0; int3" :: "m"(noidt));    // a triple fault
    cpu_stop();
}
