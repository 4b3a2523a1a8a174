// proc.c: processes: their birth, their family, their end.
//
// A process lives in a struct proc from a pool, found by pid through a hash
// and by family through parent, child and sibling links. NPROC bounds the
// number; nothing is a table.
//
// Processes that are no relatives share no lock here. By pid, a slot of the
// hash has one lock for finding its processes and for what others may see of
// them, and one for the families of those processes: a parent's list of
// children, and whether they have ended. Of either kind one is held at a
// time, and never both.
//
//   fork()      builds the child completely while nobody can see it, then
//               enters it into the tree and makes it ready: every failure
//               undoes private things only.
//   exit()      gives back files, directory and memory while still able to
//               sleep; then hands its children to init, tells the parent
//               and leaves the CPU for ever. The family's lock and the CPU
//               are given up in one step (exit_switch), so a parent that
//               sees a zombie only needs wait_off_cpu() before it frees the
//               stack.
//   waitpid()   takes a zombie out of the tree, then frees it unlocked.
//
// Orphans are init's children, but nobody asks for their status, and init may
// be long in coming. So whoever ends frees its children that have ended, and
// an orphan frees those orphans that ended before it. init finds the last.

#include "errno.h"
#include "lib.h"
#include "print.h"
#include "kalloc.h"
#include "pool.h"
#include "cpu.h"
#include "pagetable.h"
#include "sched.h"
#include "fs.h"
#include "file.h"
#include "proc.h"
#include "vm.h"
#include "pageout.h"
#include "fpu.h"
#include "exec.h"
#include "memwait.h"

#define NSLOT  64
#define NGROUP 1024
#define MAXPAUSE (5 * HZ)           // before init is started again
#define PIDMAX 32767                // getpid() of old programs is an int, and
                                    // ps likes five digits

static struct pool procs = POOL("proc", sizeof(struct proc));

static struct slot {
    struct spinlock family;         // of the processes here: child; and their
                                    // children's sibnext, sibprev, parent,
                                    // ppid, exited, status
    struct spinlock lock;           // head; and of the processes here:
                                    // hashnext, as, name, pgrp, killed
    struct proc *head;              // by pid, ascending
} __attribute__((aligned(64))) slots[NSLOT];

static struct {
    struct proc *init;
    volatile uint lastpid;
    volatile uint n;
    volatile uint group[NGROUP];    // processes by group, modulo NGROUP
} tree;

struct proc bootproc;

extern char bootstack[];
void enter_user(struct trapframe *) __attribute__((noreturn));  // trapasm.S
void kthread_entry(void);           // swtch.S, calls:
void kthread_start(void (*fn)(void *), void *arg);

// ---- the tree ----

static inline struct slot *
slot_of(int pid)
{
    return &slots[(uint)pid % NSLOT];
}

static struct proc *
lookup(struct slot *s, int pid)
{
    struct proc *p = s->head;

    while (p && p->pid != pid)
        p = p->hashnext;
    return p;
}

static uint
next_pid(void)
{
    uint last, pid;

    do {
        last = tree.lastpid;
        pid = last % PIDMAX + 1;
    } while (cmpxchg(&tree.lastpid, last, pid) != last);
    return pid;
}

// Enter p under this number, unless a process has it, or it may be a group's:
// a newcomer is not to find itself the leader of strangers. By number among
// those of the slot, so that proc_infos() can go on where it was.
static int
enter(struct proc *p, int pid)
{
    struct slot *s = slot_of(pid);
    struct proc **link = &s->head;
    int ok;

    if (tree.group[pid % NGROUP] > 0)
        return 0;
    acquire(&s->lock);
    while (*link && (*link)->pid < pid)
        link = &(*link)->hashnext;
    if ((ok = *link == 0 || (*link)->pid != pid)) {
        p->pid = pid;
        p->hashnext = *link;
        *link = p;
    }
    release(&s->lock);
    return ok;
}

// Held: the lock of its slot, unless nobody can find p.
static void
set_group(struct proc *p, int pgrp)
{
    atomic_inc(&tree.group[pgrp % NGROUP]);
    if (p->pid)
        atomic_dec_zero(&tree.group[p->pgrp % NGROUP]);
    p->pgrp = pgrp;
}

static void
set_parent(struct proc *p, struct proc *parent)
{
    p->parent = parent;
    p->ppid = parent->pid;
}

// Held: the parent's family lock.
static void
adopt(struct proc *parent, struct proc *p)
{
    p->sibprev = 0;
    p->sibnext = parent->child;
    if (p->sibnext)
        p->sibnext->sibprev = p;
    parent->child = p;
}

static void
disown(struct proc *parent, struct proc *p)
{
    if (p->sibnext)
        p->sibnext->sibprev = p->sibprev;
    if (p->sibprev)
        p->sibprev->sibnext = p->sibnext;
    else
        parent->child = p->sibnext;
}

// From now on p can be found. -EAGAIN when there are NPROC already.
static int
tree_add(struct proc *p, struct proc *parent)
{
    struct spinlock *family;
    uint n;

    do {
        if ((n = tree.n) >= NPROC)
            return -EAGAIN;
    } while (cmpxchg(&tree.n, n, n + 1) != n);
    if (parent)
        set_parent(p, parent);
    set_group(p, parent ? parent->pgrp : 0);
    while (!enter(p, next_pid()))
        ;
    if (parent) {
        family = &slot_of(parent->pid)->family;
        acquire(family);
        adopt(parent, p);
        release(family);
    }
    return 0;
}

static void
tree_remove(struct proc *p)
{
    struct slot *s = slot_of(p->pid);
    struct proc **link = &s->head;

    acquire(&s->lock);
    while (*link != p)
        link = &(*link)->hashnext;
    *link = p->hashnext;
    atomic_dec_zero(&tree.group[p->pgrp % NGROUP]);
    release(&s->lock);
    atomic_dec_zero(&tree.n);
}

struct proc *
proc_lock(int pid)
{
    struct slot *s = slot_of(pid);
    struct proc *p;

    acquire(&s->lock);
    if ((p = lookup(s, pid)) == 0)
        release(&s->lock);
    return p;
}

void
proc_unlock(struct proc *p)
{
    release(&slot_of(p->pid)->lock);
}

void
proc_each(void (*fn)(struct proc *, void *), void *arg)
{
    struct slot *s;
    struct proc *p;

    for (s = slots; s < slots + NSLOT; s++) {
        acquire(&s->lock);
        for (p = s->head; p; p = p->hashnext)
            fn(p, arg);
        release(&s->lock);
    }
}

struct proc *
proc_of_stack(uint stack)
{
    struct slot *s;
    struct proc *p;
    uint i;

    for (i = 0; i < ncpu; i++)
        if (cpus[i].idle && cpus[i].idle->kstack == stack)
            return cpus[i].idle;
    for (s = slots; s < slots + NSLOT; s++)
        for (p = s->head; p; p = p->hashnext)
            if (p->kstack == stack)
                return p;
    return 0;
}

uint
procs_inuse(void)
{
    return tree.n;
}

// ---- birth ----

void
proc_init(void)
{
    struct slot *s;

    sched_init();
    for (s = slots; s < slots + NSLOT; s++) {
        initlock(&s->family, "family", RANK_PROC);
        initlock(&s->lock, "processes", RANK_PROC);
    }
    bootproc.cpu = &cpus[0];
    bootproc.kstack = (uint)bootstack;
    kstack_mark(bootproc.kstack, &bootproc, bootproc.cpu);
    strlcpy(bootproc.name, "idle0", sizeof bootproc.name);
    bootproc.state = RUNNING;
    cpus[0].idle = &bootproc;
    cpus[0].started = 1;
}

static struct proc *
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
    if ((err = tree_add(p, 0)) < 0) {
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
        kstack_mark(p->kstack, p, c);
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
    child->npipes = parent->npipes;
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
    p->nofile = p->lowfd = p->npipes = 0;
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

static int
build_child(struct proc *child, struct proc *parent)
{
    int err;

    if ((child->as = as_new()) == 0)
        return -ERESTART;
    if ((err = copyuvm(child->as, parent->as)) < 0)
        return err;
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
    int err, pid;

    if (tree.n >= NPROC)
        return -EAGAIN;
    if (frames_of(FRAME_KERNEL) + frames_of(FRAME_TABLE) - kstack_spare() >
        frames_total() / 2)
        return -ENOMEM;             // none of that can ever be swapped
    if (!overcommit_ok_fork())
        return -ENOMEM;
    if ((child = proc_new(p->name)) == 0)
        return -ERESTART;
    if ((err = build_child(child, p)) < 0 || (err = tree_add(child, p)) < 0) {
        drop_files(child);
        if (child->as)
            as_put(child->as);
        proc_free(child);
        return err;
    }
    pid = child->pid;               // the child may be gone once it is ready
    fence();                        // who kills our group sees the child, or
    if (p->killed)                  // we see that: nobody escapes
        kill(pid);
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
    p->ast = 1;
}

// The lock that guards p's place in its family. While we take it the parent
// may end, and p become init's.
static struct spinlock *
lock_parent(struct proc *p)
{
    struct spinlock *family;
    int ppid;

    for (;;) {
        ppid = p->ppid;
        family = &slot_of(ppid)->family;
        acquire(family);
        if (p->ppid == ppid)
            return family;
        release(family);
    }
}

// Nobody finds c among its parent's children any more, and it has ended.
static void
bury(struct proc *c)
{
    tree_remove(c);
    wait_off_cpu(c);
    proc_free(c);
}

// Children go to init, but for zombies. In between they are on no list: one
// that ends then is seen to have done so when it would be put on init's.
static void
orphan_children(struct proc *p)
{
    struct spinlock *mine = &slot_of(p->pid)->family;
    struct spinlock *inits = &slot_of(tree.init->pid)->family;
    struct proc *list, *c, *dead = 0;

    if (p->child == 0)              // nobody else gives us any
        return;
    acquire(mine);
    list = p->child;
    p->child = 0;
    for (c = list; c; c = c->sibnext)
        set_parent(c, tree.init);
    release(mine);

    acquire(inits);
    while ((c = list) != 0) {
        list = c->sibnext;
        c->orphan = 1;
        if (c->exited) {
            c->sibnext = dead;
            dead = c;
        } else {
            adopt(tree.init, c);
        }
    }
    release(inits);
    while ((c = dead) != 0) {
        dead = c->sibnext;
        bury(c);
    }
}

static void
bury_orphans(void)
{
    struct spinlock *inits = &slot_of(tree.init->pid)->family;
    struct proc *c;

    do {
        acquire(inits);
        for (c = tree.init->child; c; c = c->sibnext)
            if (c->orphan && c->exited)
                break;
        if (c)
            disown(tree.init, c);
        release(inits);
        if (c)
            bury(c);
    } while (c);
}

// Files and memory, which others may wait for.
static void
drop_all(struct proc *p)
{
    struct aspace *as = p->as;

    drop_files(p);
    proc_lock(p->pid);
    p->as = 0;                      // those who look hold this lock
    proc_unlock(p);
    as_put(as);
    if (p->victim)
        mem_chosen_gone();
    p->victim = 0;
}

static void init_again(struct proc *, int status) __attribute__((noreturn));

void
exit(int status)
{
    struct proc *p = myproc();
    struct spinlock *family;

    if (p == tree.init)
        init_again(p, status);
    drop_all(p);
    orphan_children(p);
    if (p->orphan)                  // if it becomes one now, init finds it
        bury_orphans();
    family = lock_parent(p);
    p->status = status;
    p->exited = 1;
    wakeup(p->parent);
    exit_switch(family);
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
    struct spinlock *family = &slot_of(p->pid)->family;
    int err = 0;

    acquire(family);
    while ((c = find_child(p, pid)) != 0 && !c->exited && err == 0) {
        if (options & WNOHANG) {
            release(family);
            return 0;
        }
        err = sleep_intr(p, family);
    }
    err = c == 0 ? -ECHILD : !c->exited ? -EINTR : 0;
    if (err == 0)
        disown(p, c);               // even if a kill came at the same time
    release(family);
    if (err < 0)
        return err;
    pid = c->pid;
    *status = c->status;
    bury(c);
    return pid;
}

// ---- kill and groups ----

// 1 if that was news.
static int
kill_locked(struct proc *p)
{
    if (p->killed || p->as == 0 || p == tree.init)
        return 0;
    p->killstatus = KILLED_KILL;
    p->killed = 1;
    p->ast = 1;
    wake_proc(p);
    return 1;
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
    proc_unlock(p);
    return err;
}

// Until a whole round finds nobody more: a fork under way may have entered
// its child behind us before its parent was killed.
void
proc_kill_group(int pgrp)
{
    struct slot *s;
    struct proc *p;
    int more;

    do {
        more = 0;
        for (s = slots; s < slots + NSLOT; s++) {
            acquire(&s->lock);
            for (p = s->head; p; p = p->hashnext)
                if (p->pgrp == pgrp)
                    more += kill_locked(p);
            release(&s->lock);
        }
    } while (more);
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
        proc_unlock(p);
        return -EPERM;
    }
    set_group(p, pgrp ? pgrp : p->pid);
    proc_unlock(p);
    return 0;
}

// ---- looking ----

static void
fill_info(struct procinfo *i, struct proc *p)
{
    memset(i, 0, sizeof *i);
    i->size = sizeof *i;
    i->pid = p->pid;
    i->ppid = p->ppid;
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
proc_infos(struct procinfo *to, int after, int n)
{
    struct slot *s = slot_of(after);
    struct proc *p;
    int i = 0;

    for (; s < slots + NSLOT && i < n; s++, after = 0) {
        acquire(&s->lock);
        for (p = s->head; p && i < n; p = p->hashnext)
            if (p->pid > after)
                fill_info(&to[i++], p);
        release(&s->lock);
    }
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

static const char *
why_not(int err)
{
    return err == -ENOENT ? "is missing" : err == -ENOEXEC ? "is no program"
        : err == -ENOMEM ? "finds no memory" : "cannot be run";
}

// Where /init cannot be run a shell may be, with which it can be mended; the
// shell opens the console itself when it is process 1.
static void
be_init(void)
{
    static char *init[] = { "init", 0 }, *shell[] = { "sh", 0 };
    int err, err2;

    for (;;) {
        if ((err = exec_kernel("/init", init)) == 0)
            return;
        cprintf("init: /init %s (error %d); here is /sh\n", why_not(err), -err);
        if ((err2 = exec_kernel("/sh", shell)) == 0)
            return;
        cprintf("init: /sh %s (error %d)\n", why_not(err2), -err2);
        if (err != -ENOMEM && err2 != -ENOMEM)
            panic("neither /init nor /sh can be run");
        sleep_ticks(HZ);
    }
}

// init must not end; if it does, its process starts /init over, after a pause
// that grows as long as it ends soon.
static void
init_again(struct proc *p, int status)
{
    static uint began, pause;

    pause = ticks - began < MAXPAUSE ? MIN(2 * pause + HZ / 10, MAXPAUSE) : 0;
    cprintf("init ended with status 0x%x; starting it again in %d.%d s\n",
            status, pause / HZ, pause % HZ * 10 / HZ);
    drop_all(p);
    p->cwd = fs_root();
    p->killed = 0;
    if (pause > 0)
        sleep_ticks(pause);
    began = ticks;
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
    set_group(p, p->pid);
    tree.init = p;
    be_init();
    enter_user(p->tf);
}

void
user_init(void (*first)(void))
{
    if (kthread("init", init_thread, first) < 0)
        panic("no memory for the first process");
}
