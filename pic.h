// pic.h: the two 8259 interrupt controllers. Interrupts off, boot or irq.c.

#pragma once

void pic_init(void);            // to vectors 32..47, all masked
void pic_enable(int irq);
void pic_eoi(int irq);          // knows spurious 7 and 15
