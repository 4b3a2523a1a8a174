// proc.c: processes: their birth, their family, their end.
//
// A process lives in a struct proc from a pool, found by pid through a hash
// and by family through parent, child and sibling links. All of these are
// guarded by one lock, proctree. NPROC bounds the number; nothing is a table.
//
//   fork()      builds the child completely while nobody can see it, then
//               enters it into the tree and makes it ready: every failure
//               undoes private things only.
//   exit()      gives back files, directory and memory while still able to
//               sleep; then, under the tree's lock, hands its children to
//               init, tells the parent, and leaves the CPU for ever. Lock
//               and CPU are given up in one step (exit_switch), so a parent
//               that sees a zombie only needs wait_off_cpu() before it frees
//               the stack.
//   waitpid()   takes a zombie out of the tree, then frees it unlocked.

#include <types.h>
#include <param.h>
#include <errno.h>
#include <boot.h>
#include <mmu.h>
#include <memlayout.h>
#include <x86.h>
#include <mman.h>
#include <info.h>
#include <syscall.h>
#include <fsformat.h>
#include <stat.h>
#include <lib.h>
#include <print.h>
#include <spinlock.h>
#include <kalloc.h>
#include <pool.h>
#include <cpu.h>
#include <sleeplock.h>
#include <pagetable.h>
#include <sched.h>
#include <fs.h>
#include <file.h>
#include <region.h>
#include <usercopy.h>
#include <proc.h>
#include <vm.h>
#include <fpu.h>
#include <exec.h>
#include <path.h>

#define NHASH  256
#define PIDMAX 32767                // getpid() of old programs is an int, and
                                    // ps likes five digits

static struct pool procs = POOL("proc", sizeof(struct proc));

static struct {
    struct spinlock lock;
    struct proc *hash[NHASH];
    struct proc *all;
    struct proc *init;
    int lastpid;
    int wrapped;                    // numbers are used again
    uint n;
} tree = { .lock = SPINLOCK("process tree", RANK_PROC) };

struct proc bootproc;
struct cpu cpus[NCPU];
uint ncpu = 1;

extern char bootstack[];
void enter_user(struct trapframe *) __attribute__((noreturn));  // trapasm.S
void kthread_entry(void);           // swtch.S, calls:
void kthread_start(void (*fn)(void *), void *arg);

// ---- the tree ----

static struct proc *
lookup(int pid)
{
    struct proc *p = tree.hash[(uint)pid % NHASH];

    while (p && p->pid != pid)
        p = p->hashnext;
    return p;
}

static int
group_lives(int pgrp)
{
    struct proc *p;

    for (p = tree.all; p && p->pgrp != pgrp; p = p->allnext)
        ;
    return p != 0;
}

// A number that no process has and, since a newcomer is not to find itself
// the leader of strangers, no group.
static int
new_pid(void)
{
    do {
        if (tree.lastpid == PIDMAX)
            tree.wrapped = 1;
        tree.lastpid = tree.lastpid % PIDMAX + 1;
    } while (lookup(tree.lastpid) ||
             (tree.wrapped && group_lives(tree.lastpid)));
    return tree.lastpid;
}

static void
adopt(struct proc *parent, struct proc *p)
{
    p->parent = parent;
    p->sibprev = 0;
    p->sibnext = parent->child;
    if (p->sibnext)
        p->sibnext->sibprev = p;
    parent->child = p;
}

// -EAGAIN when there are NPROC already.
static int
tree_add(struct proc *p, struct proc *parent)
{
    struct proc **bucket;

    if (tree.n >= NPROC)
        return -EAGAIN;
    tree.n++;
    p->pid = new_pid();
    bucket = &tree.hash[p->pid % NHASH];
    p->hashnext = *bucket;
    *bucket = p;
    p->allprev = 0;
    p->allnext = tree.all;
    if (p->allnext)
        p->allnext->allprev = p;
    tree.all = p;
    if (parent)
        adopt(parent, p);
    return 0;
}

static void
tree_remove(struct proc *p)
{
    struct proc **link = &tree.hash[p->pid % NHASH];

    while (*link != p)
        link = &(*link)->hashnext;
    *link = p->hashnext;
    if (p->allnext)
        p->allnext->allprev = p->allprev;
    if (p->allprev)
        p->allprev->allnext = p->allnext;
    else
        tree.all = p->allnext;
    if (p->sibnext)
        p->sibnext->sibprev = p->sibprev;
    if (p->sibprev)
        p->sibprev->sibnext = p->sibnext;
    else if (p->parent)
        p->parent->child = p->sibnext;
    tree.n--;
}

struct proc *
proc_lock(int pid)
{
    struct proc *p;

    acquire(&tree.lock);
    if ((p = lookup(pid)) == 0)
        release(&tree.lock);
    return p;
}

void
proc_unlock(void)
{
    release(&tree.lock);
}

void
proc_each(void (*fn)(struct proc *, void *), void *arg)
{
    struct proc *p;

    acquire(&tree.lock);
    for (p = tree.all; p; p = p->allnext)
        fn(p, arg);
    release(&tree.lock);
}

struct proc *
proc_of_stack(uint stack)
{
    struct proc *p;
    uint i;

    for (i = 0; i < ncpu; i++)
        if (cpus[i].idle && cpus[i].idle->kstack == stack)
            return cpus[i].idle;
    for (p = tree.all; p && p->kstack != stack; p = p->allnext)
        ;
    return p;
}

uint
procs_inuse(void)
{
    return tree.n;
}

// ---- birth ----

// The bottom of a kernel stack says whose it is, and whether it overran.
static void
mark_stack(struct proc *p, uint stack)
{
    struct kstack *ks = (struct kstack *)stack;

    p->kstack = stack;
    ks->proc = p;
    ks->cpu = p->cpu;
    ks->magic = KSTACKMAGIC;
}

void
proc_init(void)
{
    sched_init();
    bootproc.cpu = &cpus[0];
    mark_stack(&bootproc, (uint)bootstack);
    strlcpy(bootproc.name, "idle0", sizeof bootproc.name);
    bootproc.state = RUNNING;
    cpus[0].idle = &bootproc;
    cpus[0].started = 1;
}

static struct proc *
proc_new(const char *name)
{
    struct proc *p = pool_get(&procs);
    uint stack;

    if (p == 0)
        return 0;
    if ((stack = kstack_alloc()) == 0) {
        pool_put(&procs, p);
        return 0;
    }
    mark_stack(p, stack);
    strlcpy(p->name, name, sizeof p->name);
    p->state = EMBRYO;
    return p;
}

static void
proc_free(struct proc *p)
{
    kstack_free(p->kstack);
    pool_put(&procs, p);
}

// Where the trap from user mode leaves its frame: the top of the stack.
static struct trapframe *
user_frame(struct proc *p)
{
    return (struct trapframe *)(p->kstack + KSTACKSIZE) - 1;
}

// What swtch() finds on a stack that it never left.
struct firstframe {
    uint edi, esi, ebx, ebp, eip;
    uint ret;                       // as if called
};

static void
set_start(struct proc *p, struct firstframe *f, void *eip)
{
    f->edi = f->esi = f->ebx = f->ebp = 0;      // ebp 0 ends a backtrace
    f->eip = (uint)eip;
    p->ctx = (uint)f;
}

// A new user process comes out of swtch() here, with its trap frame next on
// the stack, and leaves through trapret.
void forkret(void);

void
kthread_start(void (*fn)(void *), void *arg)
{
    sched_started();
    fn(arg);
    panic("a kernel thread returned");
}

int
kthread(const char *name, void (*fn)(void *), void *arg)
{
    struct proc *p = proc_new(name);
    struct firstframe *f;
    int err;

    if (p == 0)
        return -ENOMEM;
    f = (struct firstframe *)user_frame(p) - 1;     // init's is used later
    set_start(p, f, kthread_entry);
    f->ebx = (uint)fn;
    f->esi = (uint)arg;
    acquire(&tree.lock);
    err = tree_add(p, 0);
    release(&tree.lock);
    if (err < 0) {
        proc_free(p);
        return err;
    }
    ready(p);
    return 0;
}

struct proc *
proc_idle(struct cpu *c)
{
    struct proc *p = proc_new("idle");

    if (p) {
        p->cpu = c;
        mark_stack(p, p->kstack);
        p->state = RUNNING;
        c->idle = p;
    }
    return p;
}

// ---- fork ----

static void
copy_files(struct proc *child, struct proc *parent)
{
    int fd;

    for (fd = 0; fd < parent->nofile; fd++)
        if (parent->ofile[fd])
            child->ofile[fd] = file_dup(parent->ofile[fd]);
    child->nofile = parent->nofile;
    child->lowfd = parent->lowfd;
    child->cwd = idup(parent->cwd);
}

static void
drop_files(struct proc *p)
{
    int fd;

    for (fd = 0; fd < p->nofile; fd++) {
        if (p->ofile[fd])
            file_close(p->ofile[fd]);
        p->ofile[fd] = 0;
    }
    p->nofile = p->lowfd = 0;
    if (p->cwd)
        iput(p->cwd);
    p->cwd = 0;
}

// The child's stack: parent's trap frame, %eax 0, entered through forkret.
static void
set_child_stack(struct proc *child, struct proc *parent)
{
    child->tf = user_frame(child);
    *child->tf = *parent->tf;
    child->tf->eax = 0;
    set_start(child, (struct firstframe *)((char *)child->tf -
              __builtin_offsetof(struct firstframe, ret)), forkret);
}

// Memory for one more process, or wait for it.
static int
new_space(struct proc *child)
{
    while ((child->as = as_new()) == 0)
        if (mem_wait() < 0)
            return -ENOMEM;
    return 0;
}

static int
build_child(struct proc *child, struct proc *parent)
{
    int err = new_space(child);

    if (err < 0 || (err = copyuvm(child->as, parent->as)) < 0)
        return err;
    as_list(child->as);
    copy_files(child, parent);
    set_child_stack(child, parent);
    fpu_fork(child, parent);
    child->oldabi = parent->oldabi;
    child->fs = rfs();
    child->gs = rgs();
    return 0;
}

int
fork(void)
{
    struct proc *p = myproc(), *child;
    int err, pid = 0;

    if (tree.n >= NPROC)
        return -EAGAIN;
    if (frames_of(FRAME_KERNEL) + frames_of(FRAME_TABLE) > frames_total() / 2)
        return -ENOMEM;             // none of that can ever be swapped
    while ((child = proc_new(p->name)) == 0)
        if (mem_wait() < 0)
            return -ENOMEM;
    if ((err = build_child(child, p)) == 0) {
        acquire(&tree.lock);
        child->pgrp = p->pgrp;
        if (p->killed)
            err = -EINTR;           // with its group: nobody escapes
        else if ((err = tree_add(child, p)) == 0)
            pid = child->pid;       // the child may be gone once it is ready
        release(&tree.lock);
    }
    if (err < 0) {
        drop_files(child);
        if (child->as)
            as_put(child->as);
        proc_free(child);
        return err;
    }
    ready(child);
    return pid;
}

// ---- the end ----

void
kill_self(int status)
{
    struct proc *p = myproc();

    p->killstatus = status;
    p->killed = 1;
    p->attention = 1;
}

// Children go to init; a zombie among them makes it look.
static void
orphan_children(struct proc *p)
{
    struct proc *c;

    while ((c = p->child) != 0) {
        p->child = c->sibnext;
        if (p->child)
            p->child->sibprev = 0;
        adopt(tree.init, c);
        if (c->exited)
            wakeup(tree.init);
    }
}

static void init_again(struct proc *) __attribute__((noreturn));

void
exit(int status)
{
    struct proc *p = myproc();
    struct aspace *as = p->as;

    if (p == tree.init)
        init_again(p);
    drop_files(p);
    acquire(&tree.lock);
    p->as = 0;                      // those who look hold the tree's lock
    release(&tree.lock);
    as_put(as);
    acquire(&tree.lock);
    orphan_children(p);
    p->status = status;
    p->exited = 1;
    wakeup(p->parent);
    exit_switch(&tree.lock);
}

static int
matches(struct proc *c, int pid, int pgrp)
{
    if (pid > 0)
        return c->pid == pid;
    if (pid == -1)
        return 1;
    return c->pgrp == (pid == 0 ? pgrp : -pid);
}

// A child that matches: one that has exited if possible, else any, else 0.
static struct proc *
find_child(struct proc *p, int pid)
{
    struct proc *c, *any = 0;

    for (c = p->child; c; c = c->sibnext) {
        if (!matches(c, pid, p->pgrp))
            continue;
        any = c;
        if (c->exited)
            break;
    }
    return c ? c : any;
}

int
waitpid(int pid, int *status, int options)
{
    struct proc *p = myproc(), *c;
    int err = 0;

    acquire(&tree.lock);
    while ((c = find_child(p, pid)) != 0 && !c->exited && err == 0) {
        if (options & WNOHANG) {
            release(&tree.lock);
            return 0;
        }
        err = sleep_intr(p, &tree.lock);
    }
    err = c == 0 ? -ECHILD : !c->exited ? -EINTR : 0;
    if (err == 0)
        tree_remove(c);             // even if a kill came at the same time
    release(&tree.lock);
    if (err < 0)
        return err;
    wait_off_cpu(c);
    pid = c->pid;
    *status = c->status;
    proc_free(c);
    return pid;
}

// ---- kill and groups ----

static void
kill_locked(struct proc *p)
{
    if (p->killed || p->as == 0 || p == tree.init)
        return;
    p->killstatus = KILLED_KILL;
    p->killed = 1;
    p->attention = 1;
    wake_proc(p);
}

int
kill(int pid)
{
    struct proc *p = proc_lock(pid);
    int err = 0;

    if (p == 0)
        return -ESRCH;
    if (p->parent == 0)
        err = -EPERM;               // init, a kernel thread
    else
        kill_locked(p);
    proc_unlock();
    return err;
}

void
proc_kill_group(int pgrp)
{
    struct proc *p;

    acquire(&tree.lock);
    for (p = tree.all; p; p = p->allnext)
        if (p->pgrp == pgrp)
            kill_locked(p);
    release(&tree.lock);
}

int
setpgrp(int pid, int pgrp)
{
    struct proc *me = myproc(), *p;

    if (pgrp < 0)
        return -EINVAL;
    if ((p = proc_lock(pid ? pid : me->pid)) == 0)
        return -ESRCH;
    if (p != me && p->parent != me) {
        proc_unlock();
        return -EPERM;
    }
    p->pgrp = pgrp ? pgrp : p->pid;
    proc_unlock();
    return 0;
}

// ---- looking ----

static void
fill_info(struct procinfo *i, struct proc *p)
{
    memset(i, 0, sizeof *i);
    i->size = sizeof *i;
    i->pid = p->pid;
    i->ppid = p->parent ? p->parent->pid : 0;
    i->pgrp = p->pgrp;
    i->state = p->exited ? ZOMBIE
        : p->state == WAITING ? SLEEPING : (int)p->state;
    i->cpu = p->cpu ? p->cpu->id : 0;
    i->ticks = p->ticks;
    strlcpy(i->name, p->name, sizeof i->name);
    if (p->as) {                    // cannot go away: its owner needs our
        i->sz = p->as->sz;          // lock to exit (see exit)
        i->resident = p->as->resident;
        i->swapped = p->as->swapped;
    }
    memcpy(i->faults, p->faults, sizeof i->faults);
}

int
proc_infos(struct procinfo *to, int from, int n)
{
    struct proc *p;
    int i = 0;

    acquire(&tree.lock);
    for (p = tree.all; p; p = p->allnext, i++)
        if (i >= from && i < from + n)
            fill_info(&to[i - from], p);
    release(&tree.lock);
    return i;
}

static void
list_one(struct proc *p, void *unused)
{
    static const char *const state[] = {
        "embryo", "sleep", "ready", "run", "zombie", "sleep"
    };

    (void)unused;
    cprintf("%d %s %s\n", p->pid, p->exited ? "zombie" : state[p->state],
            p->name);
}

void
proc_list(void)
{
    cprintf("\n");
    proc_each(list_one, 0);
}

// ---- init ----

static void
be_init(void)
{
    static char *argv[] = { "init", 0 };
    int err;

    if ((err = exec_kernel("/init", argv)) < 0)
        panic("/init cannot be run: error %d", -err);
}

// init must not end; if it does, its process starts /init over.
static void
init_again(struct proc *p)
{
    cprintf("init ended; starting it again\n");
    drop_files(p);
    p->cwd = fs_root();
    p->killed = 0;
    be_init();
    enter_user(p->tf);
}

// The first process: a kernel thread that execs its way to user mode.
static void
init_thread(void *first)
{
    struct proc *p = myproc();

    ((void (*)(void))first)();
    p->cwd = fs_root();
    p->tf = user_frame(p);
    memset(p->tf, 0, sizeof *p->tf);
    p->pgrp = p->pid;
    acquire(&tree.lock);
    tree.init = p;
    release(&tree.lock);
    be_init();
    enter_user(p->tf);
}

void
user_init(void (*first)(void))
{
    if (kthread("init", init_thread, first) < 0)
        panic("no memory for the first process");
}
