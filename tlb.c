// tlb.c: translation caches on several CPUs.
//
// A CPU may keep using a translation that it has cached after the PTE has
// changed, so a frame may be given away, or a right relied upon, only after
// every CPU that can have cached it has flushed (SDM 3A 4.10.4, 4.10.5).
// Those CPUs are as->cpus: a CPU sets its bit before it loads the directory
// and clears it after it has loaded another, so a CPU whose bit is clear
// after the PTE was written cannot hold the old one.
//
//     initiator                            target
//     write PTE, fence
//     read as->cpus
//     want = ++target->flushwant; IPI ->   interrupt, or spinning for a lock:
//     wait until target->flushdone            done = flushwant; flush;
//          has reached want                   flushdone = done
//
// The initiator waits with interrupts on, so two initiators serve each other.

#include "print.h"
#include "lapic.h"
#include "vectors.h"
#include "cpu.h"
#include "tlb.h"
#include "proc.h"
#include "vm.h"

void (*load_space)(struct aspace *);

static volatile uint kernel_too;    // the next flush is for global pages too

static void
flush_global(void)
{
    uint cr4 = rcr4();

    lcr4(cr4 & ~CR4_PGE);           // SDM 3A 4.10.4.1: flushes everything
    lcr4(cr4);
    lcr3(rcr3());                   // this, where the CPU has no PGE
}

void
tlb_serve(struct cpu *c)
{
    uint want = c->flushwant;

    if (c->flushdone == want)
        return;
    if (kernel_too)
        flush_global();
    if (c->as != myproc()->as)
        load_space(0);              // idle: let go, and be asked no more
    else
        lcr3(rcr3());
    c->flushdone = want;
}

// Ask the CPUs of mask and wait. Interrupts on.
static void
ask(uint mask)
{
    uint want[NCPU], i;

    assert(readeflags() & FL_IF, "who waits for CPUs can be interrupted");
    for (i = 0; i < ncpu; i++) {
        if ((mask & 1u << i) == 0)
            continue;
        atomic_inc(&cpus[i].flushwant);
        want[i] = cpus[i].flushwant;
        lapic_ipi(cpus[i].apicid, T_TLB);
    }
    for (i = 0; i < ncpu; i++)
        while ((mask & 1u << i) && (int)(cpus[i].flushdone - want[i]) < 0)
            relax();
}

static void
flush_here(uint start, uint end)
{
    uint va;

    if (end - start > TLBFEW * PGSIZE) {
        cli();                      // a shoot-down served between the two may
        lcr3(rcr3());               // load the kernel's directory; we would
        sti();                      // load the old one again
    } else
        for (va = start; va < end; va += PGSIZE)
            invlpg(va);
}

void
tlb_shoot(struct aspace *as, uint start, uint end)
{
    uint others;

    chaos();
    if (mycpu()->as == as)
        flush_here(start, end);
    fence();                        // the PTE is written before cpus is read
    chaos();
    if ((others = as->cpus & ~(1u << mycpu()->id)) != 0)
        ask(others);
}

void
tlb_drop(struct aspace *as)
{
    cli();
    if (mycpu()->as == as)
        load_space(0);
    sti();
    if (as->cpus)
        ask(as->cpus);              // nobody runs on it: all let go
    assert(as->cpus == 0, "no CPU uses it any more");
}

// Kernel translations are global, so a flush must reach all CPUs. kernel_too
// stays set while any such request is under way; flushing too much is safe.
void
tlb_shoot_kernel(void)
{
    uint others = 0, i;

    atomic_inc(&kernel_too);
    chaos();
    cli();
    flush_global();
    for (i = 0; i < ncpu; i++)
        if (cpus[i].started && i != mycpu()->id)
            others |= 1u << i;
    sti();
    ask(others);
    asm volatile("lock decl %0" : "+m"(kernel_too) :: "memory");
}
