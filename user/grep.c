// grep.c: prints the lines that match a pattern.
//
// Exit status: 0 if a line was selected, 1 if none, 2 after an error. A file
// with a NUL byte near its beginning is not shown, unless -a is given: only
// that it matches is said.

#include "grep.h"

const char help[] =
    "grep [-EFHILachilnoqrsvwx] [-ABCm number] pattern [file...]\n"
    "Print the lines that match a regular expression.\n"
    "  -i  small letters match capitals   -v  lines that do not match\n"
    "  -n  with line numbers              -c  only count them\n"
    "  -l  only names of files with one   -L  without one\n"
    "  -r  all files below directories    -o  only what matches\n"
    "  -w  whole words                    -x  whole lines\n"
    "  -E  extended expressions           -F  plain texts\n"
    "  -h  no file names  -H  file names  -q  nothing  -s  no complaints\n"
    "  -A N  N lines after it, -B before it, -C both   -m N  N lines at most\n"
    "  -e PATTERN, -f FILE  patterns, perhaps many     -a  any file is text\n"
    "  -I  a file that is not text has no lines";

enum { NAMES_AUTO, NAMES_ALWAYS, NAMES_NEVER };

static int invert, numbers, countonly, listnames, listothers, onlymatch;
static int quiet, silent, recurse, anytext, textonly, names, shownames;
static int havepattern;
static int nopath;                  // -r alone: names without the ./ in front
static uint after, before, most = UINT_MAX;
static uint found;                  // lines selected in all files
static int  failed;

// Lines just before, for -B: a ring of copies.
static struct kept {
    char *text;
    uint n, cap, number;
} *ring;
static uint ringnext, ringcount;

static struct {                     // where a file's output is
    const char *name;
    uint shown;                     // number of the last line shown
    uint left;                      // lines still to be shown for -A
} out;

static void
complain(const char *name)
{
    if (!silent)
        warn("%s", name);
    failed = 1;
}

// -- showing --------------------------------------------------------------

static void
prefix(uint number, char mark)
{
    if (shownames)
        printf("%s%c", out.name, mark);
    if (numbers)
        printf("%u%c", number, mark);
}

// Lines that do not follow the last one shown are set off from it.
static void
gap(uint number)
{
    static int any;

    if ((after || before) && any && number != out.shown + 1)
        output("--\n", 3);
    any = 1;
    out.shown = number;
}

static void
showline(const char *line, uint n, uint number, char mark)
{
    gap(number);
    prefix(number, mark);
    outputline(line, n);
}

static void
showmatches(const char *line, uint n, uint number)
{
    uint at = 0, begin, end;

    while (at <= n && findmatch(line, n, at, &begin, &end)) {
        if (end > begin) {
            prefix(number, ':');
            outputline(line + begin, end - begin);
        }
        at = end > begin ? end : end + 1;
    }
}

static void
keep(const char *line, uint n, uint number)
{
    struct kept *k = &ring[ringnext];

    if (n > k->cap || k->text == 0) {
        free(k->text);
        k->cap = n + n / 2;
        if ((k->text = malloc(k->cap + 1)) == 0)
            err(2, "a line of %u bytes", n);
    }
    memcpy(k->text, line, n);
    k->n = n;
    k->number = number;
    ringnext = (ringnext + 1) % before;
    if (ringcount < before)
        ringcount++;
}

static void
showkept(void)
{
    struct kept *k;

    for (; ringcount > 0; ringcount--) {
        k = &ring[(ringnext + before - ringcount) % before];
        showline(k->text, k->n, k->number, '-');
    }
}

static void
selected(const char *line, uint n, uint number)
{
    showkept();
    out.left = after;
    if (!onlymatch)
        showline(line, n, number, ':');
    else if (!invert)
        showmatches(line, n, number);
}

static void
notselected(const char *line, uint n, uint number)
{
    if (out.left > 0) {
        out.left--;
        if (!onlymatch)
            showline(line, n, number, '-');
    } else if (before > 0) {
        keep(line, n, number);
    }
}

// -- searching ------------------------------------------------------------

static int
isbinary(struct lines *in)
{
    return !anytext && memchr(in->buf + in->start, 0, in->end - in->start);
}

// What is done with a selected line; 0: no more of this file is needed.
static int
taken(const char *line, uint n, uint number, int binary)
{
    if (quiet || listnames || listothers)
        return 0;
    if (countonly)
        return 1;
    if (!binary) {
        selected(line, n, number);
        return 1;
    }
    printf("grep: %s: binary file matches\n", out.name);
    return 0;
}

// Returns the number of lines selected, as far as it matters.
static uint
searchlines(struct lines *in)
{
    int wordless = quiet || countonly || listnames || listothers;
    uint count = 0, lineno = 0, n, begin, end;
    int binary = 0, hit;
    char *line;

    while ((line = nextline(in, &n)) != 0) {
        if (++lineno == 1)
            binary = isbinary(in) || (!anytext && memchr(line, 0, n));
        if (binary && textonly)
            break;
        if (count == most && out.left == 0)
            break;
        hit = count < most &&
              findmatch(line, n, 0, &begin, &end) != invert;
        count += hit;
        if (hit && !taken(line, n, lineno, binary))
            break;
        if (!hit && !wordless && !binary)
            notselected(line, n, lineno);
    }
    return count;
}

static void
summary(uint count)
{
    if (quiet)
        return;
    if (countonly && !listnames && !listothers) {
        if (shownames)
            printf("%s:", out.name);
        printf("%u\n", count);
    }
    if (listnames ? count > 0 : listothers && count == 0)
        outputline(out.name, strlen(out.name));
}

static void
search(int fd, const char *name)
{
    struct lines in;
    uint count;

    out.name = fd == 0 ? "(standard input)" : name + (nopath ? 2 : 0);
    out.shown = UINT_MAX;           // no line follows that
    out.left = ringcount = 0;
    openlines(&in, fd);
    count = most > 0 ? searchlines(&in) : 0;
    if ((errno = in.error) != 0)
        complain(name);
    closelines(&in);
    summary(count);
    found += count;
    if (quiet && found)
        exit(0);
}

// Below a directory only files count: reading a device may never end.
static void
searchpath(const char *path, int depth)
{
    struct stat st;
    int fd;

    if (strcmp(path, "-") == 0 && depth == 0) {
        search(0, path);
        return;
    }
    if ((fd = open(path, O_RDONLY)) < 0) {
        complain(path);
        return;
    }
    if (fstat(fd, &st) == 0 && st.type != T_DIR) {
        if (depth == 0 || st.type == T_FILE)
            search(fd, path);
        close(fd);
        return;
    }
    close(fd);
    errno = EISDIR;
    if (!recurse || eachchild(path, depth + 1, searchpath) < 0)
        complain(path);
}

// -- options --------------------------------------------------------------

// Patterns are taken when all options are known: -i may come after -e.
static struct source {
    struct source *next;
    const char *text;
    int isfile;
} *sources, **lastsource = &sources;

static void
addsource(const char *text, int isfile)
{
    struct source *s = malloc(sizeof(*s));

    if (s == 0)
        err(2, "pattern");
    s->next = 0;
    s->text = text;
    s->isfile = isfile;
    *lastsource = s;
    lastsource = &s->next;
    havepattern = 1;
}

static void
patternfile(const char *name)
{
    int fd = openinput(name);
    struct lines in;
    char *line;
    uint n;

    if (fd < 0)
        err(2, "%s", name);
    openlines(&in, fd);
    while ((line = nextline(&in, &n)) != 0)
        addpatterns(line, n);
    if ((errno = in.error) != 0)
        err(2, "%s", name);
    closelines(&in);
    if (fd != 0)
        close(fd);
}

static void
takepatterns(void)
{
    struct source *s;

    for (s = sources; s; s = s->next) {
        if (s->isfile)
            patternfile(s->text);
        else
            addpatterns(s->text, strlen(s->text));
    }
}

static void
option(int c)
{
    switch (c) {
    case 'A': after = number(optarg, 0, INT_MAX); break;
    case 'B': before = number(optarg, 0, INT_MAX); break;
    case 'C': after = before = number(optarg, 0, INT_MAX); break;
    case 'E': extended = 1; break;
    case 'F': fixed = 1; break;
    case 'G': extended = fixed = 0; break;
    case 'H': names = NAMES_ALWAYS; break;
    case 'I': textonly = 1; break;
    case 'L': listothers = 1; break;
    case 'R':
    case 'r': recurse = 1; break;
    case 'a': anytext = 1; break;
    case 'c': countonly = 1; break;
    case 'e': addsource(optarg, 0); break;
    case 'f': addsource(optarg, 1); break;
    case 'h': names = NAMES_NEVER; break;
    case 'y':
    case 'i': icase = 1; break;
    case 'l': listnames = 1; break;
    case 'm': most = number(optarg, 0, INT_MAX); break;
    case 'n': numbers = 1; break;
    case 'o': onlymatch = 1; break;
    case 'q': quiet = 1; break;
    case 's': silent = 1; break;
    case 'v': invert = 1; break;
    case 'w': wholewords = 1; break;
    case 'x': wholelines = 1; break;
    case '?': usage(0);
    default:                        // -5: a context of so many lines
        after = before = after * 10 + c - '0';
    }
}

int
main(int argc, char **argv)
{
    int c;

    outstatus = 2;
    while ((c = getopt(argc, argv,
        "0123456789A:B:C:EFGHILRace:f:hilm:noqrsvwxy")) != -1)
        option(c);
    if (!havepattern) {
        if (optind == argc)
            usage(0);
        addsource(argv[optind++], 0);
    }
    takepatterns();
    if (before > 0 && (ring = calloc(before, sizeof(*ring))) == 0)
        err(2, "%u lines of context", before);
    argv += optind;
    shownames = names == NAMES_ALWAYS ||
                (names == NAMES_AUTO && (argc - optind > 1 || recurse));
    nopath = *argv == 0 && recurse;
    if (nopath)
        searchpath(".", 0);
    else if (*argv == 0)
        search(0, "-");
    for (; *argv; argv++)
        searchpath(*argv, 0);
    finish(0);
    return failed ? 2 : found == 0;
}
