// sh_arith.c: $((...)): C's operators on 64-bit integers.
//
// Binary operators are one loop over a table of precedences. `dry` counts
// what is read but must not happen: the side of && || ?: that does not
// count. Names are variables, empty ones 0; sums wrap around.

#include "sh.h"

#define MAXDEPTH 100

typedef unsigned long long u64;
typedef long long s64;

struct expr {
    const char *s;
    const char *why;                // the first mistake
    int dry, depth;
};

struct value {
    s64 v;
    char *name;                     // of the variable it was, or 0
};

static struct value arith_assignment(struct expr *e);

static s64
arith_mistake(struct expr *e, const char *why)
{
    if (e->why == 0)
        e->why = why;
    e->s = "";
    return 0;
}

static void
blanks(struct expr *e)
{
    while (isspace((uchar)*e->s))
        e->s++;
}

static int
arith_accept(struct expr *e, const char *op)
{
    uint n = strlen(op);

    blanks(e);
    if (strncmp(e->s, op, n) != 0)
        return 0;
    e->s += n;
    return 1;
}

// ---- numbers ----

char *
number64(char buf[24], long long v)
{
    snprintf(buf, 24, "%lld", v);
    return buf;
}

static int
digitvalue(int c)
{
    if (isdigit(c))
        return c - '0';
    c = tolower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : 99;
}

static s64
constant(struct expr *e)
{
    int base = 10;
    u64 v = 0;

    if (e->s[0] == '0') {
        base = e->s[1] == 'x' || e->s[1] == 'X' ? 16 : 8;
        e->s += base == 16 ? 2 : 1;
        if (base == 16 && digitvalue((uchar)*e->s) >= base)
            return arith_mistake(e, "bad number");
    }
    for (; digitvalue((uchar)*e->s) < base; e->s++)
        v = v * base + digitvalue((uchar)*e->s);
    if (isalnum((uchar)*e->s) || *e->s == '_')
        return arith_mistake(e, "bad number");
    return v;
}

// A variable's value: a number with a sign, and nothing else.
static s64
variable(struct expr *e, const char *name)
{
    const char *s = getvar(name);
    struct expr inner = { s, 0, 0, 0 };
    int minus;
    s64 v;

    if (s == 0 && opt_u && !e->dry)
        return arith_mistake(e, "variable not set");
    if (s == 0)
        return 0;
    blanks(&inner);
    if (*inner.s == 0)
        return 0;
    minus = arith_accept(&inner, "-");
    if (!minus)
        arith_accept(&inner, "+");
    if (!isdigit((uchar)*inner.s))
        return e->dry ? 0 : arith_mistake(e, "a variable is not a number");
    v = constant(&inner);
    blanks(&inner);
    if (inner.why || *inner.s)
        return e->dry ? 0 : arith_mistake(e, "a variable is not a number");
    return minus ? (s64)-(u64)v : v;
}

// ---- operators ----

static void
store(struct expr *e, const char *name, s64 v)
{
    char buf[24];

    if (!e->dry && !e->why && setvar(name, number64(buf, v)) < 0)
        arith_mistake(e, "cannot assign");
}

// Rounded towards 0. The smallest number by -1 would trap.
static s64
quotient(struct expr *e, s64 a, s64 b)
{
    if (b == 0)
        return e->dry ? 0 : arith_mistake(e, "division by zero");
    return b == -1 ? -(u64)a : (u64)(a / b);
}

static s64
remainder_of(struct expr *e, s64 a, s64 b)
{
    if (b == 0)
        return e->dry ? 0 : arith_mistake(e, "division by zero");
    return b == -1 ? 0 : a % b;
}

enum { MUL, DIV, MOD, PLUS, MINUS, SHL, SHR, LE, GE, LT, GT, EQ, NE,
       BAND, BXOR, BOR, LAND, LOR };

static const struct binary { char text[3]; uchar level, op; } binaries[] = {
    { "<<", 8, SHL }, { ">>", 8, SHR }, { "<=", 7, LE }, { ">=", 7, GE },
    { "==", 6, EQ },  { "!=", 6, NE },  { "&&", 2, LAND }, { "||", 1, LOR },
    { "*", 10, MUL }, { "/", 10, DIV }, { "%", 10, MOD }, { "+", 9, PLUS },
    { "-", 9, MINUS }, { "<", 7, LT },  { ">", 7, GT },   { "&", 5, BAND },
    { "^", 4, BXOR }, { "|", 3, BOR },  { "", 0, 0 },
};

static s64
apply(struct expr *e, int op, s64 a, s64 b)
{
    switch (op) {
    case MUL:   return (u64)a * (u64)b;
    case DIV:   return quotient(e, a, b);
    case MOD:   return remainder_of(e, a, b);
    case PLUS:  return (u64)a + (u64)b;
    case MINUS: return (u64)a - (u64)b;
    case SHL:   return (u64)a << (b & 63);
    case SHR:   return a >> (b & 63);
    case LE:    return a <= b;
    case GE:    return a >= b;
    case LT:    return a < b;
    case GT:    return a > b;
    case EQ:    return a == b;
    case NE:    return a != b;
    case BAND:  return a & b;
    case BXOR:  return a ^ b;
    case BOR:   return a | b;
    case LAND:  return a && b;
    default:    return a || b;
    }
}

// The operator at e, unless it is an assignment (+= and so on).
static const struct binary *
arith_operator(struct expr *e)
{
    const struct binary *o;
    uint n;

    blanks(e);
    for (o = binaries; o->level; o++) {
        n = strlen(o->text);
        if (strncmp(e->s, o->text, n) != 0)
            continue;
        if (e->s[n] == '=' && o->op != LE && o->op != GE && o->op != EQ &&
            o->op != NE && o->op != LT && o->op != GT)
            return 0;
        return o;
    }
    return 0;
}

static struct value arith_unary(struct expr *e);

// A name, perhaps with ++ or -- behind it. Where it is assigned to, what it
// was does not matter.
static struct value
named(struct expr *e)
{
    struct value r = { 0, 0 };
    const char *start = e->s;
    int step;

    while (isalnum((uchar)*e->s) || *e->s == '_')
        e->s++;
    r.name = keep(&scratch, start, e->s - start);
    blanks(e);
    if (e->s[0] != '=' || e->s[1] == '=')
        r.v = variable(e, r.name);
    step = arith_accept(e, "++") ? 1 : arith_accept(e, "--") ? -1 : 0;
    if (step) {
        store(e, r.name, (u64)r.v + step);
        r.name = 0;
    }
    return r;
}

// What stands behind ++ or --.
static s64
stepped(struct expr *e, int step)
{
    struct value r = arith_unary(e);

    r.v = (u64)r.v + step;
    if (r.name)
        store(e, r.name, r.v);
    else
        arith_mistake(e, "expected a name after ++ or --");
    return r.v;
}

static s64
parenthesized(struct expr *e)
{
    s64 v = arith_assignment(e).v;

    if (!arith_accept(e, ")"))
        arith_mistake(e, "expected ')'");
    return v;
}

static struct value
operand(struct expr *e)
{
    struct value r = { 0, 0 };

    if (arith_accept(e, "("))
        r.v = parenthesized(e);
    else if (arith_accept(e, "++"))
        r.v = stepped(e, 1);
    else if (arith_accept(e, "--"))
        r.v = stepped(e, -1);
    else if (arith_accept(e, "-"))
        r.v = -(u64)arith_unary(e).v;
    else if (arith_accept(e, "+"))
        r.v = arith_unary(e).v;
    else if (arith_accept(e, "!"))
        r.v = !arith_unary(e).v;
    else if (arith_accept(e, "~"))
        r.v = ~arith_unary(e).v;
    else if (isdigit((uchar)*e->s))
        r.v = constant(e);
    else if (isalpha((uchar)*e->s) || *e->s == '_')
        r = named(e);
    else
        arith_mistake(e, *e->s ? "expected a number"
                               : "expected a number at its end");
    return r;
}

static struct value
arith_unary(struct expr *e)
{
    struct value r = { 0, 0 };

    if (++e->depth > MAXDEPTH)
        arith_mistake(e, "nested too deeply");
    else
        r = operand(e);
    e->depth--;
    return r;
}

static struct value
arith_binary(struct expr *e, int level)
{
    struct value a = arith_unary(e);
    const struct binary *o;
    int idle;
    s64 b;

    while ((o = arith_operator(e)) != 0 && o->level >= level) {
        e->s += strlen(o->text);
        idle = o->op == LAND ? !a.v : o->op == LOR ? a.v != 0 : 0;
        e->dry += idle;
        b = arith_binary(e, o->level + 1).v;
        e->dry -= idle;
        a.v = apply(e, o->op, a.v, b);
        a.name = 0;
    }
    return a;
}

static struct value
conditional(struct expr *e)
{
    struct value c = arith_binary(e, 1);
    s64 yes, no;

    if (!arith_accept(e, "?"))
        return c;
    e->dry += !c.v;
    yes = arith_assignment(e).v;
    e->dry -= !c.v;
    if (!arith_accept(e, ":"))
        arith_mistake(e, "expected ':'");
    e->dry += c.v != 0;
    no = ++e->depth > MAXDEPTH ? arith_mistake(e, "nested too deeply")
                               : conditional(e).v;
    e->depth--;
    e->dry -= c.v != 0;
    c.v = c.v ? yes : no;
    c.name = 0;
    return c;
}

// The level of e: = and its kind group from the right.
static struct value
arith_assignment(struct expr *e)
{
    static const struct { char text[4]; int op; } kinds[] = {
        { "*=", MUL }, { "/=", DIV }, { "%=", MOD }, { "+=", PLUS },
        { "-=", MINUS }, { "<<=", SHL }, { ">>=", SHR }, { "&=", BAND },
        { "^=", BXOR }, { "|=", BOR },
    };
    struct value a = conditional(e), b;
    uint i;

    blanks(e);
    if (a.name && e->s[0] == '=' && e->s[1] != '=') {
        e->s++;
        a.v = ++e->depth > MAXDEPTH ? arith_mistake(e, "nested too deeply")
                                    : arith_assignment(e).v;
        e->depth--;
        store(e, a.name, a.v);
    }
    for (i = 0; a.name && i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (!arith_accept(e, kinds[i].text))
            continue;
        b = arith_assignment(e);
        a.v = apply(e, kinds[i].op, a.v, b.v);
        store(e, a.name, a.v);
        break;
    }
    a.name = 0;
    return a;
}

int
arith(const char *s, long long *value, const char **why)
{
    struct expr e = { s, 0, 0, 0 };

    blanks(&e);
    *value = *e.s ? arith_assignment(&e).v : 0;
    while (!e.why && arith_accept(&e, ","))
        *value = arith_assignment(&e).v;
    blanks(&e);
    if (!e.why && *e.s)
        arith_mistake(&e, "expected an operator");
    *why = e.why;
    return e.why ? -1 : 0;
}
