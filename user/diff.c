// diff.c: shows how two files, or two directories, differ.
//
// Exit status: 0 they do not differ, 1 they do, 2 after an error.

#include "diff.h"

const char help[] =
    "diff [-abiNqrsuw] [-U lines] [-L label] file1 file2\n"
    "Show which lines have to change to make file1 like file2.\n"
    "  -u  unified: with 3 lines around   -U N  with N lines around\n"
    "  -q  say only that they differ      -s  say that they are equal, too\n"
    "  -r  directories with all below     -N  missing files are empty\n"
    "  -i  small letters match capitals   -b  blanks match more blanks\n"
    "  -w  blanks do not count            -a  any file is text\n"
    "  -L LABEL  names in the unified form, first for file1, then file2";

static int anytext, brief, recurse, identical, newfiles;
static const char *labels[2];
static int below;                   // inside a directory
static char *given = "";            // options, to show there
static const char empty[] = "/null";

static int comparepaths(char *a, char *b, int top);

// -- two files ------------------------------------------------------------

static int
isbinary(struct side *s)
{
    return !anytext && memchr(s->text, 0, s->size < 4096 ? s->size : 4096);
}

static int
differing(struct side *a, struct side *b)
{
    if (isbinary(a) || isbinary(b)) {
        printf("%s %s and %s differ\n", brief ? "Files" : "Binary files",
               a->name, b->name);
        return 1;
    }
    numberlines(a, b);
    comparesides(a, b);
    if (!memchr(a->changed, 1, a->n + 2) && !memchr(b->changed, 1, b->n + 2))
        return 0;
    if (brief)
        printf("Files %s and %s differ\n", a->name, b->name);
    if (brief)
        return 1;
    if (below)
        printf("diff%s %s %s\n", given, a->name, b->name);
    showchanges(a, b);
    return 1;
}

// Opens and reads a file that is no directory; 2 after an error.
static int
load(struct side *s, const char *name, const char *label)
{
    struct stat st;
    int fd;

    memset(s, 0, sizeof(*s));
    s->name = name;
    s->label = label;
    fd = strcmp(name, "-") == 0 ? 0 : open(name, O_RDONLY);
    if (fd >= 0 && fstat(fd, &st) == 0)
        s->mtime = st.mtime;
    if (fd < 0 || readside(s, fd) < 0) {
        warn("%s", name);
        return 2;
    }
    if (fd != 0)
        close(fd);
    return 0;
}

static int
comparefiles(const char *nameA, const char *nameB,
             const char *showA, const char *showB)
{
    struct side a, b;
    int status;

    status = load(&a, nameA, labels[0]);
    if (status == 0)
        status = load(&b, nameB, labels[1]);
    if (status != 0)
        return status;
    a.name = showA;
    b.name = showB;
    if (a.size != b.size || memcmp(a.text, b.text, a.size) != 0)
        status = differing(&a, &b);
    if (status == 0 && identical)
        printf("Files %s and %s are identical\n", showA, showB);
    freeside(&a);
    freeside(&b);
    return status;
}

// -- two directories ------------------------------------------------------

static int
names(const char *dir, struct dirent ***list)
{
    int n = children(dir, list);

    *list = n < 0 ? 0 : *list;
    if (n < 0)
        warn("%s", dir);
    return n;
}

static char *
join(const char *dir, const char *name)
{
    char *path = pathjoin(dir, name);

    if (path == 0)
        errx(2, "out of memory");
    return path;
}

// A name that only one of the directories has: left says it is the first.
static int
single(char *dirA, char *dirB, const char *name, int left)
{
    char *a = join(dirA, name), *b = join(dirB, name);
    int status = 1;

    if (newfiles && !isdir(left ? a : b)) {
        status = comparefiles(left ? a : empty, left ? empty : b, a, b);
    } else {
        printf("Only in %s: %s\n", left ? dirA : dirB, name);
    }
    free(a);
    free(b);
    return status;
}

static int
both(char *dirA, char *dirB, const char *name)
{
    char *a = join(dirA, name), *b = join(dirB, name);
    int status = comparepaths(a, b, 0);

    free(a);
    free(b);
    return status;
}

static int
comparedirs(char *dirA, char *dirB)
{
    struct dirent **a, **b;
    int na = names(dirA, &a), nb = names(dirB, &b), i = 0, j = 0, one, c;
    int status = na < 0 || nb < 0 ? 2 : 0;

    below = 1;
    while (i < na || j < nb) {
        c = i >= na ? 1 : j >= nb ? -1 : strcmp(a[i]->d_name, b[j]->d_name);
        if (c == 0)
            one = both(dirA, dirB, a[i]->d_name);
        else
            one = single(dirA, dirB, (c < 0 ? a[i] : b[j])->d_name, c < 0);
        i += c <= 0;
        j += c >= 0;
        status = one > status ? one : status;
    }
    freechildren(a, na);
    freechildren(b, nb);
    return status;
}

// -- what there is to compare ---------------------------------------------

static int
comparepaths(char *a, char *b, int top)
{
    int dirA = isdir(a), dirB = isdir(b), status;
    char *path;

    if (dirA && dirB) {
        if (top || recurse)
            return comparedirs(a, b);
        printf("Common subdirectories: %s and %s\n", a, b);
        return 0;
    }
    if (dirA != dirB && !top) {
        printf("File %s is a %s while file %s is a %s\n",
               a, dirA ? "directory" : "regular file",
               b, dirB ? "directory" : "regular file");
        return 1;
    }
    if (dirA || dirB) {
        path = dirA ? join(a, basename(b)) : join(b, basename(a));
        status = comparefiles(dirA ? path : a, dirA ? b : path,
                              dirA ? path : a, dirA ? b : path);
        free(path);
        return status;
    }
    return comparefiles(a, b, a, b);
}

// The options as they were given, for the line above a file's changes.
static void
keepoptions(char **argv, int n)
{
    char *more;
    int i;

    for (i = 1; i < n; i++) {
        if (asprintf(&more, "%s %s", given, argv[i]) < 0)
            errx(2, "out of memory");
        given = more;
    }
}

static void
setlabel(const char *label)
{
    if (labels[1])
        errx(2, "only two labels, please");
    labels[labels[0] != 0] = label;
}

int
main(int argc, char **argv)
{
    int c;

    outstatus = 2;
    while ((c = getopt(argc, argv, "abiL:NqrsuU:w")) != -1) {
        switch (c) {
        case 'a': anytext = 1; break;
        case 'b': blanks = blanks ? blanks : 1; break;
        case 'i': icase = 1; break;
        case 'L': setlabel(optarg); break;
        case 'N': newfiles = 1; break;
        case 'q': brief = 1; break;
        case 'r': recurse = 1; break;
        case 's': identical = 1; break;
        case 'u': unified = 1; break;
        case 'U': unified = 1; context = number(optarg, 0, INT_MAX / 2); break;
        case 'w': blanks = 2; break;
        default:  usage(0);
        }
    }
    if (argc - optind != 2)
        usage(0);
    keepoptions(argv, optind);
    return finish(comparepaths(argv[optind], argv[optind + 1], 1));
}
