// lib_line.c: reading lines of any length, of any bytes.
//
//     buf   [ given out | start ... end | free up to cap ]
//
// The buffer doubles when one line fills it. A last line without a newline
// is a line too.

#include "user.h"

#define FIRSTCAP 4096

void
openlines(struct lines *l, int fd)
{
    memset(l, 0, sizeof(*l));
    l->fd = fd;
}

void
closelines(struct lines *l)
{
    free(l->buf);
    l->buf = 0;
}

// Makes room, then reads once; one byte is kept for the last line's NUL.
static int
more(struct lines *l)
{
    uint cap = l->cap ? l->cap * 2 : FIRSTCAP;
    char *bigger;
    int n;

    if (l->start > 0) {
        memmove(l->buf, l->buf + l->start, l->end - l->start);
        l->end -= l->start;
        l->start = 0;
    }
    if (l->end + 1 >= l->cap) {
        if ((bigger = realloc(l->buf, cap)) == 0)
            return -1;
        l->buf = bigger;
        l->cap = cap;
    }
    n = read(l->fd, l->buf + l->end, l->cap - l->end - 1);
    if (n > 0)
        l->end += n;
    return n;
}

char *
nextline(struct lines *l, uint *len)
{
    uint seen = 0, n;
    char *line, *newline = 0;
    int got = 1;

    for (;;) {
        if (l->end > l->start + seen)
            newline = memchr(l->buf + l->start + seen, '\n',
                             l->end - l->start - seen);
        seen = l->end - l->start;
        if (newline || l->eof)
            break;
        if ((got = more(l)) <= 0) {
            l->eof = 1;
            if (got < 0)
                l->error = errno;
        }
    }
    if (newline == 0 && seen == 0)
        return 0;
    line = l->buf + l->start;
    n = newline ? (uint)(newline - line) : seen;
    line[n] = 0;
    l->start += newline ? n + 1 : n;
    if (len)
        *len = n;
    return line;
}

int
hasnewline(struct lines *l, const char *line, uint len)
{
    return line + len < l->buf + l->end;
}
