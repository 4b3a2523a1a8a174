// ut_kill.c: cases about kill, in every state that a process can be in.

#include "user.h"
#include "ut.h"

#define INIT   1
#define KILLED 9

static int fd[2];

static void
kill_bad_pid(void)
{
    fails(kill(0), ESRCH);
    fails(kill(-1), ESRCH);
    fails(kill(99999), ESRCH);
    fails(kill(0x80000000), ESRCH);
    fails(kill(INIT), EPERM);
}

static void
kill_of_a_zombie_changes_nothing(void)
{
    int pid = ut_fork(ut_end_with, 4);

    sleep(2);
    gives(kill(pid), 0);
    gives(ut_wait(pid), 4 << 8);
    fails(kill(pid), ESRCH);
}

// An ending process is still there to be killed, to no effect.
static void
kill_while_it_ends(void)
{
    int i, j, pid, status;

    for (i = 0; i < 300; i++) {
        pid = ut_fork(ut_end_with, 3);
        for (j = 0; j < i; j++)
            getpid();
        gives(kill(pid), 0);
        status = ut_wait(pid);
        check(status == KILLED || status == 3 << 8);
    }
}

static void
kill_itself(int arg)
{
    (void)arg;
    kill(getpid());
    exit(1);
}

static void
kill_takes_effect_at_once(void)
{
    gives(ut_run(kill_itself, 0), KILLED);
}

// Start and kill, at all moments of the way into the sleep.
static void
kill_again_and_again(void (*fn)(int), int times)
{
    int i, j, pid;

    for (i = 0; i < times; i++) {
        pid = ut_fork(fn, i);
        for (j = 0; j < i % 50; j++)
            getpid();
        if (i % 4 == 3)
            sleep(1);
        gives(kill(pid), 0);
        gives(ut_wait(pid), KILLED);
    }
}

static void
kill_spinning(void)
{
    kill_again_and_again(ut_spin, 40);
}

static void
read_empty(int arg)
{
    char c;

    (void)arg;
    read(fd[0], &c, 1);
}

// In older kernels a kill just before the sleep was lost.
static void
kill_is_not_lost_reading(void)
{
    must(pipe(fd));
    kill_again_and_again(read_empty, 200);
    must(close(fd[0]));
    must(close(fd[1]));
}

static void
write_full(int arg)
{
    (void)arg;
    for (;;)
        write(fd[1], ut_buf, 4096);
}

static void
kill_is_not_lost_writing(void)
{
    must(pipe(fd));
    kill_again_and_again(write_full, 200);
    must(close(fd[0]));
    must(close(fd[1]));
}

static void
sleep_long(int arg)
{
    sleep(100000 + arg);
}

static void
kill_is_not_lost_sleeping(void)
{
    kill_again_and_again(sleep_long, 200);
}

static void
wait_long(int arg)
{
    (void)arg;
    ut_fork(ut_hold, (int)fd);
    close(fd[1]);
    wait(0);
}

static void
kill_is_not_lost_waiting(void)
{
    must(pipe(fd));
    kill_again_and_again(wait_long, 200);
    must(close(fd[1]));
    must(close(fd[0]));
    ut_alone();
}

static void
read_console(int arg)
{
    int con = open("/console", O_RDONLY);
    char c;

    (void)arg;
    if (con < 0)
        for (;;)
            sleep(10);
    for (;;)
        read(con, &c, 1);
}

static void
kill_is_not_lost_console(void)
{
    kill_again_and_again(read_console, 60);
}

static void
await_console(int arg)
{
    (void)arg;
    for (;;)
        consctl(CONS_WAIT, 100000);
}

static void
kill_is_not_lost_awaiting(void)
{
    kill_again_and_again(await_console, 60);
}

// A zombie that its killed parent had found must not be lost; the recount
// after the case tells.
static void
child_ends_as_parent_is_killed(void)
{
    int i, parent;

    for (i = 0; i < 200; i++) {
        must(pipe(fd));
        parent = ut_fork(wait_long, 0);
        must(close(fd[0]));
        if (i % 3)
            sleep(1);
        if (i % 2)
            must(kill(parent));
        must(close(fd[1]));             // the grandchild's end
        if (i % 2 == 0)
            kill(parent);
        ut_wait(parent);
    }
    ut_alone();
}

static void
kill_of_a_group(void)
{
    int a, b, other;

    must(pipe(fd));
    a = ut_fork(ut_hold, (int)fd);
    b = ut_fork(ut_hold, (int)fd);
    other = ut_fork(ut_hold, (int)fd);
    must(setpgrp(a, a));
    must(setpgrp(b, a));
    must(suspend(b, 1));
    gives(kill(-a), 0);
    gives(ut_wait(a), KILLED);
    gives(ut_wait(b), KILLED);
    fails(kill(-a), ESRCH);
    must(close(fd[1]));
    gives(ut_wait(other), 0);
    must(close(fd[0]));
}

// A chain of processes, each of which waits for its child.
static void
forks_on(int arg)
{
    (void)arg;
    must(setpgrp(0, 0));
    for (;;)
        if (fork() > 0 && wait(0) > 0)
            exit(1);
}

static int
in_group(int pgrp)
{
    int n, i, some = 0;
    struct procinfo *p = allprocs(&n);

    check(p != 0);
    for (i = 0; i < n; i++)
        some += p[i].pgrp == pgrp;
    free(p);
    return some;
}

// A child that is being made as its group is killed does not escape.
static void
kill_of_a_group_that_forks(void)
{
    int i, pid;

    for (i = 0; i < 50; i++) {
        pid = ut_fork(forks_on, 0);
        must(setpgrp(pid, pid));
        if (i % 4 == 3)
            sleep(1);
        gives(kill(-pid), 0);
        gives(ut_wait(pid), KILLED);
        while (in_group(pid) > 0)
            sleep(1);
    }
}

const struct utcase ut_kill[] = {
    CASE(kill_bad_pid, QUICK),
    CASE(kill_of_a_zombie_changes_nothing, QUICK),
    CASE(kill_while_it_ends, QUICK),
    CASE(kill_takes_effect_at_once, QUICK),
    CASE(kill_spinning, QUICK),
    CASE(kill_is_not_lost_reading, QUICK),
    CASE(kill_is_not_lost_writing, QUICK),
    CASE(kill_is_not_lost_sleeping, QUICK),
    CASE(kill_is_not_lost_waiting, QUICK),
    CASE(kill_is_not_lost_console, QUICK),
    CASE(kill_is_not_lost_awaiting, QUICK),
    CASE(child_ends_as_parent_is_killed, QUICK),
    CASE(kill_of_a_group, QUICK),
    CASE(kill_of_a_group_that_forks, QUICK),
    ENDCASES
};
