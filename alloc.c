// alloc.c: allocation of blocks and inodes: three bitmaps on the disk.
//
// A bitmap is changed as part of a transaction; one lock guards the bits of
// all. Blocks are handed out next-fit, so that a file written in one go lies
// in one piece; a block freed by a transaction that has not committed is
// passed over (log.c). Inodes are handed out lowest first.
//
// Bits below datastart are the file system's own; they are never looked at,
// so a damaged bitmap cannot make a file own the log.
//
// Nothing here fails halfway: an operation that frees something first keeps
// the bitmap block, and freeing then cannot fail.

#include "errno.h"
#include "lib.h"
#include "print.h"
#include "spinlock.h"
#include "kalloc.h"
#include "disk.h"
#include "cache.h"
#include "log.h"
#include "op.h"
#include "alloc.h"

#define FULL  0xffffffffu
#define NINDEX 5                    // index blocks that a few file blocks
                                    // touch, and room for NEWBLOCKS
#define NEWBLOCKS 2                 // kept for an allocation: what is new and
                                    // its bitmap block

struct superblock super;

static struct bitmap {
    uint start;                     // where it lies on the disk
    uint first, end;                // bits [first, end) may change

    /* guarded by bitlock, as the bits are */
    uint hint;                      // where to look first for a clear one
    uint nclear;
} blocks, inodes, orphans;

static struct spinlock bitlock = SPINLOCK("bitmaps", RANK_ALLOC);

// The first bit in [from, to) that differs from `other` (0 or FULL).
static int
find_bit(const uint *map, uint from, uint to, uint other)
{
    uint i, word, bit;

    for (i = from / 32; i * 32 < to; i++) {
        word = map[i] ^ other;
        if (i == from / 32)
            word &= FULL << from % 32;
        if (word) {
            bit = i * 32 + __builtin_ctz(word);
            return bit < to ? (int)bit : -1;
        }
    }
    return -1;
}

int
bits_find_zero(const uint *map, uint from, uint to)
{
    return find_bit(map, from, to, FULL);
}

int
bits_find_one(const uint *map, uint from, uint to)
{
    return find_bit(map, from, to, 0);
}

// In the bitmap's block that has bit n: where do those that may change end?
static uint
bits_end(const struct bitmap *m, uint n)
{
    return MIN(m->end - n / BPB * BPB, BPB);
}

static uint
count_zeroes(const uint *map, uint from, uint to)
{
    uint n = 0;

    while (from < to) {
        if (from % 32 == 0 && to - from >= 32 && map[from / 32] == 0) {
            n += 32;
            from += 32;
        } else {
            n += !(map[from / 32] >> from % 32 & 1);
            from++;
        }
    }
    return n;
}

static int
count_free(struct bitmap *m)
{
    struct page *pg;
    uint n;
    int err;

    for (n = m->first; n < m->end; n = (n / BPB + 1) * BPB) {
        if ((err = bread(DEV_FS, m->start + n / BPB, &pg)) < 0)
            return err;
        m->nclear += count_zeroes(page_kva(pg), n % BPB, bits_end(m, n));
        page_put(pg);
    }
    return 0;
}

int
alloc_init(void)
{
    const char *fault;
    struct page *pg;
    int err;

    if (disk_blocks(DEV_FS) == 0)
        return -ENXIO;
    if ((err = bread(DEV_FS, 0, &pg)) < 0)
        return err;
    memcpy(&super, page_kva(pg), sizeof super);
    page_put(pg);
    if ((fault = super_fault(&super, disk_blocks(DEV_FS))) != 0) {
        cprintf("fs: bad superblock: %s\n", fault);
        return -EINVAL;
    }
    if ((err = log_init(&super)) < 0)
        return err;
    blocks = (struct bitmap){ super.bmapstart, super.datastart,
                              super.nblocks, super.datastart, 0 };
    inodes = (struct bitmap){ super.imapstart, ROOTINO + 1, super.ninodes,
                              ROOTINO + 1, 0 };
    orphans = (struct bitmap){ .start = super.omapstart,
                               .end = super.ninodes };
    return count_free(&blocks);
}

uint
blocks_free(void)
{
    return blocks.nclear;
}

uint
credits_for(uint n)
{
    return 1 + NINDEX + MIN(n + 3, super.nbmap);
}

// Set the first clear bit of a bitmap block from bit n on that is not one of
// a block whose freeing awaits its commit. Which, or -1.
static int
bit_take(struct bitmap *m, uint *map, uint n)
{
    uint base = n / BPB * BPB, end = bits_end(m, n);
    int bit;

    acquire(&bitlock);
    bit = bits_find_zero(map, n % BPB, end);
    while (bit >= 0 && m == &blocks && log_awaits_commit(base + bit))
        bit = bits_find_zero(map, bit + 1, end);
    if (bit >= 0) {
        map[bit / 32] |= 1u << bit % 32;
        m->hint = base + bit + 1;
        m->nclear--;
    }
    release(&bitlock);
    return bit;
}

// The same from bit n to the bitmap's end. The block is kept.
static int
map_take_from(struct op *op, struct bitmap *m, uint n, uint *found)
{
    struct page *pg;
    int bit = -1, err;

    for (; n < m->end && bit < 0; n = (n / BPB + 1) * BPB) {
        if ((err = bread(DEV_FS, m->start + n / BPB, &pg)) < 0)
            return err;
        if ((bit = bit_take(m, page_kva(pg), n)) >= 0) {
            *found = n / BPB * BPB + bit;
            log_write(pg);
            op_take(op, pg);
        } else {
            page_put(pg);
        }
    }
    return bit < 0 ? -ENOSPC : 0;
}

static int
map_take(struct op *op, struct bitmap *m, uint *found)
{
    int err;

    if (!op_room(op, NEWBLOCKS))
        return -ERESTART;
    err = map_take_from(op, m, m->hint, found);
    return err == -ENOSPC ? map_take_from(op, m, m->first, found) : err;
}

// Set or clear bit n; its block is kept.
static void
map_set(struct op *op, struct bitmap *m, uint n, int on)
{
    struct page *pg = op_kept(op, m->start + n / BPB);
    uint *word = (uint *)page_kva(pg) + n % BPB / 32, mask = 1u << n % 32;

    acquire(&bitlock);
    if (!on && (*word & mask))
        m->nclear++;
    *word = on ? *word | mask : *word & ~mask;
    if (m == &inodes && n < m->hint)
        m->hint = n;
    release(&bitlock);
    log_write(pg);
}

// Keep the block of bit n, for map_set().
static int
map_keep(struct op *op, const struct bitmap *m, uint n)
{
    struct page *pg;

    return op_block(op, m->start + n / BPB, &pg);
}

int
balloc(struct op *op, uint *bno)
{
    return blocks.nclear ? map_take(op, &blocks, bno) : -ENOSPC;
}

int
bfree_keep(struct op *op, uint bno)
{
    return map_keep(op, &blocks, bno);
}

void
bfree(struct op *op, uint bno)
{
    bforget(DEV_FS, bno);
    log_freed(bno);                 // before anyone can see the bit clear
    map_set(op, &blocks, bno, 0);
}

int
inum_alloc(struct op *op, uint *inum)
{
    return map_take(op, &inodes, inum);
}

void
inum_free(struct op *op, uint inum)
{
    map_set(op, &inodes, inum, 0);
}

int
inum_keep(struct op *op, uint inum)
{
    int err = map_keep(op, &inodes, inum);

    return err < 0 ? err : map_keep(op, &orphans, inum);
}

void
orphan_mark(struct op *op, uint inum, int orphan)
{
    map_set(op, &orphans, inum, orphan);
}

int
orphan_next(uint inum)
{
    struct page *pg;
    int bit, err;

    for (; inum < orphans.end; inum = (inum / BPB + 1) * BPB) {
        if ((err = bread(DEV_FS, orphans.start + inum / BPB, &pg)) < 0)
            return err;
        bit = bits_find_one(page_kva(pg), inum % BPB,
                            bits_end(&orphans, inum));
        page_put(pg);
        if (bit >= 0)
            return inum / BPB * BPB + bit;
    }
    return 0;
}
