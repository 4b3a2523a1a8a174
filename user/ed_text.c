// ed_text.c: ed's lines, undo, and files.
//
// The text is an array of pointers to lines. Undo keeps the whole array as it
// was before the last command that changed something; lines in both have two
// references. To undo is to change places with it.

#include <stdlib.h>
#include <string.h>
#include "paths.h"
#include "ed.h"

struct lines_list now;
uint dot;
int modified, silent;

static struct lines_list before;
static uint dotbefore, dotthen;     // for undo; when the command began
static int canundo, begun;          // begun: it has changed nothing so far

struct line *
line_new(const char *s, uint n)
{
    struct line *l = malloc(sizeof(*l) + n + 1);

    if (l == 0) {
        fail(NOMEMORY);
        return 0;
    }
    l->ref = 1;
    l->chosen = 0;
    l->n = n;
    memcpy(l->s, s, n);
    l->s[n] = 0;
    return l;
}

void
line_drop(struct line *l)
{
    if (l && --l->ref == 0)
        free(l);
}

static int
reserve(struct lines_list *list, uint n)
{
    uint room = n + n / 4 + 64;
    struct line **line;

    if (n <= list->room)
        return 0;
    if ((line = realloc(list->line, room * sizeof(*line))) == 0)
        return fail(NOMEMORY);
    list->line = line;
    list->room = room;
    return 0;
}

static int undo_mark(void);

int
splice(uint after, uint ndel, struct line **l, uint n)
{
    uint i;

    if (reserve(&now, now.n + n) < 0 || (begun && undo_mark() < 0))
        return -1;
    for (i = 0; i < ndel; i++) {
        now.line[after + i]->chosen = 0;
        line_drop(now.line[after + i]);
    }
    if (n != ndel)
        memmove(now.line + after + n, now.line + after + ndel,
                (now.n - after - ndel) * sizeof(*now.line));
    if (n)
        memcpy(now.line + after, l, n * sizeof(*l));
    now.n += n - ndel;
    modified = 1;
    return 0;
}

// --- undo ---

void
undo_begin(void)
{
    begun = 1;
    dotthen = dot;
}

// Before the first change of a command; one that changes nothing leaves undo
// as it is.
static int
undo_mark(void)
{
    uint i;

    if (reserve(&before, now.n) < 0)
        return -1;
    for (i = 0; i < now.n; i++)
        now.line[i]->ref++;
    for (i = 0; i < before.n; i++)
        line_drop(before.line[i]);
    if (now.n)
        memcpy(before.line, now.line, now.n * sizeof(*now.line));
    before.n = now.n;
    dotbefore = dotthen;
    canundo = 1;
    begun = 0;
    return 0;
}

int
undo(void)
{
    struct lines_list list = now;
    uint d = dot;

    if (!canundo)
        return fail("nothing to undo");
    now = before;
    before = list;
    dot = dotbefore;
    dotbefore = d;
    modified = 1;
    return 0;
}

// --- files ---

// Adds to list what comes from fd; *bytes counts.
static int
read_lines(int fd, struct lines_list *list, uint *bytes)
{
    struct lines in;
    struct line *l;
    char *s;
    uint n;

    openlines(&in, fd);
    while ((s = nextline(&in, &n)) != 0) {
        if (!hasnewline(&in, s, n))
            puts("Newline appended");
        if (reserve(list, list->n + 1) < 0 || (l = line_new(s, n)) == 0) {
            closelines(&in);
            return -1;
        }
        list->line[list->n++] = l;
        *bytes += n + 1;
    }
    n = in.error;
    closelines(&in);
    return n ? fail(strerror(n)) : 0;
}

static int
cannot(const char *name)
{
    fflush(stdout);
    fprintf(stderr, "%s: %s\n", name, strerror(errno));
    return fail("the file cannot be opened");
}

// Behind line `after`; the last line read becomes the current one.
int
read_file(const char *name, uint after)
{
    struct lines_list list = { 0, 0, 0 };
    uint bytes = 0;
    FILE *f = 0;
    int done;

    if (*name == '!')
        f = popen(name + 1, "r");
    else if (isdir(name))
        errno = EISDIR;
    else
        f = fopen(name, "r");
    if (f == 0)
        return cannot(name);
    done = read_lines(fileno(f), &list, &bytes);
    if (*name == '!')
        pclose(f);
    else
        fclose(f);
    if (done == 0 && list.n)
        done = splice(after, 0, list.line, list.n);
    if (done == 0 && list.n)
        dot = after + list.n;
    while (done < 0 && list.n > 0)
        line_drop(list.line[--list.n]);
    free(list.line);
    if (done == 0 && !silent)
        printf("%u\n", bytes);
    return done;
}

int
write_file(const char *name, uint from, uint to, const char *mode)
{
    FILE *f = *name == '!' ? popen(name + 1, "w") : fopen(name, mode);
    uint bytes = 0, i;
    int error = 0;

    if (f == 0)
        return cannot(name);
    for (i = from; i <= to && i > 0 && !error; i++) {
        error = fwrite(now.line[i - 1]->s, 1, now.line[i - 1]->n, f) !=
                now.line[i - 1]->n || putc('\n', f) == EOF;
        bytes += now.line[i - 1]->n + 1;
    }
    error |= fflush(f) == EOF;
    if (error)
        warn("%s", name);
    if (*name == '!')
        pclose(f);
    else if (fclose(f) == EOF && !error)
        error = 1;
    if (error)
        return fail("not written whole");
    if (!silent)
        printf("%u\n", bytes);
    return 0;
}
