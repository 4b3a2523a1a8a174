// wc.c: counts lines, words and bytes.
//
//     wc [-clw] [file...]

#include "user.h"

#define CHUNK 8192

struct counts {
    uint lines, words, bytes;
};

static int wantlines, wantwords, wantbytes;

static void
show(struct counts *c, const char *name)
{
    if (wantlines)
        printf("%8u", c->lines);
    if (wantwords)
        printf("%8u", c->words);
    if (wantbytes)
        printf("%8u", c->bytes);
    printf("%s%s\n", *name ? " " : "", name);
    if (fflush(stdout) < 0)
        badwrite(1);
}

static int
count(int fd, const char *name, struct counts *c)
{
    static char buf[CHUNK];
    int n, i, inword = 0;

    memset(c, 0, sizeof(*c));
    while ((n = read(fd, buf, sizeof(buf))) > 0) {
        c->bytes += n;
        for (i = 0; i < n; i++) {
            c->lines += buf[i] == '\n';
            c->words += !inword && !isspace(buf[i]);
            inword = !isspace(buf[i]);
        }
    }
    if (n == 0)
        return 0;
    warn("%s", name);
    return -1;
}

static int
countfile(const char *name, struct counts *total)
{
    struct counts c;
    int fd, result;

    if ((fd = open(name, O_RDONLY)) < 0) {
        warn("%s", name);
        return -1;
    }
    result = count(fd, name, &c);
    close(fd);
    show(&c, name);
    total->lines += c.lines;
    total->words += c.words;
    total->bytes += c.bytes;
    return result;
}

int
main(int argc, char **argv)
{
    struct counts total = { 0, 0, 0 };
    int c, i, status = 0;

    while ((c = getopt(argc, argv, "clw")) != -1) {
        switch (c) {
        case 'c': wantbytes = 1; break;
        case 'l': wantlines = 1; break;
        case 'w': wantwords = 1; break;
        default:  usage("[-clw] [file...]");
        }
    }
    if (!wantbytes && !wantlines && !wantwords)
        wantbytes = wantlines = wantwords = 1;
    if (optind == argc) {
        status = count(0, "(input)", &total) < 0;
        show(&total, "");
    }
    for (i = optind; i < argc; i++)
        status |= countfile(argv[i], &total) < 0;
    if (argc - optind > 1)
        show(&total, "total");
    return status;
}
