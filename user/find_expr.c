// find_expr.c: the expression becomes a tree of nodes, by recursive descent:
//
//     either = both { -o both }
//     both   = one { [-a] one }
//     one    = ! one | ( either ) | a test or an action with its arguments

#include "find.h"

#define DAY    (24 * 60 * 60)
#define MINUTE 60

struct node *batches;

static char **arg;                  // the next word
static int action;                  // is there any?

static struct node *parseeither(void);

static struct node *
newnode(evalfn *eval, struct node *left, struct node *right)
{
    struct node *n = calloc(1, sizeof(*n));

    if (n == 0)
        err(1, "the expression");
    n->eval = eval;
    n->left = left;
    n->right = right;
    return n;
}

static int
next(const char *word)
{
    return *arg && strcmp(*arg, word) == 0;
}

static char *
operand(const char *word)
{
    if (*arg == 0)
        errx(1, "%s: an argument is missing", word);
    return *arg++;
}

// [+-]number; what follows the number.
static char *
parsenumber(struct node *n, const char *word)
{
    char *text = operand(word), *s = text, *end;

    if (*s == '+' || *s == '-')
        n->sign = *s++;
    errno = 0;
    n->value = strtoul(s, &end, 10);
    if (!isdigit((uchar)*s) || errno)
        errx(1, "%s: %s: not a number", word, text);
    return end;
}

static void
plainnumber(struct node *n, const char *word)
{
    if (*parsenumber(n, word))
        errx(1, "%s: %s: not a number", word, arg[-1]);
}

static void
parsesize(struct node *n, const char *word)
{
    char *unit = parsenumber(n, word);

    switch (*unit) {
    case 'c': n->unit = 1; break;
    case 'w': n->unit = 2; break;
    case 0:
    case 'b': n->unit = 512; break;
    case 'k': n->unit = 1 << 10; break;
    case 'M': n->unit = 1 << 20; break;
    case 'G': n->unit = 1 << 30; break;
    }
    if (n->unit == 0 || (*unit && unit[1]))
        errx(1, "%s: %s: not a size", word, arg[-1]);
}

static void
parsetype(struct node *n, const char *word)
{
    const char *letter = operand(word);

    n->value = strcmp(letter, "f") == 0 ? T_FILE
        : strcmp(letter, "d") == 0 ? T_DIR
        : strcmp(letter, "c") == 0 ? T_DEV : 0;
    if (n->value == 0)
        errx(1, "%s: %s: not f, d or c", word, letter);
}

static void
parsenewer(struct node *n, const char *word)
{
    struct stat st;
    const char *file = operand(word);

    if (stat(file, &st) < 0)
        err(1, "%s", file);
    n->value = st.mtime;
}

// command... ;  or  command... {} +
static void
parseexec(struct node *n, const char *word)
{
    n->argv = arg;
    while (*arg && strcmp(*arg, ";") != 0) {
        if (strcmp(*arg, "+") == 0 && arg > n->argv &&
            strcmp(arg[-1], "{}") == 0) {
            n->eval = executeall;
            n->nextbatch = batches;
            batches = n;
            arg[-1] = 0;
            break;
        }
        arg++;
    }
    if (*arg == 0)
        errx(1, "%s: no \";\" or \"{} +\" at its end", word);
    *arg++ = 0;
    if (n->argv[0] == 0)
        errx(1, "%s: a command is missing", word);
}

static void
parsepattern(struct node *n, const char *word)
{
    n->text = operand(word);
    if (n->eval == evaliname)
        n->text = lower(n->text);
}

static int
parsedepth(const char *word)
{
    struct node n;

    memset(&n, 0, sizeof(n));
    plainnumber(&n, word);
    if (n.sign || n.value > INT_MAX)
        errx(1, "%s: %s: not a depth", word, arg[-1]);
    return n.value;
}

static const struct primary {
    const char *word;
    evalfn *eval;
    void (*parse)(struct node *n, const char *word);
    uint value, unit, action;
} primaries[] = {
    { "-name", evalname, parsepattern, 0, 0, 0 },
    { "-iname", evaliname, parsepattern, 0, 0, 0 },
    { "-path", evalpath, parsepattern, 0, 0, 0 },
    { "-type", evaltype, parsetype, 0, 0, 0 },
    { "-size", evalsize, parsesize, 0, 0, 0 },
    { "-mtime", evalage, plainnumber, 0, DAY, 0 },
    { "-mmin", evalage, plainnumber, 0, MINUTE, 0 },
    { "-links", evallinks, plainnumber, 0, 0, 0 },
    { "-newer", evalnewer, parsenewer, 0, 0, 0 },
    { "-empty", evalempty, 0, 0, 0, 0 },
    { "-true", constant, 0, 1, 0, 0 },
    { "-false", constant, 0, 0, 0, 0 },
    { "-prune", prune, 0, 0, 0, 0 },
    { "-quit", quit, 0, 0, 0, 0 },
    { "-print", print, 0, '\n', 0, 1 },
    { "-print0", print, 0, 0, 0, 1 },
    { "-delete", delete, 0, 0, 0, 1 },
    { "-exec", execute, parseexec, 0, 0, 1 },
};
#define NPRIMARIES (sizeof(primaries) / sizeof(primaries[0]))

// Words that are about the walk, not about a file; they are true.
static int
walkoption(const char *word)
{
    if (strcmp(word, "-maxdepth") == 0)
        maxdepth = parsedepth(word);
    else if (strcmp(word, "-mindepth") == 0)
        mindepth = parsedepth(word);
    else if (strcmp(word, "-depth") == 0)
        depthfirst = 1;
    else
        return 0;
    return 1;
}

static struct node *
parseprimary(void)
{
    const char *word = *arg++;
    const struct primary *p;
    struct node *n = newnode(constant, 0, 0);

    for (p = primaries; p < primaries + NPRIMARIES; p++) {
        if (strcmp(word, p->word) != 0)
            continue;
        n->eval = p->eval;
        n->value = p->value;
        n->unit = p->unit;
        if (p->parse)
            p->parse(n, word);
        action |= p->action;
        depthfirst |= p->eval == delete;
        return n;
    }
    if (!walkoption(word))
        errx(1, "%s: not known, or a path behind an expression", word);
    n->value = 1;
    return n;
}

static struct node *
parseone(void)
{
    struct node *n;

    if (*arg == 0)
        errx(1, "the expression ends too early");
    if (next("!") || next("-not")) {
        arg++;
        return newnode(evalnot, parseone(), 0);
    }
    if (!next("("))
        return parseprimary();
    arg++;
    n = parseeither();
    if (!next(")"))
        errx(1, "a ) is missing");
    arg++;
    return n;
}

static struct node *
parseboth(void)
{
    struct node *n = parseone();

    while (*arg && !next("-o") && !next("-or") && !next(")")) {
        if (next("-a") || next("-and"))
            arg++;
        n = newnode(evaland, n, parseone());
    }
    return n;
}

static struct node *
parseeither(void)
{
    struct node *n = parseboth();

    while (next("-o") || next("-or")) {
        arg++;
        n = newnode(evalor, n, parseboth());
    }
    return n;
}

struct node *
parse(char **words)
{
    struct node *n, *all = newnode(print, 0, 0);

    arg = words;
    all->value = '\n';
    if (*arg == 0)
        return all;
    n = parseeither();
    if (*arg)
        errx(1, "%s: unexpected", *arg);
    return action ? n : newnode(evaland, n, all);
}
