// mkfs.c: makes a Teak file system (fsformat.h) in a host file.
//
//     mkfs [-i ninodes] [-s nblocks] [-l nlog] OUT HOSTFILE[=[dir/]name] ...
//
// The root directory gets ".", "..", the nodes console, null and zero, the last
// two in /dev as well, where scripts look for them and events is, and every
// HOSTFILE under its base name (a leading _ dropped) or under the name given
// after "="; directories on the way to that are made. A later file replaces an
// earlier one of the same name. A file has its own time, all else the present.
//
// Metadata is built in memory and written last (hostfs.h); data blocks go to
// the file as they are handed out, in ascending order, and blocks of zeroes
// are not written at all, so that the result is sparse. Any error removes OUT,
// is told in one line, and makes the status 1.

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "../types.h"
#include "../file.h"
#include "hostfs.h"

#define DEFBLOCKS 16384             // 64 MB
#define DEFINODES 4096
#define DEFLOG    512

struct entry {
    const char *path;               // host file; 0 for a device
    char   *name;                   // in the image, with directories
    ushort major;
};

#define NNODES 6                    // devices on every new disk

static uint now;

static void
remove_image(void)
{
    if (hfs.file)
        remove(hfs.image);
}

static uint
number(const char *s, const char *what, uint min, uint max)
{
    char *end;
    unsigned long v = strtoul(s, &end, 0);

    if (*s < '0' || *s > '9' || *end != 0 || v < min || v > max)
        hfs_die("%s must be %u to %u, not \"%s\"", what, min, max, s);
    return v;
}

// ---- the tree ----

static uint
must(uint number)
{
    if (number == 0)
        hfs_die("the files do not fit: %u blocks, %u inodes", hfs.sb.nblocks,
                hfs.sb.ninodes);
    return number;
}

// Begin with an empty file of that name in a directory.
static uint
make_file(uint dir, const char *name, uint type)
{
    uint inum = must(hfs_ialloc(type, now));

    must(hfs_enter(dir, name, inum) == 0);
    hfs_inode(inum)->nlink = 1;
    return inum;
}

static void
fill_file(uint inum, const char *path)
{
    FILE *f = fopen(path, "rb");
    struct stat st;

    if (f == 0)
        hfs_die("cannot open %s: %s", path, strerror(errno));
    if (fstat(fileno(f), &st) == 0)
        hfs_inode(inum)->mtime = st.st_mtime;
    must(hfs_copy_in(hfs_inode(inum), f, path) == 0);
    fclose(f);
}

// The directory `name` in dir, made if need be.
static uint
subdirectory(uint dir, const char *name)
{
    uint inum = hfs_lookup(dir, name, 0);

    if (inum == 0)
        return must(hfs_mkdir(dir, name, now));
    if (hfs_inode(inum)->type != T_DIR)
        hfs_die("%s is a file, so nothing can be put into it", name);
    return inum;
}

static void
make_entry(const struct entry *e)
{
    uint dir = ROOTINO, inum;
    char *name = e->name, *slash;

    for (; (slash = strchr(name, '/')) != 0; name = slash + 1) {
        *slash = 0;
        dir = subdirectory(dir, name);
    }
    if (hfs_lookup(dir, name, 0))
        hfs_die("%s is a directory, so it cannot be a file", name);
    inum = make_file(dir, name, e->path ? T_FILE : T_DEV);
    hfs_inode(inum)->major = e->major;
    hfs_inode(inum)->minor = e->major == DEV_CONSOLE;
    if (e->path)
        fill_file(inum, e->path);
}

static void
make_image(const struct entry *list, uint n)
{
    uint i;

    hfs.fresh = 1;
    hfs_begin();
    for (i = 0; i < hfs.sb.datastart; i++)
        hfs_set_bit(hfs.sb.bmapstart, i, 1);
    hfs_set_bit(hfs.sb.imapstart, 0, 1);
    must(hfs_mkdir(ROOTINO, 0, now));
    for (i = 0; i < n; i++)
        make_entry(&list[i]);
    hfs_put_super();
    hfs_commit();
}

// ---- the command line ----

static void
check_name(const char *name)
{
    size_t n;

    for (;; name += n + 1) {
        n = strcspn(name, "/");
        if (n == 0 || (n == 1 && *name == '.') ||
            (n == 2 && memcmp(name, "..", 2) == 0))
            hfs_die("\"%s\" is no name for a file", name);
        if (n > DIRSIZ)
            hfs_die("\"%.*s\" has more than the %d bytes that a name may "
                    "have", (int)n, name, DIRSIZ);
        if (name[n] == 0)
            return;
    }
}

static void
parse_file(struct entry *e, char *arg)
{
    char *eq = strrchr(arg, '='), *name;

    if (eq) {
        *eq = 0;
        name = eq + 1;
        name += *name == '/';
    } else {
        name = strrchr(arg, '/');
        name = name ? name + 1 : arg;
        name += *name == '_';
    }
    check_name(name);
    *e = (struct entry){ .path = arg, .name = name };
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
usage(void)
{
    fprintf(stderr, "usage: mkfs [-i ninodes] [-s nblocks] [-l nlog] "
            "OUT HOSTFILE[=[dir/]name] ...\n");
    exit(1);
}

int
main(int argc, char **argv)
{
    static char devnull[] = "dev/null", devzero[] = "dev/zero",    // are cut
                devevents[] = "dev/events";
    static const struct entry nodes[NNODES] = {
        { 0, "console", DEV_CONSOLE }, { 0, "null", DEV_NULL },
        { 0, "zero", DEV_ZERO }, { 0, devnull, DEV_NULL },
        { 0, devzero, DEV_ZERO }, { 0, devevents, DEV_EVENTS },
    };
    uint ninodes = DEFINODES, nblocks = DEFBLOCKS, nlog = DEFLOG, n = 0, i;
    struct entry *list, e;
    int c;

    hfs.tool = "mkfs";
    hfs.undo = remove_image;
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
    hfs.image = argv[optind++];
    list = hfs_need(calloc(argc + NNODES, sizeof *list));
    for (i = 0; i < NNODES; i++)
        n = add_entry(list, n, &nodes[i]);
    for (; optind < argc; optind++) {
        parse_file(&e, argv[optind]);
        n = add_entry(list, n, &e);
    }

    now = time(0);
    hfs_layout(&hfs.sb, nblocks, ninodes, nlog);
    if (hfs.sb.datastart + 1 >= nblocks)
        hfs_die("%u blocks are too few: %u go to the log and the tables",
                nblocks, hfs.sb.datastart);
    if ((hfs.file = fopen(hfs.image, "wb")) == 0)
        hfs_die("cannot create %s: %s", hfs.image, strerror(errno));
    make_image(list, n);
    if (fflush(hfs.file) != 0 ||
        ftruncate(fileno(hfs.file), (off_t)nblocks * BSIZE) != 0 ||
        fclose(hfs.file) != 0)
        hfs_die("cannot write %s: %s", hfs.image, strerror(errno));
    return 0;
}
