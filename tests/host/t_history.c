// t_history.c: which lines the history keeps, here and in its file.

#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define check(c) \
    do { if (!(c)) { \
        fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #c); \
        abort(); \
    } } while (0)

// ---- what the library has, by the host's ----

#include "../../errno.h"
#include "../../fcntl.h"
extern int *__errno_location(void);
#define errno (*__errno_location())

static int
open_file(const char *path, int flags)
{
    FILE *f = fopen(path, flags & O_WRONLY ? "w" : "r");
    int fd = f ? dup(fileno(f)) : -1;

    if (f)
        fclose(f);
    return fd;
}

struct lines {
    FILE *in;
    char *buf;
    size_t cap;
    int error;
};

static void
openlines(struct lines *l, int fd)
{
    memset(l, 0, sizeof(*l));
    l->in = fdopen(dup(fd), "r");
}

static char *
nextline(struct lines *l, unsigned *len)
{
    ssize_t n = getline(&l->buf, &l->cap, l->in);

    check(len == 0);
    if (n < 0)
        return 0;
    l->buf[strcspn(l->buf, "\n")] = 0;
    return l->buf;
}

static void
closelines(struct lines *l)
{
    fclose(l->in);
    free(l->buf);
}

static int
writeall(int fd, const void *buf, unsigned n)
{
    return write(fd, buf, n) == (ssize_t)n ? 0 : -1;
}

#define open open_file
#include "../../user/lib_edit.c"
#include "../../user/lib_keys.c"
#include "../../user/lib_history.c"

// ---- claims ----

static char dir[] = "/tmp/t_history-XXXXXX", file[64];

// A new session: nothing typed yet.
static void
begin(void)
{
    list_free(&past);
    memset(&past, 0, sizeof(past));
    fresh = 0;
}

// The lines there are, with | between them.
static void
is(const char *want)
{
    static char all[MOST * 16];
    uint i, n = 0;

    for (i = 0; i < history_count(); i++)
        n += sprintf(all + n, "%s%s", i ? "|" : "", history_line(i));
    all[n] = 0;
    if (strcmp(all, want) != 0) {
        fprintf(stderr, "history: %s\nnot: %s\n", all, want);
        exit(1);
    }
    check(history_line(i) == 0);
}

static uint
files(void)
{
    DIR *d = opendir(dir);
    uint n = 0;

    while (readdir(d))
        n++;
    closedir(d);
    return n - 2;
}

static void
kept(void)
{
    begin();
    is("");
    addhistory("one");
    addhistory("");
    addhistory(" \t");
    addhistory("two");
    addhistory("two");
    addhistory("one");
    is("one|two|one");
    check(loadhistory(file) == -1 && errno == ENOENT);
    check(savehistory(file) == 0 && files() == 1);
    addhistory("more\n\n\tlines");
    check(savehistory(file) == 0 && savehistory(file) == 0);
    begin();
    check(loadhistory(file) == 0);
    is("one|two|one|more\n\n\tlines");
    addhistory("\t\ttabbed");
    addhistory("one\nmore");
    addhistory("one");
    check(savehistory(file) == 0);
    begin();
    check(loadhistory(file) == 0);
    is("one|two|one|more\n\n\tlines|tabbed|one\nmore|one");
}

// Two sessions at once: what each has typed is in the file.
static void
shared(void)
{
    struct list other;

    begin();
    check(loadhistory(file) == 0);
    addhistory("mine");
    other = past;
    memset(&past, 0, sizeof(past));
    fresh = 0;
    check(loadhistory(file) == 0);
    addhistory("yours");
    check(savehistory(file) == 0);
    list_free(&past);
    past = other;
    fresh = 1;
    check(savehistory(file) == 0);
    begin();
    check(loadhistory(file) == 0);
    is("one|two|one|more\n\n\tlines|tabbed|one\nmore|one|yours|mine");
}

static void
bounded(void)
{
    char line[16];
    uint i;

    begin();
    check(loadhistory(file) == 0);
    for (i = 0; i < 2 * MOST; i++) {
        sprintf(line, "%u", i);
        addhistory(line);
        if (i % 300 == 0)
            check(savehistory(file) == 0);
    }
    check(history_count() == MOST && atoi(history_line(0)) == MOST);
    check(savehistory(file) == 0);
    begin();
    check(loadhistory(file) == 0);
    check(history_count() == MOST && atoi(history_line(0)) == MOST);
    check(atoi(history_line(MOST - 1)) == 2 * MOST - 1 && files() == 1);
}

// What cannot be saved is saved later, and leaves nothing behind.
static void
refused(void)
{
    begin();
    addhistory("late");
    check(savehistory(dir) == -1 && files() == 1);
    check(savehistory("/nowhere/history") == -1);
    check(unlink(file) == 0 && savehistory(file) == 0);
    begin();
    check(loadhistory(file) == 0);
    is("late");
}

int
main(void)
{
    check(mkdtemp(dir));
    sprintf(file, "%s/history", dir);
    kept();
    shared();
    bounded();
    refused();
    begin();
    unlink(file);
    rmdir(dir);
    printf("t_history: the lines that were typed\n");
    return 0;
}
