// smp.c: starting the other CPUs, one after the other.
//
// Each gets an idle process whose kernel stack it starts on, so myproc() and
// mycpu() are right on it from the first instruction in C. apentry.S runs at
// physical APENTRY with a directory that also maps low memory where it runs.

#include "lib.h"
#include "print.h"
#include "pit.h"
#include "irq.h"
#include "lapic.h"
#include "cpu.h"
#include "kalloc.h"
#include "pagetable.h"
#include "sched.h"
#include "proc.h"
#include "ptable.h"
#include "fpu.h"
#include "trap.h"
#include "smp.h"

#define APENTRY 0x7000              // as in apentry.S
#define PATIENCE 1000               // milliseconds a CPU may take to start

extern char apentry[], apend[];
extern uint apdir, apstack, apmain;

// The copy of a variable of apentry.S.
static uint *
low(uint *var)
{
    return P2V(APENTRY + ((char *)var - apentry));
}

// A started CPU's first C code, on its idle process's stack.
static void
ap_main(void)
{
    struct cpu *c = myproc()->cpu;

    kvm_cpu();
    trap_cpu_init(c);
    lapic_init();
    c->apicid = lapic_id();         // a late one may have come in its place
    fpu_init();
    clock_start();
    c->started = 1;
    sti();
    idle_loop();
}

// Offer a stack and wait until it is taken, and the CPU runs. One that is too
// slow finds it gone. One that has taken it has only ap_main() before it.
static int
start(struct cpu *c)
{
    struct proc *idle = proc_idle(c);
    uint *stack = low(&apstack);
    int ms;

    if (idle == 0)
        return 0;
    xchg(stack, idle->kstack + KSTACKSIZE);
    lapic_start_ap(c->apicid, APENTRY);
    for (ms = 0; ms < PATIENCE && !c->started; ms++)
        pit_delay_us(1000);
    if (xchg(stack, 0) == 0)
        while (!c->started)
            pit_delay_us(1000);
    return c->started;
}

void
smp_start(void)
{
    pde_t *dir;
    uint i;

    if (ncpu == 1)
        return;
    if ((dir = setupkvm()) == 0 ||
        mappages(dir, (void *)APENTRY, PGSIZE, APENTRY, PTE_W) < 0)
        panic("no memory to start other CPUs");
    memcpy(P2V(APENTRY), apentry, apend - apentry);
    *low(&apdir) = V2P(dir);
    *low(&apmain) = (uint)ap_main;
    for (i = 1; i < ncpu; i++)
        if (!start(&cpus[i]))
            cprintf("cpu %d does not start\n", i);
    kfree(P2V(PTE_ADDR(dir[PDX(APENTRY)])));
    kfree(dir);
}
