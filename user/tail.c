// tail.c: the last lines, or bytes, of files; and what is added to them.
//
// In a file the place is found by going back from its end, block by block;
// of a pipe only what may belong to the end is kept (lib_input.c). -f looks
// again four times a second, until it is killed.

#include "input.h"

const char help[] =
    "tail [-n [+]lines | -c [+]bytes | -lines[cfl] | +lines[cfl]] [-fqv]\n"
    "     [file...]\n"
    "Write the last 10 lines of files, or of the standard input.\n"
    "  -n N, -N  N lines   -n +N  from line N on\n"
    "  -c N      N bytes   -c +N  from byte N on\n"
    "  -f        go on with what is added to the files, until ^C\n"
    "  -q        no names above the files     -v  names in any case";

#define CHUNK 8192

static uint count = 10;
static int  bytes;                  // count is bytes, not lines
static int  fromstart;              // begin at number count
static int  follow, names;

static struct followed {
    struct followed *next;
    const char *name;
    int fd;
} *files, **lastfile = &files, *shown;

// Copies to the end; how much, or -1.
static int
copyrest(int fd)
{
    static char buf[CHUNK];
    int n, total = 0;

    while ((n = read(fd, buf, sizeof(buf))) > 0) {
        output(buf, n);
        total = 1;
    }
    return n < 0 ? -1 : total;
}

// Leaves count - 1 lines or bytes out.
static int
skipfirst(int fd)
{
    static char buf[CHUNK];
    uint skip = count ? count - 1 : 0;
    int n = 0, i = 0;

    while (skip > 0 && (n = read(fd, buf, sizeof(buf))) > 0)
        for (i = 0; i < n && skip > 0; i++)
            skip -= bytes || buf[i] == '\n';
    if (n < 0)
        return -1;
    output(buf + i, n - i);
    return copyrest(fd);
}

// The place in a file behind which are its last count lines; -1: errno.
static int
findlines(int fd, int size)
{
    static char buf[CHUNK];
    uint found = 0;
    int at, n, i;

    for (at = size; at > 0; at -= n) {
        n = at % CHUNK ? at % CHUNK : CHUNK;
        if (lseek(fd, at - n, SEEK_SET) < 0 || read(fd, buf, n) != n)
            return -1;
        for (i = n - 1; i >= 0; i--)
            if (buf[i] == '\n' && at - n + i + 1 < size && ++found == count)
                return at - n + i + 1;
    }
    return 0;
}

static int
tailfile(int fd, int size)
{
    int at = size;

    if (bytes)
        at = count < (uint)size ? size - (int)count : 0;
    else if (count > 0)
        at = findlines(fd, size);
    if (at < 0 || lseek(fd, at, SEEK_SET) < 0)
        return -1;
    return copyrest(fd);
}

static int
show(int fd, const char *name)
{
    struct stat st;
    int result;

    if (names)
        filetitle(name);
    if (fromstart)
        result = skipfirst(fd);
    else if (fstat(fd, &st) == 0 && st.type == T_FILE &&
             lseek(fd, 0, SEEK_CUR) == 0)
        result = tailfile(fd, st.size);
    else
        result = splitend(fd, count, !bytes, 0, output);
    if (result >= 0)
        return 0;
    warn("%s", name);
    return 1;
}

// Keeps a descriptor of its own, for eachfile() closes the other.
static int
showandkeep(int fd, const char *name)
{
    struct followed *f = malloc(sizeof(*f));
    int status = show(fd, name);

    if (f == 0 || (f->fd = dup(fd)) < 0)
        err(1, "%s", name);
    f->name = name;
    f->next = 0;
    *lastfile = shown = f;
    lastfile = &f->next;
    return status;
}

// A file that is shorter than before begins anew.
static void
look(struct followed *f)
{
    struct stat st;
    char c;

    if (fstat(f->fd, &st) == 0 && st.type == T_FILE &&
        (int)st.size < lseek(f->fd, 0, SEEK_CUR)) {
        warnx("%s: has been cut", f->name);
        lseek(f->fd, 0, SEEK_SET);
    }
    if (read(f->fd, &c, 1) != 1)
        return;
    if (names && shown != f)
        filetitle(f->name);
    shown = f;
    output(&c, 1);
    copyrest(f->fd);
}

static void
followall(void)
{
    struct followed *f;

    while (files) {
        finish(0);
        sleep(HZ / 4);
        for (f = files; f; f = f->next)
            look(f);
    }
}

static void
setcount(const char *s)
{
    fromstart = *s == '+';
    count = bytecount(s + (*s == '+' || *s == '-'));
}

// "tail -20f", "tail +20c": the first word alone may be like that.
static void
oldoption(const char *word)
{
    const char *letter = oldcount(word, "-+", &count);

    if (letter == 0)
        return;
    optind++;
    fromstart = *word == '+';
    for (; *letter; letter++) {
        switch (*letter) {
        case 'c': bytes = 1; break;
        case 'f': follow = 1; break;
        case 'l': break;
        default:  usage(0);
        }
    }
}

int
main(int argc, char **argv)
{
    int c, quiet = 0, verbose = 0, status;

    oldoption(argv[1]);
    while ((c = getopt(argc, argv, "c:fn:qv")) != -1) {
        switch (c) {
        case 'c': bytes = 1; setcount(optarg); break;
        case 'f': follow = 1; break;
        case 'n': bytes = 0; setcount(optarg); break;
        case 'q': quiet = 1; break;
        case 'v': verbose = 1; break;
        default:  usage(0);
        }
    }
    names = verbose || (argc - optind > 1 && !quiet);
    status = eachfile(argv + optind, follow ? showandkeep : show);
    if (follow)
        followall();
    return finish(status);
}
