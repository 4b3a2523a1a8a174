// dir.c: directories as tables of names.
//
// A directory is a file of 16-byte records {inum, name[14]}; the first two
// are "." and "..". A look-up asks names.c first; what that does not know is
// searched for straight in the cached frames, comparing a record's 14 name
// bytes as three and a half words. A search that fails has seen where a new
// record can be; the name cache keeps that, too, as a first place to try. A
// removed directory (nlink 0) has no names, not even "..".

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

// Among n records, the one of key's name; else the first free one; else n.
static uint
find_record(const union record *r, uint n, const union record *key)
{
    uint w1 = key->w[1], unused = n, i;

    for (i = 0; i < n; i++)
        if (r[i].de.inum == 0)
            unused = MIN(unused, i);
        else if (r[i].w[1] == w1 && r[i].w[2] == key->w[2] &&
                 r[i].w[3] == key->w[3] && r[i].w[0] >> 16 == key->w[0] >> 16)
            return i;
    return unused;
}

// The inode number behind a name, 0 if there is none, or -errno. *off: where
// its record is, or where one may be made: the first free one, or the end.
static int
dir_search(struct inode *dp, const char *name, uint *off)
{
    union record key = { .de.inum = 0 }, *r;
    uint at, n, i, inum;
    struct page *pg;
    int err;

    *off = 0;
    if (name[0] == '.' && name[1] == 0)
        return dp->inum;            // whatever a damaged disk says
    memcpy(key.de.name, name, DIRSIZ);
    *off = dp->size;
    for (at = 0; at < dp->size; at += n * RECSIZE) {
        if ((err = iblock(dp, at / BSIZE, &pg)) < 0)
            return err;
        r = page_kva(pg);
        n = MIN(dp->size - at, BSIZE) / RECSIZE;
        i = find_record(r, n, &key);
        inum = i < n ? r[i].de.inum : 0;
        page_put(pg);
        if (i < n && (inum || *off == dp->size))
            *off = at + i * RECSIZE;
        if (inum)
            return inum < super.ninodes ? (int)inum : -EIO;
    }
    return 0;
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

// Among n records, the first one, other than . and .., that leads to the inode
// inum, or with inum 0 to any; else n. A number is read once: on a damaged disk
// a program may write to the block, as to a file's, meanwhile.
static uint
find_inum(const struct dirent *de, uint n, uint inum)
{
    uint i, seen;

    for (i = 0; i < n; i++) {
        seen = de[i].inum;
        if (seen && (inum == 0 || seen == inum) && !dir_dots(de[i].name))
            break;
    }
    return i;
}

int
dir_find(struct inode *dp, uint inum, char *name)
{
    struct dirent *de;
    struct page *pg;
    uint at, n, i;
    int err;

    for (at = 0; at < dp->size; at += n * RECSIZE) {
        if ((err = iblock(dp, at / BSIZE, &pg)) < 0)
            return err;
        de = page_kva(pg);
        n = MIN(dp->size - at, BSIZE) / RECSIZE;
        if ((i = find_inum(de, n, inum)) < n)
            memcpy(name, de[i].name, DIRSIZ);
        page_put(pg);
        if (i < n)
            return 1;
    }
    return 0;
}

// The record at `off` in the directory, in its block's frame.
static struct dirent *
record_in(struct page *pg, uint off)
{
    return (struct dirent *)((char *)page_kva(pg) + off % BSIZE);
}

// Where there was room for a record when the name was looked for last, another
// may have been made since.
static int
dir_room(struct dentry *e)
{
    struct page *pg;
    int err, taken;

    if (e->off >= e->dp->size)
        return 0;
    if ((err = iblock(e->dp, e->off / BSIZE, &pg)) < 0)
        return err;
    taken = record_in(pg, e->off)->inum != 0;
    page_put(pg);
    if (taken)
        err = dir_search(e->dp, e->name, &e->off);
    return MIN(err, 0);
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

    if (inum < 0)
        return inum;
    if ((uint)inum != (e->ip ? e->ip->inum : 0))
        return -EAGAIN;
    if (inum == 0 && (err = dir_room(e)) < 0)
        return err;
    // A hint from a removed directory of this number may lie behind the end.
    e->off = MIN(e->off, e->dp->size);
    if (e->off == e->dp->size)
        return dir_grow(op, e->dp, &e->pg);
    return iblock_keep(op, e->dp, e->off / BSIZE, &e->pg);
}

void
dir_set(struct op *op, const struct dentry *e, uint inum)
{
    struct dirent *de = record_in(e->pg, e->off);

    de->inum = inum;
    memcpy(de->name, e->name, DIRSIZ);
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
