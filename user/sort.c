// sort.c: sorts lines.
//
// Lines are read into memory up to a limit (-S, or a share of what is free),
// sorted there by merging, and written out at once if that was all. If it
// was not, each such part becomes a run, a temporary file. As soon as FANIN
// runs of one level stand at the end of the list they are merged into one
// of the next, so that few files are open however large the input is. Runs
// stay in the input's order, which keeps equal lines in theirs.
// Exit status: 0, 1 if -c found disorder, 2 after an error.

#include "sort.h"

const char help[] =
    "sort [-bcCdfhimnrsu] [-k key] [-o file] [-S size] [-t char] [file...]\n"
    "Sort the lines of all files, or of the standard input.\n"
    "  -n  by numbers    -h  by numbers with K M G   -r  the other way round\n"
    "  -f  capitals are as good as small letters     -b  without blanks in\n"
    "  -d  only blanks, letters and digits count     front\n"
    "  -i  only what can be printed counts\n"
    "  -k F[.C][letters][,F[.C][letters]]  by fields F, from character C\n"
    "  -t CHAR  between fields   -u  one of many equal lines\n"
    "  -s  leave equal keys in their order   -m  merge files that are sorted\n"
    "  -c  only say if they are sorted, -C without words\n"
    "  -o FILE  write to FILE    -S SIZE  use about SIZE of memory";

#define FANIN    8
#define BLOCK    8192
#define MINLIMIT (64 << 10)
#define MAXLIMIT (64 << 20)

struct block {                      // text of lines
    struct block *next;
    char text[];
};

static struct {
    struct line *line;
    uint n, cap;
    struct block *blocks;
    char *free, *end;               // in the first block
    uint bytes, limit;
} part;

struct run {                        // a sorted file
    FILE *f;                        // 0: an operand of -m, with a name
    const char *name;
    int  level;
    struct lines in;
    struct line now;                // text 0: at its end
};

static struct run *runs;
static uint nruns, capruns;

static int unique, check, quietcheck, mergeonly;
static const char *outname;

static void *
must(void *p)
{
    if (p == 0)
        errx(2, "out of memory");
    return p;
}

// -- output ---------------------------------------------------------------

// Where lines go; with -u, the last one is kept to compare with.
struct sink {
    FILE *f;
    struct line last;
    uint cap;
    int  any;
};

static void
keeplast(struct sink *s, struct line *l)
{
    if (l->n > s->cap || s->last.text == 0) {
        s->cap = 2 * l->n + 1;
        s->last.text = must(realloc(s->last.text, s->cap));
    }
    memcpy(s->last.text, l->text, l->n);
    s->last.n = l->n;
    findkey(&s->last);
    s->any = 1;
}

static void
badoutput(FILE *f)
{
    if (f == stdout && errno == EPIPE)
        exit(2);
    err(2, "%s", f != stdout ? "temporary file" : outname ? outname
                                                          : "output");
}

static void
putline(struct sink *s, struct line *l)
{
    if (unique) {
        if (s->any && comparekeys(&s->last, l) == 0)
            return;
        keeplast(s, l);
    }
    if (fwrite(l->text, 1, l->n, s->f) != l->n || putc('\n', s->f) < 0)
        badoutput(s->f);
}

static void
closesink(struct sink *s)
{
    if (fflush(s->f) < 0)
        badoutput(s->f);
    free(s->last.text);
}

static FILE *
tempfile(void)
{
    FILE *f = tmpfile();

    if (f == 0)
        err(2, "temporary file");
    return f;
}

// The file of -o replaces stdout once all input has been read.
static void
openoutput(void)
{
    if (outname && freopen(outname, "w", stdout) == 0)
        err(2, "%s", outname);
}

// -- runs -----------------------------------------------------------------

static void
advance(struct run *r)
{
    r->now.text = nextline(&r->in, &r->now.n);
    if (r->now.text)
        findkey(&r->now);
    else if ((errno = r->in.error) != 0)
        err(2, "%s", r->name);
}

static void
addrun(FILE *f, int fd, const char *name, int level)
{
    struct run *r;

    if (nruns == capruns) {
        capruns = 2 * capruns + FANIN;
        runs = must(realloc(runs, capruns * sizeof(*runs)));
    }
    r = &runs[nruns++];
    memset(r, 0, sizeof(*r));
    r->f = f;
    r->name = name;
    r->level = level;
    openlines(&r->in, fd);
}

static void
closerun(struct run *r)
{
    closelines(&r->in);
    if (r->f)
        fclose(r->f);
    else if (r->in.fd != 0)
        close(r->in.fd);
}

// Merges the runs from number `from` on and forgets them. The first of
// those that are equal wins: it came first.
static void
mergeruns(uint from, struct sink *to)
{
    struct run *r, *least;
    uint i;

    for (i = from; i < nruns; i++)
        advance(&runs[i]);
    for (;;) {
        least = 0;
        for (r = runs + from; r < runs + nruns; r++)
            if (r->now.text &&
                (least == 0 || compare(&r->now, &least->now) < 0))
                least = r;
        if (least == 0)
            break;
        putline(to, &least->now);
        advance(least);
    }
    while (nruns > from)
        closerun(&runs[--nruns]);
}

// Merges those from number `from` on into one run.
static void
joinruns(uint from, int level)
{
    struct sink s = { .f = tempfile() };

    mergeruns(from, &s);
    closesink(&s);
    rewind(s.f);
    addrun(s.f, fileno(s.f), "temporary file", level);
}

static void
tidyruns(void)
{
    int level;

    while (nruns >= FANIN && runs[nruns - FANIN].level ==
           (level = runs[nruns - 1].level))
        joinruns(nruns - FANIN, level + 1);
}

static void
finalmerge(void)
{
    struct sink s = { .f = 0 };

    if (outname && mergeonly)
        joinruns(0, 0);             // the output may be an input
    openoutput();
    s.f = stdout;
    mergeruns(0, &s);
    closesink(&s);
}

// -- what is in memory ----------------------------------------------------

// Sorts n lines; half as many fit into spare.
static void
mergesort(struct line *l, uint n, struct line *spare)
{
    uint half = n / 2, i = 0, j = half, to = 0;

    if (n < 2)
        return;
    mergesort(l, half, spare);
    mergesort(l + half, n - half, spare);
    if (compare(&l[half - 1], &l[half]) <= 0)
        return;
    memcpy(spare, l, half * sizeof(*l));
    while (i < half && j < n) {
        if (compare(&spare[i], &l[j]) <= 0)
            l[to++] = spare[i++];
        else
            l[to++] = l[j++];
    }
    memcpy(l + to, spare + i, (half - i) * sizeof(*l));
}

static void
sortpart(void)
{
    struct line *spare = must(malloc((part.n / 2 + 1) * sizeof(*spare)));

    mergesort(part.line, part.n, spare);
    free(spare);
}

static void
writepart(FILE *f)
{
    struct sink s = { .f = f };
    struct block *b;
    uint i;

    for (i = 0; i < part.n; i++)
        putline(&s, &part.line[i]);
    closesink(&s);
    while ((b = part.blocks) != 0) {
        part.blocks = b->next;
        free(b);
    }
    free(part.line);
    part.line = 0;
    part.free = part.end = 0;
    part.n = part.cap = part.bytes = 0;
}

static void
spill(void)
{
    FILE *f = tempfile();

    sortpart();
    writepart(f);
    rewind(f);
    addrun(f, fileno(f), "temporary file", 0);
    tidyruns();
}

// Room for n bytes of text, or 0.
static char *
textroom(uint n)
{
    uint size = n > BLOCK / 4 ? n : BLOCK;
    struct block *b;
    char *room;

    if (part.blocks == 0 || part.end - part.free < (int)n) {
        if ((b = malloc(sizeof(*b) + size)) == 0)
            return 0;
        b->next = part.blocks;
        part.blocks = b;
        part.bytes += size;
        part.free = b->text;
        part.end = b->text + size;
    }
    room = part.free;
    part.free += n;
    return room;
}

// Room for one more line's record and its share of the spare, or -1.
static int
lineroom(void)
{
    uint cap = 2 * part.cap + 256;
    struct line *bigger;

    if (part.n < part.cap)
        return 0;
    if ((bigger = realloc(part.line, cap * sizeof(*bigger))) == 0)
        return -1;
    part.bytes += (cap - part.cap) * sizeof(*bigger) * 3 / 2;
    part.line = bigger;
    part.cap = cap;
    return 0;
}

static int
keepline(const char *text, uint n)
{
    struct line *l;
    char *copy;

    if (lineroom() < 0 || (copy = textroom(n)) == 0)
        return -1;
    l = &part.line[part.n++];
    l->text = memcpy(copy, text, n);
    l->n = n;
    findkey(l);
    return 0;
}

static void
addline(const char *text, uint n)
{
    if (part.bytes > part.limit)
        spill();
    if (keepline(text, n) == 0)
        return;
    if (part.n > 0)
        spill();
    if (keepline(text, n) < 0)
        errx(2, "out of memory for a line of %u bytes", n);
}

static int
readfile(int fd, const char *name)
{
    struct lines in;
    char *text;
    uint n;

    openlines(&in, fd);
    while ((text = nextline(&in, &n)) != 0)
        addline(text, n);
    if ((errno = in.error) != 0)
        err(2, "%s", name);
    closelines(&in);
    return 0;
}

static void
sortfiles(char **names)
{
    if (eachfile(names, readfile) != 0)
        exit(2);
    if (nruns > 0) {
        if (part.n > 0)
            spill();
        finalmerge();
    } else {
        sortpart();
        openoutput();
        writepart(stdout);
    }
}

// -- -m and -c ------------------------------------------------------------

static void
mergefiles(char **names)
{
    static char *none[] = { "-", 0 };
    int fd;

    for (names = *names ? names : none; *names; names++) {
        if ((fd = openinput(*names)) < 0)
            err(2, "%s", *names);
        addrun(0, fd, *names, 0);
        tidyruns();
    }
    finalmerge();
}

static int
checkfile(int fd, const char *name)
{
    struct sink before = { .f = 0 };
    struct line now;
    struct lines in;
    uint number = 1;
    int c;

    openlines(&in, fd);
    for (; (now.text = nextline(&in, &now.n)) != 0; number++) {
        findkey(&now);
        c = !before.any ? -1 : unique ? comparekeys(&before.last, &now)
                                      : compare(&before.last, &now);
        if (c > 0 || (c == 0 && unique)) {
            if (!quietcheck)
                warnx("%s:%u: disorder: %s", name, number, now.text);
            return 1;
        }
        keeplast(&before, &now);
    }
    if ((errno = in.error) != 0)
        err(2, "%s", name);
    return 0;
}

static void
setlimit(void)
{
    struct sysinfo si;
    uint pages = 0;

    si.size = sizeof(si);
    if (part.limit == 0) {
        if (sysinfo(&si) == 0)
            pages = (si.free + si.cached) / 3;
        part.limit = pages > MAXLIMIT / PGSIZE ? MAXLIMIT : pages * PGSIZE;
    }
    if (part.limit < MINLIMIT)
        part.limit = MINLIMIT;
}

static void
options(int argc, char **argv)
{
    int c;

    while ((c = getopt(argc, argv, "bcCdfhik:mno:rsS:t:u")) != -1) {
        switch (c) {
        case 'c': check = 1; break;
        case 'C': check = quietcheck = 1; break;
        case 'k': addkey(optarg); break;
        case 'm': mergeonly = 1; break;
        case 'o': outname = optarg; break;
        case 's': setstable(); break;
        case 'S': part.limit = bytecount(optarg); break;
        case 't': setseparator(optarg); break;
        case 'u': unique = 1; setstable(); break;
        case '?': usage(0);
        default:  setorder(c);
        }
    }
    startkeys();
}

int
main(int argc, char **argv)
{
    outstatus = 2;
    options(argc, argv);
    argv += optind;
    if (check) {
        if (argc - optind > 1)
            errx(2, "-c checks one file");
        return eachfile(argv, checkfile);
    }
    setlimit();
    if (mergeonly)
        mergefiles(argv);
    else
        sortfiles(argv);
    return finish(0);
}
