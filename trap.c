// trap.c: exceptions, interrupts and the way to system calls.
//
// All gates are interrupt gates: handlers start with interrupts off and turn
// them on when the interrupted code had them on and they are ready. What a
// user program does wrong kills that program, with one line that says why;
// the same in kernel mode is a kernel bug and panics.
//
// Processes are preempted here, on their way back to user mode, and nowhere
// else; a kill takes effect here too.

#include <types.h>
#include <param.h>
#include <errno.h>
#include <mmu.h>
#include <memlayout.h>
#include <x86.h>
#include <mman.h>
#include <info.h>
#include <syscall.h>
#include <lib.h>
#include <print.h>
#include <spinlock.h>
#include <uart.h>
#include <vectors.h>
#include <lapic.h>
#include <irq.h>
#include <kalloc.h>
#include <cpu.h>
#include <sleeplock.h>
#include <pagetable.h>
#include <tlb.h>
#include <sched.h>
#include <disk.h>
#include <kbd.h>
#include <region.h>
#include <proc.h>
#include <vm.h>
#include <pageout.h>
#include <fpu.h>
#include <trap.h>

#define IDTSIZE 256
#define VECTORSTEP 16               // bytes of a stub in trapasm.S
#define GATE_INT  0x8e00            // present, 32-bit interrupt gate
#define GATE_TASK 0x8500            // present, task gate
#define TRAPPUSHES 16               // bytes: flags, cs, eip, error code

static struct gatedesc idt[IDTSIZE];

extern char vectors[], pgflt[], gate64[], gate65[];
void dfentry(void);

// ---- tables ----

static void
set_gate(uint n, uint handler, uint sel, uint type, uint dpl)
{
    idt[n].lo = sel << 16 | (handler & 0xffff);
    idt[n].hi = (handler & 0xffff0000) | type | dpl << 13;
}

void
trap_init(void)
{
    uint i;

    for (i = 0; i < IDTSIZE; i++)
        set_gate(i, (uint)vectors + i * VECTORSTEP, SEL(SEG_KCODE, 0),
                 GATE_INT, 0);
    set_gate(T_PGFLT, (uint)pgflt, SEL(SEG_KCODE, 0), GATE_INT, 0);
    set_gate(T_SYSCALL64, (uint)gate64, SEL(SEG_KCODE, 0), GATE_INT, DPL_USER);
    set_gate(T_SYSCALL65, (uint)gate65, SEL(SEG_KCODE, 0), GATE_INT, DPL_USER);
    // int3 and into are programs' own; a gate of the kernel's would make
    // protection faults of them (SDM 3A 6.12.1.1).
    idt[T_BRKPT].hi |= DPL_USER << 13;
    idt[T_OFLOW].hi |= DPL_USER << 13;
    set_gate(T_DBLFLT, 0, SEL(SEG_DFTSS, 0), GATE_TASK, 0);
}

void
trap_cpu_init(struct cpu *c)
{
    struct {
        ushort limit;
        uint base;
    } __attribute__((packed)) r = { sizeof idt - 1, (uint)idt };
    uint stack = kstack_alloc();

    if (stack == 0)
        panic("no memory for cpu %d's double-fault stack", c->id);
    cpu_segments(c, stack, dfentry);
    asm volatile("lidt %0" :: "m"(r));
}

// ---- what goes wrong ----

static const struct {
    const char *what;
    int status;
} exceptions[] = {
    [T_DIVIDE]  = { "division error", KILLED_ARITH },
    [T_DEBUG]   = { "debug exception", KILLED_TRAP },
    [T_BRKPT]   = { "breakpoint", KILLED_TRAP },
    [T_OFLOW]   = { "overflow", KILLED_FAULT },
    [T_BOUND]   = { "bound exceeded", KILLED_FAULT },
    [T_ILLOP]   = { "illegal instruction", KILLED_ILL },
    [T_TSS]     = { "invalid task", KILLED_FAULT },
    [T_SEGNP]   = { "segment not present", KILLED_FAULT },
    [T_STACK]   = { "stack-segment fault", KILLED_FAULT },
    [T_GPFLT]   = { "protection fault", KILLED_FAULT },
    [T_PGFLT]   = { "page fault", KILLED_FAULT },
    [T_FPERR]   = { "floating-point error", KILLED_ARITH },
    [T_ALIGN]   = { "misaligned access", KILLED_FAULT },
    [T_SIMDERR] = { "floating-point error", KILLED_ARITH },
};

// The report of charter S12, with the reason in words.
static void
die(struct trapframe *tf, uint addr, const char *why)
{
    struct proc *p = myproc();
    int status = tf->trapno < NELEM(exceptions) ?
        exceptions[tf->trapno].status : 0;

    cprintf("pid %d %s: trap %d err %d on cpu %d eip 0x%x addr 0x%x--kill"
            " proc (%s)\n", p->pid, p->name, tf->trapno, tf->err,
            p->cpu->id, tf->eip, addr, why);
    kill_self(status ? status : KILLED_FAULT);
}

// Why nothing is at va. Address space locked.
static const char *
reason_empty(struct aspace *as, uint va)
{
    struct region *above = region_overlap(as->regions, va,
                                          va + USTACKGAP + 1);

    if (above && above->kind == R_STACK)
        return "stack overflow";
    if (va < PGSIZE)
        return "null pointer";
    if (va >= as->sz &&
        region_overlap(as->regions, PGROUNDUP(as->sz), va) == 0)
        return "above the break";
    return "no memory there";
}

// Why a user address could not be made usable. Address space locked.
static const char *
reason(struct aspace *as, uint va, uint err, int result)
{
    struct region *r = region_find(as->regions, va);

    if (result == -ENOMEM)
        return "out of memory";
    if (result == -EIO)
        return as_pte(as, va) ? "swap cannot be read" : "file cannot be read";
    if (va >= KERNBASE)
        return "kernel address";
    if (r == 0)
        return reason_empty(as, va);
    if (r->prot == PROT_NONE)
        return "no access";
    if ((err & FEC_W) && !(r->prot & PROT_WRITE))
        return "write to read-only memory";
    return "past the end of the mapped file";
}

// What says whose the stack is lies at its bottom, so it is gone, too.
static void __attribute__((noreturn))
stack_overflow(uint stack, uint eip)
{
    struct proc *p = proc_of_stack(stack);

    panic("kernel stack overflow of pid %d %s, eip 0x%x", p ? p->pid : -1,
          p ? p->name : "?", eip);
}

static void
kernel_fault(struct trapframe *tf, uint addr)
{
    uint stack;

    panic_frame = tf->ebp;
    if (tf->trapno == T_PGFLT && (stack = kstack_guard(addr)) != 0)
        stack_overflow(stack, tf->eip);
    panic("trap %d (%s) err %x in the kernel, eip 0x%x addr 0x%x", tf->trapno,
          tf->trapno < NELEM(exceptions) && exceptions[tf->trapno].what ?
          exceptions[tf->trapno].what : "?", tf->err, tf->eip, addr);
}

// The state at the fault is in the TSS that the task gate left. What did not
// fit may have been the frame of a trap.
void
double_fault(void)
{
    struct cpu *c = mycpu();
    uint stack = kstack_guard(c->ts.esp - TRAPPUSHES);

    panic_frame = c->ts.ebp;
    if (stack)
        stack_overflow(stack, c->ts.eip);
    panic("double fault, eip 0x%x esp 0x%x", c->ts.eip, c->ts.esp);
}

void
hard_fault(struct trapframe *tf, uint va, int err)
{
    struct proc *p = myproc();
    const char *why;

    sti();
    if (err == -EAGAIN) {
        mem_fault(1);
        err = fault_more(p->as, va, tf->err);
        if (err == -ENOMEM && (p->killed || oom(va)))
            err = 0;                // it dies, or another: then once more
        mem_fault(0);
    }
    if (err < 0) {
        as_lock(p->as);
        why = reason(p->as, va, tf->err, err);
        as_unlock(p->as);
        die(tf, va, why);
    }
    cli();
}

static void
exception(struct trapframe *tf)
{
    uint n = tf->trapno;

    if ((tf->cs & 3) == 0)
        kernel_fault(tf, rcr2());
    if (n == T_DEVICE) {
        fpu_trap(myproc());
        return;
    }
    sti();
    die(tf, 0, n < NELEM(exceptions) && exceptions[n].what ?
        exceptions[n].what : "unexpected trap");
}

// ---- interrupts ----

static volatile uint nmis;          // bits: CPUs that had one, to be told of

// It comes whatever the CPU does, in the middle of acquire(), too. So it takes
// no lock and leaves the message to the clock.
static void
nmi(void)
{
    if (panicking && panicking != lapic_id() + 1)
        panic_stop();
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

    // Where no task gate catches an overflow, this may still.
    if (((struct kstack *)p->kstack)->magic != KSTACKMAGIC)
        panic("kernel stack overflow of pid %d %s", p->pid, p->name);
    clock_tick();
    frames_tick();
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
            lapic_eoi();            // stray, or a user's `int n` cannot come
    }                               // here: those gates are the kernel's
}

// ---- the way in and out ----

// On the way back to user mode: die if killed, let others run if it is time.
void
heed(struct proc *p)
{
    p->memfailed = 0;               // the call, or the fault, is over
    while (p->attention) {
        p->attention = 0;
        fence();                    // who sets killed sets attention after
        sti();
        if (p->killed)
            exit(p->killstatus);
        if (p->cpu->resched)
            yield();
        cli();
    }
}

// Only ring 0 can enter virtual-8086 mode (SDM 2A, IRET), but the iret of
// some emulators lets anybody. The CPU has pushed four words more than the
// kernel's frames have, so there is no way back; none is needed.
static void __attribute__((noreturn))
vm86(struct trapframe *tf)
{
    uint n = tf->trapno;

    if (n >= T_IRQ0 && n != T_SYSCALL64 && n != T_SYSCALL65)
        interrupt(n);
    sti();
    die(tf, 0, "virtual-8086 mode");
    exit(KILLED_FAULT);
}

void
trap(struct trapframe *tf)
{
    uint n = tf->trapno;
    struct proc *p = myproc();

    if (n == T_NMI) {
        nmi();
        return;
    }
    if (tf->eflags & FL_VM)
        vm86(tf);
    if (n < T_IRQ0)
        exception(tf);
    else
        interrupt(n);
    if ((tf->cs & 3) == DPL_USER) {
        cli();
        if (p->attention)
            heed(p);
    }
}
