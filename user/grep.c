// grep.c: prints the lines that match a pattern.
//
//     grep [-cinqv] pattern [file...]
//
// A pattern is made of  c  itself,  .  any character,  [a-z]  [^a-z]  one of
// a set,  \c  c itself, each perhaps followed by  *  for any number of it;
// ^ at its front and $ at its end tie it to the line's ends. Exit status: 0
// if a line was selected, 1 if none, 2 after an error.
//
// A compiled pattern is a row of items. Matching walks the line once and
// keeps the set of items reached so far, so no pattern takes long.

#include "user.h"

struct item {
    uint set[8];                    // bit c: matches character c
    int  star;
};

static struct pattern {
    struct item *items;
    uint n;
    int  atstart, atend;
    uchar *now, *then;              // reached items; [n] is a whole match
} pat;

static int ccount, icase, numbers, quiet, invert, names;

static int
has(const struct item *it, uchar c)
{
    return it->set[c / 32] >> c % 32 & 1;
}

static void
include(struct item *it, uchar c)
{
    it->set[c / 32] |= 1u << c % 32;
}

static void
includeall(struct item *it, uint from, uint to)
{
    for (; from <= to; from++)
        include(it, from);
}

// Compiles the set at s, behind its [; returns what follows its ].
static const char *
bracket(struct item *it, const char *s)
{
    int not = *s == '^', first = 1, i;

    for (s += not; *s && (*s != ']' || first); first = 0) {
        if (s[1] == '-' && s[2] && s[2] != ']') {
            includeall(it, (uchar)s[0], (uchar)s[2]);
            s += 3;
        } else {
            include(it, *s++);
        }
    }
    if (*s == 0)
        errx(2, "[ without ]");
    for (i = 0; not && i < 8; i++)
        it->set[i] = ~it->set[i];
    return s + 1;
}

static void
foldcase(struct item *it)
{
    int c;

    for (c = 'a'; c <= 'z'; c++) {
        if (has(it, c) || has(it, toupper(c))) {
            include(it, c);
            include(it, toupper(c));
        }
    }
}

static const char *
compile_item(struct item *it, const char *s)
{
    memset(it, 0, sizeof(*it));
    if (*s == '[') {
        s = bracket(it, s + 1);
    } else if (*s == '.') {
        includeall(it, 0, 255);
        s++;
    } else {
        s += s[0] == '\\' && s[1];
        include(it, *s++);
    }
    if (icase)
        foldcase(it);
    it->star = *s == '*';
    return s + it->star;
}

static void
compile(const char *s)
{
    uint room = strlen(s) + 1;

    pat.items = malloc(room * sizeof(*pat.items));
    pat.now = malloc(room);
    pat.then = malloc(room);
    if (pat.items == 0 || pat.now == 0 || pat.then == 0)
        err(2, "pattern");
    pat.atstart = *s == '^';
    s += pat.atstart;
    while (*s) {
        if (s[0] == '$' && s[1] == 0) {
            pat.atend = 1;
            break;
        }
        s = compile_item(&pat.items[pat.n++], s);
    }
}

// Items that may be left out let those behind them be reached as well.
static void
spread(uchar *reached)
{
    uint i;

    for (i = 0; i < pat.n; i++)
        if (reached[i] && pat.items[i].star)
            reached[i + 1] = 1;
}

// pat.now and a character become pat.then, which becomes pat.now.
static void
step(uchar c)
{
    uchar *swap = pat.then;
    uint i;

    memset(pat.then, 0, pat.n + 1);
    for (i = 0; i < pat.n; i++)
        if (pat.now[i] && has(&pat.items[i], c))
            pat.then[i + !pat.items[i].star] = 1;
    pat.then = pat.now;
    pat.now = swap;
}

static int
matches(const char *line, uint n)
{
    uint i;

    memset(pat.now, 0, pat.n + 1);
    for (i = 0; ; i++) {
        if (i == 0 || !pat.atstart)
            pat.now[0] = 1;
        spread(pat.now);
        if (pat.now[pat.n] && (i == n || !pat.atend))
            return 1;
        if (i == n)
            return 0;
        step(line[i]);
    }
}

static void
show(const char *name, uint lineno, char *line, uint n)
{
    if (names)
        printf("%s:", name);
    if (numbers)
        printf("%u:", lineno);
    line[n] = '\n';                 // over nextline's NUL
    fwrite(line, 1, n + 1, stdout);
}

// The number of lines selected.
static uint
search(int fd, const char *name, int *failed)
{
    struct lines in;
    uint lineno = 0, found = 0, n;
    char *line;

    openlines(&in, fd);
    while (!(quiet && found) && (line = nextline(&in, &n)) != 0) {
        lineno++;
        if (matches(line, n) == invert)
            continue;
        found++;
        if (!quiet && !ccount)
            show(name, lineno, line, n);
    }
    if (ccount && !quiet)
        printf("%s%s%u\n", names ? name : "", names ? ":" : "", found);
    if (fflush(stdout) < 0)
        badwrite(2);
    if ((errno = in.error) != 0) {
        warn("%s", name);
        *failed = 1;
    }
    closelines(&in);
    return found;
}

static void
options(int argc, char **argv)
{
    int c;

    while ((c = getopt(argc, argv, "cinqv")) != -1) {
        switch (c) {
        case 'c': ccount = 1; break;
        case 'i': icase = 1; break;
        case 'n': numbers = 1; break;
        case 'q': quiet = 1; break;
        case 'v': invert = 1; break;
        default:  usage("[-cinqv] pattern [file...]");
        }
    }
    if (optind == argc)
        usage("[-cinqv] pattern [file...]");
}

int
main(int argc, char **argv)
{
    int failed = 0, fd, i;
    uint found = 0;

    options(argc, argv);
    compile(argv[optind++]);
    names = argc - optind > 1;
    if (optind == argc)
        found = search(0, "(input)", &failed);
    for (i = optind; i < argc; i++) {
        if ((fd = open(argv[i], O_RDONLY)) < 0) {
            warn("%s", argv[i]);
            failed = 1;
            continue;
        }
        found += search(fd, argv[i], &failed);
        close(fd);
    }
    if (failed && !(quiet && found))
        return 2;
    return found == 0;
}
