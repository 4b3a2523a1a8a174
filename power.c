// power.c: ending it.
//
// The status reaches the host as a line "status N" on a second channel: port
// 0xe9, which emulators with a debug console answer with its own number, or
// else the second serial port. Then the machine is switched off: an
// emulator's exit device, ACPI, and as a last try the ports at which some
// emulators without tables have it. Nothing here takes a lock or waits
// without a bound, since panic comes here too.

#include <types.h>
#include <x86.h>
#include <bootarg.h>
#include <print.h>
#include <pit.h>
#include <acpi.h>
#include <power.h>

#define DEBUGPORT  0xe9
#define EXITPORT   0xf4             // 0xffffffff when nothing is there
#define COM2       0x2f8
#define MAXPOLL    100000

#define OLDQEMU    0xb004
#define QEMU       0x604
#define SLEEP      0x2000           // as in ACPI's PM1 control, type 0

#define KBDCMD     0x64
#define KBDBUSY    2
#define KBDRESET   0xfe
#define RESETCTL   0xcf9            // chipsets': 2 system reset, 6 do it

static int
have_debugport(void)
{
    return inb(DEBUGPORT) == DEBUGPORT;
}

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

static int
com2_init(void)
{
    outb(COM2 + 1, 0x0f);           // as uart.c probes
    if (inb(COM2 + 1) != 0x0f)
        return 0;
    outb(COM2 + 1, 0);
    outb(COM2 + 3, 0x83);           // 115200 8N1
    outb(COM2, 1);
    outb(COM2 + 1, 0);
    outb(COM2 + 3, 0x03);
    outb(COM2 + 4, 0x03);
    return 1;
}

static void
com2_wait(uchar bits)
{
    int i;

    for (i = 0; i < MAXPOLL && (inb(COM2 + 5) & bits) != bits; i++)
        ;
}

static void
tell_host(int status)
{
    char line[24], *s = line;
    int debug = have_debugport();

    ksnprintf(line, sizeof line, "status %d\n", status);
    if (!debug && !com2_init())
        return;
    for (; *s; s++)
        if (debug)
            outb(DEBUGPORT, *s);
        else {
            com2_wait(0x20);
            outb(COM2, *s);
        }
    if (!debug)
        com2_wait(0x60);            // all of it is out
}

static void __attribute__((noreturn))
halt(void)
{
    for (;;)
        asm volatile("cli; hlt");
}

void
power_off(int status)
{
    cli();
    tell_host(status);
    if (have_exitport())
        outl(EXITPORT, status);
    acpi_poweroff();
    outw(QEMU, SLEEP);
    outw(OLDQEMU, SLEEP);
    cprintf("It is now safe to turn off your computer.\n");
    halt();
}

void
power_reboot(int status)
{
    static const struct {
        ushort limit;
        uint base;
    } __attribute__((packed)) noidt = { 0, 0 };
    int i;

    cli();
    tell_host(status);
    for (i = 0; i < MAXPOLL && (inb(KBDCMD) & KBDBUSY); i++)
        ;
    outb(KBDCMD, KBDRESET);
    pit_delay_us(50000);
    outb(RESETCTL, 2);
    outb(RESETCTL, 6);
    pit_delay_us(50000);
    asm volatile("lidt %0; int3" :: "m"(noidt));    // a triple fault
    halt();
}
