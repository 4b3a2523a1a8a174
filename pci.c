// pci.c: PCI configuration space by mechanism 1 (PCI 2.2, 3.2.2.3.2): an
// address is written to port 0xcf8, then the data is at 0xcfc.
//
//     31 enable   23-16 bus   15-11 device   10-8 function   7-2 register
//
// All buses are tried: the firmware has numbered them, and 256 times 32 reads
// cost little. Where no function is, or no PCI at all, every bit reads as 1.

#include "x86.h"
#include "pci.h"

#define ADDRESS   0xcf8
#define DATA      0xcfc
#define ENABLE    0x80000000u
#define FUNCTION  0x100             // from one function to the next,
#define DEVICE    0x800             // from one device,
#define END       0x1000000         // and past the last bus
#define ABSENT    0xffff            // as vendor
#define REG_CLASS 0x08              // class, and the revision below it
#define REG_TYPE  0x0c
#define   MULTIFN   0x800000
#define REG_CAPS  0x34              // the first capability, if
#define HAS_CAPS  0x100000          // the command register's upper half says
#define CAP_MSI   5                 // PCI 2.2, 6.8.1
#define   MSI_ON    0x10000
#define   MSI_MANY  0x700000
#define   MSI_64    0x800000
#define MAXCAPS   48                // more do not fit: the list is a ring

static void
select_register(const struct pcifn *f, uint reg)
{
    outl(ADDRESS, ENABLE | f->at | (reg & ~3u));
}

uint
pci_read(const struct pcifn *f, uint reg)
{
    select_register(f, reg);
    return inl(DATA);
}

static void
pci_write(const struct pcifn *f, uint reg, uint v)
{
    select_register(f, reg);
    outl(DATA, v);
}

void
pci_enable(const struct pcifn *f, uint bits)
{
    uint command = pci_read(f, PCI_COMMAND) & 0xffff;   // above it: status

    pci_write(f, PCI_COMMAND, (command | bits) & ~PCI_CMD_NOINTX);
}

// A device's first function says whether it has others.
int
pci_next(struct pcifn *f)
{
    int there;

    while (f->next < END) {
        f->at = f->next;
        f->next += FUNCTION;
        there = (pci_read(f, PCI_VENDOR) & ABSENT) != ABSENT;
        if (f->at % DEVICE == 0 &&
            (!there || !(pci_read(f, REG_TYPE) & MULTIFN)))
            f->next = f->at + DEVICE;
        if (there) {
            f->class = pci_read(f, REG_CLASS) >> 8;
            return 1;
        }
    }
    return 0;
}

// A capability is a list node: its kind, and the next one's place.
int
pci_msi(const struct pcifn *f, uint address, uint data)
{
    uint at = pci_read(f, PCI_COMMAND) & HAS_CAPS ?
              pci_read(f, REG_CAPS) & 0xfc : 0;
    uint cap, n;

    for (n = 0; at && n < MAXCAPS; n++, at = cap >> 8 & 0xfc) {
        cap = pci_read(f, at);
        if ((cap & 0xff) != CAP_MSI)
            continue;
        pci_write(f, at + 4, address);
        if (cap & MSI_64)
            pci_write(f, at + 8, 0);
        pci_write(f, at + (cap & MSI_64 ? 12 : 8), data);
        pci_write(f, at, (cap & ~MSI_MANY) | MSI_ON);
        return 1;
    }
    return 0;
}
