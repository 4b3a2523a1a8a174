// trap.c: the table of gates, interrupts, and the way in and out.
//
// All gates but the double fault's, a task gate, are interrupt gates: handlers
// start with interrupts off and turn them on when the interrupted code had them
// on and they are ready. Exceptions are in exception.c, system calls in
// syscall.c.
//
// Processes are preempted here, on their way back to user mode, and nowhere
// else; a kill takes effect here too, and so does a stop.

#include "lib.h"
#include "print.h"
#include "uart.h"
#include "vectors.h"
#include "lapic.h"
#include "irq.h"
#include "cpu.h"
#include "pagetable.h"
#include "tlb.h"
#include "sched.h"
#include "ptable.h"
#include "disk.h"
#include "kbd.h"
#include "proc.h"
#include "trap.h"

#define IDTSIZE 256
#define VECTORSTEP 16               // bytes of a stub in trapasm.S
#define GATE_INT  0x8e00            // present, 32-bit interrupt gate
#define GATE_TASK 0x8500            // present, task gate

static struct descriptor idt[IDTSIZE];

extern char vectors[];              // trapasm.S
void dfentry(void);

// ---- tables ----

static void
set_gate(uint n, uint handler, uint sel, uint type)
{
    idt[n].lo = sel << 16 | (handler & 0xffff);
    idt[n].hi = (handler & 0xffff0000) | type;
}

// Programs may use the gates of the system calls, and those of int3 and into:
// were these the kernel's, both instructions would raise a protection fault
// instead of their own exceptions (SDM 3A 6.12.1.1).
void
trap_init(void)
{
    static const uchar users[] = { T_SYSCALL64, T_SYSCALL65, T_BRKPT, T_OFLOW };
    uint i;

    for (i = 0; i < IDTSIZE; i++)
        set_gate(i, (uint)vectors + i * VECTORSTEP, SEL(SEG_KCODE, 0),
                 GATE_INT);
    for (i = 0; i < NELEM(users); i++)
        idt[users[i]].hi |= DPL_USER << 13;
    set_gate(T_DBLFLT, 0, SEL(SEG_DFTSS, 0), GATE_TASK);
    panic_tell = user_tell;
}

void
trap_cpu_init(struct cpu *c)
{
    struct tabledesc r = { sizeof idt - 1, (uint)idt };
    uint stack = kstack_alloc();

    if (stack == 0)
        panic("no memory for cpu %d's double-fault stack", c->id);
    cpu_segments(c, stack, dfentry);
    asm volatile("lidt %0" :: "m"(r));
}

// ---- interrupts ----

static volatile uint nmis;          // bits: CPUs that had one, to be told of

// It comes whatever the CPU does, in the middle of acquire(), too. So it takes
// no lock and leaves the message to the clock.
static void
nmi(void)
{
    if (panicking && panicking != lapic_id() + 1)
        cpu_stop();
    atomic_or(&nmis, 1u << mycpu()->id);
}

static void
tell_nmis(void)
{
    uint who = xchg(&nmis, 0);

    for (; who; who &= who - 1)
        cprintf("NMI on cpu %d\n", __builtin_ctz(who));
}

static void
tick(void)
{
    struct proc *p = myproc();

    // An overflow that reaches the guard is a double fault (kstack.c). This
    // finds one that has only overwritten the stack's last words.
    if (((struct kstack *)p->kstack)->magic != KSTACKMAGIC)
        panic("kernel stack overflow of pid %d %s", p->pid, p->name);
    clock_tick();
    if (mycpu()->id == 0) {
        disk_tick();
        tell_nmis();
    }
}

static void
isa_interrupt(uint irq)
{
    switch (irq) {
    case IRQ_TIMER:
        tick();
        break;
    case IRQ_KBD:
        kbd_intr();
        break;
    case IRQ_COM1:
        uart_intr();
        break;
    default:
        disk_intr(irq);
        break;
    }
    irq_eoi(irq);                   // also for those nobody asked for
}

static void
interrupt(uint n)
{
    switch (n) {
    case T_TIMER:
        tick();
        lapic_eoi();
        break;
    case T_TLB:
        tlb_serve(mycpu());
        lapic_eoi();
        break;
    case T_RESCHED:                 // the idle loop looks after any interrupt
        lapic_eoi();
        break;
    case T_SPURIOUS:                // no EOI: SDM 3A 10.9
        break;
    default:
        if (n < T_IRQ0 + NIRQ)
            isa_interrupt(n - T_IRQ0);
        else
            lapic_eoi();            // stray: a user's `int n` comes as a
    }                               // protection fault instead
}

// ---- the way in and out ----

// Before the return to user mode: sleep while stopped, die if killed, let
// others run if it is time. Whoever wants any of these sets p->ast (proc.h).
void
user_return(void)
{
    struct proc *p = myproc();

    p->memfailed = 0;               // the call, or the fault, is over
    while (p->ast) {
        p->ast = 0;
        fence();                    // who sets killed, stopped sets ast after
        sti();
        if (p->stopped)
            stop_point();
        if (p->killed)
            exit(p->status);
        if (p->cpu->resched)
            yield();
        cli();
    }
}

// Only ring 0 can enter virtual-8086 mode (SDM 2A, IRET), but the iret of
// some emulators lets anybody. The CPU has pushed four words more than the
// kernel's frames have, so there is no way back; none is needed. (No system
// call comes from there: IOPL is 0.)
static void __attribute__((noreturn))
vm86(struct trapframe *tf)
{
    uint n = tf->trapno;

    if (n >= T_IRQ0)
        interrupt(n);
    sti();
    kill_program(tf, 0, "virtual-8086 mode");
    exit(KILLED_FAULT);
}

// Everything comes here, from alltraps in trapasm.S.
void
trap(struct trapframe *tf)
{
    uint n = tf->trapno;

    if (n == T_SYSCALL65 || n == T_SYSCALL64)
        syscall(tf);
    else if (tf->eflags & FL_VM)
        vm86(tf);
    else if (n == T_NMI)
        nmi();
    else if (n < T_IRQ0)
        exception(tf);
    else
        interrupt(n);
    if (tf->cs & DPL_USER) {
        cli();
        if (myproc()->ast)
            user_return();
    }
}
