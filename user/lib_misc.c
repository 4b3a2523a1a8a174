// lib_misc.c: running programs and asking the kernel about them.
//
// Wait status, as the kernel gives it: (code & 255) << 8 after an exit,
// the signal's number after a death. The shell's $? is one number for both.

#include "user.h"

#define CONSMAJOR 1
#define CONSMINOR 1

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

void
openconsole(void)
{
    if (open("/console", O_RDWR) < 0) {
        mknod("/console", CONSMAJOR, CONSMINOR);
        open("/console", O_RDWR);
    }
    dup(0);
    dup(0);
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

// The kernel says how many there are; while more come than there is room
// for, room is made and the question asked again.
struct procinfo *
allprocs(int *n)
{
    struct procinfo *p = 0;
    int room = 0;

    while ((*n = procs(p, room)) > room) {
        free(p);
        room = *n + 8;
        if ((p = calloc(room, sizeof(*p))) == 0)
            return 0;
    }
    if (*n >= 0)
        return p;
    free(p);
    return 0;
}

struct regioninfo *
allregions(int pid, int *n)
{
    struct regioninfo *r = 0;
    int room = 0;

    while ((*n = regions(pid, r, room)) > room) {
        free(r);
        room = *n + 8;
        if ((r = calloc(room, sizeof(*r))) == 0)
            return 0;
    }
    if (*n > 0)
        return r;
    free(r);
    return 0;
}

const char *const faultnames[NCASE] = {
    [ZERO] = "zero", [FILEPAGE] = "file", [SWAPPED] = "swapped",
    [COW] = "cow", [UPGRADE] = "upgrade", [SPURIOUS] = "spurious",
    [BAD] = "bad",
};
