// lib_regcomp.c: regular expressions become programs (regprog.h).
//
//     branch | branch             SPLIT branch JUMP branch
//     piece piece                 one behind the other
//     atom  atom* + ? {m,n}       as often as that in the program
//     c . [set] ( ) ^ $ \c        an instruction or a few
//
// Basic expressions write some operators with a backslash that extended ones
// write without; operator() hides that. A loop tests behind its body, and x*
// is (x+)?: so an empty turn of the body ends the loop and is kept.
//
// After an error the parser goes on to the end without effect: next() is 0.

#ifndef HOSTED
#include "user.h"
#endif
#include "class.h"
#include "regprog.h"

#define MAXPROG  100000             // instructions: {255} upon {255} ...
#define MAXDEPTH 200                // groups within groups
#define MANY     (RE_DUP_MAX + 1)

struct parser {
    const char *s;
    struct regprog *p;
    uint nsub, closed;              // closed, bit k: \k may follow
    int  extended, depth, error;
};

static void alternatives(struct parser *ps);

static void
fail(struct parser *ps, int error)
{
    if (ps->error == 0)
        ps->error = error;
    ps->s += strlen(ps->s);
}

// --- writing the program ---

// Makes room for n more instructions, at the end.
static int
grow(struct parser *ps, uint n)
{
    struct regprog *p = ps->p;
    uint room = p->room ? p->room : 16;
    struct reginst *code;

    while (room < p->n + n)
        room *= 2;
    if (p->n + n > MAXPROG ||
        (code = realloc(p->code, room * sizeof(*code))) == 0) {
        fail(ps, REG_ESPACE);
        return 0;
    }
    p->code = code;
    p->room = room;
    return 1;
}

// Its index.
static uint
emit(struct parser *ps, int op, int x, int y)
{
    struct regprog *p = ps->p;

    if (!grow(ps, 1))
        return 0;
    p->code[p->n].op = op;
    p->code[p->n].c = op == R_CHAR ? p->fold[(uchar)x] : 0;
    p->code[p->n].x = x;
    p->code[p->n].y = y;
    return p->n++;
}

// Puts a SPLIT before the instruction at, which moves on by one.
static void
split_before(struct parser *ps, uint at, int y)
{
    struct regprog *p = ps->p;

    if (!grow(ps, 1))
        return;
    memmove(&p->code[at + 1], &p->code[at], (p->n - at) * sizeof(*p->code));
    p->n++;
    p->code[at].op = R_SPLIT;
    p->code[at].x = 1;
    p->code[at].y = y;
}

static void
copy(struct parser *ps, uint from, uint n)
{
    struct regprog *p = ps->p;

    if (grow(ps, n)) {
        memcpy(&p->code[p->n], &p->code[from], n * sizeof(*p->code));
        p->n += n;
    }
}

// Groups from start on may match more than once.
static void
note_loop(struct regprog *p, uint start)
{
    uint i;

    for (i = start; i < p->n; i++)
        if (p->code[i].op == R_SAVE && p->code[i].x < 64)
            p->looped |= 1u << p->code[i].x / 2;
}

// The part from start on is to match min to max times.
static void
repeat(struct parser *ps, uint start, int min, int max)
{
    struct regprog *p = ps->p;
    uint len = p->n - start;
    int i;

    if (max == 0) {
        p->n = start;
        return;
    }
    if (max > 1)
        note_loop(p, start);
    for (i = 1; i < min && ps->error == 0; i++)
        copy(ps, start, len);
    if (max == MANY)
        emit(ps, R_SPLIT, -(int)len, 1);
    if (max == MANY && min == 0)
        split_before(ps, start, len + 2);
    if (max == MANY)
        return;
    if (min == 0)                   // the others, each left out or not
        split_before(ps, start, 1 + len + (max - 1) * (len + 1));
    for (i = min ? min : 1; i < max && ps->error == 0; i++) {
        emit(ps, R_SPLIT, 1, (max - i) * (len + 1));
        copy(ps, min ? start : start + 1, len);
    }
}

static struct regset *
newset(struct parser *ps)
{
    struct regprog *p = ps->p;
    struct regset *sets;

    if (p->nsets == p->setroom) {
        sets = realloc(p->sets, (p->setroom * 2 + 4) * sizeof(*sets));
        if (sets == 0) {
            fail(ps, REG_ESPACE);
            return 0;
        }
        p->sets = sets;
        p->setroom = p->setroom * 2 + 4;
    }
    emit(ps, R_SET, p->nsets, 0);
    memset(&p->sets[p->nsets], 0, sizeof(*p->sets));
    return &p->sets[p->nsets++];
}

static void
include(struct regset *set, uchar c)
{
    set->bits[c / 32] |= 1u << c % 32;
}

// --- sets in brackets ---

static int
wordchar(int c)
{
    return isalnum(c) || c == '_';
}

// All characters of a class.
static void
include_class(struct regset *set, classfn *has)
{
    int c;

    for (c = 0; c < 256; c++)
        if (has(c))
            include(set, c);
}

static void
named_class(struct parser *ps, struct regset *set, const char *name, uint n)
{
    classfn *has = charclass(name, n);

    if (has == 0)
        fail(ps, REG_ECTYPE);
    else if ((ps->p->flags & REG_ICASE) && (has == isupper || has == islower))
        include_class(set, isalpha);
    else
        include_class(set, has);
}

// At "[:", "[=" or "[.": the length of what is named, *name; else -1.
static int
named(struct parser *ps, const char **name)
{
    const char *s = ps->s;
    char kind = s[1];

    if (s[0] != '[' || (kind != ':' && kind != '=' && kind != '.'))
        return -1;
    *name = s + 2;
    for (s += 2; *s && (s[0] != kind || s[1] != ']'); s++)
        ;
    if (*s == 0) {
        fail(ps, REG_EBRACK);
        return 0;
    }
    ps->s = s + 2;
    return s - *name;
}

// One end of a range: c, [.c.] or [=c=]; -1 after a [:class:] or an error.
static int
range_end(struct parser *ps, struct regset *set)
{
    const char *name;
    int n;

    if (*ps->s == 0) {
        fail(ps, REG_EBRACK);
        return -1;
    }
    if ((n = named(ps, &name)) < 0)
        return (uchar)*ps->s++;
    if (ps->error)
        return -1;
    if (name[-1] == ':' && set) {
        named_class(ps, set, name, n);
        return -1;
    }
    if (n != 1 || name[-1] == ':') {
        fail(ps, name[-1] == ':' ? REG_ERANGE : REG_ECOLLATE);
        return -1;
    }
    return (uchar)*name;
}

static void
finish_set(struct parser *ps, struct regset *set, int not)
{
    int c, i;

    for (c = 0; (ps->p->flags & REG_ICASE) && c < 256; c++) {
        if (c >= 'a' && c <= 'z' && reghas(set, c))
            include(set, c - 'a' + 'A');
        if (c >= 'A' && c <= 'Z' && reghas(set, c))
            include(set, c - 'A' + 'a');
    }
    for (i = 0; not && i < 8; i++)
        set->bits[i] = ~set->bits[i];
}

// Behind its [.
static void
bracket(struct parser *ps)
{
    struct regset *set = newset(ps);
    int not = *ps->s == '^', first = 1, from, to;

    if (set == 0)
        return;
    for (ps->s += not; !ps->error && (*ps->s != ']' || first); first = 0) {
        if ((from = to = range_end(ps, set)) < 0)
            continue;
        if (ps->s[0] == '-' && ps->s[1] && ps->s[1] != ']') {
            ps->s++;
            to = range_end(ps, 0);
            if (to >= 0 && to < from)
                fail(ps, REG_ERANGE);
        }
        for (; from <= to; from++)
            include(set, from);
    }
    if (ps->error)
        return;
    ps->s++;
    finish_set(ps, set, not);
    if (not && (ps->p->flags & REG_NEWLINE))
        set->bits[0] &= ~(1u << '\n');
}

// \w \W \s \S
static void
class_escape(struct parser *ps, char c)
{
    struct regset *set = newset(ps);

    if (set == 0)
        return;
    include_class(set, c == 'w' || c == 'W' ? wordchar : isspace);
    finish_set(ps, set, c == 'W' || c == 'S');
}

// --- reading the expression ---

// The operator at hand among ( ) { | * + ?, 0 if none; and its length.
static int
operator(struct parser *ps, int *len)
{
    int c = *ps->s;

    *len = 1;
    if (c && strchr(ps->extended ? "(){|*+?" : "*", c))
        return c;
    if (ps->extended || c != '\\' || ps->s[1] == 0)
        return 0;
    *len = 2;
    return strchr("(){|+?", ps->s[1]) ? ps->s[1] : 0;
}

static int
number_at(const char **s)
{
    int n = -1;

    for (; **s >= '0' && **s <= '9'; (*s)++)
        if ((n = (n < 0 ? 0 : n) * 10 + **s - '0') > MANY)
            n = MANY + 1;
    return n;
}

// Reads m,n} behind its {; 0 or an error.
static int
interval(struct parser *ps, const char **end, int *min, int *max)
{
    const char *s = *end;

    *min = *max = number_at(&s);
    if (*s == ',') {
        s++;
        if (*min < 0)
            *min = 0;
        if ((*max = number_at(&s)) < 0)
            *max = MANY;
        else if (*max == MANY)
            *max = MANY + 1;        // the number 256: too large
    }
    if (*s == 0)
        return REG_EBRACE;
    if (!ps->extended && *s++ != '\\')
        return REG_BADBR;
    if (*s++ != '}' || *min < 0)
        return REG_BADBR;
    *end = s;
    if (*min > RE_DUP_MAX || *max > MANY || *min > *max)
        return REG_BADBR;
    return 0;
}

// In extended expressions a { that begins no interval is a character.
static int
is_interval(struct parser *ps)
{
    const char *s = ps->s + 1;
    int min, max;

    return !ps->extended || interval(ps, &s, &min, &max) == 0 || s > ps->s + 1;
}

static void
group(struct parser *ps)
{
    uint k = ++ps->nsub;
    int len;

    emit(ps, R_SAVE, 2 * k, 0);
    if (++ps->depth > MAXDEPTH)
        fail(ps, REG_ESPACE);
    alternatives(ps);
    ps->depth--;
    if (operator(ps, &len) != ')') {
        fail(ps, REG_EPAREN);
        return;
    }
    ps->s += len;
    emit(ps, R_SAVE, 2 * k + 1, 0);
    if (k < 10)
        ps->closed |= 1u << k;
}

static void
escape(struct parser *ps)
{
    static const char special[] = "`'bB<>";
    static const uchar ops[] = {
        R_BOT, R_EOT, R_WORDB, R_INWORD, R_WORDS, R_WORDE
    };
    char c = ps->s[1];

    if (c == 0) {
        fail(ps, REG_EESCAPE);
        return;
    }
    ps->s += 2;
    if (c >= '1' && c <= '9') {
        if ((ps->closed >> (c - '0') & 1) == 0)
            fail(ps, REG_ESUBREG);
        ps->p->backrefs |= 1u << (c - '0');
        emit(ps, R_BACK, c - '0', 0);
    } else if (strchr(special, c)) {
        emit(ps, ops[strchr(special, c) - special], 0, 0);
    } else if (strchr("wWsS", c)) {
        class_escape(ps, c);
    } else {
        emit(ps, R_CHAR, c, 0);
    }
}

// $ ends a line where a part ends, and everywhere in extended expressions.
static int
at_end(struct parser *ps)
{
    int len, op;

    if (ps->extended || ps->s[1] == 0)
        return 1;
    ps->s++;
    op = operator(ps, &len);
    ps->s--;
    return op == '|' || (op == ')' && ps->depth);
}

// An atom; first: nothing stands before it that could be repeated.
static void
atom(struct parser *ps, int first)
{
    int len, op = operator(ps, &len), c = *ps->s;

    if (op == '(') {
        ps->s += len;
        group(ps);
    } else if (op == '{' && ps->extended && !is_interval(ps)) {
        emit(ps, R_CHAR, *ps->s++, 0);
    } else if (op && (ps->extended || op == '{')) {
        fail(ps, REG_BADRPT);
    } else if (op) {                // \(*a\): itself
        ps->s += len;
        emit(ps, R_CHAR, op, 0);
    } else if (c == '\\') {
        escape(ps);
    } else if (c == '^' && (first || ps->extended)) {
        ps->s++;
        emit(ps, R_BOL, 0, 0);
    } else if (c == '$' && at_end(ps)) {
        ps->s++;
        emit(ps, R_EOL, 0, 0);
    } else if (ps->s++, c == '[') {
        bracket(ps);
    } else {
        emit(ps, c == '.' ? R_ANY : R_CHAR, c, 0);
    }
}

// The operators behind the atom that starts at start.
static void
repetitions(struct parser *ps, uint start)
{
    const char *s;
    int op, len, min, max, error;

    while ((op = operator(ps, &len)) != 0 && strchr("*+?{", op)) {
        if (op == '{' && !is_interval(ps))
            return;
        s = ps->s + len;
        min = op == '+';
        max = op == '?' ? 1 : MANY;
        if (op == '{' && (error = interval(ps, &s, &min, &max)) != 0) {
            fail(ps, error);
            return;
        }
        ps->s = s;
        repeat(ps, start, min, max);
    }
}

static void
branch(struct parser *ps)
{
    int first = 1, op, len;
    const char *s;
    uint start;

    while (*ps->s && (op = operator(ps, &len)) != '|' && op != ')') {
        s = ps->s;
        start = ps->p->n;
        atom(ps, first);
        first = first && !ps->extended && *s == '^';
        if (!first)
            repetitions(ps, start);
    }
}

static void
alternatives(struct parser *ps)
{
    uint start = ps->p->n, last = 0, before;
    int len;

    branch(ps);
    while (operator(ps, &len) == '|') {
        ps->s += len;
        split_before(ps, start, ps->p->n + 2 - start);
        last = emit(ps, R_JUMP, last, 0);   // for now: the one before
        start = ps->p->n;
        branch(ps);
    }
    for (; last && ps->error == 0; last = before) {
        before = ps->p->code[last].x;
        ps->p->code[last].x = ps->p->n - last;
    }
}

// --- what a match can begin with ---

static void
first_char(struct regprog *p, struct reginst *in)
{
    int c;

    for (c = 0; c < 256; c++)
        if (in->op == R_ANY || in->op == R_BACK ||
            (in->op == R_SET && reghas(&p->sets[in->x], c)) ||
            (in->op == R_CHAR && p->fold[c] == in->c))
            include(&p->first, c);
    if (in->op == R_BACK)
        p->nullable = 1;
}

// Notes that pc is reached: how many, 0 or 1, that adds to what is to do.
static int
first_reach(uint pc, uint *todo, uchar *seen)
{
    if (seen[pc])
        return 0;
    seen[pc] = 1;
    *todo = pc;
    return 1;
}

// Follows the program from its start as far as no character is needed.
static int
find_first(struct regprog *p)
{
    uint *todo = malloc((p->n + 1) * sizeof(*todo)), n = 1, pc, k;
    uchar *seen = calloc(p->n, 1);
    struct reginst *in;

    if (todo)
        todo[0] = 0;
    while (todo && seen && n) {
        pc = todo[--n];
        in = &p->code[pc];
        if (in->op <= R_BACK) {
            first_char(p, in);
            continue;
        }
        if (in->op == R_MATCH) {
            p->nullable = 1;
            continue;
        }
        k = pc + (in->op == R_SPLIT || in->op == R_JUMP ? in->x : 1);
        n += first_reach(k, todo + n, seen);
        if (in->op == R_SPLIT)
            n += first_reach(pc + in->y, todo + n, seen);
    }
    free(todo);
    free(seen);
    return todo && seen ? 0 : REG_ESPACE;
}

int
regcomp(regex_t *re, const char *pattern, int flags)
{
    struct parser ps = { .s = pattern, .extended = flags & REG_EXTENDED };
    int c;

    re->re_nsub = 0;
    if ((ps.p = re->re_prog = calloc(1, sizeof(*ps.p))) == 0)
        return REG_ESPACE;
    ps.p->flags = flags;
    for (c = 0; c < 256; c++)
        ps.p->fold[c] = (flags & REG_ICASE) && c >= 'A' && c <= 'Z' ?
                        c - 'A' + 'a' : c;
    emit(&ps, R_SAVE, 0, 0);        // a JUMP at 0 would end its chain
    alternatives(&ps);
    if (*ps.s)
        fail(&ps, REG_EPAREN);
    emit(&ps, R_MATCH, 0, 0);
    for (c = 1; c < 10; c++)
        if (ps.p->backrefs >> c & 1)
            ps.p->lastback = c;
    if (ps.error == 0)
        ps.error = find_first(ps.p);
    re->re_nsub = ps.nsub;
    if (ps.error)
        regfree(re);
    return ps.error;
}

void
regfree(regex_t *re)
{
    struct regprog *p = re->re_prog;

    re->re_prog = 0;
    if (p == 0)
        return;
    free(p->code);
    free(p->sets);
    free(p->work);
    free(p);
}

unsigned long
regerror(int code, const regex_t *re, char *buf, unsigned long size)
{
    static const char *const words[] = {
        "no error", "no match", "bad pattern", "bad character name in [. .]",
        "no such character class", "backslash at the end",
        "back-reference to a group that is not there", "[ without ]",
        "( without ), or the other way round", "{ without }",
        "bad numbers in { }", "bad range in [ ]", "out of memory",
        "nothing to repeat",
    };
    const char *s = "unknown error";

    (void)re;
    if (code >= 0 && code < (int)(sizeof(words) / sizeof(*words)))
        s = words[code];
    if (size) {
        strncpy(buf, s, size - 1);
        buf[size - 1] = 0;
    }
    return strlen(s) + 1;
}
