// t_shparse.c: the shell's parser, patterns and arithmetic on texts that
// nobody would write. Whole scripts are cut, joined, mixed up and fed with
// bytes at random; nothing may crash, run without end, or leave memory behind
// (the sanitizers watch). What is well-formed must be taken, and what is not
// must be refused with a message.

#include "../../user/sh_mem.c"
#include "../../user/sh_lex.c"
#include "../../user/sh_word.c"
#include "../../user/sh_arith.c"
#include "../../user/sh_parse.c"
#include "../../user/lib_class.c"
#include "../../user/lib_match.c"

#define ROUNDS 20000
#define MAXLEN 600

int opt_u;

const char *
getvar(const char *name)
{
    return name[0] == 'x' ? "-7" : name[0] == 'y' ? "junk" : 0;
}

int
setvar(const char *name, const char *value)
{
    (void)value;
    return name[0] == 'r' ? -1 : 0;
}

static const char *
alias(const char *name)
{
    return strcmp(name, "ll") == 0 ? "ls -l" :
        strcmp(name, "a") == 0 ? "b x\na" : strcmp(name, "b") == 0 ? "a | b" :
        strcmp(name, "i") == 0 ? "if" : 0;
}

static uint seed = 1;

static uint
chance(uint n)
{
    seed = seed * 1664525 + 1013904223;
    return (seed >> 8) % n;
}

static const char *const seeds[] = {
    "echo 'a b' \"c $x\" d\\e; cat <f >>g 2>&1 | wc -l &\n",
    "if a; then b; elif c; then d; else e; fi > f\n",
    "while a && b || ! c; do d; continue 2; done\nuntil e; do f; done\n",
    "for i in a \"$@\" b; do echo $i; done; for i; do :; done\n",
    "case $x in (a|b*) c;; [!d-f]) e ;; *) esac\n",
    "f() { local x=1; return $?; }\nf a b\n",
    "x=$(echo `echo \\`b\\`` $(case a in a) echo ')';; esac))\n",
    "echo ${x:-a 'b' \"$c\"} ${#x} ${x%%.*} \"${x#'*'}\" ${10} $#$$\n",
    "echo $((1 + (2 * x) << 3)) \"$((y = 5, y++))\"\n",
    "cat <<E <<-'F'\n$x `b` $(c)\n\\\nd\nE\n\t raw\n\tF\n",
    "( (a; b) | { c; d\n} ) && e ||\n\nf # comment 'x\n",
    "ll x; a y; b; i true; then c; fi\n",
    "x=1 y=\"a b\" z= cmd 3<&- 4>&1 <>f >|g\n",
};
#define NSEED (sizeof(seeds) / sizeof(seeds[0]))

static const char *const bits[] = {
    "'", "\"", "`", "$(", "$((", "))", ")", "${", "}", "\n", "<<E\n", "E\n",
    "\\", "|", "&", ";;", "if ", "then ", "fi", "do ", "done", "case ", "esac",
    "for ", " in ", "{ ", "(", "a", "$x", "#", "<", ">", "!", "ll ", "[", "*",
};
#define NBIT (sizeof(bits) / sizeof(bits[0]))

// A text of at most MAXLEN bytes; its length.
static uint
make(char *s)
{
    uint n = 0, len, at, count = 1 + chance(4), i;
    const char *from;

    for (i = 0; i < count; i++) {
        from = chance(2) ? seeds[chance(NSEED)] : bits[chance(NBIT)];
        len = strlen(from);
        at = chance(4) ? 0 : chance(len);
        len -= at;
        if (n + len <= MAXLEN) {
            memcpy(s + n, from + at, len);
            n += len;
        }
    }
    for (i = chance(6); i > 0 && n > 0; i--) {
        at = chance(n);
        from = bits[chance(NBIT)];
        len = strlen(from);
        if (chance(3) == 0) {
            s[at] = chance(256);
        } else if (n + len <= MAXLEN) {
            memmove(s + at + len, s + at, n - at);
            memcpy(s + at, from, len);
            n += len;
        }
    }
    return chance(8) ? n : chance(n + 1);
}

// All commands of a text; how many mistakes.
static int
parse_all(const char *s, uint n)
{
    struct mark none = { 0, 0 };
    struct parser p;
    struct tree *t;
    int wrong = 0, turns = 0;

    parse_text(&p, s, n, "test");
    p.alias = alias;
    while ((t = parse(&p)) != 0) {
        if (p.error) {
            wrong++;
            if (p.error[0] == 0 || t->list != 0)
                abort();
        }
        letgo(t->arena);
        if (++turns > 2 * MAXLEN)
            abort();
    }
    release(&scratch, none);
    return wrong;
}

static void
refused(const char *s, const char *message)
{
    struct parser p;
    struct tree *t;

    parse_text(&p, s, strlen(s), 0);
    while ((t = parse(&p)) != 0 && !p.error)
        letgo(t->arena);
    if (t == 0 || strcmp(p.error, message) != 0) {
        printf("%s: '%s', not '%s'\n", s, t ? p.error : "taken", message);
        exit(1);
    }
    letgo(t->arena);
}

// Nested deeper than anybody writes, but not than memory.
static void
deep(const char *open, int n)
{
    uint len = strlen(open), i;
    char *s = malloc(n * len);

    for (i = 0; i < n * len; i++)
        s[i] = open[i % len];
    if (parse_all(s, n * len) == 0)
        abort();
    free(s);
}

static void
arithmetic(const char *s, long long want)
{
    struct mark none = { 0, 0 };
    const char *why;
    long long v;

    if (arith(s, &v, &why) < 0 || v != want) {
        printf("%s: %lld (%s), not %lld\n", s, v, why ? why : "", want);
        exit(1);
    }
    release(&scratch, none);
}

int
main(void)
{
    static char s[MAXLEN + 8];
    struct mark none = { 0, 0 };
    const char *why;
    long long v;
    uint i, n;

    for (i = 0; i < NSEED; i++)
        if (parse_all(seeds[i], strlen(seeds[i])) != 0)
            return printf("refused: %s\n", seeds[i]), 1;
    refused("if a; fi", "expected 'then', found 'fi'");
    refused("while a\ndo b", "expected 'done', found end of file");
    refused("echo a (", "expected a command's end, found '('");
    refused("case a in b", "expected ')', found end of file");
    refused("(a", "expected ')', found end of file");
    refused("a |", "expected a command, found end of file");
    refused("a > ;", "expected a file name, found ';'");
    refused("for 1 in a", "expected a name, found '1'");
    refused("done", "expected a command, found 'done'");
    refused("a && fi", "expected a command, found 'fi'");
    refused("cat <<E\na\n", "expected 'E', found end of file");
    deep("( ", 100000);
    deep("{ ", 100000);
    deep("$(", 100000);
    deep("if ", 100000);
    deep("\"${x-", 100000);
    deep("if a; then b; elif ", 20000);
    deep("`\\", 10000);
    for (i = 0; i < ROUNDS; i++) {
        n = make(s);
        parse_all(s, n);
        s[n] = 0;
        arith(s, &v, &why);
        globmatch(s, s + n / 2);
        release(&scratch, none);
    }
    arithmetic("9223372036854775807 + 1", -9223372036854775807LL - 1);
    arithmetic("(-9223372036854775807 - 1) / -1", -9223372036854775807LL - 1);
    arithmetic("(-9223372036854775807 - 1) % -1", 0);
    arithmetic("1 ? 2 : 3/0", 2);
    arithmetic("0 && 1/0", 0);
    arithmetic("-8 >> 1", -4);
    arithmetic("x * x - 40", 9);
    if (arith("1/0", &v, &why) == 0 || arith("1 +", &v, &why) == 0 ||
        arith("((1)", &v, &why) == 0 || arith("y", &v, &why) == 0)
        return printf("bad arithmetic was taken\n"), 1;
    release(&scratch, none);
    return 0;
}
