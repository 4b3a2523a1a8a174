// lib_getoptl.c: getopt with long names, beside the letters.

#include <getopt.h>

#include "lib_getopt.h"

static int
wrong(const char *name, size_t n, const char *what)
{
    optopt = 0;
    if (opterr)
        warnx("--%.*s: %s", (int)n, name, what);
    return '?';
}

// The option of that name, or the only one that begins so; *many: there are
// several.
static const struct option *
lookup(const struct option *o, const char *name, size_t n, int *many)
{
    const struct option *found = 0;

    for (*many = 0; o->name; o++) {
        if (strncmp(o->name, name, n))
            continue;
        if (o->name[n] == 0) {
            *many = 0;
            return o;
        }
        *many = found != 0;
        found = o;
    }
    return found;
}

// Takes the option's word, and the next if that is its argument. Settles
// optarg; returns what is wrong, or 0.
static const char *
argument(const struct option *o, char *equals, char *const argv[])
{
    __opttake(argv, 1);
    optarg = equals ? equals + 1 : 0;
    if (o->has_arg == no_argument && equals)
        return "takes no argument";
    if (o->has_arg != required_argument || equals)
        return 0;
    optarg = argv[optind + __optpassed];
    if (optarg == 0)
        return "needs an argument";
    __opttake(argv, 1);
    return 0;
}

int
getopt_long(int argc, char *const argv[], const char *opts,
            const struct option *longs, int *index)
{
    char *name = __optword(argc, argv, opts);
    const struct option *o;
    const char *what;
    size_t n;
    int many;

    if (name == 0)
        return -1;
    if (strncmp(name, "--", 2) != 0)
        return getopt(argc, argv, opts);
    name += 2;
    n = strcspn(name, "=");
    o = lookup(longs, name, n, &many);
    if (o == 0 && strcmp(name, "help") == 0)
        __tellhelp();
    if (o == 0 || many) {
        __opttake(argv, 1);
        return wrong(name, n, o ? "could be several" : "unknown option");
    }
    if ((what = argument(o, name[n] ? name + n : 0, argv)) != 0)
        return wrong(name, n, what);
    if (index)
        *index = o - longs;
    if (o->flag == 0)
        return o->val;
    *o->flag = o->val;
    return 0;
}
