// kbd.c: the PS/2 keyboard.
//
// The controller (i8042) translates to scan-code set 1: a key sends one byte
// when pressed, the same with bit 7 set when released; keys added later send
// 0xe0 first, and Pause sends 0xe1 and two bytes more. The tables turn a code
// into what a serial terminal would send for the key, so the console sees no
// difference: Enter is CR, Backspace DEL, an arrow ESC [ and a letter.

#include <types.h>
#include <x86.h>
#include <vectors.h>
#include <irq.h>
#include <kbd.h>
#include <console.h>

#define DATA        0x60
#define STATUS      0x64            // read; a command when written
#define ST_FULL     0x01            // a byte is there for us
#define ST_BUSY     0x02            // the last one has not been taken yet
#define ST_MOUSE    0x20            // that byte is the mouse's
#define CMD_RDCFG   0x20
#define CMD_WRCFG   0x60
#define CMD_ENABLE  0xae
#define CFG_IRQ1    0x01
#define CFG_NOKBD   0x10
#define CFG_SET1    0x40            // translate

#define MAXPOLL     100000          // about 1 us each
#define MAXBYTES    32              // in one interrupt

#define RELEASED    0x80
#define LSHIFT      0x2a
#define RSHIFT      0x36
#define CTRL        0x1d
#define ALT         0x38
#define CAPS        0x3a
#define ESC         0x1b
#define FIRSTKEYPAD 0x47

static const char lower[] =
    "\0\0331234567890-=\177\tqwertyuiop[]\r\0asdfghjkl;'`\0\\zxcvbnm,./\0*\0 ";
static const char upper[] =
    "\0\033!@#$%^&*()_+\177\tQWERTYUIOP{}\r\0ASDFGHJKL:\"~\0|ZXCVBNM<>?\0*\0 ";

// From FIRSTKEYPAD: the letter after ESC [, a digit before ~, or the key.
static const char keypad[] = "HA5-D\0C+FB62" "3";

static int shift, ctrl, alt, caps, extended, skip;

static int
wait_not(uchar bit)
{
    int i;

    for (i = 0; i < MAXPOLL; i++)
        if ((inb(STATUS) & bit) == 0)
            return 1;
    return 0;
}

static void
flush(void)
{
    int i;

    for (i = 0; i < MAXBYTES && (inb(STATUS) & ST_FULL); i++)
        inb(DATA);
}

static int
command(uchar c)
{
    if (!wait_not(ST_BUSY))
        return 0;
    outb(STATUS, c);
    return 1;
}

// The controller's configuration byte, or -1 when it does not answer.
static int
read_config(void)
{
    int i;

    if (!command(CMD_RDCFG))
        return -1;
    for (i = 0; i < MAXPOLL; i++)
        if (inb(STATUS) & ST_FULL)
            return inb(DATA);
    return -1;
}

void
kbd_init(void)
{
    int config;

    if (inb(STATUS) == 0xff)
        return;                     // no controller at all
    flush();
    if ((config = read_config()) < 0)
        return;
    config = (config | CFG_IRQ1 | CFG_SET1) & ~CFG_NOKBD;
    if (command(CMD_WRCFG) && wait_not(ST_BUSY))
        outb(DATA, config);
    command(CMD_ENABLE);
    irq_enable(IRQ_KBD);
    flush();                        // after: a full buffer sends no edge
}

static void
send(const char *s)
{
    while (*s)
        console_input(*s++);
}

static void
send_keypad(uint code)
{
    char seq[] = { ESC, '[', 0, 0, 0 };
    uint i = code - FIRSTKEYPAD;

    if (i >= sizeof keypad - 1 || keypad[i] == 0)
        return;
    seq[2] = keypad[i];
    if (seq[2] == '-' || seq[2] == '+') {
        console_input(seq[2]);
        return;
    }
    if (seq[2] >= '0' && seq[2] <= '9')
        seq[3] = '~';
    send(seq);
}

static void
send_plain(uint code)
{
    int c, letter;

    if (code >= FIRSTKEYPAD) {
        send_keypad(code);
        return;
    }
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

    if (skip > 0) {
        skip--;
        return;
    }
    if (code == 0xe0) {
        extended = 1;
        return;
    }
    if (code == 0xe1) {
        skip = 2;
        return;
    }
    code &= ~RELEASED;
    if (!modifier(code, down) && down) {
        if (extended && code == 0x35)
            console_input('/');
        else if (extended && code == 0x1c)
            console_input('\r');
        else if (extended)
            send_keypad(code);
        else
            send_plain(code);
    }
    extended = 0;
}

void
kbd_intr(void)
{
    int i, status;

    for (i = 0; i < MAXBYTES; i++) {
        status = inb(STATUS);
        if (status == 0xff || (status & ST_FULL) == 0)
            return;
        if (status & ST_MOUSE)
            inb(DATA);
        else
            scancode(inb(DATA));
    }
}
