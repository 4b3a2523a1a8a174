// ide.c: IDE disks (ATA/ATAPI-6; bus mastering: SFF-8038i).
//
// A controller has two channels, each with an interrupt, a set of registers
// and up to two drives, and does one command at a time:
//
//     IDLE --issue--> DMA, PIOREAD, PIOWRITE or FLUSH --interrupt--> IDLE
//                          |
//                          time limit --> RESET --not busy--> IDLE
//
// A command moves a run of neighbouring blocks (diskq.c). With bus mastering
// the controller finds the frames in a table, one entry each; without, the
// CPU moves sector after sector, each with an interrupt of its own, so that
// no drive need have been told how many it should do at a time.
//
// Errors. A run of several that fails is done again frame by frame, so that
// only the bad one fails; a single frame is tried twice. After a time limit
// the channel is reset and the drive uses no DMA any more; a drive that lets
// two limits in a row pass for one frame is given up, and all that is asked
// of it fails at once.
//
// An interrupt may get lost, or never come (a controller in native mode, of
// whose interrupt only the firmware's byte code knows the way): the clock
// tick looks too. A spurious one finds the drive still busy and is ignored.
//
// FLUSH CACHE waits until the queue is empty; what is submitted meanwhile is
// held back in a second queue, so that it does empty.

#include <types.h>
#include <param.h>
#include <boot.h>
#include <mmu.h>
#include <memlayout.h>
#include <x86.h>
#include <lib.h>
#include <bootarg.h>
#include <print.h>
#include <spinlock.h>
#include <cpu.h>
#include <trap.h>
#include <pit.h>
#include <irq.h>
#include <sched.h>
#include <kalloc.h>
#include <fsformat.h>
#include <pci.h>
#include <disk.h>
#include <diskq.h>
#include <ide.h>
#include <errno.h>

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
#define FEATURE   1

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
#define   BM_SIMPLEX 0x80
#define BM_TABLE  4

enum { READ = 0x20, READEXT = 0x24, READDMAEXT = 0x25, WRITE = 0x30,
       WRITEEXT = 0x34, WRITEDMAEXT = 0x35, READDMA = 0xc8, WRITEDMA = 0xca,
       FLUSHCACHE = 0xe7, FLUSHEXT = 0xea, IDENTIFY = 0xec,
       SETFEATURES = 0xef };
#define SET_XFERMODE 3
#define XFER_MWDMA2  0x22

// Words of the answer to IDENTIFY (ATA-6 table 27).
#define ID_CONFIG   0
#define   NOT_ATA     0x8000
#define ID_MODEL    27              // 40 characters
#define ID_CAPS     49
#define   CAP_DMA     0x0100
#define   CAP_LBA     0x0200
#define ID_SECTORS  60
#define ID_MWDMA    63              // high byte: the mode selected
#define ID_COMMANDS 83
#define   HAS_LBA48   0x0400
#define   HAS_FLUSH   0x1000
#define   HAS_FLUSHEXT 0x2000
#define ID_UDMA     88
#define ID_SECTORS48 100

#define NCHANNEL  2
#define SPB       (BSIZE / SECTSIZE)
#define SECTWORDS (SECTSIZE / 2)
#define MAXRUN28  32                // 256 sectors
#define MAXRUN48  64
#define LIMIT     (10 * HZ)         // ticks for a command
#define FLUSHLIMIT (30 * HZ)        // ATA-6, 8.12: it may take that long
#define RESETLIMIT (5 * HZ)
#define PATIENCE  2                 // ticks until we look ourselves
#define READYUS   5000000           // at start-up, for a drive to get ready;
#define FIRSTPAUSE 100              // between looks, doubled up to
#define MAXPAUSE  10000
#define SHORTPOLL 20000             // port reads, about 1 us each

struct drive {
    struct channel *ch;
    uchar unit, present, lba48, dma, dead;
    uchar flushcmd;                 // 0: it has none
    uint  sectors;
    char  model[41];
};

struct prd {                        // a piece of memory; see SFF-8038i 1.2
    uint pa;
    ushort nbytes, last;
};
#define PRD_LAST 0x8000

enum state { IDLE, DMA, PIOREAD, PIOWRITE, FLUSH, RESET };

static struct channel {
    struct spinlock lock;           // guards all of this after start-up
    ushort io, ctl, bm;             // ports; io 0: no such channel, bm 0: PIO
    uchar polled;                   // nobody knows its interrupt
    struct drive drive[2];

    struct diskq q, held;
    struct page *solo;              // to be done one at a time
    struct page *failed;            // to be told so at the next tick

    enum state state;
    struct drive *now;              // whose command is under way
    struct page *run;               // its frames
    uint nrun;                      // how many
    uint tries;                     // failures of a run of one
    struct page *at;                // PIO: frame and sector to move next
    uint nsect;
    uint since, limit;              // ticks

    struct drive *flushdrive;
    uchar flushing, again;          // wanted; once more after this one
    uint flushes, flushfails;       // ended; in vain
} channels[NCHANNEL] = {
    { .lock = SPINLOCK("ide0", RANK_DISK) },
    { .lock = SPINLOCK("ide1", RANK_DISK) },
};

// A table must not cross a 64 KB boundary: aligned to its size it does not.
static struct prd prdtable[NCHANNEL][MAXRUN48]
    __attribute__((aligned(MAXRUN48 * sizeof(struct prd))));

static struct {
    struct drive *drive;
    uint lba;
} bound[NDEV];

static void (*tell)(struct page *);

// ---- the hardware ----

static uchar
alt_status(struct channel *ch)
{
    return inb(ch->ctl);
}

static void
delay400ns(struct channel *ch)
{
    int i;

    for (i = 0; i < 4; i++)
        alt_status(ch);
}

// Wait a short time until the bits of mask are as in want. Any context.
static int
wait_short(struct channel *ch, uchar mask, uchar want)
{
    int i;

    for (i = 0; i < SHORTPOLL; i++)
        if ((alt_status(ch) & mask) == want)
            return 1;
    return 0;
}

static int
wait_long(struct channel *ch, uchar mask, uchar want)
{
    int us, pause = FIRSTPAUSE;

    for (us = 0; us < READYUS; us += pause) {
        if (wait_short(ch, mask, want))
            return 1;
        if (alt_status(ch) == 0xff)
            return 0;
        pit_delay_us(pause);
        pause = MIN(2 * pause, MAXPAUSE);
    }
    return 0;
}

static void
set_address28(struct channel *ch, struct drive *d, uint lba, uint n)
{
    outb(ch->io + COUNT, n);        // 256 is 0
    outb(ch->io + LBA0, lba);
    outb(ch->io + LBA1, lba >> 8);
    outb(ch->io + LBA2, lba >> 16);
    outb(ch->io + DRIVE,
         DRV_LBA | (d->unit ? DRV_UNIT1 : 0) | (lba >> 24 & 0x0f));
}

// Each register is two deep; the high halves go in first. Sector numbers of
// an MBR have 32 bits, so the highest 16 of 48 are 0.
static void
set_address48(struct channel *ch, uint lba, uint n)
{
    outb(ch->io + COUNT, n >> 8);
    outb(ch->io + LBA0, lba >> 24);
    outb(ch->io + LBA1, 0);
    outb(ch->io + LBA2, 0);
    outb(ch->io + COUNT, n);
    outb(ch->io + LBA0, lba);
    outb(ch->io + LBA1, lba >> 8);
    outb(ch->io + LBA2, lba >> 16);
}

// Address a drive that is ready for a command. 0 if it is not.
static int
select_drive(struct channel *ch, struct drive *d)
{
    if (!wait_short(ch, ST_BUSY | ST_DRQ, 0))
        return 0;
    outb(ch->io + DRIVE, DRV_LBA | (d->unit ? DRV_UNIT1 : 0));
    delay400ns(ch);
    return wait_short(ch, ST_BUSY | ST_DRQ, 0);
}

// PIO: the next sector of the run.
static void
move_next(struct channel *ch, int write)
{
    uchar *to = (uchar *)page_kva(ch->at) + ch->nsect * SECTSIZE;

    if (write)
        outsw(ch->io + DATA, to, SECTWORDS);
    else
        insw(ch->io + DATA, to, SECTWORDS);
    delay400ns(ch);
    if (++ch->nsect == SPB) {
        ch->nsect = 0;
        ch->at = ch->at->qnext;
    }
}

static void
prepare_dma(struct channel *ch, int write)
{
    struct prd *prd = prdtable[ch - channels];
    struct page *pg;
    uint n = 0;

    for (pg = ch->run; pg; pg = pg->qnext, n++) {
        prd[n].pa = page_pa(pg);
        prd[n].nbytes = PGSIZE;
        prd[n].last = pg->qnext ? 0 : PRD_LAST;
    }
    outl(ch->bm + BM_TABLE, V2P(prd));
    outb(ch->bm + BM_CMD, write ? 0 : BM_TOMEM);
    outb(ch->bm + BM_STATUS, inb(ch->bm + BM_STATUS) | BM_ERROR | BM_INTR);
}

static uchar
transfer_command(const struct drive *d, int write)
{
    if (d->dma && d->lba48)
        return write ? WRITEDMAEXT : READDMAEXT;
    if (d->dma)
        return write ? WRITEDMA : READDMA;
    if (d->lba48)
        return write ? WRITEEXT : READEXT;
    return write ? WRITE : READ;
}

static void
begin(struct channel *ch, enum state state, uint limit)
{
    ch->state = state;
    ch->since = ticks;
    ch->limit = limit;
}

// ---- a command ----

// Start ch->run. 0, or -EIO if the drive does not take it.
static int
issue(struct channel *ch)
{
    struct drive *d = ch->now;
    int write = ch->run->iowrite;
    uint lba = bound[ch->run->dev].lba + ch->run->bno * SPB;

    if (!select_drive(ch, d))
        return -EIO;
    if (d->lba48)
        set_address48(ch, lba, ch->nrun * SPB);
    else
        set_address28(ch, d, lba, ch->nrun * SPB);
    ch->at = ch->run;
    ch->nsect = 0;
    begin(ch, d->dma ? DMA : write ? PIOWRITE : PIOREAD, LIMIT);
    if (d->dma)
        prepare_dma(ch, write);
    outb(ch->io + COMMAND, transfer_command(d, write));
    if (d->dma) {
        outb(ch->bm + BM_CMD, (write ? 0 : BM_TOMEM) | BM_START);
    } else if (write) {
        delay400ns(ch);             // the first sector has no interrupt
        if (!wait_short(ch, ST_BUSY | ST_DRQ, ST_DRQ))
            return -EIO;
        move_next(ch, 1);
    }
    return 0;
}

static int
issue_flush(struct channel *ch)
{
    ch->now = ch->flushdrive;
    if (!select_drive(ch, ch->now))
        return -EIO;
    begin(ch, FLUSH, FLUSHLIMIT);
    outb(ch->io + COMMAND, ch->now->flushcmd);
    return 0;
}

// Leads to state RESET; the drive needs 2 ms before it may be looked at, and
// the next tick does.
static void
reset(struct channel *ch)
{
    int i;

    if (ch->bm)
        outb(ch->bm + BM_CMD, 0);
    outb(ch->ctl, CTL_RESET);
    for (i = 0; i < 50; i++)        // 5 us at least
        delay400ns(ch);
    outb(ch->ctl, 0);
    begin(ch, RESET, RESETLIMIT);
}

// Has the DMA command ended? -1 no, 0 yes, 1 with an error.
static int
look_dma(struct channel *ch)
{
    uchar bm = inb(ch->bm + BM_STATUS), st;

    if ((bm & BM_INTR) == 0 || (alt_status(ch) & ST_BUSY))
        return -1;
    outb(ch->bm + BM_CMD, 0);
    st = inb(ch->io + STATUS);      // the drive's interrupt, then the latch
    outb(ch->bm + BM_STATUS, bm | BM_ERROR | BM_INTR);
    return (st & (ST_ERR | ST_FAULT)) || (bm & BM_ERROR);
}

// The same for the others. PIO gets on by one sector if the drive is ready.
static int
look_pio(struct channel *ch)
{
    int write = ch->state == PIOWRITE;
    uchar st;

    if (alt_status(ch) & ST_BUSY)
        return -1;
    st = inb(ch->io + STATUS);
    if (ch->bm)
        outb(ch->bm + BM_STATUS, inb(ch->bm + BM_STATUS) | BM_INTR);
    if (st & (ST_ERR | ST_FAULT))
        return 1;
    if (ch->state == FLUSH)
        return 0;
    if ((st & ST_DRQ) && ch->at)
        move_next(ch, write);
    else if (st & ST_DRQ)
        return -1;                  // the last sector is still being taken
    else if (!write || ch->at)
        return -1;
    else
        return 0;
    return write || ch->at ? -1 : 0;
}

// ---- the queue ----

static void
push(struct page **list, struct page *run)
{
    struct page *last = run;

    while (last->qnext)
        last = last->qnext;
    last->qnext = *list;
    *list = run;
}

// What was held back may go.
static void
end_flush(struct channel *ch, int failed)
{
    ch->flushes++;
    ch->flushfails += failed;
    ch->flushing = ch->again;
    ch->again = 0;
    ch->q = ch->held;
    memset(&ch->held, 0, sizeof ch->held);
    wakeup(&ch->flushes);
}

// A run failed. Returns it if that is final.
static struct page *
fail_run(struct channel *ch, struct page *run)
{
    if (ch->nrun > 1 || ch->tries == 0) {
        ch->tries = ch->nrun == 1;
        push(&ch->solo, run);       // in front: it is the next
        return 0;
    }
    cprintf("disk: dev %d block %d: %s error\n", run->dev, run->bno,
            run->iowrite ? "write" : "read");
    ch->tries = 0;
    run->ioerr = 1;
    return run;
}

// The command has ended; the caller has set the state. Returns the frames
// whose owners are to be told.
static struct page *
complete(struct channel *ch, int failed)
{
    struct page *run = ch->run;

    ch->run = 0;
    if (run == 0) {
        end_flush(ch, failed);
        return 0;
    }
    if (failed)
        return fail_run(ch, run);
    ch->tries = 0;
    return run;
}

// The drive does not answer within the limit, or is not ready when it must.
static struct page *
abandon(struct channel *ch)
{
    struct drive *d = ch->now;

    cprintf("ide%d.%d: no answer, status 0x%x; reset\n",
            (int)(ch - channels), d->unit, alt_status(ch));
    if (ch->run && ch->nrun == 1 && ch->tries > 0)
        d->dead = 1;
    d->dma = 0;
    reset(ch);
    return complete(ch, 1);
}

// Choose what to do next. 0: nothing. Else ch->now is set, and ch->run
// unless it is a flush.
static int
choose(struct channel *ch)
{
    uint dev;

    ch->nrun = 1;
    ch->run = ch->solo;
    if (ch->run) {
        ch->solo = ch->run->qnext;
        ch->run->qnext = 0;
    } else if ((dev = diskq_next_dev(&ch->q)) != 0) {
        ch->run = diskq_take(&ch->q, bound[dev].drive->lba48 ? MAXRUN48
                             : MAXRUN28, &ch->nrun);
    }
    ch->now = ch->run ? bound[ch->run->dev].drive : ch->flushdrive;
    return ch->run || ch->flushing;
}

// Start commands until one is under way or nothing is left.
static void
start(struct channel *ch)
{
    struct page *failed;

    assert(holding(&ch->lock));
    while (ch->state == IDLE && choose(ch)) {
        if (ch->run && ch->now->dead) {
            push(&ch->failed, ch->run);
            ch->run = 0;
        } else if (!ch->run && (ch->now->dead || !ch->now->flushcmd)) {
            end_flush(ch, ch->now->dead);
        } else if ((ch->run ? issue(ch) : issue_flush(ch)) < 0) {
            if ((failed = abandon(ch)) != 0)
                push(&ch->failed, failed);
        }
    }
}

// Tell the owners. No lock held: they may submit again at once.
static void
report(struct page *list, int failed)
{
    struct page *next;

    for (; list; list = next) {
        next = list->qnext;
        if (failed)
            list->ioerr = 1;
        tell(list);
    }
}

// If the command under way has ended, complete it.
static struct page *
look(struct channel *ch)
{
    int r = ch->state == DMA ? look_dma(ch) : look_pio(ch);

    if (r < 0)
        return 0;
    ch->state = IDLE;
    return complete(ch, r);
}

void
ide_intr(int channel)
{
    struct channel *ch = &channels[channel];
    struct page *fin = 0;

    if (ch->io == 0)
        return;
    acquire(&ch->lock);
    if (ch->state == IDLE || ch->state == RESET)
        inb(ch->io + STATUS);
    else
        fin = look(ch);
    start(ch);
    release(&ch->lock);
    report(fin, 0);
}

// The drives are done with the reset, or will never be.
static void
check_reset(struct channel *ch, uint age)
{
    if (alt_status(ch) & ST_BUSY) {
        if (age < ch->limit)
            return;
        ch->drive[0].dead = ch->drive[1].dead = 1;
        cprintf("ide%d: given up\n", (int)(ch - channels));
    }
    ch->state = IDLE;
}

static void
tick(struct channel *ch)
{
    struct page *fin = 0, *failed;
    uint age;

    acquire(&ch->lock);
    age = ticks - ch->since;
    if (ch->state == RESET)
        check_reset(ch, age);
    else if (ch->state != IDLE && (ch->polled || age >= PATIENCE))
        fin = look(ch);
    if (ch->state != IDLE && ch->state != RESET && age >= ch->limit)
        fin = abandon(ch);
    start(ch);
    failed = ch->failed;
    ch->failed = 0;
    release(&ch->lock);
    report(failed, 1);
    report(fin, 0);
}

void
disk_tick(void)
{
    struct channel *ch;

    for (ch = channels; ch < channels + NCHANNEL; ch++)
        if (ch->state != IDLE || ch->failed)
            tick(ch);
}

void
ide_submit(struct page *pg)
{
    struct channel *ch = bound[pg->dev].drive->ch;

    acquire(&ch->lock);
    pg->qnext = 0;
    diskq_add(ch->flushing ? &ch->held : &ch->q, pg);
    start(ch);
    release(&ch->lock);
}

void
ide_refuse(struct page *pg)
{
    acquire(&channels[0].lock);
    pg->qnext = channels[0].failed;
    channels[0].failed = pg;
    release(&channels[0].lock);
}

int
ide_flush(uint dev)
{
    struct channel *ch = bound[dev].drive->ch;
    uint mine, fails;

    acquire(&ch->lock);
    ch->flushdrive = bound[dev].drive;
    mine = ch->flushes + 1 + ch->flushing;  // one under way is too early
    if (ch->flushing)
        ch->again = 1;
    ch->flushing = 1;
    fails = ch->flushfails;
    start(ch);
    while ((int)(ch->flushes - mine) < 0)
        sleep(&ch->flushes, &ch->lock);
    fails = ch->flushfails - fails;
    release(&ch->lock);
    return fails ? -EIO : 0;
}

// ---- start-up: polled, interrupts of the drives off ----

// A command that answers with one sector. 0 or -EIO.
static int
read_polled(struct channel *ch, uchar command, void *sector)
{
    outb(ch->io + COMMAND, command);
    delay400ns(ch);
    if (inb(ch->io + STATUS) == 0 || !wait_long(ch, ST_BUSY, 0) ||
        (inb(ch->io + STATUS) & (ST_ERR | ST_FAULT | ST_DRQ)) != ST_DRQ)
        return -EIO;
    insw(ch->io + DATA, sector, SECTWORDS);
    return 0;
}

int
ide_read(struct drive *d, uint lba, void *sector)
{
    if (!select_drive(d->ch, d))
        return -EIO;
    set_address28(d->ch, d, lba, 1);
    return read_polled(d->ch, READ, sector);
}

// Does a drive react at all, and is it a disk? Its answer to IDENTIFY.
static int
identify(struct channel *ch, uint unit, ushort *id)
{
    outb(ch->io + DRIVE, DRV_LBA | (unit ? DRV_UNIT1 : 0));
    delay400ns(ch);
    if (inb(ch->io + STATUS) == 0xff || !wait_long(ch, ST_BUSY, 0))
        return 0;
    outb(ch->io + COUNT, 0x55);     // registers that keep what is written
    outb(ch->io + LBA0, 0xaa);
    if (inb(ch->io + COUNT) != 0x55 || inb(ch->io + LBA0) != 0xaa)
        return 0;
    if (read_polled(ch, IDENTIFY, id) < 0)
        return 0;                   // nothing, or a CD drive
    return !(id[ID_CONFIG] & NOT_ATA) && (id[ID_CAPS] & CAP_LBA);
}

static int
set_dma_mode(struct channel *ch)
{
    outb(ch->io + FEATURE, SET_XFERMODE);
    outb(ch->io + COUNT, XFER_MWDMA2);
    outb(ch->io + COMMAND, SETFEATURES);
    delay400ns(ch);
    return wait_long(ch, ST_BUSY, 0) &&
           (inb(ch->io + STATUS) & (ST_ERR | ST_FAULT)) == 0;
}

// The firmware has set a DMA mode, or we can.
static int
can_dma(struct channel *ch, const ushort *id)
{
    if (!ch->bm || !(id[ID_CAPS] & CAP_DMA) || !bootarg_int("dma", 1))
        return 0;
    if (ch != channels && (inb(ch->bm + BM_STATUS) & BM_SIMPLEX))
        return 0;                   // only one channel at a time can
    return (id[ID_MWDMA] | id[ID_UDMA]) >> 8 || set_dma_mode(ch);
}

static void
copy_model(char *to, const ushort *id)
{
    int i, n = 0;

    for (i = 0; i < 40; i++) {
        to[i] = i % 2 ? id[ID_MODEL + i / 2] : id[ID_MODEL + i / 2] >> 8;
        if (to[i] != ' ')
            n = i + 1;
    }
    to[n] = 0;
}

static void
probe_drive(struct channel *ch, uint unit)
{
    struct drive *d = &ch->drive[unit];
    static ushort id[SECTWORDS];

    if (!identify(ch, unit, id))
        return;
    d->ch = ch;
    d->unit = unit;
    d->present = 1;
    d->lba48 = (id[ID_COMMANDS] & HAS_LBA48) != 0;
    d->sectors = id[ID_SECTORS] | (uint)id[ID_SECTORS + 1] << 16;
    if (d->lba48)
        d->sectors = id[ID_SECTORS48 + 2] ? ~0u : id[ID_SECTORS48] |
                     (uint)id[ID_SECTORS48 + 1] << 16;
    if (id[ID_COMMANDS] & (HAS_FLUSH | HAS_FLUSHEXT))
        d->flushcmd = id[ID_COMMANDS] & HAS_FLUSHEXT ? FLUSHEXT : FLUSHCACHE;
    d->dma = can_dma(ch, id);
    copy_model(d->model, id);
    cprintf("ide%d.%d: %s, %d MB, %s\n", (int)(ch - channels), unit,
            d->model, d->sectors / ((1 << 20) / SECTSIZE),
            d->dma ? "DMA" : "PIO");
}

static void
probe_channel(struct channel *ch)
{
    uint unit;

    if (inb(ch->io + STATUS) == 0xff && alt_status(ch) == 0xff) {
        ch->io = 0;                 // the bus floats: no drive
        return;
    }
    outb(ch->ctl, CTL_QUIET);
    for (unit = 0; unit < 2; unit++)
        probe_drive(ch, unit);
}

// Prog-if (PCI IDE 1.0): for each channel a bit "native mode" and, above it,
// a bit "may be changed"; bit 7: bus master.
#define PROGIF_MASTER 0x80

// Bring both channels to the legacy ports and interrupts where possible.
static uchar
make_legacy(struct pcifn *f)
{
    uint class = pci_read(f, PCI_CLASS);
    uchar want = f->progif;

    if ((want & 3) == 3)
        want &= ~1;
    if ((want & 12) == 12)
        want &= ~4;
    if (want == f->progif)
        return want;
    pci_write(f, PCI_CLASS, (class & ~0xff00u) | (uint)want << 8);
    return pci_read(f, PCI_CLASS) >> 8;
}

static void
use_controller(struct pcifn *f)
{
    uchar progif = make_legacy(f);
    uint i, bm = f->bar[4] & ~3u;

    pci_write(f, PCI_COMMAND, (pci_read(f, PCI_COMMAND) & 0xffff) |
              PCI_CMD_IO | PCI_CMD_MASTER);
    for (i = 0; i < NCHANNEL; i++) {
        if (progif & 1 << 2 * i) {
            channels[i].io = f->bar[2 * i] & ~3u;
            channels[i].ctl = (f->bar[2 * i + 1] & ~3u) + 2;
            channels[i].polled = 1;
        }
        if ((progif & PROGIF_MASTER) && bm)
            channels[i].bm = bm + 8 * i;
    }
}

void
ide_init(void (*done)(struct page *))
{
    struct pcifn f;
    uint i;

    tell = done;
    channels[0].io = 0x1f0;
    channels[0].ctl = 0x3f6;
    channels[1].io = 0x170;
    channels[1].ctl = 0x376;
    if (pci_find(1, 1, 0, &f))
        use_controller(&f);
    for (i = 0; i < NCHANNEL; i++)
        probe_channel(&channels[i]);
}

struct drive *
ide_drive(uint n)
{
    uint i;

    for (i = 0; i < 2 * NCHANNEL; i++)
        if (channels[i / 2].drive[i % 2].present && n-- == 0)
            return &channels[i / 2].drive[i % 2];
    return 0;
}

uint
ide_sectors(const struct drive *d)
{
    return d->sectors;
}

void
ide_bind(uint dev, struct drive *d, uint lba)
{
    struct channel *ch = d->ch;

    bound[dev].drive = d;
    bound[dev].lba = lba;
    if (!ch->polled)
        irq_enable(ch == channels ? IRQ_IDE0 : IRQ_IDE1, 0);
    outb(ch->ctl, 0);
    inb(ch->io + STATUS);
}
