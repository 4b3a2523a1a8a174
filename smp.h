// smp.h: starting the other CPUs.

void smp_start(void);               // once, interrupts on; may sleep
