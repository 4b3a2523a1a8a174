// sort_key.c: what of two lines is compared, and how.
//
// Lines are compared by each key in turn; where all are equal, by all their
// bytes (not with -s). Without -k the whole line is the only key. A field
// is a run of blanks and what follows up to the next blank, or with -t what
// stands between two separators.

#include <ctype.h>
#include "sort.h"

struct order {
    int blanks;                     // leading ones do not count (-b)
    int dictionary, fold, printable, numeric, human, reverse;
};

struct key {
    struct key *next;
    uint field, chr;                // begins here, counted from 0
    uint lastfield, lastchr;        // ends before; UINT_MAX: the line's end
    int  lastblanks;                // -b for the end
    int  own;                       // has an order of its own
    struct order order;
};

static struct key *keys, **lastkey = &keys;
static struct order global;
static int separator = -1, stable;
static uchar upper[256];            // a byte as its capital

// -- keys from options ----------------------------------------------------

static int
set(struct order *o, int letter)
{
    switch (letter) {
    case 'b': o->blanks = 1; break;
    case 'd': o->dictionary = 1; break;
    case 'f': o->fold = 1; break;
    case 'h': o->human = 1; break;
    case 'i': o->printable = 1; break;
    case 'n': o->numeric = 1; break;
    case 'r': o->reverse = 1; break;
    default:  return 0;
    }
    return 1;
}

void
setorder(int letter)
{
    set(&global, letter);
}

void
setseparator(const char *text)
{
    if (strcmp(text, "\\0") == 0)
        separator = 0;
    else if (text[0] && text[1] == 0)
        separator = (uchar)text[0];
    else
        errx(2, "%s: a separator is one character", text);
}

void
setstable(void)
{
    stable = 1;
}

static uint
position(const char **s, const char *spec)
{
    char *end;
    uint n = strtoul(*s, &end, 10);

    if (!isdigit((uchar)**s))
        errx(2, "%s: not a key; it should be like 2,2n", spec);
    *s = end;
    return n;
}

// Letters behind a position: the key's own order.
static int
letters(struct key *k, const char **s)
{
    int blanks = 0;

    for (; **s && **s != ','; ++*s) {
        if (**s == 'b')
            blanks = 1;
        else if (!set(&k->order, **s))
            return -1;
        k->own = 1;
    }
    return blanks;
}

void
addkey(const char *spec)
{
    struct key *k = calloc(1, sizeof(*k));
    const char *s = spec;
    int last = 0;

    if (k == 0)
        err(2, "sort");
    k->field = position(&s, spec);
    k->chr = *s == '.' ? (s++, position(&s, spec)) : 1;
    if (k->field == 0 || k->chr == 0)
        errx(2, "%s: fields and characters count from 1", spec);
    k->field--;
    k->chr--;
    k->lastfield = UINT_MAX;
    k->order.blanks = letters(k, &s);
    if (*s == ',') {
        s++;
        if ((k->lastfield = position(&s, spec)) == 0)
            errx(2, "%s: fields count from 1", spec);
        if (*s == '.') {
            s++;
            k->lastchr = position(&s, spec);
        }
        last = k->lastblanks = letters(k, &s);
    }
    if (*s || last < 0 || k->order.blanks < 0)
        errx(2, "%s: not a key; it should be like 2,2n", spec);
    *lastkey = k;
    lastkey = &k->next;
}

void
startkeys(void)
{
    struct key *k;
    uint i;

    if (keys == 0)
        addkey("1");
    for (k = keys; k; k = k->next) {
        if (!k->own) {
            k->order = global;
            k->lastblanks = global.blanks;
        }
    }
    for (i = 0; i < sizeof(upper); i++)
        upper[i] = toupper(i);
}

// -- finding them ---------------------------------------------------------

static int
blank(char c)
{
    return c == ' ' || c == '\t';
}

static char *
skipblanks(char *s, char *end)
{
    while (s < end && blank(*s))
        s++;
    return s;
}

// Behind n fields; with a separator, behind the one that ends the last.
static char *
skipfields(char *s, char *end, uint n)
{
    char *stop;

    for (; n > 0 && s < end; n--) {
        if (separator >= 0) {
            stop = memchr(s, separator, end - s);
            s = stop ? stop + 1 : end;
        } else {
            s = skipblanks(s, end);
            while (s < end && !blank(*s))
                s++;
        }
    }
    return s;
}

static char *
skipchars(char *s, char *end, uint n)
{
    return (uint)(end - s) > n ? s + n : end;
}

static char *
keybegin(struct key *k, char *s, char *end)
{
    s = skipfields(s, end, k->field);
    if (k->order.blanks)
        s = skipblanks(s, end);
    return skipchars(s, end, k->chr);
}

static char *
keyend(struct key *k, char *s, char *end)
{
    char *stop;

    if (k->lastfield == UINT_MAX)
        return end;
    if (k->lastchr == 0 && separator < 0)
        return skipfields(s, end, k->lastfield);
    s = skipfields(s, end, k->lastfield - 1);
    if (k->lastchr == 0) {
        stop = memchr(s, separator, end - s);
        return stop ? stop : end;
    }
    if (k->lastblanks)
        s = skipblanks(s, end);
    return skipchars(s, end, k->lastchr);
}

static char *
cutkey(struct key *k, char *text, uint n, uint *keyn)
{
    char *end = text + n, *from = keybegin(k, text, end);
    char *to = keyend(k, text, end);

    *keyn = to > from ? to - from : 0;
    return from;
}

void
findkey(struct line *l)
{
    l->key = cutkey(keys, l->text, l->n, &l->keyn);
}

// -- comparing ------------------------------------------------------------

static int
bytes(const char *a, uint na, const char *b, uint nb)
{
    int c = memcmp(a, b, na < nb ? na : nb);

    return c ? c : na < nb ? -1 : na > nb;
}

static int
counts(struct order *o, uchar c)
{
    if (o->dictionary)
        return blank(c) || isalnum(c);
    return !o->printable || isprint(c);
}

static int
text(struct order *o, const char *a, uint na, const char *b, uint nb)
{
    const char *enda = a + na, *endb = b + nb;
    uchar ca, cb;

    for (;; a++, b++) {
        while (a < enda && !counts(o, *a))
            a++;
        while (b < endb && !counts(o, *b))
            b++;
        if (a == enda || b == endb)
            return (a < enda) - (b < endb);
        ca = o->fold ? upper[(uchar)*a] : (uchar)*a;
        cb = o->fold ? upper[(uchar)*b] : (uchar)*b;
        if (ca != cb)
            return ca - cb;
    }
}

// A number as it stands: of any length, and never converted.
struct figure {
    int minus, zero;
    const char *whole, *part;       // digits before and behind the point,
    uint nwhole, npart;             // without zeroes that change nothing
    int  unit;                      // place in UNITS, for -h
};

static const char UNITS[] = "KMGTPEZY";

static uint
digits(const char *s, const char *end)
{
    const char *p = s;

    while (p < end && isdigit((uchar)*p))
        p++;
    return p - s;
}

static struct figure
figure(const char *s, uint n)
{
    const char *end = s + n, *u;
    struct figure f = { 0, 0, 0, 0, 0, 0, 0 };

    while (s < end && blank(*s))
        s++;
    f.minus = s < end && *s == '-';
    for (s += f.minus; s < end && *s == '0'; s++)
        ;
    f.whole = s;
    f.nwhole = digits(s, end);
    s += f.nwhole;
    if (s < end && *s == '.') {
        f.part = ++s;
        f.npart = digits(s, end);
        s += f.npart;
        while (f.npart > 0 && f.part[f.npart - 1] == '0')
            f.npart--;
    }
    f.zero = f.nwhole + f.npart == 0;
    if (s < end && !f.zero && (u = strchr(UNITS, *s == 'k' ? 'K' : *s)) != 0)
        f.unit = *u ? u - UNITS + 1 : 0;
    return f;
}

static int
sign(struct figure *f)
{
    return f->zero ? 0 : f->minus ? -1 : 1;
}

static int
figures(struct order *o, const char *a, uint na, const char *b, uint nb)
{
    struct figure f = figure(a, na), g = figure(b, nb);
    int c = 0;

    if (sign(&f) != sign(&g))
        return sign(&f) - sign(&g);
    if (o->human)
        c = f.unit - g.unit;
    if (c == 0)
        c = f.nwhole < g.nwhole ? -1 : f.nwhole > g.nwhole;
    if (c == 0)
        c = memcmp(f.whole, g.whole, f.nwhole);
    if (c == 0)
        c = bytes(f.part, f.npart, g.part, g.npart);
    return f.minus ? -c : c;
}

static int
comparekey(struct order *o, const char *a, uint na, const char *b, uint nb)
{
    int c;

    if (o->numeric || o->human)
        c = figures(o, a, na, b, nb);
    else if (o->dictionary || o->fold || o->printable)
        c = text(o, a, na, b, nb);
    else
        c = bytes(a, na, b, nb);
    return o->reverse ? -c : c;
}

int
comparekeys(const struct line *a, const struct line *b)
{
    struct key *k = keys;
    char *ka, *kb;
    uint na, nb;
    int c = comparekey(&k->order, a->key, a->keyn, b->key, b->keyn);

    while (c == 0 && (k = k->next) != 0) {
        ka = cutkey(k, a->text, a->n, &na);
        kb = cutkey(k, b->text, b->n, &nb);
        c = comparekey(&k->order, ka, na, kb, nb);
    }
    return c;
}

int
compare(const struct line *a, const struct line *b)
{
    int c = comparekeys(a, b);

    if (c != 0 || stable)
        return c;
    c = bytes(a->text, a->n, b->text, b->n);
    return global.reverse ? -c : c;
}
