// names.c: what names in directories are known to mean.
//
// A table in memory, (directory, name) -> (inode, record's offset), for names
// that exist and for names that were looked for in vain. It is a set of rows
// of eight; a name may stand in one row only, and a new one takes an empty
// place there or, in turn, one of the eight. A 1/256 of RAM at most.
//
//     row  | dir name off inum | dir name off inum | ... | ... |
//
// Each frame of rows has a lock of its own, so that processes that look up
// unrelated names do not meet here.
//
// Whoever changes a directory has it locked and tells the table before the
// inode that lost its name can go. So what the table says is true as long
// as either the directory's lock or the row's is held: names_step() takes its
// reference under the latter, and a walk needs no directory's lock.
//
// That also decides what may stay in the table when a directory is removed.
// It was empty, so all that is known of it is that names do not exist, which
// is just as true of the next directory with its number; only ".." must be
// forgotten. names_step() does not look at all if dir is no directory or has
// been removed.

#include <types.h>
#include <errno.h>
#include <param.h>
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

#define RAMPART  256                // the table's part of RAM
#define MAXTABLES 256               // frames
#define WAYS     8
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
    uint pad[2];                    // 32 bytes, so that a row is 256
};

struct table {                      // a frame of rows
    struct spinlock lock;           // guards all of it
    struct known *rows;
    uint turn;                      // who goes next from a full row
} __attribute__((aligned(64)));

static struct {
    uint ntables;                   // a power of two
    struct table table[MAXTABLES];
} names;

int
names_init(void)
{
    struct table *t = names.table;
    uint n = 1;

    while (n < MAXTABLES && 2 * n <= frames_total() / RAMPART)
        n *= 2;
    names.ntables = n;
    for (; n > 0; n--, t++) {
        initlock(&t->lock, "names", RANK_NAMES);
        if ((t->rows = kalloc_zeroed()) == 0)
            return -ENOMEM;
    }
    return 0;
}

static inline void
make_key(union namekey *key, uint dir, const char *name)
{
    __builtin_memcpy(key->de.name, name, DIRSIZ);
    key->de.inum = dir;
}

// The key's row, its table locked.
static inline struct known *
lock_row(const union namekey *key, struct table **tp)
{
    uint h = log_sum(0, key->w, KEYWORDS);

    *tp = &names.table[h >> 16 & (names.ntables - 1)];
    acquire(&(*tp)->lock);
    return &(*tp)->rows[(h >> 8) % ROWS * WAYS];
}

static inline int
same(const union namekey *a, const union namekey *b)
{
    return a->w[0] == b->w[0] && a->w[1] == b->w[1] &&
           a->w[2] == b->w[2] && a->w[3] == b->w[3];
}

// The name in its row, or 0.
static inline struct known *
known(struct known *row, const union namekey *key)
{
    struct known *k;

    for (k = row; k < row + WAYS; k++)
        if (same(&k->key, key))
            return k;
    return 0;
}

int
names_step(struct inode *dir, const char *name, struct inode **ipp)
{
    union namekey key;
    struct known *k;
    struct table *t;
    int err = 0;

    // Our reference keeps these from changing, but for nlink's going to 0.
    if (!dir->valid || dir->type != T_DIR || dir->nlink == 0)
        return 0;
    make_key(&key, dir->inum, name);
    if ((k = known(lock_row(&key, &t), &key)) != 0) {
        if (k->inum == 0)
            err = -ENOENT;
        else
            err = (*ipp = iget(k->inum)) ? 1 : -ERESTART;
    }
    release(&t->lock);
    return err;
}

int
names_get(uint dir, const char *name, uint *off)
{
    union namekey key;
    struct known *k;
    struct table *t;
    int inum = -1;

    make_key(&key, dir, name);
    if ((k = known(lock_row(&key, &t), &key)) != 0) {
        inum = k->inum;
        *off = k->off;
    }
    release(&t->lock);
    return inum;
}

// A place in a row for a new name. Held: its table's lock.
static struct known *
place_in(struct table *t, struct known *row)
{
    uint i;

    for (i = 0; i < WAYS; i++)
        if (row[i].key.de.inum == 0)
            return &row[i];
    return &row[t->turn++ % WAYS];
}

void
names_set(uint dir, const char *name, uint inum, uint off)
{
    union namekey key;
    struct known *row, *k;
    struct table *t;

    make_key(&key, dir, name);
    row = lock_row(&key, &t);
    if ((k = known(row, &key)) == 0) {
        k = place_in(t, row);
        k->key = key;
    }
    k->inum = inum;
    k->off = off;
    release(&t->lock);
}

void
names_forget(uint dir, const char *name)
{
    union namekey key;
    struct known *k;
    struct table *t;

    make_key(&key, dir, name);
    if ((k = known(lock_row(&key, &t), &key)) != 0)
        k->key.de.inum = 0;
    release(&t->lock);
}
