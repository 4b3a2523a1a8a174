// lib_assert.c: what a failed assert() does.

#include "user.h"

void
__assertfailed(const char *text, const char *file, int line,
               const char *function)
{
    dprintf(2, "%s: %s:%d: %s: assertion failed: %s\n", progname, file, line,
            function, text);
    abort();
}
