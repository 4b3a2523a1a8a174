// t_edittext.c: edit's text against a plain string, over a million random
// operations: changes, undo and redo by groups, lines, columns, characters
// and searching. The model keeps every state that undo can come back to.

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Fails when the count runs out, as if there were no more memory.
static int allocations = -1;

static void *
scarce_realloc(void *p, size_t n)
{
    if (allocations == 0)
        return 0;
    allocations -= allocations > 0;
    return realloc(p, n);
}

#define realloc scarce_realloc
#include "../../user/edit_text.c"

enum { MOST = 400, STATES = 60, ROUNDS = 1000000 };

struct state {
    uint n;
    char s[MOST];
};

static struct text text;
static struct state now, states[STATES];
static uint nstates, at;            // states[at] is now, between groups
static int  midgroup;               // now has left states[at]
static uint seed = 1;

static uint
chance(uint n)
{
    seed = seed * 1103515245u + 12345;
    return (seed >> 8) % n;
}

static void
fail(const char *what)
{
    printf("t_edittext: %s\n", what);
    exit(1);
}

static void
compare(void)
{
    char s[MOST];
    uint i, lines = 0;

    if (text_len(&text) != now.n)
        fail("length");
    text_copy(&text, 0, now.n, s);
    if (memcmp(s, now.s, now.n) != 0)
        fail("bytes");
    for (i = 0; i < now.n; i++)
        lines += now.s[i] == '\n';
    if (lines != text.newlines)
        fail("newlines");
}

// --- changes ---

static void
close_group(void)
{
    text_break(&text);
    if (!midgroup)
        return;
    midgroup = 0;
    if (at + 1 == STATES) {
        memmove(states, states + 1, (STATES - 1) * sizeof(*states));
        at--;
    }
    states[++at] = now;
    nstates = at + 1;
}

// 0 if nothing is changed.
static int
change(uint pos, uint ndel, const char *s, uint n)
{
    int failed;

    if (now.n - ndel + n > MOST || ndel + n == 0)
        return 0;
    if (chance(16) == 0)
        allocations = chance(2);
    failed = text_replace(&text, pos, ndel, s, n) < 0;
    if (failed && allocations < 0)
        fail("memory");
    allocations = -1;
    if (failed)
        return 0;                   // and all is as it was
    memmove(now.s + pos + n, now.s + pos + ndel, now.n - pos - ndel);
    memcpy(now.s + pos, s, n);
    now.n += n - ndel;
    midgroup = 1;
    return 1;
}

static void
random_change(void)
{
    static const char *const pieces[] = {
        "a", "b", "\n", "\t", "hello", "one\ntwo\n", "\xc3\xa4", "\xe2\x82\xac",
        "\xf0\x9f\x98\x80", "\xff", "\xc3", "\x80", "\x01", "\x7f", "\xed\xa0",
        "A", "",
    };
    const char *s = pieces[chance(17)];
    uint pos = chance(now.n + 1), n = chance(4) ? 0 : chance(12);

    if (n > now.n - pos)
        n = now.n - pos;
    change(pos, n, s, strlen(s));
}

// Runs, which become one change each.
static void
random_run(void)
{
    uint pos = chance(now.n + 1), n = chance(10), how = chance(3);

    while (n--) {
        if (how == 0)
            pos += change(pos, 0, "x", 1);
        else if (how == 1 && pos > 0)
            pos -= change(pos - 1, 1, "", 0);
        else if (how == 2 && pos < now.n)
            change(pos, 1, "", 0);
    }
}

static void
go_back(void)
{
    uint pos;

    close_group();
    pos = text_undo(&text);
    if (at > 0) {
        if (pos == NONE || pos > states[at - 1].n)
            fail("undo");
        now = states[--at];
    } else if (pos != NONE) {       // older than the model knows
        now.n = text_len(&text);
        text_copy(&text, 0, now.n, now.s);
        memmove(states + 1, states, (STATES - 1) * sizeof(*states));
        states[0] = now;
        nstates += nstates < STATES;
    }
}

static void
go_on(void)
{
    uint pos;

    close_group();
    pos = text_redo(&text);
    if (at + 1 < nstates) {
        if (pos == NONE)
            fail("redo");
        now = states[++at];
    } else if (pos != NONE) {
        if (nstates < STATES)
            fail("redo of nothing");
        now.n = text_len(&text);    // fallen off the model's end
        text_copy(&text, 0, now.n, now.s);
        memmove(states, states + 1, (STATES - 1) * sizeof(*states));
        states[at] = now;
    }
}

// --- questions ---

static void
ask_lines(uint pos)
{
    uint bol = pos, eol = pos, line = 0, i;

    while (bol > 0 && now.s[bol - 1] != '\n')
        bol--;
    while (eol < now.n && now.s[eol] != '\n')
        eol++;
    for (i = 0; i < pos; i++)
        line += now.s[i] == '\n';
    if (text_bol(&text, pos) != bol || text_eol(&text, pos) != eol)
        fail("a line's ends");
    if (text_line(&text, pos) != line)
        fail("a line's number");
    if (text_goto(&text, line) != bol)
        fail("a line by its number");
    if (text_goto(&text, line + 1) != (eol < now.n ? eol + 1 : bol))
        fail("the next line");
}

// Forwards from the line's start and backwards to it, the same stops.
static void
ask_columns(uint pos)
{
    uint bol = text_bol(&text, pos), eol = text_eol(&text, pos), at = bol;
    uint stops[MOST + 1], n = 0, col = 0;

    for (; at < eol; at = text_next(&text, at)) {
        if (text_column(&text, at) != col || text_place(&text, bol, col) != at)
            fail("a column");
        col += text_width(&text, at, col);
        stops[n++] = at;
    }
    if (at != eol || text_place(&text, bol, col + 9) != eol)
        fail("the line's end");
    while (n--)
        if ((at = text_prev(&text, at)) != stops[n])
            fail("backwards");
}

static void
ask_find(uint pos)
{
    static const char *const what[] = { "a", "hello", "\n", "xx", "A", "o\nt" };
    const char *s = what[chance(6)];
    uint n = strlen(s), i, found = NONE;

    for (i = pos; i + n <= now.n && found == NONE; i++)
        if (memcmp(now.s + i, s, n) == 0 ||
            (s[0] == 'a' && now.s[i] == 'A'))
            found = i;
    if (text_find(&text, pos, s, n) != found)
        fail("find");
}

static void
step(void)
{
    switch (chance(16)) {
    case 0: case 1: case 2: case 3: random_change(); break;
    case 4: case 5: random_run(); break;
    case 6: case 7: close_group(); break;
    case 8: case 9: go_back(); break;
    case 10: go_on(); break;
    case 11: case 12: ask_lines(chance(now.n + 1)); break;
    case 13: ask_find(chance(now.n + 1)); break;
    case 14: if (chance(8) == 0) ask_columns(chance(now.n + 1)); break;
    case 15: if (now.n > MOST / 2) change(0, now.n / 2, "", 0); break;
    }
}

static void
saved_flag(void)
{
    struct text t;

    text_init(&t);
    assert(!text_changed(&t));
    text_replace(&t, 0, 0, "abc", 3);
    assert(text_changed(&t));
    text_saved(&t);
    text_replace(&t, 3, 0, "d", 1);
    assert(text_changed(&t));
    text_undo(&t);
    assert(!text_changed(&t));
    text_undo(&t);
    text_replace(&t, 0, 0, "x", 1);
    assert(text_changed(&t));
    text_undo(&t);
    assert(text_changed(&t));       // saved as what cannot come back
    text_free(&t);
}

// A long text: what a key costs does not depend on its length.
static void
long_text(void)
{
    uint n = 20000 * 50, i;
    char *s = malloc(n);

    for (i = 0; i < n; i++)
        s[i] = i % 50 == 49 ? '\n' : 'a';
    text_load(&text, s, n, n);
    for (i = 0; i < 200000; i++)
        if (text_replace(&text, n / 2 + i, 0, "y", 1) < 0)
            fail("memory");
    if (text_line(&text, n / 2 + i) != 10000)
        fail("the line in the middle");
    text_undo(&text);
    if (text_len(&text) != n || text_goto(&text, 19999) != 19999 * 50)
        fail("the long text");
    text_free(&text);
}

int
main(int argc, char **argv)
{
    uint i;

    if (argc > 1)
        seed = atoi(argv[1]);
    saved_flag();
    long_text();
    text_init(&text);
    nstates = 1;
    for (i = 0; i < ROUNDS; i++) {
        step();
        if (i % 4 == 0)
            compare();
    }
    compare();
    text_free(&text);
    printf("t_edittext: ok\n");
    return 0;
}
