// names.c: what names in directories are known to mean.
//
// A table in memory, (directory, name) -> (inode, record's offset), for names
// that exist and for names that were looked for in vain. It is a set of rows
// of four; a name may stand in one row only, and a new one takes an empty
// place there or, in turn, one of the four. A 1/512 of RAM at most.
//
//     row  | dir name off inum | dir name off inum | ... | ... |
//
// Whoever changes a directory has it locked and tells the table before the
// inode that lost its name can go. So what the table says is true as long
// as either the directory's lock or the table's is held: names_step() takes
// its reference under the latter, and a walk needs no directory's lock.
//
// That also decides what may stay in the table when a directory is removed.
// It was empty, so all that is known of it is that names do not exist, which
// is just as true of the next directory with its number; only ".." must be
// forgotten. names_step() does not look at all if dir is no directory or has
// been removed.

#include <types.h>
#include <errno.h>
#include <param.h>
#include <lib.h>
#include <print.h>
#include <spinlock.h>
#include <x86.h>
#include <mmu.h>
#include <memlayout.h>
#include <cpu.h>
#include <kalloc.h>
#include <sleeplock.h>
#include <stat.h>
#include <fsformat.h>
#include <fs.h>
#include <names.h>

#define RAMPART  512                // the table's part of RAM
#define MAXTABLES 128               // frames
#define WAYS     4
#define ROWS     (PGSIZE / (WAYS * sizeof(struct known)))   // in a frame
#define KEYWORDS 4

union namekey {
    struct dirent de;               // inum: the directory's; 0: unused
    uint __attribute__((may_alias)) w[KEYWORDS];
};

struct known {
    union namekey key;
    uint off;                       // of the record in the directory
    uint inum;                      // 0: there is no such name
    uint pad[2];                    // 32 bytes, so that a row is 128
};

static struct {
    struct spinlock lock;           // guards all of this
    struct known *table[MAXTABLES];
    uint ntables;                   // a power of two
    uint turn;                      // who goes next from a full row
} names = { .lock = SPINLOCK("names", RANK_NAMES) };

void
names_init(void)
{
    uint n = 1;

    while (n < MAXTABLES && 2 * n <= frames_total() / RAMPART)
        n *= 2;
    for (names.ntables = 0; names.ntables < n; names.ntables++)
        if ((names.table[names.ntables] = kalloc_zeroed()) == 0)
            panic("names_init: no memory");
}

static inline void
make_key(union namekey *key, uint dir, const char *name)
{
    __builtin_memcpy(key->de.name, name, DIRSIZ);
    key->de.inum = dir;
}

static inline struct known *
row_of(const union namekey *key)
{
    uint h = log_sum(0, key->w, KEYWORDS);

    return &names.table[h >> 16 & (names.ntables - 1)][(h >> 8) % ROWS * WAYS];
}

static inline int
same(const union namekey *a, const union namekey *b)
{
    return a->w[0] == b->w[0] && a->w[1] == b->w[1] &&
           a->w[2] == b->w[2] && a->w[3] == b->w[3];
}

// Held: names.lock.
static inline struct known *
known(const union namekey *key)
{
    struct known *k = row_of(key), *end = k + WAYS;

    for (; k < end; k++)
        if (same(&k->key, key))
            return k;
    return 0;
}

int
names_step(struct inode *dir, const char *name, struct inode **ipp)
{
    union namekey key;
    struct known *k;
    int err = 0;

    // Our reference keeps these from changing, but for nlink's going to 0.
    if (!dir->valid || dir->type != T_DIR || dir->nlink == 0)
        return 0;
    make_key(&key, dir->inum, name);
    acquire(&names.lock);
    if ((k = known(&key)) != 0) {
        if (k->inum == 0)
            err = -ENOENT;
        else
            err = (*ipp = iget(k->inum)) ? 1 : -ENOMEM;
    }
    release(&names.lock);
    return err;
}

int
names_get(uint dir, const char *name, uint *off)
{
    union namekey key;
    struct known *k;
    int inum = -1;

    make_key(&key, dir, name);
    acquire(&names.lock);
    if ((k = known(&key)) != 0) {
        inum = k->inum;
        *off = k->off;
    }
    release(&names.lock);
    return inum;
}

// A place in the key's row for a new name. Held: names.lock.
static struct known *
place_for(const union namekey *key)
{
    struct known *row = row_of(key);
    uint i;

    for (i = 0; i < WAYS; i++)
        if (row[i].key.de.inum == 0)
            return &row[i];
    return &row[names.turn++ % WAYS];
}

void
names_set(uint dir, const char *name, uint inum, uint off)
{
    union namekey key;
    struct known *k;

    make_key(&key, dir, name);
    acquire(&names.lock);
    if ((k = known(&key)) == 0) {
        k = place_for(&key);
        k->key = key;
    }
    k->inum = inum;
    k->off = off;
    release(&names.lock);
}

void
names_forget(uint dir, const char *name)
{
    union namekey key;
    struct known *k;

    make_key(&key, dir, name);
    acquire(&names.lock);
    if ((k = known(&key)) != 0)
        k->key.de.inum = 0;
    release(&names.lock);
}
