// ed_match.c: ed's patterns and what s does with them.

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include "user.h"
#include "ed.h"

enum { NGROUP = 10 };

static regex_t re;
static int haspattern;

static struct {                     // the last s, for s alone and for %
    char *by;
    uint n;
    int  has, all, nth, how;
} last;

// A string that grows; what fails is told by done.
struct string {
    char *s;
    uint n, room;
    int  failed;
};

static void
add(struct string *to, const char *s, uint n)
{
    uint room = (to->n + n) * 2 + 64;
    char *bigger;

    if (to->n + n + 1 > to->room) {
        if ((bigger = realloc(to->s, room)) == 0) {
            to->failed = 1;
            return;
        }
        to->s = bigger;
        to->room = room;
    }
    if (n)
        memcpy(to->s + to->n, s, n);
    to->n += n;
    to->s[to->n] = 0;
}

// --- patterns ---

// Behind a bracket expression's [, what follows its ].
static const char *
skip_bracket(const char *s)
{
    const char *name;
    char kind;

    s += *s == '^';
    s += *s == ']';
    while (*s && *s != ']' && *s != '\n') {
        kind = s[1];
        if (*s == '[' && kind && strchr(":.=", kind)) {
            for (name = s + 2; *name && (*name != kind || name[1] != ']'); )
                name++;
            s = *name ? name + 1 : s;
        }
        s++;
    }
    return s + (*s == ']');
}

// Collects up to the delimiter, which loses its backslash.
static void
pattern_text(struct string *to, char delimiter)
{
    const char *from;

    while (*cmd && *cmd != delimiter && *cmd != '\n') {
        from = cmd++;
        if (*from == '[') {
            cmd = skip_bracket(cmd);
        } else if (*from == '\\' && *cmd == delimiter) {
            from = cmd++;
        } else if (*from == '\\' && *cmd) {
            cmd++;
        }
        add(to, from, cmd - from);
    }
    add(to, "", 0);
}

static int
compile(const char *s)
{
    static char why[80];
    regex_t new;
    int error = regcomp(&new, s, 0);

    if (error) {
        regerror(error, &new, why, sizeof(why));
        return fail(why);
    }
    if (haspattern)
        regfree(&re);
    re = new;
    haspattern = 1;
    return 0;
}

regex_t *
pattern(void)
{
    struct string s = { 0, 0, 0, 0 };
    char delimiter = *cmd;
    int done = 0;

    if (delimiter == 0 || delimiter == ' ' || delimiter == '\n') {
        fail("a pattern is wanted");
        return 0;
    }
    cmd++;
    pattern_text(&s, delimiter);
    if (s.failed)
        done = fail(NOMEMORY);
    else if (s.n == 0 && !haspattern)
        done = fail("no pattern before this one");
    else if (s.n)
        done = compile(s.s);
    free(s.s);
    return done < 0 ? 0 : &re;
}

static int
match(regex_t *r, const struct line *l, uint from, regmatch_t *m)
{
    m[0].rm_so = from;
    m[0].rm_eo = l->n;
    return regexec(r, l->s, NGROUP, m, REG_STARTEND) == 0;
}

int
matches(regex_t *r, const struct line *l)
{
    regmatch_t m[NGROUP];

    return match(r, l, 0, m);
}

int
search(int backwards)
{
    char delimiter = *cmd;
    regex_t *r = pattern();
    uint i, at = dot;

    if (r == 0)
        return -1;
    cmd += *cmd == delimiter;
    for (i = 0; i < now.n; i++) {
        if (backwards)
            at = at > 1 ? at - 1 : now.n;
        else
            at = at < now.n ? at + 1 : 1;
        if (matches(r, now.line[at - 1]))
            return at;
    }
    return fail("no match");
}

// --- substituting ---

int
print_suffix(int *how)
{
    for (;; cmd++) {
        if (*cmd == 'p')
            *how |= PRINT;
        else if (*cmd == 'n')
            *how |= NUMBER;
        else if (*cmd == 'l')
            *how |= LIST;
        else
            break;
    }
    if (*cmd && *cmd != '\n')
        return fail("the command goes on too long");
    return 0;
}

// What replaces the match, as it was typed; % alone is the last one.
static int
read_replacement(char delimiter)
{
    struct string s = { 0, 0, 0, 0 };
    const char *from = cmd;

    if (*cmd == '%' && (cmd[1] == delimiter || cmd[1] == '\n' || !cmd[1])) {
        cmd++;
        return last.by ? 0 : fail("no replacement before this one");
    }
    while (*cmd && *cmd != delimiter && *cmd != '\n')
        cmd += cmd[0] == '\\' && cmd[1] ? 2 : 1;
    add(&s, from, cmd - from);
    if (s.failed)
        return fail(NOMEMORY);
    free(last.by);
    last.by = s.s;
    last.n = s.n;
    return 0;
}

// Behind the replacement: g, a number, p n l; without a delimiter: p.
static int
read_flags(char delimiter)
{
    last.all = last.how = 0;
    last.nth = 1;
    if (*cmd != delimiter) {
        last.how = PRINT;
        return 0;
    }
    for (cmd++; *cmd == 'g' || isdigit(*cmd); ) {
        if (*cmd == 'g') {
            last.all = 1;
            cmd++;
        } else if ((last.nth = strtol(cmd, (char **)&cmd, 10)) <= 0) {
            return fail("the first match is number 1");
        }
    }
    return print_suffix(&last.how);
}

// & and \1 are what was matched, \c is c.
static void
add_replacement(struct string *to, const struct line *l, const regmatch_t *m)
{
    const char *s = last.by, *end = s + last.n;
    int k;

    for (; s < end; s++) {
        k = *s == '&' ? 0 : -1;
        if (*s == '\\' && s + 1 < end) {
            s++;
            k = *s >= '1' && *s <= '9' ? *s - '0' : -1;
        }
        if (k < 0)
            add(to, s, 1);
        else if (m[k].rm_so >= 0)
            add(to, l->s + m[k].rm_so, m[k].rm_eo - m[k].rm_so);
    }
}

// Makes the line with its matches replaced; 0 if none is.
static int
replaced(const struct line *l, struct string *to)
{
    regmatch_t m[NGROUP];
    uint from = 0, end = 0, done = 0;
    int count = 0, changed = 0;

    to->n = 0;
    for (; from <= l->n && match(&re, l, from, m); end = m[0].rm_eo) {
        from = m[0].rm_eo + (m[0].rm_eo == m[0].rm_so);
        if (m[0].rm_eo == m[0].rm_so && count && (uint)m[0].rm_so == end)
            continue;               // an empty match behind another is none
        if (++count < last.nth)
            continue;
        add(to, l->s + done, m[0].rm_so - done);
        add_replacement(to, l, m);
        done = m[0].rm_eo;
        changed = 1;
        if (!last.all)
            break;
    }
    add(to, l->s + done, l->n - done);
    return changed;
}

// Puts the lines that s holds in the place of line number at: how many.
static int
put_lines(uint at, const struct string *s)
{
    struct line *one;
    const char *from = s->s, *end = from + s->n, *nl;
    uint n = 0;

    do {
        nl = memchr(from, '\n', end - from);
        if ((one = line_new(from, (nl ? nl : end) - from)) == 0)
            return -1;
        if (splice(at - 1 + n, n == 0, &one, 1) < 0) {
            line_drop(one);
            return -1;
        }
        n++;
        from = nl + 1;
    } while (nl);
    return n;
}

// What is to be done, at cmd: all of it, or s alone for the last one again.
static int
read_substitution(void)
{
    char delimiter = *cmd;

    if (delimiter == 0 || strchr("gpnl\n", delimiter)) {
        if (!last.has)
            return fail("no s before this one");
        last.all ^= delimiter == 'g';
        cmd += delimiter == 'g';
        last.how = 0;
        return print_suffix(&last.how);
    }
    if (pattern() == 0)
        return -1;
    if (*cmd != delimiter)
        return fail("the pattern does not end");
    cmd++;
    if (read_replacement(delimiter) < 0 || read_flags(delimiter) < 0)
        return -1;
    last.has = 1;
    return 0;
}

int
substitute(uint from, uint to)
{
    struct string s = { 0, 0, 0, 0 };
    int n = 1, found = 0;

    if (read_substitution() < 0)
        return -1;
    for (; from <= to; from += n, to += n - 1) {
        n = 1;
        if (replaced(now.line[from - 1], &s) == 0)
            continue;
        if ((n = s.failed ? fail(NOMEMORY) : put_lines(from, &s)) < 0)
            break;
        dot = from + n - 1;
        found = 1;
    }
    free(s.s);
    return n < 0 ? -1 : found ? last.how : fail("no match");
}
