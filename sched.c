// sched.c: who runs, who sleeps, who wakes whom.
//
// Each CPU has a run queue, of processes that are ready, and an idle process
// that runs when there is nothing else. A process that waits for something
// sleeps on a channel: any address that stands for what it waits for.
//
//     RUNNING --sleep()--> SLEEPING --wakeup()--> RUNNABLE --> RUNNING
//        \--yield(), end of slice--------------/
//
// One lock, sched.lock, guards all this: states, queues, channels, the clock's
// list. It is held across a switch: the process that gives up a CPU takes it,
// and the one that runs there next releases it. So whoever holds the lock
// knows that a process that is not RUNNING has left its stack.
//
// No wakeup is lost. sleep() puts its caller on the channel before it releases
// the lock that guards the condition; a waker changes the condition under that
// same lock, so afterwards it finds the sleeper. A kill sets p->killed before
// it takes sched.lock to end a sleep, and sleep_intr() looks at p->killed with
// sched.lock held.
//
// A process that is woken by the CPU it last ran on goes to the front of the
// queue: it is mostly the other end of a pipe, and the two can answer each
// other within a slice. It starves nobody, because at each tick the process
// that runs goes to the end.

#include "errno.h"
#include "lib.h"
#include "info.h"
#include "print.h"
#include "lapic.h"
#include "vectors.h"
#include "cpu.h"
#include "proc.h"
#include "sched.h"
#include "tlb.h"
#include "fpu.h"
#include "event.h"

void swtch(uint *save, uint load);

volatile uint ticks;
volatile uint nswitches;

#define LONGEST (1u << 30)          // ticks: so an end can be compared with now
#define NCHAN 256                   // channels are hashed by their address

static struct {
    struct spinlock lock;           // guards all of this
    struct runq {
        struct proc *last;          // a ring by next: the first is behind it
        uint n;                     // 0: what last says means nothing
    } ready[NCPU];
    struct proc *asleep[NCHAN];     // longest sleeper first
} sched = { .lock = SPINLOCK("scheduler", RANK_SCHED) };

// ---- who runs next ----

// The next process for this CPU: of its own queue, else of the longest other
// one, else the idle process. A process that is alone in another queue mostly
// runs there in a moment, and is left; only a CPU that was idle takes it.
static struct proc *
next_proc(struct cpu *c, int was_idle)
{
    struct runq *q = &sched.ready[c->id], *other;
    struct proc *p;

    if (q->n == 0)
        for (other = sched.ready; other < sched.ready + ncpu; other++)
            if (other->n > q->n && (other->n > 1 || was_idle))
                q = other;
    if (q->n == 0)
        return c->idle;
    p = q->last->next;
    q->last->next = p->next;
    q->n--;
    return p;
}

static int
is_idle(struct cpu *c)
{
    return c->started && c->idle->state == RUNNING;
}

// p's queue has grown. An idle CPU halts: interrupt it, and it looks.
static void
call_cpu(struct proc *p)
{
    struct cpu *c = p->cpu;

    if (!is_idle(c)) {
        if (sched.ready[c->id].n == 1)
            return;                 // it will come to that one itself
        for (c = cpus; c < cpus + ncpu && !is_idle(c); c++)
            ;
    }
    if (c < cpus + ncpu && c != mycpu())
        lapic_ipi(c->apicid, T_RESCHED);
}

// p may run from now on: it goes to its CPU's queue, as the first or the last.
static void
make_ready(struct proc *p, int first)
{
    struct runq *q = &sched.ready[p->cpu->id];

    p->state = RUNNABLE;
    if (q->n++ == 0)
        q->last = p;
    else
        p->next = q->last->next;
    q->last->next = p;
    if (!first)
        q->last = p;
    call_cpu(p);
}

void
ready(struct proc *p)
{
    acquire(&sched.lock);
    p->cpu = mycpu();               // its parent will mostly wait for it
    make_ready(p, 0);
    release(&sched.lock);
}

// ---- switching ----

static void
switch_to(struct proc *p, struct proc *next)
{
    struct cpu *c = p->cpu;
    uint intena = c->intena;        // the process's, not the CPU's: it stays
                                    // on this stack

    if (c->held != 1u << RANK_SCHED)
        panic("switch with locks %x held", c->held);
    assert(((struct kstack *)p->kstack)->magic == KSTACKMAGIC, "no overflow");
    next->state = RUNNING;
    next->cpu = c;
    ((struct kstack *)next->kstack)->cpu = c;
    c->resched = 0;
    nswitches++;
    EVENT(event("run %d", next->pid));
    c->ts.esp0 = next->kstack + KSTACKSIZE;     // for traps from user mode
    fpu_switch(p, next);
    chaos();
    swtch(&p->ctx, next->ctx);
    chaos();
    p->cpu->intena = intena;        // it may be another CPU now
}

// p, which runs here, lets the next one run. Its state and its place in a list
// say already what becomes of it. Held: sched.lock.
static void
give_way(struct proc *p)
{
    struct cpu *c = p->cpu;
    struct proc *next = next_proc(c, p == c->idle);

    if (next == p)
        p->state = RUNNING;
    else
        switch_to(p, next);
}

// What a process does first when it runs again: release the lock that the one
// before it took, then load its address space. That takes longer than all the
// rest of a switch, so no other CPU should wait for the lock meanwhile.
static void
resume(void)
{
    struct proc *p = myproc();

    release(&sched.lock);
    assert(readeflags() & FL_IF, "nobody sleeps with interrupts off");
    cli();
    if (p->as && p->as != p->cpu->as)
        load_space(p->as);          // switchuvm(), set by main.c
    sti();
}

void
sched_started(void)
{
    mycpu()->intena = FL_IF;        // on after the release
    resume();
}

void
yield(void)
{
    struct proc *p = myproc();

    acquire(&sched.lock);
    p->cpu->resched = 0;
    make_ready(p, 0);
    give_way(p);
    resume();
}

int
sched_point(void)
{
    if (myproc()->killed)
        return -EINTR;
    if (mycpu()->resched)
        yield();
    return 0;
}

void
exit_switch(struct spinlock *held)
{
    struct proc *p = myproc();

    acquire(&sched.lock);
    p->state = ZOMBIE;
    release(held);
    give_way(p);
    panic("a zombie ran");
}

void
wait_off_cpu(struct proc *p)
{
    acquire(&sched.lock);           // whoever runs next there has released it
    assert(p->state == ZOMBIE, "only a zombie is buried");
    release(&sched.lock);
}

// An idle process is in no queue; give_way() comes back here when nothing is
// ready. A CPU called from then on finds the interrupt waiting at the halt.
void
idle_loop(void)
{
    struct proc *idle = myproc();

    for (;;) {
        cli();
        acquire(&sched.lock);
        idle->state = RUNNABLE;
        give_way(idle);
        release(&sched.lock);
        sti_hlt();
    }
}

// ---- sleeping ----

static struct proc **
channel(void *chan)
{
    uint a = (uint)chan;

    return &sched.asleep[(a >> 4 ^ a >> 12) % NCHAN];
}

static void
hang(struct proc *p, void *chan)
{
    struct proc **link = channel(chan);

    while (*link)
        link = &(*link)->next;
    *link = p;
    p->next = 0;
    p->chan = chan;
}

// Sleep until a wakeup; if interruptible also until a kill; if there is a
// time limit also until then.
static int
sleep_on(void *chan, struct spinlock *lk, int interruptible, const uint *limit)
{
    struct proc *p = myproc();

    assert(p != p->cpu->idle && holding(lk), "who sleeps holds the lock");
    acquire(&sched.lock);
    if (interruptible && p->killed) {
        release(&sched.lock);
        return -EINTR;
    }
    p->interruptible = interruptible;
    p->timed = limit != 0;
    p->wakeat = limit ? *limit : 0;
    hang(p, chan);
    p->state = SLEEPING;
    release(lk);                    // a waker finds us from now on
    give_way(p);
    resume();
    acquire(lk);
    return interruptible && p->killed ? -EINTR : 0;
}

void
sleep(void *chan, struct spinlock *lk)
{
    sleep_on(chan, lk, 0, 0);
}

int
sleep_intr(void *chan, struct spinlock *lk)
{
    return sleep_on(chan, lk, 1, 0);
}

int
sleep_timed(void *chan, struct spinlock *lk, uint n)
{
    uint limit = ticks + MIN(n, LONGEST);
    int err;

    if (n > 0 && (err = sleep_on(chan, lk, 1, &limit)) < 0)
        return err;
    return (int)(ticks - limit) >= 0 ? -ETIMEDOUT : 0;
}

void
sleep_ticks(uint n)
{
    static struct spinlock lk = SPINLOCK("sleeping for ticks", RANK_TICKS);

    acquire(&lk);
    sleep_timed(&lk, &lk, n);       // a channel that nobody wakes
    release(&lk);
}

// Take the sleeper that *link points to off its channel.
static void
wake(struct proc **link)
{
    struct proc *p = *link;

    *link = p->next;
    p->chan = 0;
    make_ready(p, p->cpu == mycpu());
}

static void
wake_some(void *chan, int all)
{
    struct proc **link = channel(chan);

    if (*link == 0)                 // no lock needed: the caller's orders us
        return;                     // after any sleeper that must be seen
    acquire(&sched.lock);
    while (*link) {
        if ((*link)->chan != chan) {
            link = &(*link)->next;
            continue;
        }
        wake(link);
        if (!all)
            break;
    }
    release(&sched.lock);
}

void
wakeup(void *chan)
{
    wake_some(chan, 1);
}

void
wakeup_one(void *chan)
{
    wake_some(chan, 0);
}

void
wake_proc(struct proc *p)
{
    struct proc **link;

    acquire(&sched.lock);
    if (p->chan && p->interruptible) {
        link = channel(p->chan);
        while (*link != p)
            link = &(*link)->next;
        wake(link);
    }
    release(&sched.lock);
}

// ---- the clock ----

// Wake those whose time has come.
static void
wake_timed(void)
{
    struct proc **link, *p;
    uint i;

    for (i = 0; i < NCHAN; i++) {
        link = &sched.asleep[i];
        while ((p = *link) != 0) {
            if (p->timed && (int)(p->wakeat - ticks) <= 0)
                wake(link);
            else
                link = &p->next;
        }
    }
}

void
clock_tick(void)
{
    struct proc *p = myproc();
    struct cpu *c = p->cpu;

    acquire(&sched.lock);
    if (c->id == 0) {
        ticks++;
        wake_timed();
    }
    if (p != c->idle) {
        p->ticks++;
        if (sched.ready[c->id].n > 0)
            c->resched = p->ast = 1;
    }
    release(&sched.lock);
}
