// dir.c: directories as tables of names.
//
// A directory is a file of 16-byte records {inum, name[14]}; the first two
// are "." and "..". A look-up asks names.c first; what that does not know is
// searched for straight in the cached frames, comparing a record's 14 name
// bytes as three and a half words. A removed directory (nlink 0) has no
// names, not even "..".

#include "errno.h"
#include "lib.h"
#include "rtc.h"
#include "kalloc.h"
#include "stat.h"
#include "log.h"
#include "op.h"
#include "alloc.h"
#include "fs.h"
#include "names.h"
#include "dir.h"

int
dir_dots(const char *name)
{
    return name[0] == '.' &&
           (name[1] == 0 || (name[1] == '.' && name[2] == 0));
}

// Among n records r, the index of the first one that is wanted, or n. Three
// that scan() may use:

// The one of key's name.
static uint
has_name(const union record *r, uint n, const union record *key)
{
    uint w1 = key->w[1], i;

    for (i = 0; i < n; i++)
        if (r[i].w[1] == w1 && r[i].w[2] == key->w[2] &&
            r[i].w[3] == key->w[3] &&
            r[i].w[0] >> 16 == key->w[0] >> 16 && r[i].de.inum)
            break;
    return i;
}

// One, other than . and .., that leads to key's inode or, if it has none, to
// any.
static uint
has_inum(const union record *r, uint n, const union record *key)
{
    uint want = key->de.inum, i;

    for (i = 0; i < n; i++)
        if (r[i].de.inum && (want == 0 || r[i].de.inum == want) &&
            !dir_dots(r[i].de.name))
            break;
    return i;
}

static uint
is_free(const union record *r, uint n, const union record *unused)
{
    uint i;

    (void)unused;
    for (i = 0; i < n && r[i].de.inum; i++)
        ;
    return i;
}

// Look through a directory. 1: *found is the record, and *off says where it
// is; 0: there is none, and *off is the directory's size; or -errno.
static int
scan(struct inode *dp,
     uint (*find)(const union record *, uint n, const union record *key),
     union record *found, uint *off)
{
    union record *r, key = *found;
    struct page *pg;
    uint n, i;
    int err;

    for (*off = 0; *off < dp->size; *off += n * RECSIZE) {
        if ((err = iblock(dp, *off / BSIZE, &pg)) < 0)
            return err;
        r = page_kva(pg);
        n = MIN(dp->size - *off, BSIZE) / RECSIZE;
        if ((i = find(r, n, &key)) < n)
            *found = r[i];
        page_put(pg);
        if (i < n) {
            *off += i * RECSIZE;
            return 1;
        }
    }
    return 0;
}

// The inode number behind a name, 0 if there is none, or -errno. *off: where
// its record is.
static int
dir_search(struct inode *dp, const char *name, uint *off)
{
    union record r = { .de.inum = 0 };
    int found;

    *off = 0;
    if (name[0] == '.' && name[1] == 0)
        return dp->inum;            // whatever a damaged disk says
    memcpy(r.de.name, name, DIRSIZ);
    if ((found = scan(dp, has_name, &r, off)) <= 0)
        return found;
    return r.de.inum < super.ninodes ? r.de.inum : -EIO;
}

// The same, from the name cache when that can tell. A removed directory has
// no names.
static int
dir_inum(struct inode *dp, const char *name, uint *off)
{
    int inum;

    if (dp->type != T_DIR)
        return -ENOTDIR;
    if (dp->nlink == 0)
        return -ENOENT;
    inum = names_get(dp->inum, name, off);
    if (inum < 0 && (inum = dir_search(dp, name, off)) >= 0)
        names_set(dp->inum, name, inum, *off);
    return inum;
}

int
dir_lookup(struct inode *dp, const char *name, struct inode **ipp)
{
    uint off;
    int inum = dir_inum(dp, name, &off);

    if (inum <= 0)
        return inum < 0 ? inum : -ENOENT;
    *ipp = iget(inum);
    return *ipp ? 0 : -ERESTART;
}

int
dir_find(struct inode *dp, uint inum, char *name)
{
    union record r = { .de.inum = inum };
    uint off;
    int found = scan(dp, has_inum, &r, &off);

    memcpy(name, r.de.name, DIRSIZ);
    return found;
}

// One more record at the end, still empty.
static int
dir_grow(struct op *op, struct inode *dp, struct page **pp)
{
    int err;

    if (dp->size > MAXFILE - RECSIZE)
        return -EFBIG;              // a damaged one
    if (dp->size % BSIZE != 0) {
        err = iblock_keep(op, dp, dp->size / BSIZE, pp);
    } else if ((err = iappend(op, dp, pp)) == 0) {
        log_write(*pp);
        op_take(op, *pp);
    }
    if (err == 0) {
        dp->size += RECSIZE;
        iupdate(op, dp);
    }
    return err;
}

int
dir_prepare(struct op *op, struct dentry *e)
{
    int inum = dir_inum(e->dp, e->name, &e->off), err;
    union record r = { .de.inum = 0 };

    if (inum < 0)
        return inum;
    if ((uint)inum != (e->ip ? e->ip->inum : 0))
        return -EAGAIN;
    if (e->ip == 0 && (err = scan(e->dp, is_free, &r, &e->off)) < 0)
        return err;
    if (e->off == e->dp->size)
        return dir_grow(op, e->dp, &e->pg);
    return iblock_keep(op, e->dp, e->off / BSIZE, &e->pg);
}

void
dir_set(struct op *op, const struct dentry *e, uint inum)
{
    struct dirent *de;

    de = (struct dirent *)((char *)page_kva(e->pg) + e->off % BSIZE);
    memset(de, 0, sizeof *de);
    if (inum) {
        de->inum = inum;
        memcpy(de->name, e->name, DIRSIZ);
    }
    log_write(e->pg);
    names_set(e->dp->inum, e->name, inum, e->off);
    e->dp->mtime = rtc_seconds();
    iupdate(op, e->dp);
}

int
dir_begin(struct op *op, struct inode *ip, uint above)
{
    struct dirent *de;
    struct page *pg;
    int err;

    if ((err = iappend(op, ip, &pg)) < 0)
        return err;
    de = page_kva(pg);
    de[0].inum = ip->inum;
    de[0].name[0] = '.';
    de[1].inum = above;
    de[1].name[0] = de[1].name[1] = '.';
    log_write(pg);
    op_take(op, pg);
    ip->size = 2 * RECSIZE;
    return 0;
}
