// xargs.c: runs a command with words from the standard input as arguments.
//
// Words end at blanks; quotes and backslashes protect blanks, as in the
// shell. A command gets as many as fit into COMMANDMAX bytes (or -n). With
// -I each line is one word and replaces a text in the command. Exit status:
// 123 if a command failed, 124 if one ended with 255, 125 if one was
// killed, 126 and 127 if it could not be run or found.

#include "input.h"

const char help[] =
    "xargs [-0rt] [-d char] [-n number | -I text] [command [argument...]]\n"
    "Run the command (echo) with words from the standard input.\n"
    "  -n N     at most N words at a time\n"
    "  -I TEXT  once for each line, which replaces TEXT in the arguments\n"
    "  -d CHAR  words end with this (\\n, \\t) and nothing else is special\n"
    "  -0       they end with a NUL byte\n"
    "  -r       do not run it when there is no word\n"
    "  -t       write each command to the standard error first";

#define COMMANDMAX (96 << 10)       // ARGMAX, without room for environment
#define POINTER    (sizeof(char *))

enum { FAILED = 123, SAID255 = 124, KILLED = 125, NOTRUN = 126, NOTFOUND };

struct text {
    char *s;
    uint n, cap;
};

static struct {
    char **argv;
    uint n, cap;
    uint fixed;                     // the command's own words
    uint bytes;
} cmd;

static uint most = UINT_MAX;
static const char *replace;
static int delimiter = -1;          // of -d and -0
static int notempty, trace, status;

static void *
must(void *p)
{
    if (p == 0)
        err(1, "xargs");
    return p;
}

static void
addchar(struct text *t, char c)
{
    if (t->n == t->cap) {
        t->cap = 2 * t->cap + 64;
        t->s = must(realloc(t->s, t->cap));
    }
    t->s[t->n++] = c;
}

static int
nextchar(void)
{
    int c = getchar();

    if (c == EOF && ferror(stdin))
        err(1, "input");
    return c;
}

// -- reading words --------------------------------------------------------

static int
ends(int c)
{
    if (delimiter >= 0)
        return c == delimiter;
    return replace ? c == '\n' : isspace(c);
}

// Takes the characters up to a quote like the one before.
static void
quoted(struct text *t, int quote)
{
    int c;

    while ((c = nextchar()) != quote) {
        if (c == EOF || c == '\n')
            errx(1, "a quote is not closed; -0 takes quotes as they are");
        addchar(t, c);
    }
}

// The next word, malloc'd; 0 at the end.
static char *
nextword(void)
{
    struct text t = { 0, 0, 0 };
    int c = nextchar(), any = 0;

    while (delimiter < 0 && c != EOF && isspace(c))
        c = nextchar();
    for (; c != EOF && !ends(c); c = nextchar()) {
        any = 1;
        if (delimiter < 0 && (c == '\'' || c == '"')) {
            quoted(&t, c);
        } else {
            if (delimiter < 0 && c == '\\' && (c = nextchar()) == EOF)
                break;
            addchar(&t, c);
        }
    }
    if (c == EOF && !any)
        return 0;
    addchar(&t, 0);
    return t.s;
}

// -- running --------------------------------------------------------------

static void
show(char **argv)
{
    for (; *argv; argv++)
        fprintf(stderr, "%s%s", *argv, argv[1] ? " " : "\n");
}

static void
child(char **argv)
{
    int fd = open("/null", O_RDONLY);

    if (fd > 0) {
        dup2(fd, 0);
        close(fd);
    }
    execp(argv);
    fd = errno == ENOENT ? NOTFOUND : NOTRUN;
    warn("%s", argv[0]);
    _exit(fd);
}

static void
judge(const char *name, int st)
{
    int code = exitcode(st);

    if (!WIFEXITED(st)) {
        warnx("%s: %s", name, signame(WTERMSIG(st)));
        exit(KILLED);
    }
    if (code == NOTRUN || code == NOTFOUND)
        exit(code);
    if (code == 255) {
        warnx("%s: ended with status 255", name);
        exit(SAID255);
    }
    if (code != 0)
        status = FAILED;
}

static void
run(char **argv)
{
    int pid, st;

    if (trace)
        show(argv);
    if ((pid = fork()) < 0)
        err(1, "fork");
    if (pid == 0)
        child(argv);
    if (waitpid(pid, &st, 0) < 0)
        err(1, "wait");
    judge(argv[0], st);
}

// -- many words at a time -------------------------------------------------

static void
push(char *word)
{
    if (cmd.n + 1 >= cmd.cap) {
        cmd.cap = 2 * cmd.cap + 64;
        cmd.argv = must(realloc(cmd.argv, cmd.cap * POINTER));
    }
    cmd.argv[cmd.n++] = word;
    cmd.argv[cmd.n] = 0;
    cmd.bytes += strlen(word) + 1 + POINTER;
}

static void
runwords(void)
{
    run(cmd.argv);
    while (cmd.n > cmd.fixed) {
        cmd.n--;
        cmd.bytes -= strlen(cmd.argv[cmd.n]) + 1 + POINTER;
        free(cmd.argv[cmd.n]);
    }
    cmd.argv[cmd.n] = 0;
}

static void
bywords(char **argv)
{
    int ran = 0;
    char *word;
    uint size;

    while (*argv)
        push(*argv++);
    cmd.fixed = cmd.n;
    while ((word = nextword()) != 0) {
        size = strlen(word) + 1 + POINTER;
        if (cmd.n > cmd.fixed && cmd.bytes + size > COMMANDMAX)
            runwords();
        if (cmd.bytes + size > COMMANDMAX)
            errx(1, "a word of %u bytes is too long", size);
        push(word);
        ran = 1;
        if (cmd.n - cmd.fixed == most)
            runwords();
    }
    if (cmd.n > cmd.fixed || (!ran && !notempty))
        runwords();
}

// -- one line at a time ---------------------------------------------------

// A copy of arg with all `replace` in it replaced.
static char *
substitute(const char *arg, const char *word)
{
    uint n = strlen(replace);
    struct text t = { 0, 0, 0 };
    const char *s;

    while (*arg) {
        if (strncmp(arg, replace, n) != 0) {
            addchar(&t, *arg++);
            continue;
        }
        for (s = word; *s; s++)
            addchar(&t, *s);
        arg += n;
    }
    addchar(&t, 0);
    return t.s;
}

static void
bylines(char **argv, int argc)
{
    char **copy = must(malloc((argc + 1) * POINTER)), *word;
    int i;

    copy[argc] = 0;
    while ((word = nextword()) != 0) {
        for (i = 0; i < argc; i++)
            copy[i] = substitute(argv[i], word);
        run(copy);
        for (i = 0; i < argc; i++)
            free(copy[i]);
        free(word);
    }
}

static void
setdelimiter(const char *s)
{
    static const char names[] = "nt0\\", codes[] = "\n\t\0\\";
    const char *found = s[0] == '\\' && s[1] ? strchr(names, s[1]) : 0;

    delimiter = found ? codes[found - names] : (uchar)*s;
    if (*s == 0 || s[found ? 2 : 1])
        errx(1, "-d %s: not one character", s);
}

int
main(int argc, char **argv)
{
    static char *echo[] = { "echo", 0 };
    int c;

    while ((c = getopt(argc, argv, "+0d:I:n:rt")) != -1) {
        switch (c) {
        case '0': delimiter = 0; break;
        case 'd': setdelimiter(optarg); break;
        case 'I': replace = optarg; break;
        case 'n': most = number(optarg, 1, INT_MAX); break;
        case 'r': notempty = 1; break;
        case 't': trace = 1; break;
        default:  usage(0);
        }
    }
    if (replace && *replace == 0)
        errx(1, "-I needs a text");
    argv += optind;
    argc -= optind;
    if (argc == 0) {
        argv = echo;
        argc = 1;
    }
    if (replace)
        bylines(argv, argc);
    else
        bywords(argv);
    return status;
}
