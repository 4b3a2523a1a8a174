// which.c: tells which file a command's name stands for.

#include "user.h"

const char help[] =
    "which [-a] name...\n"
    "Tell which file a command is. The shell has commands of its own, too.\n"
    "  -a  all of them, not only the first";

static int all;

static int
isprogram(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && st.type == T_FILE;
}

// As execvp() looks for it: 0 if it has found one.
static int
which(const char *name)
{
    const char *dir = getenv("PATH");
    int found = 0;
    size_t n;
    char *path;

    if (strchr(name, '/')) {
        found = isprogram(name);
        if (found)
            puts(name);
        return !found;
    }
    for (dir = dir ? dir : DEFAULTPATH; dir && (all || !found);
         dir = dir[n] ? dir + n + 1 : 0) {
        n = strcspn(dir, ":");
        if (asprintf(&path, "%.*s%s%s", n ? (int)n : 1, n ? dir : ".",
                     n && dir[n - 1] == '/' ? "" : "/", name) < 0)
            err(2, "%s", name);
        if (*name && isprogram(path)) {
            puts(path);
            found = 1;
        }
        free(path);
    }
    return !found;
}

int
main(int argc, char **argv)
{
    int c, status = 0;

    while ((c = getopt(argc, argv, "a")) != -1) {
        if (c != 'a')
            usage(0);
        all = 1;
    }
    if (optind == argc)
        usage(0);
    for (; optind < argc; optind++)
        status |= which(argv[optind]);
    if (fflush(stdout) < 0)
        badwrite(1);
    return status;
}
