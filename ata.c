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
// A command moves a run of neighbouring blocks (diskq.c) or flushes a drive's
// cache. A flush goes first: whoever asks for one has waited for the writes
// that it is to make safe, and does not care for those in the queue.
//
// Errors. A run of several that fails is done again frame by frame, so that
// only the bad one fails; a single frame is tried twice. After a time limit
// the channel is reset; a drive that lets two limits in a row pass for one
// frame is given up, and all that is asked of it fails at once. An AHCI port
// stops when a command fails, so it is reset then, too.
//
// An interrupt may get lost, or never come: the clock tick looks too. A
// spurious one finds the drive still busy and is ignored.
//
// Frames that are done with gather in ch->done. Their owners are told when
// the lock is free, by the interrupt or the tick: they may submit again.

#include "param.h"
#include "print.h"
#include "pit.h"
#include "sched.h"
#include "kalloc.h"
#include "disk.h"
#include "diskq.h"
#include "ata.h"
#include "ide.h"
#include "ahci.h"
#include "errno.h"

// Sector numbers have 28 bits in these, which every disk knows. So 128 GB of a
// disk can be reached.
enum { READ = 0x20, READDMA = 0xc8, WRITE = 0x30, WRITEDMA = 0xca,
       FLUSH = 0xe7 };

// Words of the answer to IDENTIFY (ATA-6 table 27); more are in ata.h.
#define ID_CONFIG   0
#define   NOT_ATA     0x8000
#define ID_SECTORS  60              // 32 bits
#define ID_COMMANDS 83
#define   HAS_FLUSH   0x1000

#define LIMIT     (10 * HZ)         // ticks for a command
#define FLUSHLIMIT (30 * HZ)        // ATA-6, 8.12: it may take that long
#define RESETLIMIT (5 * HZ)
#define RESETTICKS 2                // a drive needs 2 ms of silence first
#define PATIENCE  2                 // ticks until we look ourselves
#define POLLMS    5000              // at start-up a drive may need seconds

struct drive *drives;
struct device devices[NDEV];

// ---- the end of a command ----

// Put a run in front of a list.
static void
push_run(struct page **list, struct page *run)
{
    struct page *last = run;

    while (last->qnext)
        last = last->qnext;
    last->qnext = *list;
    *list = run;
}

static void
fail_run(struct channel *ch, struct page *run)
{
    if (!ch->now->dead)
        cprintf("disk: dev %d block %d: %s error\n", run->dev, run->bno,
                run->iowrite ? "write" : "read");
    for (; run; run = run->qnext)
        run->ioerr = 1;
}

// The command has ended; the state says so.
static void
complete_command(struct channel *ch, int failed)
{
    struct page *run = ch->run;
    int again = failed && !ch->now->dead && (ch->nrun > 1 || ch->tries == 0);

    if (run == 0) {
        ch->flush = 0;
        ch->flusherr = failed ? -EIO : 0;
        wakeup(&ch->flush);
        return;
    }
    ch->run = 0;
    ch->tries = again && ch->nrun == 1;
    if (failed && !again)
        fail_run(ch, run);
    push_run(again ? &ch->solo : &ch->done, run);
}

static void
begin_reset(struct channel *ch)
{
    ch->state = RESET;
    ch->since = ticks;
    ch->limit = RESETLIMIT;
    ch->ops->reset(ch);
}

// The drive does not answer within the limit, or is not ready when it must.
static void
abandon_command(struct channel *ch)
{
    struct drive *d = ch->now;

    cprintf("%s%d.%d: no answer; reset\n", ch->ops->name, ch->nr, d->unit);
    if (ch->run && ch->nrun == 1 && ch->tries > 0) {
        d->dead = 1;
        cprintf("%s%d.%d: given up\n", ch->ops->name, ch->nr, d->unit);
    }
    begin_reset(ch);
    complete_command(ch, 1);
}

// ---- its beginning ----

// Start ch->run, or a flush. 0, or -EIO if the drive does not take it.
static int
issue_command(struct channel *ch)
{
    static const uchar commands[2][2] = {       // by DMA and direction
        { READ, WRITE }, { READDMA, WRITEDMA },
    };
    struct page *run = ch->run;

    ch->state = BUSY;
    ch->since = ticks;
    ch->limit = run ? LIMIT : FLUSHLIMIT;
    if (run == 0)
        return ch->ops->issue(ch, FLUSH, 0);
    return ch->ops->issue(ch, commands[ch->now->dma][run->iowrite],
                          devices[run->dev].start + run->bno * SPB);
}

// Choose what to do next. 0: nothing. Else ch->now is set, and ch->run
// unless it is a flush.
static int
choose_command(struct channel *ch)
{
    ch->run = 0;
    if (ch->flush) {
        ch->now = ch->flush;
        return 1;
    }
    if (ch->solo) {
        ch->run = ch->solo;
        ch->nrun = 1;
        ch->solo = ch->run->qnext;
        ch->run->qnext = 0;
    } else {
        ch->run = diskq_take(&ch->q, MAXRUN, &ch->nrun);
    }
    if (ch->run)
        ch->now = devices[ch->run->dev].drive;
    return ch->run != 0;
}

// Start commands until one is under way or nothing is left.
static void
channel_start(struct channel *ch)
{
    assert(holding(&ch->lock));
    while (ch->state == IDLE && choose_command(ch)) {
        if (ch->now->dead)
            complete_command(ch, 1);
        else if (issue_command(ch) < 0)
            abandon_command(ch);
    }
}

void
ata_submit(struct page *pg)
{
    struct channel *ch = devices[pg->dev].drive->ch;

    acquire(&ch->lock);
    pg->qnext = 0;
    if (pg->ioerr)
        push_run(&ch->done, pg);
    else
        diskq_add(&ch->q, pg);
    channel_start(ch);
    release(&ch->lock);
}

int
disk_flush(void)
{
    struct drive *d = devices[DEV_FS].drive;
    struct channel *ch = d->ch;
    int err;

    if (!d->flushes)
        return 0;
    acquire(&ch->lock);
    assert(ch->flush == 0, "one flush at a time");
    ch->flush = d;
    channel_start(ch);
    while (ch->flush)
        sleep(&ch->flush, &ch->lock);
    err = ch->flusherr;
    release(&ch->lock);
    return err;
}

// ---- interrupt and clock tick ----
//
// Both look at the channel of each drive. Where two drives share one, the
// second look may find the next command, just begun: then it is busy.

// If the command under way has ended, complete it.
static void
channel_look(struct channel *ch)
{
    enum answer ended = ch->ops->look(ch);

    if (ch->state != BUSY || ended == NOTYET)
        return;
    ch->state = IDLE;
    if (ended == STOPPED)
        begin_reset(ch);
    complete_command(ch, ended != DONE);
}

static void
release_and_tell(struct channel *ch)
{
    struct page *pg = ch->done, *next;

    ch->done = 0;
    release(&ch->lock);
    for (; pg; pg = next) {
        next = pg->qnext;
        disk_done(pg);
    }
}

// The drives are done with the reset, or will never be.
static void
check_reset(struct channel *ch)
{
    uint age = ticks - ch->since;
    struct drive *d;

    if (age < RESETTICKS)
        return;
    if (ch->ops->ready(ch) == NOTYET) {
        if (age < ch->limit)
            return;
        for (d = drives; d; d = d->next)
            d->dead |= d->ch == ch;
        cprintf("%s%d: given up\n", ch->ops->name, ch->nr);
    }
    ch->state = IDLE;
}

// Go on with a channel, after an interrupt or at a clock tick.
static void
channel_serve(struct channel *ch, int interrupt)
{
    acquire(&ch->lock);
    if (interrupt || ch->irq == NOIRQ || ticks - ch->since >= PATIENCE)
        channel_look(ch);
    if (ch->state == RESET)
        check_reset(ch);
    if (ch->state == BUSY && ticks - ch->since >= ch->limit)
        abandon_command(ch);
    channel_start(ch);
    release_and_tell(ch);
}

void
disk_intr(int irq)
{
    struct drive *d;

    for (d = drives; d; d = d->next)
        if (d->ch->irq == irq)
            channel_serve(d->ch, 1);
}

void
disk_tick(void)
{
    struct drive *d;

    for (d = drives; d; d = d->next)
        if (d->ch->state != IDLE || d->ch->done)
            channel_serve(d->ch, 0);
}

// ---- start-up ----

enum answer
ata_poll(struct channel *ch, enum answer (*ask)(struct channel *))
{
    enum answer answer = ask(ch);
    int ms;

    for (ms = 0; answer == NOTYET && ms < POLLMS; ms++) {
        pit_delay_us(1000);
        answer = ask(ch);
    }
    return answer;
}

int
ata_add(struct channel *ch, struct drive *d, const ushort *id)
{
    struct drive **at;

    if ((id[ID_CONFIG] & NOT_ATA) || !(id[ID_CAPS] & CAP_LBA))
        return 0;
    d->ch = ch;
    d->sectors = id[ID_SECTORS] | (uint)id[ID_SECTORS + 1] << 16;
    d->flushes = (id[ID_COMMANDS] & HAS_FLUSH) != 0;
    if (d->sectors < SPB)
        return 0;                   // a card reader without a card
    cprintf("%s%d.%d: disk, %d MB, %s\n", ch->ops->name, ch->nr, d->unit,
            d->sectors / ((1 << 20) / SECTSIZE), d->dma ? "DMA" : "PIO");
    for (at = &drives; *at; at = &(*at)->next)
        d->nr++;
    *at = d;
    return 1;
}

void
ata_init(void)
{
    ide_init();
    ahci_init();
}
