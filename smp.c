// smp.c: starting the other CPUs, one after the other.
//
// Each gets an idle process whose kernel stack it starts on, so myproc() and
// mycpu() are right on it from the first instruction in C. apentry.S runs at
// physical APENTRY and takes that stack out of apstack.

#include "memlayout.h"
#include "lib.h"
#include "print.h"
#include "pit.h"
#include "irq.h"
#include "lapic.h"
#include "cpu.h"
#include "pagetable.h"
#include "sched.h"
#include "proc.h"
#include "ptable.h"
#include "fpu.h"
#include "trap.h"
#include "smp.h"

#define PATIENCE 1000               // milliseconds a CPU may take to start

extern char apentry[], apend[];
volatile uint apstack;              // end of the stack on offer; 0: none

// A started CPU's first C code, on its idle process's stack.
void
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
    int ms;

    if (idle == 0)
        return 0;
    xchg(&apstack, idle->kstack + KSTACKSIZE);
    lapic_start_ap(c->apicid, APENTRY);
    for (ms = 0; ms < PATIENCE && !c->started; ms++)
        pit_delay_us(1000);
    if (xchg(&apstack, 0) == 0)
        while (!c->started)
            pit_delay_us(1000);
    return c->started;
}

void
smp_start(void)
{
    uint i;

    memcpy(P2V(APENTRY), apentry, apend - apentry);
    for (i = 1; i < ncpu; i++)
        if (!start(&cpus[i]))
            cprintf("cpu %d does not start\n", i);
}
