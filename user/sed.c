// sed.c: edits a stream, line after line, by a script.
//
// For each line the commands run in order on the pattern space; at the end
// it is written (not with -n), and after it what a and r have asked for. The
// next line is read ahead only where a command must know whether there is
// one, so that sed can be talked to. A last line without a newline is
// written without one.
// Exit status: 0, 1 for a wrong script, 2 if a file could not be read, 4 if
// one could not be written, and what q says.

#include <ctype.h>
#include "sed.h"

const char help[] =
    "sed [-nEs] [-i[suffix]] [-e script | -f file | script] [file...]\n"
    "Edit lines by a script and write them.\n"
    "  -n  write only what the script says   -E  extended expressions\n"
    "  -e SCRIPT, -f FILE  scripts, added up\n"
    "  -i  edit files in place; -i.SUFFIX keeps what they were\n"
    "  -s  every file begins with line 1 and has its own last line";

enum { NEXT, END, DELETED, RESTART };   // how a cycle goes on

#define NGROUPS  10
#define WRAP     69                 // characters of l before a backslash

static struct text space, held, ahead;
static int spaceended = 1, heldended = 1, aheadended;  // with a newline
static int haveahead;
static uint lineno;
static int separate, inplace, status, substituted;
static const char *suffix = "";
static struct re *lastre;

static struct {
    char **names;                   // files not yet begun
    const char *name;               // the current one's, 0: none is open
    int  fd;
    struct lines lines;
    char *temp;                     // what -i writes to
} in;

static struct {                     // a and r: what comes behind the line
    struct command **cmd;
    uint n, cap;
} later;

// -- output ---------------------------------------------------------------

static void
put(struct output *o, const char *s, uint n, int ended)
{
    if (o->unended)
        putc('\n', o->f);
    if (fwrite(s, 1, n, o->f) != n || (ended && putc('\n', o->f) < 0)) {
        if (errno == EPIPE && o->f == stdout)
            exit(4);
        err(4, "%s", o->name);
    }
    o->unended = !ended;
}

static void
flushall(void)
{
    struct output *o;

    for (o = outputs; o; o = o->next) {
        if (fflush(o->f) < 0) {
            if (errno == EPIPE && o->f == stdout)
                exit(4);
            err(4, "%s", o->name);
        }
    }
}

static void
putspace(void)
{
    put(outputs, space.s, space.n, spaceended);
}

// Text that brings its own newlines.
static void
putraw(const char *s, uint n)
{
    put(outputs, s, n, 0);
    outputs->unended = 0;
}

static void
copyin(const char *name)
{
    char buf[4096];
    int fd = open(name, O_RDONLY), n;

    if (fd < 0)
        return;                     // a missing file of r is no error
    while ((n = read(fd, buf, sizeof(buf))) > 0)
        putraw(buf, n);
    close(fd);
}

static void
putlater(void)
{
    uint i;

    for (i = 0; i < later.n; i++) {
        if (later.cmd[i]->name == 'r')
            copyin(later.cmd[i]->text.s);
        else
            putraw(later.cmd[i]->text.s, later.cmd[i]->text.n);
    }
    later.n = 0;
}

static void
addlater(struct command *c)
{
    if (later.n == later.cap) {
        later.cap = 2 * later.cap + 8;
        later.cmd = realloc(later.cmd, later.cap * sizeof(*later.cmd));
        if (later.cmd == 0)
            err(4, "sed");
    }
    later.cmd[later.n++] = c;
}

// -- input ----------------------------------------------------------------

static char *
beside(const char *name, const char *text)
{
    const char *slash = strrchr(name, '/');
    int n = slash ? slash + 1 - name : 0;
    char *path;

    if (asprintf(&path, "%.*s%s", n, name, text) < 0)
        err(4, "%s", name);
    return path;
}

static void
begininplace(void)
{
    char temp[16];

    snprintf(temp, sizeof(temp), ".sed%d", getpid());
    in.temp = beside(in.name, temp);
    if ((outputs->f = fopen(in.temp, "w")) == 0)
        err(4, "%s", in.temp);
    outputs->name = in.temp;
}

static void
endinplace(void)
{
    char *old;

    outputs->unended = 0;
    if (fclose(outputs->f) < 0)
        err(4, "%s", in.temp);
    if (*suffix) {
        if (asprintf(&old, "%s%s", in.name, suffix) < 0 ||
            rename(in.name, old) < 0)
            err(4, "%s%s", in.name, suffix);
        free(old);
    }
    if (rename(in.temp, in.name) < 0)
        err(4, "%s", in.name);
    free(in.temp);
    outputs->f = stdout;
    outputs->name = "output";
}

// With -i "-" is a file's name, too.
static int
openone(const char *name)
{
    static const char dash[] = "./-";

    return openinput(inplace && strcmp(name, "-") == 0 ? dash : name);
}

// Opens the next file that can be; 0 if there is none.
static int
openfile(void)
{
    for (; *in.names; in.names++) {
        in.name = *in.names;
        in.fd = openone(in.name);
        if (in.fd >= 0) {
            in.names++;
            openlines(&in.lines, in.fd);
            if (separate)
                lineno = 0;
            if (inplace)
                begininplace();
            return 1;
        }
        warn("%s", in.name);
        status = 2;
    }
    in.name = 0;
    return 0;
}

static void
closefile(void)
{
    if ((errno = in.lines.error) != 0) {
        warn("%s", in.name);
        status = 2;
    }
    closelines(&in.lines);
    if (in.fd != 0)
        close(in.fd);
    if (inplace)
        endinplace();
    in.name = 0;
}

// The next line into t; 0 at the end, of this file if they are separate.
static int
take(struct text *t, int *ended)
{
    char *line;
    uint n;

    for (;;) {
        if (in.name && (line = nextline(&in.lines, &n)) != 0) {
            t->n = 0;
            add(t, line, n);
            *ended = hasnewline(&in.lines, line, n);
            return 1;
        }
        if (in.name && separate)
            return 0;
        if (in.name)
            closefile();
        if (!openfile())
            return 0;
    }
}

static int
anotherline(void)
{
    if (!haveahead)
        haveahead = take(&ahead, &aheadended);
    return haveahead;
}

// A line into the pattern space; 0: there is none.
static int
nextinput(void)
{
    struct text swap = space;

    if (!anotherline())
        return 0;
    space = ahead;
    ahead = swap;
    spaceended = aheadended;
    haveahead = 0;
    lineno++;
    return 1;
}

static int
takeline(void)
{
    if (haveahead)
        return nextinput();
    if (!take(&space, &spaceended))
        return 0;
    lineno++;
    return 1;
}

// -- which commands a line selects ----------------------------------------

static int
match(struct re *re, regmatch_t *m, uint from)
{
    int code;

    if (re->compiled)
        lastre = re;
    if (lastre == 0)
        errx(1, "an empty expression, and none before it");
    m[0].rm_so = from;
    m[0].rm_eo = space.n;
    code = regexec(&lastre->re, space.s, NGROUPS, m, REG_STARTEND);
    if (code == REG_ESPACE)
        errx(4, "out of memory");
    return code == 0;
}

static int
at(struct address *a)
{
    regmatch_t m[NGROUPS];

    switch (a->kind) {
    case A_LINE: return lineno == a->n;
    case A_LAST: return !anotherline();
    case A_RE:   return match(a->re, m, 0);
    case A_STEP:
        if (a->step == 0)
            return lineno == a->n;
        return lineno >= a->n && (lineno - a->n) % a->step == 0;
    default:     return 1;
    }
}

// The first line of a range has been found: is it the last, too?
static void
beginrange(struct command *c)
{
    struct address *to = &c->to;

    c->active = 1;
    c->last = to->n;
    if (to->kind == A_PLUS)
        c->last = lineno + to->n;
    if (to->kind == A_MULTIPLE)
        c->last = to->n ? (lineno + to->n - 1) / to->n * to->n : lineno;
    if (to->kind != A_RE && to->kind != A_LAST)
        c->active = c->last > lineno;
    if (to->kind == A_LAST)
        c->active = anotherline();
}

static int
inrange(struct command *c)
{
    if (!c->active) {
        if (!at(&c->from))
            return 0;
        beginrange(c);
        return 1;
    }
    if (c->to.kind == A_RE || c->to.kind == A_LAST) {
        c->active = !at(&c->to);
        return 1;
    }
    c->active = lineno < c->last;
    return lineno <= c->last;
}

static int
selected(struct command *c)
{
    int hit = c->to.kind == A_NONE ? at(&c->from) : inrange(c);

    return hit != c->not;
}

// -- s --------------------------------------------------------------------

static struct {                     // \U and its like
    char lasting, once;
} change;

static void
addchanged(struct text *t, const char *s, uint n)
{
    uint start = t->n, i;

    add(t, s, n);
    for (i = start; i < t->n && (change.lasting || change.once); i++) {
        if (change.once ? change.once == 'u' : change.lasting == 'U')
            t->s[i] = toupper((uchar)t->s[i]);
        else
            t->s[i] = tolower((uchar)t->s[i]);
        change.once = 0;
    }
}

static void
addreplacement(struct text *t, struct piece *p, regmatch_t *m)
{
    change.lasting = change.once = 0;
    for (; p; p = p->next) {
        if (p->change == 'u' || p->change == 'l')
            change.once = p->change;
        else if (p->change)
            change.lasting = p->change == 'E' ? 0 : p->change;
        addchanged(t, p->text.s, p->text.n);
        if (p->group >= 0 && m[p->group].rm_so >= 0)
            addchanged(t, space.s + m[p->group].rm_so,
                       m[p->group].rm_eo - m[p->group].rm_so);
    }
}

// An empty match right behind another one does not count.
static int
replaceall(struct command *c, struct text *out)
{
    uint start = 0, count = 0, done = 0, so, eo, before = UINT_MAX;
    regmatch_t m[NGROUPS];

    while (start <= space.n && match(c->re, m, start)) {
        so = m[0].rm_so;
        eo = m[0].rm_eo;
        add(out, space.s + start, so - start);
        if (so < eo || so != before) {
            if (++count >= c->number) {
                addreplacement(out, c->pieces, m);
                done = 1;
            } else {
                add(out, space.s + so, eo - so);
            }
        }
        before = start = eo;
        if (done && !c->global)
            break;
        if (so == eo) {
            add(out, space.s + so, so < space.n);
            start++;
        }
    }
    if (start < space.n)
        add(out, space.s + start, space.n - start);
    return done;
}

static void
substitute(struct command *c)
{
    static struct text out;
    struct text swap;

    out.n = 0;
    add(&out, "", 0);
    if (!replaceall(c, &out))
        return;
    swap = space;
    space = out;
    out = swap;
    substituted = 1;
    if (c->print)
        putspace();
    if (c->out)
        put(c->out, space.s, space.n, spaceended);
}

// -- the other commands ---------------------------------------------------

static void
transliterate(uchar *map)
{
    uint i;

    for (i = 0; i < space.n; i++)
        space.s[i] = map[(uchar)space.s[i]];
}

// l: what cannot be seen as \n or \123, and lines of at most 70 characters.
static void
list(void)
{
    static const char codes[] = "\\\a\b\f\n\r\t\v", names[] = "\\abfnrtv";
    uint i, column = 0, n;
    const char *found;
    char buf[8];

    for (i = 0; i < space.n; i++) {
        found = memchr(codes, space.s[i], sizeof(codes) - 1);
        if (found)
            n = snprintf(buf, sizeof(buf), "\\%c", names[found - codes]);
        else
            n = snprintf(buf, sizeof(buf), isprint((uchar)space.s[i]) ?
                         "%c" : "\\%03o", (uchar)space.s[i]);
        if (column + n > WRAP) {
            put(outputs, "\\", 1, 1);
            column = 0;
        }
        putraw(buf, n);
        column += n;
    }
    put(outputs, "$", 1, 1);
}

static uint
firstline(void)
{
    char *newline = memchr(space.s, '\n', space.n);

    return newline ? (uint)(newline - space.s) : space.n;
}

static void
cutfirst(uint n)
{
    memmove(space.s, space.s + n, space.n - n);
    space.n -= n;
    space.s[space.n] = 0;
}

// g and G, h and H: whether the text ends with a newline comes along.
static void
hold(int adding)
{
    if (!adding)
        held.n = 0;
    add(&held, adding ? "\n" : "", adding);
    add(&held, space.s, space.n);
    heldended = spaceended;
}

static void
gethold(int adding)
{
    if (!adding)
        space.n = 0;
    add(&space, adding ? "\n" : "", adding);
    add(&space, held.s, held.n);
    spaceended = heldended;
}

// Ends sed: with the pattern space written, as a cycle's end does.
static void
quit(int code, int write)
{
    if (write && !quiet)
        putspace();
    putlater();
    if (inplace && in.name)
        closefile();
    flushall();
    exit(code ? code : status);
}

static void
putnumber(void)
{
    char buf[16];

    putraw(buf, snprintf(buf, sizeof(buf), "%u\n", lineno));
}

// n and N where there is no other line end the cycle and with it all.
static int
replaceline(void)
{
    if (!anotherline())
        return END;
    if (!quiet)
        putspace();
    putlater();
    nextinput();
    return NEXT;
}

static int
joinline(void)
{
    struct text first = { 0, 0, 0 };

    if (!anotherline())
        return END;
    putlater();
    add(&first, space.s, space.n);
    nextinput();
    add(&first, "\n", 1);
    add(&first, space.s, space.n);
    free(space.s);
    space = first;
    return NEXT;
}

static void
swapspaces(void)
{
    struct text swap = space;
    int ended = spaceended;

    space = held;
    held = swap;
    spaceended = heldended;
    heldended = ended;
}

// c: the text comes once for a range, at its end.
static void
changeline(struct command *c)
{
    if (c->to.kind == A_NONE || c->not || !c->active)
        put(outputs, c->text.s, c->text.n - 1, 1);
}

// What to do after a simple command.
static int
run(struct command *c)
{
    switch (c->name) {
    case '=': putnumber(); break;
    case 'a':
    case 'r': addlater(c); break;
    case 'c': changeline(c); return DELETED;
    case 'd': return DELETED;
    case 'D':
        if (firstline() == space.n)
            return DELETED;
        cutfirst(firstline() + 1);
        return RESTART;
    case 'g':
    case 'G': gethold(c->name == 'G'); break;
    case 'h':
    case 'H': hold(c->name == 'H'); break;
    case 'i': put(outputs, c->text.s, c->text.n - 1, 1); break;
    case 'l': list(); break;
    case 'n': return replaceline();
    case 'N': return joinline();
    case 'p': putspace(); break;
    case 'P': put(outputs, space.s, firstline(), 1); break;
    case 'q': quit(c->status, 1); break;
    case 'Q': quit(c->status, 0); break;
    case 's': substitute(c); break;
    case 'w': put(c->out, space.s, space.n, spaceended); break;
    case 'x': swapspaces(); break;
    case 'y': transliterate(c->map); break;
    case 'z': space.n = 0; break;
    }
    return NEXT;
}

// Whether a jump is made; t forgets, then, that anything was substituted.
static int
jumps(struct command *c)
{
    int yes = c->name == 'b' || substituted == (c->name == 't');

    if (c->name != 'b')
        substituted = 0;
    return yes;
}

static int
cycle(void)
{
    struct command *c;
    uint pc = 0;
    int what;

    while (pc < nscript) {
        c = &script[pc++];
        if (!selected(c)) {
            if (c->name == '{')
                pc = c->target;
            continue;
        }
        if (strchr("btT", c->name)) {
            if (jumps(c))
                pc = c->target;
        } else if ((what = run(c)) != NEXT) {
            return what;
        }
    }
    return END;
}

// All lines of the input, or of one file if they are separate.
static void
edit(void)
{
    int what = END;

    while (what == RESTART || takeline()) {
        if (what != RESTART)
            substituted = 0;
        what = cycle();
        if (what == END && !quiet)
            putspace();
        putlater();
    }
}

// -- options --------------------------------------------------------------

static void
addscript(struct text *t, const char *s, uint n)
{
    if (t->s)
        add(t, "\n", 1);
    add(t, s, n);
}

static void
addfile(struct text *t, const char *name)
{
    int fd = openinput(name);
    struct lines l;
    char *line;
    uint n;

    if (fd < 0)
        err(1, "%s", name);
    openlines(&l, fd);
    while ((line = nextline(&l, &n)) != 0)
        addscript(t, line, n);
    if ((errno = l.error) != 0)
        err(1, "%s", name);
    closelines(&l);
}

// -i may have a suffix right behind it, which getopt() does not know.
static void
findsuffix(char **argv)
{
    static char plain[] = "-i";
    int i;

    for (i = 1; argv[i] && argv[i][0] == '-' && argv[i][1]; i++) {
        if (argv[i][1] == 'i' && argv[i][2]) {
            suffix = argv[i] + 2;
            argv[i] = plain;
        }
        if ((strcmp(argv[i], "-e") == 0 || strcmp(argv[i], "-f") == 0) &&
            argv[i + 1])
            i++;
    }
}

static void
options(int argc, char **argv, struct text *t)
{
    int c;

    findsuffix(argv);
    while ((c = getopt(argc, argv, "e:Ef:inrsu")) != -1) {
        switch (c) {
        case 'e': addscript(t, optarg, strlen(optarg)); break;
        case 'f': addfile(t, optarg); break;
        case 'E':
        case 'r': extended = 1; break;
        case 'i': inplace = separate = 1; break;
        case 'n': quiet = 1; break;
        case 's': separate = 1; break;
        case 'u': break;
        default:  usage(0);
        }
    }
    if (t->s == 0 && argv[optind] == 0)
        usage(0);
    if (t->s == 0) {
        add(t, argv[optind], strlen(argv[optind]));
        optind++;
    }
}

int
main(int argc, char **argv)
{
    static struct output standard = { 0, "output", 0, 0 };
    static char *none[] = { "-", 0 };
    struct text t = { 0, 0, 0 };

    standard.f = stdout;
    outputs = &standard;
    outstatus = 4;
    add(&held, "", 0);
    options(argc, argv, &t);
    parse(&t);
    in.names = argv[optind] ? argv + optind : none;
    if (inplace && argv[optind] == 0)
        errx(1, "-i needs files");
    if (!separate) {
        edit();
    } else {
        while (openfile()) {
            edit();
            closefile();
        }
    }
    if (in.name)
        closefile();
    flushall();
    return status;
}
