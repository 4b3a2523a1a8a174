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
#define NPART     4
#define BIOSDISK0 0x80
#define VIRTIO    0x1af4            // PCI vendor

struct partition {
    uchar active, chs1[3], type, chs2[3];
    uint start, nsectors;
};

volatile uint disk_reads, disk_writes;
volatile int fail_disk, fail_write, fail_read;
int fail_reader;
static int fail_swap;               // this write to swap, and all later ones

static uint nblocks[NDEV];
static void (*tell_cache)(struct page *);
static struct spinlock waiting = SPINLOCK("disk wait", RANK_DISK);
static struct {
    struct drive *drive;
    uint start, end;                // sectors
} files;                            // their partition

static void
use_partition(uint dev, struct drive *d, uint start, uint end)
{
    nblocks[dev] = (end - start) / SPB;
    ata_bind(dev, d, start);
}

// The drive's first block is read as one of a file system that fills the drive.
static void
read_table(struct drive *d, struct page *pg)
{
    const uchar *sector = page_kva(pg);

    use_partition(DEV_FS, d, 0, d->sectors);
    disk_start(pg, DEV_FS, 0, 0);
    if (disk_wait(pg) == 0 && sector[510] == 0x55 && sector[511] == 0xaa)
        memcpy(d->parts, sector + PARTTABLE, sizeof d->parts);
    nblocks[DEV_FS] = 0;
}

static void
read_tables(void)
{
    void *kva = kalloc();
    struct drive *d;
    uint n;

    if (kva == 0)
        panic("no memory for partition tables");
    for (n = 0; (d = ata_drive(n)) != 0; n++)
        read_table(d, page_of(kva));
    kfree(kva);
}

// Would swap in these sectors destroy what else the files' drive has?
static int
lies_over(const struct drive *d, uint start, uint end)
{
    return d == files.drive && (start < KERNEND ||
           (start < files.end && end > files.start));
}

// Use the first partition of a type on the nth drive for dev. 1 if it has.
static int
take_partition(uint n, uint dev, uchar type)
{
    const char *name = dev == DEV_FS ? "files" : "swap";
    struct drive *d = ata_drive(n);
    struct partition p;
    uint i, end;

    for (i = 0; i < NPART; i++) {
        memcpy(&p, d->parts + i * sizeof p, sizeof p);
        if (p.type != type || p.start == 0 || p.start >= d->sectors)
            continue;
        end = p.start + MIN(p.nsectors, d->sectors - p.start);
        if (end - p.start < SPB)
            continue;
        if (dev == DEV_SWAP && lies_over(d, p.start, end)) {
            cprintf("swap: disk %d, partition %d lies over the files or the "
                    "kernel: not used\n", n, i + 1);
            continue;
        }
        use_partition(dev, d, p.start, end);
        if (dev == DEV_FS) {
            files.drive = d;
            files.start = p.start;
            files.end = end;
        }
        cprintf("%s: disk %d, partition %d, %d MB\n", name, n, i + 1,
                nblocks[dev] / ((1 << 20) / BSIZE));
        return 1;
    }
    return 0;
}

static int
is_boot_table(const struct bootinfo *bi, const struct drive *d)
{
    return d && memcmp(d->parts, bi->parts, sizeof d->parts) == 0;
}

static uint
boot_drive(const struct bootinfo *bi)
{
    uint n, bios = bi->bootdrive - BIOSDISK0;
    struct drive *d;

    if (bi->multiboot)
        return 0;
    bios = ata_drive(bios) ? bios : 0;
    if (is_boot_table(bi, ata_drive(bios)))
        return bios;
    for (n = 0; (d = ata_drive(n)) != 0; n++)
        if (is_boot_table(bi, d))
            return n;
    return bios;
}

// The first drive is asked first. Returns whose partition was taken.
static uint
find_partition(uint first, uint dev, uchar type)
{
    uint n;

    if (ata_drive(first) == 0 || take_partition(first, dev, type))
        return first;
    for (n = 0; ata_drive(n); n++)
        if (n != first && take_partition(n, dev, type))
            return n;
    return first;
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
                    ata_drive(0) ? "perhaps " : "", kind);
}

// A transfer has ended.
static void
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
    uint n;

    tell_cache = cache_done;
    ata_init(disk_done);
    read_tables();
    n = find_partition(boot_drive(bi), DEV_FS, PART_FS);
    find_partition(n, DEV_SWAP, PART_SWAP);
    if (nblocks[DEV_FS] == 0)
        blame(bi);
    fail_disk = bootarg_int("fail.disk", 0);
    fail_write = bootarg_int("fail.write", 0);
    fail_swap = bootarg_int("fail.swap", 0);
}

uint
disk_blocks(uint dev)
{
    return dev < NDEV ? nblocks[dev] : 0;
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
    assert(disk_blocks(pg->dev) > 0);
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

int
disk_flush(void)
{
    return nblocks[DEV_FS] ? ata_flush(DEV_FS) : -EIO;
}
