// sh_builtin.c: the table of built-in commands, and those that steer the
// shell or tell about it. Each gets argv and returns what $? will be.

#include "sh.h"

#define SIGPIPE 13                  // what POSIX would send

struct alias {
    struct alias *next;
    char *name, *text;
};

static struct alias *aliases;

// ---- output ----

// A script whose reader has gone ends: nobody wants the rest.
int
out_flush(struct text *t)
{
    if (t->n == 0 || writeall(1, t->s, t->n) == 0)
        return 0;
    if (errno != EPIPE)
        complain_errno("write");
    else if (!interactive)
        leave(128 + SIGPIPE);
    return 1;
}

// Three texts, one behind the other.
static int
out_text(const char *a, const char *b, const char *c)
{
    struct text t = { 0, 0, 0, 0 };

    adds(&t, a);
    adds(&t, b);
    adds(&t, c);
    return out_flush(&t);
}

static int
misuse(const char *usage)
{
    complain("usage: %s", usage);
    return MISUSED;
}

int
count(const char *s)
{
    char *end;
    long n;

    errno = 0;
    n = strtol(s, &end, 10);
    return end == s || *end || errno || n < 0 ? -1 : n;
}

// ---- small ones ----

static int
do_true(char **argv)
{
    (void)argv;
    return 0;
}

static int
do_false(char **argv)
{
    (void)argv;
    return 1;
}

static int
do_echo(char **argv)
{
    struct text t = { 0, 0, 0, 0 };
    int newline = 1, i = 1;

    if (argv[1] && strcmp(argv[1], "-n") == 0) {
        newline = 0;
        i = 2;
    }
    for (; argv[i]; i++) {
        adds(&t, argv[i]);
        add(&t, " ", argv[i + 1] != 0);
    }
    add(&t, "\n", newline);
    return out_flush(&t);
}

// ---- directories ----

char *
working_dir(void)
{
    char *dir = getcwd(0, 0), *copy;

    if (dir == 0)
        return 0;
    copy = keep(&scratch, dir, strlen(dir));
    free(dir);
    return copy;
}

static int
do_pwd(char **argv)
{
    char *dir = working_dir();

    (void)argv;
    if (dir)
        return out_text(dir, "\n", "");
    complain_errno("pwd");
    return 1;
}

static int
do_cd(char **argv)
{
    const char *dir = argv[1], *home = getvar("HOME");
    char *before = working_dir(), *after;
    int back = dir && strcmp(dir, "-") == 0;

    if (dir == 0)
        dir = home && *home ? home : "/";
    if (back && (dir = getvar("OLDPWD")) == 0)
        return complain("cd: OLDPWD is not set"), 1;
    if (chdir(dir) < 0) {
        complain_errno("cd: %s", dir);
        return 1;
    }
    after = working_dir();
    if (before)
        setvar("OLDPWD", before);
    setvar("PWD", after);
    return back && after ? out_text(after, "\n", "") : 0;
}

// ---- going elsewhere ----

static int
do_exit(char **argv)
{
    int code = argv[1] ? count(argv[1]) : status;

    if (code < 0)
        fail(MISUSED, "exit: %s: not a number", argv[1]);
    if (!may_exit())
        return 1;
    leave(code & 255);
}

static int
do_return(char **argv)
{
    int code = argv[1] ? count(argv[1]) : status;

    if (code < 0)
        fail(MISUSED, "return: %s: not a number", argv[1]);
    going = RETURN;
    return code;
}

static int
leave_loop(char **argv, int how)
{
    int n = argv[1] ? count(argv[1]) : 1;

    if (n <= 0)
        fail(MISUSED, "%s: %s: not a number from 1", argv[0], argv[1]);
    if (loops > 0) {
        going = how;
        goingcount = n < loops ? n : loops;
    }
    return 0;
}

static int
do_break(char **argv)
{
    return leave_loop(argv, BREAK);
}

static int
do_continue(char **argv)
{
    return leave_loop(argv, CONTINUE);
}

static int
do_eval(char **argv)
{
    struct text t = { 0, 0, 0, 0 };
    int i;

    add(&t, "", 0);
    for (i = 1; argv[i]; i++) {
        adds(&t, argv[i]);
        addc(&t, argv[i + 1] ? ' ' : '\n');
    }
    status = 0;
    run_text(t.s, t.n, curfile);
    return status;
}

static int
do_source(char **argv)
{
    const char *file = curfile;
    char *path, *text, *copy;
    uint n;

    if (argv[1] == 0)
        return misuse(". file");
    path = findprogram(argv[1]);
    text = readfile(path ? path : argv[1], &n);
    if (text == 0) {
        complain_errno("%s", argv[1]);
        giveup(interactive ? 1 : MISUSED);
    }
    copy = keep(&scratch, text, n);
    free(text);
    status = 0;
    run_text(copy, n, keep(&scratch, argv[1], strlen(argv[1])));
    if (going == RETURN)
        going = GO;
    curfile = file;
    return status;
}

// Its redirections have been made for good.
static int
do_exec(char **argv)
{
    if (argv[1] == 0)
        return 0;
    if (interactive && findprogram(argv[1]) == 0) {
        complain("exec: %s: not found", argv[1]);
        return NOTFOUND;
    }
    launch(argv + 1);
}

static int
show_trap(void)
{
    struct text t = { 0, 0, 0, 0 };

    if (exittrap == 0)
        return 0;
    adds(&t, "trap -- ");
    adds_quoted(&t, exittrap);
    adds(&t, " EXIT\n");
    return out_flush(&t);
}

static int
names_exit(const char *signal)
{
    return strcmp(signal, "EXIT") == 0 || strcmp(signal, "0") == 0;
}

static int
do_trap(char **argv)
{
    int away;                       // without a trap from now on

    if (argv[1] == 0)
        return show_trap();
    away = strcmp(argv[1], "-") == 0;
    if (argv[2] ? !names_exit(argv[2]) || argv[3] : !away)
        return misuse("trap command EXIT: there are no other signals");
    free(exittrap);
    exittrap = 0;
    if (!away && argv[1][0])
        exittrap = must(strdup(argv[1]));
    return 0;
}

// ---- aliases ----

const char *
findalias(const char *name)
{
    struct alias *a;

    for (a = aliases; a; a = a->next)
        if (strcmp(a->name, name) == 0)
            return a->text;
    return 0;
}

static int
forget_alias(const char *name)
{
    struct alias **at, *a;

    for (at = &aliases; (a = *at) != 0; at = &a->next) {
        if (strcmp(a->name, name) != 0)
            continue;
        *at = a->next;
        free(a->name);
        free(a->text);
        free(a);
        return 1;
    }
    return 0;
}

static int
show_alias(const char *name)
{
    struct text t = { 0, 0, 0, 0 };
    const char *text = findalias(name);

    if (text == 0) {
        complain("alias: %s: not found", name);
        return 1;
    }
    adds(&t, name);
    addc(&t, '=');
    adds_quoted(&t, text);
    addc(&t, '\n');
    return out_flush(&t);
}

static void
define_alias(const char *name, uint n, const char *text)
{
    struct alias *a = must(calloc(1, sizeof(*a)));
    char *copy = keep(&scratch, name, n);

    forget_alias(copy);
    a->name = must(strdup(copy));
    a->text = must(strdup(text));
    a->next = aliases;
    aliases = a;
}

static int
do_alias(char **argv)
{
    struct alias *a;
    int result = 0, i;
    char *equals;

    for (a = argv[1] ? 0 : aliases; a; a = a->next)
        result |= show_alias(a->name);
    for (i = 1; argv[i]; i++) {
        equals = strchr(argv[i], '=');
        if (equals && equals > argv[i])
            define_alias(argv[i], equals - argv[i], equals + 1);
        else
            result |= show_alias(argv[i]);
    }
    return result;
}

static int
do_unalias(char **argv)
{
    int result = 0, i;

    if (argv[1] == 0)
        return misuse("unalias -a | name...");
    if (strcmp(argv[1], "-a") == 0) {
        while (aliases)
            forget_alias(aliases->name);
        return 0;
    }
    for (i = 1; argv[i]; i++) {
        if (!forget_alias(argv[i])) {
            complain("unalias: %s: not found", argv[i]);
            result = 1;
        }
    }
    return result;
}

// ---- what a name means ----

static int
iskeyword(const char *name)
{
    static const char *const words[] = {
        "if", "then", "else", "elif", "fi", "while", "until", "do", "done",
        "for", "in", "case", "esac", "{", "}", "!", 0,
    };
    int i;

    for (i = 0; words[i]; i++)
        if (strcmp(words[i], name) == 0)
            return 1;
    return 0;
}

// In words, or as `command -v` has it.
static int
tell(const char *name, int brief)
{
    const char *path;

    if (findalias(name))
        return brief ? out_text("alias ", "", ""), show_alias(name)
                     : out_text(name, " is an alias for ", findalias(name)) |
                       out_text("\n", "", "");
    if (iskeyword(name))
        return out_text(name, brief ? "" : " is a keyword of the shell", "\n");
    if (findfunction(name))
        return out_text(name, brief ? "" : " is a function", "\n");
    if (findbuiltin(name))
        return out_text(name, brief ? "" : " is a shell builtin", "\n");
    if ((path = findprogram(name)) != 0)
        return brief ? out_text(path, "\n", "")
                     : out_text(name, " is ", path) | out_text("\n", "", "");
    if (!brief)
        complain("%s: not found", name);
    return NOTFOUND;
}

static int
do_type(char **argv)
{
    int result = 0, i;

    for (i = 1; argv[i]; i++)
        result |= tell(argv[i], 0);
    return result;
}

// `command name` is done where commands are run.
static int
do_command(char **argv)
{
    int result = 0, i;

    if (argv[1] == 0)
        return 0;
    if (strcmp(argv[1], "-v") != 0 && strcmp(argv[1], "-V") != 0)
        return misuse("command [-v | -V] name...");
    for (i = 2; argv[i]; i++)
        result = tell(argv[i], argv[1][1] == 'v');
    return result;
}

// ---- help ----

static int
do_history(char **argv)
{
    struct text t = { 0, 0, 0, 0 };
    const char *line;
    char number[16];
    uint i;

    (void)argv;
    for (i = 0; (line = history_line(i)) != 0; i++) {
        snprintf(number, sizeof(number), "%5u  ", i + 1);
        adds(&t, number);
        adds(&t, line);
        addc(&t, '\n');
    }
    return out_flush(&t);
}

static int
list_builtins(void)
{
    struct text t = { 0, 0, 0, 0 };
    const struct builtin *b;
    char line[100];

    for (b = builtins; b->name; b++) {
        if (b->help == 0)
            continue;
        snprintf(line, sizeof(line), "%-10s %s\n", b->name, b->help);
        adds(&t, line);
    }
    return out_flush(&t);
}

// The list of all commands is made with the manual.
static int
do_help(char **argv)
{
    const struct builtin *b;
    char *index;
    uint n;
    int result;

    if (argv[1]) {
        b = findbuiltin(argv[1]);
        if (b && b->help)
            return out_text(b->name, ": ", b->help) | out_text("\n", "", "");
        return out_text("See: man ", argv[1], "\n");
    }
    index = readfile("/usr/man/index", &n);
    if (index == 0)
        return list_builtins();
    result = writeall(1, index, n) < 0;
    free(index);
    return result | out_text("\nRead on: man NAME; ",
                             "man sh tells of the shell.\n", "");
}

// ---- the table ----

const struct builtin builtins[] = {
    { ".", do_source, SPECIAL | DASHES,
      "runs the commands of a file: . file" },
    { ":", do_true, SPECIAL,
      "does nothing" },
    { "[", do_test, 0,
      "tests files, texts and numbers: [ -f file ]" },
    { "alias", do_alias, DASHES,
      "gives a command a short name: alias ll='ls -l'" },
    { "bg", do_bg, DASHES,
      "lets a stopped job go on in the background" },
    { "break", do_break, SPECIAL,
      "leaves a loop: break [n]" },
    { "cd", do_cd, DASHES,
      "changes the working directory: cd [dir | -]" },
    { "command", do_command, 0,
      "runs a command that is no function" },
    { "continue", do_continue, SPECIAL,
      "goes on with a loop's next turn" },
    { "echo", do_echo, 0,
      "writes its arguments" },
    { "eval", do_eval, SPECIAL,
      "runs its arguments as a command" },
    { "exec", do_exec, SPECIAL | DASHES,
      "becomes a program, or redirects for good" },
    { "exit", do_exit, SPECIAL,
      "ends the shell: exit [status]" },
    { "export", do_export, SPECIAL | DASHES,
      "puts variables into the environment" },
    { "false", do_false, 0,
      "fails" },
    { "fg", do_fg, DASHES,
      "brings a job to the foreground: fg [%n]" },
    { "help", do_help, 0,
      "lists the commands" },
    { "history", do_history, 0,
      "shows the lines typed so far" },
    { "jobs", do_jobs, DASHES,
      "lists the jobs" },
    { "local", do_local, DASHES,
      "makes variables a function's own" },
    { "printf", do_printf, 0,
      "writes formatted: printf format [arg...]" },
    { "pwd", do_pwd, 0,
      "writes the working directory" },
    { "read", do_read, DASHES,
      "reads a line into variables: read [-r] name..." },
    { "readonly", do_readonly, SPECIAL | DASHES,
      "forbids to change variables" },
    { "return", do_return, SPECIAL,
      "ends a function: return [status]" },
    { "set", do_set, SPECIAL,
      "options -e -f -u -x; the parameters: set -- a b" },
    { "shift", do_shift, SPECIAL,
      "drops the first parameters: shift [n]" },
    { "source", do_source, SPECIAL | DASHES,
      "the same as ." },
    { "test", do_test, 0,
      "tests files, texts and numbers: test -f file" },
    { "trap", do_trap, SPECIAL | DASHES,
      "runs a command at the end: trap command EXIT" },
    { "true", do_true, 0,
      "succeeds" },
    { "type", do_type, DASHES,
      "tells what a command is" },
    { "unalias", do_unalias, DASHES,
      "forgets aliases" },
    { "unset", do_unset, SPECIAL,
      "forgets variables and functions" },
    { "wait", do_wait, DASHES,
      "waits for background jobs: wait [pid | %n]" },
    { 0, 0, 0, 0 },
};

static int
builtin_order(const void *name, const void *b)
{
    return strcmp(name, ((const struct builtin *)b)->name);
}

// The table is sorted.
const struct builtin *
findbuiltin(const char *name)
{
    return bsearch(name, builtins, sizeof(builtins) / sizeof(builtins[0]) - 1,
                   sizeof(builtins[0]), builtin_order);
}
