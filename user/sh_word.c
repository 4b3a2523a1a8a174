// sh_word.c: reads a word: quotes, and what stands behind a $.
//
// A word becomes a list of parts: text as it is, text that was quoted,
// parameters, commands, arithmetic. Three places hold words: between blanks
// (plain), between double quotes, and behind ${NAME:-, where plain and
// quoted words end with the brace.

#include "sh.h"

#define NOCLOSE (-2)                // goes on to the end of the input

struct builder {                    // a word that is being read
    struct parser *p;
    struct part *first, **tail;
    struct text text;               // of the part that grows
    int quoted;                     // is that part quoted?
};

static void read_plain(struct builder *b, int close);
static void read_quoted(struct builder *b, int close);

static void
word_begin(struct builder *b, struct parser *p)
{
    memset(b, 0, sizeof(*b));
    b->p = p;
    b->tail = &b->first;
    b->text.arena = p->arena;
}

static struct part *
newpart(struct builder *b, int kind, int quoted)
{
    struct part *part = take(b->p->arena, sizeof(*part));

    part->kind = kind;
    part->quoted = quoted;
    *b->tail = part;
    b->tail = &part->next;
    return part;
}

// Ends the part that grows.
static void
word_flush(struct builder *b)
{
    struct part *part;

    if (b->text.n == 0)
        return;
    part = newpart(b, TEXT, b->quoted);
    part->text = keep(b->p->arena, b->text.s, b->text.n);
    b->text.n = 0;
}

static void
word_put(struct builder *b, int c, int quoted)
{
    if (quoted != b->quoted)
        word_flush(b);
    b->quoted = quoted;
    addc(&b->text, c);
}

static struct word *
finish(struct builder *b)
{
    struct word *w = take(b->p->arena, sizeof(*w));

    word_flush(b);
    w->parts = b->first;
    return w;
}

// '' and "" are words, though empty.
static void
put_nothing(struct builder *b)
{
    word_flush(b);
    newpart(b, TEXT, 1)->text = keep(b->p->arena, "", 0);
}

// ---- what begins with $ ----

static int
deeper(struct parser *p)
{
    if (++p->depth > MAXNEST)
        parse_error(p, "nested too deeply");
    return p->depth <= MAXNEST;
}

static struct word *
subword(struct parser *p, int quoted, int close)
{
    struct builder b;

    word_begin(&b, p);
    if (deeper(p)) {
        if (quoted)
            read_quoted(&b, close);
        else
            read_plain(&b, close);
    }
    p->depth--;
    return finish(&b);
}

// The commands up to what ends them.
static void
put_command(struct builder *b, int quoted, int close)
{
    struct part *part = newpart(b, COMMAND, quoted);

    if (deeper(b->p))
        part->tree = parse_until(b->p, close);
    b->p->depth--;
}

// Inside `...` a backslash goes before $ ` \ (and, in double quotes, ") only.
static void
backquoted(struct builder *b, int quoted)
{
    struct parser *p = b->p;
    struct text t = { p->arena, 0, 0, 0 };
    const char *escapes = quoted ? "$`\\\"" : "$`\\";
    int c;

    p->literal++;
    while ((c = nextc(p)) >= 0 && c != '`') {
        if (c == '\\' && peekc(p) > 0 && strchr(escapes, peekc(p)))
            c = nextc(p);
        addc(&t, c);
    }
    p->literal--;
    if (c < 0)
        parse_error(p, "expected '`', found end of file");
    push_input(p, t.s, t.n, 0);
    put_command(b, quoted, T_END);
    while (p->in->under && !p->in->wall)
        p->in = p->in->under;       // an alias that a mistake left there
    p->in = p->in->under;
}

static int
isspecial(int c)
{
    return c > 0 && strchr("?$!#@*-", c) != 0;
}

static int
namechar(int c, int first)
{
    return c == '_' || (c >= 0 && c < 128 &&
                        (isalpha(c) || (!first && isdigit(c))));
}

// A parameter's name; in braces numbers have all their digits.
static char *
read_name(struct parser *p, int braces)
{
    struct text t = { p->arena, 0, 0, 0 };
    int c = peekc(p);

    add(&t, "", 0);
    if (isdigit(c)) {
        do
            addc(&t, nextc(p));
        while (braces && isdigit(peekc(p)));
    } else if (namechar(c, 1)) {
        while (namechar(peekc(p), 0))
            addc(&t, nextc(p));
    } else if (isspecial(c)) {
        addc(&t, nextc(p));
    }
    return t.s;
}

// Behind the name in ${NAME: its operator; 0 where none is.
static void
read_operator(struct parser *p, struct part *part)
{
    int c = peekc(p);

    if (c == ':') {
        nextc(p);
        part->colon = 1;
        c = peekc(p);
    }
    if (c > 0 && strchr(part->colon ? "-=?+" : "-=?+%#", c)) {
        part->op = nextc(p);
        if ((c == '%' || c == '#') && peekc(p) == c) {
            nextc(p);
            part->op = c == '%' ? 'P' : 'H';
        }
    } else if (c != '}' || part->colon) {
        parse_error(p, "bad substitution: ${%s...", part->text);
    }
}

// Behind ${.
static void
braced(struct builder *b, int quoted)
{
    struct parser *p = b->p;
    struct part *part = newpart(b, PARAM, quoted);
    int pattern;

    part->text = read_name(p, 1);
    if (strcmp(part->text, "#") == 0 && peekc(p) > 0 &&
        (namechar(peekc(p), 0) || strchr("@*?$!", peekc(p)))) {
        part->text = read_name(p, 1);
        part->op = 'L';
    } else if (part->text[0]) {
        read_operator(p, part);
        pattern = part->op && strchr("%#PH", part->op) != 0;
        if (part->op)
            part->arg = subword(p, quoted && !pattern, '}');
    }
    if (part->text[0] == 0)
        parse_error(p, "bad substitution: ${ without a name");
    else if (nextc(p) != '}')
        parse_error(p, "expected '}' to end ${%s", part->text);
}

static void
dollar(struct builder *b, int quoted)
{
    struct parser *p = b->p;
    int c;

    nextc(p);
    c = peekc(p);
    if (c != '(' && c != '{' && !isspecial(c) && !namechar(c, 0)) {
        word_put(b, '$', quoted);
        return;
    }
    word_flush(b);
    if (c == '{') {
        nextc(p);
        braced(b, quoted);
    } else if (c != '(') {
        newpart(b, PARAM, quoted)->text = read_name(p, 0);
    } else {
        nextc(p);
        if (peekc(p) != '(') {
            put_command(b, quoted, ')');
            return;
        }
        nextc(p);
        newpart(b, ARITH, quoted)->arg = subword(p, 1, ')');
    }
}

// ---- text ----

static void
single_quoted(struct builder *b)
{
    struct parser *p = b->p;
    int c;

    p->literal++;
    if (peekc(p) == '\'')
        put_nothing(b);
    while ((c = nextc(p)) >= 0 && c != '\'')
        word_put(b, c, 1);
    p->literal--;
    if (c < 0)
        parse_error(p, "expected ' to end a quote, found end of file");
}

static void
double_quoted(struct builder *b)
{
    struct parser *p = b->p;

    if (peekc(p) == '"')
        put_nothing(b);
    word_flush(b);
    if (deeper(p))
        read_quoted(b, '"');
    p->depth--;
    if (nextc(p) != '"')
        parse_error(p, "expected \" to end a quote, found end of file");
}

// A $ or a `; 0 if c is neither.
static int
expansion(struct builder *b, int c, int quoted)
{
    if (c == '$') {
        dollar(b, quoted);
    } else if (c == '`') {
        nextc(b->p);
        word_flush(b);
        backquoted(b, quoted);
    }
    return c == '$' || c == '`';
}

// Up to a blank or an operator; with close '}' up to that. Not that byte.
static void
read_plain(struct builder *b, int close)
{
    struct parser *p = b->p;
    int c;

    while (!p->error && (c = peekc(p)) >= 0 && c != close) {
        if (close == 0 && strchr(" \t\n;&|()<>", c))
            break;
        if (expansion(b, c, 0))
            continue;
        nextc(p);
        if (c == '\'')
            single_quoted(b);
        else if (c == '"')
            double_quoted(b);
        else if (c == '\\' && (c = rawc(p)) >= 0)
            word_put(b, c, 1);
        else
            word_put(b, c < 0 ? '\\' : c, c < 0);
    }
}

// A backslash in double quotes, which has been read.
static void
word_escape(struct builder *b, int close)
{
    int c, taken;

    b->p->literal++;
    c = peekc(b->p);
    taken = c > 0 && (strchr("$`\\", c) || (c == close && c != ')') ||
                      (c == '"' && close != NOCLOSE));
    word_put(b, taken ? nextc(b->p) : '\\', 1);
    b->p->literal--;
}

// $((...)) ends with two that were not opened: consumes the first of them.
static int
arith_ends(struct parser *p, int c, int *parens)
{
    if (c == '(')
        ++*parens;
    if (c != ')' || --*parens >= 0)
        return 0;
    nextc(p);
    if (peekc(p) == ')')
        nextc(p);
    else
        parse_error(p, "expected '))' to end $((");
    return 1;
}

static void
read_quoted(struct builder *b, int close)
{
    struct parser *p = b->p;
    int c, parens = 0;

    while (!p->error && (c = peekc(p)) >= 0) {
        if (close == ')' ? arith_ends(p, c, &parens) : c == close)
            return;
        if (expansion(b, c, 1))
            continue;
        nextc(p);
        if (c == '\\')
            word_escape(b, close);
        else if (c == '"' && close != NOCLOSE)
            double_quoted(b);
        else
            word_put(b, c, 1);
    }
    if (close == ')')
        parse_error(p, "expected '))', found end of file");
}

// ---- what others call ----

struct word *
read_word(struct parser *p)
{
    struct builder b;

    word_begin(&b, p);
    read_plain(&b, 0);
    return finish(&b);
}

struct word *
read_body(struct parser *p, char *s, uint n, int quoted)
{
    struct input *before = p->in;
    int literal = p->literal;
    struct builder b;

    word_begin(&b, p);
    if (quoted) {
        newpart(&b, TEXT, 1)->text = s;
    } else {
        push_input(p, s, n, 0);
        p->literal = 0;
        read_quoted(&b, NOCLOSE);
        p->literal = literal;
        p->in = before;
    }
    return finish(&b);
}

const char *
plainword(struct word *w)
{
    struct part *part = w->parts;

    if (part && part->kind == TEXT && !part->quoted && !part->next)
        return part->text;
    return 0;
}

int
isname(const char *s, uint n)
{
    uint i;

    for (i = 0; i < n; i++)
        if (!namechar((uchar)s[i], i == 0))
            return 0;
    return n > 0;
}
