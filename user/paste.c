// paste.c: puts lines of several files beside each other.

#include "input.h"

const char help[] =
    "paste [-s] [-d characters] [file...]\n"
    "Put one line of each file beside each other, with tabs between.\n"
    "  -d LIST  these characters between them, in turn; \\n \\t \\0 \\\\\n"
    "  -s       all lines of one file beside each other, file after file";

struct file {
    const char *name;
    int open;
    struct lines *in;               // the same for each "-"
};

static char *list;
static uint nlist;

// Undoes the escapes; \0 is no character at all, kept as NUL.
static void
setlist(char *s)
{
    static const char names[] = "nt0", codes[] = "\n\t\0";
    const char *found;

    list = s;
    for (nlist = 0; *s; s++) {
        if (*s == '\\' && s[1]) {
            s++;
            found = strchr(names, *s);
            list[nlist++] = found ? codes[found - names] : *s;
        } else {
            list[nlist++] = *s;
        }
    }
    if (nlist == 0)
        list[nlist++] = 0;
}

static void
between(uint i)
{
    char *c = &list[i % nlist];

    output(c, *c != 0);
}

static void
ended(struct file *f)
{
    if ((errno = f->in->error) != 0)
        err(1, "%s", f->name);
    f->open = 0;
}

static void
beside(struct file *files, uint n)
{
    uint left = n, i, any, len, gaps;
    char *line;

    while (left > 0) {
        for (i = any = gaps = 0; i < n; i++) {
            line = files[i].open ? nextline(files[i].in, &len) : 0;
            if (files[i].open && line == 0) {
                ended(&files[i]);
                left--;
            }
            if (line) {
                for (; gaps < i; gaps++)
                    between(gaps);
                any = 1;
                output(line, len);
            }
        }
        for (; any && gaps < n - 1; gaps++)
            between(gaps);
        output("\n", any);
    }
}

static void
serial(struct file *f)
{
    char *line;
    uint len, i;

    for (i = 0; (line = nextline(f->in, &len)) != 0; i++) {
        if (i > 0)
            between(i - 1);
        output(line, len);
    }
    ended(f);
    output("\n", 1);
}

static void
openfile(struct file *f, const char *name)
{
    static struct lines *input;
    int fd = openinput(name);

    if (fd < 0)
        err(1, "%s", name);
    f->name = name;
    f->open = 1;
    f->in = fd == 0 && input ? input : malloc(sizeof(*f->in));
    if (f->in == 0)
        err(1, "%s", name);
    if (f->in != input)
        openlines(f->in, fd);
    if (fd == 0)
        input = f->in;
}

int
main(int argc, char **argv)
{
    static char tab[] = "\t", input[] = "-", *none[] = { input, 0 };
    int c, inone = 0;
    struct file *files;
    uint n, i;

    setlist(tab);
    while ((c = getopt(argc, argv, "d:s")) != -1) {
        switch (c) {
        case 'd': setlist(optarg); break;
        case 's': inone = 1; break;
        default:  usage(0);
        }
    }
    argv = argv[optind] ? argv + optind : none;
    for (n = 0; argv[n]; n++)
        ;
    if ((files = calloc(n, sizeof(*files))) == 0)
        err(1, "paste");
    for (i = 0; i < n; i++)
        openfile(&files[i], argv[i]);
    if (!inone)
        beside(files, n);
    for (i = 0; i < n && inone; i++)
        serial(&files[i]);
    return finish(0);
}
