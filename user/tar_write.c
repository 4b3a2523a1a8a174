// tar_write.c: making an archive.

#include "tar.h"

#define MAXINODES 65536             // a directory has 16 bits for a number

// The first name of each file that has several, by inode number: the others
// become links to it.
static char *firstnames[MAXINODES];

static void
writeblocks(const void *p, uint n)
{
    if (writeall(archive, p, n) < 0)
        err(2, "%s", archivename);
}

static void
octal(char *field, uint size, uint value)
{
    snprintf(field, size, "%0*o", (int)size - 1, value);
}

// Puts the path into name, or, where it is too long, in two parts into prefix
// and name. 0: it does not fit.
static int
setpath(struct header *h, const char *path)
{
    uint n = strlen(path), cut;

    if (n <= NAMELEN) {
        memcpy(h->name, path, n);
        return 1;
    }
    for (cut = n - NAMELEN - 1; cut <= PREFLEN && cut < n; cut++) {
        if (cut == 0 || path[cut] != '/' || path[cut + 1] == 0)
            continue;
        memcpy(h->prefix, path, cut);
        memcpy(h->name, path + cut + 1, n - cut - 1);
        return 1;
    }
    return 0;
}

static void
writeheader(struct header *h)
{
    const uchar *p = (const uchar *)h;
    uint sum = 0, i;

    memcpy(h->magic, "ustar", 6);
    memcpy(h->version, "00", 2);
    strcpy(h->uname, "root");
    strcpy(h->gname, "root");
    octal(h->uid, sizeof(h->uid), 0);
    octal(h->gid, sizeof(h->gid), 0);
    memset(h->sum, ' ', sizeof(h->sum));
    for (i = 0; i < TBLOCK; i++)
        sum += p[i];
    snprintf(h->sum, sizeof(h->sum), "%06o", sum);
    writeblocks(h, TBLOCK);
}

// Exactly `size` bytes, whatever becomes of the file meanwhile.
static void
writecontent(int fd, const char *path, uint size)
{
    char block[TBLOCK * 16];
    uint left = size, want, n;
    int got;

    while (left > 0) {
        want = left < sizeof(block) ? left : sizeof(block);
        for (n = 0; n < want; n += got) {
            if ((got = read(fd, block + n, want - n)) <= 0)
                break;
        }
        if (n < want) {
            warnx("%s: %s; the rest is zeroes", path,
                  got < 0 ? strerror(errno) : "has become shorter");
            status = 2;
            memset(block + n, 0, want - n);
        }
        left -= want;
        n = (want + TBLOCK - 1) / TBLOCK * TBLOCK;
        memset(block + want, 0, n - want);
        writeblocks(block, n);
    }
}

// Is it one more name of a file that the archive has? name: as in the archive.
static int
islink(struct header *h, const char *name, const struct stat *st)
{
    char **first = &firstnames[st->ino];

    if (st->nlink < 2 || st->type != T_FILE)
        return 0;
    if (*first == 0) {
        if (strlen(name) <= NAMELEN && (*first = strdup(name)) == 0)
            err(2, "%s", name);
        return 0;
    }
    memcpy(h->linkname, *first, strlen(*first));
    return 1;
}

static void
addfile(const char *path, const struct stat *st)
{
    struct header h;
    char *full = joined(path, "");  // a / behind a directory
    char *name = full + strspn(full, "/");
    int fd = -1;

    memset(&h, 0, sizeof(h));
    if (st->type != T_DIR)
        strcpy(full, path);
    h.type = st->type == T_DIR ? '5' : islink(&h, name, st) ? '1' : '0';
    octal(h.mode, sizeof(h.mode), st->type == T_DIR ? 0755 : 0644);
    octal(h.size, sizeof(h.size), h.type == '0' ? st->size : 0);
    octal(h.mtime, sizeof(h.mtime), st->mtime);
    if (!setpath(&h, *name ? name : "./")) {
        warnx("%s: the path is too long for an archive", path);
        status = 2;
    } else if (h.type == '0' && (fd = open(path, O_RDONLY)) < 0) {
        failed(path);
    } else {
        tell(full);
        writeheader(&h);
        if (fd >= 0)
            writecontent(fd, path, st->size);
    }
    if (fd >= 0)
        close(fd);
    free(full);
}

void
addtree(const char *path, int depth)
{
    struct stat st, own;

    if (stat(path, &st) < 0) {
        failed(path);
    } else if (fstat(archive, &own) == 0 && own.type == T_FILE &&
               own.ino == st.ino) {
        warnx("%s: is the archive, left out", path);
    } else if (st.type == T_DEV) {
        warnx("%s: a device, left out", path);
        status = 2;
    } else {
        addfile(path, &st);
        if (st.type == T_DIR && eachchild(path, depth + 1, addtree) < 0)
            failed(path);
    }
}

void
endarchive(void)
{
    static const char zeroes[2 * TBLOCK];

    writeblocks(zeroes, sizeof(zeroes));
    if (archive != 1 && close(archive) < 0)
        err(2, "%s", archivename);
}
