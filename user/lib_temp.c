// lib_temp.c: files and directories of names not taken yet, and the one
// name of a file.

#include "user.h"

#define LETTERS 6

// Fills in the last six of path; make(path) then succeeds, or says EEXIST.
static int
fillin(char *path, int (*make)(const char *))
{
    static uint chance;
    size_t n = strlen(path);
    int tries, fd, i;
    char *x;
    uint v;

    if (n < LETTERS || strcmp(path + n - LETTERS, "XXXXXX")) {
        errno = EINVAL;
        return -1;
    }
    x = path + n - LETTERS;
    if (chance == 0)
        chance = getpid() * 2654435761u ^ uptime();
    for (tries = 0; tries < TMP_MAX; tries++) {
        for (v = rand_r(&chance), i = 0; i < LETTERS; i++, v /= 26)
            x[i] = 'a' + v % 26;
        if ((fd = make(path)) >= 0 || errno != EEXIST)
            return fd;
    }
    return -1;
}

static int
makefile(const char *path)
{
    return open(path, O_RDWR | O_CREATE | O_EXCL);
}

static int
makedir(const char *path)
{
    return mkdir(path);
}

int
mkstemp(char *path)
{
    return fillin(path, makefile);
}

char *
mkdtemp(char *path)
{
    return fillin(path, makedir) < 0 ? 0 : path;
}

FILE *
tmpfile(void)
{
    char path[] = "/tmp/.tXXXXXX";
    struct stat st;
    char *name = stat("/tmp", &st) == 0 ? path : path + strlen("/tmp");
    int fd = mkstemp(name);
    FILE *f;

    if (fd < 0)
        return 0;
    unlink(name);
    if ((f = fdopen(fd, "w+")) == 0)
        close(fd);
    return f;
}

// The path of a directory, malloc'd: goes there, asks for the working
// directory, and comes back.
static char *
dirpath(const char *dir)
{
    char *before = getcwd(0, 0), *there = 0;
    int why;

    if (before == 0)
        return 0;
    if (chdir(dir) == 0)
        there = getcwd(0, 0);
    why = errno;
    if (chdir(before) < 0)
        why = errno;
    free(before);
    errno = why;
    return there;
}

// The directory's path and the last name, without links to follow.
static char *
truepath(const char *path)
{
    struct stat st;
    char *copy, *slash, *dir, *result;

    if (stat(path, &st) < 0)
        return 0;
    if (st.type == T_DIR)
        return dirpath(path);
    if ((copy = strdup(path)) == 0)
        return 0;
    if ((slash = strrchr(copy, '/')) != 0)
        *slash = 0;
    dir = dirpath(slash == 0 ? "." : slash == copy ? "/" : copy);
    result = dir ? pathjoin(dir, slash ? slash + 1 : copy) : 0;
    free(dir);
    free(copy);
    return result;
}

char *
realpath(const char *path, char *resolved)
{
    char *result = truepath(path);

    if (result == 0 || resolved == 0)
        return result;
    if (strlcpy(resolved, result, PATH_MAX) >= PATH_MAX) {
        errno = ENAMETOOLONG;
        resolved = 0;
    }
    free(result);
    return resolved;
}
