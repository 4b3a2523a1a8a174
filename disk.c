// disk.c: the partitions that Teak uses, and the door to the disk.
//
// A drive's first sector ends with a table of four partitions. The file
// system's is of type PART_FS, swap's of PART_SWAP. The drive we were booted
// from is asked first: the one whose table is the one that the boot loader
// saw, else the one in the BIOS's place. Swap is taken from the drive that
// has the file system, or from the first that has any; but a table that lays
// it over the files, or over the boot loader and the kernel, is damaged.
//
// A request is a frame. The cache's frames are submitted, and the cache is told
// when they are done; a frame of the kernel's own is started and waited for.
// A request that cannot be made, or that the failure injection picks, fails
// like one that the drive fails: later, from an interrupt, with ioerr set.

#include "lib.h"
#include "cpu.h"
#include "proc.h"
#include "sched.h"
#include "bootarg.h"
#include "print.h"
#include "kalloc.h"
#include "pci.h"
#include "disk.h"
#include "ata.h"
#include "errno.h"

#define PARTTABLE 446               // its place in the sector
#define BIOSDISK0 0x80
#define VIRTIO    0x1af4            // PCI vendor

volatile uint disk_reads, disk_writes;
volatile int fail_disk, fail_write, fail_read;
int fail_reader;
static int fail_swap;               // this write to swap, and all later ones

static void (*tell_cache)(struct page *);
static struct spinlock waiting = SPINLOCK("disk wait", RANK_DISK);

// A table is in the first block of a file system that fills the drive.
static void
read_tables(void)
{
    uchar *sector = kalloc();
    struct drive *d;

    if (sector == 0)
        panic("no memory for partition tables");
    for (d = drives; d; d = d->next) {
        devices[DEV_FS] = (struct device){ d, 0, d->sectors };
        disk_start(page_of(sector), DEV_FS, 0, 0);
        if (disk_wait(page_of(sector)) == 0 &&
            sector[510] == 0x55 && sector[511] == 0xaa)
            memcpy(d->parts, sector + PARTTABLE, sizeof d->parts);
    }
    devices[DEV_FS] = (struct device){ 0 };
    kfree(sector);
}

// Would swap in these sectors destroy what else the files' drive has?
static int
lies_over(const struct drive *d, uint start, uint end)
{
    const struct device *files = &devices[DEV_FS];

    return d == files->drive && (start < KERNEND ||
           (start < files->end && end > files->start));
}

// Use the drive's first partition of a type for dev. 1 if it has one.
static int
take_partition(struct drive *d, uint dev, uchar type)
{
    const char *name = dev == DEV_FS ? "files" : "swap";
    const struct partition *p;
    uint nr, end;

    for (nr = 1; nr <= NPART; nr++) {
        p = &d->parts[nr - 1];
        if (p->type != type || p->start == 0 || p->start >= d->sectors)
            continue;
        end = p->start + MIN(p->nsectors, d->sectors - p->start);
        if (end - p->start < SPB)
            continue;
        if (lies_over(d, p->start, end)) {
            cprintf("swap: disk %d, partition %d lies over the files or the "
                    "kernel: not used\n", d->nr, nr);
            continue;
        }
        devices[dev] = (struct device){ d, p->start, end };
        cprintf("%s: disk %d, partition %d, %d MB\n", name, d->nr, nr,
                disk_blocks(dev) / ((1 << 20) / BSIZE));
        return 1;
    }
    return 0;
}

// The drive that matches best what the boot loader saw. The table counts more
// than the place: the BIOS may number the drives otherwise than we do.
static struct drive *
boot_drive(const struct bootinfo *bi)
{
    struct drive *d, *best = drives;
    int match, most = 0;

    for (d = drives; d; d = d->next) {
        match = BIOSDISK0 + d->nr == bi->bootdrive;
        if (memcmp(d->parts, bi->parts, sizeof d->parts) == 0)
            match += 2;
        if (match > most) {
            most = match;
            best = d;
        }
    }
    return best;
}

// The first drive is asked first.
static void
find_partition(struct drive *first, uint dev, uchar type)
{
    struct drive *d;

    if (first && take_partition(first, dev, type))
        return;
    for (d = drives; d; d = d->next)
        if (d != first && take_partition(d, dev, type))
            return;
}

// Kinds of mass storage that firmware boots from and we do not, by subclass.
static const char *
undriven(const struct pcifn *f)
{
    if ((pci_read(f, PCI_VENDOR) & 0xffff) == VIRTIO)
        return "a virtio";
    switch (f->class >> 8 & 0xff) {
    case 0: return "a SCSI";
    case 4: return "a RAID";
    case 6: return f->class == PCI_AHCI ? 0 : "a SATA (not AHCI)";
    case 7: return "a SAS";
    case 8: return "an NVMe";
    }
    return 0;
}

// No file system was found: say where it must be, or may be.
static void
blame(const struct bootinfo *bi)
{
    const char *kind;
    struct pcifn f = { 0 };

    if (!bi->multiboot && bi->bootdrive < BIOSDISK0)
        cprintf("disk: we were booted from a floppy, "
                "for which there is no driver\n");
    while (pci_next(&f))
        if (f.class >> 16 == PCI_STORAGE && (kind = undriven(&f)) != 0)
            cprintf("disk: root disk is %son %s controller, "
                    "for which there is no driver\n",
                    drives ? "perhaps " : "", kind);
}

void
disk_done(struct page *pg)
{
    if (pg->kind != FRAME_KERNEL) {
        tell_cache(pg);
        return;
    }
    acquire(&waiting);
    pg->dev = DEV_NONE;
    wakeup(pg);
    release(&waiting);
}

void
disk_init(struct bootinfo *bi, void (*cache_done)(struct page *))
{
    tell_cache = cache_done;
    ata_init();
    read_tables();
    find_partition(boot_drive(bi), DEV_FS, PART_FS);
    find_partition(devices[DEV_FS].drive, DEV_SWAP, PART_SWAP);
    if (devices[DEV_FS].drive == 0)
        blame(bi);
    fail_disk = bootarg_int("fail.disk", 0);
    fail_write = bootarg_int("fail.write", 0);
    fail_swap = bootarg_int("fail.swap", 0);
}

uint
disk_blocks(uint dev)
{
    return dev < NDEV ? (devices[dev].end - devices[dev].start) / SPB : 0;
}

static int
swap_fails(void)
{
    if (fail_swap > 1)
        fail_swap--;
    return fail_swap == 1;
}

static int
injected(const struct page *pg)
{
    if (fires(&fail_disk))
        return 1;
    if (!pg->iowrite)
        return myproc()->pid == fail_reader && fires(&fail_read);
    return fires(&fail_write) || (pg->dev == DEV_SWAP && swap_fails());
}

void
disk_submit(struct page *pg, int write)
{
    assert(disk_blocks(pg->dev) > 0, "only a device that is there is asked");
    pg->iowrite = write != 0;
    pg->ioerr = pg->bno >= disk_blocks(pg->dev) || injected(pg);
    if (!pg->ioerr)
        atomic_inc(write ? &disk_writes : &disk_reads);
    ata_submit(pg);
}

void
disk_start(struct page *pg, uint dev, uint bno, int write)
{
    assert(pg->kind == FRAME_KERNEL && pg->dev == DEV_NONE);
    pg->dev = dev;
    pg->bno = bno;
    disk_submit(pg, write);
}

int
disk_wait(struct page *pg)
{
    acquire(&waiting);
    while (pg->dev != DEV_NONE)
        sleep(pg, &waiting);
    release(&waiting);
    return pg->ioerr ? -EIO : 0;
}
