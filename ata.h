// ata.h: disks that take ATA commands, and the channels that carry the
// commands to them. disk.c puts partitions on the disks; ide.c and ahci.c
// drive the controllers.

#pragma once

#include "boot.h"
#include "fsformat.h"
#include "spinlock.h"
#include "diskq.h"

struct page;

struct partition {                  // in the table of a drive's first sector
    uchar active, chs1[3], type, chs2[3];
    uint start, nsectors;
};
#define NPART 4

struct drive {
    struct channel *ch;
    struct drive *next;             // in the order found,
    uint nr;                        // from 0
    uchar unit;                     // its place on the channel
    uchar dma, dead;
    uchar flushes;                  // it has a cache and a command to flush it
    uint  sectors;
    struct partition parts[NPART];  // disk.c fills it in
};

// The sectors of a drive that are a device: a partition. By DEV_*.
extern struct device {
    struct drive *drive;            // 0: there is no such device
    uint start, end;
} devices[];

enum chstate { IDLE, BUSY, RESET };

struct channel {
    const struct ataops *ops;
    uint nr;                        // among its kind
    int irq;                        // NOIRQ: the clock tick looks instead

    struct spinlock lock;           // guards all that follows
    struct diskq q;
    struct page *solo;              // to be done one at a time
    struct page *done;              // ended: their owners are to be told
    struct drive *flush;            // its cache is to be flushed
    int flusherr;                   // how that went

    enum chstate state;
    struct drive *now;              // whose command is under way
    struct page *run;               // its frames; 0: it is a flush
    uint nrun;                      // how many
    uint tries;                     // failures of a run of one
    uint since, limit;              // ticks
};
#define NOIRQ (-1)

// What the hardware says when asked whether it has done something.
// STOPPED: it has failed, and the channel has to be reset.
enum answer { NOTYET, DONE, FAILED, STOPPED };

// A controller's part, called with the channel's lock held. None may wait
// longer than some milliseconds.
struct ataops {
    const char *name;
    // Start a command of the drive ch->now: ch->run from sector lba on, or
    // one without data. 0, or -EIO if the drive does not take it.
    int  (*issue)(struct channel *, uchar command, uint lba);
    // Take back the interrupt. Has the command ended? Without one under way
    // the answer says nothing.
    enum answer (*look)(struct channel *);
    void (*reset)(struct channel *);    // begin; afterwards, in each tick:
    enum answer (*ready)(struct channel *);     // do the drives answer again?
};

#define ATA_IDENTIFY 0xec
#define MAXRUN       32             // frames in one command: 256 sectors, which
                                    // its count says as 0
#define SPB          (BSIZE / SECTSIZE)
#define SECTWORDS    (SECTSIZE / 2)

// Words of the answer to IDENTIFY (ATA-6 table 27) that ide.c looks at.
#define ID_CAPS      49
#define   CAP_DMA      0x0100
#define   CAP_LBA      0x0200
#define ID_MWDMA     63             // high byte: the mode selected
#define ID_UDMA      88

extern struct drive *drives;            // found, the first one first
// Find the controllers and their drives.
void ata_init(void);

// Queue a request for a device that has a drive; one with ioerr set fails,
// later, like one that the drive fails. Never sleeps, calls nothing back.
void ata_submit(struct page *);

// For the controllers' start-up: ask each millisecond. NOTYET: in vain.
enum answer ata_poll(struct channel *, enum answer (*ask)(struct channel *));
// A drive of theirs has answered IDENTIFY. If it is a disk that Teak can use,
// it and its channel join the others; 1. Else 0.
int  ata_add(struct channel *, struct drive *, const ushort *id);
