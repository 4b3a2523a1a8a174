// diff_lines.c: files as rows of numbers.
//
// Lines that count as equal get the same number, in both files, so that the
// comparison proper never looks at text.

#include <ctype.h>
#include "diff.h"

int icase, blanks;

static void *
must(void *p)
{
    if (p == 0)
        errx(2, "out of memory");
    return p;
}

static int
readtext(struct side *s, int fd)
{
    uint cap = 0;
    int n;

    s->size = 0;
    s->text = 0;
    for (;;) {
        if (s->size == cap) {
            cap = cap ? 2 * cap : 16384;
            s->text = must(realloc(s->text, cap));
        }
        if ((n = read(fd, s->text + s->size, cap - s->size)) <= 0)
            return n;
        s->size += n;
    }
}

int
readside(struct side *s, int fd)
{
    uint cap = 0, at = 0;
    char *stop;

    if (readtext(s, fd) < 0)
        return -1;
    s->start = 0;
    for (s->n = 0; ; s->n++) {
        if (s->n == cap) {
            cap = 2 * cap + 1024;
            s->start = must(realloc(s->start, cap * sizeof(*s->start)));
        }
        s->start[s->n] = at;
        if (at == s->size)
            break;
        stop = memchr(s->text + at, '\n', s->size - at);
        at = stop ? (uint)(stop + 1 - s->text) : s->size;
    }
    s->unended = s->size > 0 && s->text[s->size - 1] != '\n';
    s->same = must(malloc((s->n + 1) * sizeof(*s->same)));
    s->changed = must(calloc(s->n + 2, 1));
    return 0;
}

void
freeside(struct side *s)
{
    free(s->text);
    free(s->start);
    free(s->same);
    free(s->changed);
}

// The next character that counts of a line, -1 at its end. Of blanks -w sees
// none, and -b one for many and none at the end.
static int
next(const char **s, const char *end)
{
    const char *p = *s;

    if (blanks) {
        while (p < end && isspace((uchar)*p))
            p++;
        if (blanks == 1 && p > *s && p < end) {
            *s = p;
            return ' ';
        }
    }
    *s = p < end ? p + 1 : p;
    if (p == end)
        return -1;
    return icase ? tolower((uchar)*p) : (uchar)*p;
}

static uint
hash(const char *s, const char *end)
{
    uint h = 0;
    int c;

    while ((c = next(&s, end)) >= 0)
        h = (h << 7 | h >> 25) * 5 + c;
    return h;
}

static int
equal(const char *a, const char *enda, const char *b, const char *endb)
{
    int c;

    if (!icase && !blanks)
        return enda - a == endb - b && memcmp(a, b, enda - a) == 0;
    do {
        c = next(&a, enda);
        if (c != next(&b, endb))
            return 0;
    } while (c >= 0);
    return 1;
}

struct entry {                      // one content
    const char *text, *end;
    uint hash, number;              // 0: free
};

static void
numberside(struct side *s, struct entry *table, uint mask, uint *last)
{
    const char *text, *end;
    struct entry *e;
    uint i, h, at;

    for (i = 0; i < s->n; i++) {
        text = s->text + s->start[i];
        end = s->text + s->start[i + 1];
        h = hash(text, end);
        for (at = h & mask; ; at = (at + 1) & mask) {
            e = &table[at];
            if (e->number == 0 ||
                (e->hash == h && equal(e->text, e->end, text, end)))
                break;
        }
        if (e->number == 0) {
            e->text = text;
            e->end = end;
            e->hash = h;
            e->number = ++*last;
        }
        s->same[i] = e->number;
    }
}

void
numberlines(struct side *a, struct side *b)
{
    struct entry *table;
    uint size = 64, last = 0;

    while (size < 2 * (a->n + b->n))
        size *= 2;
    table = must(calloc(size, sizeof(*table)));
    numberside(a, table, size - 1, &last);
    numberside(b, table, size - 1, &last);
    free(table);
}
