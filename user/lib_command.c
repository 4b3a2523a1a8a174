// lib_command.c: the shell's parser. Pure: text in, tree out (command.h).
//
// A token is looked at in lx.tok and taken by advance(). Each parse_
// function takes the tokens of one phrase and leaves the first that does
// not belong to it. Failure is sticky: after fail() every token is T_END,
// so the functions run out by themselves and only parse_line looks.

#include "user.h"
#include "command.h"

#define MAXDEPTH 64                 // parentheses inside parentheses

enum token { T_END, T_NEWLINE, T_WORD, T_REDIR, T_SEMI, T_AMP, T_AND, T_OR,
             T_PIPE, T_OPEN, T_CLOSE };

static struct {
    const char *p;                  // behind the current token
    const char *start;              // of the current token
    enum token tok;
    char *text;                     // T_WORD: the raw word
    int  fd;                        // T_REDIR
    char how;
    int  result;                    // PARSED until something fails
    int  depth;
    const char *near;
} lx;

static struct held {                // memory of the current tree
    struct held *next;
} *arena;

static struct chain *parse_list(void);

static void *
hold(uint n)
{
    struct held *h = malloc(sizeof(*h) + n);

    if (h == 0)
        errx(2, "out of memory");
    h->next = arena;
    arena = h;
    return memset(h + 1, 0, n);
}

static void
drop(void)
{
    struct held *h;

    while ((h = arena) != 0) {
        arena = h->next;
        free(h);
    }
}

static void
fail(int result)
{
    static char near[24];
    uint n = lx.p - lx.start;

    if (lx.result == PARSED) {
        lx.result = result;
        n = n < sizeof(near) ? n : sizeof(near) - 1;
        memcpy(near, lx.start, n);
        near[n] = 0;
        if (result == INCOMPLETE)
            lx.near = "end of text";
        else
            lx.near = *near == '\n' ? "end of line" : near;
    }
    lx.tok = T_END;
}

// Skips blanks, comments and joined lines.
static void
skipblank(void)
{
    for (;;) {
        if (*lx.p == ' ' || *lx.p == '\t' || *lx.p == '\r')
            lx.p++;
        else if (lx.p[0] == '\\' && lx.p[1] == '\n')
            lx.p += 2;
        else
            break;
        if (*lx.p == 0 && lx.p[-1] == '\n')
            fail(INCOMPLETE);
    }
    if (*lx.p == '#')
        while (*lx.p && *lx.p != '\n')
            lx.p++;
}

// The length of what stands at s as one piece: a quoted string, a character
// behind a backslash, or a plain character; 0 if the text ends inside.
static uint
piece(const char *s)
{
    const char *end = s + 1;

    if (*s == '\\')
        return s[1] ? 2 : 0;
    if (*s != '\'' && *s != '"')
        return 1;
    while (*end && *end != *s)
        end += *s == '"' && end[0] == '\\' && end[1] ? 2 : 1;
    return *end ? end + 1 - s : 0;
}

static void
takeword(void)
{
    const char *s = lx.p;
    char *to;
    uint n;

    while (*s && !strchr(" \t\r\n;&|<>()", *s)) {
        if ((n = piece(s)) == 0) {
            fail(INCOMPLETE);
            return;
        }
        s += n;
    }
    to = lx.text = hold(s - lx.p + 1);
    for (; lx.p < s; lx.p += n) {
        n = piece(lx.p);
        if (lx.p[0] == '\\' && lx.p[1] == '\n')
            continue;
        memcpy(to, lx.p, n);
        to += n;
    }
    lx.tok = T_WORD;
}

// [digit] < > >> <& >&
static void
takeredir(void)
{
    lx.fd = isdigit(*lx.p) ? *lx.p++ - '0' : *lx.p == '>';
    lx.how = *lx.p++;
    if (lx.how == '>' && *lx.p == '>') {
        lx.how = 'a';
        lx.p++;
    } else if (*lx.p == '&') {
        lx.how = '&';
        lx.p++;
    }
    lx.tok = T_REDIR;
}

static void
takeoperator(void)
{
    static const struct { char text[3]; enum token tok; } ops[] = {
        { "&&", T_AND }, { "||", T_OR }, { "&", T_AMP }, { "|", T_PIPE },
        { ";", T_SEMI }, { "(", T_OPEN }, { ")", T_CLOSE },
        { "\n", T_NEWLINE },
    };
    uint i;

    for (i = 0; strncmp(lx.p, ops[i].text, strlen(ops[i].text)) != 0; i++)
        ;
    lx.tok = ops[i].tok;
    lx.p += strlen(ops[i].text);
}

// Makes the next token the current one.
static void
advance(void)
{
    skipblank();
    lx.start = lx.p;
    if (*lx.p == 0 || lx.result != PARSED)
        lx.tok = T_END;
    else if (*lx.p == '<' || *lx.p == '>' ||
             (isdigit(lx.p[0]) && (lx.p[1] == '<' || lx.p[1] == '>')))
        takeredir();
    else if (strchr(";&|()\n", *lx.p))
        takeoperator();
    else
        takeword();
}

static void
skipnewlines(void)
{
    while (lx.tok == T_NEWLINE)
        advance();
}

// Complains about the current token.
static void
unexpected(void)
{
    fail(lx.tok == T_END ? INCOMPLETE : WRONG);
}

static struct redir *
parse_redir(void)
{
    struct redir *r = hold(sizeof(*r));

    r->fd = lx.fd;
    r->how = lx.how;
    advance();
    if (lx.tok != T_WORD) {
        fail(WRONG);
        return r;
    }
    r->target = lx.text;
    advance();
    return r;
}

static void
parse_group(struct cmd *c)
{
    if (++lx.depth > MAXDEPTH) {
        fail(WRONG);
        return;
    }
    advance();
    skipnewlines();
    c->sub = parse_list();
    if (lx.tok != T_CLOSE || c->sub == 0) {
        unexpected();
        return;
    }
    lx.depth--;
    advance();
}

static struct cmd *
parse_cmd(void)
{
    struct cmd *c = hold(sizeof(*c));
    struct word **words = &c->words;
    struct redir **redirs = &c->redirs;

    if (lx.tok == T_OPEN)
        parse_group(c);
    else if (lx.tok != T_WORD && lx.tok != T_REDIR)
        unexpected();
    while (lx.tok == T_REDIR || (lx.tok == T_WORD && c->sub == 0)) {
        if (lx.tok == T_REDIR) {
            *redirs = parse_redir();
            redirs = &(*redirs)->next;
        } else {
            *words = hold(sizeof(**words));
            (*words)->text = lx.text;
            words = &(*words)->next;
            advance();
        }
    }
    return c;
}

static struct pipeline *
parse_pipeline(int when)
{
    struct pipeline *p = hold(sizeof(*p));
    struct cmd **last = &p->cmds;

    p->when = when;
    *last = parse_cmd();
    while (lx.tok == T_PIPE) {
        advance();
        skipnewlines();
        last = &(*last)->next;
        *last = parse_cmd();
    }
    return p;
}

static struct chain *
parse_chain(void)
{
    struct chain *c = hold(sizeof(*c));
    struct pipeline **last = &c->pipes;
    int when = ALWAYS;

    for (;;) {
        *last = parse_pipeline(when);
        if (lx.tok != T_AND && lx.tok != T_OR)
            break;
        when = lx.tok == T_AND ? IFOK : IFFAILED;
        advance();
        skipnewlines();
        last = &(*last)->next;
    }
    c->background = lx.tok == T_AMP;
    return c;
}

// Chains up to a newline or, in parentheses, up to the closing one.
static struct chain *
parse_list(void)
{
    struct chain *first = 0, **last = &first;

    while (lx.tok == T_WORD || lx.tok == T_REDIR || lx.tok == T_OPEN) {
        *last = parse_chain();
        last = &(*last)->next;
        if (lx.tok == T_SEMI || lx.tok == T_AMP)
            advance();
        else if (lx.tok != T_NEWLINE || lx.depth == 0)
            break;
        if (lx.depth > 0)
            skipnewlines();
    }
    return first;
}

int
parse_line(const char **at, struct chain **tree, const char **near)
{
    drop();
    memset(&lx, 0, sizeof(lx));
    lx.p = lx.start = *at;
    advance();
    *tree = parse_list();
    if (lx.tok != T_NEWLINE && (lx.tok != T_END || lx.depth > 0))
        unexpected();
    *near = lx.near;
    if (lx.result == PARSED)
        *at = lx.p;
    return lx.result;
}
