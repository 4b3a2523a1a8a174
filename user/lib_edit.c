// lib_edit.c: a line and a cursor in it, changed by keys. All of it in whole
// characters: what joins the character before goes with that one.
//
// Words are of letters, digits, _ and all that is not ASCII; for ^W, of
// anything but blanks. What follows each other of the keys that cut goes
// together into e->cut, in the line's order.

#include "lineedit.h"

#define FIRSTCAP 64

int
bytes_insert(struct bytes *b, uint at, const char *s, uint n)
{
    uint cap = b->cap ? b->cap : FIRSTCAP;
    char *bigger;

    while (cap < b->n + n + 1)
        cap *= 2;
    if (cap > b->cap) {
        if ((bigger = realloc(b->s, cap)) == 0)
            return -1;
        b->s = bigger;
        b->cap = cap;
    }
    memmove(b->s + at + n, b->s + at, b->n - at);
    memcpy(b->s + at, s, n);
    b->n += n;
    b->s[b->n] = 0;
    return 0;
}

void
bytes_remove(struct bytes *b, uint from, uint to)
{
    if (from >= to)
        return;
    memmove(b->s + from, b->s + to, b->n - to);
    b->n -= to - from;
    b->s[b->n] = 0;
}

int
bytes_add(struct bytes *b, const char *s)
{
    return bytes_insert(b, b->n, s, strlen(s));
}

// ---- places in the line ----

static int
joins(const struct bytes *b, uint at)
{
    return at < b->n && charwidth(b->s + at, b->n - at) == 0;
}

static uint
next_char(const struct bytes *b, uint at)
{
    if (at < b->n)
        at += charlen(b->s + at, b->n - at);
    while (joins(b, at))
        at += charlen(b->s + at, b->n - at);
    return at;
}

// A character begins where its length reaches just to at.
static uint
one_back(const struct bytes *b, uint at)
{
    uint n;

    for (n = 4; n > 1; n--)
        if (at >= n && charlen(b->s + at - n, n) == n)
            break;
    return at > 0 ? at - n : 0;
}

static uint
last_char(const struct bytes *b, uint at)
{
    at = one_back(b, at);
    while (at > 0 && joins(b, at))
        at = one_back(b, at);
    return at;
}

static int
is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static int
in_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || c == '_' || c & 0x80;
}

static uint
word_start(const struct bytes *b, uint at)
{
    while (at > 0 && !in_word(b->s[at - 1]))
        at--;
    while (at > 0 && in_word(b->s[at - 1]))
        at--;
    return at;
}

static uint
word_end(const struct bytes *b, uint at)
{
    while (at < b->n && !in_word(b->s[at]))
        at++;
    while (at < b->n && in_word(b->s[at]))
        at++;
    return at;
}

static uint
blank_start(const struct bytes *b, uint at)
{
    while (at > 0 && is_blank(b->s[at - 1]))
        at--;
    while (at > 0 && !is_blank(b->s[at - 1]))
        at--;
    return at;
}

// ---- changes ----

static int
insert(struct edit *e, const char *s, uint n)
{
    if (bytes_insert(&e->line, e->at, s, n) < 0)
        return -1;
    e->at += n;
    return 1;
}

static int
delete(struct edit *e, uint from, uint to)
{
    bytes_remove(&e->line, from, to);
    e->at = from;
    return 1;
}

// Cut up to the cursor, or from it; onto what the key before has cut.
static int
cut(struct edit *e, uint from, uint to, int again)
{
    uint had = e->cut.n;

    if (from == to) {
        e->cutting = again;
        return 1;
    }
    if (bytes_insert(&e->cut, to == e->at ? 0 : had, e->line.s + from,
                     to - from) < 0)
        return -1;
    if (!again && to == e->at)
        bytes_remove(&e->cut, to - from, e->cut.n);
    else if (!again)
        bytes_remove(&e->cut, 0, had);
    e->cutting = 1;
    return delete(e, from, to);
}

static void
reverse(char *s, uint n)
{
    uint i;
    char c;

    for (i = 0; i < n / 2; i++) {
        c = s[i];
        s[i] = s[n - 1 - i];
        s[n - 1 - i] = c;
    }
}

// The two characters around the cursor change places; at the end, the last
// two.
static int
transpose(struct edit *e)
{
    struct bytes *b = &e->line;
    uint mid = e->at < b->n ? e->at : last_char(b, e->at);
    uint first = last_char(b, mid), end = next_char(b, mid);

    if (mid == 0)
        return 1;
    reverse(b->s + first, mid - first);
    reverse(b->s + mid, end - mid);
    reverse(b->s + first, end - first);
    e->at = end;
    return 1;
}

static int
cutting_key(struct edit *e, int key, int again)
{
    struct bytes *b = &e->line;

    switch (key) {
    case CTRL('K'):  return cut(e, e->at, b->n, again);
    case CTRL('U'):  return cut(e, 0, e->at, again);
    case CTRL('W'):  return cut(e, blank_start(b, e->at), e->at, again);
    case ALT | 'd':  return cut(e, e->at, word_end(b, e->at), again);
    case ALT | '\b':
    case ALT | DEL:  return cut(e, word_start(b, e->at), e->at, again);
    }
    return 0;
}

static int
moving_key(struct edit *e, int key)
{
    struct bytes *b = &e->line;

    switch (key) {
    case KEY_HOME:
    case KEY_TOP:
    case CTRL('A'):  e->at = 0; return 1;
    case KEY_END:
    case KEY_BOTTOM:
    case CTRL('E'):  e->at = b->n; return 1;
    case KEY_LEFT:
    case CTRL('B'):  e->at = last_char(b, e->at); return 1;
    case KEY_RIGHT:
    case CTRL('F'):  e->at = next_char(b, e->at); return 1;
    case KEY_WORDLEFT:
    case ALT | 'b':  e->at = word_start(b, e->at); return 1;
    case KEY_WORDRIGHT:
    case ALT | 'f':  e->at = word_end(b, e->at); return 1;
    }
    return 0;
}

int
edit_key(struct edit *e, int key, const char *s, uint n)
{
    int again = e->cutting;

    e->cutting = 0;
    switch (key) {
    case KEY_TEXT:
        return insert(e, s, n);
    case '\b':
    case DEL:
        return delete(e, last_char(&e->line, e->at), e->at);
    case KEY_DELETE:
    case CTRL('D'):
        return delete(e, e->at, next_char(&e->line, e->at));
    case CTRL('T'):
        return transpose(e);
    case CTRL('Y'):
        return e->cut.n ? insert(e, e->cut.s, e->cut.n) : 1;
    }
    return moving_key(e, key) ? 1 : cutting_key(e, key, again);
}

int
edit_set(struct edit *e, const char *line)
{
    struct bytes b = { 0, 0, 0 };

    if (bytes_add(&b, line) < 0)
        return -1;
    free(e->line.s);
    e->line = b;
    e->at = b.n;
    e->cutting = 0;
    return 0;
}

void
edit_free(struct edit *e)
{
    free(e->line.s);
    free(e->cut.s);
    memset(e, 0, sizeof(*e));
}
