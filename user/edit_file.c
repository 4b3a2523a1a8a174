// edit_file.c: edit's files.
//
// A file is saved as a new one beside it, which has reached the disk before
// it takes the old one's name: whatever happens meanwhile, one of the two is
// there whole. Other hard links keep the old content.

#include <stdlib.h>
#include <string.h>
#include "user.h"
#include "edit.h"

static const char *reason;

const char *
file_reason(void)
{
    return reason ? reason : strerror(errno);
}

static int
refuse(const char *why)
{
    reason = why;
    return -1;
}

static void
remember(struct disk *d, const struct stat *st)
{
    d->exists = 1;
    d->ino = st->ino;
    d->size = st->size;
    d->mtime = st->mtime;
}

// Where the last component of the path begins.
static uint
dirlen(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 - path : 0;
}

// Whether a new file can be made there.
static int
check_directory(const char *path)
{
    uint n = dirlen(path);
    char *dir;
    int fd;

    if (path[n] == 0)
        return refuse("no file name");
    if (n == 0)
        return 0;
    if ((dir = strndup(path, n)) == 0)
        return refuse(0);
    fd = open(dir, O_RDONLY);
    free(dir);
    if (fd < 0)
        return refuse("no such directory");
    close(fd);
    return 0;
}

static int
read_all(int fd, char *buf, uint n, uint *got)
{
    int r = 1;

    for (*got = 0; *got < n && r > 0; *got += r)
        if ((r = read(fd, buf + *got, n - *got)) < 0)
            return refuse(0);
    return 0;
}

static int
load(int fd, struct disk *d, struct text *t)
{
    struct stat st;
    char *buf;
    uint n, size;

    if (fstat(fd, &st) < 0)
        return refuse(0);
    if (st.type != T_FILE)
        return refuse(st.type == T_DIR ? "is a directory" : "is a device");
    size = st.size + st.size / 16 + 256;
    if ((buf = malloc(size)) == 0)
        return refuse("too large for the memory");
    if (read_all(fd, buf, st.size, &n) < 0) {
        free(buf);
        return -1;
    }
    text_load(t, buf, n, size);
    remember(d, &st);
    return 0;
}

// A file that is not there is an empty text.
int
file_load(struct disk *d, struct text *t)
{
    int fd, done;

    reason = 0;
    d->exists = 0;
    if ((fd = open(d->path, O_RDONLY)) < 0)
        return errno == ENOENT ? check_directory(d->path) : refuse(0);
    done = load(fd, d, t);
    close(fd);
    return done;
}

int
file_altered(struct disk *d)
{
    struct stat st;

    if (stat(d->path, &st) < 0)
        return d->exists && errno == ENOENT;
    return !d->exists || st.ino != d->ino || st.size != d->size ||
           st.mtime != d->mtime;
}

static int
write_text(int fd, const struct text *t)
{
    if (writeall(fd, t->buf, t->gap) < 0 ||
        writeall(fd, t->buf + t->end, t->size - t->end) < 0)
        return refuse(0);
    return fsync(fd) < 0 ? refuse(0) : 0;
}

// A name of at most 14 bytes in the same directory.
static char *
temporary_name(const char *path)
{
    uint n = dirlen(path);
    char *name = malloc(n + 16);

    if (name) {
        memcpy(name, path, n);
        snprintf(name + n, 16, ".e%d~", getpid());
    }
    return name;
}

static int
write_new(struct disk *d, const struct text *t, const char *name)
{
    struct stat st;
    int fd, done;

    unlink(name);                   // of an edit that was killed
    if ((fd = open(name, O_WRONLY | O_CREATE | O_EXCL)) < 0)
        return refuse(0);
    done = write_text(fd, t);
    if (done == 0 && fstat(fd, &st) < 0)
        done = refuse(0);
    close(fd);
    if (done == 0 && rename(name, d->path) < 0)
        done = refuse(0);
    if (done < 0) {
        reason = file_reason();     // before unlink changes errno
        unlink(name);
        return -1;
    }
    remember(d, &st);
    return 0;
}

int
file_save(struct disk *d, struct text *t)
{
    struct stat st;
    char *name;
    int done;

    reason = 0;
    if (stat(d->path, &st) == 0 && st.type != T_FILE)
        return refuse(st.type == T_DIR ? "is a directory" : "is a device");
    if ((name = temporary_name(d->path)) == 0)
        return refuse(0);
    done = write_new(d, t, name);
    free(name);
    if (done == 0)
        text_saved(t);
    return done;
}
