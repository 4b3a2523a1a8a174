// rmdir.c: removes empty directories.

#include "user.h"

static int
removedir(const char *path)
{
    struct stat st;

    if (stat(path, &st) < 0)
        return -1;
    if (st.type != T_DIR) {
        errno = ENOTDIR;
        return -1;
    }
    return unlink(path);
}

int
main(int argc, char **argv)
{
    int status = 0, i;

    if (argc < 2)
        usage("directory...");
    for (i = 1; i < argc; i++) {
        if (removedir(argv[i]) < 0) {
            warn("%s", argv[i]);
            status = 1;
        }
    }
    return status;
}
