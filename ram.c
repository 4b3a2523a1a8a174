// ram.c: which frames are RAM that the allocator may hand out.
//
// The firmware's map (E820) lists entries in any order, which may overlap. Of
// them come ranges of whole frames, in order and apart: RAM, less what is
// reserved, what the BIOS and the other CPUs' start-up code keep below
// LOWRAM, the kernel and the frame table.

#include "boot.h"
#include "mmu.h"
#include "memlayout.h"
#include "lib.h"
#include "print.h"
#include "ram.h"

#define MINRAM  0x580000u           // 6 MB less what the firmware may keep
#define LOWRAM  0x10000u
#define VIDEO   0xa0000u            // from here to 1 MB are no programs

static struct span {
    uint start, stop;               // frame numbers
} ram[NE820 + 2];
static uint nram;

extern char end[];                  // kernel.ld: end of the kernel's bss

// Take [start, stop) out of the RAM ranges.
static void
ram_remove(uint start, uint stop)
{
    struct span *s;
    uint i, n = nram;

    for (i = 0; i < n; i++) {
        s = &ram[i];
        if (stop <= s->start || s->stop <= start)
            continue;
        if (s->start < start && stop < s->stop) {
            memmove(s + 2, s + 1, (nram - i - 1) * sizeof *s);
            nram++;
            n++;
            s[1] = (struct span){ stop, s->stop };
            s->stop = start;
        } else if (s->start < start)
            s->stop = start;
        else
            s->start = MIN(stop, s->stop);
    }
}

// Where an entry ends, as far as the direct map reaches.
static uint64
e820_end(const struct e820 *e)
{
    uint64 end = e->addr + e->len;

    return end < e->addr || end > DIRECTTOP ? DIRECTTOP : end;
}

// Put one entry's whole frames among the ranges, by address. Firmware lists
// entries in any order and may let them overlap: those that meet become one.
static void
ram_add(const struct e820 *e)
{
    struct span s;
    uint i, n;

    if (e->addr >= DIRECTTOP)
        return;
    s.start = (uint)(e->addr + PGSIZE - 1) >> PGSHIFT;
    s.stop = (uint)e820_end(e) >> PGSHIFT;
    if (s.start >= s.stop)
        return;
    for (i = 0; i < nram && ram[i].stop < s.start; i++)
        ;
    for (n = i; n < nram && ram[n].start <= s.stop; n++) {
        s.start = MIN(s.start, ram[n].start);
        s.stop = MAX(s.stop, ram[n].stop);
    }
    memmove(&ram[i + 1], &ram[n], (nram - n) * sizeof s);   // i..n-1 are in s
    nram += i + 1 - n;
    ram[i] = s;
}

// One range more per entry at most, and two more are made behind it.
static void
ram_find(const struct bootinfo *info)
{
    const struct e820 *e, *last = info->e820 + info->ne820;

    for (e = info->e820; e < last; e++)
        if (e->type == E820_RAM)
            ram_add(e);
    for (e = info->e820; e < last; e++)         // reserved wins over RAM
        if (e->type != E820_RAM && e->addr < DIRECTTOP && e->len > 0)
            ram_remove((uint)e->addr >> PGSHIFT,
                       (uint)(e820_end(e) + PGSIZE - 1) >> PGSHIFT);
}

uint
ram_init(const struct bootinfo *info, uint perframe)
{
    uint floor = PGROUNDUP(V2P(end)) >> PGSHIFT, n, i, start;

    ram_find(info);
    if (nram == 0 || ram_top() < MINRAM >> PGSHIFT)
        refuse("Teak needs 6 MB of RAM");
    n = PGROUNDUP(ram_top() * perframe) >> PGSHIFT;
    for (i = 0; i < nram; i++) {
        start = MAX(ram[i].start, floor);
        if (start < ram[i].stop && ram[i].stop - start >= n) {
            ram_remove(0, LOWRAM >> PGSHIFT);
            ram_remove(VIDEO >> PGSHIFT, floor);
            ram_remove(start, start + n);
            return start;
        }
    }
    panic("no room for the frame table");
}

uint
ram_top(void)
{
    return ram[nram - 1].stop;
}

uint
ram_frames(void)
{
    uint i, n = 0;

    for (i = 0; i < nram; i++)
        n += ram[i].stop - ram[i].start;
    return n;
}

uint
ram_next(uint pfn)
{
    uint i;

    for (i = 0; i < nram; i++)
        if (pfn < ram[i].stop && ram[i].start < ram[i].stop)
            return MAX(pfn, ram[i].start);
    return ram_top();
}

int
frame_is_ram(uint pfn)
{
    return pfn < ram_top() && ram_next(pfn) == pfn;
}
