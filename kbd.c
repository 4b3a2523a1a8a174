// kbd.c: the PS/2 keyboard.
//
// The controller (i8042) translates to scan-code set 1, and interrupts: the
// BIOS has set it up so, for itself. A key sends one byte when pressed, the
// same with bit 7 set when released; keys added later send 0xe0 first. Pause
// sends what Ctrl with Num Lock does, with bytes 0xe1 between that mean no key.
// The tables turn a code into what a serial terminal would send for the key, so
// the console sees no difference: Enter is CR, Backspace DEL, an arrow ESC [
// and a letter. Shift with PageUp and PageDown looks at what left the screen.

#include "x86.h"
#include "print.h"
#include "vga.h"
#include "vectors.h"
#include "irq.h"
#include "kbd.h"
#include "console.h"

#define DATA        0x60
#define STATUS      0x64
#define ST_FULL     0x01            // a byte is there for us
#define ST_MOUSE    0x20            // that byte is the mouse's
#define NOBODY      0xff            // read where there is no controller
#define MAXBYTES    32              // in one interrupt

#define RELEASED    0x80
#define LSHIFT      0x2a
#define RSHIFT      0x36
#define CTRL        0x1d
#define ALT         0x38
#define CAPS        0x3a
#define FIRSTKEYPAD 0x47
#define PAGEUP      0x49
#define PAGEDOWN    0x51
#define KPENTER     0x1c            // these two behind a prefix
#define KPSLASH     0x35
#define PREFIX      0xe0
#define ESC         0x1b
#define PAGE        (VGAROWS - 1)

static const char lower[] =
    "\0\0331234567890-=\177\tqwertyuiop[]\r\0asdfghjkl;'`\0\\zxcvbnm,./\0*\0 ";
static const char upper[] =
    "\0\033!@#$%^&*()_+\177\tQWERTYUIOP{}\r\0ASDFGHJKL:\"~\0|ZXCVBNM<>?\0*\0 ";

// From FIRSTKEYPAD: the letter after ESC [, a digit before ~, or the key.
static const char keypad[] = "HA5-D\0C+FB62" "3";

static int shift, ctrl, alt, caps, extended;

static void
send_keypad(uint code)
{
    uint i = code - FIRSTKEYPAD;
    int c = i < sizeof keypad - 1 ? keypad[i] : 0;

    if (c == 0)
        return;
    if (shift && (code == PAGEUP || code == PAGEDOWN))
        print_look(code == PAGEUP ? PAGE : -PAGE);
    else if (c == '-' || c == '+')
        console_input(c);
    else
        print_to(console_input, c <= '9' ? "\033[%c~" : "\033[%c", c);
}

static void
send_plain(uint code)
{
    int c, letter;

    if (code >= sizeof lower - 1)
        return;
    letter = lower[code] >= 'a' && lower[code] <= 'z';
    c = (shift ^ (caps && letter)) ? upper[code] : lower[code];
    if (c == 0)
        return;
    if (ctrl && (c & 0x40 || c == ' '))
        c &= 0x1f;
    if (alt)
        console_input(ESC);
    console_input(c);
}

static int
modifier(uint code, int down)
{
    switch (code) {
    case LSHIFT:
    case RSHIFT:
        if (!extended)              // e0 2a and e0 36 are no keys
            shift = down;
        return 1;
    case CTRL:
        ctrl = down;
        return 1;
    case ALT:
        alt = down;
        return 1;
    case CAPS:
        caps ^= down;
        return 1;
    }
    return 0;
}

static void
scancode(uint code)
{
    int down = (code & RELEASED) == 0;

    if (code == PREFIX) {
        extended = 1;
        return;
    }
    code &= ~RELEASED;
    if (modifier(code, down) || !down)
        ;
    else if (code >= FIRSTKEYPAD)
        send_keypad(code);
    else if (!extended || code == KPSLASH || code == KPENTER)
        send_plain(code);
    extended = 0;
}

void
kbd_intr(void)
{
    int i, status;

    for (i = 0; i < MAXBYTES; i++) {
        status = inb(STATUS);
        if (status == NOBODY || (status & ST_FULL) == 0)
            return;
        if (status & ST_MOUSE)
            inb(DATA);
        else
            scancode(inb(DATA));
    }
}

void
kbd_init(void)
{
    irq_enable(IRQ_KBD);
    kbd_intr();                     // a buffer that is full sends no edge
}
