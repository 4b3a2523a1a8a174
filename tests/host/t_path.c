// t_path.c: path_split over all kinds of paths.

#include "fsworld.h"

static const struct {
    const char *path, *name, *rest; // rest 0: no component
} cases[] = {
    { "", 0, 0 },
    { "/", 0, 0 },
    { "///", 0, 0 },
    { "a", "a", "" },
    { "/a", "a", "" },
    { "a/", "a", "/" },
    { "a/b", "a", "/b" },
    { "//a//b//", "a", "//b//" },
    { "./a", ".", "/a" },
    { "../..", "..", "/.." },
    { "exactly14chars", "exactly14chars", "" },
    { "exactly14chars/x", "exactly14chars", "/x" },
    { "fifteen chars xy", "fifteen chars ", "" },
    { "a very long component indeed/next", "a very long co", "/next" },
    { "\xff\x01 /x", "\xff\x01 ", "/x" },
};

int
main(void)
{
    char name[DIRSIZ], want[DIRSIZ];
    const char *rest;
    uint i;

    for (i = 0; i < NELEM(cases); i++) {
        memset(name, 'x', DIRSIZ);
        rest = path_split(cases[i].path, name);
        if (cases[i].rest == 0) {
            check(rest == 0);
            continue;
        }
        strncpy(want, cases[i].name, DIRSIZ);
        check(strcmp(rest, cases[i].rest) == 0);
        check(memcmp(name, want, DIRSIZ) == 0);
    }
    printf("t_path: %u paths\n", (uint)NELEM(cases));
    return 0;
}
