// disk.c: the partitions that Teak uses, and the door to the disk.
//
// A drive's first sector ends with a table of four partitions. The file
// system's is of type PART_FS, swap's of PART_SWAP. The drive we were booted
// from is asked first: the one whose table is the one that the boot loader
// saw, else the one in the BIOS's place. Swap is taken from the drive that
// has the file system, or from the first that has any.
//
// A request that cannot be made, or that the failure injection picks, fails
// like one that the drive fails: later, from an interrupt, with ioerr set.

#include <types.h>
#include <boot.h>
#include <mmu.h>
#include <memlayout.h>
#include <x86.h>
#include <lib.h>
#include <bootarg.h>
#include <print.h>
#include <kalloc.h>
#include <fsformat.h>
#include <ide.h>
#include <disk.h>
#include <errno.h>

#define PARTTABLE 446               // its place in the sector
#define NPART     4
#define MAXDRIVE  4
#define SPB       (BSIZE / SECTSIZE)    // sectors a block
#define BIOSDISK0 0x80

struct partition {
    uchar active, chs1[3], type, chs2[3];
    uint start, nsectors;
};

volatile uint disk_reads, disk_writes;
volatile int fail_disk, fail_write;
static int fail_swap;               // this write to swap, and all later ones

static uint nblocks[NDEV];
static struct partition tables[MAXDRIVE][NPART];
#define TABLESIZE sizeof tables[0]

static void
read_table(struct drive *d, struct partition *table)
{
    static uchar sector[SECTSIZE];

    if (ide_read(d, 0, sector) == 0 && sector[510] == 0x55 &&
        sector[511] == 0xaa)
        memcpy(table, sector + PARTTABLE, TABLESIZE);
}

// Use the first partition of a type on the nth drive for dev. 1 if it has.
static int
take(uint n, uint dev, uchar type)
{
    struct drive *d = ide_drive(n);
    struct partition *p = tables[n];
    uint size = d ? ide_sectors(d) : 0, i;

    for (i = 0; i < NPART && d && nblocks[dev] == 0; i++, p++) {
        if (p->type != type || p->start == 0 || p->start >= size)
            continue;
        nblocks[dev] = MIN(p->nsectors, size - p->start) / SPB;
        ide_bind(dev, d, p->start);
        cprintf("%s: disk %d, partition %d, %d MB\n",
                dev == DEV_FS ? "files" : "swap", n, i + 1,
                nblocks[dev] / ((1 << 20) / BSIZE));
    }
    return nblocks[dev] != 0;
}

static int
is_boot_table(const struct bootinfo *bi, uint n)
{
    return ide_drive(n) && memcmp(tables[n], bi->parts, TABLESIZE) == 0;
}

static uint
boot_drive(const struct bootinfo *bi)
{
    uint n, bios = bi->bootdrive - BIOSDISK0;

    if (bi->multiboot)
        return 0;
    bios = bios < MAXDRIVE && ide_drive(bios) ? bios : 0;
    if (is_boot_table(bi, bios))
        return bios;
    for (n = 0; n < MAXDRIVE; n++)
        if (is_boot_table(bi, n))
            return n;
    if (tables[bios][0].type == 0)      // we could not read it, the BIOS did
        memcpy(tables[bios], bi->parts, TABLESIZE);
    return bios;
}

static void
find(uint first, uint dev, uchar type)
{
    uint n;

    if (take(first, dev, type))
        return;
    for (n = 0; n < MAXDRIVE; n++)
        if (take(n, dev, type))
            return;
}

static uint
drive_with_files(uint first)
{
    uint n, i;

    for (n = 0; n < MAXDRIVE; n++)
        for (i = 0; i < NPART; i++)
            if (tables[(first + n) % MAXDRIVE][i].type == PART_FS)
                return (first + n) % MAXDRIVE;
    return first;
}

void
disk_init(struct bootinfo *bi, void (*done)(struct page *))
{
    uint n, first;

    fail_disk = bootarg_int("fail.disk", 0);
    fail_write = bootarg_int("fail.write", 0);
    fail_swap = bootarg_int("fail.swap", 0);
    ide_init(done);
    for (n = 0; n < MAXDRIVE && ide_drive(n); n++)
        read_table(ide_drive(n), tables[n]);
    first = drive_with_files(boot_drive(bi));
    find(first, DEV_FS, PART_FS);
    find(first, DEV_SWAP, PART_SWAP);
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
    return fires(&fail_disk) || (pg->iowrite &&
           (fires(&fail_write) || (pg->dev == DEV_SWAP && swap_fails())));
}

void
disk_submit(struct page *pg, int write)
{
    pg->iowrite = write != 0;
    pg->ioerr = 0;
    if (pg->bno >= disk_blocks(pg->dev) || injected(pg)) {
        ide_refuse(pg);
        return;
    }
    atomic_inc(write ? &disk_writes : &disk_reads);
    ide_submit(pg);
}

int
disk_flush(void)
{
    return nblocks[DEV_FS] ? ide_flush(DEV_FS) : -EIO;
}
