// sh_lex.c: the shell's text as bytes and as tokens.
//
// Bytes come from a pile of inputs: at the bottom the script or what is
// typed, above it the texts of aliases and of `...`. An input with a wall
// does not let go on to the one under it. A backslash and a newline are
// nothing, except where a quote says so: then `literal` is set.
//
// A token is lexed when somebody looks at it and not before: whether $( is
// followed by words or by a command is not this file's business. The newline
// token reads the here-documents that its line has announced.

#include "sh.h"

// Steps to an input that has bytes; 0 at the end.
static int
refill(struct parser *p)
{
    struct input *in = p->in;

    for (; in->s >= in->end; in = p->in) {
        if (in->wall)
            return 0;
        if (in->under) {
            p->in = in->under;
        } else if (p->more == 0 || !p->more(p)) {
            in->wall = 1;
            return 0;
        }
    }
    return 1;
}

int
peekc(struct parser *p)
{
    struct input *in;

    while (refill(p)) {
        in = p->in;
        if (*in->s == 0) {
            in->s++;
        } else if (!p->literal && in->s[0] == '\\' && in->s + 1 < in->end &&
                   in->s[1] == '\n') {
            in->s += 2;
            p->line += in->under == 0;
        } else {
            return (uchar)*in->s;
        }
    }
    return -1;
}

int
nextc(struct parser *p)
{
    int c = peekc(p);

    if (c < 0)
        return c;
    p->in->s++;
    if (p->in->under == 0) {
        p->line += c == '\n';
        if (!p->unseen)
            addc(&p->source, c);
    }
    return c;
}

// The next byte even if it is half of a backslash and a newline.
int
rawc(struct parser *p)
{
    int c;

    p->literal++;
    c = nextc(p);
    p->literal--;
    return c;
}

void
push_input(struct parser *p, const char *s, uint n, const char *alias)
{
    struct input *in = take(p->arena, sizeof(*in));

    in->under = p->in;
    in->s = s;
    in->end = s + n;
    in->alias = alias;
    in->wall = alias == 0;
    p->in = in;
}

// ---- tokens ----

static void
skipblanks(struct parser *p)
{
    int c;

    while ((c = peekc(p)) == ' ' || c == '\t')
        nextc(p);
    if (c != '#')
        return;
    p->literal++;
    while ((c = peekc(p)) >= 0 && c != '\n')
        nextc(p);
    p->literal--;
}

static int
operator(struct parser *p)
{
    static const struct { char text[3]; int tok; } pairs[] = {
        { "&&", T_AND },    { "||", T_OR },    { ";;", T_DSEMI },
        { ">>", T_APPEND }, { "<<", T_HERE },  { "<&", T_DUPIN },
        { ">&", T_DUPOUT }, { "<>", T_RDWR },  { ">|", T_CLOBBER },
    };
    int c = nextc(p), d = peekc(p);
    uint i;

    for (i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        if (pairs[i].text[0] != c || pairs[i].text[1] != d)
            continue;
        nextc(p);
        if (pairs[i].tok == T_HERE && peekc(p) == '-') {
            nextc(p);
            return T_HERETABS;
        }
        return pairs[i].tok;
    }
    return c;
}

// A digit right before < or > says which descriptor.
static void
take_ionumber(struct parser *p)
{
    struct input *in = p->in;

    p->ionum = -1;
    if (isdigit(peekc(p)) && in == p->in && in->s + 1 < in->end &&
        (in->s[1] == '<' || in->s[1] == '>'))
        p->ionum = nextc(p) - '0';
}

static int
token(struct parser *p)
{
    int c;

    skipblanks(p);
    p->toksrc = p->source.n;
    p->tokline = p->line;
    p->tokin = p->in;
    take_ionumber(p);
    c = peekc(p);
    if (c < 0)
        return T_END;
    if (c == '\n') {
        nextc(p);
        read_heredocs(p);
        return T_NEWLINE;
    }
    if (strchr(";&|()<>", c))
        return operator(p);
    p->word = read_word(p);
    return T_WORD;
}

int
look(struct parser *p)
{
    if (p->tok == 0) {
        p->tok = token(p);
        p->tokend = p->source.n;
    }
    return p->error ? T_END : p->tok;
}

void
skip(struct parser *p)
{
    p->lastend = p->tokend;
    p->tok = 0;
}

// ---- here-documents ----

// Adds one line of a body to t, newline and all; 0 at the end of the text.
static int
body_line(struct parser *p, struct text *t, int tabs)
{
    int c, any = 0;

    while (tabs && peekc(p) == '\t')
        nextc(p);
    while ((c = nextc(p)) >= 0) {
        any = 1;
        addc(t, c);
        if (c == '\n')
            return 1;
    }
    if (any)
        addc(t, '\n');
    return any;
}

// Does the text end in a backslash that takes the newline away?
static int
continues(struct text *t)
{
    uint n = t->n, slashes = 0;

    if (n > 0)
        n--;                        // the newline
    while (n > slashes && t->s[n - slashes - 1] == '\\')
        slashes++;
    return slashes % 2;
}

static int
is_delimiter(const char *line, uint n, const char *delimiter)
{
    uint len = strlen(delimiter);

    return n == len + 1 && memcmp(line, delimiter, len) == 0;
}

static void
read_heredoc(struct parser *p, struct redir *r)
{
    struct text t = { p->arena, 0, 0, 0 };
    uint start = 0;
    int joined = 0;

    add(&t, "", 0);
    for (;;) {
        if (!body_line(p, &t, r->tabs)) {
            parse_error(p, "expected '%s', found end of file", r->delimiter);
            break;
        }
        if (!joined && is_delimiter(t.s + start, t.n - start, r->delimiter))
            break;
        joined = !r->quoted && continues(&t);
        start = t.n;
    }
    t.s[start] = 0;
    r->target = read_body(p, t.s, start, r->quoted);
}

void
read_heredocs(struct parser *p)
{
    struct redir *r = p->pending;

    p->pending = 0;
    p->unseen++;
    p->literal++;
    for (; r; r = r->pending)
        read_heredoc(p, r);
    p->literal--;
    p->unseen--;
}
