// sched.c: who runs, who waits, who wakes whom.
//
// Each CPU has a queue of processes that are ready, and an idle process that
// runs when the queue is empty. p->cpu says whose queue p belongs to. A
// process goes to sleep, and is switched to and from, under that queue's
// lock, which is held across swtch() and released by whoever comes out of it:
// once you hold the lock of a process that is not RUNNING, no CPU stands on
// its stack. RUNNABLE it is made by the one who takes it off its channel.
//
//     RUNNING --sleep()--> SLEEPING --wakeup()--> RUNNABLE --> RUNNING
//        \--yield(), end of slice--------------/
//
// Whom a CPU wakes that ran on this same CPU does not even go to the queue: it
// waits in c->woken, which nobody else touches, and runs next (ready_on()).
//
// Sleepers hang on hashed channels, so a wakeup looks only at its own bucket.
// The order that makes wakeups certain: sleep() takes the bucket's lock, puts
// itself there, and only then releases the caller's lock; it keeps the bucket
// until it holds its run queue. A waker that changed the condition under the
// caller's lock therefore finds the sleeper, and ready_on() waits until it
// has left its CPU. A kill takes the same path: p->killed is set before the
// bucket is looked at, and sleep_intr() looks at p->killed with it locked.
//
// Where mostly one process waits at a time, as at the end of a pipe, a struct
// waiter names it, guarded by the caller's lock, and no channel is needed.
// Its state is then WAITING, which only one of those who would wake it can
// turn into RUNNABLE.
//
// An idle CPU announces itself in idlemask, looks at all queues once more,
// and halts; work that appears later finds the bit and sends an interrupt.

#include "errno.h"
#include "print.h"
#include "lapic.h"
#include "vectors.h"
#include "cpu.h"
#include "kalloc.h"
#include "proc.h"
#include "sched.h"
#include "info.h"
#include "tlb.h"
#include "fpu.h"

void swtch(uint *save, uint load);

volatile uint ticks;
volatile uint nswitches;

static struct runq {
    struct spinlock lock;
    struct proc *head, *tail;
    volatile uint n;
} __attribute__((aligned(64))) runqs[NCPU];     // a cache line each

static inline struct runq *
runq_of(const struct proc *p)       // of the CPU it ran on last
{
    struct runq *q = &runqs[p->cpu->id];

    asm("" : "+r"(q));              // or gcc works it out again at each use
    return q;
}

static volatile uint idlemask;

#define NCHAN 256
static struct channel {
    struct spinlock lock;
    struct proc *head, *tail;       // longest sleeper first
} chans[NCHAN];

#define NWHEEL 128
static struct {
    struct spinlock lock;
    struct proc *slot[NWHEEL];      // timed sleepers by wakeat
} timers = { .lock = SPINLOCK("timers", RANK_TIMER) };

void
sched_init(void)
{
    int i;

    for (i = 0; i < NCPU; i++)
        initlock(&runqs[i].lock, "run queue", RANK_RUNQ);
    for (i = 0; i < NCHAN; i++)
        initlock(&chans[i].lock, "channel", RANK_CHAN);
}

// ---- run queues ----

static void
enqueue(struct runq *q, struct proc *p)
{
    p->rqnext = 0;
    if (q->head)
        q->tail->rqnext = p;
    else
        q->head = p;
    q->tail = p;
    q->n++;
}

static struct proc *
dequeue(struct runq *q)
{
    struct proc *p = q->head;

    if (p) {
        q->head = p->rqnext;
        q->n--;
    }
    return p;
}

static void
kick(uint cpu)
{
    lapic_ipi(cpus[cpu].apicid, T_RESCHED);
}

// There is work in q, whose CPU is busy: let an idle one come for it.
static void
kick_idle(void)
{
    uint idle = idlemask;

    if (idle)
        kick(__builtin_ctz(idle));
}

// When p's CPU is this one, p has left it long ago, and runs here next, ahead
// of the queue and within what is left of our slice: to hand something over
// and to wait for the answer then takes no queue and no lock. At the next
// tick clock_tick() moves it to the queue, where other CPUs can see it, and
// so a pair at ping-pong does not keep the rest from running.
static inline int
runs_next(struct proc *p, struct cpu *c)
{
    if (p->cpu != c || c->woken || c->resched)
        return 0;
    c->woken = p;
    return 1;
}

// To the queue of the CPU that p ran on last. Waits until p has left it, if
// it is just going to sleep.
static void __attribute__((noinline))
ready_queue(struct proc *p)
{
    struct runq *q = runq_of(p);
    uint n, cpu = p->cpu->id;

    acquire(&q->lock);
    enqueue(q, p);
    n = q->n;
    release(&q->lock);
    fence();                        // pairs with idle_loop: either we see its
    if (idlemask & 1u << cpu) {     // bit or it sees our process
        if (&cpus[cpu] != mycpu())
            kick(cpu);
    } else if (n + (cpus[cpu].woken != 0) > 1)
        kick_idle();
}

// p, which is RUNNABLE from now on, is to run. Any lock below the run queues'
// may be held; interrupts are off.
static inline void
ready_on(struct proc *p)
{
    if (!runs_next(p, mycpu()))
        ready_queue(p);
}

void
ready(struct proc *p)
{
    // Its parent will mostly wait for it, and then it runs here. If not, an
    // idle CPU is called when a second one is ready, or at the next tick:
    // calling it at once took longer than to fork, run and wait together.
    p->cpu = mycpu();
    p->state = RUNNABLE;
    ready_queue(p);
}

// Take a process from the longest other queue.
static struct proc *
steal(struct cpu *c)
{
    struct runq *q, *best = 0;
    struct proc *p;
    uint i;

    for (i = 0; i < ncpu; i++) {
        q = &runqs[i];
        if (i != c->id && q->n > 0 && (best == 0 || q->n > best->n))
            best = q;
    }
    if (best == 0)
        return 0;
    acquire(&best->lock);
    if ((p = dequeue(best)) != 0)
        p->cpu = c;                 // not on any queue: nobody else looks
    release(&best->lock);
    return p;
}

// ---- switching ----

// The kernel leaves %fs and %gs alone, so they are the user's all the time.
static void
swap_segments(struct proc *p, struct proc *next)
{
    p->fs = rfs();
    p->gs = rgs();
    if (next->fs != p->fs)
        lfs(next->fs);              // a load costs many cycles, and nearly
    if (next->gs != p->gs)          // all programs have 0 in both
        lgs(next->gs);
}

// Switch to next. The run queue is locked; p's state says what p does now.
static inline void
switch_to(struct proc *p, struct proc *next, struct cpu *c)
{
    uint intena = c->intena;

    if (c->held != 1u << RANK_RUNQ || c->ncli != 0)
        panic("switch with locks %x held", c->held);
    assert(((struct kstack *)p->kstack)->magic == KSTACKMAGIC);
    next->state = RUNNING;
    next->cpu = c;
    ((struct kstack *)next->kstack)->cpu = c;
    c->resched = 0;
    nswitches++;
    if (next->as && next->as != c->as)
        load_space(next->as);
    c->ts.esp0 = next->kstack + KSTACKSIZE;
    fpu_leave(p);
    swap_segments(p, next);
    chaos();
    swtch(&p->ctx, next->ctx);
    chaos();
    p->cpu->intena = intena;        // it may be another CPU now
}

// Who is to run next on this CPU, whose queue is locked.
static inline struct proc *
next_proc(struct cpu *c, struct runq *q)
{
    struct proc *next = c->woken;

    if (next)
        c->woken = 0;
    else
        next = dequeue(q);
    return next;
}

// p, which runs here and holds the lock of its queue q, gives way to the next.
static inline void
give_way(struct proc *p, struct cpu *c, struct runq *q)
{
    struct proc *next = next_proc(c, q);

    if (next == 0)
        next = c->idle;
    if (next == p)
        p->state = RUNNING;         // woken before it had gone
    else
        switch_to(p, next, c);
    release(&runq_of(p)->lock);
}

void
sched_started(void)
{
    release(&runqs[mycpu()->id].lock);
}

// c->woken loses its turn. Its queue is locked.
static void
queue_woken(struct cpu *c, struct runq *q)
{
    if (c->woken)
        enqueue(q, c->woken);
    c->woken = 0;
}

void
yield(void)
{
    struct proc *p = myproc();
    struct runq *q = runq_of(p);

    p->cpu->resched = 0;
    acquire(&q->lock);
    queue_woken(p->cpu, q);
    if (q->n == 0) {
        release(&q->lock);
        return;
    }
    p->state = RUNNABLE;
    enqueue(q, p);
    give_way(p, p->cpu, q);
}

int
sched_point(void)
{
    struct proc *p = myproc();

    if (!p->ast)
        return 0;
    if (p->killed)
        return -EINTR;
    yield();
    return 0;
}

void
exit_switch(struct spinlock *held)
{
    struct proc *p = myproc();
    struct runq *q = runq_of(p);

    acquire(&q->lock);
    p->state = ZOMBIE;
    release(held);
    give_way(p, p->cpu, q);
    panic("a zombie ran");
}

void
wait_off_cpu(struct proc *p)
{
    struct runq *q = runq_of(p);

    acquire(&q->lock);
    assert(p->state == ZOMBIE);
    release(&q->lock);
}

// An idle process: never on a queue, runs when nothing else can.
void
idle_loop(void)
{
    struct cpu *c = mycpu();
    struct proc *me = c->idle, *p;
    struct runq *q = &runqs[c->id];

    for (;;) {
        cli();
        atomic_or(&idlemask, 1u << c->id);
        p = 0;
        if (q->n == 0 && c->woken == 0 && (p = steal(c)) == 0) {
            sti_hlt();
            atomic_and(&idlemask, ~(1u << c->id));
            continue;
        }
        atomic_and(&idlemask, ~(1u << c->id));
        acquire(&q->lock);
        c->intena = FL_IF;          // on again after the release
        me->state = RUNNABLE;
        if (p == 0)
            p = next_proc(c, q);
        if (p && c->dozing) {
            c->dozing = 0;
            lapic_timer_on(1);
        }
        if (p)
            switch_to(me, p, c);
        me->state = RUNNING;
        release(&q->lock);
    }
}

// ---- sleeping ----

static inline struct channel *
channel(void *chan)
{
    uint a = (uint)chan;
    struct channel *ch = &chans[(a >> 4 ^ a >> 12) % NCHAN];

    asm("" : "+r"(ch));             // or gcc works it out again at each use
    return ch;
}

static void
hang(struct channel *ch, struct proc *p, void *chan)
{
    p->chan = chan;
    p->chnext = 0;
    p->chprev = ch->tail;
    if (ch->tail)
        ch->tail->chnext = p;
    else
        ch->head = p;
    ch->tail = p;
}

static void
unhang(struct channel *ch, struct proc *p)
{
    if (p->chnext)
        p->chnext->chprev = p->chprev;
    else
        ch->tail = p->chprev;
    if (p->chprev)
        p->chprev->chnext = p->chnext;
    else
        ch->head = p->chnext;
    p->chan = 0;
}

// Is there a reason not to go to sleep?
static int
called_off(struct proc *p, int interruptible, const uint *until)
{
    return (interruptible && p->killed) ||
        (until && (int)(ticks - *until) >= 0);
}

static inline int
sleep_on(void *chan, struct spinlock *lk, int interruptible, const uint *until)
{
    struct proc *p = myproc();
    struct cpu *c = p->cpu;
    struct channel *ch = channel(chan);
    struct runq *q = runq_of(p);

    assert(p != c->idle && holding(lk));
    acquire(&ch->lock);
    hang(ch, p, chan);
    p->interruptible = interruptible;
    fence();                        // pairs with wake_proc: either it finds us
                                    // here, or we see why it came
    if (called_off(p, interruptible, until)) {
        unhang(ch, p);
        release(&ch->lock);
        return interruptible && p->killed ? -EINTR : 0;
    }
    release(lk);
    acquire(&q->lock);
    p->state = SLEEPING;
    release(&ch->lock);
    give_way(p, c, q);
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
wait_at(struct waiter *w, struct spinlock *lk)
{
    struct proc *p = myproc();
    struct cpu *c = p->cpu;
    struct runq *q = runq_of(p);

    if (w->first) {
        w->more = 1;
        return sleep_intr(w, lk);
    }
    w->first = p;
    acquire(&q->lock);
    p->state = WAITING;
    fence();                        // pairs with wake_proc, as above
    if (p->killed && cmpxchg(&p->state, WAITING, RUNNING) == WAITING) {
        release(&q->lock);
    } else {
        release(lk);
        give_way(p, c, q);
        acquire(lk);
    }
    if (w->first == p)
        w->first = 0;
    return p->killed ? -EINTR : 0;
}

void
wake_all_at(struct waiter *w)
{
    struct proc *p = w->first;

    w->first = 0;
    if (p && cmpxchg(&p->state, WAITING, RUNNABLE) == WAITING)
        ready_on(p);
    if (w->more) {
        w->more = 0;
        wakeup(w);
    }
}

static int
wake_some(void *chan, int all)
{
    struct channel *ch = channel(chan);
    struct proc *p, *next;
    int n = 0;

    if (ch->head == 0)
        return 0;                   // the caller's lock orders us after any
    acquire(&ch->lock);             // sleeper that must be seen
    for (p = ch->head; p; p = next) {
        next = p->chnext;
        if (p->chan != chan)
            continue;
        unhang(ch, p);
        assert(p->state == SLEEPING);
        p->state = RUNNABLE;
        ready_on(p);
        n++;
        if (!all)
            break;
    }
    release(&ch->lock);
    return n;
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

int
wake_proc(struct proc *p)
{
    struct channel *ch;
    void *chan;
    int woken = 0;

    fence();
    if (cmpxchg(&p->state, WAITING, RUNNABLE) == WAITING) {
        ready_on(p);
        return 1;
    }
    while ((chan = p->chan) != 0 && !woken) {
        ch = channel(chan);
        acquire(&ch->lock);
        if (p->chan == chan) {
            if (!p->interruptible) {
                release(&ch->lock);
                return 0;
            }
            unhang(ch, p);
            p->state = RUNNABLE;
            ready_on(p);
            woken = 1;
        }
        release(&ch->lock);
    }
    return woken;
}

// ---- the clock ----

static void
timer_add(struct proc *p, uint wakeat)
{
    struct proc **slot = &timers.slot[wakeat % NWHEEL];

    p->wakeat = wakeat;
    p->tprev = 0;
    p->tnext = *slot;
    if (*slot)
        (*slot)->tprev = p;
    *slot = p;
}

static void
timer_remove(struct proc *p)
{
    if (p->tnext)
        p->tnext->tprev = p->tprev;
    if (p->tprev)
        p->tprev->tnext = p->tnext;
    else
        timers.slot[p->wakeat % NWHEEL] = p->tnext;
}

int
sleep_timed(void *chan, struct spinlock *lk, uint n)
{
    struct proc *p = myproc();
    uint until = ticks + n;
    int err;

    acquire(&timers.lock);
    timer_add(p, until);
    release(&timers.lock);
    err = sleep_on(chan, lk, 1, &until);
    acquire(&timers.lock);
    timer_remove(p);
    release(&timers.lock);
    if (err == 0 && (int)(ticks - until) >= 0)
        return -ETIMEDOUT;
    return err;
}

void
sleep_ticks(uint n)
{
    static struct spinlock lk = SPINLOCK("sleeping for ticks", RANK_TICKS);

    acquire(&lk);
    sleep_timed(&lk, &lk, n);      // a channel that nobody wakes
    release(&lk);
}

static void
timers_run(void)
{
    struct proc *p;

    acquire(&timers.lock);
    ticks++;
    for (p = timers.slot[ticks % NWHEEL]; p; p = p->tnext)
        if (p->wakeat == ticks)
            wake_proc(p);           // stays here until it runs
    release(&timers.lock);
}

// An idle CPU needs no clock, but for CPU 0, which keeps the time. Off on the
// first tick in idleness, so that a short wait costs nothing.
static void
doze(struct cpu *c)
{
    c->dozing = 1;
    lapic_timer_on(0);
}

void
clock_tick(void)
{
    struct proc *p = myproc();
    struct cpu *c = p->cpu;
    struct runq *q = &runqs[c->id];

    if (c->id == 0)
        timers_run();
    else if (p == c->idle && q->n == 0 && c->woken == 0)
        doze(c);
    if (p != c->idle)
        p->ticks++;
    if (c->woken) {
        acquire(&q->lock);
        queue_woken(c, q);
        release(&q->lock);
    }
    if (q->n > 0) {
        c->resched = 1;
        p->ast = 1;
        if (p != c->idle)
            kick_idle();            // work waits here and a CPU is idle
    }
}
