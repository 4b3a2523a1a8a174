// sh.c: the shell.
//
//     sh [-efux]                   commands from descriptor 0, with a prompt
//                                  if that is the console
//     sh [-efux] FILE [arg...]     commands from FILE; $1... the arguments
//     sh [-efux] -c TEXT [name [arg...]]
//
// This file has where commands come from; sh.h says what the others have.
//
// At the prompt every job is a process group of its own and has the console
// while it runs, so that ^C ends it and not the shell; while the shell
// itself reads, group 0, nobody, has the console. Scripts stay in the group
// they were started in: ^C ends them whole.

#include "sh.h"

#define HISTORY "/.history"

const char help[] = "sh [-efux] [-c text | file] [arg...]\n"
                    "Runs commands; see man sh.";

// ---- at the prompt ----

// $NAME... in text, as in a here-document. A mistake in there gives the prompt
// up; it is asked for again at once, and then is the text as it stands.
static const char *
expand_text(const char *text)
{
    static int failed;
    struct parser p;
    struct word *w;

    failed = !failed;
    if (!failed)
        return text;
    parse_text(&p, "", 0, 0);
    p.base.wall = 1;
    p.in = &p.base;
    p.arena = p.source.arena = &scratch;
    w = read_body(&p, (char *)text, strlen(text), 0);
    if (p.error == 0)
        text = expand_word(w);
    failed = 0;
    return text;
}

// PS1, else "teak$ " with the directory where that is not the root.
static const char *
prompt_text(int more)
{
    const char *ps = getvar(more ? "PS2" : "PS1"), *dir = getvar("PWD");
    struct text t = { 0, 0, 0, 0 };

    if (ps)
        return expand_text(ps);
    if (more)
        return "> ";
    adds(&t, "teak");
    if (dir && strcmp(dir, "/") != 0) {
        addc(&t, ':');
        adds(&t, dir);
    }
    adds(&t, "$ ");
    return t.s;
}

// What Tab knows besides files and programs; lasts until the next time.
static const char **
completions(void)
{
    static const char **list;
    static char **names;
    static uint n;
    const struct builtin *b;
    struct var **vars;
    uint nvars, i, count = 0;

    for (i = 0; i < n; i++)
        free(names[i]);
    free(names);
    free(list);
    vars = allvars(&nvars);
    for (b = builtins; b->name; b++)
        count++;
    names = must(malloc((nvars + 1) * sizeof(*names)));
    list = must(malloc((count + nvars + 1) * sizeof(*list)));
    count = 0;
    for (b = builtins; b->name; b++)
        list[count++] = b->name;
    for (n = 0; n < nvars; n++) {
        names[n] = must(malloc(strlen(vars[n]->name) + 2));
        names[n][0] = '$';
        strcpy(names[n] + 1, vars[n]->name);
        list[count++] = names[n];
    }
    list[count] = 0;
    return list;
}

// A full-screen program that was killed left the keyboard raw, and perhaps
// colours on, the cursor hidden and a text below it.
static void
repair_console(void)
{
    if (consctl(CONS_MODE, CONS_COOKED) == CONS_RAW)
        dprintf(2, "\033[m\033[?25h\033[J");
    consctl(CONS_SETFG, 0);
}

// A line as readline() gives it, 0 at the end.
static char *
prompted_line(int more)
{
    struct mark m = mark(&scratch);
    char **was = environ, *line;
    const char *prompt = prompt_text(more);

    errno = 0;
    environ = environment();        // for $PATH, $HOME, $COLUMNS of today
    line = readline(prompt);
    environ = was;
    release(&scratch, m);
    if (line == 0 && errno == ENOMEM)
        must(0);
    return line;
}

// What was typed since the prompt that was not for more.
static struct text *
typed_text(void)
{
    static struct arena mine;
    static struct text t;

    t.arena = &mine;
    return &t;
}

// A command has been read, however many lines it has.
static void
remember_typed(void)
{
    struct text *t = typed_text();

    if (t->n > 0)
        addhistory(t->s);
    savehistory(HISTORY);           // a full disk is no reason to complain
}

// Hands a line to the parser, with its newline, and frees it.
static void
give_line(struct parser *p, char *line)
{
    static char *buf;
    uint n = strlen(line);

    buf = must(realloc(buf, n + 2));
    memcpy(buf, line, n);
    buf[n] = '\n';
    free(line);
    p->base.s = buf;
    p->base.end = buf + n + 1;
}

// A line from the keyboard.
static int
typed_line(struct parser *p)
{
    int more = p->source.n > 0, broken;
    char *line;

    if (!more)
        report_jobs();
    repair_console();
    if (!more)
        begin_breaks();
    line = prompted_line(more);
    broken = line && line[0] == 0 && errno == EINTR;
    if (line == 0) {
        dprintf(1, "\n");
        if (more || may_exit())
            return 0;
        line = must(strdup(""));
    }
    if (broken && more) {
        free(line);
        p->interrupted = 1;
        return 0;
    }
    if (more)
        addc(typed_text(), '\n');
    else
        typed_text()->n = 0;
    adds(typed_text(), line);
    give_line(p, line);
    return 1;
}

// ---- from a pipe or a file as descriptor 0 ----

// A line byte by byte: what follows it may be for the commands in it.
static int
piped_line(struct parser *p)
{
    static struct text t;
    static struct arena mine;
    int got;
    char c;

    t.arena = &mine;
    t.n = 0;
    while ((got = read(0, &c, 1)) > 0) {
        addc(&t, c);
        if (c == '\n')
            break;
    }
    if (got < 0)
        complain_errno("read");
    p->base.s = t.s;
    p->base.end = t.s + t.n;
    return t.n > 0;
}

static void
run_input(void)
{
    struct parser p;

    parse_text(&p, "", 0, 0);
    p.alias = findalias;
    interactive = jobcontrol = isconsole(0);
    p.more = interactive ? typed_line : piped_line;
    if (interactive) {
        loadhistory(HISTORY);
        morewords = completions;
        p.parsed = remember_typed;
        run_prompting(&p);
    } else {
        while (run_parser(&p))
            going = GO;
    }
}

// ---- from a text ----

static void
run_file(const char *path)
{
    uint n;
    char *text = readfile(path, &n);

    if (text == 0)
        err(errno == ENOENT ? NOTFOUND : NOTRUN, "%s", path);
    if (n > 0 && memchr(text, 0, n < 128 ? n : 128))
        errx(NOTRUN, "%s: not a script", path);
    run_text(text, n, path);
}

// Where the shell is, unless somebody has said so who knew.
static void
set_directory(void)
{
    char *dir = working_dir();

    if (dir)
        setvar("PWD", dir);
}

// The options before the script's name; *text is what follows a c. Returns
// where the arguments go on.
static int
options(int argc, char **argv, const char **text)
{
    char letter[3] = "-";
    const char *s;
    int i, c = 0;

    for (i = 1; i < argc && argv[i][0] == '-' && argv[i][1] && !c; i++) {
        if (strcmp(argv[i], "--help") == 0)
            getopt(argc, argv, "");
        if (strcmp(argv[i], "--") == 0) {
            i++;
            break;
        }
        for (s = argv[i] + 1; *s; s++) {
            letter[1] = *s;
            if (*s == 'c')
                c = 1;
            else if (!set_options(letter))
                usage(0);
        }
    }
    if (c && i == argc)
        usage(0);
    if (c)
        *text = argv[i++];
    return i;
}

int
main(int argc, char **argv)
{
    const char *text = 0;
    int i = options(argc, argv, &text);

    if (argc == 1 && getpid() == 1)
        openconsole();              // there is no init
    shellpid = getpid();
    import_environment();
    set_directory();
    arg0 = argv[i < argc ? i : 0];
    if (i + 1 < argc)
        setparams(argv + i + 1, argc - i - 1);
    if (text)
        run_text(text, strlen(text), 0);
    else if (i < argc)
        run_file(argv[i]);
    else
        run_input();
    leave(status);
}
