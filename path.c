// path.c: names: looking them up, making, linking, removing, moving.
//
// dir.c knows what a directory looks like; here is what walks from one to the
// next, and what changes several together. Components longer than DIRSIZ are
// cut, as xv6 does.
//
// A walk locks one directory at a time and holds references, so what it finds
// may be gone when it is used: every operation (op.c) looks again when it has
// locked the inodes that were found. Each first reads all it is going to
// change, then changes it: after the first change nothing can fail. Inodes
// that lost their last name are freed by iput() when all locks are dropped.
//
// The rename lock comes before all others. It makes the tree's shape stand
// still (only renames move directories), so that a rename can find out which
// directory lies above which before it locks any.

#include "errno.h"
#include "lib.h"
#include "stat.h"
#include "op.h"
#include "alloc.h"
#include "fs.h"
#include "names.h"
#include "dir.h"
#include "path.h"

#define NLINKMAX 65535

// Blocks changed: a record (perhaps in a new block, with its bitmap and
// index blocks), up to four inodes, bitmaps.
#define CREATEOP 18
#define LINKOP   12
#define UNLINKOP 5
#define RENAMEOP 18

// Guards the shape of the tree.
static struct sleeplock renaming = SLEEPLOCK("rename", SRANK_RENAME);

static const char dot[DIRSIZ] = ".", dotdot[DIRSIZ] = "..";

const char *
path_split(const char *path, char name[DIRSIZ])
{
    uint n;

    while (*path == '/')
        path++;
    if (*path == 0)
        return 0;
    __builtin_memset(name, 0, DIRSIZ);
    for (n = 0; *path && *path != '/'; path++)
        if (n < DIRSIZ)
            name[n++] = *path;
    return path;
}

// Walking. Who walks has a reference to where he stands.

// Go from *ipp to its entry of that name. After an error there is no place to
// stand on: *ipp is 0.
static int
path_step(struct inode **ipp, const char *name)
{
    struct inode *dp = *ipp;
    int err;

    *ipp = 0;
    if ((err = names_step(dp, name, ipp)) == 0 && (err = ilock(dp)) == 0) {
        err = dir_lookup(dp, name, ipp);
        iunlock(dp);
    }
    iput(dp);
    return MIN(err, 0);
}

// Go to the parent directory of the path's last component: e is that name
// there. The root's is ".".
static int
path_walk(struct inode *cwd, const char *path, struct dentry *e)
{
    char next[DIRSIZ];
    int err;

    e->dp = e->ip = 0;
    if (*path == 0)
        return -ENOENT;
    e->dp = *path == '/' ? fs_root() : idup(cwd);
    memcpy(e->name, dot, DIRSIZ);
    if ((path = path_split(path, e->name)) == 0)
        return 0;
    while ((path = path_split(path, next)) != 0) {
        if ((err = path_step(&e->dp, e->name)) < 0)
            return err;
        memcpy(e->name, next, DIRSIZ);
    }
    return 0;
}

// A path that ends in a slash means a directory.
static int
ends_in_slash(const char *path)
{
    uint n = strlen(path);

    return n > 0 && path[n - 1] == '/';
}

int
path_find(struct inode *cwd, const char *path, struct inode **ipp)
{
    struct dentry e;
    int err;

    if ((err = path_walk(cwd, path, &e)) == 0 &&
        (err = path_step(&e.dp, e.name)) == 0 && ends_in_slash(path))
        err = path_step(&e.dp, dot);
    *ipp = e.dp;
    return err;
}

// What does the name lead to now?
static int
path_look(struct dentry *e)
{
    e->ip = idup(e->dp);
    return path_step(&e->ip, e->name);
}

// Changing names.

struct change {
    struct dentry from, to;          // unlink takes `from` away, create and
                                    // link make `to`, a rename does both
    int dironly;                    // a trailing slash
    int type, major, minor;         // what create makes
};

// Do it, in one operation on all the inodes that are known.
static int
carry_out(struct change *c, uint credits,
          int (*change)(struct op *, struct change *))
{
    struct op op = { 0 };
    int err;

    op_add(&op, c->from.dp);
    op_add(&op, c->from.ip);
    op_add(&op, c->to.dp);
    op_add(&op, c->to.ip);
    do {
        if ((err = op_begin(&op, credits)) < 0)
            return err;
        err = change(&op, c);
        op_end(&op);
    } while ((err = op_again(&op, err)) > 0);
    return err;
}

// Room for a name that must not exist.
static int
new_name(struct op *op, struct dentry *e)
{
    int err = dir_prepare(op, e);

    return err == -EAGAIN ? -EEXIST : err;
}

static int
create_name(struct op *op, struct change *c)
{
    struct inode *dp = c->to.dp, *ip;
    int dir = c->type == T_DIR, err;

    if ((err = new_name(op, &c->to)) < 0)
        return err;
    if (dir && dp->nlink == NLINKMAX)
        return -EMLINK;
    if ((err = ialloc(op, c->type, c->major, c->minor, &ip)) < 0)
        return err;
    if (dir && (err = dir_begin(op, ip, dp->inum)) < 0) {
        ifree(op, ip);
        return err;
    }
    ip->nlink = dir ? 2 : 1;
    iupdate(op, ip);
    dp->nlink += dir;
    dir_set(op, &c->to, ip->inum);
    c->to.ip = idup(ip);
    return 0;
}

int
path_create(struct inode *cwd, const char *path, int type, int major,
            int minor, struct inode **ipp)
{
    struct change c = { .type = type, .major = major, .minor = minor };
    int err;

    if ((err = path_walk(cwd, path, &c.to)) < 0)
        return err;
    if (type != T_DIR && ends_in_slash(path))
        err = -EISDIR;
    else
        err = carry_out(&c, CREATEOP, create_name);
    iput(c.to.dp);
    *ipp = c.to.ip;
    return err;
}

static int
link_name(struct op *op, struct change *c)
{
    struct inode *ip = c->from.ip;
    int err;

    if (ip->type == T_DIR)
        return -EPERM;
    if ((err = new_name(op, &c->to)) < 0)
        return err;
    if (ip->nlink == 0)
        return -ENOENT;
    if (ip->nlink == NLINKMAX)
        return -EMLINK;
    ip->nlink++;
    iupdate(op, ip);
    dir_set(op, &c->to, ip->inum);
    return 0;
}

int
path_link(struct inode *cwd, const char *old, const char *new)
{
    struct change c = { 0 };
    int err;

    if ((err = path_find(cwd, old, &c.from.ip)) < 0)
        return err;
    if ((err = path_walk(cwd, new, &c.to)) == 0) {
        err = ends_in_slash(new) ? -ENOENT : carry_out(&c, LINKOP, link_name);
        iput(c.to.dp);
    }
    iput(c.from.ip);
    return err;
}

// Does a directory's nlink count any subdirectory? It does not on a damaged
// disk alone, where it would reach 0 too early.
static int
counts_child(const struct inode *dp)
{
    return dp->nlink > 2;
}

// May a name go?
static int
removable(const struct dentry *e)
{
    struct inode *ip = e->ip;
    char name[DIRSIZ];
    int err;

    if (ip->nlink == 0)
        return -EIO;                // a name without a link: damaged image
    if (ip->type != T_DIR)
        return 0;
    if (!counts_child(e->dp) || ip->inum == ROOTINO)
        return -EIO;
    err = dir_find(ip, 0, name);
    return err > 0 ? -ENOTEMPTY : err;
}

// An inode loses the name; its bitmaps are kept.
static void
lose_name(struct op *op, const struct dentry *e)
{
    struct inode *ip = e->ip;

    if (ip->type == T_DIR) {
        e->dp->nlink--;
        names_forget(ip->inum, dotdot);
    }
    if (ip->type == T_DIR || ip->nlink == 1) {
        iorphan(op, ip);
    } else {
        ip->nlink--;
        iupdate(op, ip);
    }
}

static int
remove_name(struct op *op, struct change *c)
{
    struct dentry *e = &c->from;
    int err;

    if (e->ip == e->dp)
        return -EIO;                // damaged: a directory within itself
    if ((err = dir_prepare(op, e)) < 0)
        return err;
    if (c->dironly && e->ip->type != T_DIR)
        return -ENOTDIR;
    if ((err = removable(e)) < 0 || (err = inum_keep(op, e->ip->inum)) < 0)
        return err;
    lose_name(op, e);
    dir_set(op, e, 0);
    return 0;
}

// One attempt; -EAGAIN when the name changed meanwhile.
static int
unlink_once(struct change *c)
{
    int err;

    if (dir_dots(c->from.name))
        return -EINVAL;
    if ((err = path_look(&c->from)) < 0)
        return err;
    err = carry_out(c, UNLINKOP, remove_name);
    iput(c->from.ip);
    return err;
}

int
path_unlink(struct inode *cwd, const char *path)
{
    struct change c = { .dironly = ends_in_slash(path) };
    int err;

    if ((err = path_walk(cwd, path, &c.from)) < 0)
        return err;
    while ((err = unlink_once(&c)) == -EAGAIN)
        ;
    iput(c.from.dp);
    return err;
}

// Renaming.

// Is `above` d itself or a directory on its way to the root? 1, 0, -errno.
static int
is_under(struct inode *d, struct inode *above)
{
    uint left = super.ninodes;      // a damaged tree may have no root
    int err;

    for (d = idup(d); d != above && d->inum != ROOTINO; ) {
        if (left-- == 0) {
            iput(d);
            return -EIO;
        }
        if ((err = path_step(&d, dotdot)) < 0)
            return err;
    }
    iput(d);
    return d == above;
}

// Does nothing move into itself or over an ancestor?
static int
keeps_tree(const struct change *c)
{
    const struct dentry *from = &c->from, *to = &c->to;
    int err;

    if (from->ip == from->dp || to->ip == to->dp)
        return -EIO;                // damaged: a directory within itself
    if (from->dp == to->dp)
        return 0;
    if ((err = is_under(to->dp, from->ip)) != 0)
        return err < 0 ? err : -EINVAL;
    if (to->ip && (err = is_under(from->dp, to->ip)) != 0)
        return err < 0 ? err : -ENOTEMPTY;
    return 0;
}

static int
may_move(const struct change *c)
{
    const struct dentry *from = &c->from, *to = &c->to;
    int dir = from->ip->type == T_DIR;

    if (c->dironly && !dir)
        return -ENOTDIR;
    if (dir && from->dp != to->dp && !counts_child(from->dp))
        return -EIO;
    if (to->ip == 0) {
        if (dir && from->dp != to->dp && to->dp->nlink == NLINKMAX)
            return -EMLINK;
        return 0;
    }
    if (dir && to->ip->type != T_DIR)
        return -ENOTDIR;
    if (!dir && to->ip->type == T_DIR)
        return -EISDIR;
    return removable(to);
}

static int
move_name(struct op *op, struct change *c)
{
    struct dentry *from = &c->from, *to = &c->to;
    struct dentry up = { .dp = from->ip, .name = "..", .off = DOTDOT };
    int climbs = from->ip->type == T_DIR && from->dp != to->dp, err;

    if ((err = dir_prepare(op, from)) < 0 ||
        (err = dir_prepare(op, to)) < 0 || (err = may_move(c)) < 0 ||
        (to->ip && (err = inum_keep(op, to->ip->inum)) < 0) ||
        (climbs && (err = iblock_keep(op, up.dp, 0, &up.pg)) < 0))
        return err;

    // Who walks meanwhile is sent to the locked directories, so that nobody
    // sees the rename half done.
    names_forget(from->dp->inum, from->name);
    names_forget(to->dp->inum, to->name);
    names_forget(from->ip->inum, dotdot);

    if (to->ip)
        lose_name(op, to);
    if (climbs) {
        from->dp->nlink--;
        to->dp->nlink++;
        dir_set(op, &up, to->dp->inum);
    }
    dir_set(op, to, from->ip->inum);
    dir_set(op, from, 0);
    return 0;
}

// One attempt; the rename lock is held.
static int
rename_once(struct change *c)
{
    int err;

    if (dir_dots(c->from.name) || dir_dots(c->to.name))
        return -EINVAL;
    if ((err = path_look(&c->from)) < 0)
        return err;
    if (((err = path_look(&c->to)) == 0 || err == -ENOENT) &&
        c->from.ip != c->to.ip &&   // two names of one file: done
        (err = keeps_tree(c)) == 0)
        err = carry_out(c, RENAMEOP, move_name);
    if (c->to.ip)
        iput(c->to.ip);
    iput(c->from.ip);
    return err;
}

int
path_rename(struct inode *cwd, const char *old, const char *new)
{
    struct change c;
    int err;

    c.dironly = ends_in_slash(old) || ends_in_slash(new);
    if ((err = path_walk(cwd, old, &c.from)) < 0)
        return err;
    if ((err = path_walk(cwd, new, &c.to)) == 0) {
        acquiresleep(&renaming);
        while ((err = rename_once(&c)) == -EAGAIN)
            ;
        releasesleep(&renaming);
        iput(c.to.dp);
    }
    iput(c.from.dp);
    return err;
}

// Where am I?

// Replace *dpp by the directory above it and tell its name there.
static int
climb(struct inode **dpp, char *name)
{
    uint inum = (*dpp)->inum;
    int err;

    if ((err = path_step(dpp, dotdot)) < 0 || (err = ilock(*dpp)) < 0)
        return err;
    err = (*dpp)->type == T_DIR ? dir_find(*dpp, inum, name) : -ENOTDIR;
    iunlock(*dpp);
    return err == 0 ? -ENOENT : MIN(err, 0);
}

// Build the path in the end of buf; *at is where it begins.
static int
climb_all(struct inode **dpp, char *buf, int *at)
{
    char name[DIRSIZ];
    int len, err;

    while ((*dpp)->inum != ROOTINO) {
        if ((err = climb(dpp, name)) < 0)
            return err;
        for (len = 0; len < DIRSIZ && name[len]; len++)
            ;
        if (*at < len + 1)
            return -ERANGE;
        *at -= len + 1;
        buf[*at] = '/';
        memcpy(buf + *at + 1, name, len);
    }
    return 0;
}

int
path_of(struct inode *dir, char *buf, int n)
{
    struct inode *dp = idup(dir);
    int at = n - 1, err;

    if (n < 2) {
        iput(dp);
        return -ERANGE;
    }
    buf[at] = 0;
    acquiresleep(&renaming);
    err = climb_all(&dp, buf, &at);
    releasesleep(&renaming);
    if (dp)
        iput(dp);
    if (err < 0)
        return err;
    if (at == n - 1)
        buf[--at] = '/';
    memmove(buf, buf + at, n - at);
    return n - at - 1;
}
