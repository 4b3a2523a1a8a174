// ptable.c: the table of all processes: how one gets a stack and a number,
// how others find it, and what they may do to it.
//
// The table is a list in the order of pids; NPROC bounds it. Its lock guards
// the list, the families (proc.c), and what one process may see of another:
// name, address space, group, whether it is killed. It is held for a walk over
// the list at most, and never across a sleep.
//
// A kill sets p->killed, and p->ast, so that p looks at it before it returns
// to user mode; a sleep that is interruptible ends. The kernel's own threads
// and init have no parent, and can be neither killed nor stopped.
//
// A stop sets p->stopped, and p->ast. For others the process is stopped from
// then on. It sleeps on its way to user mode; if it is asleep in a call it
// goes on sleeping there, and what it waits for may come meanwhile. But the
// console is not its any more: console.c looks at p->stopped.

#include "errno.h"
#include "lib.h"
#include "print.h"
#include "pool.h"
#include "cpu.h"
#include "pagetable.h"
#include "sched.h"
#include "proc.h"
#include "vm.h"
#include "ptable.h"
#include "event.h"

#define PIDMAX 32767                // getpid() of old programs is an int, and
                                    // ps likes five digits

struct ptable ptable = { .lock = SPINLOCK("processes", RANK_PROC) };

static struct pool procs = POOL("proc", sizeof(struct proc));
struct proc bootproc;

// ---- the list ----

// Where a process with this pid belongs in the list. 0: a process has it, as
// its pid or its group; a newcomer is not to find itself the leader of
// strangers.
static struct proc **
place_of(int pid)
{
    struct proc **place = &ptable.first, *p;

    for (p = ptable.first; p; p = p->allnext) {
        if (p->pid == pid || p->pgrp == pid)
            return 0;
        if (p->pid < pid)
            place = &p->allnext;
    }
    return place;
}

// Sleep as long as p, the caller, is stopped. Held: ptable.lock.
static void
stop_locked(struct proc *p)
{
    while (p->stopped && sleep_intr((void *)&p->stopped, &ptable.lock) == 0)
        ;
}

int
ptable_add(struct proc *p, struct proc *parent)
{
    struct proc **place;
    int err = 0;

    acquire(&ptable.lock);
    if (parent)
        stop_locked(parent);        // who stopped its group has not seen p
    if (ptable.n >= NPROC)
        err = -EAGAIN;
    else if (parent && parent->killed)
        err = -EINTR;               // who killed its group has not seen p
    if (err == 0) {
        do {
            ptable.lastpid = ptable.lastpid % PIDMAX + 1;
        } while ((place = place_of(ptable.lastpid)) == 0);
        p->pid = ptable.lastpid;
        p->parent = parent;
        p->pgrp = parent ? parent->pgrp : 0;
        p->allnext = *place;
        *place = p;
        ptable.n++;
        EVENT(event_proc(p, "born"));
    }
    release(&ptable.lock);
    return err;
}

void
ptable_remove(struct proc *p)
{
    struct proc **link = &ptable.first;

    assert(holding(&ptable.lock));
    while (*link != p)
        link = &(*link)->allnext;
    *link = p->allnext;
    ptable.n--;
    EVENT(event_proc(p, "gone"));
}

struct proc *
proc_lock(int pid)
{
    struct proc *p;

    acquire(&ptable.lock);
    for (p = ptable.first; p && p->pid != pid; p = p->allnext)
        ;
    if (p == 0)
        release(&ptable.lock);
    return p;
}

struct proc *
proc_of_stack(uint stack)
{
    struct proc *p;
    uint i;

    for (i = 0; i < ncpu; i++)
        if (cpus[i].idle && cpus[i].idle->kstack == stack)
            return cpus[i].idle;
    for (p = ptable.first; p && p->kstack != stack; p = p->allnext)
        ;
    return p;
}

// ---- a process and its stack ----

struct proc *
proc_new(const char *name)
{
    struct proc *p = pool_get(&procs);

    if (p == 0)
        return 0;
    if ((p->kstack = kstack_alloc()) == 0) {
        pool_put(&procs, p);
        return 0;
    }
    kstack_mark(p->kstack, p, 0);   // the CPU: whoever switches to it
    strlcpy(p->name, name, sizeof p->name);
    p->state = EMBRYO;
    return p;
}

void
proc_free(struct proc *p)
{
    kstack_free(p->kstack);
    pool_put(&procs, p);
}

// What swtch() finds on a stack that it never left.
struct firstframe {
    uint edi, esi, ebx, ebp, eip;
};

void
proc_set_start(struct proc *p, void *sp, void (*eip)(void))
{
    struct firstframe *f = (struct firstframe *)sp - 1;

    memset(f, 0, sizeof *f);        // ebp 0 ends a backtrace
    f->eip = (uint)eip;
    p->ctx = (uint)f;
}

// ---- the kernel's own ----

void
ptable_init(uint bootstack)
{
    bootproc.cpu = &cpus[0];
    bootproc.kstack = bootstack;
    kstack_mark(bootproc.kstack, &bootproc, bootproc.cpu);
    strlcpy(bootproc.name, "idle0", sizeof bootproc.name);
    bootproc.state = RUNNING;
    cpus[0].idle = &bootproc;
    cpus[0].started = 1;
}

struct proc *
proc_idle(struct cpu *c)
{
    struct proc *p = proc_new("idle");

    if (p) {
        p->cpu = c;
        kstack_mark(p->kstack, p, c);
        p->state = RUNNING;
        c->idle = p;
    }
    return p;
}

void
kthread(const char *name, void (*fn)(void))
{
    struct proc *p = proc_new(name);
    uint *sp;

    if (p == 0 || ptable_add(p, 0) < 0)
        panic("no memory for kernel thread %s", name);
    sp = (uint *)user_frame(p) - 1;
    *sp = 0;                        // it returns nowhere
    proc_set_start(p, sp, fn);
    ready(p);
}

// ---- kill and groups ----

enum deed { CONTINUE, STOP, KILL };

static void
mark_killed(struct proc *p, int status)
{
    p->status = status;
    p->killed = 1;
    p->ast = 1;                     // after killed: who clears it looks there
}

int
kill_locked(struct proc *p)
{
    if (p->parent == 0)
        return -EPERM;
    if (p->as && !p->killed) {      // else it is ending
        mark_killed(p, KILLED_KILL);
        wake_proc(p);
    }
    return 0;
}

static int
suspend_locked(struct proc *p, int on)
{
    if (p->parent == 0)
        return -EPERM;
    if (p->as == 0 || (p->stopped != 0) == on)
        return 0;                   // it is ending, or is so already
    p->stopped = on ? STOP_NEW : 0;
    p->ast = 1;
    wakeup(on ? (void *)p->parent : (void *)&p->stopped);
    return 0;
}

// To the process pid, or to the group -pid: 0 when it was done to anyone. (-1,
// which elsewhere means all processes, is nobody.) Nobody would continue init's
// children: when their group stops they go on.
static int
do_to(int pid, enum deed deed)
{
    int pgrp = pid < -1 ? (int)-(uint)pid : -1, err = -ESRCH;
    struct proc *p;

    acquire(&ptable.lock);
    for (p = ptable.first; p; p = p->allnext)
        if (p->pid == pid || (p->pgrp == pgrp &&
                (deed == KILL || (p->parent && p->parent->parent))))
            err = MAX(err, deed == KILL ? kill_locked(p)
                                        : suspend_locked(p, deed));
    release(&ptable.lock);
    return err;
}

int
kill(int pid)
{
    return do_to(pid, KILL);
}

int
suspend(int pid, int on)
{
    return do_to(pid, on ? STOP : CONTINUE);
}

void
stop_point(void)
{
    acquire(&ptable.lock);
    stop_locked(myproc());
    release(&ptable.lock);
}

void
kill_self(int status)
{
    acquire(&ptable.lock);
    mark_killed(myproc(), status);
    release(&ptable.lock);
}

int
setpgrp(int pid, int pgrp)
{
    struct proc *me = myproc(), *p;
    int err = 0;

    if (pgrp < 0)
        return -EINVAL;
    if ((p = proc_lock(pid ? pid : me->pid)) == 0)
        return -ESRCH;
    if (p == me || p->parent == me)
        p->pgrp = pgrp ? pgrp : p->pid;
    else
        err = -EPERM;
    release(&ptable.lock);
    return err;
}

// ---- looking ----

static uint
state_of(struct proc *p)
{
    return p->stopped && p->state != ZOMBIE ? STOPPED : p->state;
}

static void
fill_info(struct procinfo *i, struct proc *p)
{
    memset(i, 0, sizeof *i);
    i->size = sizeof *i;
    i->pid = p->pid;
    i->ppid = p->parent ? p->parent->pid : 0;
    i->pgrp = p->pgrp;
    i->state = state_of(p);
    i->cpu = p->cpu ? p->cpu->id : 0;
    i->ticks = p->ticks;
    strlcpy(i->name, p->name, sizeof i->name);
    if (p->as) {                    // cannot go away: exit() needs our lock
        i->sz = p->as->sz;
        i->resident = p->as->resident;
        i->swapped = p->as->swapped;
    }
    memcpy(i->faults, p->faults, sizeof i->faults);
}

int
proc_infos(struct procinfo *to, int after, int n)
{
    struct proc *p;
    int i = 0;

    acquire(&ptable.lock);
    for (p = ptable.first; p && i < n; p = p->allnext)
        if (p->pid > after)
            fill_info(&to[i++], p);
    release(&ptable.lock);
    return i;
}

void
proc_list(void)
{
    static const char *const state[] = {
        "embryo", "sleep", "ready", "run", "zombie", "stopped"
    };
    struct proc *p;

    cprintf("\n");
    acquire(&ptable.lock);
    for (p = ptable.first; p; p = p->allnext)
        cprintf("%d %s %s\n", p->pid, state[state_of(p)], p->name);
    release(&ptable.lock);
}
