// swap.c: swap slots.
//
// Swapping a page out gives its frame an identity, (DEV_SWAP, slot), in the
// cache; from then on it is an ordinary dirty cached frame that the disk
// queue writes and the clock evicts. PTEs name the slot. Swapping in finds
// the frame in the cache or reads it; when the last PTE names the frame again
// the slot is free, and the frame leaves the cache.
//
//     map      a bit for each slot: in use. One word is a cluster of 32.
//     counts   PTEs naming each slot, in frames taken when first needed
//
// Slots are given out along the disk: a free cluster is used from its first
// slot to its last, so the neighbours of a page in memory become neighbours
// on the disk, are written in one command, and are read ahead together. When
// no cluster is wholly free, single slots are taken in turn.
//
// One lock, the cache's, guards slots and their frames together. So the three
// events that end or begin a slot's use exclude each other:
//
//     swap_out     the reclaimer takes a page: the slot of its frame gets one
//                  more PTE, or a new slot gets the frame
//     slot_put     the last PTE goes: the frame is dropped and the slot free,
//                  unless the frame is being read or written
//     slot_unused  such a transfer ends, or is to begin (the cache asks): if no
//                  PTE names the slot the cache drops or takes no frame for it,
//                  and it is free

#include "lib.h"
#include "print.h"
#include "spinlock.h"
#include "bootarg.h"
#include "kalloc.h"
#include "disk.h"
#include "cache.h"
#include "swap.h"

#define CLUSTER   32                // slots in a word of the map
#define MAPWORDS  (PGSIZE / sizeof(uint))
#define MAPSLOTS  (MAPWORDS * CLUSTER)
#define MAXSLOTS  (1u << 20)        // a PTE has 20 bits for a slot: 4 GB
#define MAXMAP    (MAXSLOTS / MAPSLOTS)     // frames of map
#define MBSLOTS   ((1u << 20) / PGSIZE)     // slots in a megabyte
#define AHEAD      16               // slots read at once,
#define AHEADLESS  4                // and when fewer than so many frames are
#define AHEADSPARE 64               // spare

struct slot {
    uint ref;                       // PTEs: one process may have many
    uint recount;                   // PTEs found, since the last check
};
#define PERCOUNT (PGSIZE / sizeof(struct slot))
#define MAXCOUNT (MAXSLOTS / PERCOUNT)      // frames of counts

static struct {
    uint total, free;
    uint nwords;                    // of the map
    uint at;                        // word that slots are taken from now,
    uint whole;                     // which was wholly free; how many are
    uint *map[MAXMAP];
    struct slot *counts[MAXCOUNT];
    uint nframes;
} swap;                             // all guarded by cache_lock

volatile uint swap_ins, swap_outs;
volatile int fail_slot;

static uint *
map_word(uint w)
{
    return &swap.map[w / MAPWORDS][w % MAPWORDS];
}

static struct slot *
slot_of(uint slot)
{
    assert(slot > 0 && slot / PERCOUNT < MAXCOUNT &&
           swap.counts[slot / PERCOUNT]);
    return &swap.counts[slot / PERCOUNT][slot % PERCOUNT];
}

static void
slot_free(uint slot)
{
    uint *word = map_word(slot / CLUSTER), bit = 1u << slot % CLUSTER;

    if ((*word & bit) == 0)
        return;
    *word &= ~bit;
    swap.free++;
    swap.whole += *word == 0;
}

int
slot_unused(uint slot)
{
    if (slot_of(slot)->ref > 0)
        return 0;
    slot_free(slot);
    return 1;
}

void
swap_init(void)
{
    uint have = disk_blocks(DEV_SWAP), n = MIN(have, MAXSLOTS), i;

    if (have > MAXSLOTS)
        cprintf("swap: %u MB used, the other %u MB are not\n",
                MAXSLOTS / MBSLOTS, (have - MAXSLOTS) / MBSLOTS);
    fail_slot = bootarg_int("fail.slot", 0);
    swap.nwords = n / CLUSTER;      // what is left of a cluster is not used
    for (i = 0; i * MAPWORDS < swap.nwords; i++)
        if ((swap.map[i] = kalloc_zeroed()) == 0)
            panic("no memory for the map of swap");
    if (swap.nwords == 0)
        return;
    *map_word(0) = 1;               // slot 0
    swap.total = swap.free = swap.nwords * CLUSTER - 1;
    swap.whole = swap.nwords - 1;
}

uint
slots_free(void)
{
    return swap.free;
}

uint
slots_total(void)
{
    return swap.total;
}

uint
swap_frames(void)
{
    return swap.nframes;
}

// ---- giving out ----

// The next word with a free slot: a wholly free one while there are any.
static uint
next_word(void)
{
    uint w = swap.at;

    do
        w = w + 1 < swap.nwords ? w + 1 : 0;
    while (swap.whole > 0 ? *map_word(w) != 0 : *map_word(w) == ~0u);
    return w;
}

// The counts of the slots of a word exist.
static int
counts_ready(uint w)
{
    struct slot **c = &swap.counts[w * CLUSTER / PERCOUNT];

    if (*c == 0 && (*c = kalloc_zeroed()) != 0)
        swap.nframes++;
    return *c != 0;
}

// 0: there is none.
static uint
slot_alloc(void)
{
    uint slot, *word;

    if (fires(&fail_slot) || swap.free == 0 || bwrites_fail(DEV_SWAP))
        return 0;
    if (*map_word(swap.at) == ~0u)
        swap.at = next_word();
    if (!counts_ready(swap.at))
        return 0;
    word = map_word(swap.at);
    slot = swap.at * CLUSTER + __builtin_ctz(~*word);
    swap.whole -= *word == 0;
    *word |= 1u << slot % CLUSTER;
    swap.free--;
    return slot;
}

void
slot_get(uint slot)
{
    acquire(&cache_lock);
    slot_of(slot)->ref++;
    release(&cache_lock);
}

void
slot_put(uint slot)
{
    acquire(&cache_lock);
    assert(slot_of(slot)->ref > 0, F5);
    if (--slot_of(slot)->ref == 0 && swap_cache_drop(slot))
        slot_free(slot);
    release(&cache_lock);
}

// ---- moving pages ----

// A slot has its frame in the cache as soon as it is in use: whoever reads
// ahead would else find one in use that is not cached, and read it.
uint
swap_out(struct page *pg, int *fresh)
{
    uint slot;

    acquire(&cache_lock);
    *fresh = pg->dev != DEV_SWAP;
    slot = *fresh ? slot_alloc() : pg->bno;
    if (slot) {
        slot_of(slot)->ref++;
        if (*fresh)
            swap_cache_add(pg, slot);
        swap_outs++;
    }
    release(&cache_lock);
    return slot;
}

// Neighbours are read with it: those in use among the n aligned ones that it
// belongs to. (Slot 0 is nobody's, and has no count.)
int
swap_fetch(uint slot)
{
    uint n = frames_spare() > AHEADSPARE ? AHEAD : AHEADLESS;
    struct page *pg = incore(DEV_SWAP, slot);
    int err = 0;

    if (pg == 0) {
        breadahead(DEV_SWAP, MAX(slot - slot % n, 1), n);
        err = bread(DEV_SWAP, slot, &pg);
    }
    if (err == 0)
        page_put(pg);
    return err;
}

int
swap_in(uint slot, struct page **pp)
{
    int err;

    if ((err = bread(DEV_SWAP, slot, pp)) < 0)
        return err;
    slot_put(slot);
    atomic_inc(&swap_ins);
    return 0;
}

// ---- the checker ----

int
swap_recount(uint slot)
{
    if (slot == 0 || slot >= swap.nwords * CLUSTER ||
        swap.counts[slot / PERCOUNT] == 0)
        return 0;
    slot_of(slot)->recount++;
    return 1;
}

uint
swap_check(void)
{
    uint slot, used, bad = 0;
    struct slot *s;

    for (slot = 1; slot < swap.nwords * CLUSTER; slot++) {
        if (swap.counts[slot / PERCOUNT] == 0)
            continue;
        s = slot_of(slot);
        used = *map_word(slot / CLUSTER) >> slot % CLUSTER & 1;
        bad += s->ref != s->recount;
        bad += used != (s->ref > 0);
        s->recount = 0;
    }
    return bad;
}
