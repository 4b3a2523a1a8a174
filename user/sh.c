// sh.c: the shell.
//
//     sh                commands from descriptor 0, with a prompt if that
//                       is the console
//     sh FILE [arg...]  commands from FILE; $1... are the arguments
//     sh -c TEXT        commands from TEXT
//
// The language is in command.h; beside it: 'quotes' "quotes" \quotes,
// # comments, $? $$ $! $# $0..$9 $@, and the built-in commands cd, exit and
// wait. A name without a slash is looked for in the working directory, then
// in /. A text file that exec does not know is run as a script.
//
// At the prompt every pipeline is a process group of its own and has the
// console while it runs, so that ^C ends it and not the shell; while the
// shell itself reads, group 0, nobody, has the console. Scripts stay in
// the group they were started in: ^C ends them whole.

#include "user.h"
#include "command.h"

#define NOTFOUND 127                // $? when there is no such command
#define NOTRUN   126                // $? when it cannot be run
#define PROBE    512                // bytes looked at to know a text
#define FORKTRIES 32                // how often, and ticks between, when there
#define FORKPAUSE (HZ / 4)          // is no room for a process
#define NREDIR   10                 // descriptors a redirection can name

static int laststatus;              // $?
static int shellpid;                // $$
static int background;              // $!, 0 before the first
static int interactive;             // there is a prompt
static int jobs;                    // pipelines get groups of their own
static char **args;                 // $0 and what follows
static int nargs;

static void run_list(struct chain *);

static void *
must(void *p)
{
    if (p == 0)
        errx(2, "out of memory");
    return p;
}

// -- words ------------------------------------------------------------

struct text {                       // a growing string
    char *s;
    uint n, cap;
};

static void
add(struct text *t, const char *s, uint n)
{
    if (t->n + n + 1 > t->cap) {
        t->cap = (t->n + n + 1) * 2;
        t->s = must(realloc(t->s, t->cap));
    }
    memcpy(t->s + t->n, s, n);
    t->n += n;
    t->s[t->n] = 0;
}

static void
addall(struct text *t)
{
    int i;

    for (i = 1; i < nargs; i++) {
        add(t, " ", i > 1);
        add(t, args[i], strlen(args[i]));
    }
}

// Adds the value of the parameter at s, behind its $; returns its length.
// A $ with nothing that is a parameter behind it is a plain $.
static uint
parameter(struct text *t, const char *s)
{
    char num[12] = "";

    if (*s == '?')
        snprintf(num, sizeof(num), "%d", laststatus);
    else if (*s == '$')
        snprintf(num, sizeof(num), "%d", shellpid);
    else if (*s == '!' && background > 0)
        snprintf(num, sizeof(num), "%d", background);
    else if (*s == '#')
        snprintf(num, sizeof(num), "%d", nargs - 1);
    else if (*s == '@' || *s == '*')
        addall(t);
    else if (isdigit(*s) && *s - '0' < nargs)
        add(t, args[*s - '0'], strlen(args[*s - '0']));
    else if (!isdigit(*s) && *s != '!')
        add(t, "$", 1);
    add(t, num, strlen(num));
    return *s && (strchr("?$!#@*", *s) || isdigit(*s));
}

// Adds what stands in double quotes at s, up to the closing one.
static const char *
doublequoted(struct text *t, const char *s)
{
    while (*s && *s != '"') {
        if (s[0] == '\\' && s[1] == '\n') {
            s += 2;
        } else if (s[0] == '\\' && s[1] && strchr("\"\\$", s[1])) {
            add(t, s + 1, 1);
            s += 2;
        } else if (*s == '$') {
            s += 1 + parameter(t, s + 1);
        } else {
            add(t, s++, 1);
        }
    }
    return *s ? s + 1 : s;
}

// The word that a raw one stands for, malloc'd; 0 if it is nothing at all.
static char *
expand(const char *raw)
{
    struct text t = { 0, 0, 0 };
    const char *s = raw, *close;
    int quoted = 0;

    add(&t, "", 0);
    while (*s) {
        quoted |= strchr("'\"\\", *s) != 0;
        if (*s == '\'' && (close = strchr(s + 1, '\'')) != 0) {
            add(&t, s + 1, close - s - 1);
            s = close + 1;
        } else if (*s == '"') {
            s = doublequoted(&t, s + 1);
        } else if (*s == '$') {
            s += 1 + parameter(&t, s + 1);
        } else {
            s += s[0] == '\\' && s[1];
            add(&t, s++, 1);
        }
    }
    if (t.n > 0 || quoted)
        return t.s;
    free(t.s);
    return 0;
}

// The arguments of a command, argv[0] first, 0 last; all malloc'd.
static char **
expandall(struct word *w)
{
    char **argv, *one;
    uint n = 1, i;
    struct word *each;

    for (each = w; each; each = each->next)
        n += 1 + nargs;
    argv = must(malloc(n * sizeof(*argv)));
    for (n = 0; w; w = w->next) {
        if (strcmp(w->text, "$@") == 0 || strcmp(w->text, "\"$@\"") == 0) {
            for (i = 1; i < (uint)nargs; i++)
                argv[n++] = must(strdup(args[i]));
        } else if ((one = expand(w->text)) != 0) {
            argv[n++] = one;
        }
    }
    argv[n] = 0;
    return argv;
}

static void
freeall(char **argv)
{
    uint i;

    for (i = 0; argv[i]; i++)
        free(argv[i]);
    free(argv);
}

// -- redirections -----------------------------------------------------

static int
opentarget(struct redir *r, const char *name)
{
    static const struct { char how; int flags; } modes[] = {
        { '<', O_RDONLY },
        { '>', O_WRONLY | O_CREATE | O_TRUNC },
        { 'a', O_WRONLY | O_CREATE | O_APPEND },
    };
    uint i;

    for (i = 0; modes[i].how != r->how; i++)
        ;
    return open(name, modes[i].flags);
}

// The & forms: to another descriptor, or - to close.
static int
duplicate(struct redir *r, const char *name)
{
    if (strcmp(name, "-") == 0) {
        close(r->fd);
        return 0;
    }
    if (!isdigit(name[0]) || name[1]) {
        errno = EBADF;
        return -1;
    }
    return dup2(name[0] - '0', r->fd);
}

static int
redirect_one(struct redir *r)
{
    char *name = expand(r->target);
    int fd, result = 0;

    if (name == 0 || r->how == '&') {
        result = name ? duplicate(r, name) : -1;
    } else if ((fd = opentarget(r, name)) < 0) {
        result = -1;
    } else if (fd != r->fd) {
        result = dup2(fd, r->fd);
        close(fd);
    }
    if (result < 0)
        warn("%s", name ? name : r->target);
    free(name);
    return result;
}

static int
redirect(struct redir *r)
{
    for (; r; r = r->next)
        if (redirect_one(r) < 0)
            return -1;
    return 0;
}

// -- built-in commands ------------------------------------------------

static int
do_cd(char **argv)
{
    const char *dir = argv[1] ? argv[1] : "/";

    if (chdir(dir) == 0)
        return 0;
    warn("cd: %s", dir);
    return 1;
}

static int
do_exit(char **argv)
{
    exit(argv[1] ? atoi(argv[1]) : laststatus);
}

// wait: for every child; wait PID...: for these, the last one's status.
static int
do_wait(char **argv)
{
    int st, result = 0;

    if (argv[1] == 0)
        while (waitpid(-1, &st, 0) > 0)
            ;
    for (; argv[1]; argv++)
        result = waitpid(atoi(argv[1]), &st, 0) < 0 ? NOTFOUND : exitcode(st);
    return result;
}

static const struct builtin {
    const char *name;
    int (*run)(char **argv);
} builtins[] = {
    { "cd", do_cd }, { "exit", do_exit }, { "wait", do_wait }, { 0, 0 },
};

static const struct builtin *
builtin(const char *name)
{
    const struct builtin *b;

    for (b = builtins; b->name; b++)
        if (name && strcmp(b->name, name) == 0)
            return b;
    return 0;
}

// Runs one in the shell itself; redirections hold for its time only.
static int
run_builtin(struct cmd *c, const struct builtin *b)
{
    char **argv = expandall(c->words);
    int saved[NREDIR], fd, result = 1;
    struct redir *r;

    memset(saved, 0, sizeof(saved));
    for (r = c->redirs; r; r = r->next)
        if (saved[r->fd] == 0)
            saved[r->fd] = dup(r->fd);
    if (redirect(c->redirs) == 0)
        result = b->run(argv);
    for (fd = 0; fd < NREDIR; fd++) {
        if (saved[fd] > 0) {
            dup2(saved[fd], fd);
            close(saved[fd]);
        } else if (saved[fd] < 0) {
            close(fd);
        }
    }
    freeall(argv);
    return result;
}

// -- programs ---------------------------------------------------------

static int
istext(const char *path)
{
    char buf[PROBE];
    int fd = open(path, O_RDONLY), n;

    if (fd < 0)
        return 0;
    n = read(fd, buf, sizeof(buf));
    close(fd);
    return n >= 0 && memchr(buf, 0, n) == 0;
}

// exec, or as a script; comes back only on failure.
static void
tryexec(const char *path, char **argv)
{
    char **script;
    uint n;

    exec(path, argv);
    if (errno != ENOEXEC)
        return;
    if (!istext(path)) {
        errno = ENOEXEC;
        return;
    }
    for (n = 0; argv[n]; n++)
        ;
    script = must(malloc((n + 2) * sizeof(*script)));
    script[0] = "sh";
    script[1] = (char *)path;
    memcpy(script + 2, argv + 1, n * sizeof(*script));
    exec("/sh", script);
}

static void NORETURN
launch(char **argv)
{
    int slash = strchr(argv[0], '/') != 0, why = ENOENT;

    if (argv[0][0]) {
        tryexec(argv[0], argv);
        why = errno;
    }
    if (!slash && argv[0][0] &&
        (why == ENOENT || why == EACCES || why == EISDIR)) {
        tryexec(must(pathjoin("/", argv[0])), argv);
        if (errno != ENOENT)
            why = errno;
    }
    if (why == ENOENT && !slash)
        errx(NOTFOUND, "%s: not found", argv[0]);
    errno = why;
    err(why == ENOENT ? NOTFOUND : NOTRUN, "%s", argv[0]);
}

// In a child: becomes the command.
static void NORETURN
become(struct cmd *c)
{
    const struct builtin *b;
    char **argv;

    if (redirect(c->redirs) < 0)
        exit(1);
    if (c->sub) {
        run_list(c->sub);
        exit(laststatus);
    }
    argv = expandall(c->words);
    if (argv[0] == 0)
        exit(0);
    if ((b = builtin(argv[0])) != 0)
        exit(b->run(argv));
    launch(argv);
}

// -- pipelines --------------------------------------------------------

static void
move(int from, int to)
{
    if (from == to)
        return;
    dup2(from, to);
    close(from);
}

// Puts pid, 0 for the caller, in a group (0: its own) that has the console.
// Both sides do this, as nobody knows which runs first.
static void
enter(int pid, int group)
{
    if (!jobs)
        return;
    setpgrp(pid, group);
    if (group == 0)
        consctl(CONS_SETFG, pid ? pid : getpid());
}

// Under a fork bomb the shell answers late, but it answers: what cannot be
// started now is tried again for some seconds.
static int
patient_fork(void)
{
    int pid, tries;

    for (tries = 0; (pid = fork()) < 0 && tries < FORKTRIES; tries++)
        sleep(FORKPAUSE);
    return pid;
}

// Starts one command of a pipeline that reads from in; returns where the
// next one reads from, or -1 if it could not be started.
static int
start(struct cmd *c, int in, int group)
{
    int fd[2] = { 0, 1 };

    if (c->next && pipe(fd) < 0) {
        warn("pipe");
        return -1;
    }
    c->pid = patient_fork();
    if (c->pid == 0) {
        enter(0, group);
        jobs = interactive = 0;
        if (c->next)
            close(fd[0]);
        move(in, 0);
        move(fd[1], 1);
        become(c);
    }
    if (c->next)
        close(fd[1]);
    if (c->pid > 0) {
        enter(c->pid, group);
        return fd[0];
    }
    warn("fork");
    if (c->next)
        close(fd[0]);
    return -1;
}

// Waits for every command that was started; the last one's status counts.
static void
finish(struct cmd *c)
{
    int st;

    for (; c && c->pid > 0; c = c->next) {
        if (waitpid(c->pid, &st, 0) < 0)
            continue;
        laststatus = exitcode(st);
        if (!WIFEXITED(st))
            warnx("%s: %s", c->words ? c->words->text : "( )",
                  signame(WTERMSIG(st)));
    }
    if (c)
        laststatus = 1;
}

static void
run_pipeline(struct cmd *first)
{
    const struct builtin *b = 0;
    struct cmd *c;
    int in = 0, out = 0;

    if (first->next == 0 && first->words)
        b = builtin(first->words->text);
    if (b) {
        laststatus = run_builtin(first, b);
        return;
    }
    for (c = first; c && out >= 0; c = c->next) {
        out = start(c, in, c == first ? 0 : first->pid);
        if (in > 0)
            close(in);
        in = out;
    }
    finish(first);
    if (jobs)
        consctl(CONS_SETFG, 0);
}

static void
run_pipes(struct pipeline *p)
{
    for (; p; p = p->next)
        if (p->when == ALWAYS || (p->when == IFOK) == (laststatus == 0))
            run_pipeline(p->cmds);
}

// A background job has a group of its own and reads nothing.
static void
run_background(struct pipeline *p)
{
    int pid = patient_fork();

    if (pid < 0)
        warn("fork");
    laststatus = pid < 0;
    if (pid > 0)
        background = pid;
    if (pid > 0 && interactive)
        fprintf(stderr, "[%d]\n", pid);
    if (pid != 0)
        return;
    if (jobs)
        setpgrp(0, 0);
    jobs = interactive = 0;
    close(0);
    open("/null", O_RDONLY);
    if (p->next == 0 && p->cmds->next == 0)
        become(p->cmds);
    run_pipes(p);
    exit(laststatus);
}

static void
run_list(struct chain *c)
{
    for (; c; c = c->next) {
        if (c->background)
            run_background(c->pipes);
        else
            run_pipes(c->pipes);
    }
}

// -- input ------------------------------------------------------------

// Adds a line from descriptor 0; 0 at the end. Byte by byte unless it is
// the console, which gives a line at a time: what follows the line may be
// for the commands that it starts.
static int
addline(struct text *t)
{
    char buf[256];
    uint before = t->n;
    int n;

    do {
        n = read(0, buf, interactive ? sizeof(buf) : 1);
        if (n > 0)
            add(t, buf, n);
    } while (n > 0 && t->s[t->n - 1] != '\n');
    return t->n > before;
}

// Before a prompt: background children that have ended, the console's mode.
static void
prompt(const char *text)
{
    int pid, st;

    while ((pid = waitpid(-1, &st, WNOHANG)) > 0)
        fprintf(stderr, "[%d] %s\n", pid,
                WIFEXITED(st) ? "done" : signame(WTERMSIG(st)));
    consctl(CONS_MODE, CONS_COOKED);
    consctl(CONS_SETFG, 0);
    fprintf(stdout, "%s", text);
    fflush(stdout);
}

static void
complain(const char *near)
{
    warnx("syntax error near %s", near);
    laststatus = 2;
}

// Runs all of a text; a mistake in it is its end.
static void
run_text(const char *at)
{
    struct chain *tree;
    const char *near;

    while (*at) {
        if (parse_line(&at, &tree, &near) != PARSED) {
            complain(near);
            return;
        }
        run_list(tree);
    }
}

// Runs descriptor 0, adding lines while what is there is incomplete.
static void
run_stdin(void)
{
    struct text t = { 0, 0, 0 };
    struct chain *tree;
    const char *near, *at;
    int result;

    for (;;) {
        if (interactive)
            prompt(t.n ? "> " : "teak$ ");
        if (!addline(&t)) {
            if (t.n == 0)
                break;
            complain("end of file");
            t.n = 0;
            if (interactive)
                continue;
            return;
        }
        at = t.s;
        result = parse_line(&at, &tree, &near);
        if (result == INCOMPLETE)
            continue;
        t.n = 0;
        if (result == PARSED)
            run_list(tree);
        else
            complain(near);
        if (result == WRONG && !interactive)
            return;
    }
    if (interactive)
        fprintf(stdout, "\n");
}

static char *
readfile(const char *path)
{
    struct text t = { 0, 0, 0 };
    char buf[PROBE];
    int fd, n;

    if ((fd = open(path, O_RDONLY)) < 0)
        err(NOTFOUND, "%s", path);
    add(&t, "", 0);
    while ((n = read(fd, buf, sizeof(buf))) > 0)
        add(&t, buf, n);
    if (n < 0)
        err(NOTRUN, "%s", path);
    close(fd);
    return t.s;
}

int
main(int argc, char **argv)
{
    int ctext = argc > 1 && strcmp(argv[1], "-c") == 0;

    if (ctext && argc < 3)
        usage("[-c text | file] [arg...]");
    shellpid = getpid();
    args = argv;
    nargs = 1;
    if (argc > 1) {
        args = argv + (ctext && argc > 3 ? 3 : ctext ? 0 : 1);
        nargs = ctext && argc == 3 ? 1 : argv + argc - args;
        run_text(ctext ? argv[2] : readfile(argv[1]));
        exit(laststatus);
    }
    if (getpid() == 1)
        openconsole();              // there is no init
    interactive = jobs = isconsole(0);
    run_stdin();
    exit(laststatus);
}
