// pci.h: PCI configuration space, mechanism 1. Boot time.

#pragma once

#include "types.h"

struct pcifn {
    uchar bus, dev, fn;
    uchar subclass, progif;
    ushort vendor;
    uchar irq;                      // interrupt line as the firmware set it
    uint bar[6];                    // raw
};

#define PCI_COMMAND 0x04
#define PCI_CMD_IO     1
#define PCI_CMD_MEM    2
#define PCI_CMD_MASTER 4
#define PCI_CMD_NOINTX 0x400
#define PCI_CLASS   0x08            // revision, prog-if, subclass, class
#define PCI_BAR0    0x10
#define PCI_INTLINE 0x3c

uint pci_read(const struct pcifn *, uint reg);      // 32 bits, reg % 4 == 0
void pci_write(const struct pcifn *, uint reg, uint v);
// The nth function (from 0) of a class and subclass, or of any subclass.
// 1 if found.
#define PCI_ANY   ~0u
int  pci_find(uint class, uint subclass, uint nth, struct pcifn *);
// Let its interrupts be messages: data is written to address. 0: it cannot.
int  pci_msi(const struct pcifn *, uint address, uint data);
