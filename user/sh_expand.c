// sh_expand.c: from words to arguments.
//
// A word's parts become bytes, each with a mark beside it that says where it
// comes from:
//
//     PLAIN     typed and not quoted: may be a pattern
//     QUOTED    only itself
//     VALUE     from an expansion outside quotes: may be a pattern, and IFS
//               divides it
//     NOTHING   no byte at all, but a quote was here: the field counts
//     BETWEEN   no byte: between two arguments of $@
//
// Then the bytes are divided into fields, and fields that are patterns
// become file names.

#include "sh.h"

enum { PLAIN = 'p', QUOTED = 'q', VALUE = 'v', NOTHING = 'n', BETWEEN = 'b' };

struct out {
    struct text bytes, marks;
    int whole;                      // one field whatever happens
    int inside;                     // of ${x:-...}: plain text is a value
};

static void expand_parts(struct out *o, struct part *part);

static void
expand_put(struct out *o, const char *s, uint n, char mark)
{
    add(&o->bytes, s, n);
    for (; n > 0; n--)
        addc(&o->marks, mark);
}

static void
put_value(struct out *o, const char *s, int quoted)
{
    if (quoted)
        expand_put(o, "", 1, NOTHING);
    expand_put(o, s, strlen(s), quoted ? QUOTED : VALUE);
}

// ---- parameters ----

// $@ and $*: fields of their own, except for "$*", which is one.
static void
put_args(struct out *o, int star, int quoted)
{
    const char *sep = ifs();
    int i, one = (star && quoted) || o->whole;

    if (one && !star)
        sep = " ";
    if (star && quoted)
        expand_put(o, "", 1, NOTHING);
    for (i = 0; i < params.n; i++) {
        if (i > 0 && one)
            expand_put(o, sep, sep[0] != 0, quoted ? QUOTED : VALUE);
        else if (i > 0)
            expand_put(o, "", 1, BETWEEN);
        put_value(o, params.v[i], quoted);
    }
}

// The options that are on, $-.
static const char *
flags(char *buf)
{
    char *s = buf;

    if (opt_e)
        *s++ = 'e';
    if (opt_f)
        *s++ = 'f';
    if (interactive)
        *s++ = 'i';
    if (opt_u)
        *s++ = 'u';
    if (opt_x)
        *s++ = 'x';
    *s = 0;
    return buf;
}

// The arguments as one string, for ${*%...} and the like.
static const char *
all_args(int star)
{
    const char *sep = star ? ifs() : " ";
    struct text t = { 0, 0, 0, 0 };
    int i;

    add(&t, "", 0);
    for (i = 0; i < params.n; i++) {
        add(&t, sep, i > 0 && sep[0]);
        adds(&t, params.v[i]);
    }
    return t.s;
}

// A parameter's value, 0 if it is not set.
static const char *
parameter(const char *name)
{
    static char num[24];
    int i;

    if (isdigit((uchar)name[0])) {
        i = strlen(name) > 9 ? INT_MAX : atoi(name);
        return i == 0 ? arg0 : i <= params.n ? params.v[i - 1] : 0;
    }
    switch (name[0]) {
    case '?': return number64(num, status);
    case '$': return number64(num, shellpid);
    case '#': return number64(num, params.n);
    case '!': return background ? number64(num, background) : 0;
    case '-': return flags(num);
    case '@': return params.n ? all_args(0) : 0;
    case '*': return params.n ? all_args(1) : 0;
    }
    return getvar(name);
}

static void
put_length(struct out *o, struct part *part)
{
    const char *value = parameter(part->text);
    char buf[24];
    uint n = value ? strlen(value) : 0;

    if (value == 0 && opt_u && !strchr("@*", part->text[0]))
        fail(1, "%s: parameter not set", part->text);
    if (strchr("@*", part->text[0]))
        n = params.n;
    put_value(o, number64(buf, n), part->quoted);
}

// ${x%p} and so on: what is left of value.
static char *
trimmed(const char *value, struct part *part)
{
    uint n = strlen(value), i, cut;
    char *copy = keep(&scratch, value, n), *pattern;
    int suffix = part->op == '%' || part->op == 'P';
    int longest = part->op == 'P' || part->op == 'H', hit;

    value = keep(&scratch, value, n);   // the pattern may change it
    pattern = expand_pattern(part->arg);
    for (i = 0; i <= n; i++) {
        cut = suffix == longest ? i : n - i;    // where value is divided
        copy[cut] = suffix ? value[cut] : 0;
        hit = globmatch(pattern, suffix ? copy + cut : copy);
        copy[cut] = value[cut];
        if (!hit)
            continue;
        if (!suffix)
            return copy + cut;
        copy[cut] = 0;
        return copy;
    }
    return copy;
}

static void
put_arg(struct out *o, struct part *part)
{
    int inside = o->inside;

    if (part->quoted)
        expand_put(o, "", 1, NOTHING);
    o->inside = 1;
    expand_parts(o, part->arg->parts);
    o->inside = inside;
}

static const char *
assigned(struct part *part)
{
    const char *value = expand_word(part->arg);

    if (!isname(part->text, strlen(part->text)))
        fail(MISUSED, "%s: cannot be assigned to", part->text);
    if (setvar(part->text, value) < 0)
        giveup(MISUSED);
    return value;
}

static void
not_set(struct part *part, const char *value)
{
    const char *why = part->arg ? expand_word(part->arg) : "";

    if (why[0] == 0)
        why = value ? "parameter null or not set" : "parameter not set";
    fail(MISUSED, "%s: %s", part->text, why);
}

static void
put_parameter(struct out *o, struct part *part)
{
    const char *value = parameter(part->text);
    int many = strchr("@*", part->text[0]) != 0;
    int missing = value == 0 || (part->colon && value[0] == 0);

    if (part->op == 'L') {
        put_length(o, part);
    } else if (part->op == '+' ? !missing : part->op == '-' && missing) {
        put_arg(o, part);
    } else if (part->op == '=' && missing) {
        put_value(o, assigned(part), part->quoted);
    } else if (part->op == '?' && missing) {
        not_set(part, value);
    } else if (part->op == '+') {
        put_value(o, "", part->quoted);
    } else if (value == 0 && opt_u && !many) {
        not_set(part, 0);
    } else if (part->op && strchr("%#PH", part->op)) {
        put_value(o, trimmed(value ? value : "", part), part->quoted);
    } else if (many) {
        put_args(o, part->text[0] == '*', part->quoted);
    } else {
        put_value(o, value ? value : "", part->quoted);
    }
}

// ---- the other parts ----

static void
put_arith(struct out *o, struct part *part)
{
    const char *why, *expr = expand_word(part->arg);
    char buf[24];
    long long v;

    if (arith(expr, &v, &why) < 0)
        fail(MISUSED, "arithmetic: %s: %s", why, expr);
    put_value(o, number64(buf, v), part->quoted);
}

// ~ or ~/ at the beginning: HOME, or else the root. Returns what follows.
static const char *
tilde(struct out *o, const char *s, int last)
{
    const char *home = getvar("HOME");
    uint n;

    if (s[0] != '~' || (s[1] ? s[1] != '/' : !last))
        return s;
    if (home == 0)
        home = "/";
    n = strlen(home);
    if (n > 0 && home[n - 1] == '/' && s[1] == '/')
        n--;                        // not //
    expand_put(o, home, n, QUOTED);
    return s + 1;
}

static void
expand_parts(struct out *o, struct part *part)
{
    for (; part; part = part->next) {
        if (part->kind == PARAM)
            put_parameter(o, part);
        else if (part->kind == COMMAND)
            put_value(o, substitute(part->tree), part->quoted);
        else if (part->kind == ARITH)
            put_arith(o, part);
        else if (part->quoted)
            put_value(o, part->text, 1);
        else
            expand_put(o, part->text, strlen(part->text),
                       o->inside ? VALUE : PLAIN);
    }
}

static void
expand_one(struct out *o, struct word *w)
{
    struct part *first = w->parts, rest;

    if (first && first->kind == TEXT && !first->quoted) {
        rest = *first;
        rest.text = (char *)tilde(o, first->text, first->next == 0);
        expand_parts(o, &rest);
    } else {
        expand_parts(o, first);
    }
}

// ---- fields ----

// The bytes from..to without those that are none; as a pattern, quoted ones
// get a backslash.
static char *
textof(struct out *o, uint from, uint to, int pattern)
{
    struct text t = { 0, 0, 0, 0 };
    uint i;
    char m;

    add(&t, "", 0);
    for (i = from; i < to; i++) {
        m = o->marks.s[i];
        if (m == NOTHING || m == BETWEEN)
            continue;
        if (pattern && m == QUOTED)
            addc(&t, '\\');
        addc(&t, o->bytes.s[i]);
    }
    return t.s;
}

static int
maywild(struct out *o, uint from, uint to)
{
    for (; from < to; from++)
        if (o->marks.s[from] != QUOTED && o->bytes.s[from] &&
            strchr("*?[", o->bytes.s[from]))
            return 1;
    return 0;
}

static void
endfield(struct list *f, struct out *o, uint from, uint to, int always)
{
    if (from == to && !always)
        return;
    if (!opt_f && maywild(o, from, to) &&
        glob(f, textof(o, from, to, 1)) > 0)
        return;
    append(f, textof(o, from, to, 0));
}

// Is byte i one that divides fields? 1: blank, 2: not blank.
static int
field_divides(struct out *o, uint i, const char *seps)
{
    char c = o->bytes.s[i];

    if (i >= o->bytes.n || o->marks.s[i] != VALUE || !c || !strchr(seps, c))
        return 0;
    return c == ' ' || c == '\t' || c == '\n' ? 1 : 2;
}

// Blanks around a divider belong to it, and such at the ends are nothing.
static void
field_divide(struct list *f, struct out *o)
{
    const char *seps = ifs();
    uint i = 0, from = 0, end;
    int hard;

    while (i < o->bytes.n) {
        if (o->marks.s[i] == BETWEEN) {
            endfield(f, o, from, i, 0);
            from = ++i;
        } else if (field_divides(o, i, seps)) {
            end = i;
            while (field_divides(o, i, seps) == 1)
                i++;
            hard = field_divides(o, i, seps) == 2;
            i += hard;
            while (hard && field_divides(o, i, seps) == 1)
                i++;
            endfield(f, o, from, end, hard);
            from = i;
        } else {
            i++;
        }
    }
    endfield(f, o, from, i, 0);
}

// ---- what others call ----

char **
expand_words(struct word *w, int *n)
{
    struct list f = { 0, 0, 0 };
    struct out o;

    for (; w; w = w->next) {
        memset(&o, 0, sizeof(o));
        expand_one(&o, w);
        field_divide(&f, &o);
    }
    if (f.v == 0)
        f.v = take(&scratch, sizeof(*f.v));
    *n = f.n;
    return f.v;
}

static char *
expand_whole(struct word *w, int pattern)
{
    struct out o;

    memset(&o, 0, sizeof(o));
    o.whole = 1;
    expand_one(&o, w);
    return textof(&o, 0, o.bytes.n, pattern);
}

char *
expand_word(struct word *w)
{
    return expand_whole(w, 0);
}

char *
expand_pattern(struct word *w)
{
    return expand_whole(w, 1);
}
