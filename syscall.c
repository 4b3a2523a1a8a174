// syscall.c: from a system call's number to its function. Interface: trap.h.
//
// Both gates use this one table. The gates differ in how failure is told:
// int $65 returns -errno, int $64 -1; and wait (3) and exit (2) of old
// programs have no argument.

#include "errno.h"
#include "vectors.h"
#include "cpu.h"
#include "print.h"
#include "ksyms.h"
#include "vm.h"
#include "usercopy.h"
#include "proc.h"
#include "sys.h"
#include "trap.h"
#include "memwait.h"

#define MAXARGS 6

struct call {
    int (*fn)(const uint *args);
    uint nargs;
};

// For every number that is no call's.
static int
sys_unknown(const uint *a)
{
    (void)a;
    return -ENOSYS;
}

static const struct call systable[NSYSCALL] = {
    [0]             = { sys_unknown, 0 },
    [SYS_fork]      = { sys_fork, 0 },
    [SYS_exit]      = { sys_exit, 0 },
    [SYS_wait]      = { sys_wait, 0 },
    [SYS_pipe]      = { sys_pipe, 1 },
    [SYS_read]      = { sys_read, 3 },
    [SYS_kill]      = { sys_kill, 1 },
    [SYS_exec]      = { sys_exec, 2 },
    [SYS_fstat]     = { sys_fstat, 2 },
    [SYS_chdir]     = { sys_chdir, 1 },
    [SYS_dup]       = { sys_dup, 1 },
    [SYS_getpid]    = { sys_getpid, 0 },
    [SYS_sbrk]      = { sys_sbrk, 1 },
    [SYS_sleep]     = { sys_sleep, 1 },
    [SYS_uptime]    = { sys_uptime, 0 },
    [SYS_open]      = { sys_open, 2 },
    [SYS_write]     = { sys_write, 3 },
    [SYS_mknod]     = { sys_mknod, 3 },
    [SYS_unlink]    = { sys_unlink, 1 },
    [SYS_link]      = { sys_link, 2 },
    [SYS_mkdir]     = { sys_mkdir, 1 },
    [SYS_close]     = { sys_close, 1 },
    [SYS_getpagetableentry]  = { sys_getpagetableentry, 2 },
    [SYS_isphysicalpagefree] = { sys_isphysicalpagefree, 1 },
    [SYS_dumppagetable]      = { sys_dumppagetable, 1 },
    [SYS_mmap]      = { sys_mmap, 6 },
    [SYS_munmap]    = { sys_munmap, 2 },
    [SYS_mprotect]  = { sys_mprotect, 3 },
    [SYS_msync]     = { sys_msync, 3 },
    [SYS__exit]     = { sys__exit, 1 },
    [SYS_waitpid]   = { sys_waitpid, 3 },
    [SYS_lseek]     = { sys_lseek, 3 },
    [SYS_ftruncate] = { sys_ftruncate, 2 },
    [SYS_rename]    = { sys_rename, 2 },
    [SYS_fsync]     = { sys_fsync, 1 },
    [SYS_sync]      = { sys_sync, 0 },
    [SYS_dup2]      = { sys_dup2, 2 },
    [SYS_regions]   = { sys_regions, 3 },
    [SYS_procs]     = { sys_procs, 2 },
    [SYS_sysinfo]   = { sys_sysinfo, 1 },
    [SYS_shutdown]  = { sys_shutdown, 2 },
    [SYS_vmctl]     = { sys_vmctl, 2 },
    [SYS_gettime]   = { sys_gettime, 1 },
    [SYS_setpgrp]   = { sys_setpgrp, 2 },
    [SYS_consctl]   = { sys_consctl, 2 },
    [SYS_getcwd]    = { sys_getcwd, 2 },
    [SYS_kcheck]    = { sys_kcheck, 1 },
    [SYS_failmark]  = { sys_failmark, 2 },
    [SYS_bootarg]   = { sys_bootarg, 3 },
    [SYS_execve]    = { sys_execve, 3 },
    [SYS_fstatx]    = { sys_fstatx, 2 },
    [SYS_setmtime]  = { sys_setmtime, 2 },
    [SYS_suspend]   = { sys_suspend, 2 },
    [SYS_memframes] = { sys_memframes, 3 },
};

// Results at or above this are -errno; no call has such a value.
#define FIRST_ERROR 0xfffff001u
#define MOSTTRIES 50                // of a call that finds no frame

// The n argument words lie on the user's stack above a return address: nearly
// always in one page, which is there. They are read once: what another process
// does to them from now on changes nothing. CR3 holds the caller's directory,
// since we come from user mode. Interrupts are off, on afterwards.
static inline int
fetch_args(uint *a, uint sp, uint n)
{
    void *there = 0;

    if (n > 0 && PGOFF(sp) <= PGSIZE - MAXARGS * sizeof *a &&
        (there = user_kva(P2V(rcr3()), sp, 0)) != 0)
        movsl(a, there, n);
    sti();
    return n == 0 || there ? 0 : copyin(a, sp, n * sizeof *a);
}

// A call that found no frame has changed nothing: wait, and begin again. It is
// begun at once then: who ran before it would have the frames that it has waited
// for. MOSTTRIES ends it when others, or it itself, always take them.
static int
restart(const struct call *c, const uint *a)
{
    int result = -ERESTART, tries;

    for (tries = 0; result == -ERESTART && tries < MOSTTRIES; tries++) {
        if ((result = mem_wait()) < 0)
            return result;
        result = c->fn(a);
    }
    return result == -ERESTART ? -ENOMEM : result;
}

void
syscall(struct trapframe *tf)
{
    const struct call *c = &systable[tf->eax < NSYSCALL ? tf->eax : 0];
    uint a[MAXARGS];
    int result = fetch_args(a, tf->esp + 4, c->nargs);

    if (result == 0 && (result = c->fn(a)) == -ERESTART)
        result = restart(c, a);
    if ((uint)result >= FIRST_ERROR && tf->trapno == T_SYSCALL64)
        result = -1;
    tf->eax = result;
}

void
user_tell(struct proc *p)
{
    struct trapframe *tf = user_frame(p);
    uint n = tf->eax < NSYSCALL ? tf->eax : 0, a[MAXARGS], i;

    cprintf("came by trap %d at eip %x", tf->trapno, tf->eip);
    if (tf->trapno == T_SYSCALL65 || tf->trapno == T_SYSCALL64) {
        cprintf(": %s", ksym_at((uint)systable[n].fn)->name);
        n = copyin_now(a, tf->esp + 4, systable[n].nargs * sizeof *a);
        for (i = 0; i < n / sizeof *a; i++)
            cprintf(" %x", a[i]);
    }
    cprintf("\n");
}
