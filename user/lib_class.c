// lib_class.c: classes of characters by their names, for all that know sets.

#include <string.h>
#include "class.h"

static const struct {
    const char *name;
    classfn *has;
} classes[] = {
    { "alnum", isalnum }, { "alpha", isalpha }, { "blank", isblank },
    { "cntrl", iscntrl }, { "digit", isdigit }, { "graph", isgraph },
    { "lower", islower }, { "print", isprint }, { "punct", ispunct },
    { "space", isspace }, { "upper", isupper }, { "xdigit", isxdigit },
};

classfn *
charclass(const char *name, unsigned int n)
{
    unsigned int i;

    for (i = 0; i < sizeof(classes) / sizeof(classes[0]); i++)
        if (strlen(classes[i].name) == n &&
            memcmp(classes[i].name, name, n) == 0)
            return classes[i].has;
    return 0;
}
