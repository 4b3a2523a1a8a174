// grep_match.c: patterns, and where a line matches one.
//
// A pattern without special characters, and any with -F, is looked for as
// it stands; all others by regexec(). Of several patterns the leftmost match
// counts, and of those the longest: so a match over the whole line is found
// if there is one, which is all that -x asks for.

#include <ctype.h>
#include <regex.h>
#include "grep.h"

struct pattern {
    struct pattern *next;
    char *text;
    uint n;
    int literal;
    regex_t re;
};

int extended, fixed, icase, wholewords, wholelines;

static struct pattern *patterns, **lastpattern = &patterns;
static uchar fold[256];             // a byte as it is compared

static int
plain(const char *text, uint n)
{
    const char *special = extended ? "\\[].*^$+?(){}|" : "\\[].*^$";
    uint i;

    for (i = 0; i < n; i++)
        if (text[i] == 0 || strchr(special, text[i]))
            return 0;
    return 1;
}

static void
compile(struct pattern *p)
{
    int flags = (extended ? REG_EXTENDED : 0) | (icase ? REG_ICASE : 0), code;
    char why[64];

    if (memchr(p->text, 0, p->n))
        errx(2, "a pattern has a NUL byte; -F allows it");
    if ((code = regcomp(&p->re, p->text, flags)) != 0) {
        regerror(code, &p->re, why, sizeof(why));
        errx(2, "%s: %s", p->text, why);
    }
}

static void
addpattern(const char *text, uint n)
{
    struct pattern *p = calloc(1, sizeof(*p));

    if (p == 0 || (p->text = malloc(n + 1)) == 0)
        err(2, "pattern");
    memcpy(p->text, text, n);
    p->text[n] = 0;
    p->n = n;
    p->literal = fixed || plain(text, n);
    if (!p->literal)
        compile(p);
    *lastpattern = p;
    lastpattern = &p->next;
}

void
addpatterns(const char *text, uint n)
{
    const char *stop;
    uint i;

    for (i = 0; i < sizeof(fold); i++)
        fold[i] = icase ? tolower(i) : (int)i;
    while ((stop = memchr(text, '\n', n)) != 0) {
        addpattern(text, stop - text);
        n -= stop + 1 - text;
        text = stop + 1;
    }
    addpattern(text, n);
}

static int
sametext(const char *a, const char *b, uint n)
{
    uint i;

    if (!icase)
        return memcmp(a, b, n) == 0;
    for (i = 0; i < n; i++)
        if (fold[(uchar)a[i]] != fold[(uchar)b[i]])
            return 0;
    return 1;
}

static int
findliteral(struct pattern *p, const char *s, uint n, regmatch_t *m)
{
    const char *at = s + m->rm_so, *last = s + n - p->n;

    if (m->rm_so + p->n > n)
        return 0;
    for (;; at++) {
        if (p->n > 0 && !icase)
            at = memchr(at, p->text[0], last - at + 1);
        if (at == 0 || at > last)
            return 0;
        if (sametext(at, p->text, p->n)) {
            m->rm_so = at - s;
            m->rm_eo = m->rm_so + p->n;
            return 1;
        }
    }
}

// Looks from m->rm_so on, up to n.
static int
findone(struct pattern *p, const char *s, uint n, int flags, regmatch_t *m)
{
    int code;

    if (p->literal)
        return findliteral(p, s, n, m);
    m->rm_eo = n;
    code = regexec(&p->re, s, 1, m, flags | REG_STARTEND);
    if (code == REG_ESPACE)
        errx(2, "out of memory");
    return code == 0;
}

static int
inword(const char *s, uint n, int at)
{
    return at >= 0 && at < (int)n && (isalnum((uchar)s[at]) || s[at] == '_');
}

static int
isword(const char *s, uint n, regmatch_t *m)
{
    return !inword(s, n, m->rm_so - 1) && !inword(s, n, m->rm_eo);
}

// A match that is a whole word: if this one is not, a shorter one from the
// same place may be, or one that begins later.
static int
findword(struct pattern *p, const char *s, uint n, regmatch_t *m)
{
    regmatch_t part;
    int end;

    while (findone(p, s, n, 0, m)) {
        if (isword(s, n, m))
            return 1;
        for (end = m->rm_eo - 1; !p->literal && end > m->rm_so; end--) {
            part.rm_so = m->rm_so;
            if (!findone(p, s, end, REG_NOTEOL, &part) ||
                part.rm_so != m->rm_so)
                break;
            end = part.rm_eo;
            if (isword(s, n, &part)) {
                *m = part;
                return 1;
            }
        }
        if ((uint)++m->rm_so > n)
            break;
    }
    return 0;
}

static int
matches(struct pattern *p, const char *s, uint n, regmatch_t *m)
{
    if (wholelines && p->literal)
        return m->rm_so == 0 && p->n == n && findone(p, s, n, 0, m);
    if (wholelines)
        return findone(p, s, n, 0, m) && m->rm_so == 0 &&
               (uint)m->rm_eo == n;
    return wholewords ? findword(p, s, n, m) : findone(p, s, n, 0, m);
}

int
findmatch(const char *line, uint n, uint from, uint *begin, uint *end)
{
    struct pattern *p;
    regmatch_t m;
    int found = 0;

    for (p = patterns; p; p = p->next) {
        m.rm_so = from;
        if (!matches(p, line, n, &m))
            continue;
        if (!found || (uint)m.rm_so < *begin ||
            ((uint)m.rm_so == *begin && (uint)m.rm_eo > *end)) {
            *begin = m.rm_so;
            *end = m.rm_eo;
        }
        found = 1;
    }
    return found;
}
