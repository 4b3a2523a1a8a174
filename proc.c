// proc.c: user processes: their birth, their end, their parents.
//
//   fork()      builds the child while no other process can find it (only the
//               reclaimer and the checker see its address space), then enters
//               it into the table (ptable.c) and makes it ready: every failure
//               drops what was built.
//   exit()      gives back files, directory and memory while it can still
//               sleep; then hands its children to init, tells the parent
//               and leaves the CPU for ever, a zombie.
//   waitpid()   is two steps: await_child() finds a zombie, and reap_child(),
//               when its status has been delivered, takes it out of the table
//               and frees its stack, once that is off its CPU. Of a stopped
//               child it tells once, if asked to.
//
// ptable.lock guards the families: parent, status, orphan, and who becomes a
// ZOMBIE. A process has no list of its children; they are found in the table.
//
// Orphans are init's children, but nobody asks for their status, and init may
// be long in coming. So fork() frees those that have ended before it asks for
// memory and a number of its own. init waits for those that remain.

#include "errno.h"
#include "lib.h"
#include "print.h"
#include "kalloc.h"
#include "cpu.h"
#include "pagetable.h"
#include "sched.h"
#include "fs.h"
#include "file.h"
#include "proc.h"
#include "ptable.h"
#include "vm.h"
#include "pageout.h"
#include "fpu.h"
#include "exec.h"
#include "memwait.h"
#include "event.h"

#define MAXPAUSE (5 * HZ)           // before init is started again

static struct proc *initproc;

// trapasm.S
void enter_user(struct trapframe *) __attribute__((noreturn));
void forkret(void);

// ---- zombies ----

// c has ended: out of the table with it. Held: ptable.lock, which is released.
static void
free_zombie(struct proc *c)
{
    ptable_remove(c);
    release(&ptable.lock);
    wait_off_cpu(c);
    proc_free(c);
}

static void
free_orphans(void)
{
    struct proc *c;

    acquire(&ptable.lock);
    c = ptable.first;
    while (c) {
        if (c->orphan && c->state == ZOMBIE) {
            free_zombie(c);         // anything may have happened: begin again
            acquire(&ptable.lock);
            c = ptable.first;
        } else {
            c = c->allnext;
        }
    }
    release(&ptable.lock);
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
        file_close(p->ofile[fd]);
        p->ofile[fd] = 0;
    }
    p->nofile = p->lowfd = p->npipes = 0;
    iput(p->cwd);
    p->cwd = 0;
}

// The child's stack: the parent's trap frame, with 0 in %eax for a result. It
// comes out of swtch() at forkret, which leaves through that frame.
static void
set_child_stack(struct proc *child, struct proc *parent)
{
    struct trapframe *tf = user_frame(child);

    *tf = *user_frame(parent);
    tf->eax = 0;
    proc_set_start(child, tf, forkret);
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
    fpu_fork(child);
    child->oldabi = parent->oldabi;
    return 0;
}

int
fork(void)
{
    struct proc *p = myproc(), *child;
    int err, pid;

    free_orphans();
    if (ptable.n >= NPROC)          // ptable_add() looks again, locked
        return -EAGAIN;
    if (frames_of(FRAME_KERNEL) + frames_of(FRAME_TABLE) - kstack_spare() >
        frames_total() / 2)
        return -ENOMEM;             // none of that can ever be swapped
    if (!overcommit_ok_fork())
        return -ENOMEM;
    if ((child = proc_new(p->name)) == 0)
        return -ERESTART;
    if ((err = build_child(child, p)) < 0 ||
        (err = ptable_add(child, p)) < 0) {
        drop_files(child);
        if (child->as)
            as_put(child->as);
        proc_free(child);
        return err;
    }
    pid = child->pid;               // the child may be gone once it is ready
    ready(child);
    return pid;
}

// ---- exit ----

// Files and memory, which others may wait for.
static void
drop_all(struct proc *p)
{
    struct aspace *as = p->as;

    drop_files(p);
    acquire(&ptable.lock);
    p->as = 0;                      // those who look hold this lock
    EVENT(event_proc(p, "exit"));
    release(&ptable.lock);
    as_put(as);
    if (p->victim)
        mem_chosen_gone();
    p->victim = 0;
}

// p's children become init's. Nobody is left who would continue a stopped one:
// it is killed. Held: ptable.lock.
static void
orphan_children(struct proc *p)
{
    struct proc *c;

    for (c = ptable.first; c; c = c->allnext) {
        if (c->parent != p)
            continue;
        c->parent = initproc;
        c->orphan = 1;
        EVENT(event_proc(c, c->as ? "is" : "zombie"));
        if (c->stopped)
            kill_locked(c);
        if (c->state == ZOMBIE)
            wakeup(initproc);
    }
}

static void init_again(struct proc *, int status) __attribute__((noreturn));

void
exit(int status)
{
    struct proc *p = myproc();

    if (p == initproc)
        init_again(p, status);
    drop_all(p);
    acquire(&ptable.lock);
    orphan_children(p);
    p->status = status;
    wakeup(p->parent);
    exit_switch(&ptable.lock);      // releases it
}

// ---- wait ----

static int
matches(struct proc *c, int pid, int pgrp)
{
    if (pid > 0)
        return c->pid == pid;
    if (pid == -1)
        return 1;
    return c->pgrp == (pid == 0 ? pgrp : (int)-(uint)pid);
}

// Is there something to tell of a child?
static int
news(struct proc *c, int options)
{
    return c->state == ZOMBIE ||
        (c->stopped == STOP_NEW && options & WUNTRACED);
}

// A child that matches: one with news if possible, else any, else 0.
static struct proc *
find_child(struct proc *p, int pid, int options)
{
    struct proc *c, *any = 0;

    for (c = ptable.first; c; c = c->allnext) {
        if (c->parent != p || !matches(c, pid, p->pgrp))
            continue;
        if (news(c, options))
            return c;
        any = c;
    }
    return any;
}

int
await_child(int pid, int *status, int options)
{
    struct proc *p = myproc(), *c;
    int result = 0;

    acquire(&ptable.lock);
    while ((c = find_child(p, pid, options)) != 0 && !news(c, options) &&
           !(options & WNOHANG) && result == 0)
        result = sleep_intr(p, &ptable.lock);
    if (c == 0) {
        result = -ECHILD;
    } else if (c->state == ZOMBIE) {
        *status = c->status;        // even if a kill came at the same time
        result = c->pid;
    } else if (news(c, options)) {
        *status = STATUS_STOPPED;
        c->stopped = STOP_TOLD;
        result = c->pid;
    }
    release(&ptable.lock);
    return result;
}

void
reap_child(int pid)
{
    struct proc *c;

    acquire(&ptable.lock);
    c = find_child(myproc(), pid, 0);
    if (c && c->state == ZOMBIE)
        free_zombie(c);
    else                            // init's orphans are freed by others, too
        release(&ptable.lock);
}

// ---- init ----

static const char *
why_not(int err)
{
    return err == -ENOENT ? "is missing" : err == -ENOEXEC ? "is no program"
        : err == -ENOMEM ? "finds no memory" : "cannot be run";
}

// exec() with nobody above to begin again.
static int
exec_alone(const char *path)
{
    int err;

    do {
        err = mem_again(exec((uint)path, 0, 0));
    } while (err > 0);
    return err;
}

// Where /init cannot be run a shell may be, with which it can be mended; the
// shell opens the console itself when it is process 1.
static void __attribute__((noreturn))
be_init(struct proc *p)
{
    int err, err2;

    p->cwd = fs_root();
    while ((err = exec_alone("/init")) < 0) {
        cprintf("init: /init %s (error %d); here is /sh\n", why_not(err), -err);
        if ((err2 = exec_alone("/sh")) == 0)
            break;
        cprintf("init: /sh %s (error %d)\n", why_not(err2), -err2);
        if (err != -ENOMEM && err2 != -ENOMEM)
            panic("neither /init nor /sh can be run");
        sleep_ticks(HZ);
    }
    enter_user(user_frame(p));
}

// init must not end; if it does, its process starts /init over, after a pause
// that grows as long as it ends soon.
static void __attribute__((noreturn))
init_again(struct proc *p, int status)
{
    static uint began, pause;

    pause = ticks - began < MAXPAUSE ? MIN(2 * pause + HZ / 10, MAXPAUSE) : 0;
    cprintf("init ended with status 0x%x; starting it again in %d.%d s\n",
            status, pause / HZ, pause % HZ * 10 / HZ);
    drop_all(p);
    p->killed = 0;                  // no lock: init has no parent, so nobody
    if (pause > 0)                  // else kills it
        sleep_ticks(pause);
    began = ticks;
    be_init(p);
}

void
init_run(void)
{
    initproc = myproc();
    setpgrp(0, 0);
    be_init(initproc);
}
