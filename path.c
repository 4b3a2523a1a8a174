// path.c: names: looking them up, making, linking, removing, moving.
//
// dir.c knows what a directory looks like; here is what walks from one to the
// next, and what changes several together. Components longer than DIRSIZ are
// cut, as xv6 does.
//
// A walk locks one directory at a time and holds references, so what it finds
// may be gone when it is used. So every change of names goes like this:
//
//     walk    to the directories that the names are in
//     look    what the names lead to; nothing is locked afterwards
//     may     refuse what can be refused without a lock
//     apply   in an operation (op.c), with the inodes locked that were found:
//             see that the names lead there still, else look again; read all
//             that is going to change; then change it
//
// After the first change nothing can fail. Inodes that lost their last name
// are freed by iput() when all locks are dropped.
//
// The rename lock comes before all others. It makes the tree's shape stand
// still (only renames move directories), so that a rename can find out which
// directory lies above which before it locks any. It takes the lock after the
// walk.

#include "errno.h"
#include "lib.h"
#include "stat.h"
#include "op.h"
#include "alloc.h"
#include "fs.h"
#include "proc.h"
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

// Copy path's first component to name (cut, zero-padded to DIRSIZ) and return
// what follows it; 0 when there is none.
static const char *
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
    const char *rest;
    char next[DIRSIZ];
    int err;

    e->dp = e->ip = 0;
    e->slash = 0;
    if (*path == 0)
        return -ENOENT;
    e->dp = *path == '/' ? fs_root() : idup(cwd);
    memcpy(e->name, dot, DIRSIZ);
    if ((path = path_split(path, e->name)) == 0)
        return 0;
    while ((rest = path_split(path, next)) != 0) {
        if ((err = path_step(&e->dp, e->name)) < 0)
            return err;
        memcpy(e->name, next, DIRSIZ);
        path = rest;
    }
    e->slash = *path == '/';
    return 0;
}

// 0, -ENOTDIR or, where it cannot be read, -EIO and the like.
static int
must_be_dir(struct inode *ip)
{
    int err;

    if ((err = ilock(ip)) < 0)
        return err;
    err = ip->type == T_DIR ? 0 : -ENOTDIR;
    iunlock(ip);
    return err;
}

// Go from e->ip, which is the directory, to what the name leads to. A slash
// asks for the type alone: -ENOENT would deny a name that leads to a directory
// without links, as on a damaged disk.
static int
path_follow(struct dentry *e)
{
    int err = path_step(&e->ip, e->name);

    if (err == 0 && e->slash && (err = must_be_dir(e->ip)) < 0) {
        iput(e->ip);
        e->ip = 0;
    }
    return err;
}

int
path_find(struct inode *cwd, const char *path, int dir, struct inode **ipp)
{
    struct dentry e;
    int err;

    if ((err = path_walk(cwd, path, &e)) == 0) {
        e.ip = e.dp;
        e.slash |= dir;
        err = path_follow(&e);
    }
    *ipp = e.ip;
    return err;
}

// Changing names.

// Unlink takes the name `from` away. Link makes a name `to` for what `from`
// leads to. Create makes `to` and an inode for it. Rename makes `to` lead where
// `from` leads, and takes `from` away. Of a name that is not used, dp is 0.
struct change {
    struct dentry from, to;
    int moves;                      // perhaps a directory: hold the rename
                                    // lock from the look to the end
    uint credits;
    // With nothing locked: 0 if it may be tried, 1 if there is nothing to do.
    int (*may)(const struct change *);
    // With all that is known locked: look again, and do it. -EAGAIN if a name
    // leads elsewhere by now.
    int (*apply)(struct op *, struct change *);
    int type, major, minor;         // what create makes
};

// What does the name lead to now?
static int
change_look(struct dentry *e)
{
    if (e->dp == 0)
        return 0;
    iput(e->ip);
    e->ip = idup(e->dp);
    return path_follow(e);
}

static int
change_try(struct change *c)
{
    struct op op;
    int err;

    if ((err = change_look(&c->from)) < 0 ||
        ((err = change_look(&c->to)) < 0 && err != -ENOENT) ||
        (err = c->may(c)) != 0)
        return err;
    op_init(&op, c->from.dp);
    op_add(&op, c->from.ip);
    op_add(&op, c->to.dp);
    op_add(&op, c->to.ip);
    do {
        if ((err = op_begin(&op, c->credits)) < 0)
            return err;
        err = c->apply(&op, c);
        op_end(&op);
    } while ((err = op_again(&op, err)) > 0);
    return err;
}

// Try until no name changes between look and apply. On a damaged disk a program
// may have mapped a directory's block, and change names all the time: a kill
// ends the tries, too.
static int
change_tries(struct change *c)
{
    int err;

    if (c->moves)
        acquiresleep(&renaming);
    while ((err = change_try(c)) == -EAGAIN && !myproc()->killed)
        ;
    if (c->moves)
        releasesleep(&renaming);
    return err;
}

// Change the names old and new, of which one may be 0. 0, 1 if there was
// nothing to do, or -errno. *ipp, if it is wanted: what new leads to, or 0.
static int
change_names(struct change *c, struct inode *cwd, const char *old,
             const char *new, struct inode **ipp)
{
    int err = 0;

    if (old)
        err = path_walk(cwd, old, &c->from);
    if (new && err == 0)
        err = path_walk(cwd, new, &c->to);
    if (err == 0)
        err = change_tries(c);
    iput(c->from.dp);
    iput(c->from.ip);
    iput(c->to.dp);
    if (ipp)
        *ipp = c->to.ip;
    else
        iput(c->to.ip);
    return err;
}

static int
may_create(const struct change *c)
{
    if (c->to.ip)
        return 1;
    return c->to.slash && c->type != T_DIR ? -EISDIR : 0;
}

static int
create_name(struct op *op, struct change *c)
{
    struct inode *dp = c->to.dp, *ip;
    int dir = c->type == T_DIR, err;

    if ((err = dir_prepare(op, &c->to)) < 0)
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
    struct change c = { .may = may_create, .apply = create_name,
                        .credits = CREATEOP,
                        .type = type, .major = major, .minor = minor };

    return change_names(&c, cwd, 0, path, ipp);
}

static int
may_link(const struct change *c)
{
    if (c->to.ip)
        return -EEXIST;
    return c->to.slash ? -ENOENT : 0;
}

static int
link_name(struct op *op, struct change *c)
{
    struct inode *ip = c->from.ip;
    int err;

    if (ip->type == T_DIR)
        return -EPERM;
    if ((err = dir_prepare(op, &c->to)) < 0)
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
    struct change c = { .may = may_link, .apply = link_name,
                        .credits = LINKOP };

    return change_names(&c, cwd, old, new, 0);
}

static int
may_unlink(const struct change *c)
{
    return dir_dots(c->from.name) ? -EINVAL : 0;
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
        names_set(ip->inum, dotdot, UNKNOWN, 0);
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
    if ((err = removable(e)) < 0 || (err = inum_keep(op, e->ip->inum)) < 0)
        return err;
    lose_name(op, e);
    dir_set(op, e, 0);
    return 0;
}

int
path_unlink(struct inode *cwd, const char *path)
{
    struct change c = { .may = may_unlink, .apply = remove_name,
                        .credits = UNLINKOP };

    return change_names(&c, cwd, path, 0, 0);
}

// Renaming.

// Is `above` d itself or a directory on its way to the root? 1, 0, -errno.
static int
is_under(struct inode *d, struct inode *above)
{
    uint left = super.ninodes;      // a damaged tree may have no root
    int err = 0;

    d = idup(d);
    while (err == 0 && d != above && d->inum != ROOTINO)
        err = left-- > 0 ? path_step(&d, dotdot) : -EIO;
    iput(d);
    return err < 0 ? err : d == above;
}

// Does nothing move into itself or over an ancestor? The rename lock is held.
static int
may_rename(const struct change *c)
{
    const struct dentry *from = &c->from, *to = &c->to;
    int err;

    if (dir_dots(from->name) || dir_dots(to->name))
        return -EINVAL;
    if (from->ip == to->ip)
        return 1;                   // two names of one file
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
    int dir = from->ip->type == T_DIR, climbs = dir && from->dp != to->dp;

    if (to->slash && !dir)
        return -ENOTDIR;
    if (climbs && !counts_child(from->dp))
        return -EIO;
    if (to->ip == 0)
        return climbs && to->dp->nlink == NLINKMAX ? -EMLINK : 0;
    if (dir != (to->ip->type == T_DIR))
        return dir ? -ENOTDIR : -EISDIR;
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
    names_set(from->dp->inum, from->name, UNKNOWN, 0);
    names_set(to->dp->inum, to->name, UNKNOWN, 0);
    names_set(from->ip->inum, dotdot, UNKNOWN, 0);

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

int
path_rename(struct inode *cwd, const char *old, const char *new)
{
    struct change c = { .may = may_rename, .apply = move_name,
                        .credits = RENAMEOP, .moves = 1 };
    int err = change_names(&c, cwd, old, new, 0);

    return MIN(err, 0);
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

// Climb to the root, and build the path of n bytes at most on the way: each
// name goes before those that are there. Its length, or -errno.
static int
climb_all(struct inode **dpp, char *buf, int n)
{
    char name[DIRSIZ + 1] = "";     // dir_find() leaves the last byte alone
    int len = 0, more, err;

    while ((*dpp)->inum != ROOTINO) {
        if ((err = climb(dpp, name)) < 0)
            return err;
        more = strlen(name) + 1;
        if (len + more > n)
            return -ERANGE;
        memmove(buf + more, buf, len);
        buf[0] = '/';
        memcpy(buf + 1, name, more - 1);
        len += more;
    }
    return len;
}

int
path_of(struct inode *dir, char *buf, int n)
{
    struct inode *dp;
    int len;

    if (n < 2)
        return -ERANGE;
    dp = idup(dir);
    acquiresleep(&renaming);
    len = climb_all(&dp, buf, n - 1);
    releasesleep(&renaming);
    iput(dp);
    if (len == 0)
        buf[len++] = '/';
    if (len > 0)
        buf[len] = 0;
    return len;
}
