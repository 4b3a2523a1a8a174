// ahci.c: SATA disks on AHCI controllers (AHCI 1.3.1, cited by section; the
// commands themselves: ATA/ATAPI-6).
//
// A controller (HBA) has registers in memory, one set for itself and one for
// each of up to 32 ports, and a port has one drive. A command is a packet of
// bytes, the FIS, that takes the place of an IDE drive's registers. It lies
// in memory, where the port fetches it when its bit in PxCI is set; when the
// bit is clear again the drive has answered:
//
//     command list, slot 0 --> command table: FIS, the frames' addresses
//
// One command at a time is all that ata.c asks for, so slot 0 is the only
// one. All of a port's memory, and what we know of it, is in one frame.
//
// After an error the port has stopped. Then, and when a drive is silent past
// the time limit, the port is reset (10.4.2), which takes some clock ticks.

#include "lib.h"
#include "print.h"
#include "vectors.h"
#include "pit.h"
#include "irq.h"
#include "kalloc.h"
#include "pagetable.h"
#include "pci.h"
#include "ata.h"
#include "ahci.h"
#include "errno.h"

// The controller's registers (3.1), as indices of 32-bit words.
#define GHC       (0x04 / 4)
#define   GHC_RESET  0x00000001
#define   GHC_INTR   0x00000002
#define   GHC_AHCI   0x80000000
#define INTR      (0x08 / 4)        // a bit for each port
#define PORTS     (0x0c / 4)        // those that there are
#define CAP2      (0x24 / 4)
#define   CAP2_HANDOFF 0x01
#define HANDOFF   (0x28 / 4)
#define   BIOS_OWNS  0x01
#define   OS_OWNS    0x02
#define   BIOS_BUSY  0x10

// A port's (3.3).
#define PORT(n)   ((0x100 + 0x80 * (n)) / 4)
#define PORTLEN   0x80
#define NPORT     32
#define P_LIST    (0x00 / 4)        // address; then its upper half, 0
#define P_FIS     (0x08 / 4)
#define P_INTR    (0x10 / 4)        // what has happened: write 1 to clear
#define P_ENABLE  (0x14 / 4)        // what of it interrupts
#define   INT_DONE   0x0000000f     // a FIS of any kind has come
#define   INT_ERROR  0x79000000     // overflow, interface, bus, task file
#define P_CMD     (0x18 / 4)
#define   CMD_START  0x0001
#define   CMD_SPINUP 0x0006         // and power
#define   CMD_FIS    0x0010         // store what the drive sends
#define   CMD_RUNNING 0x8000
#define P_TFD     (0x20 / 4)        // the drive's status
#define   ST_FAILED  0x21
#define   ST_BUSY    0x88           // busy, or wants data
#define P_SIG     (0x24 / 4)
#define   SIG_DISK   0x00000101
#define P_LINK    (0x28 / 4)
#define   LINK       0x0f
#define   LINK_UP    3
#define P_CONTROL (0x2c / 4)
#define   CTL_NOSLEEP 0x300         // no link power management
#define   CTL_RESET  1
#define P_ERROR   (0x30 / 4)        // write 1 to clear
#define P_ISSUE   (0x38 / 4)
#define ALL       0xffffffff

#define FIS_H2D   0x27              // register, host to device; SATA 10.3.4
#define FIS_CMD   0x80
#define FISWORDS  5
#define HDR_WRITE 0x40
#define DEV_LBA   0x40

#define BIOSMS    25                // 10.6.3
#define BIOSBUSYMS 2000
#define RESETMS   1000              // 10.4.3
#define LINKMS    100               // until a drive is noticed

struct header {                     // 4.2.2
    uint flags;                     // FIS's words; then table entries << 16
    volatile uint nbytes;
    uint table, tablehi, reserved[4];
};

struct port {
    struct channel ch;
    struct drive drive;
    volatile uint *reg, *hba;

    struct header list[32] __attribute__((aligned(1024)));
    uchar received[256] __attribute__((aligned(256)));
    struct {                        // 4.2.3
        uchar fis[0x80];
        struct {
            uint pa, hi, reserved, last;    // last: bytes less 1
        } prd[MAXRUN];
    } table __attribute__((aligned(128)));
};
_Static_assert(sizeof(struct port) <= PGSIZE, "a port fits into a frame");

// ---- a command ----

// The table's n entries are filled in. 0, or -EIO if the drive is busy.
static int
port_send(struct port *p, uchar command, uint lba, uint n)
{
    int write = p->ch.run && p->ch.run->iowrite;
    uchar *fis = p->table.fis;

    if (p->reg[P_TFD] & ST_BUSY)
        return -EIO;
    memset(fis, 0, sizeof p->table.fis);
    fis[0] = FIS_H2D;
    fis[1] = FIS_CMD;
    fis[2] = command;
    fis[4] = lba;
    fis[5] = lba >> 8;
    fis[6] = lba >> 16;
    fis[7] = DEV_LBA | (lba >> 24 & 0x0f);
    fis[12] = n * SPB;
    p->list[0].flags = FISWORDS | (write ? HDR_WRITE : 0) | n << 16;
    p->list[0].nbytes = 0;
    p->list[0].table = V2P(&p->table);
    fence();
    p->reg[P_ISSUE] = 1;
    return 0;
}

static int
ahci_issue(struct channel *ch, uchar command, uint lba)
{
    struct port *p = (struct port *)ch;
    struct page *pg;
    uint n = 0;

    for (pg = ch->run; pg; pg = pg->qnext, n++) {
        p->table.prd[n].pa = page_pa(pg);
        p->table.prd[n].last = PGSIZE - 1;
    }
    return port_send(p, command, lba, n);
}

static enum answer
ahci_look(struct channel *ch)
{
    struct port *p = (struct port *)ch;
    uint what = p->reg[P_INTR];

    p->reg[P_INTR] = what;          // the port's first: 5.6.2
    p->hba[INTR] = 1u << p->drive.unit;
    if (what & INT_ERROR)
        return STOPPED;
    if (p->reg[P_ISSUE] & 1)
        return NOTYET;
    return p->reg[P_TFD] & ST_FAILED ? FAILED : DONE;
}

static void
ahci_reset(struct channel *ch)
{
    struct port *p = (struct port *)ch;

    p->reg[P_CMD] &= ~CMD_START;
    p->reg[P_CONTROL] = CTL_NOSLEEP | CTL_RESET;
}

// A port that is stopped can take commands when its drive is not busy (10.3.1).
static enum answer
ahci_ready(struct channel *ch)
{
    struct port *p = (struct port *)ch;

    if (p->reg[P_CONTROL] & CTL_RESET) {
        p->reg[P_CONTROL] = CTL_NOSLEEP;
        return NOTYET;
    }
    if ((p->reg[P_LINK] & LINK) != LINK_UP)
        return NOTYET;
    p->reg[P_ERROR] = ALL;          // the drive's first FIS waits for this
    if ((p->reg[P_TFD] & ST_BUSY) || (p->reg[P_CMD] & CMD_RUNNING))
        return NOTYET;
    p->reg[P_INTR] = ALL;
    p->reg[P_CMD] |= CMD_START;
    return DONE;
}

// ---- start-up ----

static int
wait_ms(volatile uint *reg, uint mask, uint want, uint ms)
{
    for (; ms > 0 && (*reg & mask) != want; ms--)
        pit_delay_us(1000);
    return (*reg & mask) == want;
}

// The drive's answer to IDENTIFY, one sector. 0: there is none.
static int
port_identify(struct port *p, ushort *id)
{
    p->table.prd[0].pa = V2P(id);
    p->table.prd[0].last = SECTSIZE - 1;
    return port_send(p, ATA_IDENTIFY, 0, 1) == 0 &&
           ata_poll(&p->ch, ahci_look) == DONE;
}

static const struct ataops ops = {
    .name = "ahci", .issue = ahci_issue, .look = ahci_look,
    .reset = ahci_reset, .ready = ahci_ready,
};

// Set up a port's memory, so that the drive's first FIS can come (10.1.2).
static struct port *
port_new(volatile uint *hba, uint n, uint nr, int irq)
{
    struct port *p = kalloc_zeroed();

    if (p == 0)
        return 0;
    p->ch.ops = &ops;
    p->ch.nr = nr;
    p->ch.irq = irq;
    p->ch.lock = SPINLOCK("ahci", RANK_DISK);
    p->hba = hba;
    p->reg = hba + PORT(n);
    p->drive.unit = n;
    p->drive.dma = 1;
    p->reg[P_LIST] = V2P(p->list);
    p->reg[P_LIST + 1] = 0;
    p->reg[P_FIS] = V2P(p->received);
    p->reg[P_FIS + 1] = 0;
    p->reg[P_CMD] |= CMD_FIS;
    return p;
}

// If what hangs on this port is a disk that answers, it joins the others. The
// port's memory stays with the port, which may store into it at any time.
static void
port_probe(struct port *p)
{
    static ushort id[SECTWORDS] __attribute__((aligned(4)));

    if (ata_poll(&p->ch, ahci_ready) == NOTYET || p->reg[P_SIG] != SIG_DISK)
        return;
    if (!port_identify(p, id) || !ata_add(&p->ch, &p->drive, id))
        return;
    p->reg[P_ENABLE] = INT_DONE | INT_ERROR;
    if (p->ch.irq != NOIRQ && p->ch.irq != IRQ_MSI)
        irq_enable(p->ch.irq);
}

// The firmware may be using it (10.6.3); then the reset of all (10.4.3).
static int
take_over(volatile uint *hba)
{
    if (hba[CAP2] & CAP2_HANDOFF) {
        hba[HANDOFF] |= OS_OWNS;
        wait_ms(&hba[HANDOFF], BIOS_OWNS, 0, BIOSMS);
        if (hba[HANDOFF] & BIOS_BUSY)
            wait_ms(&hba[HANDOFF], BIOS_OWNS, 0, BIOSBUSYMS);
    }
    hba[GHC] = GHC_AHCI;
    hba[GHC] = GHC_AHCI | GHC_RESET;
    if (!wait_ms(&hba[GHC], GHC_RESET, 0, RESETMS))
        return 0;
    hba[GHC] = GHC_AHCI | GHC_INTR; // but no port's: P_ENABLE is 0
    return 1;
}

// A message, if an APIC is there to take it. The line's number, as the
// firmware left it, is one of the PIC's: an I/O APIC may have it elsewhere,
// which only the firmware's byte code knows. The clock tick looks then.
static int
choose_irq(const struct pcifn *f)
{
    uint msi = irq_msi(), irq = pci_read(f, PCI_INTLINE) & 0xff;

    if (msi)
        return pci_msi(f, msi, T_IRQ0 + IRQ_MSI) ? IRQ_MSI : NOIRQ;
    return irq > IRQ_COM1 && irq < IRQ_MSI ? (int)irq : NOIRQ;
}

static void
use_hba(const struct pcifn *f, uint nr)
{
    volatile uint *hba = temp_map(pci_read(f, PCI_BAR(5)) & ~15u,
                                  PORT(NPORT) * sizeof *hba);
    int irq = choose_irq(f);
    struct port *p;
    uint n, ports;

    pci_enable(f, PCI_CMD_MEM | PCI_CMD_MASTER);
    if (hba == 0 || !take_over(hba)) {
        cprintf("ahci%d: no answer\n", nr);
        return;
    }
    ports = hba[PORTS];
    for (n = 0; n < NPORT; n++)
        if (ports & 1u << n) {
            hba[PORT(n) + P_CONTROL] = CTL_NOSLEEP;
            hba[PORT(n) + P_CMD] |= CMD_SPINUP;
        }
    pit_delay_us(LINKMS / 2 * 1000);
    pit_delay_us(LINKMS / 2 * 1000);
    for (n = 0; n < NPORT; n++)
        if ((ports & 1u << n) && (hba[PORT(n) + P_LINK] & LINK) &&
            (p = port_new(hba, n, nr, irq)) != 0)
            port_probe(p);
}

void
ahci_init(void)
{
    struct pcifn f = { 0 };
    uint nr = 0;

    while (pci_next(&f))
        if (f.class == PCI_AHCI && pci_read(&f, PCI_BAR(5)))
            use_hba(&f, nr++);
}
