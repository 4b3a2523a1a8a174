// lapic.c: the local APIC (SDM 3A chapter 11; 10 in older editions).
//
// Every CPU has one, at the same physical address, and sees only its own. It
// takes interrupts from the I/O APIC and from other CPUs, in order of their
// vectors, and has a timer that counts bus clocks down. The first CPU measures
// that timer against the PIT, whose frequency is known; the timers of a
// machine all run at one frequency.
//
// The firmware of a few servers leaves it in x2APIC mode, where its registers
// are not in memory: such a machine runs as one without APICs.

#include "memlayout.h"
#include "lib.h"
#include "print.h"
#include "vectors.h"
#include "pit.h"
#include "lapic.h"
#include "cpu.h"

// Registers, as indices of 32-bit words (SDM 3A table 11-1).
#define ID      (0x020 / 4)
#define TPR     (0x080 / 4)
#define EOI     (0x0b0 / 4)
#define SVR     (0x0f0 / 4)
#define   SVR_ENABLE 0x100
#define ICRLO   (0x300 / 4)
#define   ICR_NMI    0x00000400
#define   ICR_INIT   0x00000500
#define   ICR_SIPI   0x00000600
#define   ICR_BUSY   0x00001000
#define   ICR_ASSERT 0x00004000
#define ICRHI   (0x310 / 4)
#define LVTTIMER (0x320 / 4)
#define   TIMER_PERIODIC 0x20000
#define LVTLINT0 (0x350 / 4)
#define LVTLINT1 (0x360 / 4)
#define LVTERR  (0x370 / 4)
#define   LVT_MASKED 0x10000
#define   LVT_NMI    0x00400
#define TICR    (0x380 / 4)         // timer: initial count
#define TCCR    (0x390 / 4)         // timer: current count
#define TDCR    (0x3e0 / 4)
#define   TDCR_BY1   0xb
#define IDSHIFT 24                  // of an APIC's id in ID and ICRHI

#define CPUID_MSR     0x020         // CPUID.1:EDX
#define CPUID_APIC    0x200
#define MSR_APICBASE  0x1b
#define BASE_X2APIC   0x400

#define MAXPOLL    100000
#define MEASUREUS  500
#define NMEASURE   4

static volatile uint *lapic;        // 0: there is none
static uint tickcount;              // timer clocks in a tick

int
lapic_probe(void)
{
    uint r[4], base, high;

    cpuid(1, r);
    if (!(r[3] & CPUID_MSR) || !(r[3] & CPUID_APIC))
        return 0;
    asm volatile("rdmsr" : "=a"(base), "=d"(high) : "c"(MSR_APICBASE));
    if ((base & BASE_X2APIC) || high != 0 || base < DEVSPACE)
        return 0;
    lapic = (volatile uint *)PGROUNDDOWN(base);
    return 1;
}

static void
wr(uint reg, uint v)
{
    lapic[reg] = v;
    (void)lapic[ID];                // a read waits until the write is done
}

uint
lapic_id(void)
{
    return lapic ? lapic[ID] >> IDSHIFT : 0;
}

void
lapic_eoi(void)
{
    lapic[EOI] = 0;
}

void
lapic_init(void)
{
    wr(TPR, 0);                     // take every vector
    wr(SVR, SVR_ENABLE | T_SPURIOUS);
    wr(LVTTIMER, LVT_MASKED);
    wr(LVTLINT0, LVT_MASKED);       // the PIC's
    wr(LVTLINT1, LVT_NMI);
    wr(LVTERR, LVT_MASKED);
    lapic_eoi();
}

// Timer clocks in MEASUREUS microseconds. The PIT is polled, and an emulator
// may pause: a measurement can be too long and never too short.
static uint
measure(void)
{
    uint best = ~0u, i;

    for (i = 0; i < NMEASURE; i++) {
        pit_arm(MEASUREUS);
        wr(TICR, ~0u);
        pit_wait();
        best = MIN(best, ~0u - lapic[TCCR]);
    }
    return best;
}

void
lapic_timer(void)
{
    wr(TDCR, TDCR_BY1);
    if (tickcount == 0)
        tickcount = measure() * (1000000 / HZ / MEASUREUS);
    wr(LVTTIMER, TIMER_PERIODIC | T_TIMER);
    wr(TICR, tickcount);
}

// Wait until the last command is on its way. Two registers make one: nothing
// may come between them.
void
lapic_ipi(uint apicid, uint cmd)
{
    uint eflags = readeflags(), i;

    cli();
    for (i = 0; i < MAXPOLL && (lapic[ICRLO] & ICR_BUSY); i++)
        relax();
    wr(ICRHI, apicid << IDSHIFT);
    wr(ICRLO, cmd | ICR_ASSERT);
    if (eflags & FL_IF)
        sti();
}

void
lapic_start_ap(uint apicid, uint entrypa)
{
    int i;

    assert(entrypa < EXTMEM && PGOFF(entrypa) == 0);
    lapic_ipi(apicid, ICR_INIT);
    pit_delay_us(10000);
    for (i = 0; i < 2; i++) {
        lapic_ipi(apicid, ICR_SIPI | entrypa >> PGSHIFT);
        pit_delay_us(200);
    }
}

void
lapic_stop_others(void)
{
    uint i, me = lapic_id();

    for (i = 0; i < ncpu; i++)
        if (cpus[i].started && cpus[i].apicid != me)
            lapic_ipi(cpus[i].apicid, ICR_NMI);
}
