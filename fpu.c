// fpu.c: floating-point and SSE state.
//
// CR0.TS is set whenever a process is switched in, so its first FPU
// instruction traps (#NM) and only then its state is loaded; most processes
// never pay. Whoever used the FPU in its slice saves it when switched out,
// so a state is never only in some CPU's registers (SDM 3A 13.4).

#include "lib.h"
#include "cpu.h"
#include "pagetable.h"
#include "proc.h"
#include "fpu.h"

#define FEAT_FXSR (1u << 24)
#define FEAT_SSE  (1u << 25)
#define MXCSR_DEFAULT 0x1f80        // all exceptions masked (SDM 1 10.2.3)

static inline void
clts(void)
{
    asm volatile("clts");
}

static inline void
stts(void)
{
    lcr0(rcr0() | CR0_TS);
}

void
fpu_init(void)
{
    lcr0((rcr0() & ~CR0_EM) | CR0_MP | CR0_NE | CR0_TS);
    if (cpu_features & FEAT_FXSR)
        lcr4(rcr4() | CR4_OSFXSR |
             (cpu_features & FEAT_SSE ? CR4_OSXMMEXCPT : 0));
}

static void
save(struct proc *p)
{
    if (cpu_features & FEAT_FXSR)
        asm volatile("fxsave %0" : "=m"(p->fpstate));
    else
        asm volatile("fnsave %0" : "=m"(p->fpstate));
}

static void
load(struct proc *p)
{
    if (cpu_features & FEAT_FXSR)
        asm volatile("fxrstor %0" :: "m"(p->fpstate));
    else
        asm volatile("frstor %0" :: "m"(p->fpstate));
}

// The state a new program finds. Loading zeroes with a default control word
// is the cheapest way to clear XMM registers too, and FNINIT alone would leave
// the last program's numbers in the others for FNSAVE to find.
static void
fresh(struct proc *p)
{
    memset(p->fpstate, 0, sizeof p->fpstate);
    if (cpu_features & FEAT_FXSR) {
        *(ushort *)p->fpstate = 0x37f;              // FCW after FNINIT
        *(uint *)(p->fpstate + 24) = MXCSR_DEFAULT;
    } else {
        *(uint *)p->fpstate = 0x37f;
        *(uint *)(p->fpstate + 8) = 0xffff;         // tags: all empty
    }
    load(p);
}

void
fpu_trap(struct proc *p)
{
    clts();
    if (p->fpused)
        load(p);
    else
        fresh(p);
    p->fpused = 1;
    p->cpu->fpu = p;
}

void
fpu_leave(struct proc *p)
{
    struct cpu *c = p->cpu;

    if (c->fpu != p)
        return;
    save(p);
    stts();
    c->fpu = 0;
}

void
fpu_fork(struct proc *child, struct proc *parent)
{
    if (!parent->fpused)
        return;
    pushcli();
    if (mycpu()->fpu == parent) {
        save(parent);
        if ((cpu_features & FEAT_FXSR) == 0)
            load(parent);           // FNSAVE cleared it
    }
    popcli();
    memcpy(child->fpstate, parent->fpstate, sizeof child->fpstate);
    child->fpused = 1;
}
