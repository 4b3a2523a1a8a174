// sh_test.c: the command test, and [, for the shell and as a program.
//
//     or:       and { -o and }
//     and:      not { -a not }
//     not:      [!] primary
//     primary:  ( or ) | operator operand | operand operator operand | text
//
// POSIX fixes what one to four arguments mean; longer ones follow the rules
// above. A word that could be two things is taken as a binary operator's
// operand first.

#include "sh.h"

struct test {
    char **at, **end;
    const char *why;                // the first mistake
};

static int test_or(struct test *t);

static int
test_mistake(struct test *t, const char *why)
{
    if (t->why == 0)
        t->why = why;
    t->at = t->end;
    return 0;
}

static int
test_is(struct test *t, const char *word)
{
    return t->at < t->end && strcmp(*t->at, word) == 0;
}

// ---- files ----

static int
canopen(const char *path, int flags)
{
    int fd = open(path, flags);

    if (fd >= 0)
        close(fd);
    return fd >= 0;
}

// A program begins with ELF's or a script's first bytes.
static int
canrun(const char *path)
{
    int fd = open(path, O_RDONLY), n;
    char head[4];

    if (fd < 0)
        return 0;
    n = read(fd, head, sizeof(head));
    close(fd);
    return (n == 4 && memcmp(head, "\177ELF", 4) == 0) ||
        (n >= 2 && memcmp(head, "#!", 2) == 0);
}

static int
istype(const char *path, int type)
{
    struct stat st;

    return stat(path, &st) == 0 && st.type == type;
}

static int
isterminal(const char *fd)
{
    return isdigit((uchar)fd[0]) && isconsole(atoi(fd));
}

static int
hasbytes(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && st.size > 0;
}

static int
exists(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0;
}

static int
test_unary(int letter, const char *s)
{
    switch (letter) {
    case 'e': return exists(s);
    case 'f': return istype(s, T_FILE);
    case 'd': return istype(s, T_DIR);
    case 'c': return istype(s, T_DEV);
    case 's': return hasbytes(s);
    case 'r': return canopen(s, O_RDONLY);
    case 'w': return istype(s, T_DIR) || canopen(s, O_WRONLY);
    case 'x': return istype(s, T_DIR) || canrun(s);
    case 't': return isterminal(s);
    case 'n': return s[0] != 0;
    case 'z': return s[0] == 0;
    }
    return 0;
}

// ---- numbers, dates ----

// A sign and digits of any length: compared by size, then as text.
struct numeral {
    int minus;
    const char *digits;
    uint n;
};

static struct numeral
numeral(struct test *t, const char *s)
{
    struct numeral v = { 0, 0, 0 };
    const char *end;

    while (isspace((uchar)*s))
        s++;
    v.minus = *s == '-';
    s += *s == '-' || *s == '+';
    if (!isdigit((uchar)*s))
        test_mistake(t, "a number was expected");
    while (*s == '0')
        s++;
    for (end = s; isdigit((uchar)*end); end++)
        ;
    v.digits = s;
    v.n = end - s;
    if (v.n == 0)
        v.minus = 0;
    while (isspace((uchar)*end))
        end++;
    if (*end)
        test_mistake(t, "a number was expected");
    return v;
}

static int
compare(struct test *t, const char *left, const char *right)
{
    struct numeral a = numeral(t, left), b = numeral(t, right);
    int cmp;

    if (a.minus != b.minus)
        return b.minus - a.minus;
    cmp = a.n != b.n ? (a.n > b.n ? 1 : -1) : memcmp(a.digits, b.digits, a.n);
    return a.minus ? -cmp : cmp;
}

// A file that is not there is older than any.
static int
newer(const char *a, const char *b)
{
    struct stat x, y;

    if (stat(a, &x) < 0)
        return 0;
    return stat(b, &y) < 0 || x.mtime > y.mtime;
}

enum { EQ, NE, LT, GT, SAME, DIFFER, BEFORE, AFTER, GE, LE, NT, OT };

static const char *const binaries[] = {
    [EQ] = "-eq", [NE] = "-ne", [LT] = "-lt", [GT] = "-gt", [SAME] = "=",
    [DIFFER] = "!=", [BEFORE] = "<", [AFTER] = ">", [GE] = "-ge",
    [LE] = "-le", [NT] = "-nt", [OT] = "-ot",
};

// Which binary operator is at t->at + 1? -1: none, or no operand after it.
static int
binary_ahead(struct test *t)
{
    uint i;

    if (t->end - t->at < 3)
        return -1;
    for (i = 0; i < sizeof(binaries) / sizeof(binaries[0]); i++)
        if (strcmp(t->at[1], binaries[i]) == 0)
            return i;
    return -1;
}

static int
test_binary(struct test *t, int op, const char *a, const char *b)
{
    switch (op) {
    case EQ:     return compare(t, a, b) == 0;
    case NE:     return compare(t, a, b) != 0;
    case LT:     return compare(t, a, b) < 0;
    case GT:     return compare(t, a, b) > 0;
    case GE:     return compare(t, a, b) >= 0;
    case LE:     return compare(t, a, b) <= 0;
    case SAME:   return strcmp(a, b) == 0;
    case DIFFER: return strcmp(a, b) != 0;
    case BEFORE: return strcmp(a, b) < 0;
    case AFTER:  return strcmp(a, b) > 0;
    case NT:     return newer(a, b);
    default:     return newer(b, a);
    }
}

// ---- the grammar ----

static int
isunary(const char *s)
{
    return s[0] == '-' && s[1] && s[2] == 0 && strchr("efdcsrwxtnz", s[1]);
}

static int
test_primary(struct test *t)
{
    int op = binary_ahead(t), result;
    char **at = t->at;

    if (t->at >= t->end)
        return test_mistake(t, "an operand was expected");
    if (op >= 0) {
        t->at += 3;
        return test_binary(t, op, at[0], at[2]);
    }
    if (isunary(at[0]) && t->end - at >= 2) {
        t->at += 2;
        return test_unary(at[0][1], at[1]);
    }
    t->at++;
    if (strcmp(at[0], "(") != 0 || t->at == t->end)
        return at[0][0] != 0;
    result = test_or(t);
    if (!test_is(t, ")"))
        return test_mistake(t, "')' was expected");
    t->at++;
    return result;
}

static int
test_not(struct test *t)
{
    int negate = 0;

    while (test_is(t, "!") && t->end - t->at >= 2 && binary_ahead(t) < 0) {
        t->at++;
        negate = !negate;
    }
    return test_primary(t) != negate;
}

static int
test_and(struct test *t)
{
    int result = test_not(t);

    while (test_is(t, "-a")) {
        t->at++;
        result &= test_not(t);
    }
    return result;
}

static int
test_or(struct test *t)
{
    int result = test_and(t);

    while (test_is(t, "-o")) {
        t->at++;
        result |= test_and(t);
    }
    return result;
}

int
do_test(char **argv)
{
    struct test t = { argv + 1, argv + 1, 0 };
    const char *name = argv[0];
    int result;

    while (*t.end)
        t.end++;
    if (strcmp(name, "[") == 0) {
        if (t.end == argv + 1 || strcmp(t.end[-1], "]") != 0) {
            complain("[: expected ']' at the end");
            return 2;
        }
        t.end--;
    }
    if (t.at == t.end)
        return 1;
    result = test_or(&t);
    if (!t.why && t.at < t.end)
        test_mistake(&t, "too many arguments, or an unknown operator");
    if (t.why) {
        complain("%s: %s", name, t.why);
        return 2;
    }
    return !result;
}
