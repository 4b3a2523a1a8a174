// watch.c: runs a command with the events of memory switched on.
//
// They go to the second serial line, if there is one. The command is marked
// among them, and its status. Were they off, they are off again afterwards,
// also when watch is killed or interrupted: it has a child for that, the
// keeper, which is in a group of its own, out of reach for ^C. A pipe to it
// tells the command's pid, and DONE before watch ends; its end without that
// says that watch is dead. Then the keeper ends the command, too.

#include "user.h"

const char help[] = "watch command [arg...]\n"
    "Run a command with the events of memory switched on.";

#define DONE (-1)

static int was;                     // the switch, before

static void
switch_on(void)
{
    was = vmctl(VM_EVENTS, 1);
    if (was < 0 && errno == ENODEV)
        errx(125, "there is no second serial line for the events: "
             "start with tools/run --events FILE");
    if (was < 0)
        err(125, "events on");
}

static void
switch_off(void)
{
    if (was == 0 && vmctl(VM_EVENTS, 0) < 0)
        warn("events off");
}

static void
keep(int from)
{
    int word, pid = 0;

    setpgrp(0, 0);
    while (read(from, &word, sizeof(word)) == sizeof(word))
        pid = word;
    if (pid != DONE) {
        if (pid > 0)
            kill(pid);
        eventmark("watch: was killed");
        switch_off();
    }
    _exit(0);
}

// The keeper's pid; the pipe to it goes to *to.
static int
start_keeper(int *to)
{
    int fd[2], pid;

    if (pipe(fd) < 0 || (pid = fork()) < 0) {
        warn("cannot start");
        switch_off();
        exit(125);
    }
    if (pid == 0) {
        close(fd[1]);
        keep(fd[0]);
    }
    setpgrp(pid, 0);                // whoever of the two is first
    close(fd[0]);
    *to = fd[1];
    return pid;
}

static void
tell_keeper(int to, int word)
{
    if (write(to, &word, sizeof(word)) != sizeof(word))
        warn("keeper");
}

static void
mark_command(char *const argv[])
{
    char text[256] = "";
    int i;

    for (i = 0; argv[i]; i++) {
        strlcat(text, " ", sizeof(text));
        strlcat(text, argv[i], sizeof(text));
    }
    eventmark("watch:%s", text);
}

// Its status, as a shell tells it.
static int
run(char *const argv[], int to)
{
    int pid, status = 0;

    if ((pid = fork()) < 0) {
        warn("cannot run %s", argv[0]);
        return 126;
    }
    if (pid == 0) {
        close(to);
        execp(argv);
        err(errno == ENOENT ? 127 : 126, "%s", argv[0]);
    }
    tell_keeper(to, pid);
    waitpid(pid, &status, 0);
    return exitcode(status);
}

int
main(int argc, char **argv)
{
    int to, keeper, status;

    getopt(argc, argv, "+");        // for --help
    if (optind >= argc)
        usage(NULL);
    switch_on();
    keeper = start_keeper(&to);
    mark_command(argv + optind);
    status = run(argv + optind, to);
    eventmark("watch: %s ended with status %d", argv[optind], status);
    switch_off();
    tell_keeper(to, DONE);
    close(to);
    waitpid(keeper, 0, 0);
    return status;
}
