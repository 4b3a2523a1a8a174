// sh_var.c: variables, the parameters $1 $2 ..., the environment.
//
// A variable that is exported but has no value is kept without one. What
// `local` and `NAME=value command` hide is piled up in `savings` and put
// back, newest first.

#include "sh.h"

#define NCHAIN 61

struct saved {                      // what a variable was
    struct saved *under;
    char *name, *value;
    uchar exported;
};

struct params params;
char *arg0;

static struct var *chains[NCHAIN];
static uint nvars;
static struct saved *savings;

// ---- variables ----

struct var *
findvar(const char *name, int make)
{
    struct var **at, *v;
    const char *s;
    uint hash = 0;

    for (s = name; *s; s++)
        hash = hash * 31 + (uchar)*s;
    for (at = &chains[hash % NCHAIN]; (v = *at) != 0; at = &v->next)
        if (strcmp(v->name, name) == 0)
            return v;
    if (!make)
        return 0;
    v = *at = must(calloc(1, sizeof(*v)));
    v->name = must(strdup(name));
    nvars++;
    return v;
}

const char *
getvar(const char *name)
{
    struct var *v = findvar(name, 0);

    return v ? v->value : 0;
}

// The value goes in whatever the variable is.
static void
putvar(struct var *v, const char *value)
{
    char *copy = value ? must(strdup(value)) : 0;

    free(v->value);
    v->value = copy;
}

int
setvar(const char *name, const char *value)
{
    struct var *v = findvar(name, value != 0);

    if (v == 0)
        return 0;
    if (v->readonly) {
        complain("%s: readonly", name);
        return -1;
    }
    putvar(v, value);
    if (value == 0)
        v->exported = 0;
    return 0;
}

void
exportvar(const char *name)
{
    findvar(name, 1)->exported = 1;
}

static int
var_order(const void *a, const void *b)
{
    struct var *const *v = a, *const *w = b;

    return strcmp((*v)->name, (*w)->name);
}

struct var **
allvars(uint *n)
{
    struct var **list = take(&scratch, (nvars + 1) * sizeof(*list)), *v;
    uint i;

    *n = 0;
    for (i = 0; i < NCHAIN; i++)
        for (v = chains[i]; v; v = v->next)
            list[(*n)++] = v;
    qsort(list, *n, sizeof(*list), var_order);
    return list;
}

const char *
ifs(void)
{
    const char *s = getvar("IFS");

    return s ? s : " \t\n";
}

// ---- what is hidden for a time ----

struct saved *
savedvars(void)
{
    return savings;
}

int
savevar(const char *name)
{
    struct var *v = findvar(name, 1);
    struct saved *s;

    if (v->readonly) {
        complain("%s: readonly", name);
        return -1;
    }
    s = must(malloc(sizeof(*s)));
    s->name = v->name;
    s->value = v->value ? must(strdup(v->value)) : 0;
    s->exported = v->exported;
    s->under = savings;
    savings = s;
    return 0;
}

void
restorevars(struct saved *to)
{
    struct saved *s;
    struct var *v;

    while ((s = savings) != to) {
        savings = s->under;
        v = findvar(s->name, 1);
        free(v->value);
        v->value = s->value;
        v->exported = s->exported;
        free(s);
    }
}

// ---- the environment ----

// What is not NAME=value is left out.
void
import_environment(void)
{
    char **e, *equals;

    for (e = environ; e && *e; e++) {
        equals = strchr(*e, '=');
        if (equals == 0 || !isname(*e, equals - *e))
            continue;
        *equals = 0;
        setvar(*e, equals + 1);
        exportvar(*e);
        *equals = '=';
    }
}

char **
environment(void)
{
    char **env = take(&scratch, (nvars + 1) * sizeof(*env));
    struct text t;
    struct var *v;
    uint i, n = 0;

    for (i = 0; i < NCHAIN; i++) {
        for (v = chains[i]; v; v = v->next) {
            if (!v->exported || v->value == 0)
                continue;
            memset(&t, 0, sizeof(t));
            adds(&t, v->name);
            addc(&t, '=');
            adds(&t, v->value);
            env[n++] = t.s;
        }
    }
    return env;
}

// ---- parameters ----

void
freeparams(void)
{
    char **v;

    for (v = params.base; v && *v; v++)
        free(*v);
    free(params.base);
    params.base = 0;
}

// Copies before it frees: v may be what the parameters are now.
void
setparams(char **v, int n)
{
    char **copy = must(calloc(n + 1, sizeof(*copy)));
    int i;

    for (i = 0; i < n; i++)
        copy[i] = must(strdup(v[i]));
    freeparams();
    params.base = params.v = copy;
    params.n = n;
}
