// ata.c: disks that take ATA commands (ATA/ATAPI-6), whichever controller
// they hang on: who waits for which command, and what is done about errors.
// How a command gets to the drive and back is ide.c's and ahci.c's part.
//
// A channel does one command at a time:
//
//     IDLE --issue--> BUSY --interrupt--> IDLE
//                      |
//                  time limit --> RESET --drives answer--> IDLE
//
// A command moves a run of neighbouring blocks (diskq.c), or is a flush.
//
// Errors. A run of several that fails is done again frame by frame, so that
// only the bad one fails; a single frame is tried twice. After a time limit
// the channel is reset; a drive that lets two limits in a row pass for one
// frame is given up, and all that is asked of it fails at once.
//
// An interrupt may get lost, or never come: the clock tick looks too. A
// spurious one finds the drive still busy and is ignored.
//
// FLUSH CACHE waits until the queue is empty; what is submitted meanwhile is
// held back in a second queue, so that it does empty.

#include "param.h"
#include "lib.h"
#include "print.h"
#include "sched.h"
#include "kalloc.h"
#include "disk.h"
#include "diskq.h"
#include "ata.h"
#include "ide.h"
#include "ahci.h"
#include "errno.h"

enum { READ = ATA_READ, READEXT = 0x24, READDMAEXT = 0x25, WRITE = 0x30,
       WRITEEXT = 0x34, WRITEDMAEXT = 0x35, READDMA = 0xc8, WRITEDMA = 0xca,
       FLUSHCACHE = 0xe7, FLUSHEXT = 0xea };

// Words of the answer to IDENTIFY (ATA-6 table 27); more are in ata.h.
#define ID_CONFIG   0
#define   NOT_ATA     0x8000
#define ID_MODEL    27              // 40 characters
#define   CAP_LBA     0x0200
#define ID_SECTORS  60
#define ID_COMMANDS 83
#define   HAS_LBA48   0x0400
#define   HAS_FLUSH   0x1000
#define   HAS_FLUSHEXT 0x2000
#define ID_SECTORS48 100

#define MAXRUN28  32                // 256 sectors
#define LIMIT     (10 * HZ)         // ticks for a command
#define FLUSHLIMIT (30 * HZ)        // ATA-6, 8.12: it may take that long
#define RESETLIMIT (5 * HZ)
#define PATIENCE  2                 // ticks until we look ourselves

static struct channel *channels;
static struct drive *drives;

static struct {
    struct spinlock lock;
    struct page *list;              // to be told at the next tick
} refused = { .lock = SPINLOCK("refused", RANK_DISK) };

static struct {
    struct drive *drive;
    uint lba;
} bound[NDEV];

static void (*tell)(struct page *);

// ---- a command ----

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

// Start ch->run, or a flush. 0, or -EIO if the drive does not take it.
static int
issue(struct channel *ch)
{
    struct page *run = ch->run;

    ch->state = BUSY;
    ch->since = ticks;
    ch->limit = run ? LIMIT : FLUSHLIMIT;
    if (run == 0)
        return ch->ops->issue(ch, ch->now->flushcmd, 0);
    return ch->ops->issue(ch, transfer_command(ch->now, run->iowrite),
                          bound[run->dev].lba + run->bno * SPB);
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

// The command has ended; the state says so. Returns the frames whose owners
// are to be told.
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

    cprintf("%s%d.%d: no answer; reset\n", ch->name, ch->nr, d->unit);
    if (ch->run && ch->nrun == 1 && ch->tries > 0)
        d->dead = 1;
    ata_reset(ch);
    return complete(ch, 1);
}

void
ata_reset(struct channel *ch)
{
    assert(holding(&ch->lock));
    ch->state = RESET;
    ch->since = ticks;
    ch->limit = RESETLIMIT;
    ch->ops->reset(ch);
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
        ch->run = diskq_take(&ch->q, bound[dev].drive->lba48 ? MAXRUN
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
        } else if (issue(ch) < 0 && (failed = abandon(ch)) != 0) {
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
    int r = ch->ops->look(ch);

    if (r < 0)
        return 0;
    if (ch->state == BUSY)
        ch->state = IDLE;
    return complete(ch, r);
}

static void
interrupt(struct channel *ch)
{
    struct page *fin = 0;

    acquire(&ch->lock);
    if (ch->state == BUSY)
        fin = look(ch);
    else
        ch->ops->quiet(ch);
    start(ch);
    release(&ch->lock);
    report(fin, 0);
}

void
disk_intr(int irq)
{
    struct channel *ch;

    for (ch = channels; ch; ch = ch->next)
        if (ch->irq == irq)
            interrupt(ch);
}

// The drives are done with the reset, or will never be.
static void
check_reset(struct channel *ch, uint age)
{
    struct drive *d;

    if (!ch->ops->ready(ch)) {
        if (age < ch->limit)
            return;
        for (d = drives; d; d = d->next)
            d->dead |= d->ch == ch;
        cprintf("%s%d: given up\n", ch->name, ch->nr);
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
    else if (ch->state == BUSY && (ch->irq == NOIRQ || age >= PATIENCE))
        fin = look(ch);
    if (ch->state == BUSY && age >= ch->limit)
        fin = abandon(ch);
    start(ch);
    failed = ch->failed;
    ch->failed = 0;
    release(&ch->lock);
    report(failed, 1);
    report(fin, 0);
}

static void
tell_refused(void)
{
    struct page *list;

    acquire(&refused.lock);
    list = refused.list;
    refused.list = 0;
    release(&refused.lock);
    report(list, 1);
}

void
disk_tick(void)
{
    struct channel *ch;

    for (ch = channels; ch; ch = ch->next)
        if (ch->state != IDLE || ch->failed)
            tick(ch);
    if (refused.list)
        tell_refused();
}

void
ata_submit(struct page *pg)
{
    struct channel *ch = bound[pg->dev].drive->ch;

    acquire(&ch->lock);
    pg->qnext = 0;
    diskq_add(ch->flushing ? &ch->held : &ch->q, pg);
    start(ch);
    release(&ch->lock);
}

void
ata_refuse(struct page *pg)
{
    acquire(&refused.lock);
    pg->qnext = refused.list;
    refused.list = pg;
    release(&refused.lock);
}

int
ata_flush(uint dev)
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

// ---- start-up ----

int
ata_read(struct drive *d, uint lba, void *sector)
{
    return d->ch->ops->sector(d, ATA_READ, lba, sector);
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

// The last drive's channel is the last channel, so a known one is found there.
static void
join(struct channel *ch, struct drive *d)
{
    struct channel **c = &channels;
    struct drive **at = &drives;

    while (*c && *c != ch)
        c = &(*c)->next;
    *c = ch;
    while (*at)
        at = &(*at)->next;
    *at = d;
}

int
ata_add(struct channel *ch, struct drive *d, const ushort *id)
{
    if ((id[ID_CONFIG] & NOT_ATA) || !(id[ID_CAPS] & CAP_LBA))
        return 0;
    d->ch = ch;
    d->lba48 = (id[ID_COMMANDS] & HAS_LBA48) != 0;
    d->sectors = id[ID_SECTORS] | (uint)id[ID_SECTORS + 1] << 16;
    if (d->lba48)
        d->sectors = id[ID_SECTORS48 + 2] ? ~0u : id[ID_SECTORS48] |
                     (uint)id[ID_SECTORS48 + 1] << 16;
    if (id[ID_COMMANDS] & (HAS_FLUSH | HAS_FLUSHEXT))
        d->flushcmd = id[ID_COMMANDS] & HAS_FLUSHEXT ? FLUSHEXT : FLUSHCACHE;
    copy_model(d->model, id);
    cprintf("%s%d.%d: %s, %d MB, %s\n", ch->name, ch->nr, d->unit, d->model,
            d->sectors / ((1 << 20) / SECTSIZE), d->dma ? "DMA" : "PIO");
    join(ch, d);
    return 1;
}

void
ata_init(void (*done)(struct page *))
{
    tell = done;
    ide_init();
    ahci_init();
}

struct drive *
ata_drive(uint n)
{
    struct drive *d = drives;

    while (d && n-- > 0)
        d = d->next;
    return d;
}

void
ata_bind(uint dev, struct drive *d, uint lba)
{
    bound[dev].drive = d;
    bound[dev].lba = lba;
    d->ch->ops->enable(d->ch);
}
