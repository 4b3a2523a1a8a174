// lib_start.c: the beginning and the end of a process; all that the
// smallest program needs beside its system calls.

#include "user.h"

char *progname = "?";
char **environ;

void __libstart(int argc, char **argv);
void __runatexit(void) __attribute__((weak));
int  __endstreams(int status) __attribute__((weak));

// Called by crt0 before main.
void
__libstart(int argc, char **argv)
{
    char *s;

    environ = argv + argc + 1;
    if (argc < 1 || argv[0] == 0)
        return;
    progname = argv[0];
    for (s = argv[0]; *s; s++)
        if (*s == '/' && s[1])
            progname = s + 1;
}

// Those two are in a program only if it uses atexit() or a stream.
void
exit(int status)
{
    if (__runatexit)
        __runatexit();
    if (__endstreams)
        status = __endstreams(status);
    _exit(status);
}

// Dies as if by an illegal instruction, which it is.
void
abort(void)
{
    for (;;)
        asm volatile("ud2");
}

int
execv(const char *path, char *const argv[])
{
    return execve(path, argv, environ);
}
