// tr.c: replaces, deletes and squeezes characters.
//
// Both sets are written out as rows of characters; from them one table says
// what each byte becomes, and two others what is deleted and squeezed.

#include "class.h"
#include "input.h"

const char help[] =
    "tr [-c] [-s] set1 set2 | tr [-c] -d [-s] set1 [set2] | tr [-c] -s set1\n"
    "Copy the standard input; characters of set1 become those of set2.\n"
    "  -d  delete them instead    -s  one for many of the last set in a row\n"
    "  -c  set1 is all other characters    -t  shorten set1 to set2\n"
    "A set has characters, ranges a-z, \\n \\t \\\\ \\NNN, classes [:alpha:],\n"
    "and in set2 [x*n] and [x*] for repetitions.";

#define CHUNK 8192
#define NCHARS 256

struct set {
    uchar *c;
    uint n, cap;
    uint fill;                      // where [x*] stands
    int  filled;                    // [x*] is there; its x:
    uchar fillwith;
};

static int complement, delete, squeeze, shorten;

static void
add(struct set *s, uint c)
{
    uchar *bigger;

    if (s->n == s->cap) {
        if ((bigger = realloc(s->c, 2 * s->cap + NCHARS)) == 0)
            err(1, "set");
        s->c = bigger;
        s->cap = 2 * s->cap + NCHARS;
    }
    s->c[s->n++] = c;
}

static void
addclass(struct set *s, const char *name, uint n)
{
    classfn *has = charclass(name, n);
    int c;

    if (has == 0)
        errx(1, "[:%.*s:]: no such class", (int)n, name);
    for (c = 0; c < NCHARS; c++)
        if (has(c))
            add(s, c);
}

// The character at *text, perhaps behind a backslash.
static uint
character(const char **text)
{
    static const char names[] = "abfnrtv\\", codes[] = "\a\b\f\n\r\t\v\\";
    const char *s = *text, *found;
    uint c = 0, i;

    if (s[0] != '\\' || s[1] == 0) {
        *text = s + 1;
        return (uchar)s[0];
    }
    s++;
    for (i = 0; i < 3 && *s >= '0' && *s <= '7' && c * 8 < NCHARS; i++)
        c = c * 8 + *s++ - '0';
    if (i == 0) {
        found = strchr(names, *s);
        c = found ? (uchar)codes[found - names] : (uchar)*s;
        s++;
    }
    *text = s;
    return c;
}

static void
addrange(struct set *s, uint from, uint to)
{
    if (to < from)
        errx(1, "a range runs backwards: %c-%c", from, to);
    for (; from <= to; from++)
        add(s, from);
}

// [x*n] at text, in the second set; returns what follows, 0 if it is none.
static const char *
repetition(struct set *s, const char *text)
{
    const char *p = text + 1;
    uint c = character(&p), n;
    char *end;

    if (*p != '*')
        return 0;
    n = strtoul(p + 1, &end, p[1] == '0' ? 8 : 10);
    if (*end != ']')
        return 0;
    if (n == 0) {
        s->filled = 1;
        s->fill = s->n;
        s->fillwith = c;
    }
    while (n-- > 0)
        add(s, c);
    return end + 1;
}

// Adds the piece of a set's text at p; returns what follows.
static const char *
addpiece(struct set *s, const char *p, int second)
{
    const char *end;
    uint c;

    if (p[0] == '[' && p[1] == ':' && (end = strstr(p + 2, ":]")) != 0) {
        addclass(s, p + 2, end - p - 2);
        return end + 2;
    }
    if (p[0] == '[' && p[1] == '=' && p[2] && p[3] == '=' && p[4] == ']') {
        add(s, (uchar)p[2]);
        return p + 5;
    }
    if (p[0] == '[' && p[1] && second && (end = repetition(s, p)) != 0)
        return end;
    c = character(&p);
    if (*p != '-' || p[1] == 0) {
        add(s, c);
        return p;
    }
    p++;
    addrange(s, c, character(&p));
    return p;
}

static void
complementset(struct set *s)
{
    uchar in[NCHARS] = { 0 };
    uint i;

    for (i = 0; i < s->n; i++)
        in[s->c[i]] = 1;
    s->n = 0;
    for (i = 0; i < NCHARS; i++)
        if (!in[i])
            add(s, i);
}

static struct set
makeset(const char *text, int second)
{
    struct set s = { 0, 0, 0, 0, 0, 0 };

    while (*text)
        text = addpiece(&s, text, second);
    if (complement && !second)
        complementset(&s);
    return s;
}

// Makes the second set as long as the first: by its [x*], else by its last
// character.
static void
lengthen(struct set *s, uint n)
{
    uint missing = n > s->n ? n - s->n : 0, i;

    if (s->filled) {
        for (i = 0; i < missing; i++)
            add(s, 0);
        memmove(s->c + s->fill + missing, s->c + s->fill,
                s->n - missing - s->fill);
        memset(s->c + s->fill, s->fillwith, missing);
        return;
    }
    if (s->n == 0)
        errx(1, "the second set is empty");
    while (s->n < n)
        add(s, s->c[s->n - 1]);
}

static uchar to[NCHARS], gone[NCHARS], once[NCHARS];

static void
mark(uchar *table, struct set *s)
{
    uint i;

    for (i = 0; i < s->n; i++)
        table[s->c[i]] = 1;
}

static void
translate(struct set *from, struct set *into)
{
    uint i, n = from->n;

    if (shorten && into->n < n)
        n = into->n;
    else
        lengthen(into, n);
    for (i = 0; i < n; i++)
        to[from->c[i]] = into->c[i];
}

static void
prepare(char **texts)
{
    struct set one = makeset(texts[0], 0), two;
    uint i;

    for (i = 0; i < NCHARS; i++)
        to[i] = i;
    if (delete)
        mark(gone, &one);
    if (texts[1] == 0) {
        if (squeeze)
            mark(once, &one);
        return;
    }
    two = makeset(texts[1], 1);
    if (!delete)
        translate(&one, &two);
    if (squeeze)
        mark(once, &two);
}

static void
copy(void)
{
    static uchar in[CHUNK], out[CHUNK];
    int last = -1, got, n, i;
    uchar c;

    while ((got = read(0, in, sizeof(in))) > 0) {
        for (n = i = 0; i < got; i++) {
            c = to[in[i]];
            if (gone[in[i]] || (once[c] && c == last))
                continue;
            out[n++] = c;
            last = c;
        }
        if (writeall(1, out, n) < 0)
            badwrite(1);
    }
    if (got < 0)
        err(1, "input");
}

int
main(int argc, char **argv)
{
    int c, n;

    while ((c = getopt(argc, argv, "cCdst")) != -1) {
        switch (c) {
        case 'c':
        case 'C': complement = 1; break;
        case 'd': delete = 1; break;
        case 's': squeeze = 1; break;
        case 't': shorten = 1; break;
        default:  usage(0);
        }
    }
    n = argc - optind;
    if (n < 1 || n > 2 || (n == 1 && !delete && !squeeze) ||
        (delete && (n == 2) != squeeze))
        usage(0);
    prepare(argv + optind);
    copy();
    return 0;
}
