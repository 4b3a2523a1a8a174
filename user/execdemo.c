// execdemo.c: what becomes of a process's memory when it runs another program.
//
// The child is a copy of its parent until exec() gives it a new address space.
// Nothing of the program is read then: pages come as they are touched. The
// program is cat, which waits for what it is to read, so that its parent can
// look at it meanwhile.

#include "demo.h"

const char help[] = "execdemo [-s]\n"
    "Show what exec does to a process's memory (-s: slowly).";

static const char question[] = "hello, it says\n";

// A step with what pid has in memory.
static void
count(const char *who, int pid)
{
    uint all = 0, resident = 0, shared = 0;
    struct regioninfo *r;
    int n, i;

    if ((r = allregions(pid, &n)) == 0)
        err(1, "regions of %d", pid);
    for (i = 0; i < n; i++) {
        all += (r[i].end - r[i].start) / PGSIZE;
        resident += r[i].resident;
        shared += r[i].shared;
    }
    free(r);
    step("%s %u of its %u pages in memory, %u of these not its alone", who,
         resident, all, shared);
}

static void
run_child(const int in[2], const int out[2])
{
    char *argv[] = { "/cat", 0 };

    step("child:  is pid %d, still the same program", getpid());
    count("child: ", getpid());
    step("child:  becomes cat");
    dup2(in[0], 0);
    dup2(out[1], 1);
    close(in[1]);
    execv(argv[0], argv);
    err(127, "%s", argv[0]);
}

// cat answers when it has run so far.
static void
talk(int to, int from)
{
    char answer[sizeof(question)];
    uint n = strlen(question);

    if (writeall(to, question, n) < 0)
        err(1, "write");
    if (read(from, answer, n) != (int)n || memcmp(answer, question, n) != 0)
        errx(1, "cat does not answer");
    step("cat:    %.*s", (int)n - 1, answer);
}

int
main(int argc, char **argv)
{
    int in[2], out[2], pid, status;

    demo_start(argc, argv, 0);
    if (pipe(in) < 0 || pipe(out) < 0)
        err(1, "pipe");
    step("parent: is pid %d and forks", getpid());
    if ((pid = fork()) < 0)
        err(1, "fork");
    if (pid == 0)
        run_child(in, out);
    close(in[0]);
    close(out[1]);
    talk(in[1], out[0]);
    count("cat:   ", pid);
    step("parent: closes the pipe: cat ends");
    close(in[1]);
    status = exitcode(demo_wait(pid));
    step("parent: cat has ended with status %d; its memory is free", status);
    return status;
}
