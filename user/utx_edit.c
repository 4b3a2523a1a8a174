// utx_edit.c: reads lines with readline() and says what it read, for
// tests/63-editing.t.
//
//     utx_edit [history]    until ^D; the history is kept in that file

#include "user.h"

const char help[] = "utx_edit [history]\nSay which lines were typed.";

static const char **
words(void)
{
    static const char *list[] = { "edibuiltin", "$EDIVARIABLE", 0 };

    return list;
}

int
main(int argc, char *argv[])
{
    char *line;

    if (getopt(argc, argv, "") != -1 || argc - optind > 1)
        usage(NULL);
    morewords = words;
    if (optind < argc && loadhistory(argv[optind]) < 0 && errno != ENOENT)
        warn("%s", argv[optind]);
    while ((line = readline("edit> ")) != 0) {
        printf("%s[%s]\n", errno == EINTR ? "given up " : "", line);
        addhistory(line);
        free(line);
    }
    if (optind < argc && savehistory(argv[optind]) < 0)
        err(1, "%s", argv[optind]);
    return 0;
}
