// edit_text.c: the text that edit works on, with undo.
//
// A gap buffer: the free space lies where the last change was, so that
// typing moves no text, and a change elsewhere moves what lies between.
// Every change is noted with the bytes that were there and those that are
// there now; undo and redo put one for the other. Changes of one group are
// undone together; those that go on where the last one ended become one.

#include <stdlib.h>
#include <string.h>
#include "edit.h"

enum { TABSTOP = 8, LEASTGAP = 256 };

void
text_init(struct text *t)
{
    memset(t, 0, sizeof(*t));
}

void
text_free(struct text *t)
{
    uint i;

    for (i = 0; i < t->nchanges; i++)
        free(t->changes[i].bytes);
    free(t->changes);
    free(t->buf);
    text_init(t);
}

static uint
count(const char *s, uint n)
{
    const char *end = s + n;
    uint lines = 0;

    while (s < end && (s = memchr(s, '\n', end - s)) != 0) {
        lines++;
        s++;
    }
    return lines;
}

void
text_load(struct text *t, char *buf, uint n, uint size)
{
    text_free(t);
    t->buf = buf;
    t->gap = n;
    t->size = t->end = size;
    t->newlines = count(buf, n);
}

uint
text_len(const struct text *t)
{
    return t->size - (t->end - t->gap);
}

int
text_at(const struct text *t, uint pos)
{
    if (pos >= text_len(t))
        return -1;
    return (uchar)t->buf[pos < t->gap ? pos : pos + (t->end - t->gap)];
}

void
text_copy(const struct text *t, uint pos, uint n, char *to)
{
    uint left = pos < t->gap ? t->gap - pos : 0;

    if (left > n)
        left = n;
    if (left)
        memcpy(to, t->buf + pos, left);
    if (n > left)
        memcpy(to + left, t->buf + pos + left + (t->end - t->gap), n - left);
}

// --- changing it ---

static void
move_gap(struct text *t, uint pos)
{
    uint n;

    if (pos < t->gap) {
        n = t->gap - pos;
        memmove(t->buf + t->end - n, t->buf + pos, n);
        t->gap -= n;
        t->end -= n;
    } else if (pos > t->gap) {
        n = pos - t->gap;
        memmove(t->buf + t->gap, t->buf + t->end, n);
        t->gap += n;
        t->end += n;
    }
}

// Makes room for n bytes: a quarter more than needed, so that it is rare.
static int
widen(struct text *t, uint n)
{
    uint len = text_len(t), size = len + n + len / 4 + LEASTGAP;
    uint tail = t->size - t->end;
    char *buf;

    if (t->end - t->gap >= n)
        return 0;
    if (size < len || (buf = realloc(t->buf, size)) == 0)
        return -1;
    memmove(buf + size - tail, buf + t->end, tail);
    t->buf = buf;
    t->end = size - tail;
    t->size = size;
    return 0;
}

// The gap is wide enough.
static void
put(struct text *t, uint pos, uint ndel, const char *s, uint n)
{
    if (pos < t->knownpos) {
        t->knownline = text_line(t, pos);
        t->knownpos = pos;
    }
    move_gap(t, pos);
    t->newlines -= count(t->buf + t->end, ndel);
    t->end += ndel;
    if (n)
        memcpy(t->buf + t->gap, s, n);
    t->gap += n;
    t->newlines += count(s, n);
}

// --- what undo needs ---

// What was undone will not be done again.
static void
forget_undone(struct text *t)
{
    while (t->nchanges > t->done)
        free(t->changes[--t->nchanges].bytes);
    if (t->saved != NONE && t->saved > t->done)
        t->saved = NONE;
}

static int
reserve(struct change *c, uint n)
{
    uint room = n + n / 2;
    char *bytes;

    if (n <= c->room)
        return 0;
    if (room < n || (bytes = realloc(c->bytes, room)) == 0)
        return -1;
    c->bytes = bytes;
    c->room = room;
    return 0;
}

// Lets the last change do this, too. 0 if it cannot, -1: no memory.
static int
extend(struct text *t, uint pos, uint ndel, const char *s, uint n)
{
    struct change *c = &t->changes[t->done - 1];

    if (ndel == 0 && pos == c->pos + c->nnew) {             // typing
        if (reserve(c, c->nold + c->nnew + n) < 0)
            return -1;
        memcpy(c->bytes + c->nold + c->nnew, s, n);
        c->nnew += n;
        return 1;
    }
    if (n || c->nnew || (pos != c->pos && pos + ndel != c->pos))
        return 0;
    if (reserve(c, c->nold + ndel) < 0)
        return -1;
    if (pos == c->pos) {                                    // Delete
        text_copy(t, pos, ndel, c->bytes + c->nold);
    } else {                                                // Backspace
        memmove(c->bytes + ndel, c->bytes, c->nold);
        text_copy(t, pos, ndel, c->bytes);
    }
    c->pos = pos;
    c->nold += ndel;
    return 1;
}

static int
note(struct text *t, uint pos, uint ndel, const char *s, uint n)
{
    struct change *all, c = { .pos = pos, .nold = ndel, .nnew = n,
                              .group = t->group };
    uint room = t->changeroom * 2 + 16;
    int done;

    if (t->open && t->done && (done = extend(t, pos, ndel, s, n)) != 0)
        return done < 0 ? -1 : 0;
    if (t->done == t->changeroom) {
        if ((all = realloc(t->changes, room * sizeof(c))) == 0)
            return -1;
        t->changes = all;
        t->changeroom = room;
    }
    if (reserve(&c, ndel + n) < 0)
        return -1;
    text_copy(t, pos, ndel, c.bytes);
    if (n)
        memcpy(c.bytes + ndel, s, n);
    forget_undone(t);
    t->changes[t->done] = c;
    t->nchanges = ++t->done;
    t->open = 1;
    return 0;
}

int
text_replace(struct text *t, uint pos, uint ndel, const char *s, uint n)
{
    if (ndel == 0 && n == 0)
        return 0;
    if (widen(t, n) < 0 || note(t, pos, ndel, s, n) < 0)
        return -1;
    put(t, pos, ndel, s, n);
    return 0;
}

void
text_break(struct text *t)
{
    t->open = 0;
    t->group++;
}

// Room for all that undo (step -1) or redo (1) of changes from i on brings.
static int
room_for(struct text *t, uint i, int step)
{
    uint group = t->changes[i].group, most = 0;

    for (; i < t->nchanges && t->changes[i].group == group; i += step)
        most += step < 0 ? t->changes[i].nold : t->changes[i].nnew;
    return widen(t, most) == 0;
}

uint
text_undo(struct text *t)
{
    struct change *c;
    uint group, pos = NONE;

    text_break(t);
    if (t->done == 0)
        return NONE;
    group = t->changes[t->done - 1].group;
    if (!room_for(t, t->done - 1, -1))
        return NONE;
    while (t->done && t->changes[t->done - 1].group == group) {
        c = &t->changes[--t->done];
        put(t, c->pos, c->nnew, c->bytes, c->nold);
        pos = c->pos + c->nold;
    }
    return pos;
}

uint
text_redo(struct text *t)
{
    struct change *c;
    uint group, pos = NONE;

    text_break(t);
    if (t->done == t->nchanges)
        return NONE;
    group = t->changes[t->done].group;
    if (!room_for(t, t->done, 1))
        return NONE;
    while (t->done < t->nchanges && t->changes[t->done].group == group) {
        c = &t->changes[t->done++];
        put(t, c->pos, c->nold, c->bytes + c->nold, c->nnew);
        pos = c->pos + c->nnew;
    }
    return pos;
}

void
text_saved(struct text *t)
{
    text_break(t);
    t->saved = t->done;
}

int
text_changed(const struct text *t)
{
    return t->done != t->saved;
}

// --- lines ---

// The place behind the last newline of the n bytes at s, 0 if there is none.
static uint
behind_newline(const char *s, uint n)
{
    while (n > 0 && s[n - 1] != '\n')
        n--;
    return n;
}

uint
text_bol(const struct text *t, uint pos)
{
    uint n;

    if (pos > t->gap) {
        n = behind_newline(t->buf + t->end, pos - t->gap);
        if (n > 0)
            return t->gap + n;
        pos = t->gap;
    }
    return behind_newline(t->buf, pos);
}

uint
text_eol(const struct text *t, uint pos)
{
    uint skip = t->end - t->gap, len = text_len(t);
    const char *nl;

    if (pos < t->gap) {
        if ((nl = memchr(t->buf + pos, '\n', t->gap - pos)) != 0)
            return nl - t->buf;
        pos = t->gap;
    }
    if (pos >= len)
        return len;
    nl = memchr(t->buf + pos + skip, '\n', len - pos);
    return nl ? nl - t->buf - skip : len;
}

// From one place to the other, the first being the smaller.
static uint
between(const struct text *t, uint from, uint to)
{
    uint skip = t->end - t->gap, n = 0;

    if (from < t->gap) {
        n = count(t->buf + from, (to < t->gap ? to : t->gap) - from);
        from = t->gap;
    }
    if (from < to)
        n += count(t->buf + from + skip, to - from);
    return n;
}

uint
text_line(struct text *t, uint pos)
{
    if (pos >= t->knownpos)
        t->knownline += between(t, t->knownpos, pos);
    else
        t->knownline -= between(t, pos, t->knownpos);
    t->knownpos = pos;
    return t->knownline;
}

uint
text_goto(struct text *t, uint line)
{
    uint pos = text_bol(t, t->knownpos), at = t->knownline;
    uint len = text_len(t);

    if (line < at)
        pos = at = 0;
    while (at < line && (pos = text_eol(t, pos)) < len) {
        pos++;
        at++;
    }
    return text_bol(t, pos);
}

// --- characters and columns ---

uint
text_charlen(const struct text *t, uint pos)
{
    int c = text_at(t, pos), first, low = 0x80, high = 0xbf, i, n;

    if (c < 0xc2 || c > 0xf4)
        return 1;
    n = c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
    first = text_at(t, pos + 1);
    if (c == 0xc2 || c == 0xe0)     // C1 controls; written too long
        low = 0xa0;
    else if (c == 0xf0)
        low = 0x90;
    if (c == 0xed)                  // surrogates; beyond Unicode
        high = 0x9f;
    else if (c == 0xf4)
        high = 0x8f;
    if (first < low || first > high)
        return 1;
    for (i = 2; i < n; i++)
        if ((text_at(t, pos + i) & ~0x3f) != 0x80)
            return 1;
    return n;
}

uint
text_next(const struct text *t, uint pos)
{
    return pos < text_len(t) ? pos + text_charlen(t, pos) : pos;
}

uint
text_prev(const struct text *t, uint pos)
{
    uint n;

    for (n = 4; n > 1; n--)
        if (pos >= n && text_charlen(t, pos - n) == n)
            return pos - n;
    return pos ? pos - 1 : 0;
}

uint
text_width(const struct text *t, uint pos, uint col)
{
    int c = text_at(t, pos);

    if (c == '\t')
        return TABSTOP - col % TABSTOP;
    if (c < ' ' || c == 127)
        return 2;                   // ^X
    if (c < 127)
        return 1;
    return text_charlen(t, pos) > 1 ? 1 : 4;    // or \xff
}

// How many of the bytes at pos, up to end, are plain ASCII and in one piece.
static uint
plain_run(const struct text *t, uint pos, uint end)
{
    const char *s = t->buf + pos + (pos < t->gap ? 0 : t->end - t->gap);
    uint n = (pos < t->gap && end > t->gap ? t->gap : end) - pos, i;

    for (i = 0; i < n && s[i] >= ' ' && s[i] <= '~'; i++)
        ;
    return i;
}

uint
text_walk(const struct text *t, uint pos, uint end, uint *col, uint most)
{
    uint n;

    while (pos < end) {
        n = most - *col;
        n = plain_run(t, pos, end - pos < n ? end : pos + n);
        pos += n;
        *col += n;
        if (pos == end)
            break;
        n = text_width(t, pos, *col);
        if (*col + n > most)
            break;
        *col += n;
        pos += text_charlen(t, pos);
    }
    return pos;
}

uint
text_column(const struct text *t, uint pos)
{
    uint col = 0;

    text_walk(t, text_bol(t, pos), pos, &col, NONE);
    return col;
}

uint
text_place(const struct text *t, uint bol, uint col)
{
    uint at = 0;

    return text_walk(t, bol, text_eol(t, bol), &at, col);
}

// --- searching ---

static int
fold(int c)
{
    return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

static int
has_capital(const char *s, uint n)
{
    while (n--)
        if (fold(s[n]) != s[n])
            return 1;
    return 0;
}

static int
same(const char *a, const char *b, uint n, int exact)
{
    while (n--)
        if (a[n] != b[n] && (exact || fold(a[n]) != b[n]))
            return 0;
    return 1;
}

uint
text_find(struct text *t, uint pos, const char *s, uint n)
{
    uint len = text_len(t);
    int exact = has_capital(s, n);

    move_gap(t, len);               // all of it in one piece
    if (n == 0)
        return NONE;
    for (; pos + n <= len; pos++) {
        if (t->buf[pos] != s[0] && (exact || fold(t->buf[pos]) != s[0]))
            continue;
        if (same(t->buf + pos, s, n, exact))
            return pos;
    }
    return NONE;
}
