// t_regex.c: the library's regular expressions against the host's: random
// patterns over a small alphabet and random texts. Return values and whole
// matches must agree always; groups where none is inside a repetition and no
// alternative is left out, since there libraries differ. The cases by hand
// are what random ones seldom reach, and what the host gets wrong.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <limits.h>
#include <time.h>
#include <regex.h>

enum { NGROUP = 10, EXTENDED = 1, ICASE = 2, NEWLINE = 8, NOTBOL = 1,
       NOTEOL = 2 };

struct found {
    int result;
    int so[NGROUP], eo[NGROUP];
};

static regex_t hostre;

static int
host_comp(const char *pattern, int flags)
{
    return regcomp(&hostre, pattern, (flags & EXTENDED ? REG_EXTENDED : 0) |
                   (flags & ICASE ? REG_ICASE : 0) |
                   (flags & NEWLINE ? REG_NEWLINE : 0));
}

// Only of n groups: with groups in loops, some hosts never come back.
static void
host_exec(const char *text, int n, int flags, struct found *f)
{
    regmatch_t m[NGROUP];
    int i;

    f->result = regexec(&hostre, text, n, m,
                        (flags & NOTBOL ? REG_NOTBOL : 0) |
                        (flags & NOTEOL ? REG_NOTEOL : 0)) != 0;
    for (i = 0; i < n && f->result == 0; i++) {
        f->so[i] = m[i].rm_so;
        f->eo[i] = m[i].rm_eo;
    }
}

static void
host_free(void)
{
    regfree(&hostre);
}

// From here on, ours.
#undef REG_EXTENDED
#undef REG_ICASE
#undef REG_NOSUB
#undef REG_NEWLINE
#undef REG_NOTBOL
#undef REG_NOTEOL
#undef REG_STARTEND
#undef RE_DUP_MAX
#undef REG_NOMATCH
#undef REG_BADPAT
#undef REG_ECOLLATE
#undef REG_ECTYPE
#undef REG_EESCAPE
#undef REG_ESUBREG
#undef REG_EBRACK
#undef REG_EPAREN
#undef REG_EBRACE
#undef REG_BADBR
#undef REG_ERANGE
#undef REG_ESPACE
#undef REG_BADRPT
#define regoff_t   our_regoff_t
#define regex_t    our_regex_t
#define regmatch_t our_regmatch_t
#define regcomp    our_regcomp
#define regexec    our_regexec
#define regerror   our_regerror
#define regfree    our_regfree
#include "../../user/include/regex.h"
#include "../../user/lib_class.c"
#include "../../user/lib_regcomp.c"
#include "../../user/lib_regback.c"
#include "../../user/lib_regexec.c"

static int failures;

static void
our_exec(regex_t *re, const char *text, int flags, struct found *f)
{
    regmatch_t m[NGROUP];
    int i;

    f->result = regexec(re, text, NGROUP, m, flags);
    for (i = 0; i < NGROUP && f->result == 0; i++) {
        f->so[i] = m[i].rm_so;
        f->eo[i] = m[i].rm_eo;
    }
}

// --- random patterns ---

static uint seed = 1;
static char pattern[512];
static int  extended, groups, starred, alternated, backrefs;
// backrefs: allowed, as 1 in 4 patterns have them; 2: there is one

static int
chance(int n)
{
    seed = seed * 1103515245u + 12345;
    return (seed >> 16) % n;
}

static void
add(const char *s)
{
    if (strlen(pattern) + strlen(s) < sizeof(pattern) - 64)
        strcat(pattern, s);
}

static void
add_op(const char *op)
{
    if (!extended)
        add("\\");
    add(op);
}

static void make(int depth, int inloop);

static void
make_atom(int depth, int inloop)
{
    static const char *const sets[] = {
        "[ab]", "[^a]", "[a-c]", "[[:alpha:]]", "[]a]", "[^]b]", "[a-]",
        "[[:digit:]b]", "\\w", "\\W", ".", ".",
    };
    static const char *const chars[] = { "a", "b", "c", "a", "b", " ", "B" };
    char ref[3] = "\\0";

    switch (chance(depth > 0 ? 9 : 6)) {
    case 0:
        add(sets[chance(12)]);
        break;
    case 6:
    case 7:
        starred |= inloop;
        groups++;
        add_op("(");
        make(depth - 1, inloop);
        add_op(")");
        break;
    case 8:
        if (!backrefs || groups == 0 || groups > 9 || inloop)
            break;
        ref[1] = '1' + chance(groups);
        backrefs = 2;
        add(ref);
        break;
    default:
        add(chars[chance(7)]);
    }
}

static void
make_piece(int depth, int inloop)
{
    static const char *const bounds[] = { "{2", "{0,1", "{1,", "{,2", "{2,3" };
    int loop = chance(3) == 0;
    size_t before = strlen(pattern);

    make_atom(depth, inloop || loop);
    if (!loop || strlen(pattern) == before)
        return;
    switch (chance(5)) {
    case 0: case 1: add("*"); break;
    case 2: add_op("+"); break;
    case 3: add_op("?"); break;
    case 4: add_op(bounds[chance(5)]); add_op("}"); break;
    }
}

static void
make(int depth, int inloop)
{
    int n = 1 + chance(3);

    if (!inloop && chance(12) == 0)
        add("^");                   // in loops, the host errs
    while (n--) {
        make_piece(depth, inloop);
        if (n == 0 && !inloop && chance(12) == 0)
            add("$");
        if (n && chance(6) == 0) {
            alternated = 1;
            add_op("|");
        }
    }
}

static void
complain(const char *what, const char *text, int flags, struct found *host,
         struct found *ours)
{
    int i;

    if (failures++ > 20)
        exit(1);
    printf("%s: pattern '%s' flags %d text '%s':", what, pattern, flags, text);
    printf(" result %d, ours %d;", host->result, ours->result);
    for (i = 0; i < 5; i++)
        printf(" %d-%d(%d-%d)", host->so[i], host->eo[i], ours->so[i],
               ours->eo[i]);
    printf("\n");
}

static void
try_text(regex_t *re, int flags)
{
    static const char letters[] = "aabbcB \n";
    struct found host = { 0 }, ours = { 0 };
    char text[32];
    int n = chance(12), i, bounds = chance(8) ? 0 : chance(4);
    int known = starred || alternated ? 1 : NGROUP;

    if (backrefs == 2 && (starred || alternated))
        return;                     // the host forgets groups, or keeps them

    for (i = 0; i < n; i++)
        text[i] = letters[chance(flags & NEWLINE ? 8 : 7)];
    text[n] = 0;
    host_exec(text, known, bounds, &host);
    our_exec(re, text, bounds, &ours);
    if (host.result != ours.result)
        complain("result", text, flags, &host, &ours);
    if (host.result || ours.result)
        return;
    for (i = 0; i < known; i++) {
        if (host.so[i] != ours.so[i] || host.eo[i] != ours.eo[i]) {
            complain("match", text, flags, &host, &ours);
            break;
        }
    }
}

static void
random_pattern(void)
{
    int flags = chance(8) ? 0 : chance(2) ? ICASE : NEWLINE, i, h, o;
    regex_t re;

    pattern[0] = 0;
    groups = starred = alternated = 0;
    extended = chance(2);
    backrefs = chance(4) == 0;
    make(3, 0);
    flags |= extended ? EXTENDED : 0;
    h = host_comp(pattern, flags);
    o = regcomp(&re, pattern, flags);
    if (h == 0 && o == 0)
        for (i = 0; i < 20; i++)
            try_text(&re, flags);
    else if ((h != 0) != (o != 0) && backrefs != 2 && failures++ < 20)
        printf("'%s' flags %d: compiles %d, ours %d\n", pattern, flags, h, o);
    if (h == 0)
        host_free();
    if (o == 0)
        regfree(&re);
}

// --- by hand ---

static const struct {
    const char *pattern;
    int flags;
    const char *text;
    int error, so, eo, so1, eo1;    // of the match and of group 1
} cases[] = {
    { "(a|ab)(c|bcd)(d*)", EXTENDED, "abcd", 0, 0, 4, 0, 2 },
    { "a*(a|b)", EXTENDED, "xaab", 0, 1, 4, 3, 4 },
    { "\\(.*\\)x\\1", 0, "abcxbcd", 0, 1, 6, 1, 3 },
    { "\\(a*\\)*\\1b", 0, "aaab", 0, 0, 4, -2, 0 },
    { "\\(foo\\)\\1", ICASE, "xFOOfoo", 0, 1, 7, 1, 4 },
    { "^*a", 0, "*a", 0, 0, 2, -1, -1 },
    { "*a", 0, "b*a", 0, 1, 3, -1, -1 },
    { "\\(*\\)", 0, "*", 0, 0, 1, 0, 1 },
    { "a^b$c", 0, "a^b$c", 0, 0, 5, -1, -1 },
    { "a{x", EXTENDED, "a{x", 0, 0, 3, -1, -1 },
    { "x{,2}y", EXTENDED, "xxxy", 0, 1, 4, -1, -1 },
    { "(x{0}y)", EXTENDED, "xy", 0, 1, 2, 1, 2 },
    { "\\<b\\w*\\>", 0, "a ab bc", 0, 5, 7, -1, -1 },
    { "a\\b.\\Bb", 0, "a-b a bb", REG_NOMATCH, 0, 0, 0, 0 },
    { "[[:upper:]]", ICASE, "a", 0, 0, 1, -1, -1 },
    { "[[=a=][.-.]]+", EXTENDED, "b-a", 0, 1, 3, -1, -1 },
    { "[]-a]*", 0, "]^_`ab", 0, 0, 5, -1, -1 },
    { "[\\]", 0, "\\", 0, 0, 1, -1, -1 },
    { "x*", 0, "", 0, 0, 0, -1, -1 },
    { "", 0, "abc", 0, 0, 0, -1, -1 },
    { "()|x", EXTENDED, "x", 0, 0, 1, -1, -1 },
    { "\\`a\\'", NEWLINE, "a\na", REG_NOMATCH, 0, 0, 0, 0 },
    { "\xff\xfe*", 0, "\xff\xfe\xfe", 0, 0, 3, -1, -1 },
    { "[\x80-\xff]*", 0, "\xc3\xa4", 0, 0, 2, -1, -1 },
    { "a\\", 0, "", REG_EESCAPE, 0, 0, 0, 0 },
    { "[a", 0, "", REG_EBRACK, 0, 0, 0, 0 },
    { "[[:nix:]]", 0, "", REG_ECTYPE, 0, 0, 0, 0 },
    { "[b-a]", 0, "", REG_ERANGE, 0, 0, 0, 0 },
    { "[[.ab.]]", 0, "", REG_ECOLLATE, 0, 0, 0, 0 },
    { "\\(a", 0, "", REG_EPAREN, 0, 0, 0, 0 },
    { "a\\)", 0, "", REG_EPAREN, 0, 0, 0, 0 },
    { "a)", EXTENDED, "", REG_EPAREN, 0, 0, 0, 0 },
    { "\\(a\\1\\)", 0, "", REG_ESUBREG, 0, 0, 0, 0 },
    { "a\\{1", 0, "", REG_EBRACE, 0, 0, 0, 0 },
    { "a\\{2,1\\}", 0, "", REG_BADBR, 0, 0, 0, 0 },
    { "a{256}", EXTENDED, "", REG_BADBR, 0, 0, 0, 0 },
    { "a|*b", EXTENDED, "", REG_BADRPT, 0, 0, 0, 0 },
    { "((a{255}){255}){255}", EXTENDED, "", REG_ESPACE, 0, 0, 0, 0 },
};

static void
by_hand(void)
{
    regmatch_t m[2];
    regex_t re;
    uint i;
    int error;

    for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        error = regcomp(&re, cases[i].pattern, cases[i].flags);
        if (error == 0) {
            error = regexec(&re, cases[i].text, 2, m, 0);
            regfree(&re);
        }
        if (error == cases[i].error && (error ||
            (m[0].rm_so == cases[i].so && m[0].rm_eo == cases[i].eo &&
             (cases[i].so1 == -2 || (m[1].rm_so == cases[i].so1 &&
              m[1].rm_eo == cases[i].eo1)))))
            continue;
        failures++;
        printf("%s: '%s' in '%s': %d %d-%d %d-%d\n", "by hand",
               cases[i].pattern, cases[i].text, error, m[0].rm_so, m[0].rm_eo,
               m[1].rm_so, m[1].rm_eo);
    }
}

// Patterns that take some matchers years.
static void
no_blow_up(void)
{
    static const char *const slow[] = {
        "(a*)*b", "(a|a)*b", "(a|aa)+c$", "((a*)*)*b", "(a?){100}a{100}b",
        "(.*)(.*)(.*)(.*)(.*)x", "(a*)*\\1b",
    };
    char text[2001];
    clock_t start = clock();
    regex_t re;
    uint i;

    memset(text, 'a', 2000);
    for (i = 0; i < sizeof(slow) / sizeof(*slow); i++) {
        text[strchr(slow[i], '\\') ? 60 : 1999] = 0;
        if (regcomp(&re, slow[i], REG_EXTENDED) ||
            regexec(&re, text, 0, 0, 0) != REG_NOMATCH)
            failures++, printf("no_blow_up: '%s' matches\n", slow[i]);
        regfree(&re);
        memset(text, 'a', 2000);
    }
    if (clock() - start > 20 * CLOCKS_PER_SEC)
        failures++, printf("no_blow_up: too slow\n");
}

// Inside a text with NULs, with what stands before the start seen.
static void
inside_text(void)
{
    regmatch_t m = { 4, 7 };
    regex_t re;

    failures += regcomp(&re, "\\bb*", 0) != 0;
    failures += regexec(&re, "a\0abbb", 1, &m, REG_STARTEND) == 0 &&
                m.rm_eo > m.rm_so;
    m = (regmatch_t){ 0, 7 };
    failures += regexec(&re, "a\0\0bbbb", 1, &m, REG_STARTEND) != 0;
    regfree(&re);
    failures += regcomp(&re, "^x", 0) != 0;
    m = (regmatch_t){ 1, 2 };
    failures += regexec(&re, "xx", 1, &m, REG_STARTEND) != REG_NOMATCH;
    regfree(&re);
}

int
main(int argc, char **argv)
{
    int i;

    if (argc > 1)
        seed = atoi(argv[1]);
    by_hand();
    no_blow_up();
    inside_text();
    for (i = 0; i < 40000; i++)
        random_pattern();
    if (failures == 0)
        printf("t_regex: ok\n");
    return failures != 0;
}
