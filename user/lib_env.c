// lib_env.c: the environment, "NAME=value" strings.
//
// What exec passed stays where it is, on the stack; the first change copies
// the list of pointers. A string that setenv() made is freed when its
// variable changes; putenv()'s belong to the caller.

#include "user.h"

static char **list;                 // ours, when environ is this
static char **made;                 // setenv's strings, nmade of them
static uint nmade;

// Where the entry for the name of n bytes is; 0: nowhere.
static char **
entry(const char *name, size_t n)
{
    char **e;

    for (e = environ; e && *e; e++)
        if (strncmp(*e, name, n) == 0 && (*e)[n] == '=')
            return e;
    return 0;
}

char *
getenv(const char *name)
{
    size_t n = strlen(name);
    char **e = entry(name, n);

    return e ? *e + n + 1 : 0;
}

static int
isname(const char *name)
{
    if (name && *name && strchr(name, '=') == 0)
        return 1;
    errno = EINVAL;
    return 0;
}

// Frees s if setenv made it.
static void
release(char *s)
{
    uint i;

    for (i = 0; i < nmade && made[i] != s; i++)
        ;
    if (i == nmade)
        return;
    free(s);
    made[i] = made[--nmade];
}

static int
remember(char *s)
{
    char **bigger = realloc(made, (nmade + 1) * sizeof(*made));

    if (bigger == 0)
        return -1;
    made = bigger;
    made[nmade++] = s;
    return 0;
}

// Makes environ a list of ours with room for one more.
static int
ownlist(void)
{
    char **bigger;
    uint n = 0;

    while (environ && environ[n])
        n++;
    bigger = realloc(environ == list ? list : 0, (n + 2) * sizeof(*list));
    if (bigger == 0)
        return -1;
    if (environ != list) {
        if (n > 0)
            memcpy(bigger, environ, n * sizeof(*list));
        free(list);
    }
    bigger[n] = bigger[n + 1] = 0;
    list = environ = bigger;
    return 0;
}

// Puts s, "NAME=value", in its place.
static int
place(char *s, size_t n)
{
    char **e = entry(s, n), *old;

    if (e == 0) {
        if (ownlist() < 0)
            return -1;
        for (e = environ; *e; e++)
            ;
        *e = s;
        return 0;
    }
    old = *e;
    *e = s;
    if (old != s)
        release(old);
    return 0;
}

int
setenv(const char *name, const char *value, int replace)
{
    char *s;

    if (!isname(name))
        return -1;
    if (!replace && getenv(name))
        return 0;
    if (asprintf(&s, "%s=%s", name, value) < 0)
        return -1;
    if (remember(s) < 0) {
        free(s);
        return -1;
    }
    if (place(s, strlen(name)) == 0)
        return 0;
    release(s);
    return -1;
}

int
putenv(char *s)
{
    char *equals = strchr(s, '=');

    return equals ? place(s, equals - s) : unsetenv(s);
}

int
unsetenv(const char *name)
{
    char **e, *old;

    if (!isname(name))
        return -1;
    while ((e = entry(name, strlen(name))) != 0) {
        old = *e;
        for (; (e[0] = e[1]) != 0; e++)
            ;
        release(old);
    }
    return 0;
}

int
clearenv(void)
{
    static char *none[1];

    while (nmade > 0)
        free(made[--nmade]);
    environ = none;
    return 0;
}
