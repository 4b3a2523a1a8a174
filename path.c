// path.c: names: looking them up, making, linking, removing, moving.
//
// dir.c knows what a directory looks like; here is what walks from one to the
// next, and what changes several together. Components longer than DIRSIZ are
// cut, as xv6 does.
//
// Order, always: [rename lock,] transaction, inode locks. Who needs several
// inodes locks them by number (struct lockset): the tree gives no order, as
// on a damaged disk a directory may lie below itself. A walk locks one
// directory at a time and holds references, so what it finds may be gone when
// it is used: every operation looks again under its locks. A removed
// directory (nlink 0) has no names, not even "..".
//
// Each operation first reads and holds all it is going to change, then
// changes it: after the first change nothing can fail. Inodes that lost
// their last name are freed by iput() when all locks are dropped.
//
// A rename may lock four inodes. The rename lock makes the tree's shape
// stand still (only renames move directories), so that it can find out which
// directory lies above which before it locks any.
//
// A new inode is locked out of order, when its directory is. Nobody waits for
// another inode who has the lock of one that is in no use.

#include "errno.h"
#include "lib.h"
#include "rtc.h"
#include "stat.h"
#include "log.h"
#include "alloc.h"
#include "fs.h"
#include "names.h"
#include "dir.h"
#include "path.h"

#define NLINKMAX 65535
#define MAXLOCKS 4                  // inodes that one operation locks

// Blocks changed: a record (perhaps in a new block, with its bitmap and
// index blocks), up to four inodes, bitmaps.
#define CREATEOP 18
#define LINKOP   12
#define UNLINKOP 5
#define RENAMEOP 18

// Guards the shape of the tree.
static struct sleeplock renaming = SLEEPLOCK("rename", SRANK_RENAME);

static const char dotdot[DIRSIZ] = "..";

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

static int
is_dot(const char *name)
{
    return name[0] == '.' && name[1] == 0;
}

static int
is_dots(const char *name)
{
    return is_dot(name) || (name[0] == '.' && name[1] == '.' && name[2] == 0);
}

// Inodes to be locked together, each once, by number.
struct lockset {
    uint n;
    struct inode *ip[MAXLOCKS];
};

// ip may be 0, or in the set.
static void
lockset_add(struct lockset *s, struct inode *ip)
{
    uint i;

    for (i = 0; i < s->n && s->ip[i] != ip; i++)
        ;
    if (ip == 0 || i < s->n)
        return;
    for (i = s->n++; i > 0 && s->ip[i - 1]->inum > ip->inum; i--)
        s->ip[i] = s->ip[i - 1];
    s->ip[i] = ip;
}

static void
lockset_unlock(struct lockset *s)
{
    while (s->n > 0)
        iunlock(s->ip[--s->n]);
}

// All of them, or none and -errno.
static int
lockset_lock(struct lockset *s)
{
    uint n = s->n;
    int err = 0;

    for (s->n = 0; s->n < n && (err = ilock(s->ip[s->n])) == 0; s->n++)
        ;
    if (err < 0)
        lockset_unlock(s);
    return err;
}

// Walking. A walk owns a reference to where it stands, but not to where it
// began: the caller has that one.

// The entry of that name, from the directory itself.
static int
step_locked(struct inode *dp, const char *name, struct inode **ipp)
{
    uint off;
    int err;

    if ((err = ilock(dp)) < 0)
        return err;
    if (is_dot(name) && (err = dir_check(dp)) == 0)
        *ipp = idup(dp);
    else if (err == 0)
        err = dir_entry(dp, name, &off, ipp);
    iunlock(dp);
    return err;
}

// Go from *dpp to its entry of that name. After an error there is no place to
// stand on: *dpp is 0.
static int
step(struct inode **dpp, const char *name, int owned)
{
    struct inode *dp = *dpp, *ip = 0;
    int err = names_step(dp, name, &ip);

    if (err == 0)
        err = step_locked(dp, name, &ip);
    if (owned)
        iput(dp);
    *dpp = ip;
    return MIN(err, 0);
}

// A path that ends in a slash means a directory.
static int
ends_in_slash(const char *path)
{
    uint n = strlen(path);

    return n > 0 && path[n - 1] == '/';
}

static int
must_be_directory(struct inode *ip)
{
    int err = ilock(ip);

    if (err < 0)
        return err;
    err = ip->type == T_DIR ? 0 : -ENOTDIR;
    iunlock(ip);
    return err;
}

int
path_find(struct inode *cwd, const char *path, struct inode **ipp)
{
    struct inode *ip = *path == '/' ? iroot() : cwd;
    int slash = 0, owned = 0, err = 0;
    char name[DIRSIZ];

    *ipp = 0;
    if (*path == 0)
        return -ENOENT;
    while ((path = path_split(path, name)) != 0) {
        if ((err = step(&ip, name, owned)) < 0)
            return err;
        owned = 1;
        slash = *path == '/';
    }
    if (!owned)
        idup(ip);
    if (slash && (err = must_be_directory(ip)) < 0)
        iput(ip);
    else
        *ipp = ip;
    return err;
}

// The directory, referenced, that holds the path's last component, and that
// component. -EBUSY: the root has no name.
static int
parent(struct inode *cwd, const char *path, char *name, struct inode **dpp)
{
    int owned = 0, err;
    char next[DIRSIZ];

    *dpp = *path == '/' ? iroot() : cwd;
    if (*path == 0)
        return -ENOENT;
    if ((path = path_split(path, name)) == 0)
        return -EBUSY;
    for (; (path = path_split(path, next)) != 0; owned = 1) {
        if ((err = step(dpp, name, owned)) < 0)
            return err;
        memcpy(name, next, DIRSIZ);
    }
    if (!owned)
        idup(*dpp);
    return 0;
}

// Creating.

// Part of a transaction; dp locked. The new inode is returned unlocked; so
// is one that failed half-way, to be put after the transaction.
static int
create(struct hold *h, struct inode *dp, const char *name, int type,
       uint dev, struct inode **ipp)
{
    struct inode *ip;
    struct place room;
    int err;

    if ((err = dir_room(h, dp, name, &room)) < 0)
        return err;
    if (type == T_DIR && dp->nlink == NLINKMAX)
        return -EMLINK;
    if ((err = ialloc(h, type, dev >> 16, dev & 0xffff, &ip)) < 0) {
        *ipp = ip;
        return err;
    }
    if (type == T_DIR && (err = dir_begin(ip, dp->inum)) < 0) {
        ifree(h, ip);
        iunlock(ip);
        *ipp = ip;
        return err;
    }
    ip->nlink = type == T_DIR ? 2 : 1;
    iupdate(h, ip);
    dir_enter(dp, &room, name, ip->inum);
    dp->nlink += type == T_DIR;
    dp->mtime = rtc_seconds();
    iupdate(h, dp);
    iunlock(ip);
    *ipp = ip;
    return 0;
}

static int
create_op(struct inode *dp, const char *name, int type, uint dev,
          struct inode **ipp)
{
    struct hold h = { 0 };
    int err;

    *ipp = 0;
    if ((err = begin_op(CREATEOP)) < 0)
        return err;
    if ((err = ilock(dp)) == 0) {
        err = create(&h, dp, name, type, dev, ipp);
        hold_drop(&h);
        iunlock(dp);
    }
    end_op(CREATEOP);
    if (err < 0 && *ipp)
        iput(*ipp);
    return err;
}

int
path_create(struct inode *cwd, const char *path, int type, int major,
            int minor, struct inode **ipp)
{
    uint dev = (uint)major << 16 | (minor & 0xffff);
    char name[DIRSIZ];
    struct inode *dp;
    uint seen;
    int err;

    err = parent(cwd, path, name, &dp);
    if (err < 0)
        return err == -EBUSY ? -EEXIST : err;
    if (type != T_DIR && ends_in_slash(path)) {
        iput(dp);
        return -EISDIR;
    }
    do {
        seen = log_released();
        err = create_op(dp, name, type, dev, ipp);
    } while (err == -ENOSPC && log_release_held(seen));
    iput(dp);
    return err;
}

// Linking.

static int
add_link(struct hold *h, struct inode *dp, const char *name,
         struct inode *ip)
{
    struct place room;
    int err;

    if ((err = dir_room(h, dp, name, &room)) < 0)
        return err;
    if (ip->nlink == 0)
        return -ENOENT;
    if (ip->nlink == NLINKMAX)
        return -EMLINK;
    if ((err = ihold(h, ip)) < 0)
        return err;
    ip->nlink++;
    iupdate(h, ip);
    dir_enter(dp, &room, name, ip->inum);
    dp->mtime = rtc_seconds();
    iupdate(h, dp);
    return 0;
}

static int
link_op(struct inode *dp, const char *name, struct inode *ip)
{
    struct lockset locks = { 0 };
    struct hold h = { 0 };
    int err;

    lockset_add(&locks, dp);
    lockset_add(&locks, ip);
    if ((err = begin_op(LINKOP)) < 0)
        return err;
    if ((err = lockset_lock(&locks)) == 0) {
        err = add_link(&h, dp, name, ip);
        hold_drop(&h);
        lockset_unlock(&locks);
    }
    end_op(LINKOP);
    return err;
}

static int
link_at(struct inode *cwd, struct inode *ip, const char *new)
{
    char name[DIRSIZ];
    struct inode *dp;
    uint seen;
    int err;

    err = parent(cwd, new, name, &dp);
    if (err < 0)
        return err == -EBUSY ? -EEXIST : err;
    do {
        seen = log_released();
        err = ends_in_slash(new) ? -ENOENT : link_op(dp, name, ip);
    } while (err == -ENOSPC && log_release_held(seen));
    iput(dp);
    return err;
}

int
path_link(struct inode *cwd, const char *old, const char *new)
{
    struct inode *ip;
    int err;

    if ((err = path_find(cwd, old, &ip)) < 0)
        return err;
    err = must_be_directory(ip);
    if (err == 0)
        err = -EPERM;
    else if (err == -ENOTDIR)
        err = link_at(cwd, ip, new);
    iput(ip);
    return err;
}

// Unlinking.

// Does a directory's nlink count any subdirectory? It does not on a damaged
// disk alone, where it would reach 0 too early.
static int
counts_child(const struct inode *dp)
{
    return dp->nlink > 2;
}

// May ip's name in dp go? Both are locked.
static int
removable(struct inode *dp, struct inode *ip)
{
    char name[DIRSIZ];
    int err;

    if (ip->nlink == 0)
        return -EIO;                // a name without a link: damaged image
    if (ip->type != T_DIR)
        return 0;
    if (!counts_child(dp) || ip->inum == ROOTINO)
        return -EIO;
    err = dir_entry_to(ip, 0, name);
    return err > 0 ? -ENOTEMPTY : err;
}

// A name of ip in dp goes; all that changes is held.
static void
lose_name(struct hold *h, struct inode *dp, struct inode *ip)
{
    if (ip->type == T_DIR) {
        dp->nlink--;
        names_forget(ip->inum, dotdot);
    }
    if (ip->type == T_DIR || ip->nlink == 1) {
        iorphan(h, ip);
    } else {
        ip->nlink--;
        iupdate(h, ip);
    }
}

static int
hold_loser(struct hold *h, struct inode *ip)
{
    int err = ihold(h, ip);

    return err < 0 ? err : hold_inum(h, ip->inum);
}

// ip, referenced, was dp's entry of that name. Both are locked.
static int
remove_entry(struct hold *h, struct inode *dp, const char *name,
             struct inode *ip, int dironly)
{
    struct place at;
    int err;

    if (ip == dp)
        return -EIO;                // damaged: a directory within itself
    if ((err = dir_look_again(dp, name, ip, &at.off)) < 0)
        return err;
    if (dironly && ip->type != T_DIR)
        return -ENOTDIR;
    if ((err = removable(dp, ip)) < 0 || (err = ihold(h, dp)) < 0 ||
        (err = ihold_block(h, dp, at.off / BSIZE, &at.pg)) < 0 ||
        (err = hold_loser(h, ip)) < 0)
        return err;
    dir_erase(dp, &at, name);
    lose_name(h, dp, ip);
    dp->mtime = rtc_seconds();
    iupdate(h, dp);
    return 0;
}

// One attempt; -EAGAIN when the name changed meanwhile.
static int
unlink_op(struct inode *dp, const char *name, int dironly)
{
    struct lockset locks = { 0 };
    struct inode *ip = dp;
    struct hold h = { 0 };
    int err;

    if ((err = step(&ip, name, 0)) < 0)
        return err;
    lockset_add(&locks, dp);
    lockset_add(&locks, ip);
    if ((err = begin_op(UNLINKOP)) == 0) {
        if ((err = lockset_lock(&locks)) == 0) {
            err = remove_entry(&h, dp, name, ip, dironly);
            hold_drop(&h);
            lockset_unlock(&locks);
        }
        end_op(UNLINKOP);
    }
    iput(ip);
    return err;
}

int
path_unlink(struct inode *cwd, const char *path)
{
    char name[DIRSIZ];
    struct inode *dp;
    int err;

    if ((err = parent(cwd, path, name, &dp)) < 0)
        return err;
    do {
        err = is_dots(name) ? -EINVAL
                            : unlink_op(dp, name, ends_in_slash(path));
    } while (err == -EAGAIN);
    iput(dp);
    return err;
}

// Renaming.

struct move {
    struct inode *odp, *ndp;        // directories
    char oname[DIRSIZ], nname[DIRSIZ];
    int  dironly;                   // a trailing slash
    struct inode *ip, *nip;         // what moves; what it replaces, or 0
    struct place oat, nat, dotdot;  // their records; ip's, if a directory
};

// Is `above` d itself or a directory on its way to the root? 1, 0, -errno.
static int
is_under(struct inode *d, struct inode *above)
{
    uint left = super.ninodes;      // a damaged tree may have no root
    int err = 0;

    for (d = idup(d); err == 0 && d != above && d->inum != ROOTINO; ) {
        err = left-- ? step(&d, dotdot, 1) : -EIO;
        if (err < 0 && d == 0)
            return err;
    }
    if (err == 0)
        err = d == above;
    iput(d);
    return err;
}

// Find both entries; nip may be missing.
static int
find_both(struct move *m)
{
    int err;

    m->ip = m->nip = 0;
    if ((err = ilock(m->odp)) < 0)
        return err;
    err = dir_entry(m->odp, m->oname, &m->oat.off, &m->ip);
    iunlock(m->odp);
    if (err < 0 || (err = ilock(m->ndp)) < 0)
        return err;
    err = dir_entry(m->ndp, m->nname, &m->nat.off, &m->nip);
    if (err == -ENOENT && m->ndp->nlink)
        err = 0;
    iunlock(m->ndp);
    return err;
}

// Does nothing move into itself or over an ancestor?
static int
keeps_tree(struct move *m)
{
    int err;

    if (m->ip == m->odp || m->nip == m->ndp)
        return -EIO;                // damaged: a directory within itself
    if (m->odp == m->ndp)
        return 0;
    if ((err = is_under(m->ndp, m->ip)) != 0)
        return err < 0 ? err : -EINVAL;
    if (m->nip && (err = is_under(m->odp, m->nip)) != 0)
        return err < 0 ? err : -ENOTEMPTY;
    return 0;
}

static int
may_move(struct move *m)
{
    int dir = m->ip->type == T_DIR;

    if (m->dironly && !dir)
        return -ENOTDIR;
    if (dir && m->odp != m->ndp && !counts_child(m->odp))
        return -EIO;
    if (m->nip == 0) {
        if (dir && m->odp != m->ndp && m->ndp->nlink == NLINKMAX)
            return -EMLINK;
        return 0;
    }
    if (dir && m->nip->type != T_DIR)
        return -ENOTDIR;
    if (!dir && m->nip->type == T_DIR)
        return -EISDIR;
    return removable(m->ndp, m->nip);
}

// Hold all that the move changes; nat gets room when nothing is replaced.
static int
hold_all(struct hold *h, struct move *m)
{
    int err;

    if ((err = ihold(h, m->odp)) < 0 || (err = ihold(h, m->ndp)) < 0 ||
        (err = ihold(h, m->ip)) < 0 ||
        (err = ihold_block(h, m->odp, m->oat.off / BSIZE, &m->oat.pg)) < 0)
        return err;
    m->dotdot.off = DOTDOT;
    if (m->ip->type == T_DIR &&
        (err = ihold_block(h, m->ip, 0, &m->dotdot.pg)) < 0)
        return err;
    if (m->nip == 0)
        return dir_room(h, m->ndp, m->nname, &m->nat);
    if ((err = hold_loser(h, m->nip)) < 0)
        return err;
    return ihold_block(h, m->ndp, m->nat.off / BSIZE, &m->nat.pg);
}

static void
do_move(struct hold *h, struct move *m)
{
    // Who walks meanwhile is sent to the locked directories, so that nobody
    // sees the rename half done.
    names_forget(m->odp->inum, m->oname);
    names_forget(m->ndp->inum, m->nname);
    names_forget(m->ip->inum, dotdot);

    dir_enter(m->ndp, &m->nat, m->nname, m->ip->inum);
    dir_erase(m->odp, &m->oat, m->oname);
    if (m->ip->type == T_DIR && m->odp != m->ndp) {
        dir_put(&m->dotdot, dotdot, m->ndp->inum);
        m->odp->nlink--;
        m->ndp->nlink++;
    }
    if (m->nip)
        lose_name(h, m->ndp, m->nip);
    m->odp->mtime = m->ndp->mtime = rtc_seconds();
    iupdate(h, m->odp);
    iupdate(h, m->ndp);
}

// Part of a transaction, all inodes locked.
static int
move_entries(struct hold *h, struct move *m)
{
    int err;

    if ((err = dir_look_again(m->odp, m->oname, m->ip, &m->oat.off)) < 0 ||
        (err = dir_look_again(m->ndp, m->nname, m->nip, &m->nat.off)) < 0 ||
        (err = may_move(m)) < 0 || (err = hold_all(h, m)) < 0)
        return err;
    do_move(h, m);
    return 0;
}

static int
move_op(struct move *m)
{
    struct lockset locks = { 0 };
    struct hold h = { 0 };
    int err;

    lockset_add(&locks, m->odp);
    lockset_add(&locks, m->ndp);
    lockset_add(&locks, m->ip);
    lockset_add(&locks, m->nip);
    if ((err = begin_op(RENAMEOP)) < 0)
        return err;
    if ((err = lockset_lock(&locks)) == 0) {
        err = move_entries(&h, m);
        hold_drop(&h);
        lockset_unlock(&locks);
    }
    end_op(RENAMEOP);
    return err;
}

// One attempt; the rename lock is held.
static int
try_move(struct move *m)
{
    int err = find_both(m);

    if (err == 0 && m->ip != m->nip) {  // two names of one file: done
        err = keeps_tree(m);
        if (err == 0)
            err = move_op(m);
    }
    if (m->nip)
        iput(m->nip);
    if (m->ip)
        iput(m->ip);
    return err;
}

static int
rename_in(struct move *m)
{
    uint seen;
    int err;

    if (is_dots(m->oname) || is_dots(m->nname))
        return -EINVAL;
    acquiresleep(&renaming);
    do {
        seen = log_released();
        err = try_move(m);
    } while (err == -EAGAIN || (err == -ENOSPC && log_release_held(seen)));
    releasesleep(&renaming);
    return err;
}

int
path_rename(struct inode *cwd, const char *old, const char *new)
{
    struct move m;
    int err;

    m.dironly = ends_in_slash(old) || ends_in_slash(new);
    if ((err = parent(cwd, old, m.oname, &m.odp)) < 0)
        return err;
    err = parent(cwd, new, m.nname, &m.ndp);
    if (err == 0) {
        err = rename_in(&m);
        iput(m.ndp);
    }
    iput(m.odp);
    return err;
}

// Where am I?

// Replace *dpp by the directory above it and tell its name there.
static int
climb(struct inode **dpp, char *name)
{
    uint inum = (*dpp)->inum;
    int err;

    if ((err = step(dpp, dotdot, 1)) < 0 || (err = ilock(*dpp)) < 0)
        return err;
    if ((err = dir_check(*dpp)) == 0 &&
        (err = dir_entry_to(*dpp, inum, name)) == 0)
        err = -ENOENT;
    iunlock(*dpp);
    return err;
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
