// exception.c: what the CPU refuses to do. Interface: trap.h.
//
// What a user program does wrong kills that program, with one line that says
// why; the same in kernel mode is a kernel bug and panics. A page fault may be
// nobody's mistake: pagefault() serves it.

#include "errno.h"
#include "lib.h"
#include "print.h"
#include "vectors.h"
#include "kalloc.h"
#include "memwait.h"
#include "cpu.h"
#include "pagetable.h"
#include "region.h"
#include "proc.h"
#include "ptable.h"
#include "vm.h"
#include "pageout.h"
#include "trap.h"

#define TRAPPUSHES 16               // bytes: flags, cs, eip, error code

static const struct exception {
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

static const struct exception *
exception_of(uint trapno)
{
    static const struct exception unexpected = {
        "unexpected trap", KILLED_FAULT
    };

    if (trapno < NELEM(exceptions) && exceptions[trapno].what)
        return &exceptions[trapno];
    return &unexpected;
}

// xv6's line, with the reason in words. The process dies in user_return().
void
kill_program(struct trapframe *tf, uint addr, const char *why)
{
    struct proc *p = myproc();

    cprintf("pid %d %s: trap %d err %d on cpu %d eip 0x%x addr 0x%x--kill"
            " proc (%s)\n", p->pid, p->name, tf->trapno, tf->err,
            p->cpu->id, tf->eip, addr, why);
    kill_self(exception_of(tf->trapno)->status);
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

// The overflow has overwritten the stack's bottom, which names its process:
// find that by the stack's address.
static void __attribute__((noreturn))
stack_overflow(uint stack, uint eip)
{
    struct proc *p = proc_of_stack(stack);

    panic("kernel stack overflow of pid %d %s, eip 0x%x", p ? p->pid : -1,
          p ? p->name : "?", eip);
}

static void __attribute__((noreturn))
kernel_fault(struct trapframe *tf, uint addr)
{
    uint stack;

    panic_frame = tf;
    if (tf->trapno == T_PGFLT && (stack = kstack_guard(addr)) != 0)
        stack_overflow(stack, tf->eip);
    panic("trap %d (%s) err %x in the kernel, eip 0x%x addr 0x%x", tf->trapno,
          exception_of(tf->trapno)->what, tf->err, tf->eip, addr);
}

// The state at the fault is in the TSS that the task gate left. What did not
// fit may have been the frame of a trap.
void
double_fault(void)
{
    struct cpu *c = mycpu();
    uint stack = kstack_guard(c->ts.esp - TRAPPUSHES);
    struct trapframe tf = {
        c->ts.edi, c->ts.esi, c->ts.ebp, c->ts.esp - TRAPGAP, c->ts.ebx,
        c->ts.edx, c->ts.ecx, c->ts.eax, .eip = c->ts.eip, .eflags = c->ts.eflags
    };

    panic_frame = &tf;
    if (stack)
        stack_overflow(stack, c->ts.eip);
    panic("double fault, eip 0x%x esp 0x%x", c->ts.eip, c->ts.esp);
}

// pagefault() has refused va: say why, and end the program.
static void
fault_refused(struct trapframe *tf, uint va, int err)
{
    struct aspace *as = myproc()->as;
    const char *why;

    as_lock(as);
    why = reason(as, va, tf->err, err);
    as_unlock(as);
    kill_program(tf, va, why);
}

// A program's page fault. When there is no memory somebody has to die: this
// process, or another and then the instruction faults once more.
static void
user_page_fault(struct trapframe *tf)
{
    struct proc *p = myproc();
    uint va = rcr2();               // before another fault changes it
    int err;

    sti();
    p->faulting = FAULTING;
    err = pagefault(p->as, va, tf->err);
    if (err == -ENOMEM && (p->killed || oom(va)))
        err = 0;
    if (p->faulting == FAULT_WAITED)
        mem_fault_ends();
    p->faulting = NOT_FAULTING;
    if (err < 0)
        fault_refused(tf, va, err);
}

void
exception(struct trapframe *tf)
{
    if ((tf->cs & 3) == 0)
        kernel_fault(tf, rcr2());
    if (tf->trapno == T_PGFLT) {
        user_page_fault(tf);
    } else {
        sti();
        kill_program(tf, 0, exception_of(tf->trapno)->what);
    }
}
