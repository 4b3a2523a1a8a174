// cp.c: copies a file to another name, or files into a directory.

#include "user.h"

static int
isdir(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && st.type == T_DIR;
}

static int
copy(int in, const char *from, const char *to)
{
    int out, result;

    if ((out = open(to, O_WRONLY | O_CREATE | O_TRUNC)) < 0) {
        warn("%s", to);
        return 1;
    }
    if ((result = copyfd(in, out)) < 0)
        warn("%s", strcmp(copyfailed, "read") == 0 ? from : to);
    close(out);
    return result < 0;
}

static int
copyfile(const char *from, const char *to)
{
    struct stat a, b;
    int in, result = 1;

    if ((in = open(from, O_RDONLY)) < 0 || fstat(in, &a) < 0)
        warn("%s", from);
    else if (a.type == T_DIR)
        warnx("%s: Is a directory", from);
    else if (stat(to, &b) == 0 && b.dev == a.dev && b.ino == a.ino)
        warnx("%s and %s are the same file", from, to);
    else
        result = copy(in, from, to);
    if (in >= 0)
        close(in);
    return result;
}

int
main(int argc, char **argv)
{
    const char *target = argv[argc - 1];
    int todir, status = 0, i;
    char *to;

    if (argc < 3)
        usage("from to | from... directory");
    todir = isdir(target);
    if (argc > 3 && !todir)
        errx(1, "%s: Not a directory", target);
    for (i = 1; i < argc - 1; i++) {
        if (!todir)
            return copyfile(argv[i], target);
        if ((to = pathjoin(target, basename(argv[i]))) == 0)
            err(1, "%s", argv[i]);
        status |= copyfile(argv[i], to);
        free(to);
    }
    return status;
}
