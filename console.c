// console.c: the screen, the keyboard and the serial line as one terminal.
//
// Input arrives a byte at a time, in interrupts, and goes into a ring:
//
//      r            w           e
//      | for read() | being     |          indices only grow; the cell is
//      |            | edited    |          the index modulo NINPUT
//
// In cooked mode a line moves from "being edited" to "for read()" whole,
// when Enter or ^D ends it. ^D on an empty line leaves the mark EOFMARK, which
// makes one read() return 0. Other control bytes than those of cooked() are
// ignored. In raw mode each byte is readable at once, and none is special.
//
// The ring holds 4 KB of lines typed ahead. When it is nearly full, what is
// there becomes readable even if no line has ended, and the serial line is made
// to wait until half of it is free again: whoever pastes a text loses nothing. A
// ^C behind the text waits, too. A keyboard cannot wait: when the ring is full a
// byte is refused with a bell, but ^C works.
//
// What keys like the arrows send, ESC [ ... letter, cooked mode ignores.
//
// Output of one write() is not mixed with another's: a second writer waits. It
// goes out in small pieces, each printed with the print lock held and
// interrupts off, so that interrupts wait for one piece at most. Kernel
// messages and echo may come between pieces.
//
// Reading is for one group, once a shell has set it: processes of other groups
// wait until it is theirs. While nobody is in the foreground, the group of the
// shell that said so reads, but no key kills or stops it. Who is stopped
// neither reads nor writes.

#include "lib.h"
#include "print.h"
#include "vga.h"
#include "uart.h"
#include "vectors.h"
#include "irq.h"
#include "cpu.h"
#include "sched.h"
#include "syscall.h"
#include "file.h"
#include "copynow.h"
#include "kbd.h"
#include "proc.h"
#include "ptable.h"
#include "console.h"
#include "errno.h"

#define NINPUT   4096
#define SPARE    64                 // cells for keys while the line waits
#define EOFMARK  0x100              // no byte
#define PIECE    64                 // bytes; 6 ms at 115200
#define CTRL(c)  ((c) - '@')
#define DEL      0x7f
#define ESC      0x1b

static struct {
    struct spinlock lock;           // guards all of this
    ushort ring[NINPUT];
    uint r, w, e;
    int mode;                       // CONS_COOKED or CONS_RAW
    uint breaks;                    // counts the ^Cs that cooked mode has met
    int escape;                     // in an escape sequence: ESC, '[', 'O'
    int fg;                         // foreground group, for ^C and ^Z; or 0
    int readers;                    // group that may read; 0: everyone
    int writing;                    // somebody's write() is going out
    int silent;                     // no echo
    uint shown;                     // of the line being edited, columns whose
                                    // echo is the last thing printed
} cons = { .lock = SPINLOCK("console", RANK_CONS) };

// ---- input, from interrupts ----

static void
echo(const char *s)
{
    if (!cons.silent)
        print_bytes(s, strlen(s));
    cons.shown = 0;
}

// Take the echo of a character back, unless something else has been printed.
static int
unecho(void)
{
    if (cons.shown == 0)
        return 0;
    cons.shown--;
    cprintf("\b \b");
    return 1;
}

// Put a byte or mark at the line's end. 0 if no room.
static int
line_add(int c)
{
    if (cons.e - cons.r >= NINPUT) {
        cprintf("\a");
        return 0;
    }
    cons.ring[cons.e++ % NINPUT] = c;
    return 1;
}

static void
line_ready(void)
{
    cons.w = cons.e;
    wakeup(&cons);
}

// Let the serial line wait, or go on. While it waits somebody can read and so
// make room. Held: cons.lock.
static void
flow(void)
{
    uint n = cons.e - cons.r;

    if (n >= NINPUT - SPARE) {
        uart_pause(1);
        if (cons.r == cons.w)
            line_ready();
    } else if (n <= NINPUT / 2 || cons.r == cons.w)
        uart_pause(0);
}

static void
line_end(void)
{
    if (!line_add('\n'))
        return;
    echo("\n");
    line_ready();
}

// Of a character in UTF-8, is it a byte behind the first?
static int
goes_on(int c)
{
    return (c & 0xc0) == 0x80;
}

// Each character on a line has one column. Returns whether there was one.
static int
erase_one(void)
{
    if (cons.e == cons.w)
        return 0;
    while (goes_on(cons.ring[--cons.e % NINPUT]) && cons.e != cons.w)
        ;
    unecho();
    return 1;
}

static int
last_is_blank(void)
{
    int c = cons.ring[(cons.e - 1) % NINPUT];

    return c == ' ' || c == '\t';
}

static void
erase_word(void)
{
    while (last_is_blank() && erase_one())
        ;
    while (!last_is_blank() && erase_one())
        ;
}

// ^C, ^Z: what was typed is void. At the prompt an empty line asks for another.
static void
line_void(int c)
{
    char shown[] = { '^', c + '@', 0 };

    echo(shown);
    cons.r = cons.w = cons.e;
    if (cons.fg == 0)
        line_end();
    else
        echo("\n");
}

// Does c belong to an escape sequence? ESC [ numbers letter, or ESC O letter;
// ESC and anything else is that, typed with Alt held or after the Escape key.
static int
escaped(int c)
{
    int before = cons.escape;

    if (c == ESC || (before == ESC && (c == '[' || c == 'O')))
        cons.escape = c;
    else if (before != '[' || c < ' ' || c >= '@')
        cons.escape = 0;
    return cons.escape || (before && before != ESC && c >= ' ');
}

static void
cooked(int c)
{
    char shown = c == '\t' ? ' ' : c;   // one column

    if (escaped(c))
        return;
    switch (c) {
    case '\r':
    case '\n':
        line_end();
        break;
    case '\b':
    case DEL:
        erase_one();
        break;
    case CTRL('U'):
        while (erase_one())
            ;
        break;
    case CTRL('W'):
        erase_word();
        break;
    case CTRL('D'):
        if (cons.e != cons.w || line_add(EOFMARK))
            line_ready();
        break;
    case CTRL('Z'):
        if (cons.fg == 0)
            break;                  // nobody to stop
        // fall through
    case CTRL('C'):
        cons.breaks += c == CTRL('C');
        line_void(c);
        break;
    default:
        if ((c >= ' ' || c == '\t') && line_add(c) && !cons.silent) {
            cprintf("%c", shown);
            cons.shown += !goes_on(c);
        }
    }
}

void
console_input(int c)
{
    int group = 0, list = 0;

    c &= 0xff;
    acquire(&cons.lock);
    if (cons.mode == CONS_RAW) {
        if (line_add(c))
            line_ready();
    } else if (c == CTRL('P')) {
        list = 1;
    } else {
        group = cons.fg;
        cooked(c);
    }
    flow();
    release(&cons.lock);
    // These take locks of processes, whose rank is lower.
    if (group && c == CTRL('C'))
        kill(-group);
    if (group && c == CTRL('Z'))
        suspend(-group, 1);
    if (list)
        proc_list();
}

// ---- the device ----

static int
may_read(void)
{
    struct proc *p = myproc();

    assert(holding(&cons.lock));
    return cons.r != cons.w && !p->stopped &&
        (cons.readers == 0 || cons.readers == p->pgrp);
}

// Up to n bytes to the user, no further than the end of a line, so that the
// next read finds the next line. 0 at an EOFMARK, which is used up only when it
// is the first thing found. Nothing is used up when a page is not there.
static int
ring_take(uint uva, uint n)
{
    uint got = 0, r = cons.r;
    char c = 0;

    while (got < n && r != cons.w && !(got > 0 && c == '\n' &&
                                       cons.mode == CONS_COOKED)) {
        if (cons.ring[r % NINPUT] == EOFMARK) {
            r += got == 0;
            break;
        }
        c = cons.ring[r % NINPUT];
        if (copyout_now(uva + got, &c, 1) == 0)
            return -EAGAIN;
        r++;
        got++;
    }
    cons.r = r;
    return got;
}

static int
console_read(uint uva, uint n)
{
    int got = 0;

    acquire(&cons.lock);
    while (got == 0 && !may_read())
        got = sleep_intr(&cons, &cons.lock);
    if (got == 0)
        got = ring_take(uva, n);
    flow();
    release(&cons.lock);
    return got;
}

// Wait until read() would find a byte: 1; 0 when n ticks are over.
static int
await_input(int n)
{
    uint end = ticks + (uint)n;
    int left = n, err = 0;

    while (!may_read() && left > 0 && err == 0) {
        err = sleep_timed(&cons, &cons.lock, left);
        left = end - ticks;
    }
    return may_read() ? 1 : err == -EINTR ? err : 0;
}

// One write() at a time. Not a sleep lock: a kill is to end the wait, which may
// be long when others write all the time.
static int
begin_writing(void)
{
    int err = 0;

    acquire(&cons.lock);
    while (err == 0 && (cons.writing || myproc()->stopped))
        err = sleep_intr(&cons, &cons.lock);
    if (err == 0)
        cons.writing = 1;
    cons.shown = 0;
    release(&cons.lock);
    return err;
}

static void
end_writing(void)
{
    acquire(&cons.lock);
    cons.writing = 0;
    wakeup(&cons);
    release(&cons.lock);
}

void
console_wake(void)
{
    acquire(&cons.lock);
    wakeup(&cons);
    release(&cons.lock);
}

static int
console_write(uint uva, uint n)
{
    char piece[PIECE];
    uint done, m;
    int err;

    if ((err = begin_writing()) < 0)
        return err;
    n = MIN(n, WHOLE);
    for (done = 0; done < n && !myproc()->stopped; done += m) {
        m = copyin_now(piece, uva + done, MIN(n - done, PIECE));
        if (m == 0)
            break;
        print_bytes(piece, m);
    }
    end_writing();
    return done ? (int)done : -EAGAIN;
}

// Raw from now on: an unfinished line is readable. Its echo goes, as whoever
// reads it will show it.
static void
enter_raw(void)
{
    while (unecho())
        ;
    line_ready();
}

// Cooked from now on: what nobody has read makes lines, as if it had come
// now. It is not echoed, or lines pasted at a prompt would be at each one.
// A ^C is counted for the shell, whose command has not started yet.
static void
enter_cooked(void)
{
    uint i = cons.r, end = cons.e;
    int c;

    cons.silent = 1;
    for (cons.w = cons.e = i; i != end; i++) {
        c = cons.ring[i % NINPUT];  // no more is put than taken
        cooked(c == EOFMARK ? CTRL('D') : c);
    }
    cons.silent = 0;
}

// Returns the mode before.
static int
set_mode(int mode)
{
    int before = cons.mode;

    if (mode == CONS_RAW && before == CONS_COOKED)
        enter_raw();
    else if (mode == CONS_COOKED && before == CONS_RAW)
        enter_cooked();
    if (mode == CONS_COOKED || mode == CONS_RAW)
        cons.mode = mode;
    flow();                         // there may be no line to read any more
    return before;
}

int
console_ctl(int op, int arg)
{
    int result = -EINVAL;

    acquire(&cons.lock);
    if (op == CONS_SETFG && arg >= 0) {
        cons.fg = arg;
        cons.readers = arg ? arg : myproc()->pgrp;
        wakeup(&cons);
        result = 0;
    } else if (op == CONS_GETFG)
        result = cons.fg;
    else if (op == CONS_MODE)
        result = set_mode(arg);
    else if (op == CONS_SIZE)
        result = VGAROWS << 16 | VGACOLS;
    else if (op == CONS_WAIT && arg >= 0)
        result = await_input(arg);
    else if (op == CONS_BREAKS)
        result = cons.breaks & 0x7fffffff;
    release(&cons.lock);
    return result;
}

void
console_init(void)
{
    devsw[DEV_CONSOLE].read = console_read;
    devsw[DEV_CONSOLE].write = console_write;
    kbd_init();
    irq_enable(IRQ_COM1);           // first: a byte's edge must not be lost
    uart_listen(console_input);
}
