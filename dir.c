// dir.c: directories as tables of names.
//
// A directory is a file of 16-byte records {inum, name[14]}; the first two
// are "." and "..". A look-up asks names.c first; what that does not know is
// searched for straight in the cached frames, comparing a record's 14 name
// bytes as three and a half words.

#include "errno.h"
#include "lib.h"
#include "kalloc.h"
#include "stat.h"
#include "cache.h"
#include "log.h"
#include "alloc.h"
#include "fs.h"
#include "names.h"
#include "dir.h"

// Index of the record of this name among n, or n.
static uint
match(const union record *r, uint n, const union record *key)
{
    const union record *p, *end = r + n;
    uint w1 = key->w[1];

    for (p = r; p < end; p++)
        if (p->w[1] == w1 && p->w[2] == key->w[2] && p->w[3] == key->w[3] &&
            p->w[0] >> 16 == key->w[0] >> 16 && p->de.inum != 0)
            break;
    return p - r;
}

// How many records block `index` of a directory has.
static uint
records_in(const struct inode *dp, uint index)
{
    return MIN(dp->size - index * BSIZE, BSIZE) / RECSIZE;
}

// The inode number behind a name, 0 if there is none, or -errno. *off: where
// its record is.
static int
search(struct inode *dp, const char *name, uint *off)
{
    uint index, n, i, inum;
    union record key, *r;
    struct page *pg;
    int err;

    __builtin_memcpy(key.de.name, name, DIRSIZ);
    key.de.inum = 0;
    for (index = 0; index * BSIZE < dp->size; index++) {
        if ((err = iblock(dp, index, &pg)) < 0)
            return err;
        r = page_kva(pg);
        n = records_in(dp, index);
        i = match(r, n, &key);
        inum = i < n ? r[i].de.inum : 0;
        page_put(pg);
        *off = index * BSIZE + i * RECSIZE;
        if (inum)
            return inum < super.ninodes ? (int)inum : -EIO;
    }
    return 0;
}

// The same, from the name cache when that can tell.
static int
scan(struct inode *dp, const char *name, uint *off)
{
    int inum = names_get(dp->inum, name, off);

    if (inum < 0 && (inum = search(dp, name, off)) >= 0)
        names_set(dp->inum, name, inum, *off);
    return inum;
}

// The first free record, or the directory's size.
static int
find_room(struct inode *dp, uint *room)
{
    uint at = dp->hole, n, i;
    struct dirent *de;
    struct page *pg;
    int err;

    while (at < dp->size) {
        if ((err = iblock(dp, at / BSIZE, &pg)) < 0)
            return err;
        de = page_kva(pg);
        n = records_in(dp, at / BSIZE);
        for (i = at % BSIZE / RECSIZE; i < n && de[i].inum; i++)
            ;
        page_put(pg);
        at = at / BSIZE * BSIZE + i * RECSIZE;
        if (i < n)
            break;
    }
    *room = dp->hole = at;
    return 0;
}

// May names be looked up in it at all?
int
dir_check(struct inode *dp)
{
    if (dp->type != T_DIR)
        return -ENOTDIR;
    return dp->nlink ? 0 : -ENOENT;
}

int
dir_entry(struct inode *dp, const char *name, uint *off, struct inode **ipp)
{
    int inum;

    if ((inum = dir_check(dp)) < 0 || (inum = scan(dp, name, off)) < 0)
        return inum;
    if (inum == 0)
        return -ENOENT;
    *ipp = iget(inum);
    return *ipp ? 0 : -ERESTART;
}

// Does a name still lead to ip (0: to nothing), as it did when nothing was
// locked? 0 and where its record is; -EAGAIN if not.
int
dir_look_again(struct inode *dp, const char *name, struct inode *ip, uint *off)
{
    int inum;

    if ((inum = dir_check(dp)) < 0 || (inum = scan(dp, name, off)) < 0)
        return inum;
    return (uint)inum == (ip ? ip->inum : 0) ? 0 : -EAGAIN;
}

// Write a record. inum 0 erases it.
void
dir_put(const struct place *at, const char *name, uint inum)
{
    struct page *pg = at->pg;
    struct dirent *de;

    de = (struct dirent *)((char *)page_kva(pg) + at->off % BSIZE);
    de->inum = inum;
    if (inum)
        memcpy(de->name, name, DIRSIZ);
    else
        memset(de->name, 0, DIRSIZ);
    log_write(pg);
}

// From now on a name means that inode, or nothing.
void
dir_enter(struct inode *dp, const struct place *at, const char *name, uint inum)
{
    dir_put(at, name, inum);
    names_set(dp->inum, name, inum, at->off);
}

void
dir_erase(struct inode *dp, const struct place *at, const char *name)
{
    dir_put(at, 0, 0);
    dp->hole = MIN(dp->hole, at->off);
    names_set(dp->inum, name, 0, 0);
}

// One more record at the end, still empty, its block held or new.
static int
add_room(struct hold *h, struct inode *dp, struct page **pp)
{
    int err;

    if (dp->size > MAXFILE - RECSIZE)
        return -EFBIG;              // a damaged one
    if (dp->size % BSIZE != 0) {
        err = ihold_block(h, dp, dp->size / BSIZE, pp);
    } else if ((err = iappend(dp, pp)) == 0) {
        log_write(*pp);
        hold_page(h, *pp);
        page_put(*pp);
    }
    if (err == 0) {
        dp->size += RECSIZE;
        iupdate(h, dp);
    }
    return err;
}

// Room for a name that must not exist: its block is held, dp's inode too.
int
dir_room(struct hold *h, struct inode *dp, const char *name,
          struct place *room)
{
    uint off;
    int inum, err;

    if ((err = dir_check(dp)) < 0 || (err = ihold(h, dp)) < 0)
        return err;
    if ((inum = scan(dp, name, &off)) != 0)
        return inum < 0 ? inum : -EEXIST;
    if ((err = find_room(dp, &room->off)) < 0)
        return err;
    if (room->off == dp->size)
        return add_room(h, dp, &room->pg);
    return ihold_block(h, dp, room->off / BSIZE, &room->pg);
}

// An entry, other than . and .., that leads to inum or, for inum 0, anywhere.
// 1 and its name; 0: there is none.
int
dir_entry_to(struct inode *dp, uint inum, char *name)
{
    uint index, i, n;
    struct dirent *de;
    struct page *pg;
    int err;

    for (index = 0; index * BSIZE < dp->size; index++) {
        if ((err = iblock(dp, index, &pg)) < 0)
            return err;
        de = page_kva(pg);
        n = records_in(dp, index);
        i = index ? 0 : 2;
        while (i < n && (inum ? de[i].inum != inum : de[i].inum == 0))
            i++;
        if (i < n)
            memcpy(name, de[i].name, DIRSIZ);
        page_put(pg);
        if (i < n)
            return 1;
    }
    return 0;
}

// A new directory's first two records.
int
dir_begin(struct inode *ip, uint above)
{
    struct dirent *de;
    struct page *pg;
    int err;

    if ((err = iappend(ip, &pg)) < 0)
        return err;
    de = page_kva(pg);
    de[0].inum = ip->inum;
    de[0].name[0] = '.';
    de[1].inum = above;
    de[1].name[0] = de[1].name[1] = '.';
    log_write(pg);
    page_put(pg);
    ip->size = 2 * RECSIZE;
    return 0;
}
