// syscall.c: from a system call's number to its function.
//
// Both gates use this one table. The gates differ in how failure is told:
// int $65 returns -errno, int $64 -1; and wait (3) and exit (2) of old
// programs have no argument.

#include <types.h>
#include <param.h>
#include <errno.h>
#include <mmu.h>
#include <memlayout.h>
#include <x86.h>
#include <info.h>
#include <syscall.h>
#include <kalloc.h>
#include <spinlock.h>
#include <vectors.h>
#include <cpu.h>
#include <sleeplock.h>
#include <sched.h>
#include <usercopy.h>
#include <proc.h>
#include <vm.h>
#include <sys.h>
#include <trap.h>

_Static_assert(__builtin_offsetof(struct trapframe, eax) == TF_EAX &&
               __builtin_offsetof(struct trapframe, es) == TF_SEGS &&
               __builtin_offsetof(struct trapframe, ds) == TF_SEGS + 2 &&
               __builtin_offsetof(struct trapframe, trapno) == TF_TRAPNO &&
               __builtin_offsetof(struct trapframe, err) == TF_ERR &&
               __builtin_offsetof(struct trapframe, cs) == TF_CS &&
               __builtin_offsetof(struct trapframe, eflags) == TF_EFLAGS &&
               __builtin_offsetof(struct trapframe, esp) == TF_ESP &&
               sizeof(struct trapframe) == TFSIZE &&
               __builtin_offsetof(struct proc, as) == P_AS &&
               __builtin_offsetof(struct proc, attention) == P_ATTENTION &&
               __builtin_offsetof(struct proc, tf) == P_TF &&
               __builtin_offsetof(struct aspace, argva) == AS_ARGVA &&
               __builtin_offsetof(struct aspace, arglen) == AS_ARGLEN &&
               __builtin_offsetof(struct aspace, argkva) == AS_ARGKVA,
               "vectors.h tells trapasm.S other places");

static int
no_call(const uint *a)
{
    (void)a;
    return -ENOSYS;
}

struct call {
    int (*fn)(const uint *args);
    uint nargs;
};

extern struct call systable[NSYSCALL];      // trapasm.S uses it too
struct call systable[NSYSCALL] = {
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
};

// A number without a function gets one that fails, so that the gate need not
// look.
void
syscall_init(void)
{
    uint n;

    for (n = 0; n < NSYSCALL; n++)
        if (systable[n].fn == 0)
            systable[n].fn = no_call;
}

// Results at or above this are -errno; no call has such a value.
#define FIRST_ERROR 0xfffff001u
#define FRAMESATFIRST 16            // a call that found none waits for so many

// The arguments, when they cannot be had at once: fault the page in.
static int __attribute__((noinline))
fetch_slowly(uint *to, uint from, uint n)
{
    int err;

    sti();
    err = copyin(to, from, 4 * n);
    cli();
    return err;
}

// The n argument words at user address `from`; interrupts off. In the page
// that was used last time this takes a dozen instructions, because the page
// table need not be walked.
static inline int
fetch_args(struct aspace *as, uint *to, uint from, uint n)
{
    // A program's stack pointer may be any number.
    const struct { uint word; } __attribute__((packed)) *u;

    if (from - 4 - as->argva < as->arglen)
        u = (void *)(as->argkva + PGOFF(from));
    else if (PGOFF(from) > PGSIZE - 4 * MAXARGS ||
             (u = remember_args(from)) == 0)
        return fetch_slowly(to, from, n);
    to[0] = u[0].word;
    to[1] = u[1].word;
    to[2] = u[2].word;
    if (n > 3) {
        to[3] = u[3].word;
        to[4] = u[4].word;
        to[5] = u[5].word;
    }
    return 0;
}

// A call that found no frame has changed nothing: wait, and begin again. What
// it gave back may be all that there is, so that there is nothing to wait for;
// hence each time for twice as many frames, until that many cannot be had.
static int
run_call(uint n, const uint *a)
{
    uint nframes = FRAMESATFIRST;
    int result;

    while ((result = systable[n].fn(a)) == -ERESTART &&
           (result = mem_wait_for(nframes)) == 0)
        nframes *= 2;
    return result;
}

void
syscall(struct trapframe *tf)
{
    struct proc *p = myproc();
    uint n = tf->eax, a[MAXARGS];
    int result = -ENOSYS;

    if (n < NSYSCALL) {
        result = systable[n].nargs
            ? fetch_args(p->as, a, tf->esp + 4, systable[n].nargs) : 0;
        if (result == 0) {
            sti();
            result = run_call(n, a);
            cli();
        }
    }
    if ((uint)result >= FIRST_ERROR && tf->trapno == T_SYSCALL64)
        result = -1;
    tf->eax = result;
    if (p->attention)
        heed(p);
}
