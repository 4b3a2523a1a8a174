// ide.c: IDE controllers (ATA/ATAPI-6; bus mastering: SFF-8038i).
//
// A controller has two channels at ports that have been the same since the
// first PC, each with an interrupt, a set of registers and up to two drives.
// With bus mastering the controller finds a command's frames in a table, one
// entry each; without, the CPU moves sector after sector, each with an
// interrupt of its own, so that no drive need have been told how many it should
// do at a time. After a time limit a drive uses no DMA any more.

#include "bootarg.h"
#include "vectors.h"
#include "irq.h"
#include "kalloc.h"
#include "pci.h"
#include "ata.h"
#include "ide.h"
#include "errno.h"

// Registers, from the channel's base port.
#define DATA      0
#define COUNT     2
#define LBA0      3
#define LBA1      4
#define LBA2      5
#define DRIVE     6
#define   DRV_LBA   0xe0
#define   DRV_UNIT1 0x10
#define STATUS    7                 // reading it takes the interrupt back
#define   ST_ERR    0x01
#define   ST_DRQ    0x08
#define   ST_FAULT  0x20
#define   ST_BUSY   0x80
#define COMMAND   7

// The control port: alternate status when read.
#define CTL_QUIET 0x02              // no interrupts
#define CTL_RESET 0x04

// Bus-master registers.
#define BM_CMD    0
#define   BM_START  0x01
#define   BM_TOMEM  0x08
#define BM_STATUS 2
#define   BM_ERROR  0x02
#define   BM_INTR   0x04
#define BM_TABLE  4
#define BM_NEXT   8                 // the second channel's
#define PROGIF_MASTER 0x80          // the PCI function has them
#define PROGIF_NATIVE 0x05          // it is at ports of its own, not at ours

#define NCHANNEL  2
#define SHORTPOLL 20000             // port reads, about 1 us each

struct prd {                        // a piece of memory; see SFF-8038i 1.2
    uint pa;
    ushort nbytes, last;
};
#define PRD_LAST 0x8000

static struct ide {
    struct channel ch;
    ushort io, ctl, bm;             // ports; bm 0: PIO
    struct drive drive[2];

    /* guarded by ch.lock; PIO: frame and sector to move next */
    struct page *at;
    uint nsect;
} ide_channel[NCHANNEL];

// A table must not cross a 64 KB boundary: aligned to its size it does not.
static struct prd prdtable[NCHANNEL][MAXRUN]
    __attribute__((aligned(MAXRUN * sizeof(struct prd))));

// ---- the hardware ----

static uchar
alt_status(struct ide *c)
{
    return inb(c->ctl);
}

static void
delay400ns(struct ide *c)
{
    int i;

    for (i = 0; i < 4; i++)
        alt_status(c);
}

// Wait a short time until the bits of mask are as in want. Any context.
static int
wait_short(struct ide *c, uchar mask, uchar want)
{
    int i;

    for (i = 0; i < SHORTPOLL; i++)
        if ((alt_status(c) & mask) == want)
            return 1;
    return 0;
}

// The drive's register has the highest four bits of a sector's number.
static void
select_unit(struct ide *c, uint unit, uint lba)
{
    outb(c->io + DRIVE, DRV_LBA | (unit ? DRV_UNIT1 : 0) | (lba >> 24 & 0x0f));
    delay400ns(c);
}

// Address n sectors of a drive that is ready for a command. 0 if it is not.
static int
set_address(struct ide *c, struct drive *d, uint lba, uint n)
{
    if (!wait_short(c, ST_BUSY | ST_DRQ, 0))
        return 0;
    select_unit(c, d->unit, lba);
    if (!wait_short(c, ST_BUSY | ST_DRQ, 0))
        return 0;
    outb(c->io + COUNT, n);
    outb(c->io + LBA0, lba);
    outb(c->io + LBA1, lba >> 8);
    outb(c->io + LBA2, lba >> 16);
    return 1;
}

// PIO: the next sector of the run.
static void
move_next(struct ide *c, int write)
{
    uchar *to = (uchar *)page_kva(c->at) + c->nsect * SECTSIZE;

    if (write)
        outsw(c->io + DATA, to, SECTWORDS);
    else
        insw(c->io + DATA, to, SECTWORDS);
    delay400ns(c);
    if (++c->nsect == SPB) {
        c->nsect = 0;
        c->at = c->at->qnext;
    }
}

static void
prepare_dma(struct ide *c, int write)
{
    struct prd *prd = prdtable[c->ch.nr];
    struct page *pg;
    uint n = 0;

    for (pg = c->ch.run; pg; pg = pg->qnext, n++) {
        prd[n].pa = page_pa(pg);
        prd[n].nbytes = PGSIZE;
        prd[n].last = pg->qnext ? 0 : PRD_LAST;
    }
    outl(c->bm + BM_TABLE, V2P(prd));
    outb(c->bm + BM_CMD, write ? 0 : BM_TOMEM);
    outb(c->bm + BM_STATUS, inb(c->bm + BM_STATUS) | BM_ERROR | BM_INTR);
}

// ---- a command ----

static int
uses_dma(const struct ide *c)
{
    return c->ch.run && c->ch.now->dma;
}

static int
ide_issue(struct channel *ch, uchar command, uint lba)
{
    struct ide *c = (struct ide *)ch;
    int write = ch->run && ch->run->iowrite, dma = uses_dma(c);

    if (!set_address(c, ch->now, lba, ch->nrun * SPB))
        return -EIO;
    c->at = ch->run;
    c->nsect = 0;
    if (dma)
        prepare_dma(c, write);
    outb(c->io + COMMAND, command);
    if (dma) {
        outb(c->bm + BM_CMD, (write ? 0 : BM_TOMEM) | BM_START);
        return 0;
    }
    delay400ns(c);                  // only then is BUSY to be believed
    if (write) {                    // the first sector has no interrupt
        if (!wait_short(c, ST_BUSY | ST_DRQ, ST_DRQ))
            return -EIO;
        move_next(c, 1);
    }
    return 0;
}

// For 2 ms nobody may look at the drive: ata.c waits.
static void
ide_reset(struct channel *ch)
{
    struct ide *c = (struct ide *)ch;
    int i;

    ch->now->dma = 0;
    if (c->bm)
        outb(c->bm + BM_CMD, 0);
    outb(c->ctl, CTL_RESET);
    for (i = 0; i < 50; i++)        // 5 us at least
        delay400ns(c);
    outb(c->ctl, 0);
}

static enum answer
ide_ready(struct channel *ch)
{
    return alt_status((struct ide *)ch) & ST_BUSY ? NOTYET : DONE;
}

// In PIO each sector is an interrupt: the drive has one to give, or wants one,
// or has taken the last. Has the command ended?
static enum answer
go_on_pio(struct ide *c, uchar st)
{
    const struct page *run = c->ch.run;

    if (run == 0 || c->at == 0)
        return st & ST_DRQ ? NOTYET : DONE;
    if (st & ST_DRQ)
        move_next(c, run->iowrite);
    return run->iowrite || c->at ? NOTYET : DONE;
}

static enum answer
ide_look(struct channel *ch)
{
    struct ide *c = (struct ide *)ch;
    uchar bm = c->bm ? inb(c->bm + BM_STATUS) : 0, st;
    int dma = uses_dma(c);

    if ((dma && !(bm & BM_INTR)) || (alt_status(c) & ST_BUSY))
        return NOTYET;
    if (dma)
        outb(c->bm + BM_CMD, 0);
    st = inb(c->io + STATUS);       // the drive's interrupt, then the latch
    if (c->bm)
        outb(c->bm + BM_STATUS, bm | BM_ERROR | BM_INTR);
    if ((st & (ST_ERR | ST_FAULT)) || (dma && (bm & BM_ERROR)))
        return FAILED;
    return dma ? DONE : go_on_pio(c, st);
}

static const struct ataops ops = {
    .name = "ide", .issue = ide_issue, .look = ide_look,
    .reset = ide_reset, .ready = ide_ready,
};

// ---- start-up: polled, interrupts of the drives off ----

// Does a drive react at all? Its answer to IDENTIFY.
static int
identify_drive(struct ide *c, uint unit, ushort *id)
{
    select_unit(c, unit, 0);
    if (inb(c->io + STATUS) == 0xff || alt_status(c) == 0xff ||
        ata_poll(&c->ch, ide_ready) == NOTYET)
        return 0;                   // the bus floats: no drive; or no answer
    outb(c->io + COMMAND, ATA_IDENTIFY);
    delay400ns(c);
    if (inb(c->io + STATUS) == 0 || ata_poll(&c->ch, ide_ready) == NOTYET ||
        (inb(c->io + STATUS) & (ST_ERR | ST_FAULT | ST_DRQ)) != ST_DRQ)
        return 0;                   // nothing, or a CD
    insw(c->io + DATA, id, SECTWORDS);
    return 1;
}

// Has the firmware set a DMA mode, and is there a bus master for it?
static int
can_dma(struct ide *c, const ushort *id)
{
    if (!c->bm || !(id[ID_CAPS] & CAP_DMA) || !bootarg_int("dma", 1))
        return 0;
    return (id[ID_MWDMA] | id[ID_UDMA]) >> 8 != 0;
}

// 1: there is a disk.
static int
probe_drive(struct ide *c, uint unit)
{
    struct drive *d = &c->drive[unit];
    static ushort id[SECTWORDS];

    if (!identify_drive(c, unit, id))
        return 0;
    d->unit = unit;
    d->dma = can_dma(c, id);
    return ata_add(&c->ch, d, id);
}

// Its drives are silent while they are probed.
static void
probe_channel(struct ide *c)
{
    int found;

    outb(c->ctl, CTL_QUIET);
    found = probe_drive(c, 0);
    found |= probe_drive(c, 1);
    if (!found)
        return;
    irq_enable(c->ch.irq);
    outb(c->ctl, 0);
    inb(c->io + STATUS);
}

static void
init_channel(struct ide *c, uint nr, uint bm)
{
    c->ch.ops = &ops;
    c->ch.nr = nr;
    c->ch.irq = nr ? IRQ_IDE1 : IRQ_IDE0;
    c->ch.lock = SPINLOCK("ide", RANK_DISK);
    c->io = nr ? 0x170 : 0x1f0;
    c->ctl = nr ? 0x376 : 0x3f6;
    c->bm = bm ? bm + BM_NEXT * nr : 0;
}

void
ide_init(void)
{
    struct pcifn f = { 0 };
    uint nr, bm = 0;

    while (bm == 0 && pci_next(&f))
        if (f.class >> 8 == PCI_IDE && (f.class & PROGIF_MASTER) &&
            !(f.class & PROGIF_NATIVE)) {
            pci_enable(&f, PCI_CMD_IO | PCI_CMD_MASTER);
            bm = pci_read(&f, PCI_BAR(4)) & ~3u;
        }
    for (nr = 0; nr < NCHANNEL; nr++) {
        init_channel(&ide_channel[nr], nr, bm);
        probe_channel(&ide_channel[nr]);
    }
}
