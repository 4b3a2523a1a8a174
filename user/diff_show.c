// diff_show.c: the changes as text: in the normal or the unified form.

#include <time.h>
#include "diff.h"

uint context = 3;
int unified;

struct change {                     // lines from..to of each side, from 1;
    uint from, to;                  // to is from - 1 where there are none
    uint newfrom, newto;
};

// The first change at or behind line i of a and line j of b, which pair up.
static int
nextchange(struct side *a, struct side *b, uint i, uint j, struct change *c)
{
    while (i <= a->n && !a->changed[i] && !b->changed[j]) {
        i++;
        j++;
    }
    c->from = i;
    c->newfrom = j;
    while (a->changed[i])
        i++;
    while (b->changed[j])
        j++;
    c->to = i - 1;
    c->newto = j - 1;
    return i > c->from || j > c->newfrom;
}

static void
showlines(struct side *s, const char *mark, uint from, uint to)
{
    uint i;

    for (i = from; i <= to; i++) {
        output(mark, strlen(mark));
        output(s->text + s->start[i - 1], s->start[i] - s->start[i - 1]);
        if (i == s->n && s->unended)
            printf("\n\\ No newline at end of file\n");
    }
}

// -- the normal form ------------------------------------------------------

// Where there are no lines: the line before.
static void
range(uint from, uint to)
{
    if (to < from)
        printf("%u", to);
    else if (to == from)
        printf("%u", from);
    else
        printf("%u,%u", from, to);
}

static void
shownormal(struct side *a, struct side *b)
{
    struct change c;
    uint i = 1, j = 1;

    while (nextchange(a, b, i, j, &c)) {
        range(c.from, c.to);
        putchar(c.to < c.from ? 'a' : c.newto < c.newfrom ? 'd' : 'c');
        range(c.newfrom, c.newto);
        output("\n", 1);
        showlines(a, "< ", c.from, c.to);
        if (c.to >= c.from && c.newto >= c.newfrom)
            output("---\n", 4);
        showlines(b, "> ", c.newfrom, c.newto);
        i = c.to + 1;
        j = c.newto + 1;
    }
}

// -- the unified form -----------------------------------------------------

static void
hunkrange(char mark, uint from, uint to)
{
    if (to == from)
        printf(" %c%u", mark, from);
    else
        printf(" %c%u,%u", mark, to < from ? to : from, to + 1 - from);
}

// How far a hunk reaches that begins with change c: further changes belong
// to it while their contexts touch.
static struct change
hunkend(struct side *a, struct side *b, struct change c)
{
    struct change next;

    while (nextchange(a, b, c.to + 1, c.newto + 1, &next) &&
           next.from - c.to - 1 <= 2 * context)
        c = next;
    return c;
}

static void
showhunk(struct side *a, struct side *b, struct change c, struct change end)
{
    uint before = c.from - 1 < context ? c.from - 1 : context;
    uint after = a->n - end.to < context ? a->n - end.to : context;
    uint i = c.from - before, j = c.newfrom - before;

    printf("@@");
    hunkrange('-', i, end.to + after);
    hunkrange('+', j, end.newto + after);
    printf(" @@\n");
    while (nextchange(a, b, i, j, &c) && c.from <= end.to + 1 &&
           c.newfrom <= end.newto + 1) {
        showlines(a, " ", i, c.from - 1);
        showlines(a, "-", c.from, c.to);
        showlines(b, "+", c.newfrom, c.newto);
        i = c.to + 1;
        j = c.newto + 1;
    }
    showlines(a, " ", i, end.to + after);
}

static void
showunified(struct side *a, struct side *b)
{
    struct change c, end;
    uint i = 1, j = 1;

    while (nextchange(a, b, i, j, &c)) {
        end = hunkend(a, b, c);
        showhunk(a, b, c, end);
        i = end.to + 1;
        j = end.newto + 1;
    }
}

static void
showname(const char *mark, struct side *s)
{
    time_t when = s->mtime;
    char date[32];

    if (s->label) {
        printf("%s %s\n", mark, s->label);
        return;
    }
    strftime(date, sizeof(date), "%Y-%m-%d %H:%M:%S", gmtime(&when));
    printf("%s %s\t%s.000000000 +0000\n", mark, s->name, date);
}

void
showchanges(struct side *a, struct side *b)
{
    if (!unified) {
        shownormal(a, b);
        return;
    }
    showname("---", a);
    showname("+++", b);
    showunified(a, b);
}
