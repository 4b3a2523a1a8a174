// ide.h: IDE controllers and their drives. disk.c puts partitions on them.

struct drive;
struct page;

// Find the controller and its drives. done: see disk_init.
void ide_init(void (*done)(struct page *));
struct drive *ide_drive(uint n);        // the nth, from 0; 0 past the last
uint ide_sectors(const struct drive *);
// One sector, polled; start-up only. 0 or -EIO.
int  ide_read(struct drive *, uint lba, void *sector);
// Block 0 of dev is at sector lba of this drive.
void ide_bind(uint dev, struct drive *, uint lba);

// Queue a request for a bound device. Never sleeps, calls nothing back.
void ide_submit(struct page *);
// Complete it as failed, from the next clock tick.
void ide_refuse(struct page *);
// Flush the cache of the drive that dev is on, after all that was submitted
// for its channel. Sleeps. 0 or -EIO.
int  ide_flush(uint dev);

void ide_intr(int channel);             // IRQ 14: 0, IRQ 15: 1
void disk_tick(void);                   // every clock tick, CPU 0
