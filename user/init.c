// init.c: the first process, and the parent of all orphans.
//
// Opens the console as descriptors 0, 1 and 2. With the boot argument
// run=TEXT it runs that by the shell, hands the result to the host and
// turns the machine off. Otherwise it has the shell run /etc/rc, if there is
// one, and then keeps a shell on the console, with a pause that grows where
// shells end at once. ^C ends /etc/rc like any other command.

#include "user.h"

#define MAXPAUSE (5 * HZ)
#define RC       "/etc/rc"
#define RUNMAX   512                // the boot arguments are one sector

// Starts a shell in a group of its own that has the console.
static int
startshell(char **argv)
{
    static char *const env[] = { "HOME=/", 0 };
    int pid = fork();

    if (pid != 0)
        return pid;
    setpgrp(0, 0);
    consctl(CONS_SETFG, getpid());
    execve("/sh", argv, env);
    err(127, "/sh");
}

// Reaps children, adopted ones too, until pid has ended; its wait status. Who
// has stopped himself goes on: nobody else could tell him to.
static int
await(int pid)
{
    int st = 0, got;

    while ((got = waitpid(-1, &st, WUNTRACED)) != pid || WIFSTOPPED(st)) {
        if (got < 0)
            return 0;
        if (WIFSTOPPED(st))
            suspend(-got, 0);
    }
    return st;
}

static void
runrc(void)
{
    char *argv[] = { "sh", RC, 0 };
    int pid, status;

    if (access(RC, F_OK) < 0)
        return;
    if ((pid = startshell(argv)) < 0) {
        warn("fork");
        return;
    }
    if ((status = exitcode(await(pid))) != 0)
        warnx(RC " ended with status %d", status);
}

// The host gets the status that the shell's $? would show.
static void
runonce(char *text)
{
    char *argv[] = { "sh", "-c", text, 0 };
    int pid = startshell(argv), status = 127;

    if (pid > 0)
        status = exitcode(await(pid));
    else
        warn("fork");
    sync();
    shutdown(POWEROFF, status);
    warn("shutdown");
}

int
main(void)
{
    static char text[RUNMAX];
    char *argv[] = { "sh", 0 };
    int pid, began, pause = 0;

    openconsole();
    if (bootarg("run", text, sizeof(text)) > 0)
        runonce(text);
    runrc();
    for (;;) {
        began = uptime();
        if ((pid = startshell(argv)) < 0) {
            warn("fork");
            sleep(HZ);
            continue;
        }
        await(pid);
        printf("init: the shell has ended, starting another\n");
        pause = uptime() - began < HZ ? 2 * pause + HZ / 10 : 0;
        if (pause > MAXPAUSE)
            pause = MAXPAUSE;
        if (pause > 0)
            sleep(pause);
    }
}
