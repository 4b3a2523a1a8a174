// lib_misc.c: the start and end of a process, as the library sees them.
//
// Wait status, as the kernel gives it: (code & 255) << 8 after an exit,
// the signal's number after a death. The shell's $? is one number for both.

#include "user.h"

char *progname = "?";

void __libstart(int argc, char **argv);

// Called by crt0 before main.
void
__libstart(int argc, char **argv)
{
    char *s;

    if (argc < 1 || argv[0] == 0)
        return;
    progname = argv[0];
    for (s = argv[0]; *s; s++)
        if (*s == '/' && s[1])
            progname = s + 1;
}

void
exit(int status)
{
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
wait(int *status)
{
    return waitpid(-1, status, 0);
}

int
exitcode(int status)
{
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

const char *
signame(int sig)
{
    switch (sig) {
    case 4:  return "illegal instruction";
    case 8:  return "arithmetic error";
    case 9:  return "killed";
    case 11: return "fault";
    }
    return "died";
}

int
isconsole(int fd)
{
    struct stat cons, st;

    if (fstat(fd, &st) < 0 || st.type != T_DEV)
        return 0;
    return stat("/console", &cons) == 0 && cons.dev == st.dev &&
        cons.ino == st.ino;
}
