// vga.h: the 80x25 colour text screen. No lock of its own: print.c's is held.

#pragma once

#define VGAROWS 25
#define VGACOLS 80

void vga_init(void);            // takes the cursor over from the firmware
// \b \n \r \t and ESC [ ... A B C D H J K m are obeyed. Never sleeps.
void vga_putc(int c);
