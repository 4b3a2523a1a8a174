// cpu.c: the CPUs: what each one has for itself (struct cpu), and its
// segments.
//
// Teak hardly uses segments: all four start at 0 and have no limit. But the
// CPU wants them, and its task-state segment (TSS) says which stack a trap
// from user mode starts on.

#include "cpu.h"

struct cpu cpus[NCPU];
uint ncpu = 1;

void
kstack_mark(uint stack, struct proc *p, struct cpu *c)
{
    struct kstack *ks = (struct kstack *)stack;

    ks->proc = p;
    ks->cpu = c;
    ks->magic = KSTACKMAGIC;
}

// A descriptor (SDM 3A 3.4.5); access is its second word's bits 8..15.
static struct descriptor
segment(uint base, uint limit, uint access, uint flags)
{
    return (struct descriptor){
        (base & 0xffff) << 16 | (limit & 0xffff),
        (base & 0xff000000) | flags << 20 | (limit & 0xf0000) |
            access << 8 | (base >> 16 & 0xff)
    };
}

// The double fault runs as a task, so that it has a stack even when the
// kernel stack is what failed. That stack counts as the idle process's.
static void
set_dftask(struct cpu *c, uint stack, void (*entry)(void))
{
    struct taskstate *t = &c->dfts;

    kstack_mark(stack, c->idle, c);
    t->cr3 = rcr3();
    t->eip = (uint)entry;
    t->eflags = 2;                  // bit 1 is always set
    t->esp = stack + KSTACKSIZE;
    t->cs = SEL(SEG_KCODE, 0);
    t->ds = t->es = t->ss = SEL(SEG_KDATA, 0);
    t->iomap = sizeof *t;
}

static void
load_segments(struct cpu *c)
{
    struct tabledesc r = { sizeof c->gdt - 1, (uint)c->gdt };

    asm volatile("lgdt %0" :: "m"(r));
    asm volatile("ljmp %0, $1f; 1:" :: "i"(SEL(SEG_KCODE, 0)));
    asm volatile("movl %0, %%ss; movl %1, %%ds; movl %1, %%es; "
                 "movl %2, %%fs; movl %2, %%gs"
                 :: "r"(SEL(SEG_KDATA, 0)), "r"(SEL(SEG_UDATA, DPL_USER)),
                    "r"(0));
    asm volatile("ltr %w0" :: "r"(SEL(SEG_TSS, 0)));
    // No local table: after reset the CPU takes what lies at address 0, a
    // program's page, for one (SDM 3A table 9-1).
    asm volatile("lldt %w0" :: "r"(0));
}

void
cpu_segments(struct cpu *c, uint dfstack, void (*dfentry)(void))
{
    // access: 9a code, 92 data, fa and f2 the same for users, 89 TSS;
    // flags c: 4 KB units, 32 bits.
    c->gdt[SEG_KCODE] = segment(0, 0xfffff, 0x9a, 0xc);
    c->gdt[SEG_KDATA] = segment(0, 0xfffff, 0x92, 0xc);
    c->gdt[SEG_UCODE] = segment(0, 0xfffff, 0xfa, 0xc);
    c->gdt[SEG_UDATA] = segment(0, 0xfffff, 0xf2, 0xc);
    c->gdt[SEG_TSS] = segment((uint)&c->ts, sizeof c->ts - 1, 0x89, 0);
    c->gdt[SEG_DFTSS] = segment((uint)&c->dfts, sizeof c->dfts - 1, 0x89, 0);
    c->ts.ss0 = SEL(SEG_KDATA, 0);  // esp0 is set at each switch
    c->ts.iomap = sizeof c->ts;     // no I/O permission bitmap
    set_dftask(c, dfstack, dfentry);
    load_segments(c);
}
