// dd.c: copies by blocks.
//
// Each read gives one block for input, full or partial; they are collected
// into blocks for output, unless bs is given: then each is written as it
// came. Records are counted as full + partial.

#include <ctype.h>
#include <time.h>
#include "input.h"

const char help[] =
    "dd [if=file] [of=file] [bs=n] [ibs=n] [obs=n] [count=n] [skip=n]\n"
    "   [seek=n] [conv=word,...] [status=none|noxfer|progress]\n"
    "Copy a file by blocks, 512 bytes if bs does not say else.\n"
    "  count=N  N blocks of input at most\n"
    "  skip=N   leave out N blocks of input   seek=N  of output\n"
    "  conv=    notrunc (leave what follows in the output), sync (fill\n"
    "           blocks up with NULs), noerror (go on after a read error),\n"
    "           fsync (until it is on the disk), lcase, ucase, swab\n"
    "Sizes may end in b k M G, and be products: 2x512.";

typedef unsigned long long ullong;

enum { NOTRUNC = 1, SYNC = 2, NOERROR = 4, FSYNC = 8, LCASE = 16, UCASE = 32,
       SWAB = 64, EXCL = 128, NOCREAT = 256 };
enum { NORMAL, NOXFER, NONE, PROGRESS };

static const struct {
    const char *name;
    int bit;
} conversions[] = {
    { "notrunc", NOTRUNC }, { "sync", SYNC }, { "noerror", NOERROR },
    { "fsync", FSYNC }, { "fdatasync", FSYNC }, { "lcase", LCASE },
    { "ucase", UCASE }, { "swab", SWAB }, { "excl", EXCL },
    { "nocreat", NOCREAT },
};

static const char *inname, *outname;
static uint ibs = 512, obs = 512, bs, skip, seek, count = UINT_MAX;
static int conv, status;

static struct {
    uint full, partial;
} got, put;
static ullong bytes;
static struct timespec began;

static char *inbuf, *outbuf;
static uint held;                   // bytes in outbuf

// -- operands -------------------------------------------------------------

static uint
size(const char *operand, const char *value)
{
    char *one = strdup(value), *x, *s = one;
    uint product = 1, n;

    do {
        if (one == 0)
            err(1, "%s", operand);
        if ((x = strchr(s, 'x')) != 0)
            *x = 0;
        n = bytecount(s);
        if (n && product > UINT_MAX / n)
            errx(1, "%s: too large a number", operand);
        product *= n;
        s = x + 1;
    } while (x);
    free(one);
    return product;
}

static uint
blocksize(const char *operand, const char *value)
{
    uint n = size(operand, value);

    if (n == 0 || n > INT_MAX)
        errx(1, "%s: not a size for blocks", operand);
    return n;
}

static void
setconv(const char *value)
{
    uint n, i;

    while (*value) {
        n = strcspn(value, ",");
        for (i = 0; i < sizeof(conversions) / sizeof(conversions[0]); i++)
            if (strlen(conversions[i].name) == n &&
                strncmp(conversions[i].name, value, n) == 0)
                break;
        if (i == sizeof(conversions) / sizeof(conversions[0]))
            errx(1, "conv=%.*s: no such conversion", (int)n, value);
        conv |= conversions[i].bit;
        value += n + (value[n] == ',');
    }
}

static void
setstatus(const char *value)
{
    if (strcmp(value, "none") == 0)
        status = NONE;
    else if (strcmp(value, "noxfer") == 0)
        status = NOXFER;
    else if (strcmp(value, "progress") == 0)
        status = PROGRESS;
    else
        errx(1, "status=%s: none, noxfer or progress", value);
}

// What stands behind "name=" in the operand, or 0.
static const char *
is(const char *operand, const char *name)
{
    uint n = strlen(name);

    return strncmp(operand, name, n) == 0 && operand[n] == '=' ?
           operand + n + 1 : 0;
}

static void
operand(const char *s)
{
    const char *value;

    if ((value = is(s, "if")) != 0)
        inname = value;
    else if ((value = is(s, "of")) != 0)
        outname = value;
    else if ((value = is(s, "bs")) != 0)
        bs = blocksize(s, value);
    else if ((value = is(s, "ibs")) != 0)
        ibs = blocksize(s, value);
    else if ((value = is(s, "obs")) != 0)
        obs = blocksize(s, value);
    else if ((value = is(s, "count")) != 0)
        count = size(s, value);
    else if ((value = is(s, "skip")) != 0)
        skip = size(s, value);
    else if ((value = is(s, "seek")) != 0)
        seek = size(s, value);
    else if ((value = is(s, "conv")) != 0)
        setconv(value);
    else if ((value = is(s, "status")) != 0)
        setstatus(value);
    else
        errx(1, "%s: no such operand", s);
}

// -- what has been done ---------------------------------------------------

static uint
elapsed(void)                       // milliseconds
{
    struct timespec now;

    if (gettime(&now) < 0)
        return 0;
    return (now.sec - began.sec) * 1000 + now.nsec / 1000000 -
           began.nsec / 1000000;
}

static void
showrate(uint ms)
{
    ullong rate = ms ? bytes * 1000 / ms : 0;

    fprintf(stderr, "%llu byte%s copied, %u.%03u s", bytes,
            bytes == 1 ? "" : "s", ms / 1000, ms % 1000);
    if (ms > 0 && rate >= 1000000)
        fprintf(stderr, ", %llu.%llu MB/s", rate / 1000000,
                rate / 100000 % 10);
    else if (ms > 0)
        fprintf(stderr, ", %llu.%llu kB/s", rate / 1000, rate / 100 % 10);
}

static void
report(void)
{
    if (status == PROGRESS)
        fprintf(stderr, "\n");
    if (status == NONE)
        return;
    fprintf(stderr, "%u+%u records in\n%u+%u records out\n", got.full,
            got.partial, put.full, put.partial);
    if (status == NOXFER)
        return;
    showrate(elapsed());
    fprintf(stderr, "\n");
}

static void
progress(void)
{
    static uint last;
    uint now = elapsed();

    if (status != PROGRESS || now < last + 1000)
        return;
    last = now;
    fprintf(stderr, "\r");
    showrate(now);
    fprintf(stderr, "    ");
}

static void
fail(const char *name, const char *what)
{
    int why = errno;

    report();
    errno = why;
    if (why != EPIPE || name != outname)
        warn("%s: %s", name ? name : what, what);
    exit(1);
}

// -- files ----------------------------------------------------------------

static void
openboth(void)
{
    int fd, flags = O_RDWR;

    if (inname) {
        if ((fd = open(inname, O_RDONLY)) < 0)
            err(1, "%s", inname);
        dup2(fd, 0);
        close(fd);
    }
    if (outname == 0)
        return;
    if (!(conv & NOCREAT))
        flags |= O_CREATE;
    if (conv & EXCL)
        flags |= O_EXCL;
    if (seek == 0 && !(conv & NOTRUNC))
        flags |= O_TRUNC;
    if ((fd = open(outname, flags)) < 0 &&
        (fd = open(outname, (flags & ~O_RDWR) | O_WRONLY)) < 0)
        err(1, "%s", outname);
    dup2(fd, 1);
    close(fd);
}

// Input that cannot be sought in is read and dropped.
static void
skipinput(void)
{
    uint n;
    int r = 1;

    if (skip == 0 || (skip <= INT_MAX / ibs &&
                      lseek(0, skip * ibs, SEEK_CUR) >= 0))
        return;
    for (n = 0; n < skip && r > 0; n++)
        if ((r = read(0, inbuf, ibs)) < 0)
            fail(inname, "skip");
}

static void
seekoutput(void)
{
    if (seek == 0)
        return;
    if (seek > INT_MAX / obs || lseek(1, seek * obs, SEEK_CUR) < 0)
        err(1, "%s: seek", outname ? outname : "output");
    if (outname && !(conv & NOTRUNC) && ftruncate(1, seek * obs) < 0 &&
        errno != EINVAL)
        err(1, "%s: truncate", outname);
}

// -- copying --------------------------------------------------------------

static void
writeblock(const char *p, uint n)
{
    if (n == 0)
        return;
    if (writeall(1, p, n) < 0)
        fail(outname, "write");
    bytes += n;
    if (n == obs)
        put.full++;
    else
        put.partial++;
}

// Collects blocks of obs.
static void
collect(const char *p, uint n)
{
    uint part;

    for (; n > 0; n -= part, p += part) {
        part = n < obs - held ? n : obs - held;
        memcpy(outbuf + held, p, part);
        if ((held += part) == obs) {
            writeblock(outbuf, obs);
            held = 0;
        }
    }
}

static void
convert(char *p, uint n)
{
    uint i;
    char c;

    for (i = 0; i + 1 < n && (conv & SWAB); i += 2) {
        c = p[i];
        p[i] = p[i + 1];
        p[i + 1] = c;
    }
    for (i = 0; i < n && (conv & LCASE); i++)
        p[i] = tolower((uchar)p[i]);
    for (i = 0; i < n && (conv & UCASE); i++)
        p[i] = toupper((uchar)p[i]);
}

// A pipe and the console give what they have; all others are asked again
// until the block is full: /zero gives less than a page at a time.
static int
readfull(void)
{
    static int again = -1;
    struct stat st;
    uint n = 0;
    int r;

    if (again < 0)
        again = fstat(0, &st) == 0 && !isconsole(0) &&
                (st.type == T_FILE || st.type == T_DEV);
    do {
        if ((r = read(0, inbuf + n, ibs - n)) > 0)
            n += r;
    } while (again && r > 0 && n < ibs);
    return r < 0 && n == 0 ? -1 : (int)n;
}

// One block of input: its length, 0 at the end.
static uint
readblock(void)
{
    int n = readfull();

    if (n < 0 && !(conv & NOERROR))
        fail(inname, "read");
    if (n < 0) {
        warn("%s: read", inname ? inname : "input");
        if (lseek(0, ibs, SEEK_CUR) < 0)
            return 0;
        n = 0;
    } else if (n == 0) {
        return 0;
    }
    if ((uint)n == ibs)
        got.full++;
    else
        got.partial++;
    if ((conv & SYNC) && (uint)n < ibs) {
        memset(inbuf + n, 0, ibs - n);
        n = ibs;
    }
    return n;
}

static void
copy(void)
{
    uint n;

    while (got.full + got.partial < count && (n = readblock()) > 0) {
        convert(inbuf, n);
        if (bs)
            writeblock(inbuf, n);
        else
            collect(inbuf, n);
        progress();
    }
    writeblock(outbuf, held);
    if ((conv & FSYNC) && fsync(1) < 0)
        fail(outname, "fsync");
}

int
main(int argc, char **argv)
{
    if (getopt(argc, argv, "") != -1)
        usage(0);
    for (; optind < argc; optind++)
        operand(argv[optind]);
    if (bs)
        ibs = obs = bs;
    inbuf = malloc(ibs);
    outbuf = malloc(obs);
    if (inbuf == 0 || outbuf == 0)
        err(1, "blocks of %u and %u bytes", ibs, obs);
    gettime(&began);
    openboth();
    skipinput();
    seekoutput();
    copy();
    report();
    return 0;
}
