// lib_getopt.c: options, POSIX's getopt: "-a -b -c arg" and "-abcarg" are
// the same, and "--" ends them. They may also stand behind operands, "ls / -l":
// each option found there is moved in front of the operands before it. Where
// opts begins with '+', for who runs commands, the first operand ends them.
//
//     options done | operands passed | the next word ...
//                  ^ optind           ^ optind + passed
//
// A program may define help[]: a first line "name [-options] [operands]",
// then some lines about them. Where an option could stand, "--help" prints
// that and exits; usage(NULL) takes its first line.

#include "lib_getopt.h"

extern const char help[] __attribute__((weak));

char *optarg;
int optind = 1, opterr = 1, optopt;

int __optpassed;

static int at;                      // position inside the word; 0: none

static int
wrong(const char *opts, const char *what)
{
    if (opterr && opts[0] != ':')
        warnx("-%c: %s", optopt, what);
    return '?';
}

// The program's help[], at least its name, in one write.
static int
tell(int fd, int len, const char *text)
{
    return dprintf(fd, "usage: %.*s\n", len, text);
}

void
__tellhelp(void)
{
    const char *text = help ? help : progname;

    if (tell(1, INT_MAX, text) < 0)
        badwrite(1);
    exit(0);
}

void
usage(const char *args)
{
    const char *text = help ? help : progname;
    const char *line = strchr(text, '\n');

    if (args)
        dprintf(2, "usage: %s %s\n", progname, args);
    else
        tell(2, line ? line - text : (int)strlen(text), text);
    exit(2);
}

void
__opttake(char *const argv[], int n)
{
    char **to = (char **)argv + optind, *word;

    at = 0;
    for (optind += n; n > 0; n--) {
        word = to[__optpassed];
        memmove(to + 1, to, __optpassed * sizeof(*to));
        *to++ = word;
    }
}

// Steps behind the letter just taken.
static void
advance(char *const argv[])
{
    if (argv[optind + __optpassed][++at] == 0)
        __opttake(argv, 1);
}

// A word of two dashes: none is known but --help.
static int
unknownword(char *const argv[], const char *word, const char *opts)
{
    if (strcmp(word, "--help") == 0)
        __tellhelp();
    if (opterr && opts[0] != ':')
        warnx("%s: unknown option", word);
    optopt = '-';
    __opttake(argv, 1);
    return '?';
}

// Finds the next word with options: 1, or 0 if there is none.
static int
find(int argc, char *const argv[], const char *opts)
{
    char *word;

    while ((word = argv[optind + __optpassed]) != 0 &&
           optind + __optpassed < argc && (word[0] != '-' || word[1] == 0)) {
        if (*opts == '+')
            return 0;
        __optpassed++;
    }
    if (optind + __optpassed >= argc)
        return 0;
    if (strcmp(word, "--") == 0) {
        __opttake(argv, 1);
        return 0;
    }
    return 1;
}

char *
__optword(int argc, char *const argv[], const char *opts)
{
    if (at == 0 && !find(argc, argv, opts)) {
        __optpassed = 0;
        return 0;
    }
    return argv[optind + __optpassed];
}

int
getopt(int argc, char *const argv[], const char *opts)
{
    const char *word = __optword(argc, argv, opts), *known, *rest;

    if (word == 0)
        return -1;
    opts += *opts == '+';
    if (at == 0 && word[1] == '-')
        return unknownword(argv, word, opts);
    at += at == 0;
    optopt = word[at];
    known = optopt == ':' ? 0 : strchr(opts, optopt);
    if (known == 0 || known[1] != ':') {
        advance(argv);
        return known ? optopt : wrong(opts, "unknown option");
    }
    rest = word + at + 1;
    optarg = *rest ? (char *)rest : argv[optind + __optpassed + 1];
    if (optarg) {
        __opttake(argv, *rest ? 1 : 2);
        return optopt;
    }
    __opttake(argv, 1);
    return opts[0] == ':' ? ':' : wrong(opts, "needs an argument");
}
