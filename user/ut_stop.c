// ut_stop.c: cases about processes that are stopped and continued.

#include "user.h"
#include "ut.h"

#define INIT    1
#define KILLED  9
#define STOPSIG 20

static int fd[2], back[2];

static int
state_of(int pid)
{
    int n, i, state = -1;
    struct procinfo *p = allprocs(&n);

    check(p != 0);
    for (i = 0; i < n; i++)
        if (p[i].pid == pid)
            state = p[i].state;
    free(p);
    return state;
}

static void
stop(int pid)
{
    int status;

    gives(suspend(pid, 1), 0);
    gives(waitpid(pid, &status, WUNTRACED), pid);
    check(WIFSTOPPED(status) && WSTOPSIG(status) == STOPSIG);
    check(!WIFEXITED(status) && !WIFSIGNALED(status));
    gives(state_of(pid), STOPPED);
}

static void
stop_bad_pid(void)
{
    fails(suspend(0, 1), ESRCH);
    fails(suspend(99999, 1), ESRCH);
    fails(suspend(-99999, 1), ESRCH);
    fails(suspend(0x80000000, 1), ESRCH);
    fails(suspend(INIT, 1), EPERM);
    fails(suspend(INIT, 0), EPERM);
    fails(suspend(getpid(), 2), EINVAL);
    fails(suspend(getpid(), -1), EINVAL);
    gives(suspend(getpid(), 0), 0);
}

static void
stop_is_told_once(void)
{
    int pid = ut_fork(ut_spin, 0), status = 77, i;

    for (i = 0; i < 20; i++) {
        gives(suspend(pid, 1), 0);
        gives(waitpid(pid, &status, WNOHANG), 0);       // did not ask
        gives(waitpid(-1, &status, WNOHANG | WUNTRACED), pid);
        check(status == 0x147f);
        gives(waitpid(pid, &status, WNOHANG | WUNTRACED), 0);
        gives(suspend(pid, 1), 0);                      // is already
        gives(waitpid(pid, &status, WNOHANG | WUNTRACED), 0);
        gives(state_of(pid), STOPPED);
        gives(suspend(pid, 0), 0);
        check(state_of(pid) != STOPPED);
    }
    must(kill(pid));
    gives(ut_wait(pid), KILLED);
}

static void
count_up(int arg)
{
    volatile uint *n = (uint *)arg;

    for (;;)
        ++*n;
}

static void
stopped_process_does_not_run(void)
{
    volatile uint *n = ut_map(1, PROT_READ | PROT_WRITE,
                              MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    int pid = ut_fork(count_up, (int)n), i;
    uint seen;

    for (i = 0; i < 5; i++) {
        seen = *n;
        while (*n == seen)
            sleep(1);
        stop(pid);
        sleep(3);                       // its CPU has had a tick since
        seen = *n;
        sleep(3);
        check(*n == seen);
        must(suspend(pid, 0));
    }
    must(kill(pid));
    gives(ut_wait(pid), KILLED);
    must(munmap((void *)n, PGSIZE));
}

// Reads a byte, answers with the same.
static void
answer(int n)
{
    char c;

    while (n-- > 0) {
        gives(ut_read(fd[0], &c, 1), 1);
        ut_write(back[1], &c, 1);
    }
}

// What it waits for may come meanwhile; it answers when it goes on.
static void
stopped_call_goes_on(void)
{
    int pid, i;
    char c;

    must(pipe(fd));
    must(pipe(back));
    pid = ut_fork(answer, 10);
    for (i = 0; i < 10; i++) {
        sleep(i % 2);
        stop(pid);
        ut_write(fd[1], "x", 1);
        sleep(2);
        gives(state_of(pid), STOPPED);
        must(suspend(pid, 0));
        gives(ut_read(back[0], &c, 1), 1);
        check(c == 'x');
    }
    gives(ut_wait(pid), 0);
    for (i = 0; i < 2; i++) {
        must(close(fd[i]));
        must(close(back[i]));
    }
}

static void
sleep_a_little(int status)
{
    gives(sleep(10), 0);
    exit(status);
}

static void
stopped_sleep_ends_later(void)
{
    uint start = uptime();
    int pid = ut_fork(sleep_a_little, 3);

    stop(pid);
    must(suspend(pid, 0));              // not the end of its sleep
    gives(ut_wait(pid), 3 << 8);
    check(uptime() - start >= 10);

    pid = ut_fork(sleep_a_little, 4);
    stop(pid);
    sleep(30);
    gives(waitpid(pid, 0, WNOHANG), 0);
    must(suspend(pid, 0));
    gives(ut_wait(pid), 4 << 8);
}

static void
stop_itself(int status)
{
    must(suspend(getpid(), 1));
    exit(status);
}

static void
stop_of_itself_takes_effect_at_once(void)
{
    int pid = ut_fork(stop_itself, 5), status;

    gives(waitpid(-1, &status, WUNTRACED), pid);
    check(WIFSTOPPED(status));
    sleep(3);
    gives(waitpid(pid, 0, WNOHANG), 0);
    must(suspend(pid, 0));
    gives(ut_wait(pid), 5 << 8);
}

static void
read_pipe(int arg)
{
    char c;

    (void)arg;
    read(fd[0], &c, 1);
}

static void
fork_and_wait(int arg)
{
    int i;

    for (i = 0; i < arg; i++)
        ut_run(ut_end_with, 0);
    exit(7);
}

static void
long_sleep(int arg)
{
    sleep(100000 + arg);
}

static void
stopped_process_can_be_killed(void)
{
    static void (*const lives[])(int) = { ut_spin, read_pipe, long_sleep };
    int i, j, pid;

    must(pipe(fd));
    for (i = 0; i < 60; i++) {
        pid = ut_fork(lives[i % 3], 0);
        for (j = 0; j < i; j++)
            getpid();
        if (i % 4 == 3)
            sleep(1);
        must(suspend(pid, 1));
        if (i % 8 >= 6)
            sleep(1);
        must(kill(pid));
        gives(ut_wait(pid), KILLED);
    }
    must(close(fd[0]));
    must(close(fd[1]));
}

static void
stop_of_a_group(void)
{
    int a, b, status;

    must(pipe(fd));
    a = ut_fork(ut_hold, (int)fd);
    b = ut_fork(ut_hold, (int)fd);
    must(setpgrp(a, a));
    must(setpgrp(b, a));
    gives(suspend(-a, 1), 0);
    check(must(waitpid(-a, &status, WUNTRACED)) + // both, in any order
          must(waitpid(-a, &status, WUNTRACED)) == a + b);
    gives(state_of(a), STOPPED);
    gives(state_of(b), STOPPED);
    must(close(fd[1]));
    sleep(2);
    gives(waitpid(-a, &status, WNOHANG), 0);
    gives(suspend(-a, 0), 0);
    ut_join(2);
    must(close(fd[0]));
    fails(suspend(-a, 1), ESRCH);
}

// Are all of the group stopped, but for those that are ending?
static int
all_stopped(int pgrp)
{
    int n, i, all = 1;
    struct procinfo *p = allprocs(&n);

    check(p != 0);
    for (i = 0; i < n; i++)
        if (p[i].pgrp == pgrp && p[i].state != STOPPED && p[i].sz != 0)
            all = 0;
    free(p);
    return all;
}

// A child that its stopped parent was about to make must not escape.
static void
stop_of_a_group_that_forks(void)
{
    int pid, i;

    pid = must(fork());
    if (pid == 0) {
        must(setpgrp(0, 0));
        fork_and_wait(100);
    }
    must(setpgrp(pid, pid));
    for (i = 0; i < 300 && waitpid(pid, 0, WNOHANG) == 0; i++) {
        gives(suspend(-pid, 1), 0);
        check(all_stopped(pid));
        gives(suspend(-pid, 0), 0);
        getpid();
    }
    kill(pid);
    waitpid(pid, 0, 0);
}

// Its parent stops it, and ends.
static void
leaves_stopped(int arg)
{
    int pid = ut_fork(ut_hold, arg);

    must(suspend(pid, 1));
    if (arg == (int)back)
        kill(getpid());
}

// Nobody would continue it: it is killed, and its end of the pipe closed.
static void
stopped_orphan_is_killed(void)
{
    char c;

    must(pipe(fd));
    must(pipe(back));
    gives(ut_run(leaves_stopped, (int)fd), 0);
    gives(ut_run(leaves_stopped, (int)back), KILLED);
    must(close(fd[1]));
    must(close(back[1]));
    gives(ut_read(fd[0], &c, 1), 0);
    gives(ut_read(back[0], &c, 1), 0);
    must(close(fd[0]));
    must(close(back[0]));
}

// It ends while it is stopped and continued: its status comes through.
static void
stop_while_it_ends(void)
{
    int i, j, pid, status;

    for (i = 0; i < 300; i++) {
        pid = ut_fork(ut_end_with, 3);
        for (j = 0; j < i; j++)
            getpid();
        gives(suspend(pid, 1), 0);
        gives(waitpid(pid, &status, WUNTRACED), pid);
        if (WIFSTOPPED(status)) {
            gives(suspend(pid, 0), 0);
            gives(waitpid(pid, &status, 0), pid);
        }
        check(status == 3 << 8);
    }
}

static void
stop_at_random(int pid)
{
    srand(pid);
    while (suspend(pid, 1) == 0) {
        if (rand() % 8 == 0)
            sleep(1);
        if (suspend(pid, 0) < 0)
            break;
        if (rand() % 8 == 0)
            sleep(1);
    }
}

// Stopped and continued all the time by several, each child does its work.
static void
stop_storm_loses_no_work(void)
{
    int worker[3], i, status;
    char c;

    must(pipe(fd));
    must(pipe(back));
    worker[0] = ut_fork(answer, 300);
    worker[1] = ut_fork(fork_and_wait, 40);
    worker[2] = ut_fork(sleep_a_little, 7);
    for (i = 0; i < 6; i++)
        ut_fork(stop_at_random, worker[i / 2]);
    for (i = 0; i < 300; i++) {
        ut_write(fd[1], "y", 1);
        gives(ut_read(back[0], &c, 1), 1);
        check(c == 'y');
    }
    for (i = 0; i < 3; i++) {
        while (must(waitpid(worker[i], &status, WUNTRACED)) &&
               WIFSTOPPED(status))
            ;
        check(status == (i == 0 ? 0 : 7 << 8));
    }
    ut_join(6);
    for (i = 0; i < 2; i++) {
        must(close(fd[i]));
        must(close(back[i]));
    }
}

static void
stop_storm_and_kill(void)
{
    int i, j, pid, stopper;

    must(pipe(fd));
    for (i = 0; i < 60; i++) {
        pid = ut_fork(i % 2 ? fork_and_wait : read_pipe, 1000000);
        stopper = ut_fork(stop_at_random, pid);
        for (j = 0; j < i * 10; j++)
            getpid();
        if (i % 3 == 0)
            sleep(1);
        must(kill(pid));
        gives(ut_wait(pid), KILLED);
        gives(ut_wait(stopper), 0);
    }
    must(close(fd[0]));
    must(close(fd[1]));
}

const struct utcase ut_stop[] = {
    CASE(stop_bad_pid, QUICK),
    CASE(stop_is_told_once, QUICK),
    CASE(stopped_process_does_not_run, QUICK),
    CASE(stopped_call_goes_on, QUICK),
    CASE(stopped_sleep_ends_later, QUICK),
    CASE(stop_of_itself_takes_effect_at_once, QUICK),
    CASE(stopped_process_can_be_killed, QUICK),
    CASE(stop_of_a_group, QUICK),
    CASE(stop_of_a_group_that_forks, QUICK),
    CASE(stopped_orphan_is_killed, QUICK),
    CASE(stop_while_it_ends, QUICK),
    CASE(stop_storm_loses_no_work, QUICK),
    CASE(stop_storm_and_kill, QUICK),
    ENDCASES
};
