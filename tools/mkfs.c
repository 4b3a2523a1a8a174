// mkfs.c: makes a Teak file system (fsformat.h) in a host file.
//
//     mkfs [-i ninodes] [-s nblocks] [-l nlog] OUT HOSTFILE[=name] ...
//
// The root directory gets ".", "..", the nodes console, null and zero, and
// every HOSTFILE under its base name (a leading _ dropped) or under the name
// given after "=". A later file replaces an earlier one of the same name.
//
// Everything before the data area is built in memory and written last; data
// blocks go to the file as they are handed out, in ascending order, and
// blocks of zeroes are not written at all, so that the result is sparse.
// Numbers are stored as they lie in memory: the host must be little-endian.
// Any error removes OUT, is told in one line, and makes the status 1.

#include <stdio.h>
#include <stdlib.h>
#include <stdarg.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "../types.h"
#include "../stat.h"
#include "../file.h"
#include "../fsformat.h"

#define DEFBLOCKS 16384             // 64 MB
#define DEFINODES 4096
#define DEFLOG    512

struct entry {
    const char *path;               // host file; 0 for a device
    char   name[DIRSIZ + 1];
    ushort major;
};

static FILE *out;
static const char *outname;
static struct superblock sb;
static uchar *meta;                 // blocks 0 .. datastart - 1
static uint nextblock, nextinode = ROOTINO;
static uint now;

static void
die(const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    fprintf(stderr, "mkfs: ");
    vfprintf(stderr, fmt, ap);
    fprintf(stderr, "\n");
    va_end(ap);
    if (out)
        remove(outname);
    exit(1);
}

static uint
number(const char *s, const char *what, uint min, uint max)
{
    char *end;
    unsigned long v = strtoul(s, &end, 0);

    if (*s < '0' || *s > '9' || *end != 0 || v < min || v > max)
        die("%s must be %u to %u, not \"%s\"", what, min, max, s);
    return v;
}

static uint
blocks_for(uint n, uint each)
{
    return (n + each - 1) / each;
}

static void
layout(uint nblocks, uint ninodes, uint nlog)
{
    sb.magic = FSMAGIC;
    sb.version = FSVERSION;
    sb.nblocks = nblocks;
    sb.ninodes = ninodes;
    sb.logstart = 1;
    sb.nlog = nlog;
    sb.imapstart = sb.logstart + nlog;
    sb.nimap = blocks_for(ninodes, BPB);
    sb.omapstart = sb.imapstart + sb.nimap;
    sb.nomap = sb.nimap;
    sb.inodestart = sb.omapstart + sb.nomap;
    sb.ninodeblocks = blocks_for(ninodes, INOPB);
    sb.bmapstart = sb.inodestart + sb.ninodeblocks;
    sb.nbmap = blocks_for(nblocks, BPB);
    sb.datastart = sb.bmapstart + sb.nbmap;
    if (sb.datastart + 1 >= nblocks)
        die("%u blocks are too few: %u go to the log and the tables",
            nblocks, sb.datastart);
}

static void
set_bit(uint start, uint i)
{
    meta[(size_t)start * BSIZE + i / 8] |= 1 << i % 8;
}

static uint
alloc_block(void)
{
    if (nextblock == sb.nblocks)
        die("the files do not fit in %u blocks", sb.nblocks);
    set_bit(sb.bmapstart, nextblock);
    return nextblock++;
}

static void
put_block(uint bno, const void *data)
{
    static const uchar zero[BSIZE];

    if (memcmp(data, zero, BSIZE) == 0)
        return;
    if (fseeko(out, (off_t)bno * BSIZE, SEEK_SET) != 0 ||
        fwrite(data, BSIZE, 1, out) != 1)
        die("cannot write %s", outname);
}

static struct dinode *
new_inode(uint type, uint *inum)
{
    struct dinode *d;

    if (nextinode == sb.ninodes)
        die("more files than the %u inodes", sb.ninodes);
    *inum = nextinode++;
    set_bit(sb.imapstart, *inum);
    d = (struct dinode *)(meta + (size_t)sb.inodestart * BSIZE) + *inum;
    d->type = type;
    d->nlink = 1;
    d->mtime = now;
    return d;
}

// Indirect blocks being filled, one of each kind at a time. The numbers are
// reserved before the data they name; the content is written when full.
struct mapper {
    struct dinode *d;
    uint n;                         // data blocks so far
    uint ind[NINDIRECT], dind[NINDIRECT];
    uint indbno;                    // block of ind[]; 0: none yet
};

static void
flush_ind(struct mapper *m)
{
    if (m->indbno)
        put_block(m->indbno, m->ind);
    memset(m->ind, 0, sizeof m->ind);
    m->indbno = 0;
}

static uint
next_block(struct mapper *m)
{
    uint i = m->n++;

    if (i < NDIRECT)
        return m->d->addr[i] = alloc_block();
    i -= NDIRECT;
    if (i % NINDIRECT == 0) {
        flush_ind(m);
        if (i == NINDIRECT)
            m->d->dind = alloc_block();
        m->indbno = alloc_block();
        if (i == 0)
            m->d->ind = m->indbno;
        else
            m->dind[i / NINDIRECT - 1] = m->indbno;
    }
    return m->ind[i % NINDIRECT] = alloc_block();
}

static void
finish(struct mapper *m)
{
    flush_ind(m);
    if (m->d->dind)
        put_block(m->d->dind, m->dind);
}

static void
copy_file(struct dinode *d, const char *path)
{
    static struct mapper m;
    static uchar buf[BSIZE];
    FILE *f = fopen(path, "rb");
    size_t n;

    if (f == 0)
        die("cannot open %s", path);
    memset(&m, 0, sizeof m);
    m.d = d;
    while ((n = fread(buf, 1, BSIZE, f)) > 0) {
        if (n > MAXFILE - d->size || m.n == MAXBLOCKS)
            die("%s is too large", path);
        memset(buf + n, 0, BSIZE - n);
        put_block(next_block(&m), buf);
        d->size += n;
    }
    if (ferror(f))
        die("cannot read %s", path);
    fclose(f);
    finish(&m);
}

static void
add_name(struct dirent *de, uint inum, const char *name)
{
    de->inum = inum;
    memcpy(de->name, name, strnlen(name, DIRSIZ));
}

static void
write_root(struct dinode *root, const struct dirent *de, uint n)
{
    static struct mapper m;
    static uchar buf[BSIZE];
    const uchar *from = (const uchar *)de;
    uint left, bytes = n * sizeof *de;

    m.d = root;
    root->size = bytes;
    for (left = bytes; left > 0; left -= bytes, from += bytes) {
        bytes = left < BSIZE ? left : BSIZE;
        memset(buf, 0, BSIZE);
        memcpy(buf, from, bytes);
        put_block(next_block(&m), buf);
    }
    finish(&m);
}

static void
parse_file(struct entry *e, char *arg)
{
    char *eq = strrchr(arg, '=');
    const char *name;

    if (eq) {
        *eq = 0;
        name = eq + 1;
    } else {
        name = strrchr(arg, '/');
        name = name ? name + 1 : arg;
        name += *name == '_';
    }
    memset(e, 0, sizeof *e);
    e->path = arg;
    strncpy(e->name, name, DIRSIZ);
    if (*name == 0 || strchr(name, '/') || !strcmp(name, ".") ||
        !strcmp(name, ".."))
        die("\"%s\" is no name for a file", name);
}

// Put e into the list, in place of an older one of the same name.
static uint
add_entry(struct entry *list, uint n, const struct entry *e)
{
    uint i;

    for (i = 0; i < n && strcmp(list[i].name, e->name); i++)
        ;
    list[i] = *e;
    return i == n ? n + 1 : n;
}

static void
make_tree(struct entry *list, uint n)
{
    struct dirent *de = calloc(n + 2, sizeof *de);
    struct dinode *root, *d;
    uint i, inum;

    root = new_inode(T_DIR, &inum);
    root->nlink = 2;
    add_name(&de[0], inum, ".");
    add_name(&de[1], inum, "..");
    for (i = 0; i < n; i++) {
        d = new_inode(list[i].path ? T_FILE : T_DEV, &inum);
        d->major = list[i].major;
        d->minor = d->major == DEV_CONSOLE;
        add_name(&de[i + 2], inum, list[i].name);
        if (list[i].path)
            copy_file(d, list[i].path);
    }
    write_root(root, de, n + 2);
}

static void
usage(void)
{
    fprintf(stderr, "usage: mkfs [-i ninodes] [-s nblocks] [-l nlog] "
            "OUT HOSTFILE[=name] ...\n");
    exit(1);
}

int
main(int argc, char **argv)
{
    static const struct entry nodes[] = {
        { 0, "console", DEV_CONSOLE }, { 0, "null", DEV_NULL },
        { 0, "zero", DEV_ZERO },
    };
    uint ninodes = DEFINODES, nblocks = DEFBLOCKS, nlog = DEFLOG, n = 0, i;
    struct entry *list, e;
    int c;

    while ((c = getopt(argc, argv, "i:s:l:")) != -1) {
        if (c == 'i')
            ninodes = number(optarg, "inodes", 16, 65536);
        else if (c == 's')
            nblocks = number(optarg, "blocks", 64, 1u << 28);
        else if (c == 'l')
            nlog = number(optarg, "log blocks", LOGMIN, LOGMAX + 1);
        else
            usage();
    }
    if (optind == argc)
        usage();
    outname = argv[optind++];
    list = calloc(argc + 3, sizeof *list);
    for (i = 0; i < 3; i++)
        n = add_entry(list, n, &nodes[i]);
    for (; optind < argc; optind++) {
        parse_file(&e, argv[optind]);
        n = add_entry(list, n, &e);
    }

    now = time(0);
    layout(nblocks, ninodes, nlog);
    meta = calloc(sb.datastart, BSIZE);
    for (nextblock = 0; nextblock < sb.datastart; nextblock++)
        set_bit(sb.bmapstart, nextblock);
    set_bit(sb.imapstart, 0);
    memcpy(meta, &sb, sizeof sb);
    if ((out = fopen(outname, "wb")) == 0)
        die("cannot create %s", outname);
    make_tree(list, n);
    for (i = 0; i < sb.datastart; i++)
        put_block(i, meta + (size_t)i * BSIZE);
    if (fflush(out) != 0 || ftruncate(fileno(out), (off_t)nblocks * BSIZE) != 0
        || fclose(out) != 0)
        die("cannot write %s", outname);
    return 0;
}
