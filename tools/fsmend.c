// fsmend.c: mends a file system so that fscheck.c finds nothing, losing least.
//
// Everything is brought into order in the cache, whether or not it is wrong:
//
//   types    an inode whose type is damaged gets the one that its content
//            shows; one that makes no sense is free
//   claims   each inode claims the blocks within its size, then those behind
//            its end that follow on and are nobody's; the block bitmap is made
//            from that
//   blocks   a block that two inodes have is copied for the second. What is
//            missing in the middle of a file becomes zeroes; a file ends with
//            the last block that it has
//   records  of directories: bad names become good ones, those that lead to
//            nothing are removed, "." and ".." are set right
//   tree     a directory with several names keeps the one that its ".." knows;
//            what has no name gets one, "#" and its number, in /lost+found
//   counts   links, the inode and orphan bitmaps
//
// Blocks are taken only after the claims: from then on the bitmap is right.

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "fsmend.h"

#define PERBLOCK (BSIZE / sizeof(struct dirent))
#define HOLES    NINDIRECT          // blocks of zeroes a file may get; and one
                                    // more for each block that it has

static struct {
    uint  *owner;                   // of each block, the inode; 0: none
    uchar *taken;                   // blocks: their owner has been there
    uint  *parent;                  // of each directory; 0: none found yet
    uint  *dotdot;                  // what its ".." said
    uint  *names;                   // of each inode
    uchar *placed;                  // directories: below the root for sure
    uint  lost;                     // lost+found, when it is needed
} mn;

void
mended(const char *fmt, ...)
{
    va_list ap;

    if (ck.quiet)
        return;
    printf("mended: ");
    va_start(ap, fmt);
    vprintf(fmt, ap);
    va_end(ap);
    printf("\n");
}

// ---- types ----

static int
is_name(const struct dirent *de, const char *name)
{
    char padded[DIRSIZ] = "";

    memcpy(padded, name, strlen(name));
    return memcmp(de->name, padded, DIRSIZ) == 0;
}

// Records of a directory, in a block of whatever? Free ones prove nothing.
static int
block_of_records(uint bno)
{
    const struct dirent *de = hfs_block(bno);
    uint i, good = 0;

    for (i = 0; i < PERBLOCK; i++) {
        if (de[i].inum == 0)
            continue;
        if (de[i].inum >= hfs.sb.ninodes || !well_formed(&de[i]))
            return 0;
        good++;
    }
    return good > 0;
}

// How sure is it that an inode's content is a directory's? 2: it begins with
// its own number and "." and goes on with "..".
static int
directory_like(uint inum, const struct dinode *d)
{
    const struct dirent *de;
    uint bno = hfs_map(d, 0), i;

    if (bno) {
        de = hfs_block(bno);
        if (de[0].inum == inum && is_name(&de[0], ".") && is_name(&de[1], ".."))
            return 2;
        if (is_name(&de[0], ".") || is_name(&de[1], ".."))
            return 1;
    }
    for (i = 0; i < NDIRECT; i++)
        if (hfs_is_data(d->addr[i]) && block_of_records(d->addr[i]))
            return 1;
    return 0;
}

// Do the size and the block numbers of an inode go together?
static int
plausible(const struct dinode *d)
{
    uint n = hfs_nblocks(d), i;

    if (d->size > MAXFILE || n > hfs.sb.nblocks)
        return 0;
    for (i = 0; i < NDIRECT; i++)
        if (i < n ? !hfs_is_data(d->addr[i]) : d->addr[i] != 0)
            return 0;
    return (n > NDIRECT ? hfs_is_data(d->ind) : d->ind == 0) &&
           (n > NDIRECT + NINDIRECT ? hfs_is_data(d->dind) : d->dind == 0);
}

static uint
right_type(uint inum, const struct dinode *d)
{
    int dir = directory_like(inum, d), damaged = d->type == 0 ||
                                                 d->type > T_DEV;

    if (inum == ROOTINO)
        return T_DIR;
    if (damaged && (!plausible(d) || d->nlink == 0))
        return 0;
    if (damaged || d->type == T_DEV)
        return d->major ? T_DEV : dir == 2 ? T_DIR :
               d->type == T_DEV && !hfs_is_data(d->addr[0]) ? T_DEV : T_FILE;
    if (d->type == T_DIR)
        return dir ? T_DIR : T_FILE;
    return dir == 2 ? T_DIR : T_FILE;
}

static void
mend_type(uint inum)
{
    struct dinode *d = hfs_inode(inum);
    uint type;

    if (d->type == 0 && inum != ROOTINO && !hfs_bit(hfs.sb.imapstart, inum))
        return;
    type = right_type(inum, d);
    if (type != d->type) {
        mended("inode %u: type %u becomes %u", inum, d->type, type);
        hfs_inode_dirty(inum);
    }
    if (type == 0)
        memset(d, 0, sizeof *d);
    d->type = type;
    if (type == T_DEV && (d->size || !plausible(d))) {
        memset(d->addr, 0, sizeof d->addr);
        d->size = d->ind = d->dind = 0;
        hfs_inode_dirty(inum);
    }
}

static void
mend_types(void)
{
    uint inum;

    if (hfs_inode(0)->type) {
        memset(hfs_inode(0), 0, sizeof(struct dinode));
        hfs_inode_dirty(0);
    }
    hfs_set_bit(hfs.sb.imapstart, 0, 1);
    for (inum = 1; inum < hfs.sb.ninodes; inum++) {
        mend_type(inum);
        hfs_set_bit(hfs.sb.imapstart, inum, hfs_inode(inum)->type != 0);
    }
}

// ---- claims ----

static uint
span(uint depth)
{
    return depth == 0 ? 1 : depth == 1 ? NINDIRECT : NINDIRECT * NINDIRECT;
}

// Claim the blocks `first` to n - 1 of a file that hang at bno. An index block
// that somebody else has is looked through all the same.
static void
claim(uint inum, uint bno, uint depth, uint first, uint n)
{
    const uint *entry;
    uint i;

    if (first >= n || !hfs_is_data(bno) || mn.owner[bno] == inum)
        return;
    if (mn.owner[bno] == 0)
        mn.owner[bno] = inum;
    if (depth == 0)
        return;
    entry = hfs_block(bno);
    for (i = 0; i < NINDIRECT; i++)
        claim(inum, entry[i], depth - 1, first + i * span(depth - 1), n);
}

// Could block i of a file be its own, by all the blocks on the way there?
static int
may_follow(uint inum, const struct dinode *d, uint i)
{
    uint way[3], n = hfs_way(d, i, way), k;

    for (k = 0; k < n; k++)
        if (mn.owner[way[k]] != inum &&
            (mn.owner[way[k]] || !hfs_bit(hfs.sb.bmapstart, way[k])))
            return 0;
    return n > 0 && mn.owner[way[n - 1]] == 0;
}

// Blocks behind the end belong to the file if they follow on, are in use and
// nobody else's: its size was damaged, then.
static void
claim_behind(uint inum, struct dinode *d)
{
    uint n = hfs_nblocks(d), old = n, way[3], k;

    for (; n < MAXFILE / BSIZE && may_follow(inum, d, n); n++)
        for (k = hfs_way(d, n, way); k > 0; k--)
            mn.owner[way[k - 1]] = inum;
    if (n > old) {
        mended("inode %u: %u bytes, were %u", inum, n * BSIZE, d->size);
        d->size = n * BSIZE;
        hfs_inode_dirty(inum);
    }
}

static void
mend_claims(void)
{
    struct dinode *d;
    uint inum, i, n, bno;

    for (inum = 1; inum < hfs.sb.ninodes; inum++) {
        d = hfs_inode(inum);
        n = hfs_nblocks(d);
        for (i = 0; d->type && i < NDIRECT; i++)
            claim(inum, d->addr[i], 0, i, n);
        if (d->type) {
            claim(inum, d->ind, 1, NDIRECT, n);
            claim(inum, d->dind, 2, NDIRECT + NINDIRECT, n);
        }
    }
    for (inum = 1; inum < hfs.sb.ninodes; inum++)
        if (hfs_inode(inum)->type && hfs_inode(inum)->type != T_DEV)
            claim_behind(inum, hfs_inode(inum));
    for (bno = 0; bno < hfs.sb.nblocks; bno++)
        hfs_set_bit(hfs.sb.bmapstart, bno,
                    bno < hfs.sb.datastart || mn.owner[bno]);
}

// ---- blocks ----

struct job {
    uint inum, n;                   // the file and its length in blocks
    uint last;                      // behind its last good block
    uint again;                     // index blocks that it had twice
};

// A copy of a block as it is in the image, where the log has been replayed: in
// the cache its owner may have taken it for an index block and mended it.
static uint
copy_block(uint inum, uint from)
{
    uint bno = hfs_balloc_index();

    if (bno == 0)
        return 0;
    hfs_read_at(hfs.offset + (long long)from * BSIZE, hfs_block(bno), BSIZE);
    mended("inode %u: block %u, of inode %u, is copied to %u", inum, from,
           mn.owner[from], bno);
    return bno;
}

// An index block that a file has many times over is no index block.
static uint
own_or_copy(struct job *j, uint bno, uint depth)
{
    if (mn.owner[bno] == j->inum && !mn.taken[bno]) {
        mn.taken[bno] = 1;
        return bno;
    }
    if (depth > 0 && mn.owner[bno] == j->inum && j->again++ > 1)
        return 0;
    return copy_block(j->inum, bno);
}

// Mend the pointer to the blocks from `first` on, `depth` index levels below
// it. Returns whether it has changed.
static int
mend_tree(struct job *j, uint *p, uint depth, uint first)
{
    uint old = *p, *entry, i, any = 0, changed = 0;

    *p = first < j->n && hfs_is_data(old) ? own_or_copy(j, old, depth) : 0;
    if (*p == 0 || depth == 0) {
        j->last = *p ? first + 1 : j->last;
        return *p != old;
    }
    entry = hfs_block(*p);
    for (i = 0; i < NINDIRECT; i++) {
        changed |= mend_tree(j, &entry[i], depth - 1,
                             first + i * span(depth - 1));
        any |= entry[i];
    }
    if (changed)
        hfs_dirty(*p);
    if (any == 0) {
        hfs_bfree(*p);
        *p = 0;
    }
    return *p != old;
}

// Drop the blocks from n on that hang at *p.
static void
cut_tree(uint *p, uint depth, uint first, uint n)
{
    uint *entry, i;

    if (*p == 0 || first + span(depth) <= n)
        return;
    if (depth > 0) {
        entry = hfs_block(*p);
        for (i = 0; i < NINDIRECT; i++)
            cut_tree(&entry[i], depth - 1, first + i * span(depth - 1), n);
        hfs_dirty(*p);
    }
    if (first >= n) {
        hfs_bfree(*p);
        *p = 0;
    }
}

static void
cut_file(struct dinode *d, uint n)
{
    uint i;

    for (i = 0; i < NDIRECT; i++)
        cut_tree(&d->addr[i], 0, i, n);
    cut_tree(&d->ind, 1, NDIRECT, n);
    cut_tree(&d->dind, 2, NDIRECT + NINDIRECT, n);
    d->size = n * BSIZE;
}

static int
add_block(struct dinode *d, uint i)
{
    uint bno = hfs_balloc_index();

    if (bno == 0)
        return -1;
    if (hfs_map_add(d, i, bno) == 0)
        return 0;
    hfs_bfree(bno);
    return -1;
}

// Zeroes for what is missing; too much of it ends the file.
static void
fill_holes(uint inum, struct dinode *d, uint n)
{
    uint i, holes = 0;

    for (i = 0; i < n; i++)
        holes += hfs_map(d, i) == 0;
    if (holes == 0)
        return;
    mended("inode %u: %u blocks are missing", inum, holes);
    for (i = 0; i < n; i++)
        if (hfs_map(d, i) == 0 &&
            (holes > n - holes + HOLES || add_block(d, i) < 0)) {
            cut_file(d, i);
            return;
        }
}

static void
mend_blocks(uint inum, struct dinode *d)
{
    struct dinode old = *d;
    struct job j = { .inum = inum };
    uint i;

    if (d->size > MAXFILE)
        d->size = MAXFILE;
    j.n = hfs_nblocks(d);
    for (i = 0; i < NDIRECT; i++)
        mend_tree(&j, &d->addr[i], 0, i);
    mend_tree(&j, &d->ind, 1, NDIRECT);
    mend_tree(&j, &d->dind, 2, NDIRECT + NINDIRECT);
    if (j.last < j.n)
        d->size = j.last * BSIZE;
    fill_holes(inum, d, j.last);
    if (memcmp(&old, d, sizeof old) == 0)
        return;
    hfs_inode_dirty(inum);
    if (d->size != old.size)
        mended("inode %u: %u bytes, were %u", inum, d->size, old.size);
}

static void
mend_files(void)
{
    uint inum;

    for (inum = 1; inum < hfs.sb.ninodes; inum++)
        if (hfs_inode(inum)->type)
            mend_blocks(inum, hfs_inode(inum));
}

// ---- records ----

// Open but nameless: the kernel frees it at boot.
static int
is_orphan(uint inum)
{
    return hfs_bit(hfs.sb.omapstart, inum) && hfs_inode(inum)->nlink == 0 &&
           mn.names[inum] == 0;
}

static int
is_dir(uint inum)
{
    return hfs_inode(inum)->type == T_DIR && !is_orphan(inum);
}

static int
in_use(uint inum)
{
    return inum > 0 && inum < hfs.sb.ninodes && hfs_inode(inum)->type;
}

// Who is named at all?
static void
find_names(void)
{
    uint dir, i, n;
    struct dirent *de;

    for (dir = 1; dir < hfs.sb.ninodes; dir++) {
        if (hfs_inode(dir)->type != T_DIR)
            continue;
        n = hfs_nblocks(hfs_inode(dir)) * PERBLOCK;
        for (i = 2; i < n; i++)
            if ((de = hfs_entry(dir, i)) != 0 && in_use(de->inum))
                mn.names[de->inum]++;
    }
}

// A name that a directory does not have yet: "#", the number, and if need be
// more.
static void
number_name(uint dir, uint inum, char name[DIRSIZ + 1])
{
    uint k;

    snprintf(name, DIRSIZ + 1, "#%u", inum % 65536);
    for (k = 1; hfs_lookup(dir, name, 0); k++)
        snprintf(name, DIRSIZ + 1, "#%u.%u", inum % 65536, k % 1000000);
}

static void
set_name(uint dir, uint i, const char *name)
{
    struct dirent *de = hfs_entry(dir, i);

    memset(de->name, 0, DIRSIZ);
    memcpy(de->name, name, strlen(name));
    mended("directory %u: a name becomes %s", dir, a_name(de));
    hfs_entry_dirty(dir, i);
}

static void
mend_name(uint dir, uint i)
{
    struct dirent *de = hfs_entry(dir, i);
    char name[DIRSIZ + 1] = "", *slash;

    if (well_formed(de))
        return;
    memcpy(name, de->name, DIRSIZ);
    while ((slash = strchr(name, '/')) != 0)
        *slash = '_';
    if (*name == 0 || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
        number_name(dir, de->inum, name);
    set_name(dir, i, name);
}

static void
drop_record(uint dir, uint i)
{
    struct dirent *de = hfs_entry(dir, i);

    mended("directory %u: %s, inode %u, is removed", dir, a_name(de),
           de->inum);
    hfs_remove(dir, i);
}

// The size of a directory of which `used` records are, at the least: what is
// behind it becomes zero.
static void
set_dir_size(uint dir, uint used)
{
    struct dinode *d = hfs_inode(dir);
    uint n = hfs_nblocks(d) * PERBLOCK, size = d->size, i;
    static const struct dirent none;

    size = (size + sizeof none - 1) / sizeof none * sizeof none;
    if (size < used * sizeof none)
        size = used * sizeof none;
    for (i = size / sizeof none; i < n; i++)
        if (memcmp(hfs_entry(dir, i), &none, sizeof none))
            hfs_remove(dir, i);
    if (size == d->size)
        return;
    mended("directory %u: %u bytes, were %u", dir, size, d->size);
    d->size = size;
    hfs_inode_dirty(dir);
}

static void
mend_records(uint dir)
{
    struct dinode *d = hfs_inode(dir);
    uint n, i, used = 2;
    struct dirent *de;

    if (d->size == 0) {
        hfs_inode_dirty(dir);
        if (add_block(d, 0) < 0) {
            d->type = T_FILE;       // no room for a directory
            return;
        }
        d->size = used * sizeof *de;
    }
    n = hfs_nblocks(d) * PERBLOCK;
    de = hfs_entry(dir, 1);
    mn.dotdot[dir] = is_name(de, "..") ? de->inum : 0;
    for (i = 0; i < used; i++)
        if (hfs_entry(dir, i)->inum == 0) {
            hfs_entry(dir, i)->inum = dir;      // mend_dots() knows better
            hfs_entry_dirty(dir, i);
        }
    for (i = 2; i < n; i++) {
        if ((de = hfs_entry(dir, i))->inum == 0)
            continue;
        if (!in_use(de->inum)) {
            drop_record(dir, i);
            continue;
        }
        mend_name(dir, i);
        used = i + 1;
    }
    set_dir_size(dir, used);
}

struct name {
    struct dirent de;
    uint i;
};

static int
by_name_and_place(const void *a, const void *b)
{
    const struct name *x = a, *y = b;
    int c = memcmp(x->de.name, y->de.name, DIRSIZ);

    return c ? c : x->i < y->i ? -1 : 1;
}

// Of two records with one name the second gets another, or goes if it leads
// to the same file.
static void
mend_doubles(uint dir)
{
    uint n = hfs_nentries(dir), i, k = 0;
    struct name *list = hfs_need(calloc(n + 1, sizeof *list));
    char name[DIRSIZ + 1];

    for (i = 2; i < n; i++)
        if (hfs_entry(dir, i)->inum)
            list[k++] = (struct name){ *hfs_entry(dir, i), i };
    qsort(list, k, sizeof *list, by_name_and_place);
    for (i = 1; i < k; i++) {
        if (memcmp(list[i].de.name, list[i - 1].de.name, DIRSIZ))
            continue;
        if (list[i].de.inum == list[i - 1].de.inum) {
            drop_record(dir, list[i].i);
        } else {
            number_name(dir, list[i].de.inum, name);
            set_name(dir, list[i].i, name);
        }
    }
    free(list);
}

// Call fn for each directory that is in the tree or should be.
static void
each_dir(void (*fn)(uint dir))
{
    uint dir;

    for (dir = 1; dir < hfs.sb.ninodes; dir++)
        if (is_dir(dir))
            fn(dir);
}

// ---- tree ----

static void
find_parent(uint dir)
{
    uint n = hfs_nentries(dir), i, sub;

    for (i = 2; i < n; i++) {
        sub = hfs_entry(dir, i)->inum;
        if (sub && is_dir(sub) && sub != dir && sub != ROOTINO &&
            (mn.parent[sub] == 0 || mn.dotdot[sub] == dir))
            mn.parent[sub] = dir;
    }
}

// A directory keeps one name, the first that its parent has for it.
static void
drop_second_names(uint dir)
{
    uint n = hfs_nentries(dir), i, sub;

    for (i = 2; i < n; i++) {
        sub = hfs_entry(dir, i)->inum;
        if (sub == 0 || hfs_inode(sub)->type != T_DIR)
            continue;
        if (mn.parent[sub] == dir && !mn.placed[sub])
            mn.placed[sub] = 1;
        else
            drop_record(dir, i);
    }
}

// The directory for what has no name. 0: there cannot be one.
static uint
lost_found(void)
{
    char name[DIRSIZ + 1] = "lost+found";
    uint inum, k;

    for (k = 1; mn.lost == 0; k++) {
        inum = hfs_lookup(ROOTINO, name, 0);
        if (inum && !is_dir(inum)) {
            snprintf(name, sizeof name, "lost+found%u", k % 1000);
            continue;
        }
        mn.lost = inum ? inum : hfs_mkdir(ROOTINO, name, time(0));
        if (mn.lost == 0)
            return 0;
        mn.names[mn.lost] = 1;
        mn.parent[mn.lost] = ROOTINO;
        mn.placed[mn.lost] = 1;
    }
    return mn.lost;
}

// Give an inode a name; in the root if there is no room for lost+found.
static void
connect(uint inum)
{
    uint dir = lost_found();
    char name[DIRSIZ + 1];

    number_name(dir ? dir : ROOTINO, inum, name);
    if (dir == 0 || hfs_enter(dir, name, inum) < 0) {
        dir = ROOTINO;
        number_name(dir, inum, name);
        if (hfs_enter(dir, name, inum) < 0) {
            problem("inode %u: no room for a name", inum);
            return;
        }
    }
    mended("inode %u: is named %s, in directory %u", inum, name, dir);
    mn.parent[inum] = dir;
}

// The way up from a directory leads to the root, or the last one on it gets a
// new name; in a circle anyone is the last.
static void
place(uint dir)
{
    uint x = dir, steps = 0, at, i;

    while (!mn.placed[x] && mn.parent[x] && steps++ < hfs.sb.ninodes)
        x = mn.parent[x];
    if (!mn.placed[x]) {
        for (i = 2; mn.parent[x] && i < hfs_nentries(mn.parent[x]); i++)
            if (hfs_entry(at = mn.parent[x], i)->inum == x)
                drop_record(at, i);
        mn.placed[x] = 1;
        connect(x);
    }
    for (x = dir; !mn.placed[x]; x = mn.parent[x])
        mn.placed[x] = 1;
}

static void
mend_dots(uint dir)
{
    struct dirent dots[2] = { { .name = "." }, { .name = ".." } };

    dots[0].inum = dir;
    dots[1].inum = dir == ROOTINO ? ROOTINO : mn.parent[dir];
    if (memcmp(hfs_entry(dir, 0), dots, sizeof dots) == 0)
        return;
    mended("directory %u: \".\" and \"..\" are set", dir);
    memcpy(hfs_entry(dir, 0), dots, sizeof dots);
    hfs_entry_dirty(dir, 0);
}

// As fscheck.c counts them.
static void
count_names(uint dir)
{
    uint n = hfs_nentries(dir), i, inum;

    mn.names[dir] += 1 + (dir == ROOTINO);
    for (i = 2; i < n; i++)
        if ((inum = hfs_entry(dir, i)->inum) != 0) {
            mn.names[inum]++;
            mn.names[dir] += hfs_inode(inum)->type == T_DIR;
        }
}

static void
recount(void)
{
    uchar *dir = hfs_need(calloc(hfs.sb.ninodes, 1));
    uint inum;

    for (inum = 1; inum < hfs.sb.ninodes; inum++)
        dir[inum] = is_dir(inum);
    memset(mn.names, 0, hfs.sb.ninodes * sizeof *mn.names);
    for (inum = 1; inum < hfs.sb.ninodes; inum++)
        if (dir[inum])
            count_names(inum);
    free(dir);
}

static void
mend_tree_shape(void)
{
    uint inum;

    find_names();
    each_dir(mend_records);
    each_dir(mend_doubles);
    each_dir(find_parent);
    each_dir(drop_second_names);
    memset(mn.placed, 0, hfs.sb.ninodes);
    mn.placed[ROOTINO] = 1;
    each_dir(place);
    recount();
    for (inum = 1; inum < hfs.sb.ninodes; inum++)
        if (hfs_inode(inum)->type && mn.names[inum] == 0 && !is_orphan(inum))
            connect(inum);
    each_dir(mend_dots);
    recount();
}

// ---- counts ----

static void
mend_counts(void)
{
    struct dinode *d;
    uint inum;

    for (inum = 0; inum < hfs.sb.ninodes; inum++) {
        d = hfs_inode(inum);
        if (inum > 0)
            hfs_set_bit(hfs.sb.imapstart, inum, d->type != 0);
        if (d->type && d->nlink != mn.names[inum]) {
            mended("inode %u: %u links, were %u", inum, mn.names[inum],
                   d->nlink);
            d->nlink = mn.names[inum];
            hfs_inode_dirty(inum);
        }
        if (d->type == 0 || mn.names[inum] > 0)
            hfs_set_bit(hfs.sb.omapstart, inum, 0);
    }
}

void
mend_all(void)
{
    mn.owner = hfs_need(calloc(hfs.sb.nblocks, sizeof *mn.owner));
    mn.taken = hfs_need(calloc(hfs.sb.nblocks, 1));
    mn.parent = hfs_need(calloc(hfs.sb.ninodes, sizeof *mn.parent));
    mn.dotdot = hfs_need(calloc(hfs.sb.ninodes, sizeof *mn.dotdot));
    mn.names = hfs_need(calloc(hfs.sb.ninodes, sizeof *mn.names));
    mn.placed = hfs_need(calloc(hfs.sb.ninodes, 1));
    mend_types();
    mend_claims();
    mend_files();
    mend_tree_shape();
    mend_counts();
}
