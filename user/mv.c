// mv.c: gives a file or directory another name, or moves several into a
// directory.

#include "user.h"

static int
move(const char *from, const char *to)
{
    if (rename(from, to) == 0)
        return 0;
    warn("%s to %s", from, to);
    return 1;
}

int
main(int argc, char **argv)
{
    const char *target = argv[argc - 1];
    struct stat st;
    int todir, status = 0, i;
    char *to;

    if (argc < 3)
        usage("from to | from... directory");
    todir = stat(target, &st) == 0 && st.type == T_DIR;
    if (argc > 3 && !todir)
        errx(1, "%s: Not a directory", target);
    for (i = 1; i < argc - 1; i++) {
        if (!todir)
            return move(argv[i], target);
        if ((to = pathjoin(target, basename(argv[i]))) == 0)
            err(1, "%s", argv[i]);
        status |= move(argv[i], to);
        free(to);
    }
    return status;
}
