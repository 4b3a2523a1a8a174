// lib_seek.c: positions in streams. The file's own offset is ahead by what
// was read and not used yet, and behind by what waits to be written.

#include "lib_stdio.h"

off_t
ftello(FILE *f)
{
    int atend = f->n > 0 && f->flags & S_APPEND;
    int at = lseek(f->fd, 0, atend ? SEEK_END : SEEK_CUR);

    return at < 0 ? -1 : at - (int)(f->end - f->at) + (int)f->n;
}

int
fseeko(FILE *f, off_t off, int whence)
{
    if (__flush(f) < 0)
        return -1;
    if (whence == SEEK_CUR)
        off -= f->end - f->at;
    if (lseek(f->fd, off, whence) < 0)
        return -1;
    f->at = f->end = f->room = 0;
    f->flags &= ~S_EOF;
    return 0;
}

int
fseek(FILE *f, long off, int whence)
{
    return fseeko(f, off, whence);
}

long
ftell(FILE *f)
{
    return ftello(f);
}

void
rewind(FILE *f)
{
    fseek(f, 0, SEEK_SET);
    clearerr(f);
}

int
fgetpos(FILE *f, fpos_t *pos)
{
    *pos = ftell(f);
    return *pos < 0 ? -1 : 0;
}

int
fsetpos(FILE *f, const fpos_t *pos)
{
    return fseek(f, *pos, SEEK_SET);
}
