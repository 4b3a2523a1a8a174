// cp.c: copies a file to another name, or files into a directory; with -r
// directories, too, but no devices, whose content may have no end. What has
// been copied in part stays, with a message.

#include "paths.h"

const char help[] =
    "cp [-afinpruvR] from to | from... directory\n"
    "Copy files.\n"
    "  -r, -R  directories with all that is in them\n"
    "  -p  with the time of the last change   -a  -r and -p\n"
    "  -i  ask before a file is replaced      -n  replace none\n"
    "  -u  replace only what is older         -v  tell what is copied\n"
    "  -f  remove a file that cannot be written first";

static int recursive, keeptime, ask, force, keepall, update, verbose;

// The directory that the copy goes to may lie in the one that is copied: it is
// left out there.
static struct stat top;

static int copypath(const char *from, const char *to);

static int
failed(const char *path)
{
    warn("%s", path);
    return 1;
}

static void
tell(const char *from, const char *to)
{
    if (verbose)
        printf("'%s' -> '%s'\n", from, to);
}

static int
settime(const char *to, uint mtime)
{
    return keeptime && utime(to, mtime) < 0 ? failed(to) : 0;
}

static int
opentarget(const char *to)
{
    int out = open(to, O_WRONLY | O_CREATE | O_TRUNC);

    if (out < 0 && force && unlink(to) == 0)
        out = open(to, O_WRONLY | O_CREATE | O_TRUNC);
    return out;
}

static int
copyto(int in, const char *from, const char *to)
{
    int out, result;

    if ((out = opentarget(to)) < 0)
        return failed(to);
    if ((result = copyfd(in, out)) < 0)
        warn("%s", strcmp(copyfailed, "read") == 0 ? from : to);
    if (close(out) < 0 && result >= 0)
        return failed(to);
    return result < 0;
}

static int
copyfile(const char *from, const char *to)
{
    int in, status;

    if ((in = open(from, O_RDONLY)) < 0)
        return failed(from);
    tell(from, to);
    status = copyto(in, from, to);
    close(in);
    return status;
}

static int
copychildren(const char *from, const char *to)
{
    struct dirent **list;
    char *source, *target;
    int n = children(from, &list), i, status = 0;

    if (n < 0)
        return failed(from);
    for (i = 0; i < n; i++) {
        source = joined(from, list[i]->d_name);
        target = joined(to, list[i]->d_name);
        if (list[i]->d_ino == top.ino) {
            warnx("%s: not copied into itself", source);
            status = 1;
        } else {
            status |= copypath(source, target);
        }
        free(source);
        free(target);
    }
    freechildren(list, n);
    return status;
}

static int
copydir(const char *from, const char *to)
{
    int known = top.ino != 0, status;

    if (!recursive) {
        warnx("%s: Is a directory", from);
        return 1;
    }
    if (!isdir(to)) {
        if (mkdir(to) < 0)
            return failed(to);
        tell(from, to);
    }
    if (!known && stat(to, &top) < 0)
        return failed(to);
    status = copychildren(from, to);
    if (!known)
        top.ino = 0;
    return status;
}

// May `to`, which exists, be replaced by what `from` is?
static int
mayreplace(const char *from, struct stat *a, const char *to, struct stat *b)
{
    if (a->dev == b->dev && a->ino == b->ino)
        warnx("%s and %s are the same file", from, to);
    else if (b->type == T_DIR && a->type != T_DIR)
        warnx("%s: Is a directory", to);
    else if (b->type != T_DIR && a->type == T_DIR && recursive)
        warnx("%s: Not a directory", to);
    else
        return b->type != T_FILE || !ask || confirmed("replace", to);
    return 0;
}

// Does -n or -u leave the file that is there as it is?
static int
stays(const struct stat *a, const struct stat *b)
{
    return b->type != T_DIR && (keepall || (update && b->mtime >= a->mtime));
}

static int
copypath(const char *from, const char *to)
{
    struct stat a, b;
    int status;

    if (stat(from, &a) < 0)
        return failed(from);
    if (stat(to, &b) == 0) {
        if (stays(&a, &b))
            return 0;
        if (!mayreplace(from, &a, to, &b))
            return 1;
    }
    if (a.type == T_DEV && recursive) {
        warnx("%s: a device, left out", from);
        return 1;
    }
    status = a.type == T_DIR ? copydir(from, to) : copyfile(from, to);
    return status ? status : settime(to, a.mtime);
}

int
main(int argc, char **argv)
{
    int c;

    while ((c = getopt(argc, argv, "afinpruvR")) != -1) {
        switch (c) {
        case 'a': recursive = keeptime = 1; break;
        case 'f': force = 1; break;
        case 'i': ask = 1; break;
        case 'n': keepall = 1; break;
        case 'p': keeptime = 1; break;
        case 'u': update = 1; break;
        case 'v': verbose = 1; break;
        case 'r':
        case 'R': recursive = 1; break;
        default:  usage(0);
        }
    }
    return eachpair(argv + optind, copypath);
}
