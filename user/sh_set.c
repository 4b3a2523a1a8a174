// sh_set.c: the built-in commands for options, parameters and variables.

#include "sh.h"

static int
bad_name(const char *command, const char *name)
{
    complain("%s: %s: not a name", command, name);
    return MISUSED;
}

void
adds_quoted(struct text *t, const char *s)
{
    addc(t, '\'');
    for (; *s; s++) {
        if (*s == '\'')
            adds(t, "'\\'");
        addc(t, *s);
    }
    addc(t, '\'');
}

static int
show_variables(const char *before, int exported, int readonly)
{
    struct text t = { 0, 0, 0, 0 };
    struct var **list;
    uint n, i;

    list = allvars(&n);
    for (i = 0; i < n; i++) {
        if ((exported && !list[i]->exported) ||
            (readonly && !list[i]->readonly) ||
            (list[i]->value == 0 && !exported && !readonly))
            continue;
        adds(&t, before);
        adds(&t, list[i]->name);
        if (list[i]->value) {
            addc(&t, '=');
            adds_quoted(&t, list[i]->value);
        }
        addc(&t, '\n');
    }
    return out_flush(&t);
}

// ---- set, shift ----

static int *
option(int letter)
{
    switch (letter) {
    case 'e': return &opt_e;
    case 'f': return &opt_f;
    case 'u': return &opt_u;
    case 'x': return &opt_x;
    }
    return 0;
}

// -e +x and so on; 0 if a letter is not known.
int
set_options(const char *word)
{
    const char *s;
    int *which;

    for (s = word + 1; *s; s++) {
        if ((which = option(*s)) == 0)
            return 0;
        *which = word[0] == '-';
    }
    return 1;
}

int
do_set(char **argv)
{
    int i = 1, n;

    if (argv[1] == 0)
        return show_variables("", 0, 0);
    for (; argv[i] && (argv[i][0] == '-' || argv[i][0] == '+'); i++) {
        if (strcmp(argv[i], "--") == 0) {
            i++;
            break;
        }
        if (argv[i][1] == 0)
            break;
        if (!set_options(argv[i]))
            fail(MISUSED, "set: %s: unknown option; there are -e -f -u -x",
                 argv[i]);
    }
    for (n = i; argv[n]; n++)
        ;
    if (n > i || strcmp(argv[i - 1], "--") == 0)
        setparams(argv + i, n - i);
    return 0;
}

int
do_shift(char **argv)
{
    int n = argv[1] ? count(argv[1]) : 1;

    if (n < 0)
        fail(MISUSED, "shift: %s: not a number", argv[1]);
    if (n > params.n) {
        complain("shift: there are only %d parameters", params.n);
        return 1;
    }
    setparams(params.v + n, params.n - n);
    return 0;
}

// ---- variables ----

// NAME or NAME=value: sets it, and *name is the name alone.
static int
declare(const char *command, char *arg, char **name)
{
    char *equals = strchr(arg, '=');

    *name = keep(&scratch, arg, equals ? (uint)(equals - arg) : strlen(arg));
    if (!isname(*name, strlen(*name)))
        return bad_name(command, arg);
    if (equals && setvar(*name, equals + 1) < 0)
        return 1;
    return 0;
}

int
do_export(char **argv)
{
    int result = 0, wrong, i;
    char *name;

    if (argv[1] == 0 || strcmp(argv[1], "-p") == 0)
        return show_variables("export ", 1, 0);
    for (i = 1; argv[i]; i++) {
        if ((wrong = declare("export", argv[i], &name)) == 0)
            exportvar(name);
        result |= wrong;
    }
    return result;
}

int
do_readonly(char **argv)
{
    int result = 0, wrong, i;
    char *name;

    if (argv[1] == 0 || strcmp(argv[1], "-p") == 0)
        return show_variables("readonly ", 0, 1);
    for (i = 1; argv[i]; i++) {
        if ((wrong = declare("readonly", argv[i], &name)) == 0)
            findvar(name, 1)->readonly = 1;
        result |= wrong;
    }
    return result;
}

int
do_unset(char **argv)
{
    int functions = 0, result = 0, i = 1;

    for (; argv[i] && argv[i][0] == '-' && strcmp(argv[i], "--"); i++) {
        functions = strcmp(argv[i], "-f") == 0;
        if (!functions && strcmp(argv[i], "-v") != 0)
            fail(MISUSED, "unset: %s: unknown option; there are -f -v",
                 argv[i]);
    }
    if (argv[i] && strcmp(argv[i], "--") == 0)
        i++;
    for (; argv[i]; i++) {
        if (functions)
            forget_function(argv[i]);
        else if (setvar(argv[i], 0) < 0)
            result = 1;
        else if (!isname(argv[i], strlen(argv[i])))
            result = bad_name("unset", argv[i]);
    }
    return result;
}

int
do_local(char **argv)
{
    char *equals, *name;
    int i;

    if (calls == 0)
        fail(MISUSED, "local: only in a function");
    for (i = 1; argv[i]; i++) {
        equals = strchr(argv[i], '=');
        name = keep(&scratch, argv[i],
                    equals ? (uint)(equals - argv[i]) : strlen(argv[i]));
        if (!isname(name, strlen(name)))
            return bad_name("local", argv[i]);
        if (savevar(name) < 0)
            return 1;
        if (equals)
            setvar(name, equals + 1);
    }
    return 0;
}

// ---- read ----

// A line from descriptor 0, byte by byte: what follows is for others. marks
// has a q beside each byte that a backslash quoted. 0 at the end of file.
static int
read_marked(struct text *t, struct text *marks, int raw)
{
    int quoted = 0, got;
    char c;

    add(t, "", 0);
    add(marks, "", 0);
    while ((got = read(0, &c, 1)) > 0) {
        if (c == '\\' && !raw && !quoted) {
            quoted = 1;
            continue;
        }
        if (c == '\n' && !quoted)
            return 1;
        if (c != 0 && !(c == '\n' && quoted)) {
            addc(t, c);
            addc(marks, quoted ? 'q' : 'p');
        }
        quoted = 0;
    }
    if (got < 0)
        complain_errno("read");
    return 0;
}

struct line {
    char *s, *marks;
    const char *seps;
};

// What divides at i? 1: a blank, 2: another separator, 0: nothing.
static int
read_divides(struct line *l, uint i)
{
    if (l->s[i] == 0 || l->marks[i] == 'q' || !strchr(l->seps, l->s[i]))
        return 0;
    return strchr(" \t\n", l->s[i]) ? 1 : 2;
}

// The field at *at; steps behind it and what divides it from the next.
static char *
field(struct line *l, uint *at)
{
    uint from = *at, end;

    while (l->s[*at] && !read_divides(l, *at))
        ++*at;
    end = *at;
    while (read_divides(l, *at) == 1)
        ++*at;
    if (read_divides(l, *at) == 2)
        ++*at;
    while (read_divides(l, *at) == 1)
        ++*at;
    return keep(&scratch, l->s + from, end - from);
}

// All that is left, without the blanks at its end, or one that divides if
// that ends the only field.
static char *
rest(struct line *l, uint at)
{
    uint end = strlen(l->s), next = at;

    field(l, &next);
    if (l->s[next] == 0)
        return field(l, &at);
    while (end > at && read_divides(l, end - 1) == 1)
        end--;
    return keep(&scratch, l->s + at, end - at);
}

int
do_read(char **argv)
{
    struct text t = { 0, 0, 0, 0 }, marks = { 0, 0, 0, 0 };
    int raw = 0, i = 1, got;
    struct line l;
    uint at = 0;

    for (; argv[i] && argv[i][0] == '-' && argv[i][1]; i++) {
        if (strcmp(argv[i], "-r") == 0)
            raw = 1;
        else if (strcmp(argv[i], "-p") == 0 && argv[i + 1])
            dprintf(2, "%s", argv[++i]);
        else
            return bad_name("read", argv[i]);
    }
    got = read_marked(&t, &marks, raw);
    l.s = t.s;
    l.marks = marks.s;
    l.seps = ifs();
    while (read_divides(&l, at) == 1)
        at++;
    for (; argv[i]; i++) {
        if (!isname(argv[i], strlen(argv[i])))
            return bad_name("read", argv[i]);
        if (setvar(argv[i], argv[i + 1] ? field(&l, &at) : rest(&l, at)) < 0)
            return MISUSED;
    }
    return !got;
}
