// ram.c: which frames are RAM that the allocator may hand out.
//
// The firmware's map (E820) lists entries in any order, which may overlap. Each
// one claims frames: as RAM, or for something else, and then it wins. So do the
// BIOS and the other CPUs' start-up code below LOWRAM, the kernel, and the
// frame table.
//
//     RAM     |-----|   |----------------|
//     other      |--|               |-|
//     answer  ***...    *************...**
//
// What a frame is changes only where some claim starts or stops. So a walk from
// one such place to the next sees all frames.

#include "boot.h"
#include "mmu.h"
#include "memlayout.h"
#include "lib.h"
#include "print.h"
#include "ram.h"

#define MINRAM  0x580000u           // 6 MB less what the firmware may keep
#define LOWRAM  0x10000u
#define VIDEO   0xa0000u            // from here to 1 MB are no programs
#define TOPFRAME (DIRECTTOP >> PGSHIFT)

static struct claim {
    uint start, stop;               // frame numbers
    int isram;
} claims[NE820 + 3];
static uint nclaims;
uint ram_top, ram_frames;

extern char end[];                  // kernel.ld: end of the kernel's bss

static void
claim(uint start, uint stop, int isram)
{
    claims[nclaims++] = (struct claim){ start, stop, isram };
}

// An entry claims RAM in whole frames, as far as the direct map reaches, and
// anything else with all frames that it touches.
static void
claim_entry(const struct e820 *e)
{
    uint64 start = MIN(e->addr, DIRECTTOP);
    uint64 stop = start + MIN(e->len, DIRECTTOP - start);

    if (e->type == E820_RAM)
        claim((start + PGSIZE - 1) >> PGSHIFT, stop >> PGSHIFT, 1);
    else if (stop > start)
        claim(start >> PGSHIFT, (stop + PGSIZE - 1) >> PGSHIFT, 0);
}

// May the allocator have this frame? The same holds up to *stop.
static int
is_ram(uint pfn, uint *stop)
{
    const struct claim *c;
    int ram = 0, other = 0;

    *stop = TOPFRAME;
    for (c = claims; c < claims + nclaims; c++) {
        if (pfn < c->start) {
            *stop = MIN(*stop, c->start);
        } else if (pfn < c->stop) {
            *stop = MIN(*stop, c->stop);
            ram |= c->isram;
            other |= !c->isram;
        }
    }
    return ram && !other;
}

static void
ram_find(const struct bootinfo *info)
{
    uint i, pfn, stop;

    for (i = 0; i < info->ne820; i++)
        claim_entry(&info->e820[i]);
    for (pfn = 0; pfn < TOPFRAME; pfn = stop)
        if (is_ram(pfn, &stop)) {
            ram_frames += stop - pfn;
            ram_top = stop;
        }
}

uint
ram_init(const struct bootinfo *info, uint perframe)
{
    uint floor = PGROUNDUP(V2P(end)) >> PGSHIFT, start = floor, n, pfn, stop;

    claim(0, LOWRAM >> PGSHIFT, 0);
    claim(VIDEO >> PGSHIFT, floor, 0);
    ram_find(info);
    if (ram_top < MINRAM >> PGSHIFT)
        refuse("Teak needs 6 MB of RAM");
    n = PGROUNDUP(ram_top * perframe) >> PGSHIFT;
    for (pfn = floor; pfn < ram_top; pfn = stop) {
        if (!is_ram(pfn, &stop)) {
            start = stop;
        } else if (stop - start >= n) {
            claim(start, start + n, 0);
            ram_frames -= n;
            return start;
        }
    }
    panic("no room for the frame table");
}

uint
ram_next(uint pfn)
{
    uint stop;

    for (; pfn < ram_top && !is_ram(pfn, &stop); pfn = stop)
        ;
    return pfn;
}

int
frame_is_ram(uint pfn)
{
    uint stop;

    return is_ram(pfn, &stop);
}
