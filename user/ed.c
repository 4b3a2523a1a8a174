// ed.c: the standard editor: lines, by commands.
//
//     ed [-s] [-p prompt] [file]
//
// A command is one or two addresses, a letter, and what the letter wants;
// docs/man/1/ed.md has them all. `cmd` points to what is left of the command.
// What fails prints ?, with H the reason, and ed goes on.
// Exit status: 0, 1 if a command failed, 2 if the input ended with changes.

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include "user.h"
#include "ed.h"

const char help[] = "ed [-s] [-p prompt] [file]\n"
    "Edit lines by commands read from the standard input.\n"
    "  -s  do not print byte counts   -p PROMPT  before each command";

enum { DONE = 0, QUIT = 1, FOLD = 72, WINDOW = 22 };

const char *cmd;
int failed;

static const char *prompt = "*", *why = "", *shellcommand;
static int verbose, prompting;      // H, P
static int inglobal;                // obeying the commands of g or v
static int warned, warning;         // the last command was refused; this is
static char *filename;
static char *input;                 // getline's
static size_t inputroom;
static struct line *marks[26];
static uint from, to, window = WINDOW;
static int  naddr;                  // addresses given: 0, 1, 2

static int obey(void);

int
fail(const char *reason)
{
    why = reason;
    return -1;
}

static int
refuse(const char *reason)
{
    warning = 1;
    return warned ? 0 : fail(reason);
}

// --- input ---

// From a person, who may give lines up with ^C and begin again.
static char *
edited_line(const char *ask, uint *n)
{
    do {
        free(input);
        input = readline(ask);
    } while (input && errno == EINTR);
    if (input == 0)
        return 0;
    addhistory(input);
    *n = strlen(input);
    return input;
}

// A line without its newline, its length in *n; 0 at the end.
static char *
read_line(const char *ask, uint *n)
{
    int got;

    if (isconsole(0))
        return edited_line(ask, n);
    printf("%s", ask);
    fflush(stdout);
    got = getline(&input, &inputroom, stdin);
    if (got < 0)
        return 0;
    if (got > 0 && input[got - 1] == '\n')
        input[--got] = 0;
    *n = got;
    return input;
}

static int
ends_in_backslash(const char *s, uint n)
{
    uint k = 0;

    while (k < n && s[n - 1 - k] == '\\')
        k++;
    return k % 2;
}

// A command, malloc'd, with the lines that backslashes at the end add to it.
static char *
read_command(void)
{
    char *all = 0, *s, *bigger;
    uint n, len = 0;

    do {
        if ((s = read_line(all || !prompting ? "" : prompt, &n)) == 0)
            break;
        if ((bigger = realloc(all, len + n + 2)) == 0)
            err(1, "command");
        all = bigger;
        if (len)
            all[len++] = '\n';
        memcpy(all + len, s, n + 1);
        len += n;
    } while (ends_in_backslash(all, len));
    return all;
}

// The next line of text for a i c, up to the one that is a dot.
static const char *
text_line(uint *n)
{
    const char *s = cmd;

    if (!inglobal) {
        s = read_line("", n);
    } else if (*cmd == 0) {
        return 0;
    } else {
        *n = strcspn(s, "\n");
        cmd += *n + (cmd[*n] == '\n');
    }
    return s && !(*n == 1 && *s == '.') ? s : 0;
}

// --- addresses ---

static void
skip_blanks(void)
{
    while (*cmd == ' ' || *cmd == '\t')
        cmd++;
}

static int
marked_line(char c)
{
    uint i;

    if (c >= 'a' && c <= 'z' && marks[c - 'a'])
        for (i = 0; i < now.n; i++)
            if (now.line[i] == marks[c - 'a'])
                return i + 1;
    return fail("no such mark");
}

// What an address begins with; *a its line. 0: there is none.
static int
base_address(int *a)
{
    skip_blanks();
    *a = dot;
    if (isdigit(*cmd)) {
        *a = strtol(cmd, (char **)&cmd, 10);
    } else if (*cmd == '.') {
        cmd++;
    } else if (*cmd == '$') {
        cmd++;
        *a = now.n;
    } else if (*cmd == '\'') {
        cmd += cmd[1] ? 2 : 1;
        *a = marked_line(cmd[-1]);
    } else if (*cmd == '/' || *cmd == '?') {
        *a = search(*cmd == '?');
    } else {
        return 0;
    }
    return *a < 0 ? -1 : 1;
}

// One address with its offsets: 1, 0 if there is none, -1.
static int
address(int *a)
{
    int found = base_address(a), sign, n;

    while (found >= 0) {
        skip_blanks();
        sign = *cmd == '-' || *cmd == '^' ? -1 : 1;
        if (*cmd == '+' || sign < 0)
            cmd++;
        else if (!isdigit(*cmd))
            break;
        n = isdigit(*cmd) ? strtol(cmd, (char **)&cmd, 10) : 1;
        if (n > (int)now.n)
            n = now.n + 1;          // too far, but no overflow
        *a += sign * n;
        found = 1;
    }
    if (found > 0 && (*a < 0 || *a > (int)now.n))
        return fail("no such line");
    return found;
}

// Reads addresses into from and to; of many the last two count.
static int
addresses(void)
{
    int a, found, separator = 0, implied = 0;

    naddr = 0;
    from = to = dot;
    for (;;) {
        if (*cmd == '%' && naddr == 0) {
            found = 0;
            separator = ',';
            cmd++;
            from = to = naddr = implied = 1;
            continue;
        }
        if ((found = address(&a)) < 0)
            return -1;
        if (!found && !separator && *cmd != ',' && *cmd != ';')
            return 0;
        if (!found && naddr == 0) {
            a = *cmd == ',' ? 1 : dot;
            implied = 1;
        } else if (!found) {
            a = implied ? now.n : to;
        }
        from = naddr ? to : (uint)a;
        to = a;
        naddr = naddr ? 2 : 1;
        separator = *cmd == ',' || *cmd == ';' ? *cmd : 0;
        if (separator == 0)
            return 0;
        if (separator == ';')
            dot = to;
        cmd++;
    }
}

// Where no address was given: a to b. Then both must be lines.
static int
range(uint a, uint b)
{
    if (naddr == 0) {
        from = a;
        to = b;
    }
    if (from < 1 || from > to || to > now.n)
        return fail("no such line");
    return 0;
}

// --- printing ---

static void
list_char(uchar c, uint *col)
{
    static const char codes[] = "\\\\\aa\bb\ff\nn\rr\tt\vv$$";
    const char *p = codes;
    char s[8];

    while (*p && (uchar)*p != c)
        p += 2;
    if (c && *p)
        snprintf(s, sizeof(s), "\\%c", p[1]);
    else
        snprintf(s, sizeof(s), c >= ' ' && c < 127 ? "%c" : "\\%03o", c);
    if (*col + strlen(s) > FOLD) {
        printf("\\\n");
        *col = 0;
    }
    printf("%s", s);
    *col += strlen(s);
}

static void
show(uint at, int how)
{
    struct line *l = now.line[at - 1];
    uint i, col = 0;

    if (how & NUMBER)
        col = printf("%u\t", at) + 6;
    if (how & LIST) {
        for (i = 0; i < l->n; i++)
            list_char(l->s[i], &col);
        printf("$\n");
    } else {
        fwrite(l->s, 1, l->n, stdout);
        putchar('\n');
    }
    dot = at;
}

static int
print(int how)
{
    if (range(dot, dot) < 0 || print_suffix(&how) < 0)
        return -1;
    for (; from <= to; from++)
        show(from, how);
    return DONE;
}

// After a command: its suffix asks for the current line.
static int
finish(int done, int how)
{
    if (done == 0 && how && dot)
        show(dot, how);
    return done;
}

// --- commands that change lines ---

// What g does is undone as one.
static void
begin_change(void)
{
    if (!inglobal)
        undo_begin();
}

static int
insert_text(uint after)
{
    struct line *l;
    const char *s;
    uint n;

    dot = after;
    while ((s = text_line(&n)) != 0) {
        if ((l = line_new(s, n)) == 0)
            return -1;
        if (splice(dot, 0, &l, 1) < 0) {
            line_drop(l);
            return -1;
        }
        dot++;
    }
    return 0;
}

static int
append(char c)
{
    int how = 0;

    if (c == 'c' ? range(dot, dot) < 0 : 0)
        return -1;
    if (print_suffix(&how) < 0)
        return -1;
    begin_change();
    cmd += *cmd == '\n';
    if (c == 'c' && splice(from - 1, to - from + 1, 0, 0) < 0)
        return -1;
    if (c == 'c' || (c == 'i' && to > 0))
        to = (c == 'c' ? from : to) - 1;
    if (insert_text(to) < 0)
        return -1;
    if (c == 'c' && dot == to && dot < now.n)
        dot++;                      // nothing came: the line behind
    return finish(0, how);
}

static int
delete(void)
{
    int how = 0;

    if (range(dot, dot) < 0 || print_suffix(&how) < 0)
        return -1;
    begin_change();
    if (splice(from - 1, to - from + 1, 0, 0) < 0)
        return -1;
    dot = from < now.n ? from : now.n;
    return finish(0, how);
}

static struct line *
joined(void)
{
    struct line *l;
    char *s, *p;
    uint n = 0, i;

    for (i = from; i <= to; i++)
        n += now.line[i - 1]->n;
    if ((s = p = malloc(n + 1)) == 0) {
        fail(NOMEMORY);
        return 0;
    }
    for (i = from; i <= to; i++) {
        memcpy(p, now.line[i - 1]->s, now.line[i - 1]->n);
        p += now.line[i - 1]->n;
    }
    l = line_new(s, n);
    free(s);
    return l;
}

static int
join(void)
{
    struct line *l;
    int how = 0;

    if (range(dot, dot + 1) < 0 || print_suffix(&how) < 0)
        return -1;
    if (naddr == 1)
        return finish(0, how);
    begin_change();
    if ((l = joined()) == 0)
        return -1;
    if (splice(from - 1, to - from + 1, &l, 1) < 0) {
        line_drop(l);
        return -1;
    }
    dot = from;
    return finish(0, how);
}

// m keeps the lines themselves, t makes new ones.
static struct line **
taken_lines(int move, uint n)
{
    struct line **l = malloc(n * sizeof(*l)), *old;
    uint i;

    if (l == 0)
        fail(NOMEMORY);
    for (i = 0; l && i < n; i++) {
        old = now.line[from - 1 + i];
        l[i] = old;
        if (move) {
            old->ref++;
        } else if ((l[i] = line_new(old->s, old->n)) == 0) {
            while (i > 0)
                line_drop(l[--i]);
            free(l);
            l = 0;
        }
    }
    return l;
}

// Takes the n lines out; only the first can fail, and nothing is done then.
static int
cut_out(struct line **l, uint n)
{
    uint i;
    int chosen;

    for (i = 0; i < n; i++) {
        chosen = l[i]->chosen;      // g may come to it yet
        if (splice(from - 1, 1, 0, 0) < 0)
            return -1;
        l[i]->chosen = chosen;
    }
    return 0;
}

static int
move(int take)
{
    uint n;
    struct line **l;
    int how = 0, dest, found, done;

    if (range(dot, dot) < 0 || (found = address(&dest)) < 0 ||
        print_suffix(&how) < 0)
        return -1;
    if (!found)
        dest = dot;
    if (take && dest >= (int)from && dest < (int)to)
        return fail("a line cannot go into the middle of itself");
    n = to - from + 1;
    begin_change();
    if ((l = taken_lines(take, n)) == 0)
        return -1;
    if (take && dest == (int)to)
        dest = from - 1;            // they stay where they are
    else if (take && dest > (int)to)
        dest -= n;
    if (take && cut_out(l, n) < 0)
        done = -1;
    else
        done = splice(dest, 0, l, n);
    for (; done < 0 && n > 0; n--)
        line_drop(l[n - 1]);
    free(l);
    if (done == 0)
        dot = dest + n;
    return finish(done, how);
}

static int
set_mark(void)
{
    char c = *cmd ? *cmd++ : 0;
    int how = 0;

    if (to < 1)
        return fail("no such line");
    if (c < 'a' || c > 'z')
        return fail("a mark is a letter from a to z");
    if (print_suffix(&how) < 0)
        return -1;
    line_drop(marks[c - 'a']);
    marks[c - 'a'] = now.line[to - 1];
    marks[c - 'a']->ref++;
    return finish(0, how);
}

static int
substitution(void)
{
    int how;

    if (range(dot, dot) < 0)
        return -1;
    begin_change();
    how = substitute(from, to);
    return finish(how < 0 ? -1 : 0, how);
}

// --- g and v ---

// The list of commands, a line each: their newlines lose the backslash.
static char *
command_list(void)
{
    char *list = strdup(*cmd && *cmd != '\n' ? cmd : "p"), *to = list;
    const char *s = list;

    if (list == 0)
        fail(NOMEMORY);
    for (; list && *s; s++) {
        s += s[0] == '\\' && s[1] == '\n';
        *to++ = *s;
    }
    if (list)
        *to = 0;
    return list;
}

// The next line that g has chosen, from line at on, and from the start again.
static uint
next_chosen(uint at)
{
    uint i, k;

    for (i = 0; i < now.n; i++) {
        k = (at - 1 + i) % now.n;
        if (now.line[k]->chosen)
            return k + 1;
    }
    return 0;
}

static int
each_chosen(const char *list)
{
    uint at = 1;
    int done = 0;

    while (done == 0 && (at = next_chosen(at)) != 0) {
        now.line[at - 1]->chosen = 0;
        dot = at;
        cmd = list;
        do {
            done = obey();
            cmd += *cmd == '\n';
        } while (done == 0 && *cmd);
    }
    for (at = 1; at <= now.n; at++)
        now.line[at - 1]->chosen = 0;
    return done;
}

static int
global(int wanted)
{
    char delimiter = *cmd, *list;
    regex_t *re;
    uint i;
    int done;

    if (inglobal)
        return fail("g within g");
    if (range(now.n > 0, now.n) < 0 || (re = pattern()) == 0)
        return -1;
    cmd += *cmd == delimiter;
    if ((list = command_list()) == 0)
        return -1;
    for (i = from; i <= to; i++)
        now.line[i - 1]->chosen = matches(re, now.line[i - 1]) == wanted;
    undo_begin();
    inglobal = 1;
    done = each_chosen(list);
    inglobal = 0;
    free(list);
    cmd = "";
    return done;
}

// --- files and the world ---

// What is typed behind a blank, in *name; 0: nothing. -1: there is no blank.
static int
file_argument(const char **name)
{
    *name = 0;
    if (*cmd && *cmd != ' ' && *cmd != '\t' && *cmd != '\n')
        return fail("the command goes on too long");
    skip_blanks();
    if (*cmd)
        *name = cmd;
    cmd += strlen(cmd);
    return 0;
}

static int
set_filename(const char *name)
{
    char *s = strdup(name);

    if (s == 0)
        return fail(NOMEMORY);
    free(filename);
    filename = s;
    return 0;
}

// The name to use: the one given, which becomes the file's if it has none.
static const char *
file_name(const char *name)
{
    if (name && *name != '!' && filename == 0 && set_filename(name) < 0)
        return 0;
    if (name == 0 && filename == 0)
        fail("no file name");
    return name ? name : filename;
}

static int
edit(int insist)
{
    const char *name;

    if (naddr)
        return fail("no address is wanted");
    if (file_argument(&name) < 0 ||
        (modified && insist && refuse("there are changes: once more to drop "
                                      "them") < 0))
        return -1;
    if (name && *name != '!' && set_filename(name) < 0)
        return -1;
    undo_begin();
    if ((name = file_name(name)) == 0 || splice(0, now.n, 0, 0) < 0)
        return -1;
    dot = 0;
    modified = 0;
    if (read_file(name, 0) < 0)
        return -1;
    modified = 0;
    return DONE;
}

static int
read_in(void)
{
    const char *name;

    if (naddr == 0)
        to = now.n;
    if (file_argument(&name) < 0 || (name = file_name(name)) == 0)
        return -1;
    begin_change();
    return read_file(name, to);
}

static int
write_out(const char *mode)
{
    const char *name;
    int quit = *cmd == 'q';

    cmd += quit;
    if (naddr == 0 && now.n == 0)
        from = to = 0;
    else if (range(1, now.n) < 0)
        return -1;
    if (file_argument(&name) < 0 || (name = file_name(name)) == 0 ||
        write_file(name, from, to, mode) < 0)
        return -1;
    if (*name != '!' && to == now.n && from <= 1)
        modified = 0;
    if (!quit)
        return DONE;
    return modified && refuse("there are changes") < 0 ? -1 : QUIT;
}

static int
show_name(void)
{
    const char *name;

    if (naddr)
        return fail("no address is wanted");
    if (file_argument(&name) < 0 || (name && set_filename(name) < 0))
        return -1;
    if (filename == 0)
        return fail("no file name");
    puts(filename);
    return DONE;
}

// The command with each % the file's name, !! the last one; malloc'd.
static char *
shell_command(const char *s)
{
    uint namelen = filename ? strlen(filename) : 0;
    uint lastlen = shellcommand ? strlen(shellcommand) : 0;
    char *to = malloc(strlen(s) * (namelen + 1) + lastlen + 1), *p = to;

    if (to && *s == '!' && shellcommand) {
        p = stpcpy(p, shellcommand);
        s++;
    }
    for (; to && *s; s++) {
        if (s[0] == '\\' && s[1] == '%')
            *p++ = *++s;
        else if (*s == '%' && filename)
            p = stpcpy(p, filename);
        else
            *p++ = *s;
    }
    if (to == 0)
        fail(NOMEMORY);
    else
        *p = 0;
    return to;
}

static int
shell(void)
{
    char *s = shell_command(cmd);
    int expanded = s && strcmp(s, cmd) != 0;

    if (s == 0)
        return -1;
    cmd += strlen(cmd);
    free((void *)shellcommand);
    shellcommand = s;
    if (expanded)
        puts(s);
    fflush(stdout);
    system(s);
    if (!silent)
        puts("!");
    return DONE;
}

// --- the rest ---

static int
scroll(void)
{
    uint at = naddr ? to : dot + 1;
    int how = 0;

    if (isdigit(*cmd))
        window = strtol(cmd, (char **)&cmd, 10);
    if (window < 1 || at < 1 || at > now.n)
        return fail("no such line");
    from = at;
    to = now.n - at < window ? now.n : at + window - 1;
    naddr = 2;
    return print(how);
}

static int
next_line(void)
{
    if (naddr == 0)
        to = dot + 1;
    from = to;
    naddr = 1;
    return print(PRINT);
}

static int
show_number(void)
{
    int how = 0;

    if (print_suffix(&how) < 0)
        return -1;
    printf("%u\n", naddr ? to : now.n);
    return finish(0, how);
}

// H P h q Q u: nothing but the letter and perhaps a suffix.
static int
simple(char c)
{
    int how = 0;

    if (naddr)
        return fail("no address is wanted");
    if (print_suffix(&how) < 0)
        return -1;
    switch (c) {
    case 'H': if (!(verbose = !verbose)) break; // fall through
    case 'h': if (*why) puts(why); break;
    case 'P': prompting = !prompting; break;
    case 'Q': return QUIT;
    case 'q':
        if (modified && refuse("there are changes: q once more drops them") < 0)
            return -1;
        return QUIT;
    case 'u': return finish(undo(), how);
    }
    return DONE;
}

// One command at cmd: DONE, QUIT or -1.
static int
obey(void)
{
    char c;

    if (addresses() < 0)
        return -1;
    skip_blanks();
    c = *cmd;
    if (c && c != '\n')
        cmd++;
    switch (c) {
    case 0: case '\n': return next_line();
    case 'a': case 'i': case 'c': return append(c);
    case 'd': return delete();
    case 'e': return edit(1);
    case 'E': return edit(0);
    case 'f': return show_name();
    case 'g': return global(1);
    case 'v': return global(0);
    case 'j': return join();
    case 'k': return set_mark();
    case 'l': return print(LIST);
    case 'm': return move(1);
    case 'n': return print(NUMBER);
    case 'p': return print(PRINT);
    case 'r': return read_in();
    case 's': return substitution();
    case 't': return move(0);
    case 'w': return write_out("w");
    case 'W': return write_out("a");
    case 'z': return scroll();
    case '=': return show_number();
    case '!': return shell();
    case '#': cmd += strcspn(cmd, "\n"); return DONE;
    case 'H': case 'P': case 'h': case 'q': case 'Q': case 'u':
        return simple(c);
    }
    return fail("no such command");
}

static void
complain(void)
{
    failed = 1;
    puts("?");
    if (verbose)
        puts(why);
}

static int
edit_lines(void)
{
    struct stat st;
    int script = fstat(0, &st) == 0 && st.type == T_FILE;
    char *line;
    int done = DONE;

    while (done != QUIT) {
        if ((line = read_command()) == 0) {
            if (!modified || warned)
                break;
            fail("the input ends, with changes");
            complain();
            return 2;
        }
        cmd = line;
        warning = 0;
        if ((done = obey()) < 0)
            complain();
        warned = warning;
        free(line);
        if (done < 0 && script)
            break;                  // the rest would meet another text
    }
    return failed;
}

int
main(int argc, char **argv)
{
    int c;

    while ((c = getopt(argc, argv, "sp:")) != -1) {
        switch (c) {
        case 's': silent = 1; break;
        case 'p': prompt = optarg; prompting = 1; break;
        default:  usage(NULL);
        }
    }
    if (argc - optind > 1)
        usage(NULL);
    if (optind < argc) {
        if (set_filename(argv[optind]) < 0)
            err(1, "%s", argv[optind]);
        if (read_file(filename, 0) < 0 && errno != ENOENT)
            complain();
        modified = 0;
    }
    return edit_lines();
}
