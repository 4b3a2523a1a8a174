// alloc.c: allocation of blocks and inodes: three bitmaps on the disk.
//
// A bitmap is changed word by word with atomic instructions, as part of a
// transaction; no lock is needed. Blocks are handed out next-fit, so that a
// file written in one go lies in one piece; a block freed by a transaction
// that has not committed is passed over (log.c). Inodes are handed out lowest
// first.
//
// Bits below datastart are the file system's own; they are never looked at,
// so a damaged bitmap cannot make a file own the log.
//
// Nothing here fails halfway: an operation that frees something first keeps
// the bitmap block, and freeing then cannot fail.

#include "errno.h"
#include "lib.h"
#include "print.h"
#include "kalloc.h"
#include "disk.h"
#include "cache.h"
#include "log.h"
#include "op.h"
#include "alloc.h"

#define FULL  0xffffffffu
#define NINDEX 4                    // index blocks a few file blocks touch

struct superblock super;

static struct {
    volatile uint nfree;            // only counted up, both: the difference
    volatile uint used;             // is free
    volatile uint bhint;            // where to look first: only hints
    volatile uint ihint;
} space;

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

// The part of bitmap block i that stands for data blocks: bits [*from, *to).
static void
data_bits(uint i, uint *from, uint *to)
{
    uint base = i * BPB;

    *from = super.datastart > base ? super.datastart - base : 0;
    *from = MIN(*from, BPB);
    *to = super.nblocks > base ? MIN(super.nblocks - base, BPB) : 0;
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
count_free(void)
{
    uint i, from, to;
    struct page *pg;
    int err;

    for (i = 0; i < super.nbmap; i++) {
        if ((err = bread(DEV_FS, super.bmapstart + i, &pg)) < 0)
            return err;
        data_bits(i, &from, &to);
        space.nfree += count_zeroes(page_kva(pg), from, to);
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
    space.bhint = super.datastart;
    space.ihint = ROOTINO + 1;
    return count_free();
}

uint
blocks_free(void)
{
    uint nfree = space.nfree, used = space.used;

    return (int)(nfree - used) > 0 ? nfree - used : 0;
}

int
block_valid(uint bno)
{
    return bno >= super.datastart && bno < super.nblocks;
}

uint
credits_for(uint n)
{
    return 1 + NINDEX + MIN(n + 3, super.nbmap);
}

// Set a bit that was found clear. 0: somebody was quicker.
static int
grab(struct page *pg, uint bit)
{
    volatile uint *word = (uint *)page_kva(pg) + bit / 32;
    uint old = *word, mask = 1u << bit % 32;

    if ((old & mask) || cmpxchg(word, old, old | mask) != old)
        return 0;
    log_write(pg);
    return 1;
}

// The same for block `bno`. One freed by a transaction that is not committed
// is left alone; it may have been taken and freed again while we looked.
static int
grab_block(struct page *pg, uint bno)
{
    if (log_awaits_commit(bno) || !grab(pg, bno % BPB))
        return 0;
    if (!log_awaits_commit(bno))
        return 1;
    atomic_and((uint *)page_kva(pg) + bno % BPB / 32, ~(1u << bno % 32));
    return 0;
}

// Look through one bitmap block from bit `from`; take what is free.
static int
take_bit(uint i, uint from, uint *bno)
{
    uint first, to;
    struct page *pg;
    int bit, err;

    if ((err = bread(DEV_FS, super.bmapstart + i, &pg)) < 0)
        return err;
    data_bits(i, &first, &to);
    bit = bits_find_zero(page_kva(pg), MAX(from, first), to);
    while (bit >= 0 && !grab_block(pg, i * BPB + bit))
        bit = bits_find_zero(page_kva(pg), bit + 1, to);
    page_put(pg);
    if (bit < 0)
        return -ENOSPC;
    *bno = i * BPB + bit;
    atomic_inc(&space.used);
    space.bhint = *bno + 1;
    return 0;
}

int
balloc(uint *bno)
{
    uint hint = space.bhint, first, i;
    int err = -ENOSPC;

    if (blocks_free() == 0)
        return -ENOSPC;
    first = hint / BPB % super.nbmap;
    for (i = 0; i <= super.nbmap && err == -ENOSPC; i++)
        err = take_bit((first + i) % super.nbmap, i ? 0 : hint % BPB, bno);
    return err;
}

int
bfree_keep(struct op *op, uint bno)
{
    struct page *pg;

    return op_block(op, super.bmapstart + bno / BPB, &pg);
}

// Clear or set a bit in a bitmap block. 1 if it changed.
static int
flip(struct page *pg, uint bit, int on)
{
    uint mask = 1u << bit % 32, *word, old;

    word = (uint *)page_kva(pg) + bit / 32;
    old = *word;
    if (on)
        atomic_or(word, mask);
    else
        atomic_and(word, ~mask);
    log_write(pg);
    return on ? !(old & mask) : (old & mask) != 0;
}

// The same in a block that this transaction has changed already.
static int
clear_again(uint bno, uint bit)
{
    struct page *pg;
    int err = bread(DEV_FS, bno, &pg), changed;

    assert(err == 0);               // logged, so it is in memory
    changed = flip(pg, bit, 0);
    page_put(pg);
    return changed;
}

void
bfree(struct op *op, uint bno)
{
    bforget(DEV_FS, bno);
    log_freed(bno);                 // before anyone can see the bit clear
    if (flip(op_kept(op, super.bmapstart + bno / BPB), bno % BPB, 0))
        atomic_inc(&space.nfree);
}

void
balloc_undo(uint bno)
{
    bforget(DEV_FS, bno);
    if (clear_again(super.bmapstart + bno / BPB, bno % BPB))
        atomic_inc(&space.nfree);
}

// The root's bit and those below it are never looked at.
static int
take_inum(uint from, uint *inum)
{
    uint i, to;
    struct page *pg;
    int bit = -1, err;

    for (i = from / BPB; i * BPB < super.ninodes && bit < 0; i++) {
        if ((err = bread(DEV_FS, super.imapstart + i, &pg)) < 0)
            return err;
        to = MIN(super.ninodes - i * BPB, BPB);
        bit = i == from / BPB ? from % BPB : 0;
        do {
            bit = bits_find_zero(page_kva(pg), bit, to);
        } while (bit >= 0 && !grab(pg, bit));
        page_put(pg);
        *inum = i * BPB + bit;
    }
    return bit >= 0 ? 0 : -ENOSPC;
}

int
inum_alloc(uint *inum)
{
    int err = take_inum(space.ihint, inum);

    if (err == -ENOSPC)
        err = take_inum(ROOTINO + 1, inum);
    if (err == 0)
        space.ihint = *inum + 1;
    return err;
}

static void
lower_hint(uint inum)
{
    if (inum < space.ihint)
        space.ihint = inum;
}

void
inum_free(struct op *op, uint inum)
{
    flip(op_kept(op, super.imapstart + inum / BPB), inum % BPB, 0);
    lower_hint(inum);
}

void
inum_undo(uint inum)
{
    clear_again(super.imapstart + inum / BPB, inum % BPB);
    lower_hint(inum);
}

int
inum_keep(struct op *op, uint inum)
{
    struct page *pg;
    int err = op_block(op, super.imapstart + inum / BPB, &pg);

    if (err < 0)
        return err;
    return op_block(op, super.omapstart + inum / BPB, &pg);
}

void
orphan_mark(struct op *op, uint inum, int orphan)
{
    flip(op_kept(op, super.omapstart + inum / BPB), inum % BPB, orphan);
}

int
orphan_next(uint inum)
{
    struct page *pg;
    uint i, to;
    int bit, err;

    for (i = inum / BPB; i * BPB < super.ninodes; i++) {
        if ((err = bread(DEV_FS, super.omapstart + i, &pg)) < 0)
            return err;
        to = MIN(super.ninodes - i * BPB, BPB);
        bit = bits_find_one(page_kva(pg), i == inum / BPB ? inum % BPB : 0,
                            to);
        page_put(pg);
        if (bit >= 0)
            return i * BPB + bit;
    }
    return 0;
}
