// ut_proc.c: cases about processes: fork, exit, wait, kill, groups, limits.

#include "user.h"
#include "ut.h"

#define NPROC  512
#define INIT   1
#define KILLED 9

static int fd[2];

// --- exit and wait -------------------------------------------------------

static void
wait_gives_exit_status(void)
{
    int i;

    for (i = 0; i < 256; i += 5)
        gives(ut_run(ut_end_with, i), i << 8);
    gives(ut_run(ut_end_with, -1), 255 << 8);
    gives(ut_run(ut_end_with, 0x1234), 0x34 << 8);
}

static void
waitpid_chooses_the_child(void)
{
    int pid[4], i;

    for (i = 0; i < 4; i++)
        pid[i] = ut_fork(ut_end_with, i);
    for (i = 3; i >= 0; i--)
        gives(ut_wait(pid[i]), i << 8);
}

static void
waitpid_nohang_does_not_wait(void)
{
    int pid, status = 77;

    must(pipe(fd));
    pid = ut_fork(ut_hold, (int)fd);
    gives(waitpid(pid, &status, WNOHANG), 0);
    gives(waitpid(-1, &status, WNOHANG), 0);
    check(status == 77);
    must(close(fd[1]));
    gives(ut_wait(pid), 0);
    must(close(fd[0]));
}

static void
waits_for_grandchild(int pid)
{
    int child = ut_fork(ut_end_with, 3);

    fails(waitpid(pid, 0, 0), ECHILD);      // a brother, not a child
    gives(ut_wait(child), 3 << 8);
    fails(wait(0), ECHILD);
}

static void
wait_without_child_fails(void)
{
    int pid;

    fails(wait(0), ECHILD);
    fails(waitpid(-1, 0, WNOHANG), ECHILD);
    fails(waitpid(getpid(), 0, 0), ECHILD);
    fails(waitpid(99999, 0, 0), ECHILD);
    fails(waitpid(-1, 0, 4), EINVAL);
    fails(waitpid(-1, 0, -1), EINVAL);
    must(pipe(fd));
    pid = ut_fork(ut_hold, (int)fd);
    gives(ut_run(waits_for_grandchild, pid), 0);
    must(close(fd[1]));
    must(close(fd[0]));
    gives(ut_wait(pid), 0);
    fails(waitpid(pid, 0, 0), ECHILD);
}

static void
waitpid_by_group(void)
{
    int a, b, c, status;

    must(pipe(fd));
    a = ut_fork(ut_hold, (int)fd);
    b = ut_fork(ut_hold, (int)fd);
    c = ut_fork(ut_end_with, 5);
    must(setpgrp(a, a));
    must(setpgrp(b, a));
    gives(waitpid(0, &status, 0), c);
    check(status == 5 << 8);
    fails(waitpid(0, &status, 0), ECHILD);
    gives(waitpid(-a, &status, WNOHANG), 0);
    must(close(fd[1]));
    must(waitpid(-a, &status, 0));
    must(waitpid(-a, &status, 0));
    fails(waitpid(-a, &status, 0), ECHILD);
    must(close(fd[0]));
}

// A status that cannot be delivered costs no child.
static void
wait_bad_pointer_keeps_child(void)
{
    int pid = ut_fork(ut_end_with, 6), i;

    sleep(2);
    for (i = 1; i < NBADPTR; i++)
        fails(waitpid(pid, ut_badptr[i], 0), EFAULT);
    fails(waitpid(pid, (int *)wait_bad_pointer_keeps_child, 0), EFAULT);
    gives(ut_wait(pid), 6 << 8);
}

static int
parent_of(int pid)
{
    int n, i, ppid = -1;
    struct procinfo *p = allprocs(&n);

    check(p != 0);
    for (i = 0; i < n; i++)
        if (p[i].pid == pid)
            ppid = p[i].ppid;
    free(p);
    return ppid;
}

// Leaves a child behind that tells its pid, and ends.
static void
make_orphan(int out)
{
    int pid = ut_fork(ut_hold, (int)fd);

    ut_write(out, &pid, sizeof(pid));
}

static void
orphan_goes_to_init(void)
{
    int out[2], pid;

    must(pipe(fd));
    must(pipe(out));
    gives(ut_run(make_orphan, out[1]), 0);
    gives(ut_read(out[0], &pid, sizeof(pid)), sizeof(pid));
    gives(parent_of(pid), INIT);
    fails(waitpid(pid, 0, WNOHANG), ECHILD);
    must(close(fd[1]));                 // it ends, and init reaps it
    must(close(fd[0]));
    while (parent_of(pid) != -1)
        sleep(1);
    must(close(out[0]));
    must(close(out[1]));
}

static void
leaves_zombies(int n)
{
    while (n-- > 0)
        ut_fork(ut_end_with, n);
    sleep(2);
}

static void
orphaned_zombies_are_reaped(void)
{
    int i;

    for (i = 0; i < 5; i++)
        gives(ut_run(leaves_zombies, 10), 0);
}

// --- fork ----------------------------------------------------------------

static void
fork_exit_many(void)
{
    int i;

    for (i = 0; i < 500; i++)
        gives(ut_run(ut_end_with, i & 127), (i & 127) << 8);
}

static void
fork_tree(int depth)
{
    if (depth == 0)
        return;
    ut_fork(fork_tree, depth - 1);
    ut_fork(fork_tree, depth - 1);
    ut_join(2);
}

static void
fork_deep_tree(void)
{
    fork_tree(4);
}

static void
fork_returns_pid_once(void)
{
    int pid, got;

    must(pipe(fd));
    pid = must(fork());
    if (pid == 0) {
        got = getpid();
        ut_write(fd[1], &got, sizeof(got));
        exit(0);
    }
    gives(ut_read(fd[0], &got, sizeof(got)), sizeof(got));
    check(got == pid && got != getpid());
    ut_join(1);
    must(close(fd[0]));
    must(close(fd[1]));
}

// Children until there can be no more; how many.
static int
fill_table(void)
{
    int n;

    for (n = 0; n < NPROC + 10; n++)
        switch (fork()) {
        case -1:
            return n;
        case 0:
            ut_hold((int)fd);
            exit(0);
        }
    ut_fail("%d processes, and no limit", n);
}

// The table's end is an error; when there is room again, all is well.
static void
fork_limit_is_an_error(void)
{
    int round, n;

    if (!ut_needs(40))
        return;
    for (round = 0; round < 2; round++) {
        must(pipe(fd));
        n = fill_table();
        check(errno == EAGAIN);
        check(n > NPROC - 20);
        fails(fork(), EAGAIN);
        must(close(fd[1]));
        ut_join(n);
        must(close(fd[0]));
    }
    gives(ut_run(ut_end_with, 1), 1 << 8);
}

// A group's leader, and gone: its group lives in the child that holds.
static int
orphan_group(void)
{
    int pid = must(fork()), status;

    if (pid == 0) {
        must(setpgrp(0, 0));
        ut_fork(ut_hold, (int)fd);
        exit(0);
    }
    must(waitpid(pid, &status, 0));
    return pid;
}

// In older kernels pids wrapped to negative numbers and collided.
static void
pids_do_not_collide(void)
{
    int held, first, group, last = 0, pid, i, wrapped = 0;

    must(pipe(fd));
    first = held = ut_fork(ut_hold, (int)fd);
    group = orphan_group();
    for (i = 0; i < 33500; i++) {
        pid = must(fork());
        if (pid == 0)
            exit(0);
        check(pid > 0 && pid != held && pid != INIT && pid != getpid());
        check(pid != group);
        wrapped |= pid < last;
        last = pid;
        gives(waitpid(pid, 0, 0), pid);
    }
    check(wrapped && last > 0 && first == held);
    must(close(fd[1]));
    ut_join(1);
    must(close(fd[0]));
}

// --- listing -------------------------------------------------------------

#define STAY 40

static void
come_and_go(int n)
{
    while (n-- > 0)
        ut_run(ut_end_with, 0);
}

static int
listed(const struct procinfo *p, int n, int pid)
{
    while (n > 0 && p[n - 1].pid != pid)
        n--;
    return n > 0;
}

// Who is there all the time is listed, whoever else comes and goes meanwhile.
static void
list_misses_nobody(void)
{
    struct procinfo *p = (struct procinfo *)ut_buf;
    int pid[STAY], busy, n, i;

    must(pipe(fd));
    for (i = 0; i < STAY; i++)
        pid[i] = ut_fork(ut_hold, (int)fd);
    busy = ut_fork(come_and_go, 400);
    ut_fork(come_and_go, 400);
    do {
        n = must(procs(p, UTBUF / sizeof(*p)));
        check(n > STAY && n <= (int)(UTBUF / sizeof(*p)));
        for (i = 0; i < STAY; i++)
            check(listed(p, n, pid[i]));
        check(procs(p, STAY) > STAY);
    } while (waitpid(busy, 0, WNOHANG) == 0);
    must(close(fd[1]));
    must(close(fd[0]));
    ut_join(STAY + 1);
}

// --- groups, sleep, time -------------------------------------------------

static int
group_of(int pid)
{
    int n, i, pgrp = -1;
    struct procinfo *p = allprocs(&n);

    check(p != 0);
    for (i = 0; i < n; i++)
        if (p[i].pid == pid)
            pgrp = p[i].pgrp;
    free(p);
    return pgrp;
}

static void
groups_are_inherited(void)
{
    int pid, mine = group_of(getpid());

    must(pipe(fd));
    pid = ut_fork(ut_hold, (int)fd);
    gives(group_of(pid), mine);
    must(setpgrp(pid, 0));
    gives(group_of(pid), pid);
    must(setpgrp(pid, mine));
    gives(group_of(pid), mine);
    fails(setpgrp(pid, -1), EINVAL);
    fails(setpgrp(99999, 0), ESRCH);
    fails(setpgrp(INIT, 0), EPERM);
    must(close(fd[1]));
    must(close(fd[0]));
    gives(ut_wait(pid), 0);
}

// In older kernels sleep(-1) slept for ever.
static void
sleep_of_negative_returns(void)
{
    uint start = uptime();

    fails(sleep(-1), EINVAL);
    fails(sleep(0x80000000), EINVAL);
    gives(sleep(0), 0);
    check(uptime() - start < 50);
}

static void
sleep_takes_its_time(void)
{
    uint start = uptime(), took;

    gives(sleep(20), 0);
    took = uptime() - start;
    check(took >= 20);
    check(took < 200);
}

// Nobody types: the wait ends by the clock.
static void
console_wait_takes_its_time(void)
{
    uint start = uptime();

    gives(consctl(CONS_WAIT, 0), 0);
    check(uptime() - start < 50);
    gives(consctl(CONS_WAIT, 20), 0);
    check(uptime() - start >= 20);
    check(uptime() - start < 200);
    fails(consctl(CONS_WAIT, -1), EINVAL);
}

static void
sleeper(int ticks)
{
    uint start = uptime();

    gives(sleep(ticks), 0);
    check(uptime() - start >= (uint)ticks);
}

static void
sleep_many_at_once(void)
{
    int i;

    for (i = 0; i < 20; i++)
        ut_fork(sleeper, i);
    ut_join(20);
}

static void
naps(int n)
{
    uint start = uptime();
    int i;

    for (i = 0; i < n; i++)
        gives(sleep(1), 0);
    check(uptime() - start >= (uint)n);
}

// A tick that came on the way into the sleep was missed, for ever.
static void
sleep_misses_no_tick(void)
{
    int i;

    for (i = 0; i < 24; i++)
        ut_fork(naps, 60);
    ut_join(24);
}

// A process that computes does not keep others from running.
static void
spinning_is_preempted(void)
{
    struct sysinfo si;
    int pid[40], i, n;

    must(sysinfo(&si));
    n = si.ncpu + 2;
    for (i = 0; i < n; i++)
        pid[i] = ut_fork(ut_spin, 0);
    sleep_takes_its_time();
    for (i = 0; i < n; i++) {
        must(kill(pid[i]));
        gives(ut_wait(pid[i]), KILLED);
    }
}

// --- the Nth allocation fails --------------------------------------------

static int
pipe_failing(int arg)
{
    int r;

    (void)arg;
    ut_arm();
    r = pipe(fd);
    ut_disarm();
    if (r < 0)
        return -1;
    must(close(fd[0]));
    must(close(fd[1]));
    return 0;
}

static void
fail_pipe(void)
{
    ut_each_failure(FAIL_KALLOC, pipe_failing, 0);
}

// Their parent ends at once, and init has no time for them: others do not
// have to wait until it has.
#define PARENTS 8
#define ROUNDS  100

static void
two_orphans(int unused)
{
    (void)unused;
    if (must(fork()) != 0)
        must(fork());
}

static void
orphans_parent(int unused)
{
    int i;

    (void)unused;
    for (i = 0; i < ROUNDS; i++)
        gives(ut_run(two_orphans, 0), 0);
}

static void
orphans_need_no_init(void)
{
    int i;

    for (i = 0; i < PARENTS; i++)
        ut_fork(orphans_parent, 0);
    ut_join(PARENTS);
    ut_alone();
}

const struct utcase ut_proc[] = {
    CASE(wait_gives_exit_status, QUICK),
    CASE(waitpid_chooses_the_child, QUICK),
    CASE(waitpid_nohang_does_not_wait, QUICK),
    CASE(wait_without_child_fails, QUICK),
    CASE(waitpid_by_group, QUICK),
    CASE(wait_bad_pointer_keeps_child, QUICK),
    CASE(orphan_goes_to_init, QUICK),
    CASE(orphaned_zombies_are_reaped, QUICK),
    CASE(fork_exit_many, QUICK),
    CASE(fork_deep_tree, QUICK),
    CASE(fork_returns_pid_once, QUICK),
    CASE(fork_limit_is_an_error, SLOW),
    CASE(pids_do_not_collide, SLOW),
    CASE(list_misses_nobody, QUICK),
    CASE(groups_are_inherited, QUICK),
    CASE(sleep_of_negative_returns, QUICK),
    CASE(sleep_takes_its_time, QUICK),
    CASE(console_wait_takes_its_time, QUICK),
    CASE(sleep_many_at_once, QUICK),
    CASE(sleep_misses_no_tick, QUICK),
    CASE(spinning_is_preempted, QUICK),
    CASE(fail_pipe, QUICK),
    CASE(orphans_need_no_init, QUICK),
    ENDCASES
};
