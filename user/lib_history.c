// lib_history.c: the lines typed before, the oldest first, MOST at most.
//
// A line that repeats the one before it is not kept, nor is one of blanks. It
// may have newlines in it, as a command over several lines has. In the file
// each line has one of its own, and a newline within a line is followed by a
// tab; so lines are kept without the tabs that they begin with. Several shells
// may share the file: saving reads it again and adds what is new here, into a
// file beside it that then takes its name, so that a crash leaves the old one
// or the new one.

#include "lineedit.h"

#define MOST 500

struct list {
    char **line;
    uint n, cap;
};

static struct list past;
static uint fresh;                  // of these, the last so many are not in
                                    // the file
static int
is_empty(const char *s)
{
    while (isspace((uchar)*s))
        s++;
    return *s == 0;
}

static int
grow(struct list *l)
{
    uint cap = l->cap ? l->cap * 2 : 16;
    char **bigger;

    if (l->n < l->cap)
        return 0;
    if ((bigger = realloc(l->line, cap * sizeof(*bigger))) == 0)
        return -1;
    l->line = bigger;
    l->cap = cap;
    return 0;
}

// Returns whether the line was kept; -1: no memory.
static int
list_add(struct list *l, const char *line)
{
    char *copy;

    line += strspn(line, "\t");
    if (is_empty(line) || (l->n > 0 && strcmp(l->line[l->n - 1], line) == 0))
        return 0;
    if (grow(l) < 0 || (copy = strdup(line)) == 0)
        return -1;
    if (l->n == MOST) {
        free(l->line[0]);
        memmove(l->line, l->line + 1, --l->n * sizeof(*l->line));
    }
    l->line[l->n++] = copy;
    return 1;
}

static void
list_free(struct list *l)
{
    while (l->n > 0)
        free(l->line[--l->n]);
    free(l->line);
}

// A line of the file: more of an entry, or the beginning of the next.
static int
load_line(struct list *l, struct bytes *entry, const char *line)
{
    int err = 0;

    if (line[0] == '\t')
        return bytes_add(entry, "\n") | bytes_add(entry, line + 1);
    if (entry->n > 0)
        err = list_add(l, entry->s);
    entry->n = 0;
    return err < 0 ? -1 : bytes_add(entry, line);
}

static int
list_load(struct list *l, const char *path)
{
    struct bytes entry = { 0, 0, 0 };
    struct lines in;
    char *line;
    int fd = open(path, O_RDONLY), err = 0;

    if (fd < 0)
        return -1;
    openlines(&in, fd);
    while (err >= 0 && (line = nextline(&in, 0)) != 0)
        err = load_line(l, &entry, line);
    if (err >= 0 && entry.n > 0)
        err = list_add(l, entry.s);
    free(entry.s);
    if (in.error) {
        errno = in.error;
        err = -1;
    }
    closelines(&in);
    close(fd);
    return err < 0 ? -1 : 0;
}

void
addhistory(const char *line)
{
    if (list_add(&past, line) > 0 && fresh < MOST)
        fresh++;
}

int
loadhistory(const char *path)
{
    return list_load(&past, path);
}

uint
history_count(void)
{
    return past.n;
}

const char *
history_line(uint i)
{
    return i < past.n ? past.line[i] : 0;
}

static int
write_line(struct bytes *out, const char *line)
{
    const char *end;

    for (; (end = strchr(line, '\n')) != 0; line = end + 1)
        if (bytes_insert(out, out->n, line, end - line) < 0 ||
            bytes_add(out, "\n\t") < 0)
            return -1;
    return bytes_add(out, line) | bytes_add(out, "\n");
}

// Write it under a name of its own in the same directory, then rename it.
static int
replace_file(const char *path, const struct bytes *text)
{
    const char *slash = strrchr(path, '/');
    struct bytes name = { 0, 0, 0 };
    char last[16];
    int fd = -1, err;

    snprintf(last, sizeof(last), "hist%d", getpid());
    err = bytes_insert(&name, 0, path, slash ? slash + 1 - path : 0);
    if (err == 0 && (err = bytes_add(&name, last)) == 0)
        err = fd = open(name.s, O_WRONLY | O_CREATE | O_TRUNC);
    if (fd >= 0) {
        err = writeall(fd, text->s, text->n);
        if (close(fd) < 0 || err < 0 || rename(name.s, path) < 0) {
            unlink(name.s);
            err = -1;
        }
    }
    free(name.s);
    return err < 0 ? -1 : 0;
}

static int
save_list(const char *path, const struct list *l)
{
    struct bytes text = { 0, 0, 0 };
    uint i;
    int err = 0;

    for (i = 0; err == 0 && i < l->n; i++)
        err = write_line(&text, l->line[i]);
    if (err == 0)
        err = replace_file(path, &text);
    free(text.s);
    return err;
}

int
savehistory(const char *path)
{
    struct list all = { 0, 0, 0 };
    uint i;
    int err;

    if (fresh == 0)
        return 0;
    err = list_load(&all, path);
    if (err < 0 && errno == ENOENT)
        err = 0;
    for (i = past.n - fresh; err >= 0 && i < past.n; i++)
        err = list_add(&all, past.line[i]);
    if (err >= 0 && (err = save_list(path, &all)) == 0)
        fresh = 0;
    list_free(&all);
    return err < 0 ? -1 : 0;
}
