// sh_run.c: walks the tree of a command and does what it says.
//
// Each kind of node has its function, and `status` is what the last command
// left. break, continue and return set `going`, at which lists and loops
// stop until it is done with. What fails in a way that ends a script, but
// not a shell that somebody types at, goes through giveup(): all that was
// hidden, saved or held on the way is put back by unwind().

#include "sh.h"

#define SIGINT   2                  // as $? after ^C has it elsewhere
#define MAXDEPTH 1000               // of run(): 1 MB of stack holds more

struct function {
    struct function *next;
    char *name;
    struct node *body;
};

int status, interactive, shellpid;
int opt_e, opt_u, opt_x, opt_f;
int going, goingcount, loops, calls;
const char *curfile;
uint curline;
char *exittrap;

static struct function *functions;
static int depth;                   // of run()
static int inherited;               // TESTED for what a built-in runs
static int nsubstituted;            // $(...) since the shell began
static struct params outermost;     // parameters outside all functions
static struct arena **held;         // of trees that are being run
static uint nheld, maxheld;
static jmp_buf prompt;
static int canjump;                 // prompt is set, in this process
static int breaks;                  // ^Cs typed when the line began

// ---- messages and giving up ----

static void
message(int reason, const char *fmt, va_list ap)
{
    struct mark m = mark(&scratch);
    va_list again;
    char *text, where[16] = "";
    uint n;

    __builtin_va_copy(again, ap);
    n = vsnprintf(where, 0, fmt, again);
    va_end(again);
    text = take(&scratch, n + 1);
    vsnprintf(text, n + 1, fmt, ap);
    if (curfile)
        snprintf(where, sizeof(where), ":%u: ", curline);
    dprintf(2, "%s: %s%s%s%s%s\n", progname, curfile ? curfile : "", where,
            text, reason ? ": " : "", reason ? strerror(reason) : "");
    release(&scratch, m);
}

void
complain(const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    message(0, fmt, ap);
    va_end(ap);
}

void
complain_errno(const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    message(errno, fmt, ap);
    va_end(ap);
}

void
fail(int code, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    message(0, fmt, ap);
    va_end(ap);
    giveup(code);
}

void
giveup(int code)
{
    status = code;
    if (interactive && canjump)
        longjmp(prompt, 1);
    leave(code);
}

void
begin_breaks(void)
{
    breaks = consctl(CONS_BREAKS, 0);
}

int
broken_off(void)
{
    return interactive && canjump && consctl(CONS_BREAKS, 0) != breaks;
}

// At the prompt ^C ends all that was typed and not only the program in front:
// a loop of built-in commands has none.
void
check_break(void)
{
    if (broken_off())
        giveup(status ? status : 128 + SIGINT);
}

static void
hold(struct arena *a)
{
    if (nheld == maxheld) {
        maxheld = maxheld ? maxheld * 2 : 16;
        held = must(realloc(held, maxheld * sizeof(*held)));
    }
    held[nheld++] = a;
}

// To where no command runs.
static void
unwind(void)
{
    struct mark none = { 0, 0 };

    undo_redirects(0);
    restorevars(0);
    if (calls > 0)
        params = outermost;
    while (nheld > 0)
        letgo(held[--nheld]);
    depth = calls = loops = going = inherited = 0;
    release(&scratch, none);
}

void
leave(int code)
{
    char *trap = exittrap;

    exittrap = 0;
    if (trap) {
        status = code;
        going = 0;
        run_text(trap, strlen(trap), 0);
    }
    exit(code);
}

void
child_begins(void)
{
    interactive = jobcontrol = canjump = 0;
    exittrap = 0;
    forget_redirects();
    forget_jobs();
}

// ---- functions ----

struct function *
findfunction(const char *name)
{
    struct function *f;

    for (f = functions; f; f = f->next)
        if (strcmp(f->name, name) == 0)
            return f;
    return 0;
}

int
forget_function(const char *name)
{
    struct function **at, *f;

    for (at = &functions; (f = *at) != 0; at = &f->next) {
        if (strcmp(f->name, name) != 0)
            continue;
        *at = f->next;
        letgo(f->body->tree->arena);
        free(f->name);
        free(f);
        return 1;
    }
    return 0;
}

static void
define(struct node *n)
{
    struct function *f = must(calloc(1, sizeof(*f)));

    n->tree->arena->refs++;
    forget_function(n->text);
    f->name = must(strdup(n->text));
    f->body = n->b;
    f->next = functions;
    functions = f;
    status = 0;
}

// The function may define itself anew: its tree is held meanwhile.
static void
call_function(struct function *f, char **argv, int argc, int how)
{
    struct params before = params;
    struct saved *vars = savedvars();
    struct node *body = f->body;
    int outer = loops;

    if (calls++ == 0)
        outermost = params;
    body->tree->arena->refs++;
    hold(body->tree->arena);
    params.v = argv + 1;
    params.n = argc - 1;
    params.base = 0;
    loops = 0;
    run(body, how & TESTED);
    if (going == RETURN)
        going = GO;
    loops = outer;
    freeparams();
    params = before;
    restorevars(vars);
    letgo(held[--nheld]);
    calls--;
}

// ---- simple commands ----

// -x: shows the command before it runs.
static void
trace(struct node *n, char **argv)
{
    struct text t = { 0, 0, 0, 0 };
    struct word *w;

    add(&t, "+", 1);
    for (w = n->assigns; w; w = w->next) {
        addc(&t, ' ');
        adds(&t, w->name);
        addc(&t, '=');
        adds(&t, getvar(w->name) ? getvar(w->name) : "");
    }
    for (; *argv; argv++) {
        addc(&t, ' ');
        adds(&t, *argv);
    }
    addc(&t, '\n');
    writeall(2, t.s, t.n);
}

// NAME=value before a command, for its time only; alone, for good.
static void
assign(struct word *w, int forgood)
{
    char *value;

    for (; w; w = w->next) {
        value = expand_word(w);
        if ((!forgood && savevar(w->name) < 0) || setvar(w->name, value) < 0)
            giveup(MISUSED);
        if (!forgood)
            exportvar(w->name);
    }
}

static void
only_assignments(struct node *n)
{
    int before = nsubstituted, saved = redirects(), last = status;

    status = 0;
    if (redirect_saving(n->redirs) < 0)
        status = 1;
    undo_redirects(saved);
    if (status == 0) {
        status = last;              // for $? in the values
        assign(n->assigns, 1);
        if (nsubstituted == before)
            status = 0;
    }
}

static void
run_builtin(const struct builtin *b, struct node *n, char **argv, int how)
{
    int saved = redirects(), before = inherited;
    int forgood = strcmp(b->name, "exec") == 0;

    if ((forgood ? redirect(n->redirs) : redirect_saving(n->redirs)) < 0) {
        undo_redirects(saved);
        status = 1;
        if (b->flags & SPECIAL)
            giveup(MISUSED);
        return;
    }
    if ((b->flags & DASHES) && argv[1] && strcmp(argv[1], "--") == 0) {
        argv[1] = argv[0];
        argv++;
    }
    inherited = how & TESTED;
    status = b->run(argv);
    inherited = before;
    undo_redirects(saved);
}

static void NORETURN
become(struct node *n, char **argv)
{
    if (redirect(n->redirs) < 0)
        leave(1);
    launch(argv);
}

static void
run_program(struct node *n, char **argv, int how)
{
    struct job *j;
    int pid;

    if ((how & LAST) && exittrap == 0)
        become(n, argv);
    j = newjob(n->tree->source + n->from, n->to - n->from);
    pid = patient_fork();
    if (pid == 0) {
        enter_group(0, 0, 1);
        child_begins();
        become(n, argv);
    }
    enter_group(pid, 0, 1);
    addproc(j, pid, argv[0], strlen(argv[0]));
    status = wait_job(j);
}

static void
run_words(struct node *n, char **argv, int argc, int how)
{
    const struct builtin *b = findbuiltin(argv[0]);
    struct function *f = b && (b->flags & SPECIAL) ? 0 : findfunction(argv[0]);
    int saved = redirects();

    while (b && strcmp(argv[0], "command") == 0 && argv[1] &&
           argv[1][0] != '-') {
        argv++;                     // no function, and nothing is special
        b = findbuiltin(argv[0]);
        f = 0;
    }
    if (f) {
        status = 1;
        if (redirect_saving(n->redirs) == 0)
            call_function(f, argv, argc, how);
        undo_redirects(saved);
    } else if (b) {
        run_builtin(b, n, argv, how);
    } else {
        if (strcmp(argv[0], "kill") == 0)
            argv = name_jobs(argv);
        status = 1;
        if (argv)
            run_program(n, argv, how);
    }
}

static void
run_simple(struct node *n, int how)
{
    struct mark m = mark(&scratch);
    struct saved *vars = savedvars();
    const struct builtin *b;
    int argc;
    char **argv;

    curline = n->line;
    curfile = n->tree->file;
    argv = expand_words(n->words, &argc);
    if (argc == 0) {
        only_assignments(n);
    } else {
        b = n->assigns ? findbuiltin(argv[0]) : 0;
        assign(n->assigns, b && (b->flags & SPECIAL));
    }
    if (opt_x)
        trace(n, argv);
    if (argc > 0) {
        run_words(n, argv, argc, how);
        if (n->assigns)
            restorevars(vars);
    }
    release(&scratch, m);
}

// ---- processes ----

static void
move(int from, int to)
{
    if (from < 0 || from == to)
        return;
    dup2(from, to);
    close(from);
}

// Both ends above the standard descriptors, which may be closed. -1: said so,
// and both ends are.
static int
high_pipe(int fd[2])
{
    int i;

    if (pipe(fd) < 0) {
        complain_errno("pipe");
        return -1;
    }
    for (i = 0; i < 2; i++) {
        if (fd[i] < NREDIR && (fd[i] = high(fd[i])) < 0) {
            complain_errno("pipe");
            close(fd[!i]);
            fd[0] = fd[1] = -1;
            return -1;
        }
    }
    return 0;
}

static void NORETURN
child(struct node *n, int in, int out, int group)
{
    enter_group(0, group, 1);
    child_begins();
    move(in, 0);
    move(out, 1);
    run(n, LAST);
    leave(status);
}

// The first word of a command's source names it in messages.
static void
started(struct job *j, int pid, struct node *n, int group)
{
    const char *s = n->tree->source + n->from;
    uint len = n->to - n->from, i;

    for (i = 0; i < len && !isspace((uchar)s[i]); i++)
        ;
    enter_group(pid, group, 1);
    addproc(j, pid, s, i);
}

static void
run_pipe(struct node *n)
{
    struct job *j = newjob(n->tree->source + n->from, n->to - n->from);
    int in = -1, fd[2] = { -1, -1 }, pid = 0;
    struct node *c;

    for (c = n->a; c && pid >= 0; c = c->next) {
        fd[0] = fd[1] = -1;
        if (c->next && high_pipe(fd) < 0)
            pid = -1;
        else if ((pid = patient_fork()) == 0) {
            close(fd[0]);
            child(c, in, fd[1], jobgroup(j));
        }
        started(j, pid, c, jobgroup(j));
        close(in);
        close(fd[1]);
        in = fd[0];
    }
    close(in);
    status = wait_job(j);
}

static void
run_subshell(struct node *n, int how)
{
    struct job *j;
    int pid;

    if (how & LAST) {
        if (redirect(n->redirs) < 0)
            leave(1);
        run(n->a, exittrap ? 0 : LAST);
        leave(status);
    }
    j = newjob(n->tree->source + n->from, n->to - n->from);
    if ((pid = patient_fork()) == 0)
        child(n, -1, -1, 0);
    started(j, pid, n, 0);
    status = wait_job(j);
}

// Without job control it reads nothing: the input is for somebody else.
static void
run_background(struct node *n)
{
    struct node *what = n->a;
    struct job *j = newjob(n->tree->source + what->from, what->to - what->from);
    int pid = patient_fork(), own = jobcontrol;

    if (pid == 0) {
        enter_group(0, 0, 0);
        child_begins();
        if (!own) {
            close(0);
            open("/null", O_RDONLY);
        }
        run(what, LAST);
        leave(status);
    }
    enter_group(pid, 0, 0);
    addproc(j, pid, n->tree->source + what->from, what->to - what->from);
    start_job(j);
    status = pid < 0;
}

static char *
readall(int fd)
{
    struct text t = { 0, 0, 0, 0 };
    char buf[512];
    int n, i;

    add(&t, "", 0);
    while ((n = read(fd, buf, sizeof(buf))) > 0) {
        for (i = 0; i < n; i++)
            if (buf[i])
                addc(&t, buf[i]);
    }
    if (n < 0)
        complain_errno("read");
    while (t.n > 0 && t.s[t.n - 1] == '\n')
        t.s[--t.n] = 0;
    return t.s;
}

char *
substitute(struct node *n)
{
    struct job *j;
    int fd[2], pid;
    char *text;

    nsubstituted++;
    if (high_pipe(fd) < 0)
        giveup(MISUSED);
    j = newjob(n->tree->source + n->from, n->to - n->from);
    if ((pid = patient_fork()) == 0) {
        close(fd[0]);
        child(n, -1, fd[1], 0);
    }
    close(fd[1]);
    started(j, pid, n, 0);
    end_if_broken(j);
    text = readall(fd[0]);
    close(fd[0]);
    status = wait_job(j);
    check_break();
    return text;
}

// ---- compound commands ----

// After a command in a loop: does the loop end here?
static int
loop_ends(void)
{
    int was = going;

    if (going == GO)
        return 0;
    if (going == RETURN)
        return 1;
    if (--goingcount > 0)
        return 1;                   // an outer loop is meant
    going = GO;
    return was == BREAK;
}

static void
run_while(struct node *n, int how)
{
    int result = 0;

    loops++;
    for (;;) {
        run(n->a, TESTED);
        if (going) {
            result = status;
            if (loop_ends())
                break;
            continue;
        }
        if ((status == 0) != (n->kind == WHILE))
            break;
        run(n->b, how & TESTED);
        result = status;
        if (loop_ends())
            break;
    }
    loops--;
    status = result;
}

static void
run_for(struct node *n, int how)
{
    struct mark m = mark(&scratch);
    char **v = params.v;
    int count = params.n, i;

    if (!n->allargs)
        v = expand_words(n->words, &count);
    else                            // the body may change them
        v = memcpy(take(&scratch, (count + 1) * sizeof(*v)), v,
                   count * sizeof(*v));
    for (i = 0; n->allargs && i < count; i++)
        v[i] = keep(&scratch, v[i], strlen(v[i]));
    status = 0;
    loops++;
    for (i = 0; i < count; i++) {
        if (setvar(n->text, v[i]) < 0)
            giveup(MISUSED);
        run(n->b, how & TESTED);
        if (loop_ends())
            break;
    }
    loops--;
    release(&scratch, m);
}

static struct arm *
choose(struct node *n)
{
    char *subject = expand_word(n->words);
    struct arm *arm;
    struct word *w;

    for (arm = n->arms; arm; arm = arm->next)
        for (w = arm->patterns; w; w = w->next)
            if (globmatch(expand_pattern(w), subject))
                return arm;
    return 0;
}

static void
run_case(struct node *n, int how)
{
    struct mark m = mark(&scratch);
    struct arm *arm;

    arm = choose(n);
    release(&scratch, m);
    status = 0;
    if (arm)
        run(arm->body, how);
}

static void
run_if(struct node *n, int how)
{
    run(n->a, TESTED);
    if (going)
        return;
    if (status == 0)
        run(n->b, how);
    else if (n->c)
        run(n->c, how);
    else
        status = 0;
}

static void
run_list(struct node *n, int how)
{
    struct node *c;

    for (c = n->a; c && !going; c = c->next) {
        run(c, c->next ? how & TESTED : how);
        check_break();
    }
}

static void
run_compound(struct node *n, int how)
{
    switch (n->kind) {
    case IF:    run_if(n, how); break;
    case FOR:   run_for(n, how); break;
    case CASE:  run_case(n, how); break;
    case GROUP: run(n->a, how); break;
    default:    run_while(n, how); break;
    }
}

static void
run_redirected(struct node *n, int how)
{
    struct mark m = mark(&scratch);
    int saved = redirects();

    curline = n->line;
    status = 1;
    if (redirect_saving(n->redirs) == 0)
        run_compound(n, n->redirs ? how & TESTED : how);
    undo_redirects(saved);
    release(&scratch, m);
}

static void
run_andor(struct node *n, int how)
{
    run(n->a, TESTED);
    check_break();
    if (!going && (status == 0) == (n->kind == AND))
        run(n->b, how);
}

void
run(struct node *n, int how)
{
    int matters = !(how & TESTED);

    if (++depth > MAXDEPTH)
        fail(MISUSED, "commands nested too deeply");
    switch (n->kind) {
    case SIMPLE:     run_simple(n, how); break;
    case PIPE:       run_pipe(n); break;
    case SUBSHELL:   run_subshell(n, how); break;
    case AND:
    case OR:         run_andor(n, how); matters = 0; break;
    case NOT:        run(n->a, TESTED); status = !status; matters = 0; break;
    case LIST:       run_list(n, how); matters = 0; break;
    case BACKGROUND: run_background(n); matters = 0; break;
    case FUNCTION:   define(n); break;
    default:         run_redirected(n, how); matters = n->redirs != 0; break;
    }
    if (matters && status != 0 && opt_e && !going)
        leave(status);
    depth--;
}

// ---- texts ----

static void
syntax_mistake(struct parser *p)
{
    curfile = p->file;
    curline = p->errorline;
    if (!p->interrupted)
        complain("%s", p->error);
    letgo(p->tree->arena);
    giveup(p->interrupted ? 130 : MISUSED);
}

int
run_parser(struct parser *p)
{
    struct tree *t = parse(p);

    if (t == 0)
        return 0;
    if (p->parsed && !p->interrupted)
        p->parsed();
    if (p->error)
        syntax_mistake(p);
    hold(t->arena);
    run(t->list, inherited);
    letgo(held[--nheld]);
    return 1;
}

void
run_text(const char *s, uint n, const char *file)
{
    struct parser p;

    parse_text(&p, s, n, file);
    p.alias = findalias;
    while (!going && run_parser(&p))
        ;
}

// One command after another for somebody who types; comes back at the end.
void
run_prompting(struct parser *p)
{
    if (setjmp(prompt) != 0) {
        unwind();
        p->base.s = p->base.end;    // with all that was typed
    }
    canjump = 1;
    while (run_parser(p))
        going = GO;
    canjump = 0;
}
