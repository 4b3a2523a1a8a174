// lib_getopt.c: options, POSIX's getopt: "-a -b -c arg" and "-abcarg" are
// the same, "--" ends them, and so does the first argument without '-'.
//
// A program may define help[]: a first line "name [-options] [operands]",
// then some lines about them. Where an option could stand, "--help" prints
// that and exits; usage(NULL) takes its first line.

#include "user.h"

extern const char help[] __attribute__((weak));
void __tellhelp(void) NORETURN;

char *optarg;
int optind = 1, opterr = 1, optopt;

static int at;                      // position inside argv[optind]; 0: none

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

// Steps behind the letter just taken.
static void
advance(char *const argv[])
{
    if (argv[optind][++at] == 0) {
        optind++;
        at = 0;
    }
}

int
getopt(int argc, char *const argv[], const char *opts)
{
    const char *known;

    if (at == 0) {
        if (optind >= argc || argv[optind][0] != '-' || !argv[optind][1])
            return -1;
        at = 1;
        if (strcmp(argv[optind], "--help") == 0)
            __tellhelp();
        if (strcmp(argv[optind], "--") == 0) {
            optind++;
            at = 0;
            return -1;
        }
    }
    optopt = argv[optind][at];
    known = optopt == ':' ? 0 : strchr(opts, optopt);
    if (known == 0) {
        advance(argv);
        return wrong(opts, "unknown option");
    }
    if (known[1] != ':') {
        advance(argv);
        return optopt;
    }
    optarg = argv[optind][at + 1] ? argv[optind] + at + 1 : argv[optind + 1];
    optind += argv[optind][at + 1] ? 1 : 2;
    at = 0;
    if (optind <= argc)
        return optopt;
    optind = argc;
    return opts[0] == ':' ? ':' : wrong(opts, "needs an argument");
}
