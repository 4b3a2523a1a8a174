// image.c: the files on a disk image, from the host; tools/image calls it.
//
// Paths in the image begin at its root, with a slash or without. An image
// that an emulator uses is refused, as is a file system with problems. A log
// that waits is replayed first. Changes go through the log (hostfs.h): whoever
// is interrupted leaves the image as it was or, after many files, with some of
// them; each file is there as a whole, the old one or the new.
//
// Status 0, or 1: one line says what could not be done.

#define _GNU_SOURCE
#define _FILE_OFFSET_BITS 64
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#define dirent host_dirent          // the image has a struct of that name
#include <dirent.h>
#undef dirent
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "fscheck.h"

#define DIRMODE 0777                // for new host directories; umask applies

static const char help[] =
"usage: image [-i IMAGE] COMMAND [ARGUMENT ...]\n"
"\n"
"Looks at the files on a disk image, teak.img if not another, and changes\n"
"them. No emulator may be using it.\n"
"\n"
"  ls [-lR] [PATH ...]        list files; -l: kind, links, size, time;\n"
"                             -R: directories below, too\n"
"  cat PATH ...               copy files to standard output\n"
"  get [-r] PATH ... [HOST]   copy files to the host: to the file or into\n"
"                             the directory HOST, or here; \"-\" is standard\n"
"                             output; -r: directories, too\n"
"  put [-r] HOST ... [PATH]   copy files of the host into the image; \"-\" is\n"
"                             standard input\n"
"  rm [-rf] PATH ...          remove files; -r: directories with all that is\n"
"                             in them; -f: what is not there is no error\n"
"  mkdir [-p] PATH ...        make directories; -p: those on the way, too\n"
"  mv PATH ... PATH           give another name, or move into a directory\n"
"  df                         how much is in use\n"
"\n"
"A damaged image is not touched: tools/fsck -y IMAGE mends it.\n";

static struct {
    int recursive, force, parents, lng;
} opt;

static uint now;

// ---- paths ----

// Split off the next name of a path, to `name`. 0: there is none.
static int
next_name(const char **path, char name[DIRSIZ + 1])
{
    size_t n;

    *path += strspn(*path, "/");
    if ((n = strcspn(*path, "/")) == 0)
        return 0;
    if (n > DIRSIZ)
        hfs_die("%.*s: a name in the image has at most %d bytes", (int)n,
                *path, DIRSIZ);
    memcpy(name, *path, n);
    name[n] = 0;
    *path += n;
    return 1;
}

static int
is_dir(uint inum)
{
    return inum && hfs_inode(inum)->type == T_DIR;
}

// The directory that a path's last name is in; that name, or "" for the root.
// 0: a directory is missing.
static uint
parent_of(const char *path, char name[DIRSIZ + 1])
{
    char next[DIRSIZ + 1];
    uint dir = ROOTINO;

    name[0] = 0;
    while (next_name(&path, next)) {
        if (name[0] && !is_dir(dir = hfs_lookup(dir, name, 0)))
            return 0;
        memcpy(name, next, sizeof next);
    }
    return dir;
}

static uint
find(const char *path)
{
    char name[DIRSIZ + 1];
    uint dir = parent_of(path, name);

    return dir && name[0] ? hfs_lookup(dir, name, 0) : dir;
}

static uint
must_find(const char *path)
{
    uint inum = find(path);

    if (inum == 0)
        hfs_die("%s: no such file in the image", path);
    return inum;
}

static char *
join(const char *dir, const char *name)
{
    size_t n = strlen(dir) + strlen(name) + 2;
    char *path = hfs_need(malloc(n));

    snprintf(path, n, "%s%s%s", dir, *dir && dir[strlen(dir) - 1] != '/' ?
             "/" : "", name);
    return path;
}

// The last name of a path, without slashes at its end.
static char *
last_name(const char *path)
{
    size_t end = strlen(path), n = 0;

    while (end > 0 && path[end - 1] == '/')
        end--;
    while (n < end && path[end - n - 1] != '/')
        n++;
    return hfs_need(strndup(path + end - n, n));
}

static int
is_dot(const char *name)
{
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

// The last name of a path, for something that is made or removed.
static void
check_name(const char *path, const char *name)
{
    if (*name == 0 || is_dot(name))
        hfs_die("%s: no name for that", path);
}

// ---- directories as lists ----

struct item {
    char name[DIRSIZ + 1];
    uint inum;
};

static int
by_name(const void *a, const void *b)
{
    return strcmp(((const struct item *)a)->name,
                  ((const struct item *)b)->name);
}

// What is in a directory but . and .., in order. The caller frees the list.
static struct item *
items(uint dir, uint *count)
{
    uint n = hfs_nentries(dir), i;
    struct item *list = hfs_need(calloc(n + 1, sizeof *list));
    struct dirent *de;

    for (*count = 0, i = 2; i < n; i++) {
        de = hfs_entry(dir, i);
        if (de->inum == 0)
            continue;
        memcpy(list[*count].name, de->name, DIRSIZ);
        list[(*count)++].inum = de->inum;
    }
    qsort(list, *count, sizeof *list, by_name);
    return list;
}

// ---- ls, df ----

static void
list_one(const char *name, uint inum)
{
    const struct dinode *d = hfs_inode(inum);
    time_t t = d->mtime;
    char when[32];

    if (opt.lng) {
        strftime(when, sizeof when, "%Y-%m-%d %H:%M", localtime(&t));
        printf("%c %5u %10u  %s  ", "?d-c"[d->type], d->nlink, d->size, when);
    }
    printf("%s%s\n", name, d->type == T_DIR && !opt.lng ? "/" : "");
}

static void
list_dir(const char *path, uint dir, int titled)
{
    struct item *list;
    uint n, i;
    char *sub;

    list = items(dir, &n);
    if (titled)
        printf("%s:\n", path);
    for (i = 0; i < n; i++)
        list_one(list[i].name, list[i].inum);
    for (i = 0; i < n && opt.recursive; i++)
        if (is_dir(list[i].inum)) {
            sub = join(path, list[i].name);
            printf("\n");
            list_dir(sub, list[i].inum, 1);
            free(sub);
        }
    free(list);
}

static void
cmd_ls(char **arg, int n)
{
    static char *root[] = { "/" };
    uint inum;
    int i;

    if (n == 0)
        arg = root;
    for (i = 0; i < n || i == 0; i++) {
        inum = must_find(arg[i]);
        if (is_dir(inum)) {
            if (i > 0)
                printf("\n");
            list_dir(arg[i], inum, n > 1 || opt.recursive);
        } else {
            list_one(arg[i], inum);
        }
    }
}

static void
cmd_df(char **arg, int n)
{
    uint all = hfs.sb.nblocks - hfs.sb.datastart, inum, inodes = 0;

    (void)arg;
    (void)n;
    for (inum = 1; inum < hfs.sb.ninodes; inum++)
        inodes += hfs_bit(hfs.sb.imapstart, inum);
    printf("%u of %u KB in use, %u of %u files\n",
           (all - hfs_blocks_free()) * (BSIZE / 1024), all * (BSIZE / 1024),
           inodes, hfs.sb.ninodes - 1);
}

// ---- get, cat ----

static void
copy_out(uint inum, FILE *to, const char *name)
{
    const struct dinode *d = hfs_inode(inum);
    uint left = d->size, i, n;
    uchar buf[BSIZE];

    for (i = 0; left > 0; i++, left -= n) {
        n = left < BSIZE ? left : BSIZE;
        hfs_read_data(hfs_map(d, i), buf, n);
        if (fwrite(buf, 1, n, to) != n)
            hfs_die("cannot write %s: %s", name, strerror(errno));
    }
    if (fflush(to) != 0)
        hfs_die("cannot write %s: %s", name, strerror(errno));
}

static void
get_file(uint inum, const char *host)
{
    struct timespec t[2] = { { .tv_nsec = UTIME_OMIT },
                             { .tv_sec = hfs_inode(inum)->mtime } };
    FILE *f = fopen(host, "wb");

    if (f == 0)
        hfs_die("cannot create %s: %s", host, strerror(errno));
    copy_out(inum, f, host);
    if (fclose(f) != 0)
        hfs_die("cannot write %s: %s", host, strerror(errno));
    utimensat(AT_FDCWD, host, t, 0);
}

static void get_any(const char *path, uint inum, const char *host);

static void
get_dir(const char *path, uint dir, const char *host)
{
    struct item *list;
    char *from, *to;
    uint n, i;

    if (mkdir(host, DIRMODE) != 0 && errno != EEXIST)
        hfs_die("cannot make the directory %s: %s", host, strerror(errno));
    list = items(dir, &n);
    for (i = 0; i < n; i++) {
        from = join(path, list[i].name);
        to = join(host, list[i].name);
        get_any(from, list[i].inum, to);
        free(from);
        free(to);
    }
    free(list);
}

static void
get_any(const char *path, uint inum, const char *host)
{
    if (is_dir(inum))
        get_dir(path, inum, host);
    else if (hfs_inode(inum)->type == T_DEV)
        fprintf(stderr, "image: %s is a device, which is left out\n", path);
    else
        get_file(inum, host);
}

static int
host_is_dir(const char *host)
{
    struct stat st;

    return stat(host, &st) == 0 && S_ISDIR(st.st_mode);
}

static void
get_one(const char *path, const char *host)
{
    uint inum = must_find(path);
    int type = hfs_inode(inum)->type;
    char *to = 0, *name;

    if (type == T_DEV)
        hfs_die("%s is a device", path);
    if (type == T_DIR && (!opt.recursive || strcmp(host, "-") == 0))
        hfs_die("%s is a directory; use get -r", path);
    if (strcmp(host, "-") == 0) {
        copy_out(inum, stdout, "standard output");
        return;
    }
    name = last_name(path);
    if (host_is_dir(host))
        to = join(host, name);
    get_any(path, inum, to ? to : host);
    free(name);
    free(to);
}

static void
cmd_get(char **arg, int n)
{
    const char *host = n > 1 ? arg[--n] : ".";
    int i;

    if (n > 1 && !host_is_dir(host) && strcmp(host, "-"))
        hfs_die("%s is no directory for several files", host);
    for (i = 0; i < n; i++)
        get_one(arg[i], host);
}

static void
cmd_cat(char **arg, int n)
{
    int i;

    for (i = 0; i < n; i++)
        get_one(arg[i], "-");
}

// ---- put ----

static void __attribute__((noreturn))
no_room(const char *path)
{
    hfs_die("%s: no room left in the image", path);
}

// Before each step: commit where the log fills up, or where blocks that were
// freed are needed.
static void
step(uint nblocks)
{
    if (hfs_ndirty() > hfs.sb.nlog / 2 ||
        (hfs.nfreed > 0 && hfs_blocks_free() < nblocks))
        hfs_commit();
}

// Room for a file of that size, before anything is written.
static void
need_room(const char *path, long long size)
{
    uint n = (size + BSIZE - 1) / BSIZE;

    if (size > MAXFILE)
        hfs_die("%s: %lld bytes are more than a file can have", path, size);
    n += hfs_index_blocks(n);
    step(n + 1);
    if (hfs_blocks_free() < n)
        hfs_die("%s: no room for %lld bytes in the image", path, size);
}

// The new content takes the place of the old in the same inode, so that all
// its names see it.
static void
replace(uint inum, const struct dinode *new)
{
    struct dinode *d = hfs_inode(inum);

    hfs_truncate(d);
    memcpy(d->addr, new->addr, sizeof d->addr);
    d->ind = new->ind;
    d->dind = new->dind;
    d->size = new->size;
    d->mtime = new->mtime;
    hfs_inode_dirty(inum);
}

static void
put_stream(FILE *f, const char *host, const char *path)
{
    struct dinode new = { .mtime = now };
    char name[DIRSIZ + 1];
    uint dir = parent_of(path, name), inum;
    struct stat st;

    check_name(path, name);
    if (dir == 0)
        hfs_die("%s: no such directory in the image", path);
    inum = hfs_lookup(dir, name, 0);
    if (inum && hfs_inode(inum)->type != T_FILE)
        hfs_die("%s is a %s", path, is_dir(inum) ? "directory" : "device");
    if (fstat(fileno(f), &st) == 0 && S_ISREG(st.st_mode)) {
        new.mtime = st.st_mtime;
        need_room(path, st.st_size);
    } else {
        step(hfs.sb.nblocks);
    }
    if (hfs_copy_in(&new, f, host) < 0)
        no_room(path);
    if (inum == 0) {
        if ((inum = hfs_ialloc(T_FILE, now)) == 0 ||
            hfs_enter(dir, name, inum) < 0)
            no_room(path);
        hfs_inode(inum)->nlink = 1;
    }
    replace(inum, &new);
}

static void
put_file(const char *host, const char *path)
{
    FILE *f = fopen(host, "rb");

    if (f == 0)
        hfs_die("cannot open %s: %s", host, strerror(errno));
    put_stream(f, host, path);
    fclose(f);
}

// The directory `path`, made if it is not there.
static uint
make_dir(const char *path, int may_exist)
{
    char name[DIRSIZ + 1];
    uint dir = parent_of(path, name), inum;

    if (dir == 0)
        hfs_die("%s: no such directory in the image", path);
    inum = name[0] ? hfs_lookup(dir, name, 0) : ROOTINO;
    if (inum && (!may_exist || !is_dir(inum)))
        hfs_die("%s: there is a %s of that name", path,
                is_dir(inum) ? "directory" : "file");
    if (inum)
        return inum;
    check_name(path, name);
    step(2);
    if ((inum = hfs_mkdir(dir, name, now)) == 0)
        no_room(path);
    return inum;
}

static void put_any(const char *host, const char *path);

static int
not_dots(const struct host_dirent *e)
{
    return !is_dot(e->d_name);
}

static void
put_dir(const char *host, const char *path)
{
    struct host_dirent **list;
    int n = scandir(host, &list, not_dots, alphasort), i;
    char *from, *to;

    if (n < 0)
        hfs_die("cannot read the directory %s: %s", host, strerror(errno));
    make_dir(path, 1);
    for (i = 0; i < n; i++) {
        from = join(host, list[i]->d_name);
        to = join(path, list[i]->d_name);
        put_any(from, to);
        free(from);
        free(to);
        free(list[i]);
    }
    free(list);
}

// A link to a directory may lead round in a circle.
static void
put_any(const char *host, const char *path)
{
    struct stat st, link;

    if (stat(host, &st) != 0 || lstat(host, &link) != 0)
        hfs_die("cannot open %s: %s", host, strerror(errno));
    if (S_ISREG(st.st_mode))
        put_file(host, path);
    else if (S_ISDIR(link.st_mode))
        put_dir(host, path);
    else
        fprintf(stderr, "image: %s is no file or directory, and left out\n",
                host);
}

static void
put_one(const char *host, const char *path)
{
    int input = strcmp(host, "-") == 0;
    char *name, *to = 0;

    if (!input && !opt.recursive && host_is_dir(host))
        hfs_die("%s is a directory; use put -r", host);
    if (is_dir(find(path))) {
        if (input)
            hfs_die("%s is a directory: a file needs a name", path);
        name = last_name(host);
        to = join(path, name);
        check_name(host, name);
        free(name);
    }
    if (input)
        put_stream(stdin, "standard input", path);
    else if (host_is_dir(host))
        put_dir(host, to ? to : path);
    else
        put_file(host, to ? to : path);
    free(to);
}

static void
cmd_put(char **arg, int n)
{
    const char *path = n > 1 ? arg[--n] : "/";
    int i;

    if (n > 1 && !is_dir(find(path)))
        hfs_die("%s: no such directory in the image", path);
    for (i = 0; i < n; i++)
        put_one(arg[i], path);
}

// ---- mkdir, rm, mv ----

static void
cmd_mkdir(char **arg, int n)
{
    char *end;
    int i;

    for (i = 0; i < n; i++) {
        end = arg[i];
        while (opt.parents && (end = strchr(end + 1, '/')) != 0) {
            *end = 0;
            make_dir(arg[i], 1);
            *end = '/';
        }
        make_dir(arg[i], opt.parents);
    }
}

static void
unlink_entry(uint dir, const char *name)
{
    uint at, inum = hfs_lookup(dir, name, &at);
    struct dinode *d = hfs_inode(inum);

    step(0);
    hfs_remove(dir, at);
    hfs_inode_dirty(inum);
    if (d->type == T_DIR) {
        hfs_inode(dir)->nlink--;
        hfs_inode_dirty(dir);
    }
    if (d->type == T_DIR || --d->nlink == 0)
        hfs_ifree(inum);
}

static void
remove_tree(uint dir, const char *name)
{
    uint inum = hfs_lookup(dir, name, 0), n, i;
    struct item *list;

    if (is_dir(inum)) {
        list = items(inum, &n);
        for (i = 0; i < n; i++)
            remove_tree(inum, list[i].name);
        free(list);
    }
    unlink_entry(dir, name);
}

static void
cmd_rm(char **arg, int n)
{
    char name[DIRSIZ + 1];
    uint dir, inum;
    int i;

    for (i = 0; i < n; i++) {
        inum = opt.force ? find(arg[i]) : must_find(arg[i]);
        if (inum == 0)
            continue;
        dir = parent_of(arg[i], name);
        check_name(arg[i], name);
        if (is_dir(inum) && !opt.recursive)
            hfs_die("%s is a directory; use rm -r", arg[i]);
        remove_tree(dir, name);
    }
}

// Is a directory `top` or below it?
static int
is_below(uint dir, uint top)
{
    while (dir != top && dir != ROOTINO)
        dir = hfs_entry(dir, 1)->inum;
    return dir == top;
}

// A directory has got another parent.
static void
change_parent(uint inum, uint from, uint to)
{
    hfs_entry(inum, 1)->inum = to;
    hfs_entry_dirty(inum, 1);
    hfs_inode(from)->nlink--;
    hfs_inode_dirty(from);
    hfs_inode(to)->nlink++;
    hfs_inode_dirty(to);
}

static void
move_one(const char *from, const char *to)
{
    char old[DIRSIZ + 1], new[DIRSIZ + 1];
    uint inum = must_find(from), dir = parent_of(from, old), at;
    uint newdir = parent_of(to, new), target;

    check_name(from, old);
    check_name(to, new);
    if (newdir == 0)
        hfs_die("%s: no such directory in the image", to);
    if (is_dir(inum) && is_below(newdir, inum))
        hfs_die("%s cannot go into itself", from);
    if ((target = hfs_lookup(newdir, new, 0)) == inum)
        return;
    if (target && (is_dir(target) || is_dir(inum)))
        hfs_die("%s: there is a %s of that name", to,
                is_dir(target) ? "directory" : "file");
    step(1);
    if (target)
        unlink_entry(newdir, new);
    hfs_lookup(dir, old, &at);
    hfs_remove(dir, at);
    if (hfs_enter(newdir, new, inum) < 0)
        no_room(to);
    if (is_dir(inum) && dir != newdir)
        change_parent(inum, dir, newdir);
}

static void
cmd_mv(char **arg, int n)
{
    const char *to = arg[--n];
    char *name, *path;
    int i, into = is_dir(find(to));

    if (n > 1 && !into)
        hfs_die("%s: no such directory in the image", to);
    for (i = 0; i < n; i++) {
        name = last_name(arg[i]);
        path = join(to, name);
        move_one(arg[i], into ? path : to);
        free(name);
        free(path);
    }
}

// ---- the command line ----

static const struct command {
    const char *name, *options;
    int least, write;               // arguments; does it change the image?
    void (*run)(char **arg, int n);
} commands[] = {
    { "ls", "+lR", 0, 0, cmd_ls },       { "cat", "+", 1, 0, cmd_cat },
    { "get", "+r", 1, 0, cmd_get },      { "put", "+r", 1, 1, cmd_put },
    { "rm", "+rf", 1, 1, cmd_rm },       { "mkdir", "+p", 1, 1, cmd_mkdir },
    { "mv", "+", 2, 1, cmd_mv },         { "df", "+", 0, 0, cmd_df },
};

static void __attribute__((noreturn))
usage(int status)
{
    fputs(help, status ? stderr : stdout);
    exit(status);
}

static void
open_image(const char *image, int write)
{
    const char *fault;

    hfs_open(image, write);
    hfs_lock(write);
    if ((fault = hfs_find(-1)) != 0)
        hfs_die("%s: %s", image, fault);
    ck.quiet = 1;
    if ((fault = hfs_mount()) != 0)
        hfs_die("the file system is damaged: %s: run tools/fsck -y %s", fault,
                image);
    if (hfs_replay(write) || (check_all(), ck.problems))
        hfs_die("the file system is damaged: run tools/fsck -y %s", image);
}

static const struct command *
find_command(const char *name)
{
    const struct command *c, *end = commands + sizeof commands /
                                    sizeof *commands;

    for (c = commands; c < end; c++)
        if (strcmp(c->name, name) == 0)
            return c;
    usage(1);
}

static void
options(const struct command *c, int argc, char **argv)
{
    int o;

    optind = 0;                     // from the beginning, with new rules
    while ((o = getopt(argc, argv, c->options)) != -1) {
        if (o == '?')
            usage(1);
        opt.recursive |= o == 'r' || o == 'R';
        opt.force |= o == 'f';
        opt.parents |= o == 'p';
        opt.lng |= o == 'l';
    }
    if (argc - optind < c->least)
        usage(1);
}

int
main(int argc, char **argv)
{
    const char *image = getenv("TEAK_IMG");
    const struct command *c;

    hfs.tool = "image";
    now = time(0);
    argc--;
    argv++;
    if (argc > 0 && strcmp(argv[0], "--help") == 0)
        usage(0);
    if (argc > 1 && strcmp(argv[0], "-i") == 0) {
        image = argv[1];
        argc -= 2;
        argv += 2;
    }
    if (argc == 0)
        usage(1);
    c = find_command(argv[0]);
    if (argc > 1 && strcmp(argv[1], "--help") == 0)
        usage(0);
    options(c, argc, argv);
    open_image(image ? image : "teak.img", c->write);
    c->run(argv + optind, argc - optind);
    if (c->write)
        hfs_commit();
    if (fflush(stdout) != 0 || ferror(stdout))
        hfs_die("cannot write standard output: %s", strerror(errno));
    return 0;
}
