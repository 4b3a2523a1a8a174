// damage.c: damages a file system as only somebody can who knows its format.
//
//     damage [-s SEED] [-n COUNT] [--fs-offset BYTES] IMAGE
//
// IMAGE is a disk with partitions or a bare file system, as for fsck. COUNT
// places (1) are changed, in place; the same seed (1) always chooses the same
// ones. One line on standard output for each. Status 0, or 1: no file system.
//
// The kinds of damage stand in a table below. What is written is sometimes
// noise, more often what a check could overlook: the extremes, one more and
// one less, one bit, a number that is right elsewhere; and the log is forged
// with its sum, so that it is replayed.

#define _FILE_OFFSET_BITS 64
#include <stdio.h>
#include <stdlib.h>
#include <stdarg.h>
#include <string.h>
#include "../types.h"
#include "../stat.h"
#include "../boot.h"
#include "../fsformat.h"

#define PARTITIONS 446              // the table's place in the first sector
#define PARTSIZE   16
#define NSUPER     (sizeof(struct superblock) / sizeof(uint))
#define NPOINTER   (NDIRECT + 2)    // block pointers of an inode
#define FIRSTPOINTER 4              // the word where they begin
#define MOSTFORGED 6                // blocks of a forged transaction

static struct {
    FILE  *file;
    long long start;                // of the file system, in bytes
    uint  random;
    struct superblock sb;
} dm;

// An inode and a word or halfword of it; or a block of a file.
struct victim {
    uint inum, bno;
    struct dinode d;
};

static void __attribute__((noreturn))
dm_die(const char *why)
{
    fprintf(stderr, "damage: %s\n", why);
    exit(1);
}

static void
dm_say(const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    vprintf(fmt, ap);
    va_end(ap);
    printf("\n");
}

// Below n, which is not 0.
static uint
dm_random(uint n)
{
    dm.random ^= dm.random << 13;
    dm.random ^= dm.random >> 17;
    dm.random ^= dm.random << 5;
    return dm.random % n;
}

static void
dm_transfer(long long at, void *buf, size_t n, int write)
{
    size_t done;

    if (fseeko(dm.file, at, SEEK_SET) != 0)
        dm_die("cannot seek in the image");
    done = write ? fwrite(buf, 1, n, dm.file) : fread(buf, 1, n, dm.file);
    if (done < n && (write || ferror(dm.file)))
        dm_die("cannot read or write the image");
    memset((char *)buf + done, 0, n - done);
}

static void
dm_read(uint bno, void *buf)
{
    dm_transfer(dm.start + (long long)bno * BSIZE, buf, BSIZE, 0);
}

static void
dm_write(uint bno, void *buf)
{
    dm_transfer(dm.start + (long long)bno * BSIZE, buf, BSIZE, 1);
}

// What to write.

static uint
strange(uint old)
{
    const uint list[] = {
        0, 1, 2, 3, 15, 16, 31, 32, BSIZE - 1, BSIZE, 0x7fff, 0x8000, 0xffff,
        0x10000, MAXFILE - 1, MAXFILE, 0x80000000u, 0xfffffffeu, 0xffffffffu,
        dm.sb.nblocks, dm.sb.nblocks - 1, dm.sb.datastart,
        dm.sb.datastart - 1, dm.sb.logstart, dm.sb.bmapstart,
        dm.sb.inodestart, dm.sb.ninodes, dm.sb.ninodes - 1, old + 1, old - 1,
        old + BSIZE, old * 2, old / 2, old ^ 0x10000,
    };

    switch (dm_random(4)) {
    case 0:
        return old ^ 1u << dm_random(32);
    case 1:
        return dm_random(0xffffffffu);
    default:
        return list[dm_random(sizeof list / sizeof *list)];
    }
}

// Where to write.

// One of the inodes in use, of this type or, for 0, of any. 0: there is none.
static int
pick_inode(uint type, struct victim *v)
{
    static struct dinode table[INOPB];
    uint inum, seen = 0;

    for (inum = 0; inum < dm.sb.ninodes; inum++) {
        if (inum % INOPB == 0)
            dm_read(dm.sb.inodestart + inum / INOPB, table);
        if (table[inum % INOPB].type == 0 ||
            (type && table[inum % INOPB].type != type))
            continue;
        if (dm_random(++seen) == 0) {
            v->inum = inum;
            v->d = table[inum % INOPB];
        }
    }
    return seen > 0;
}

static void
put_inode(const struct victim *v)
{
    struct dinode table[INOPB];

    dm_read(dm.sb.inodestart + v->inum / INOPB, table);
    table[v->inum % INOPB] = v->d;
    dm_write(dm.sb.inodestart + v->inum / INOPB, table);
}

static uint *
pointers(struct dinode *d)
{
    return (uint *)d + FIRSTPOINTER;
}

static int
is_data(uint bno)
{
    return bno >= dm.sb.datastart && bno < dm.sb.nblocks;
}

// One of the blocks that hang at an inode directly, index blocks among them.
static uint
pick_block(struct victim *v)
{
    uint i, seen = 0, bno = 0;

    for (i = 0; i < NPOINTER; i++)
        if (is_data(pointers(&v->d)[i]) && dm_random(++seen) == 0)
            bno = pointers(&v->d)[i];
    return bno;
}

// A block that the file system reads itself: noise in a file's data harms the
// file only, and may be /init.
static uint
own_block(void)
{
    struct victim v;
    uint bno = 0;

    if (dm_random(2) && pick_inode(T_DIR, &v))
        bno = pick_block(&v);
    else if (dm_random(2) && pick_inode(T_FILE, &v))
        bno = dm_random(2) && v.d.dind ? v.d.dind : v.d.ind;
    return is_data(bno) ? bno : dm_random(dm.sb.datastart);
}

// Some number for a block: of another file, of metadata, or of nothing.
static uint
wrong_block(uint old)
{
    struct victim v;
    uint bno = 0;

    switch (dm_random(3)) {
    case 0:
        return strange(old);
    case 1:
        return dm_random(dm.sb.nblocks);
    default:
        if (pick_inode(dm_random(2) ? T_DIR : 0, &v))
            bno = pick_block(&v);
        return bno ? bno : old + 1;
    }
}

// The kinds of damage. Each tells what it did, or 0: there was no place.

static int
hit_super(void)
{
    uint block[BSIZE / sizeof(uint)], i = dm_random(NSUPER), old;

    dm_read(0, block);
    old = block[i];
    block[i] = strange(old);
    dm_write(0, block);
    dm_say("superblock: word %u, %u, becomes %u", i, old, block[i]);
    return 1;
}

static int
hit_inode(void)
{
    struct victim v;
    ushort *half;
    uint i = dm_random(4), old;

    if (!pick_inode(dm_random(2) ? T_DIR : 0, &v))
        return 0;
    half = (ushort *)&v.d + i;
    old = *half;
    *half = dm_random(3) ? dm_random(5) : strange(old);
    put_inode(&v);
    dm_say("inode %u: %s, %u, becomes %u", v.inum, i == 0 ? "type" :
           i == 1 ? "major" : i == 2 ? "minor" : "nlink", old, *half);
    return 1;
}

static int
hit_size(void)
{
    struct victim v;
    uint old;

    if (!pick_inode(dm_random(2) ? T_DIR : 0, &v))
        return 0;
    old = v.d.size;
    v.d.size = strange(old);
    put_inode(&v);
    dm_say("inode %u: size, %u, becomes %u", v.inum, old, v.d.size);
    return 1;
}

static int
hit_pointer(void)
{
    struct victim v;
    uint i = dm_random(NPOINTER), *p, old;

    if (!pick_inode(dm_random(2) ? T_DIR : 0, &v))
        return 0;
    p = &pointers(&v.d)[i];
    old = *p;
    *p = wrong_block(old);
    put_inode(&v);
    dm_say("inode %u: block pointer %u, %u, becomes %u", v.inum, i, old, *p);
    return 1;
}

// An entry of an index block: of the inode's own, or of one below it.
static int
hit_index(void)
{
    uint entry[NINDIRECT], i, bno, old;
    struct victim v;
    int tries = 0;

    do {
        if (tries++ > 50 || !pick_inode(T_FILE, &v))
            return 0;
        bno = dm_random(2) && v.d.dind ? v.d.dind : v.d.ind;
    } while (!is_data(bno));
    dm_read(bno, entry);
    if (bno == v.d.dind && dm_random(2) && is_data(entry[0])) {
        bno = entry[0];
        dm_read(bno, entry);
    }
    i = dm_random(2) ? dm_random(NINDIRECT) : dm_random(8);
    old = entry[i];
    entry[i] = dm_random(4) ? wrong_block(old) : bno;
    dm_write(bno, entry);
    dm_say("inode %u: entry %u of index block %u, %u, becomes %u", v.inum, i,
           bno, old, entry[i]);
    return 1;
}

// A directory's block and a record of it.
static int
pick_record(struct victim *v, struct dirent *block, uint *i)
{
    uint n;

    if (!pick_inode(T_DIR, v) || !is_data(v->d.addr[0]))
        return 0;
    v->bno = v->d.addr[0];
    dm_read(v->bno, block);
    n = v->d.size / sizeof *block;
    if (n == 0 || n > BSIZE / sizeof *block)
        n = BSIZE / sizeof *block;
    *i = dm_random(n);
    return 1;
}

static int
hit_record(void)
{
    struct dirent block[BSIZE / sizeof(struct dirent)];
    struct victim v, other;
    uint i, old;

    if (!pick_record(&v, block, &i))
        return 0;
    old = block[i].inum;
    if (dm_random(2) && pick_inode(0, &other))
        block[i].inum = other.inum;
    else
        block[i].inum = strange(old);
    dm_write(v.bno, block);
    dm_say("directory %u: record %u, of inode %u, leads to %u", v.inum, i,
           old, block[i].inum);
    return 1;
}

static int
hit_name(void)
{
    struct dirent block[BSIZE / sizeof(struct dirent)];
    struct victim v;
    uint i, at = dm_random(DIRSIZ);

    if (!pick_record(&v, block, &i))
        return 0;
    switch (dm_random(4)) {
    case 0:
        memcpy(block[i].name, block[dm_random(i + 1)].name, DIRSIZ);
        break;
    case 1:
        memset(block[i].name, dm_random(2) ? '/' : 0, DIRSIZ);
        break;
    case 2:
        memcpy(block[i].name, dm_random(2) ? "..\0" : ".\0\0", 3);
        break;
    default:
        block[i].name[at] = dm_random(256);
    }
    dm_write(v.bno, block);
    dm_say("directory %u: another name in record %u", v.inum, i);
    return 1;
}

// A directory below itself, or at two places; or a wrong "..".
static int
hit_shape(void)
{
    struct dirent block[BSIZE / sizeof(struct dirent)];
    struct victim v, other;
    uint i;

    if (!pick_record(&v, block, &i) || !pick_inode(T_DIR, &other))
        return 0;
    if (dm_random(4) == 0)
        i = 1;
    block[i].inum = dm_random(4) ? other.inum : ROOTINO;
    if (block[i].name[0] == 0)
        memcpy(block[i].name, "up", 3);
    dm_write(v.bno, block);
    dm_say("directory %u: record %u leads to directory %u", v.inum, i,
           block[i].inum);
    return 1;
}

static int
share_block(void)
{
    struct victim a, b;
    uint i = dm_random(NPOINTER), old, bno;

    if (!pick_inode(dm_random(2) ? T_DIR : T_FILE, &a) ||
        !pick_inode(dm_random(2) ? T_FILE : 0, &b) ||
        (bno = pick_block(&a)) == 0)
        return 0;
    if (dm_random(4))
        while (i > 0 && pointers(&b.d)[i] == 0)
            i--;                    // one that is in use
    old = pointers(&b.d)[i];
    pointers(&b.d)[i] = bno;
    put_inode(&b);
    dm_say("inode %u: block pointer %u, %u, becomes %u, of inode %u", b.inum,
           i, old, bno, a.inum);
    return 1;
}

static int
hit_bitmap(void)
{
    static const char *const what[] = { "inode", "orphan", "block" };
    uint start[] = { dm.sb.imapstart, dm.sb.omapstart, dm.sb.bmapstart };
    uint which = dm_random(3), bit, n = 1, i;
    struct victim v;
    uchar map[BSIZE];

    if (!pick_inode(0, &v))
        return 0;
    bit = which < 2 ? v.inum : pick_block(&v);
    if (dm_random(2)) {
        bit = dm_random(which < 2 ? dm.sb.ninodes : dm.sb.nblocks);
        n = 1 + dm_random(200);
    }
    bit %= BPB;
    n = n < BPB - bit ? n : BPB - bit;
    dm_read(start[which], map);
    for (i = bit; i < bit + n; i++)
        map[i / 8] ^= 1 << i % 8;
    dm_write(start[which], map);
    dm_say("%s bitmap: %u bits from %u on are turned", what[which], n, bit);
    return 1;
}

static int
hit_log(void)
{
    uint head[BSIZE / sizeof(uint)], i = dm_random(6), old;

    dm_read(dm.sb.logstart, head);
    old = head[i];
    head[i] = strange(old);
    dm_write(dm.sb.logstart, head);
    dm_say("log: word %u of the header, %u, becomes %u", i, old, head[i]);
    return 1;
}

// A transaction of blocks that are on the disk, or of noise, going elsewhere.
static int
forge_log(void)
{
    uint n = 1 + dm_random(MOSTFORGED), i, k, sum;
    static struct loghead h;
    uint copy[MOSTFORGED][BSIZE / sizeof(uint)];

    h = (struct loghead){ .magic = FSMAGIC, .n = n, .seq = strange(1) };
    for (i = 0; i < n; i++) {
        dm_read(dm_random(dm.sb.nblocks), copy[i]);
        for (k = dm_random(4); k > 0; k--)
            copy[i][dm_random(BSIZE / sizeof(uint))] = strange(k);
        do
            h.home[i] = dm_random(20) ? own_block() : strange(0);
        while (h.home[i] < dm.sb.imapstart && dm_random(20));
        dm_write(dm.sb.logstart + 1 + i, copy[i]);
    }
    sum = loghead_sum(&h);
    for (i = 0; i < n; i++)
        sum = log_sum(sum, copy[i], BSIZE / sizeof(uint));
    h.sum = sum;
    dm_write(dm.sb.logstart, &h);
    dm_say("log: a forged transaction of %u blocks, the first to %u", n,
           h.home[0]);
    return 1;
}

static int
hit_bytes(void)
{
    uint bno = own_block(), at, n, i;
    uchar block[BSIZE];

    at = dm_random(BSIZE);
    n = 1 + dm_random(BSIZE - at);
    dm_read(bno, block);
    for (i = at; i < at + n; i++)
        block[i] = dm_random(256);
    dm_write(bno, block);
    dm_say("block %u: noise in bytes %u to %u", bno, at, at + n - 1);
    return 1;
}

// The partition table: where, how long, which type.
static int
hit_partition(void)
{
    uint which = dm_random(4), i = dm_random(3), old, new;
    uchar sector[SECTSIZE], *p;

    if (dm.start == 0)
        return 0;
    dm_transfer(0, sector, sizeof sector, 0);
    p = sector + PARTITIONS + PARTSIZE * which + 4;
    if (i == 0) {
        old = *p;
        new = *p = dm_random(2) ? PART_FS : PART_SWAP;
    } else {
        memcpy(&old, p + 4 * i, sizeof old);
        new = dm_random(4) ? strange(old) : old / 2;
        memcpy(p + 4 * i, &new, sizeof new);
    }
    dm_transfer(0, sector, sizeof sector, 1);
    dm_say("partition %u: %s, %u, becomes %u", which + 1, i == 0 ? "type" :
           i == 1 ? "start" : "length", old, new);
    return 1;
}

static const struct {
    uint weight;
    int (*hit)(void);
} kinds[] = {
    { 3, hit_super },   { 8, hit_inode },    { 6, hit_size },
    { 10, hit_pointer }, { 8, hit_index },   { 6, hit_record },
    { 5, hit_name },    { 8, hit_shape },    { 12, share_block },
    { 8, hit_bitmap },  { 2, hit_log },      { 5, forge_log },
    { 4, hit_bytes },   { 3, hit_partition },
};

static void
damage_once(void)
{
    uint total = 0, i, at;

    for (i = 0; i < sizeof kinds / sizeof *kinds; i++)
        total += kinds[i].weight;
    do {
        at = dm_random(total);
        for (i = 0; at >= kinds[i].weight; i++)
            at -= kinds[i].weight;
    } while (!kinds[i].hit());
}

// Where the file system begins.
static long long
dm_find(void)
{
    uchar mbr[SECTSIZE], *p;
    uint first, i;

    dm_transfer(0, mbr, sizeof mbr, 0);
    memcpy(&first, mbr, sizeof first);
    if (first == FSMAGIC)
        return 0;
    for (i = 0; i < 4; i++) {
        p = mbr + PARTITIONS + PARTSIZE * i;
        if (p[4] == PART_FS) {
            memcpy(&first, p + 8, sizeof first);
            return (long long)first * SECTSIZE;
        }
    }
    dm_die("no file system");
}

// Only a sound superblock says where all the rest is.
static void
dm_open(const char *image, long long start)
{
    struct superblock *s = &dm.sb;

    if ((dm.file = fopen(image, "r+b")) == 0)
        dm_die("cannot open the image");
    dm.start = start < 0 ? dm_find() : start;
    dm_transfer(dm.start, s, sizeof *s, 0);
    if (s->magic != FSMAGIC || s->logstart >= s->imapstart ||
        s->imapstart >= s->inodestart || s->inodestart >= s->datastart ||
        s->datastart + 16 >= s->nblocks || s->ninodes <= ROOTINO)
        dm_die("no sound file system");
}

static void __attribute__((noreturn))
damage_usage(void)
{
    dm_die("usage: damage [-s SEED] [-n COUNT] [--fs-offset BYTES] IMAGE");
}

int
main(int argc, char **argv)
{
    const char *image = 0;
    uint seed = 1, count = 1;
    long long start = -1;
    int i;

    for (i = 1; i < argc; i++) {
        if (strcmp(argv[i], "-s") == 0 && i + 1 < argc)
            seed = strtoul(argv[++i], 0, 0);
        else if (strcmp(argv[i], "-n") == 0 && i + 1 < argc)
            count = strtoul(argv[++i], 0, 0);
        else if (strcmp(argv[i], "--fs-offset") == 0 && i + 1 < argc)
            start = strtoll(argv[++i], 0, 0);
        else if (image || argv[i][0] == '-')
            damage_usage();
        else
            image = argv[i];
    }
    if (image == 0)
        damage_usage();
    dm_open(image, start);
    dm.random = seed * 0x9e3779b1u + 0x7f4a7c15u;
    if (dm.random == 0)
        dm.random = 1;
    for (i = 0; i < 8; i++)
        dm_random(2);
    while (count-- > 0)
        damage_once();
    return fclose(dm.file) == 0 ? 0 : 1;
}
