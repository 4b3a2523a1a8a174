// ls.c: lists files and directories.
//
// On the console names stand in columns, as many as fit; elsewhere one a
// line. -l gives a line to each: type (- file, d directory, c device), names
// that it has, size (a device's two numbers are not told), when it changed
// last, name. Files come first, then directories, with their names where more
// than one thing was asked for.

#include "paths.h"

const char help[] =
    "ls [-aACdFhilprRtS1] [file...]\n"
    "List directories, or files.\n"
    "  -a  names with a dot first, too      -A  the same without . and ..\n"
    "  -l  one a line, with type, links, size and date\n"
    "  -h  sizes as 1.5K, 20M               -i  inode numbers\n"
    "  -t  newest first   -S  largest first -r  the other way round\n"
    "  -R  directories in directories       -d  directories as files\n"
    "  -1  one a line     -C  in columns    -F -p  a / behind directories";

#define HALFYEAR (365 / 2 * 24 * 60 * 60)
#define MINWIDTH 80
#define GAP      2                  // blanks between columns

struct entry {
    char *name;
    struct stat st;
};

struct list {
    struct entry *e;
    uint n;
};

static int all, dots, longform, human, inodes, bytime, bysize, reverse;
static int recursive, asfiles, slashes, columns, titles, begun, status;
static uint now;

static void listdir(const char *path);

// 2 is for what was asked for, 1 for what was met on the way.
static void
failed(const char *path, int how)
{
    warn("%s", path);
    if (status < how)
        status = how;
}

// ---- lists ----

static void
append(struct list *l, const char *name, const struct stat *st)
{
    if ((l->n & (l->n - 1)) == 0)   // room is always a power of two
        l->e = realloc(l->e, (l->n ? l->n * 2 : 1) * sizeof(*l->e));
    if (l->e == 0 || (l->e[l->n].name = strdup(name)) == 0)
        err(1, "%s", name);
    l->e[l->n++].st = *st;
}

static void
freelist(struct list *l)
{
    while (l->n > 0)
        free(l->e[--l->n].name);
    free(l->e);
}

static int
order(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    int cmp = 0;

    if (bytime)
        cmp = (x->st.mtime < y->st.mtime) - (x->st.mtime > y->st.mtime);
    else if (bysize)
        cmp = (x->st.size < y->st.size) - (x->st.size > y->st.size);
    if (cmp == 0)
        cmp = strcmp(x->name, y->name);
    return reverse ? -cmp : cmp;
}

// ---- showing ----

static const char *
sizeof_entry(const struct entry *e)
{
    static char text[16];

    if (human)
        return sizetext(e->st.size);
    snprintf(text, sizeof(text), "%u", e->st.size);
    return text;
}

// The time of day for what is new, else the year.
static const char *
date(uint mtime)
{
    static char text[32];
    time_t t = mtime;
    int recent = mtime <= now + 60 && mtime + HALFYEAR > now;

    strftime(text, sizeof(text), recent ? "%b %e %H:%M" : "%b %e  %Y",
             localtime(&t));
    return text;
}

static const char *
behind(const struct entry *e)
{
    return slashes && e->st.type == T_DIR ? "/" : "";
}

static int
digits(uint n)
{
    int d = 1;

    while (n >= 10) {
        n /= 10;
        d++;
    }
    return d;
}

static void
showlong(const struct list *l)
{
    int inowidth = 1, linkwidth = 1, sizewidth = 1, w;
    uint i;

    for (i = 0; i < l->n; i++) {
        w = digits(l->e[i].st.ino);
        inowidth = w > inowidth ? w : inowidth;
        w = digits(l->e[i].st.nlink);
        linkwidth = w > linkwidth ? w : linkwidth;
        w = strlen(sizeof_entry(&l->e[i]));
        sizewidth = w > sizewidth ? w : sizewidth;
    }
    for (i = 0; i < l->n; i++) {
        if (inodes)
            printf("%*u ", inowidth, l->e[i].st.ino);
        printf("%c %*d %*s %s %s%s\n", typeletter(l->e[i].st.type),
               linkwidth, l->e[i].st.nlink, sizewidth,
               sizeof_entry(&l->e[i]), date(l->e[i].st.mtime), l->e[i].name,
               behind(&l->e[i]));
    }
}

// A character is a byte that does not go on with a UTF-8 sequence.
static uint
width(const struct entry *e)
{
    const char *s;
    uint w = strlen(behind(e)) + (inodes ? digits(e->st.ino) + 1 : 0);

    for (s = e->name; *s; s++)
        w += ((uchar)*s & 0xc0) != 0x80;
    return w;
}

static void
showname(const struct entry *e)
{
    if (inodes)
        printf("%u ", e->st.ino);
    printf("%s%s", e->name, behind(e));
}

// How wide the columns are with so many rows; 0: too wide together.
static int
fit(const struct list *l, uint rows, uint *widths)
{
    uint i, total = 0, column, screen = columns;

    for (column = 0; column * rows < l->n; column++) {
        widths[column] = 0;
        for (i = column * rows; i < l->n && i < (column + 1) * rows; i++)
            if (width(&l->e[i]) > widths[column])
                widths[column] = width(&l->e[i]);
        total += widths[column] + (column > 0 ? GAP : 0);
        if (total >= screen)
            return rows >= l->n;
    }
    return 1;
}

static void
showcolumns(const struct list *l)
{
    uint *widths = calloc(l->n + 1, sizeof(*widths));
    uint rows = 1, row, i, blanks;

    if (widths == 0)
        err(1, "columns");
    while (!fit(l, rows, widths))
        rows++;
    for (row = 0; row < rows && row < l->n; row++) {
        for (i = row; i < l->n; i += rows) {
            showname(&l->e[i]);
            blanks = widths[i / rows] + GAP - width(&l->e[i]);
            if (i + rows < l->n)
                printf("%*s", (int)blanks, "");
        }
        printf("\n");
    }
    free(widths);
}

static void
show(struct list *l)
{
    uint i;

    qsort(l->e, l->n, sizeof(*l->e), order);
    if (longform)
        showlong(l);
    else if (columns)
        showcolumns(l);
    else
        for (i = 0; i < l->n; i++) {
            showname(&l->e[i]);
            printf("\n");
        }
    begun |= l->n > 0;
    if (ferror(stdout))
        badwrite(1);
}

// ---- what to list ----

static int
wanted(const char *name)
{
    if (name[0] != '.' || dots)
        return 1;
    return all && !isdots(name);
}

static void
listsubdirs(const char *path, const struct list *l)
{
    char *full;
    uint i;

    for (i = 0; i < l->n; i++) {
        if (l->e[i].st.type != T_DIR || isdots(l->e[i].name))
            continue;
        full = joined(path, l->e[i].name);
        listdir(full);
        free(full);
    }
}

static void
listdir(const char *path)
{
    struct list l = { 0, 0 };
    struct stat st;
    char *name, *full;
    DIR *d = opendir(path);

    if (d == 0) {
        failed(path, 1);
        return;
    }
    for (errno = 0; (name = nextname(d)) != 0; errno = 0) {
        if (!wanted(name))
            continue;
        full = joined(path, name);
        if (stat(full, &st) < 0)
            failed(full, 1);
        else
            append(&l, name, &st);
        free(full);
    }
    if (errno)
        failed(path, 1);
    closedir(d);
    if (titles)
        printf("%s%s:\n", begun ? "\n" : "", path);
    begun |= titles;
    show(&l);
    if (recursive)
        listsubdirs(path, &l);
    freelist(&l);
}

static void
listall(char **paths)
{
    struct list files = { 0, 0 }, dirs = { 0, 0 };
    struct stat st;
    uint i;

    for (; *paths; paths++) {
        if (stat(*paths, &st) < 0)
            failed(*paths, 2);
        else
            append(st.type == T_DIR && !asfiles ? &dirs : &files, *paths, &st);
    }
    show(&files);
    qsort(dirs.e, dirs.n, sizeof(*dirs.e), order);
    for (i = 0; i < dirs.n; i++)
        listdir(dirs.e[i].name);
    freelist(&files);
    freelist(&dirs);
}

static int
screenwidth(void)
{
    const char *s = getenv("COLUMNS");
    int width = s ? atoi(s) : isconsole(1) ? consctl(CONS_SIZE, 0) & 0xffff : 0;

    return width > 0 ? width : MINWIDTH;
}

static int
option(int c)
{
    switch (c) {
    case 'a': dots = 1; break;
    case 'A': all = 1; break;
    case 'C': columns = screenwidth(); break;
    case 'd': asfiles = 1; break;
    case 'F':
    case 'p': slashes = 1; break;
    case 'h': human = 1; break;
    case 'i': inodes = 1; break;
    case 'l': longform = 1; break;
    case 'r': reverse = 1; break;
    case 'R': recursive = 1; break;
    case 't': bytime = 1; bysize = 0; break;
    case 'S': bysize = 1; bytime = 0; break;
    case '1': columns = 0; break;
    default:  return 0;
    }
    return 1;
}

int
main(int argc, char **argv)
{
    static char *here[] = { ".", 0 };
    int c;

    if (isconsole(1))
        columns = screenwidth();
    while ((c = getopt(argc, argv, "aACdFhilprRtS1")) != -1)
        if (!option(c))
            usage(0);
    now = time(0);
    titles = argc - optind > 1 || recursive;
    listall(optind < argc ? argv + optind : here);
    if (fflush(stdout) < 0)
        badwrite(1);
    return status;
}
