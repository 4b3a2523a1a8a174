// sh_parse.c: the shell's grammar, a function for each of its rules.
//
//     list:      and-or { (; & newline) and-or }
//     and-or:    pipeline { (&& ||) pipeline }
//     pipeline:  [!] command { | command }
//     command:   words and redirections; ( list ); { list }; if while until
//                for case; name() command
//
// A word is a keyword only where a command may begin. The first mistake is
// kept and every token after it is the end of the text, so the functions run
// out by themselves and only parse() looks.

#include "sh.h"

static struct node *parse_list(struct parser *p, int mayempty);
static struct node *parse_pipeline(struct parser *p);

// ---- mistakes ----

void
parse_error(struct parser *p, const char *fmt, ...)
{
    char text[200];
    va_list ap;

    if (p->error)
        return;
    va_start(ap, fmt);
    vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    p->error = keep(p->arena, text, strlen(text));
    p->errorline = p->tok ? p->tokline : p->line;
}

// What the token is called in messages.
static const char *
found(struct parser *p)
{
    struct text t = { p->arena, 0, 0, 0 };
    const char *plain;
    uint n = p->tokend - p->toksrc;

    if (p->tok == T_END)
        return "end of file";
    if (p->tok == T_NEWLINE)
        return "end of line";
    plain = p->tok == T_WORD ? plainword(p->word) : 0;
    add(&t, "'", 1);
    if (plain)
        adds(&t, plain);
    else
        add(&t, p->source.s + p->toksrc, n);
    add(&t, "'", 1);
    return t.s;
}

static void
expected(struct parser *p, const char *what)
{
    look(p);
    parse_error(p, "expected %s, found %s", what, found(p));
}

// ---- tokens ----

static int
is(struct parser *p, const char *keyword)
{
    const char *s = look(p) == T_WORD ? plainword(p->word) : 0;

    return s && strcmp(s, keyword) == 0;
}

static int
accept(struct parser *p, int tok)
{
    if (look(p) != tok)
        return 0;
    skip(p);
    return 1;
}

static void
expect_keyword(struct parser *p, const char *keyword)
{
    char what[16];

    if (is(p, keyword)) {
        skip(p);
        return;
    }
    snprintf(what, sizeof(what), "'%s'", keyword);
    expected(p, what);
}

static void
skip_newlines(struct parser *p)
{
    while (accept(p, T_NEWLINE))
        ;
}

// Does the token end a list inside something?
static int
at_closer(struct parser *p)
{
    static const char *const closers[] = {
        "then", "else", "elif", "fi", "do", "done", "esac", "}", 0,
    };
    int tok = look(p), i;

    for (i = 0; tok == T_WORD && closers[i]; i++)
        if (is(p, closers[i]))
            return 1;
    return tok == T_END || tok == ')' || tok == T_DSEMI;
}

static struct node *
newnode(struct parser *p, int kind)
{
    struct node *n = take(p->arena, sizeof(*n));

    look(p);
    n->kind = kind;
    n->line = p->tokline;
    n->from = n->to = p->toksrc;
    n->tree = p->tree;
    return n;
}

static struct node *
join(struct parser *p, int kind, struct node *a, struct node *b)
{
    struct node *n = newnode(p, kind);

    n->line = a ? a->line : n->line;
    n->from = a ? a->from : n->from;
    n->to = p->lastend;
    n->a = a;
    n->b = b;
    return n;
}

// ---- redirections ----

static const struct { int tok; char how; char fd; } kinds[] = {
    { '<', '<', 0 },      { '>', '>', 1 },      { T_CLOBBER, '>', 1 },
    { T_APPEND, 'a', 1 }, { T_RDWR, 'b', 0 },   { T_DUPIN, '&', 0 },
    { T_DUPOUT, '&', 1 }, { T_HERE, 'h', 0 },   { T_HERETABS, 'h', 0 },
    { 0, 0, 0 },
};

// The delimiter's text; its quotes only count.
static void
delimiter(struct parser *p, struct redir *r)
{
    struct text t = { p->arena, 0, 0, 0 };
    struct part *part;

    add(&t, "", 0);
    for (part = p->word->parts; part; part = part->next) {
        if (part->kind != TEXT)
            parse_error(p, "expected a plain word after <<");
        else
            adds(&t, part->text);
        r->quoted |= part->quoted;
    }
    r->delimiter = t.s;
    if (p->pending == 0)
        p->last = &p->pending;
    *p->last = r;
    p->last = &r->pending;
}

// One redirection, if there is one.
static struct redir *
parse_redir(struct parser *p)
{
    struct redir *r;
    int tok = look(p), i;

    for (i = 0; kinds[i].tok != tok; i++)
        if (kinds[i].tok == 0)
            return 0;
    r = take(p->arena, sizeof(*r));
    r->how = kinds[i].how;
    r->fd = p->ionum >= 0 ? p->ionum : kinds[i].fd;
    r->tabs = tok == T_HERETABS;
    skip(p);
    if (look(p) != T_WORD) {
        expected(p, r->how == 'h' ? "a delimiter" : "a file name");
        return 0;
    }
    r->target = p->word;
    if (r->how == 'h')
        delimiter(p, r);
    skip(p);
    return r;
}

static void
parse_redirs(struct parser *p, struct redir **tail)
{
    while ((*tail = parse_redir(p)) != 0)
        tail = &(*tail)->next;
}

// ---- simple commands ----

// NAME=word: cuts the word off; its name, or 0 if it is no assignment.
static char *
assignment(struct parser *p, struct word *w)
{
    struct part *part = w->parts;
    char *equals;

    if (!part || part->kind != TEXT || part->quoted)
        return 0;
    equals = strchr(part->text, '=');
    if (equals == 0 || !isname(part->text, equals - part->text))
        return 0;
    w->name = keep(p->arena, part->text, equals - part->text);
    part->text = equals + 1;
    if (*part->text == 0)
        w->parts = part->next;
    return w->name;
}

static int
in_use(struct input *in, const char *alias)
{
    for (; in; in = in->under)
        if (in->alias && strcmp(in->alias, alias) == 0)
            return 1;
    return 0;
}

// While the token is the name of an alias, the alias takes its place.
static void
expand_alias(struct parser *p)
{
    const char *name, *text;
    uint n;

    while (p->alias && look(p) == T_WORD && (name = plainword(p->word)) != 0 &&
           !in_use(p->tokin, name) && (text = p->alias(name)) != 0) {
        n = strlen(text);
        push_input(p, keep(p->arena, text, n), n, name);
        p->tok = 0;
    }
}

static struct node *parse_function(struct parser *p, struct node *n);

static struct node *
parse_simple(struct parser *p)
{
    struct node *n = newnode(p, SIMPLE);
    struct word **assign = &n->assigns, **word = &n->words;
    struct redir **redir = &n->redirs;

    for (;;) {
        if ((*redir = parse_redir(p)) != 0) {
            redir = &(*redir)->next;
        } else if (look(p) != T_WORD) {
            break;
        } else if (n->words == 0 && assignment(p, p->word)) {
            *assign = p->word;
            assign = &p->word->next;
            skip(p);
            expand_alias(p);
        } else {
            *word = p->word;
            word = &p->word->next;
            skip(p);
            if (n->words->next == 0 && n->redirs == 0 && n->assigns == 0 &&
                look(p) == '(')
                return parse_function(p, n);
        }
    }
    n->to = p->lastend;
    if (!n->words && !n->assigns && !n->redirs)
        expected(p, "a command");
    return n;
}

// ---- compound commands ----

static struct node *
parse_if(struct parser *p)
{
    struct node *n = newnode(p, IF);

    skip(p);                        // if, elif
    n->a = parse_list(p, 0);
    expect_keyword(p, "then");
    n->b = parse_list(p, 0);
    if (is(p, "elif")) {
        p->depth++;
        if (p->depth > MAXNEST)
            parse_error(p, "nested too deeply");
        n->c = parse_if(p);
        p->depth--;
        return n;
    }
    if (is(p, "else")) {
        skip(p);
        n->c = parse_list(p, 0);
    }
    expect_keyword(p, "fi");
    return n;
}

static struct node *
parse_body(struct parser *p)
{
    struct node *body;

    expect_keyword(p, "do");
    body = parse_list(p, 0);
    expect_keyword(p, "done");
    return body;
}

static struct node *
parse_while(struct parser *p)
{
    struct node *n = newnode(p, is(p, "while") ? WHILE : UNTIL);

    skip(p);
    n->a = parse_list(p, 0);
    n->b = parse_body(p);
    return n;
}

// A name behind `for` or before (); n gets it.
static void
parse_name(struct parser *p, struct node *n)
{
    const char *s = look(p) == T_WORD ? plainword(p->word) : 0;

    if (s == 0 || !isname(s, strlen(s))) {
        expected(p, "a name");
        return;
    }
    n->text = (char *)s;
    skip(p);
}

static struct node *
parse_for(struct parser *p)
{
    struct node *n = newnode(p, FOR);
    struct word **tail = &n->words;

    skip(p);
    parse_name(p, n);
    skip_newlines(p);
    n->allargs = !is(p, "in");
    if (!n->allargs) {
        skip(p);
        for (; look(p) == T_WORD; skip(p)) {
            *tail = p->word;
            tail = &p->word->next;
        }
        if (look(p) != T_NEWLINE && look(p) != ';')
            expected(p, "';'");
    }
    accept(p, ';');
    skip_newlines(p);
    n->b = parse_body(p);
    return n;
}

static struct arm *
parse_arm(struct parser *p)
{
    struct arm *arm = take(p->arena, sizeof(*arm));
    struct word **tail = &arm->patterns;

    accept(p, '(');
    do {
        if (look(p) != T_WORD) {
            expected(p, "a pattern or 'esac'");
            return arm;
        }
        *tail = p->word;
        tail = &p->word->next;
        skip(p);
    } while (accept(p, '|'));
    if (!accept(p, ')'))
        expected(p, "')'");
    arm->body = parse_list(p, 1);
    if (!accept(p, T_DSEMI) && !is(p, "esac"))
        expected(p, "';;' or 'esac'");
    skip_newlines(p);
    return arm;
}

static struct node *
parse_case(struct parser *p)
{
    struct node *n = newnode(p, CASE);
    struct arm **tail = &n->arms;

    skip(p);
    if (look(p) != T_WORD)
        expected(p, "a word");
    n->words = p->word;
    skip(p);
    skip_newlines(p);
    expect_keyword(p, "in");
    skip_newlines(p);
    while (!p->error && !is(p, "esac")) {
        *tail = parse_arm(p);
        tail = &(*tail)->next;
    }
    expect_keyword(p, "esac");
    return n;
}

static struct node *
parse_group(struct parser *p)
{
    struct node *n = newnode(p, GROUP);

    skip(p);
    n->a = parse_list(p, 0);
    expect_keyword(p, "}");
    return n;
}

static struct node *
parse_subshell(struct parser *p)
{
    struct node *n = newnode(p, SUBSHELL);

    skip(p);
    n->a = parse_list(p, 0);
    if (!accept(p, ')'))
        expected(p, "')'");
    return n;
}

static const struct {
    const char *keyword;
    struct node *(*parse)(struct parser *);
} compounds[] = {
    { "if", parse_if },       { "while", parse_while },
    { "until", parse_while }, { "for", parse_for },
    { "case", parse_case },   { "{", parse_group },
    { 0, 0 },
};

// One of the above with its redirections; 0 if none begins here.
static struct node *
parse_compound(struct parser *p)
{
    struct node *n = 0;
    int i;

    if (look(p) == '(')
        n = parse_subshell(p);
    for (i = 0; n == 0 && compounds[i].keyword; i++)
        if (is(p, compounds[i].keyword))
            n = compounds[i].parse(p);
    if (n) {
        parse_redirs(p, &n->redirs);
        n->to = p->lastend;
    }
    return n;
}

// n has the name as its only word, and the token is the '('.
static struct node *
parse_function(struct parser *p, struct node *n)
{
    const char *name = plainword(n->words);

    if (name == 0 || !isname(name, strlen(name))) {
        expected(p, "a command's end");
        return n;
    }
    n->kind = FUNCTION;
    n->text = (char *)name;
    n->words = 0;
    skip(p);
    if (!accept(p, ')'))
        expected(p, "')'");
    skip_newlines(p);
    n->b = parse_compound(p);
    if (n->b == 0)
        expected(p, "the function's body");
    n->to = p->lastend;
    return n;
}

static struct node *
parse_command(struct parser *p)
{
    struct node *n = 0;

    if (++p->depth > MAXNEST)
        parse_error(p, "nested too deeply");
    expand_alias(p);
    if (at_closer(p))
        expected(p, "a command");
    else if ((n = parse_compound(p)) == 0)
        n = parse_simple(p);
    p->depth--;
    return n ? n : newnode(p, SIMPLE);
}

// ---- lists ----

static struct node *
parse_pipeline(struct parser *p)
{
    struct node *n, **tail;
    int negate = 0;

    for (; is(p, "!"); skip(p))
        negate = !negate;
    n = parse_command(p);
    if (look(p) == '|') {
        tail = &n->next;
        n = join(p, PIPE, n, 0);
        while (accept(p, '|')) {
            skip_newlines(p);
            *tail = parse_command(p);
            tail = &(*tail)->next;
        }
        n->to = p->lastend;
    }
    return negate ? join(p, NOT, n, 0) : n;
}

static struct node *
parse_andor(struct parser *p)
{
    struct node *n = parse_pipeline(p);
    int tok;

    while ((tok = look(p)) == T_AND || tok == T_OR) {
        skip(p);
        skip_newlines(p);
        n = join(p, tok == T_AND ? AND : OR, n, parse_pipeline(p));
    }
    return look(p) == '&' ? join(p, BACKGROUND, n, 0) : n;
}

static struct node *
parse_list(struct parser *p, int mayempty)
{
    struct node *n = newnode(p, LIST), **tail = &n->a;

    skip_newlines(p);
    while (!at_closer(p)) {
        *tail = parse_andor(p);
        tail = &(*tail)->next;
        if (!accept(p, ';') && !accept(p, '&') && look(p) != T_NEWLINE)
            break;
        skip_newlines(p);
    }
    if (n->a)
        n->to = p->lastend;
    else if (!mayempty)
        expected(p, "a command");
    return n;
}

// Called in the middle of a word: puts back what is known about it.
struct node *
parse_until(struct parser *p, int close)
{
    uint toksrc = p->toksrc, tokline = p->tokline;
    int literal = p->literal, ionum = p->ionum;
    struct input *tokin = p->tokin;
    struct node *n;

    p->tok = p->literal = 0;
    n = parse_list(p, 1);
    if (look(p) != close)
        expected(p, close == ')' ? "')'" : "'`'");
    p->tok = 0;
    p->toksrc = toksrc;
    p->tokline = tokline;
    p->tokin = tokin;
    p->ionum = ionum;
    p->literal = literal;
    return n;
}

// Is the newline just read in an alias that goes on?
static int
inside_alias(struct parser *p)
{
    while (p->in->s >= p->in->end && p->in->under)
        p->in = p->in->under;
    return p->in->under != 0;
}

static struct node *
parse_line(struct parser *p)
{
    struct node *n = newnode(p, LIST), **tail = &n->a;

    while (look(p) != T_END) {
        if (accept(p, T_NEWLINE)) {
            if (inside_alias(p))
                continue;
            break;
        }
        *tail = parse_andor(p);
        tail = &(*tail)->next;
        if (!accept(p, ';') && !accept(p, '&') && look(p) != T_NEWLINE &&
            look(p) != T_END)
            expected(p, "a command's end");
    }
    if (p->pending)
        read_heredocs(p);           // which says what is missing
    return n;
}

struct tree *
parse(struct parser *p)
{
    struct arena *a = newarena();
    struct text fresh = { a, 0, 0, 0 };

    p->tree = take(a, sizeof(*p->tree));
    p->tree->arena = p->arena = a;
    p->tree->file = p->file;
    p->source = fresh;
    p->in = &p->base;
    p->pending = 0;
    p->error = 0;
    p->tok = p->depth = p->interrupted = p->literal = p->unseen = 0;
    p->base.wall = p->more == 0;
    if (look(p) == T_END && !p->error) {
        letgo(a);
        return 0;
    }
    add(&p->source, "", 0);
    p->tree->list = parse_line(p);
    if (p->error) {
        p->tree->list = 0;
        p->base.s = p->base.end;
    }
    p->tree->source = p->source.s;
    return p->tree;
}

void
parse_text(struct parser *p, const char *s, uint n, const char *file)
{
    memset(p, 0, sizeof(*p));
    p->line = 1;
    p->file = file;
    p->base.s = s;
    p->base.end = s + n;
}
