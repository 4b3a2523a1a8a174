// head.c: the first lines, or bytes, of files.
//
// What has been read beyond the end is given back by a seek where that goes,
// so that the next program goes on where this one stopped.

#include "input.h"

const char help[] =
    "head [-n [-]lines | -c [-]bytes | -lines[clqv]] [-qv] [file...]\n"
    "Write the first 10 lines of files, or of the standard input.\n"
    "  -n N, -N  N lines   -n -N  all but the last N lines\n"
    "  -c N      N bytes   -c -N  all but the last N bytes\n"
    "  -q        no names above the files     -v  names in any case";

#define CHUNK 8192

static uint count = 10;
static int  bytes;                  // count is bytes, not lines
static int  butlast;                // all but the last count
static int  names, quiet, verbose;

static int
firstlines(int fd)
{
    struct lines in;
    char *line;
    uint n, i;

    openlines(&in, fd);
    for (i = 0; i < count && (line = nextline(&in, &n)) != 0; i++) {
        output(line, n);
        if (hasnewline(&in, line, n))
            output("\n", 1);
    }
    if (in.end > in.start)
        lseek(fd, -(int)(in.end - in.start), SEEK_CUR);
    errno = in.error;
    closelines(&in);
    return errno ? -1 : 0;
}

static int
firstbytes(int fd)
{
    static char buf[CHUNK];
    uint left = count;
    int n = 0;

    while (left > 0 &&
           (n = read(fd, buf, left < CHUNK ? left : CHUNK)) > 0) {
        output(buf, n);
        left -= n;
    }
    return n < 0 ? -1 : 0;
}

static int
show(int fd, const char *name)
{
    int result;

    if (names)
        filetitle(name);
    if (butlast)
        result = splitend(fd, count, !bytes, output, 0);
    else
        result = bytes ? firstbytes(fd) : firstlines(fd);
    if (result == 0)
        return 0;
    warn("%s", name);
    return 1;
}

static void
setcount(const char *s)
{
    butlast = *s == '-';
    count = bytecount(s + butlast);
}

// "head -20cq": the first word alone may be like that.
static void
oldoption(const char *word)
{
    const char *letter = oldcount(word, "-", &count);

    if (letter == 0)
        return;
    optind++;
    for (; *letter; letter++) {
        switch (*letter) {
        case 'c': bytes = 1; break;
        case 'l': break;
        case 'q': quiet = 1; break;
        case 'v': verbose = 1; break;
        default:  usage(0);
        }
    }
}

int
main(int argc, char **argv)
{
    int c;

    oldoption(argv[1]);
    while ((c = getopt(argc, argv, "c:n:qv")) != -1) {
        switch (c) {
        case 'c': bytes = 1; setcount(optarg); break;
        case 'n': bytes = 0; setcount(optarg); break;
        case 'q': quiet = 1; break;
        case 'v': verbose = 1; break;
        default:  usage(0);
        }
    }
    names = verbose || (argc - optind > 1 && !quiet);
    return finish(eachfile(argv + optind, show));
}
