// lib_put.c: writing to streams.

#include "lib_stdio.h"

int
__towrite(FILE *f)
{
    if (!(f->flags & S_WRITE))
        return __failed(f, EBADF);
    __ready(f);
    __unread(f);
    f->flags &= ~S_EOF;
    f->room = f->how == _IOFBF ? f->cap : 0;
    return 0;
}

// As much as a buffer or more goes out without being copied.
static uint
putpart(FILE *f, const uchar *p, uint n)
{
    uint part = f->cap - f->n < n ? f->cap - f->n : n;

    if (f->n == 0 && n >= f->cap) {
        part = f->how == _IONBF ? n : n - n % f->cap;
        if (writeall(f->fd, p, part) < 0)
            __failed(f, errno);
        return part;
    }
    memcpy(f->buf + f->n, p, part);
    f->n += part;
    if (f->n == f->cap)
        __flush(f);
    return part;
}

int
__put(FILE *f, const void *p, uint n)
{
    const uchar *s = p;
    int before = f->error;
    uint part;

    if (__towrite(f) < 0)
        return EOF;
    f->error = 0;
    for (part = 0; part < n && f->error == 0; )
        part += putpart(f, s + part, n - part);
    if (f->error)
        return __failed(f, f->error);
    f->error = before;
    if (f->how == _IOLBF && f->n > 0 && memchr(s, '\n', n))
        return __flush(f);
    return 0;
}

size_t
fwrite(const void *buf, size_t size, size_t n, FILE *f)
{
    return size == 0 || __put(f, buf, size * n) < 0 ? 0 : n;
}

int
putc(int c, FILE *f)
{
    uchar byte = c;

    if (f->n + 1 < f->room)
        return f->buf[f->n++] = byte;
    return __put(f, &byte, 1) < 0 ? EOF : byte;
}

int
fputc(int c, FILE *f)
{
    return putc(c, f);
}

int
putchar(int c)
{
    return putc(c, stdout);
}

int
fputs(const char *s, FILE *f)
{
    return __put(f, s, strlen(s));
}

int
puts(const char *s)
{
    return fputs(s, stdout) < 0 || putchar('\n') < 0 ? EOF : 0;
}
