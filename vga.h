// vga.h: the 80x25 colour text screen. No lock of its own: print.c's is held.

#pragma once

#define VGAROWS 25
#define VGACOLS 80

void vga_init(void);            // takes the cursor over from the firmware
void vga_putc(int c);           // vga.c says which sequences; never sleeps
void vga_look(int rows);        // so many rows further back, or on
