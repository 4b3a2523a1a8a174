// kbd.h: the PS/2 keyboard, as its controller translates it (set 1).

#pragma once

void kbd_init(void);            // needs irq.h; harmless without a keyboard
void kbd_intr(void);            // IRQ 1: keys to console_input
