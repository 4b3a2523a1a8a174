// lib_get.c: reading from streams.

#include "lib_stdio.h"

#define FIRSTLINE 128               // getline's first buffer

int
__toread(FILE *f)
{
    if (!(f->flags & S_READ))
        return __failed(f, EBADF);
    __ready(f);
    f->room = 0;
    return __flush(f);
}

// Who waits for a line from the console has seen all that was printed.
uint
__fill(FILE *f)
{
    int n;

    if (f->at < f->end)
        return f->end - f->at;
    if (f->fd < 0 || f->flags & S_EOF || __toread(f) < 0)
        return 0;
    if (f->how != _IOFBF && stdout->how == _IOLBF)
        __flush(stdout);
    n = read(f->fd, f->buf, f->cap);
    f->at = 0;
    f->end = n > 0 ? n : 0;
    if (n == 0)
        f->flags |= S_EOF;
    if (n < 0)
        __failed(f, errno);
    return f->end;
}

int
getc(FILE *f)
{
    if (f->at == f->end && __fill(f) == 0)
        return EOF;
    return f->buf[f->at++];
}

int
fgetc(FILE *f)
{
    return getc(f);
}

int
getchar(void)
{
    return getc(stdin);
}

// Goes where the byte before was read from. With nothing read from this
// buffer yet, there is room if it is not full.
int
ungetc(int c, FILE *f)
{
    if (c == EOF || __toread(f) < 0)
        return EOF;
    if (f->at == 0) {
        if (f->end == f->cap)
            return EOF;
        memmove(f->buf + 1, f->buf, f->end++);
        f->at = 1;
    }
    f->at--;
    if (f->buf[f->at] != (uchar)c)  // sscanf's text is not ours to change
        f->buf[f->at] = c;
    f->flags &= ~S_EOF;
    return (uchar)c;
}

// What one read() of a large buffer brings need not be copied.
static uint
readdirect(FILE *f, uchar *p, uint n)
{
    int got;

    if (f->at < f->end || n < f->cap || f->flags & S_EOF || f->fd < 0)
        return 0;
    if (__toread(f) < 0)
        return 0;
    got = read(f->fd, p, n > INT_MAX ? INT_MAX : n);
    if (got == 0)
        f->flags |= S_EOF;
    if (got < 0)
        __failed(f, errno);
    return got > 0 ? got : 0;
}

size_t
fread(void *buf, size_t size, size_t n, FILE *f)
{
    uint want = size * n, done = 0, part;

    if (want == 0 || __toread(f) < 0)
        return 0;
    while (done < want) {
        part = readdirect(f, (uchar *)buf + done, want - done);
        if (part == 0) {
            if ((part = __fill(f)) == 0)
                break;
            if (part > want - done)
                part = want - done;
            memcpy((uchar *)buf + done, f->buf + f->at, part);
            f->at += part;
        }
        done += part;
    }
    return done / size;
}

// How many of the bytes there reach to the first `end`, with it if it is
// there; *found says that.
static uint
upto(FILE *f, int end, uint most, int *found)
{
    uint n = f->end - f->at < most ? f->end - f->at : most;
    uchar *stop = memchr(f->buf + f->at, end, n);

    *found = stop != 0;
    return stop ? (uint)(stop - (f->buf + f->at)) + 1 : n;
}

char *
fgets(char *buf, int size, FILE *f)
{
    uint done = 0, n;
    int found = 0;

    if (size < 1)
        return 0;
    while (!found && done + 1 < (uint)size && __fill(f) > 0) {
        n = upto(f, '\n', size - 1 - done, &found);
        memcpy(buf + done, f->buf + f->at, n);
        f->at += n;
        done += n;
    }
    if (size > 1 && (done == 0 || (!found && f->error)))
        return 0;
    buf[done] = 0;
    return buf;
}

// Makes *line hold so many bytes.
static int
makeroom(char **line, size_t *room, size_t need)
{
    size_t more = *room > FIRSTLINE ? *room : FIRSTLINE;
    char *bigger;

    if (*line && *room >= need)
        return 0;
    while (more < need && more <= INT_MAX / 2)
        more *= 2;
    if (more < need) {
        errno = EOVERFLOW;
        return -1;
    }
    if ((bigger = realloc(*line, more)) == 0)
        return -1;
    *line = bigger;
    *room = more;
    return 0;
}

ssize_t
getdelim(char **line, size_t *room, int end, FILE *f)
{
    size_t done = 0;
    int found = 0;
    uint n;

    if (*line == 0)
        *room = 0;
    while (!found && __fill(f) > 0) {
        n = upto(f, end, UINT_MAX, &found);
        if (makeroom(line, room, done + n + 1) < 0)
            return __failed(f, errno);
        memcpy(*line + done, f->buf + f->at, n);
        f->at += n;
        done += n;
    }
    if (done == 0 || (!found && f->error))
        return -1;
    (*line)[done] = 0;
    return done;
}

ssize_t
getline(char **line, size_t *room, FILE *f)
{
    return getdelim(line, room, '\n', f);
}
