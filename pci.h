// pci.h: PCI configuration space, mechanism 1. Boot time.

#pragma once

#include "types.h"

struct pcifn {
    uint at;                        // its bus, device and function: pci.c
    uint next;                      // where pci_next() looks on; 0 at first
    uint class;                     // class, subclass, programming interface
};

// The values of `class`, from the left.
#define PCI_STORAGE 0x01
#define PCI_IDE     0x0101
#define PCI_AHCI    0x010601

#define PCI_VENDOR  0x00            // lower half
#define PCI_COMMAND 0x04
#define PCI_CMD_IO     1
#define PCI_CMD_MEM    2
#define PCI_CMD_MASTER 4
#define PCI_CMD_NOINTX 0x400
#define PCI_BAR(n)  (0x10 + 4 * (n))
#define PCI_INTLINE 0x3c            // lowest byte: set by the firmware

uint pci_read(const struct pcifn *, uint reg);      // 32 bits, reg % 4 == 0
// Step to the next function that there is. 0 past the last.
int  pci_next(struct pcifn *);
// Set bits in its command register, and let it interrupt.
void pci_enable(const struct pcifn *, uint bits);
// Let its interrupts be messages: data is written to address. 0: it cannot.
int  pci_msi(const struct pcifn *, uint address, uint data);
