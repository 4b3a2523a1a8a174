// lib_locale.c: the one locale there is.

#include <locale.h>

#include "user.h"

char *
setlocale(int category, const char *name)
{
    (void)category;
    if (name == 0 || *name == 0 || !strcmp(name, "C") || !strcmp(name, "POSIX"))
        return "C";
    return 0;
}

struct lconv *
localeconv(void)
{
    static struct lconv c = { ".", "", "" };

    return &c;
}
