// console.h: screen and serial line as one device, with line editing.

#pragma once

// Device DEV_CONSOLE, keyboard and serial input. After machine_init, with
// interrupts off; input is served once they are on.
void console_init(void);
// A byte arrived from the keyboard or the serial line. Interrupt context, no
// lock held. In cooked mode a ^C kills the foreground group, a ^Z stops it.
void console_input(int c);
void console_wake(void);        // somebody who was stopped may go on
// System call consctl: -EINVAL for what it does not know.
//   CONS_SETFG group   0: nobody's, and the caller's group reads
//   CONS_GETFG         the group
//   CONS_MODE mode     the mode before; any other argument only asks
//   CONS_SIZE          rows << 16 | columns
//   CONS_WAIT ticks    1 as soon as read() would not wait; 0 after so long
//   CONS_BREAKS        how many ^C were typed in cooked mode, modulo 2^31
int  console_ctl(int op, int arg);
