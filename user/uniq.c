// uniq.c: leaves out lines that repeat the one before.

#include "input.h"

const char help[] =
    "uniq [-cdiu] [-f fields] [-s chars] [-w chars] [input [output]]\n"
    "Write each line once that stands several times in a row.\n"
    "  -c  how often, in front of it\n"
    "  -d  only those that are repeated    -u  only those that are not\n"
    "  -i  capitals are as good as small letters\n"
    "  -f N  leave N words out of comparing    -s N  then N characters\n"
    "  -w N  compare at most N characters";

struct line {
    char *text;
    uint n, cap;
};

static int counts, repeated, single, nocase;
static uint skipfields, skipchars, most = UINT_MAX;

// What of a line is compared.
static const char *
key(struct line *l, uint *n)
{
    const char *s = l->text, *end = s + l->n;
    uint i;

    for (i = 0; i < skipfields && s < end; i++) {
        while (s < end && (*s == ' ' || *s == '\t'))
            s++;
        while (s < end && *s != ' ' && *s != '\t')
            s++;
    }
    s = (uint)(end - s) > skipchars ? s + skipchars : end;
    *n = (uint)(end - s) < most ? (uint)(end - s) : most;
    return s;
}

static int
same(struct line *a, struct line *b)
{
    uint na, nb, i;
    const char *s = key(a, &na), *t = key(b, &nb);

    if (na != nb)
        return 0;
    for (i = 0; i < na; i++)
        if (s[i] != t[i] &&
            (!nocase || tolower((uchar)s[i]) != tolower((uchar)t[i])))
            return 0;
    return 1;
}

static void
keep(struct line *l, const char *text, uint n)
{
    char *bigger;

    if (n > l->cap || l->text == 0) {
        if ((bigger = realloc(l->text, 2 * n + 1)) == 0)
            err(1, "a line of %u bytes", n);
        l->text = bigger;
        l->cap = 2 * n;
    }
    memcpy(l->text, text, n);
    l->n = n;
}

static void
show(struct line *l, uint times)
{
    if (times == 0 || (repeated && times == 1) || (single && times > 1))
        return;
    if (counts)
        printf("%7u ", times);
    outputline(l->text, l->n);
}

static void
uniq(const char *name)
{
    struct line kept = { 0, 0, 0 }, now;
    struct lines in;
    uint times = 0;

    openlines(&in, 0);
    while ((now.text = nextline(&in, &now.n)) != 0) {
        if (times > 0 && same(&kept, &now)) {
            times++;
            continue;
        }
        show(&kept, times);
        keep(&kept, now.text, now.n);
        times = 1;
    }
    show(&kept, times);
    if ((errno = in.error) != 0)
        err(1, "%s", name);
}

// Opens a file in place of descriptor fd.
static void
reopen(const char *name, int fd, int flags)
{
    int new;

    if (strcmp(name, "-") == 0)
        return;
    new = flags == O_RDONLY ? openinput(name) : open(name, flags);
    if (new < 0 || dup2(new, fd) < 0)
        err(1, "%s", name);
    close(new);
}

int
main(int argc, char **argv)
{
    int c;

    while ((c = getopt(argc, argv, "cdiuf:s:w:")) != -1) {
        switch (c) {
        case 'c': counts = 1; break;
        case 'd': repeated = 1; break;
        case 'i': nocase = 1; break;
        case 'u': single = 1; break;
        case 'f': skipfields = bytecount(optarg); break;
        case 's': skipchars = bytecount(optarg); break;
        case 'w': most = bytecount(optarg); break;
        default:  usage(0);
        }
    }
    if (argc - optind > 2)
        usage(0);
    if (argc - optind > 0)
        reopen(argv[optind], 0, O_RDONLY);
    if (argc - optind > 1)
        reopen(argv[optind + 1], 1, O_WRONLY | O_CREATE | O_TRUNC);
    uniq(argc - optind > 0 ? argv[optind] : "-");
    return finish(0);
}
