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
#include "fs.h"
#include "info.h"

#define FULL  0xffffffffu
// Blocks that an operation keeps when a few blocks of a file come or go.
#define NINDEX 3                    // index blocks that are touched
#define NBITMAP (FEWBLOCKS + 2)     // bitmap blocks; two for index blocks
#define NEWBLOCKS 2                 // room for each allocation: what is new and
                                    // its bitmap block

struct superblock super;

struct bitmap {
    uint start;                     // where it lies on the disk
    uint first, end;                // bits [first, end) may change

    /* guarded by bitlock, as the bits are */
    uint hint;                      // where to look first for a clear one
    uint nclear;
};

struct bitmap block_map, inode_map, orphan_map;

static struct spinlock bitlock = SPINLOCK("bitmaps", RANK_ALLOC);

// The first bit in [from, to) of that value, or `to`: there is none.
static uint
find_bit(const uint *map, uint from, uint to, int value)
{
    uint flip = value ? 0 : FULL, i, word;

    for (i = from / 32; i * 32 < to; i++) {
        word = map[i] ^ flip;
        if (i == from / 32)
            word &= FULL << from % 32;
        if (word)
            return MIN(i * 32 + __builtin_ctz(word), to);
    }
    return to;
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
    uint n = 0, begin;

    while ((begin = find_bit(map, from, to, 0)) < to) {
        from = find_bit(map, begin, to, 1);
        n += from - begin;
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
    block_map = (struct bitmap){ super.bmapstart, super.datastart,
                              super.nblocks, super.datastart, 0 };
    inode_map = (struct bitmap){ super.imapstart, ROOTINO + 1, super.ninodes,
                              ROOTINO + 1, 0 };
    orphan_map = (struct bitmap){ .start = super.omapstart,
                               .end = super.ninodes };
    err = count_free(&block_map);
    return err < 0 ? err : count_free(&inode_map);
}

void
fs_space(struct sysinfo *s)
{
    s->blocks = super.nblocks - super.datastart;
    s->blocksfree = block_map.nclear;
    s->inodes = inode_map.end - inode_map.first;
    s->inodesfree = inode_map.nclear;
}

uint
blocks_free(void)
{
    return block_map.nclear;
}

uint
file_credits(void)
{
    return 1 + NINDEX + MIN(NBITMAP, super.nbmap) + NEWBLOCKS;
}

// Set the first clear bit of a bitmap block from bit n on that is not one of
// a block whose freeing awaits its commit. Which, or 0: there is none.
static uint
take_in_block(struct bitmap *m, uint *map, uint n)
{
    uint base = n / BPB * BPB, end = bits_end(m, n), bit;

    acquire(&bitlock);
    bit = find_bit(map, n % BPB, end, 0);
    while (bit < end && m == &block_map && log_awaits_commit(base + bit))
        bit = find_bit(map, bit + 1, end, 0);
    if (bit < end) {
        map[bit / 32] |= 1u << bit % 32;
        m->hint = base + bit + 1;
        m->nclear--;
    }
    release(&bitlock);
    return bit < end ? base + bit : 0;
}

// The same from bit n to the bitmap's end. The block is kept.
static int
take_from(struct op *op, struct bitmap *m, uint n, uint *found)
{
    struct page *pg;
    int err;

    for (; n < m->end; n = (n / BPB + 1) * BPB) {
        if ((err = bread(DEV_FS, m->start + n / BPB, &pg)) < 0)
            return err;
        if ((*found = take_in_block(m, page_kva(pg), n)) != 0) {
            log_write(pg);
            op_take(op, pg);
            return 0;
        }
        page_put(pg);
    }
    return -ENOSPC;
}

int
map_take(struct op *op, struct bitmap *m, uint *n)
{
    int err;

    if (!op_room(op, NEWBLOCKS))
        return -ERESTART;
    err = take_from(op, m, m->hint, n);
    return err == -ENOSPC ? take_from(op, m, m->first, n) : err;
}

int
map_keep(struct op *op, const struct bitmap *m, uint n)
{
    struct page *pg;

    return op_block(op, m->start + n / BPB, &pg);
}

void
map_set(struct op *op, struct bitmap *m, uint n, int on)
{
    struct page *pg = op_kept(op, m->start + n / BPB);
    uint *word = (uint *)page_kva(pg) + n % BPB / 32, mask = 1u << n % 32;

    acquire(&bitlock);
    if (!on && (*word & mask))
        m->nclear++;
    *word = on ? *word | mask : *word & ~mask;
    if (m == &inode_map && n < m->hint)
        m->hint = n;
    release(&bitlock);
    log_write(pg);
}

int
balloc(struct op *op, uint *bno)
{
    return block_map.nclear ? map_take(op, &block_map, bno) : -ENOSPC;
}

void
balloc_undo(struct op *op, uint bno)
{
    bforget(DEV_FS, bno);
    map_set(op, &block_map, bno, 0);
}

void
bfree(struct op *op, uint bno)
{
    log_freed(bno);                 // before anyone can see the bit clear
    balloc_undo(op, bno);
}

int
inum_keep(struct op *op, uint inum)
{
    int err = map_keep(op, &inode_map, inum);

    return err < 0 ? err : map_keep(op, &orphan_map, inum);
}

int
orphan_next(uint inum)
{
    struct page *pg;
    uint bit, end;
    int err;

    for (; inum < orphan_map.end; inum = (inum / BPB + 1) * BPB) {
        if ((err = bread(DEV_FS, orphan_map.start + inum / BPB, &pg)) < 0)
            return err;
        end = bits_end(&orphan_map, inum);
        bit = find_bit(page_kva(pg), inum % BPB, end, 1);
        page_put(pg);
        if (bit < end)
            return inum / BPB * BPB + bit;
    }
    return 0;
}
