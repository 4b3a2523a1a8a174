// forktest.c: forks until the kernel refuses, then checks that every child
// comes back, and only these.
//
// The children live at the same time: each waits in read() on a pipe until
// the parent closes it. printf is not used, so that the image is small and
// the number of processes is what runs out.

#include "user.h"

static void
say(const char *s)
{
    write(1, s, strlen(s));
}

static void
saynumber(uint n)
{
    char digit = '0' + n % 10;

    if (n >= 10)
        saynumber(n / 10);
    write(1, &digit, 1);
}

static void
child(int fd[2])
{
    char c;

    close(fd[1]);
    _exit(read(fd[0], &c, 1) == 0 ? 0 : 1);
}

// The children that ended well.
static int
collect(void)
{
    int good = 0, st;

    while (wait(&st) > 0)
        good += st == 0;
    return good;
}

int
main(void)
{
    int fd[2], n, pid;

    if (pipe(fd) < 0)
        return 1;
    for (n = 0; (pid = fork()) > 0; n++)
        ;
    if (pid == 0)
        child(fd);
    close(fd[1]);
    close(fd[0]);
    saynumber(n);
    say(" children at once\n");
    if (n == 0 || collect() != n) {
        say("forktest: children lost\n");
        return 1;
    }
    say("forktest: all came back\n");
    return 0;
}
