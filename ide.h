// ide.h: the disk driver's entries for interrupts (the rest is disk.h).

void ide_intr(int channel);     // IRQ 14: 0, IRQ 15: 1
void disk_tick(void);           // every clock tick, CPU 0
