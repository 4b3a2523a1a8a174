// lib_atexit.c: functions to be called at exit(), last first.

#include "user.h"

struct atexit {
    struct atexit *next;
    void (*fn)(void);
};

void __runatexit(void);

static struct atexit *first;

int
atexit(void (*fn)(void))
{
    struct atexit *a = malloc(sizeof(*a));

    if (a == 0)
        return -1;
    a->fn = fn;
    a->next = first;
    first = a;
    return 0;
}

// One of them may call exit() or atexit() itself, so each leaves the list
// before it is called.
void
__runatexit(void)
{
    struct atexit *a;

    while ((a = first) != 0) {
        first = a->next;
        a->fn();
    }
}
