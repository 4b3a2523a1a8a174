// sysproc.c: system calls about processes, time and the machine. Interface:
// sys.h.

#include "errno.h"
#include "info.h"
#include "syscall.h"
#include "lib.h"
#include "bootarg.h"
#include "cpu.h"
#include "sched.h"
#include "rtc.h"
#include "power.h"
#include "fs.h"
#include "console.h"
#include "usercopy.h"
#include "proc.h"
#include "ptable.h"
#include "exec.h"
#include "sys.h"

#define BATCH 8                     // records copied out at a time

int
sys_fork(const uint *a)
{
    (void)a;
    return fork();
}

int
sys_exit(const uint *a)
{
    (void)a;
    exit(0);
}

int
sys__exit(const uint *a)
{
    exit((a[0] & 0xff) << 8);
}

// A child whose status cannot be delivered is still there to be waited for. A
// bad address is refused at once, before we wait. Nothing is written there
// meanwhile: it may be memory that others share.
int
sys_waitpid(const uint *a)
{
    int status, pid, err;

    if (a[2] & ~(WNOHANG | WUNTRACED))
        return -EINVAL;
    if (a[1] && (err = user_ready(a[1], sizeof status, 1)) < (int)sizeof status)
        return err < 0 ? err : -EFAULT;
    if ((pid = await_child(a[0], &status, a[2])) <= 0)
        return pid;
    if (a[1] && (err = copyout(a[1], &status, sizeof status)) < 0)
        return err;
    if (status != STATUS_STOPPED)
        reap_child(pid);
    return pid;
}

int
sys_wait(const uint *a)
{
    static const uint any[] = { -1, 0, 0 };

    (void)a;
    return sys_waitpid(any);
}

int
sys_kill(const uint *a)
{
    return kill(a[0]);
}

int
sys_suspend(const uint *a)
{
    int err = a[1] > 1 ? -EINVAL : suspend(a[0], a[1]);

    if (err == 0)
        console_wake();             // it may read again
    return err;
}

int
sys_exec(const uint *a)
{
    return exec(a[0], a[1], 0);
}

int
sys_execve(const uint *a)
{
    return exec(a[0], a[1], a[2]);
}

int
sys_getpid(const uint *a)
{
    (void)a;
    return myproc()->pid;
}

int
sys_sleep(const uint *a)
{
    if ((int)a[0] < 0)
        return -EINVAL;
    sleep_ticks(a[0]);
    return myproc()->killed ? -EINTR : 0;
}

int
sys_uptime(const uint *a)
{
    (void)a;
    return ticks & 0x7fffffff;      // never mistaken for an error
}

// Returns the number of all, even when the buffer holds fewer.
int
sys_procs(const uint *a)
{
    struct procinfo some[BATCH];
    int room = a[1], after = 0, total = 0, n, take, err;

    if (room < 0)
        return -EINVAL;
    while ((n = proc_infos(some, after, BATCH)) > 0) {
        take = MIN(n, room);
        if (take > 0 && (err = copyout(a[0] + total * sizeof some[0], some,
                                       take * sizeof some[0])) < 0)
            return err;
        after = some[n - 1].pid;
        total += n;
        room -= take;
    }
    return total;
}

int
sys_setpgrp(const uint *a)
{
    return setpgrp(a[0], a[1]);
}

int
sys_shutdown(const uint *a)
{
    if (a[0] != POWEROFF && a[0] != REBOOT)
        return -EINVAL;
    fs_sync();                      // a failing disk must not keep us here
    if (a[0] == REBOOT)
        power_reboot(a[1]);
    power_off(a[1]);
}

int
sys_gettime(const uint *a)
{
    struct timespec t;

    do {
        t.sec = rtc_seconds();
        t.nsec = ticks % HZ * (1000000000 / HZ);
    } while (t.sec != rtc_seconds());   // a tick came in between
    return copyout(a[0], &t, sizeof t);
}

int
sys_consctl(const uint *a)
{
    return console_ctl(a[0], a[1]);
}

int
sys_bootarg(const uint *a)
{
    char name[32], value[512];
    int n, err = copyinstr(name, a[0], sizeof name);

    if (err < 0)
        return err;
    if ((int)a[2] <= 0)
        return -EINVAL;
    if ((n = bootarg(name, value, sizeof value)) < 0)
        return -ENOENT;
    if ((uint)n >= a[2])
        return -ERANGE;
    err = copyout(a[1], value, n + 1);
    return err < 0 ? err : n;
}
