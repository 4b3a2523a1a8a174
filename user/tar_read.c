// tar_read.c: reading an archive.

#include "tar.h"

// A whole block; 0: the archive ends here.
static int
readblock(char block[TBLOCK])
{
    uint n;
    int got;

    for (n = 0; n < TBLOCK; n += got) {
        if ((got = read(archive, block + n, TBLOCK - n)) < 0)
            err(2, "%s", archivename);
        if (got == 0)
            break;
    }
    if (n > 0 && n < TBLOCK)
        errx(2, "%s: ends in the middle of a block", archivename);
    return n > 0;
}

uint
readcontent(char block[TBLOCK], uint left)
{
    if (!readblock(block))
        errx(2, "%s: ends in the middle of a file", archivename);
    return left < TBLOCK ? left : TBLOCK;
}

static void
skipbytes(uint left)
{
    char block[TBLOCK];

    while (left > 0)
        left -= readcontent(block, left);
}

void
skip(const struct member *m)
{
    skipbytes(m->size);
}

static uint
number8(const char *field, uint size)
{
    unsigned long long value = 0;
    uint i = 0;

    while (i < size && field[i] == ' ')
        i++;
    for (; i < size && field[i] >= '0' && field[i] <= '7'; i++)
        value = value * 8 + (field[i] - '0');
    if ((i < size && field[i] != ' ' && field[i] != 0) || value > UINT_MAX)
        errx(2, "%s: a number that is none, or too large", archivename);
    return value;
}

static int
allzero(const char *block)
{
    uint i;

    for (i = 0; i < TBLOCK; i++)
        if (block[i])
            return 0;
    return 1;
}

static void
checksum(const struct header *h)
{
    const uchar *p = (const uchar *)h;
    uint sum = 0, i, at = offsetof(struct header, sum);

    for (i = 0; i < TBLOCK; i++)
        sum += i >= at && i < at + sizeof(h->sum) ? ' ' : p[i];
    if (sum != number8(h->sum, sizeof(h->sum)))
        errx(2, "%s: not an archive, or damaged", archivename);
}

static void
parseheader(const struct header *h, struct member *m)
{
    if (memcmp(h->magic, "ustar", 6) == 0 && h->prefix[0])
        snprintf(m->path, MAXPATH, "%.*s/%.*s", PREFLEN, h->prefix, NAMELEN,
                 h->name);
    else
        snprintf(m->path, MAXPATH, "%.*s", NAMELEN, h->name);
    snprintf(m->link, MAXPATH, "%.*s", NAMELEN, h->linkname);
    m->type = h->type ? h->type : '0';
    m->size = number8(h->size, sizeof(h->size));
    m->mtime = number8(h->mtime, sizeof(h->mtime));
    m->major = m->minor = 0;
    if (m->type == '3' || m->type == '4') {
        m->major = number8(h->major, sizeof(h->major));
        m->minor = number8(h->minor, sizeof(h->minor));
    }
    if (m->type == '1' || m->type == '2' || m->type == '5')
        m->size = 0;
}

// The content of a member that is about the next one; malloc'd.
static char *
readtext(uint size)
{
    char block[TBLOCK], *text;
    uint done = 0, n;

    if (size >= 64 << 10 || (text = malloc(size + 1)) == 0)
        errx(2, "%s: an extended header of %u bytes", archivename, size);
    while (done < size) {
        n = readcontent(block, size - done);
        memcpy(text + done, block, n);
        done += n;
    }
    text[size] = 0;
    return text;
}

static void
longname(char *to, const char *name)
{
    if (strlcpy(to, name, MAXPATH) >= MAXPATH)
        errx(2, "%.40s...: the path is too long", name);
}

// Records "length key=value\n", of which only the path matters here.
static void
extended(char *text, char *path)
{
    char *end, *key;
    uint n;

    while ((n = strtoul(text, &end, 10)) > 0 && n <= strlen(text) &&
           *end == ' ') {
        key = end + 1;
        end = text + n - 1;
        *end = 0;
        if (strncmp(key, "path=", 5) == 0)
            longname(path, key + 5);
        text = end + 1;
    }
}

// A member that is about the next one: 1, and what it says is kept.
static int
special(const struct member *m, char *path, char *link)
{
    char *text;

    switch (m->type) {
    case 'L':
    case 'K':
    case 'x':
        text = readtext(m->size);
        if (m->type == 'x')
            extended(text, path);
        else
            longname(m->type == 'L' ? path : link, text);
        free(text);
        return 1;
    case 'g':
        skip(m);
        return 1;
    }
    return 0;
}

void
readarchive(void (*each)(struct member *m))
{
    static struct member m;
    static char path[MAXPATH], link[MAXPATH];
    union { char block[TBLOCK]; struct header h; } u;

    while (readblock(u.block) && !allzero(u.block)) {
        checksum(&u.h);
        parseheader(&u.h, &m);
        if (special(&m, path, link))
            continue;
        if (path[0])
            strcpy(m.path, path);
        if (link[0])
            strcpy(m.link, link);
        path[0] = link[0] = 0;
        each(&m);
    }
}
