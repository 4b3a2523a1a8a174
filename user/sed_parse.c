// sed_parse.c: a script's text into commands.
//
// All -e and -f pieces are one text, with newlines between, that ends with
// a NUL. Blocks and labels become the numbers of commands to go on with.

#include <ctype.h>
#include "sed.h"

struct command *script;
uint nscript;
struct output *outputs;
int extended, quiet;

static uint cap;
static const char *at;              // in the script's text
static uint *blocks, nblocks;       // open {, innermost last

static void
bad(const char *what)
{
    const char *end = strchr(at, '\n');
    int n = end ? end - at : (int)strlen(at);

    if (n > 0)
        errx(1, "script: %s at '%.*s'", what, n, at);
    errx(1, "script: %s at its end", what);
}

static void *
must(void *p)
{
    if (p == 0)
        errx(1, "out of memory");
    return p;
}

void
add(struct text *t, const char *s, uint n)
{
    if (t->n + n + 1 > t->cap) {
        t->cap = (t->n + n + 1) * 2;
        t->s = must(realloc(t->s, t->cap));
    }
    memcpy(t->s + t->n, s, n);
    t->n += n;
    t->s[t->n] = 0;
}

static void
skipblanks(void)
{
    while (*at == ' ' || *at == '\t')
        at++;
}

static void
skipspace(void)
{
    while (isspace((uchar)*at) || *at == ';')
        at++;
}

static uint
digits(void)
{
    char *end;
    uint n = strtoul(at, &end, 10);

    at = end;
    return n;
}

// -- expressions ----------------------------------------------------------

// Copies a bracket expression of an re, in which no delimiter counts.
static void
copybracket(struct text *t)
{
    const char *s = at + 1;

    s += *s == '^';
    s += *s == ']';
    for (; *s && *s != '\n' && *s != ']'; s++)
        if (*s == '[' && (s[1] == ':' || s[1] == '.' || s[1] == '=') &&
            strchr(s + 2, ']'))
            s = strchr(s + 2, ']');
    if (*s != ']')
        s = at;
    for (; at <= s; at++) {
        if (at[0] == '\\' && at[1] == 'n') {
            add(t, "\n", 1);
            at++;
        } else {
            add(t, at, 1);
        }
    }
}

static void
copyescape(struct text *t, char delimiter)
{
    if (at[1] == 'n')
        add(t, "\n", 1);
    else if (at[1] == 't')
        add(t, "\t", 1);
    else if (at[1] == delimiter && delimiter != '\\')
        add(t, at + 1, 1);
    else
        add(t, at, 2);
    at += 2;
}

// The text of an re up to the delimiter, which is taken, too.
static struct text
retext(char delimiter)
{
    struct text t = { 0, 0, 0 };

    add(&t, "", 0);
    while (*at != delimiter) {
        if (*at == 0 || (*at == '\\' && at[1] == 0))
            bad("an expression is not closed");
        if (*at == '\\')
            copyescape(&t, delimiter);
        else if (*at == '[')
            copybracket(&t);
        else
            add(&t, at++, 1);
    }
    at++;
    return t;
}

static struct re *
compile(struct text *t, int flags)
{
    struct re *re = must(calloc(1, sizeof(*re)));
    char why[64];
    int code;

    if (t->n > 0) {
        code = regcomp(&re->re, t->s, flags | (extended ? REG_EXTENDED : 0));
        if (code != 0) {
            regerror(code, &re->re, why, sizeof(why));
            errx(1, "%s: %s", t->s, why);
        }
        re->compiled = 1;
    }
    free(t->s);
    return re;
}

// -- addresses ------------------------------------------------------------

static void
readdress(struct address *a)
{
    struct text t;
    int flags = 0;

    at += *at == '\\';
    a->kind = A_RE;
    at++;
    t = retext(at[-1]);
    for (; *at == 'I' || *at == 'M'; at++)
        flags |= *at == 'I' ? REG_ICASE : REG_NEWLINE;
    a->re = compile(&t, flags);
}

// 1 if there is one.
static int
address(struct address *a, int second)
{
    if (isdigit((uchar)*at)) {
        a->kind = A_LINE;
        a->n = digits();
        if (*at == '~' && !second) {
            at++;
            a->kind = A_STEP;
            a->step = digits();
        }
    } else if (second && (*at == '+' || *at == '~')) {
        a->kind = *at++ == '+' ? A_PLUS : A_MULTIPLE;
        if (!isdigit((uchar)*at))
            bad("a number is missing");
        a->n = digits();
    } else if (*at == '$') {
        at++;
        a->kind = A_LAST;
    } else if (*at == '/' || (*at == '\\' && at[1])) {
        readdress(a);
    } else {
        return 0;
    }
    return 1;
}

static void
addresses(struct command *c)
{
    if (address(&c->from, 0)) {
        skipblanks();
        if (*at == ',') {
            at++;
            skipblanks();
            if (!address(&c->to, 1))
                bad("the second address is missing");
        }
    }
    if (c->from.kind == A_LINE && c->from.n == 0) {
        if (c->to.kind != A_RE)
            bad("line 0 needs an expression as second address");
        c->active = 1;
    }
    for (skipblanks(); *at == '!' || *at == ' '; at++)
        c->not |= *at == '!';
}

// -- arguments of commands ------------------------------------------------

// What follows a, i and c: one line, more after a backslash.
static void
textargument(struct command *c)
{
    const char *start;

    skipblanks();
    if (*at == '\\') {
        start = ++at;
        skipblanks();
        at = *at == '\n' ? at + 1 : start;
    }
    if (*at == 0)
        bad("a text is missing");
    for (; *at && *at != '\n'; at++) {
        if (at[0] == '\\' && at[1])
            at++;
        add(&c->text, at, 1);
    }
    add(&c->text, "\n", 1);
}

static void
word(struct text *t, const char *enders)
{
    skipblanks();
    add(t, "", 0);
    while (*at && !strchr(enders, *at))
        add(t, at++, 1);
}

static struct output *
outputfile(void)
{
    struct text name = { 0, 0, 0 };
    struct output *o;

    word(&name, "\n");
    if (name.n == 0)
        bad("a file name is missing");
    if (strcmp(name.s, "/dev/stdout") == 0)
        return outputs;
    for (o = outputs; o->next; o = o->next)
        if (strcmp(o->next->name, name.s) == 0)
            return o->next;
    o = o->next = must(calloc(1, sizeof(*o)));
    o->name = name.s;
    if ((o->f = fopen(name.s, "w")) == 0)
        err(4, "%s", name.s);
    return o;
}

static struct piece *
newpiece(struct piece ***last)
{
    struct piece *p = must(calloc(1, sizeof(*p)));

    p->group = -1;
    add(&p->text, "", 0);
    **last = p;
    *last = &p->next;
    return p;
}

// A character behind a backslash in a replacement. Returns the piece that
// goes on.
static struct piece *
escaped(struct piece *p, struct piece ***last, char delimiter)
{
    static const char names[] = "ntrfva", codes[] = "\n\t\r\f\v\a";
    const char *found = strchr(names, *at);

    if (isdigit((uchar)*at) && *at != delimiter) {
        p->group = *at - '0';
        p = newpiece(last);
    } else if (strchr("ULulE", *at) && *at != delimiter) {
        p = newpiece(last);
        p->change = *at;
    } else if (found && *at != delimiter) {
        add(&p->text, &codes[found - names], 1);
    } else {
        add(&p->text, at, 1);
    }
    at++;
    return p;
}

static void
replacement(struct command *c, char delimiter)
{
    struct piece **last = &c->pieces, *p = newpiece(&last);

    while (*at != delimiter) {
        if (*at == 0 || (at[0] == '\\' && at[1] == 0))
            bad("s is not closed");
        if (*at == '\\') {
            at++;
            p = escaped(p, &last, delimiter);
        } else if (*at == '&') {
            at++;
            p->group = 0;
            p = newpiece(&last);
        } else {
            add(&p->text, at++, 1);
        }
    }
    at++;
}

static int
substituteflags(struct command *c)
{
    int flags = 0;

    for (;; at++) {
        switch (*at) {
        case 'g': c->global = 1; break;
        case 'p': c->print = 1; break;
        case 'i':
        case 'I': flags |= REG_ICASE; break;
        case 'm':
        case 'M': flags |= REG_NEWLINE; break;
        case 'w':
            at++;
            c->out = outputfile();
            return flags;
        default:
            if (!isdigit((uchar)*at))
                return flags;
            if ((c->number = digits()) == 0)
                bad("the number of s counts from 1");
            at--;
        }
    }
}

static void
substitute(struct command *c)
{
    char delimiter = *at++;
    struct piece *p;
    struct text t;

    if (delimiter == 0 || delimiter == '\n' || delimiter == '\\')
        bad("s needs a delimiter");
    t = retext(delimiter);
    replacement(c, delimiter);
    c->number = 1;
    c->re = compile(&t, substituteflags(c));
    for (p = c->pieces; p; p = p->next)
        if (c->re->compiled && p->group > (int)c->re->re.re_nsub)
            errx(1, "script: \\%d: there is no such group", p->group);
}

// One side of y, with its escapes undone.
static struct text
characters(char delimiter)
{
    struct text t = { 0, 0, 0 };

    add(&t, "", 0);
    for (; *at != delimiter; at++) {
        if (*at == 0)
            bad("y is not closed");
        if (at[0] == '\\' && at[1] == 'n') {
            add(&t, "\n", 1);
            at++;
            continue;
        }
        if (at[0] == '\\' && (at[1] == '\\' || at[1] == delimiter))
            at++;
        add(&t, at, 1);
    }
    at++;
    return t;
}

static void
transliterate(struct command *c)
{
    char delimiter = *at++;
    struct text from, to;
    uint i;

    if (delimiter == 0)
        bad("y needs a delimiter");
    from = characters(delimiter);
    to = characters(delimiter);
    if (from.n != to.n)
        errx(1, "script: y's two sides have different lengths");
    c->map = must(malloc(256));
    for (i = 0; i < 256; i++)
        c->map[i] = i;
    for (i = 0; i < from.n; i++)
        c->map[(uchar)from.s[i]] = to.s[i];
    free(from.s);
    free(to.s);
}

// -- commands -------------------------------------------------------------

static void
openblock(void)
{
    blocks = must(realloc(blocks, (nblocks + 1) * sizeof(*blocks)));
    blocks[nblocks++] = nscript - 1;
}

static void
closeblock(struct command *c)
{
    if (nblocks == 0)
        bad("} without {");
    if (c->from.kind != A_NONE)
        bad("} takes no address");
    script[blocks[--nblocks]].target = nscript;
}

static void
endcommand(void)
{
    skipblanks();
    if (*at == '#' || *at == '}' || *at == 0)
        return;
    if (*at != ';' && *at != '\n')
        bad("something follows a command");
    at++;
}

static void
arguments(struct command *c)
{
    switch (c->name) {
    case 'a': case 'c': case 'i':
        textargument(c);
        break;
    case 'b': case 't': case 'T':
        word(&c->text, "; \t\n}");
        break;
    case ':':
        if (c->from.kind != A_NONE)
            bad(": takes no address");
        word(&c->text, "; \t\n");
        if (c->text.n == 0)
            bad("a label is missing");
        break;
    case 'r':
        word(&c->text, "\n");
        break;
    case 'w':
        c->out = outputfile();
        break;
    case 'q': case 'Q':
        skipblanks();
        c->status = digits();
        break;
    case 's':
        substitute(c);
        break;
    case 'y':
        transliterate(c);
        break;
    case '}':
        closeblock(c);
        break;
    }
}

static void
command(void)
{
    struct command *c;

    if (nscript == cap) {
        cap = 2 * cap + 16;
        script = must(realloc(script, cap * sizeof(*script)));
    }
    c = &script[nscript++];
    memset(c, 0, sizeof(*c));
    addresses(c);
    if (*at == 0 || !strchr("{}=:abcdDgGhHilnNpPqQrstTwxyz", *at))
        bad("no command");
    c->name = *at++;
    if (c->name == '{') {
        openblock();
        return;
    }
    arguments(c);
    if (c->name != ':')
        endcommand();
}

static uint
findlabel(struct text *label)
{
    uint i;

    if (label->n == 0)
        return nscript;
    for (i = 0; i < nscript; i++)
        if (script[i].name == ':' && strcmp(script[i].text.s, label->s) == 0)
            return i;
    errx(1, "script: there is no label %s", label->s);
}

void
parse(struct text *t)
{
    uint i;

    at = t->s;
    if (strncmp(at, "#n\n", 3) == 0)
        quiet = 1;
    for (skipspace(); *at; skipspace()) {
        if (*at == '#') {
            while (*at && *at != '\n')
                at++;
            continue;
        }
        command();
    }
    if (nblocks > 0)
        errx(1, "script: { without }");
    for (i = 0; i < nscript; i++)
        if (strchr("btT", script[i].name))
            script[i].target = findlabel(&script[i].text);
}
