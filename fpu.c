// fpu.c: floating-point and SSE state.
//
// The registers are always those of the process that runs: a switch saves them
// for the one and loads them for the other. The kernel uses none, so a system
// call or an interrupt leaves them alone. Waiting with that for the first
// floating-point instruction would spare most switches two instructions, and
// cost a trap, a note of whose the registers are, and a way to read another
// program's by speculation (CVE-2018-3665). Each of the two moves 512 bytes.

#include "cpu.h"
#include "pagetable.h"
#include "proc.h"
#include "fpu.h"

#define FEAT_FXSR (1u << 24)
#define FEAT_SSE  (1u << 25)
#define FCW_DEFAULT 0x37f           // as FNINIT leaves it (SDM 1 8.1.5)
#define FTW_EMPTY 0xffff            // FRSTOR's tags; FXRSTOR's are 0 for that
#define MXCSR_DEFAULT 0x1f80        // all exceptions masked (SDM 1 10.2.3)

// What a new program finds: zeros but for the control words.
static uchar initial[FPSTATESIZE] __attribute__((aligned(16)));

void
fpu_init(void)
{
    lcr0((rcr0() & ~(CR0_EM | CR0_TS)) | CR0_MP | CR0_NE);
    *(uint *)initial = FCW_DEFAULT;
    if (cpu_features & FEAT_FXSR) {
        lcr4(rcr4() | CR4_OSFXSR |
             (cpu_features & FEAT_SSE ? CR4_OSXMMEXCPT : 0));
        *(uint *)(initial + 24) = MXCSR_DEFAULT;
    } else
        *(uint *)(initial + 8) = FTW_EMPTY;
}

static void
save(uchar *state)
{
    if (cpu_features & FEAT_FXSR)
        asm volatile("fxsave (%0)" :: "r"(state) : "memory");
    else
        asm volatile("fnsave (%0)" :: "r"(state) : "memory");
}

static void
load(const uchar *state)
{
    if (cpu_features & FEAT_FXSR)
        asm volatile("fxrstor (%0)" :: "r"(state) : "memory");
    else
        asm volatile("frstor (%0)" :: "r"(state) : "memory");
}

void
fpu_switch(struct proc *p, struct proc *next)
{
    save(p->fpstate);
    load(next->fpstate);
}

void
fpu_fork(struct proc *child)
{
    save(child->fpstate);
    load(child->fpstate);           // FNSAVE has cleared the parent's
}

void
fpu_reset(void)
{
    asm volatile("fnclex");         // FRSTOR would raise what is pending
    load(initial);
}
