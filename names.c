// names.c: the name cache: what names in directories are known to mean.
//
// A table in memory, (directory, name) -> (inode, record's offset), for names
// that exist and for names that were looked for in vain. It is a set of rows
// of eight. A name may stand in one row only; a new one comes to the row's
// front, and the last one falls out.
//
//     row  | dir name inum off | dir name inum off | ... | ... |
//
// Whoever changes a directory has it locked, and tells the table before the
// inode that lost its name can go. So what the table says is true as long as
// either the directory's lock or names.lock is held: names_step() takes its
// reference under the latter, and a walk needs no directory's lock.
//
// That also decides what may stay in the table when a directory is removed.
// It was empty, so all that is known of it is that names do not exist, which
// is just as true of the next directory with its number; only ".." must be
// forgotten. Where there was room for a record is a hint and may be wrong:
// dir_prepare() looks again. names_step() does not look at all if dir is no
// directory or has been removed.

#include "errno.h"
#include "lib.h"
#include "kalloc.h"
#include "stat.h"
#include "fs.h"
#include "names.h"

#define RAMPART  256                // the table's part of RAM, and
#define MAXTABLE 256                // frames, at most
#define WAYS     8
#define ROWS     (PGSIZE / (WAYS * sizeof(struct known)))   // in a frame

struct known {
    union record key;               // inum: the directory's; 0: unused
    int inum;                       // 0: there is no such name; UNKNOWN
    uint off;                       // of the record in the directory; where
                                    // there was room for one, if inum is 0
};

static struct {
    struct spinlock lock;           // guards the rows
    uint nframes;                   // a power of two
    struct known *rows[MAXTABLE];  // a frame of them each
} names = { .lock = SPINLOCK("names", RANK_NAMES) };

int
names_init(void)
{
    uint i, n = 1;

    while (n < MAXTABLE && 2 * n <= frames_total() / RAMPART)
        n *= 2;
    for (i = 0; i < n; i++)
        if ((names.rows[i] = kalloc_zeroed()) == 0)
            return -ENOMEM;
    names.nframes = n;
    return 0;
}

static struct known *
names_row(const union record *key)
{
    uint h = log_sum(0, key->w, RECWORDS);

    return names.rows[h >> 16 & (names.nframes - 1)] + (h >> 8) % ROWS * WAYS;
}

static int
same(const union record *a, const union record *b)
{
    return a->w[0] == b->w[0] && a->w[1] == b->w[1] &&
           a->w[2] == b->w[2] && a->w[3] == b->w[3];
}

// Where a name stands. When it does not: 0 or, to make it known, the first
// place of its row, where the others move on. Held: names.lock.
static struct known *
names_find(uint dir, const char *name, int make)
{
    struct known *row, *k;
    union record key;

    memcpy(key.de.name, name, DIRSIZ);
    key.de.inum = dir;
    row = names_row(&key);
    for (k = row; k < row + WAYS; k++)
        if (same(&k->key, &key))
            return k;
    if (!make)
        return 0;
    while (--k > row)
        *k = k[-1];
    k->key = key;
    return k;
}

int
names_step(struct inode *dir, const char *name, struct inode **ipp)
{
    struct known *k;
    int err = 0;

    // Our reference keeps these from changing, but for nlink's going to 0.
    if (!dir->valid || dir->type != T_DIR || dir->nlink == 0)
        return 0;
    acquire(&names.lock);
    k = names_find(dir->inum, name, 0);
    if (k && k->inum == 0)
        err = -ENOENT;
    else if (k && k->inum > 0)
        err = (*ipp = iget(k->inum)) ? 1 : -ERESTART;
    release(&names.lock);
    return err;
}

int
names_get(uint dir, const char *name, uint *off)
{
    struct known *k;
    int inum = UNKNOWN;

    acquire(&names.lock);
    if ((k = names_find(dir, name, 0)) != 0) {
        inum = k->inum;
        *off = k->off;
    }
    release(&names.lock);
    return inum;
}

void
names_set(uint dir, const char *name, int inum, uint off)
{
    struct known *k;

    acquire(&names.lock);
    k = names_find(dir, name, 1);
    k->inum = inum;
    k->off = off;
    release(&names.lock);
}
