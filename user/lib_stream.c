// lib_stream.c: streams: opening, buffering and closing them. lib_stdio.h
// draws one.
//
// A stream gets its buffer when it is first used. Without memory for it the
// stream works on byte by byte; stdout's buffer is there from the start, so
// that a program without memory can still say so.

#include "lib_stdio.h"

#define NEWMODE 0666

int __endstreams(int status);

static char outbuf[BUFSIZ];

static FILE errs = {
    .fd = 2, .flags = S_WRITE | S_ASKED, .how = _IONBF
};
static FILE out = {
    .fd = 1, .flags = S_WRITE, .next = &errs
};
static FILE in = {
    .fd = 0, .flags = S_READ, .next = &out
};

FILE *stdin = &in, *stdout = &out, *stderr = &errs;
static FILE *streams = &in;

int
__failed(FILE *f, int why)
{
    errno = f->error = why;
    return EOF;
}

void
__ready(FILE *f)
{
    int why = errno;

    if (f->flags & S_READY)
        return;
    f->flags |= S_READY;
    if (!(f->flags & S_ASKED))
        f->how = isconsole(f->fd) ? _IOLBF : _IOFBF;
    if (f->buf == 0 && f->how != _IONBF) {
        f->cap = BUFSIZ;
        if (f == &out)
            f->buf = (uchar *)outbuf;
        else if ((f->buf = malloc(BUFSIZ)) != 0)
            f->flags |= S_OURS;
    }
    if (f->buf == 0) {
        f->buf = &f->one;
        f->cap = 1;
        f->how = _IONBF;
    }
    errno = why;
}

int
__flush(FILE *f)
{
    uint n = f->n;

    f->n = 0;
    if (n > 0 && writeall(f->fd, f->buf, n) < 0)
        return __failed(f, errno);
    return 0;
}

void
__unread(FILE *f)
{
    int why = errno;

    if (f->at < f->end && f->fd >= 0)
        lseek(f->fd, (int)(f->at - f->end), SEEK_CUR);
    f->at = f->end = 0;
    errno = why;
}

FILE *
__newstream(int fd, uint flags)
{
    FILE *f = calloc(1, sizeof(*f));

    if (f == 0)
        return 0;
    f->fd = fd;
    f->flags = flags;
    f->next = streams;
    streams = f;
    return f;
}

void
__closepipes(void)
{
    FILE *f;

    for (f = streams; f; f = f->next)
        if (f->pid > 0)
            close(f->fd);
}

uint
__mode(const char *mode, int *how)
{
    int plus = strchr(mode, '+') != 0;
    uint can = S_WRITE;

    *how = plus ? O_RDWR : O_WRONLY;
    if (mode[0] == 'r') {
        can = S_READ;
        *how = plus ? O_RDWR : O_RDONLY;
    } else if (mode[0] == 'w') {
        *how |= O_CREATE | O_TRUNC;
    } else if (mode[0] == 'a') {
        *how |= O_CREATE | O_APPEND;
        can |= S_APPEND;
    } else {
        errno = EINVAL;
        return 0;
    }
    if (strchr(mode, 'x'))
        *how |= O_EXCL;
    return plus ? can | S_READ | S_WRITE : can;
}

FILE *
fdopen(int fd, const char *mode)
{
    struct stat st;
    int how;
    uint can = __mode(mode, &how);

    if (can == 0 || fstat(fd, &st) < 0)
        return 0;
    if (can & S_APPEND)             // as near as a descriptor comes to it
        lseek(fd, 0, SEEK_END);
    return __newstream(fd, can);
}

FILE *
fopen(const char *path, const char *mode)
{
    int how, fd;
    uint can = __mode(mode, &how);
    FILE *f;

    if (can == 0 || (fd = open(path, how, NEWMODE)) < 0)
        return 0;
    if ((f = __newstream(fd, can)) == 0)
        close(fd);
    return f;
}

// Ends what f was doing and forgets its buffer: as after its creation.
static int
reset(FILE *f)
{
    int result = __flush(f);

    __unread(f);
    if (f->flags & S_OURS)
        free(f->buf);
    f->buf = 0;
    f->cap = f->room = 0;
    f->flags &= S_READ | S_WRITE | S_APPEND;
    if (f == &errs) {
        f->flags |= S_ASKED;
        f->how = _IONBF;
    }
    return result;
}

static void
forget(FILE *f)
{
    FILE **at;

    for (at = &streams; *at && *at != f; at = &(*at)->next)
        ;
    if (*at)
        *at = f->next;
    f->fd = -1;
    f->flags = 0;
    if (f != &in && f != &out && f != &errs)
        free(f);
}

int
fclose(FILE *f)
{
    int result = reset(f);

    if (close(f->fd) < 0)
        result = EOF;
    forget(f);
    return result;
}

// The new file gets the old descriptor, so that freopen(..., stdout) also
// holds for programs run later.
FILE *
freopen(const char *path, const char *mode, FILE *f)
{
    int how, fd;
    uint can = __mode(mode, &how);

    reset(f);
    fd = can && path ? open(path, how, NEWMODE) : -1;
    if (fd >= 0 && f->fd >= 0 && fd != f->fd) {
        if (dup2(fd, f->fd) >= 0) {
            close(fd);
            fd = f->fd;
        } else {
            close(fd);
            fd = -1;
        }
    }
    if (fd < 0) {
        close(f->fd);
        forget(f);
        return 0;
    }
    f->fd = fd;
    f->flags = can | (f->flags & S_ASKED);
    f->error = 0;
    return f;
}

int
fflush(FILE *f)
{
    int result = 0;

    if (f) {
        result = __flush(f);
        __unread(f);
        return result;
    }
    for (f = streams; f; f = f->next)
        if (__flush(f) < 0)
            result = EOF;
    return result;
}

// exit() calls this, when there is a stream at all.
int
__endstreams(int status)
{
    int lost = fflush(0) < 0 ? errno : out.error;

    if (lost == 0 || status != 0)
        return status;
    errno = lost;
    if (lost != EPIPE)
        warn("write");
    return 1;
}

int
setvbuf(FILE *f, char *buf, int how, size_t size)
{
    if (how < _IOFBF || how > _IONBF)
        return -1;
    reset(f);
    f->how = how;
    f->flags |= S_ASKED;
    if (buf && size > 0 && how != _IONBF) {
        f->buf = (uchar *)buf;
        f->cap = size;
    }
    return 0;
}

void
setbuf(FILE *f, char *buf)
{
    setvbuf(f, buf, buf ? _IOFBF : _IONBF, BUFSIZ);
}

void
setlinebuf(FILE *f)
{
    setvbuf(f, 0, _IOLBF, 0);
}

int
fileno(FILE *f)
{
    if (f->fd >= 0)
        return f->fd;
    errno = EBADF;
    return -1;
}

int
feof(FILE *f)
{
    return (f->flags & S_EOF) != 0;
}

int
ferror(FILE *f)
{
    return f->error;
}

void
clearerr(FILE *f)
{
    f->error = 0;
    f->flags &= ~S_EOF;
}
