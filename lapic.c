// lapic.c: the local APIC (SDM 3A chapter 11; 10 in older editions).
//
// One in every CPU, all at the same physical address, each CPU seeing its
// own. It takes interrupts from the I/O APICs and from other CPUs, in order
// of their vectors, and has a timer that counts bus clocks down. The timer
// is measured once against the PIT, whose frequency is known: all LAPICs of
// a machine run at one frequency.
//
// Where a switch in IA32_APIC_BASE turned it off it is turned on again, and
// if the firmware left it in x2APIC mode, in which the registers are not in
// memory, it is brought back by way of off (SDM 3A 11.12.5).

#include <types.h>
#include <param.h>
#include <mmu.h>
#include <memlayout.h>
#include <x86.h>
#include <lib.h>
#include <print.h>
#include <vectors.h>
#include <pit.h>
#include <rtc.h>
#include <lapic.h>
#include <spinlock.h>
#include <cpu.h>

// Registers, as indices of 32-bit words (SDM 3A table 11-1).
#define ID      (0x020 / 4)
#define TPR     (0x080 / 4)
#define EOI     (0x0b0 / 4)
#define SVR     (0x0f0 / 4)
#define   SVR_ENABLE 0x100
#define ESR     (0x280 / 4)
#define ICRLO   (0x300 / 4)
#define   ICR_NMI    0x00000400
#define   ICR_INIT   0x00000500
#define   ICR_SIPI   0x00000600
#define   ICR_BUSY   0x00001000
#define   ICR_ASSERT 0x00004000
#define   ICR_LEVEL  0x00008000
#define ICRHI   (0x310 / 4)
#define LVTTIMER (0x320 / 4)
#define   TIMER_PERIODIC 0x20000
#define LVTTHERM (0x330 / 4)
#define LVTPERF (0x340 / 4)
#define LVTLINT0 (0x350 / 4)        // LINT1 is the next
#define LVTLINT1 (0x360 / 4)
#define LVTERR  (0x370 / 4)
#define   LVT_MASKED 0x10000
#define   LVT_NMI    0x00400
#define TICR    (0x380 / 4)         // timer: initial count
#define TCCR    (0x390 / 4)         // timer: current count
#define TDCR    (0x3e0 / 4)
#define   TDCR_BY1   0xb
#define VERSION (0x030 / 4)

#define MSR_APICBASE  0x1b
#define BASE_X2APIC   0x400
#define BASE_ENABLE   0x800

#define WARMVECTOR 0x467            // BIOS data: where a warm reset goes
#define CMOS_SHUTDOWN 0x0f
#define SHUTDOWN_WARM 0x0a
#define SHUTDOWN_NONE 0x00

#define MAXPOLL    100000
#define MEASUREUS  1000
#define MAXMEASURE 10
#define ALLCPUS    0xff
#define NNMI       NCPU

static volatile uint *lapic;        // 0: there is none
static uint tickcount;              // timer clocks in a tick
static struct {
    uint apicid, lint;
} nmi[NNMI];
static uint nnmi;

void
lapic_set(uint pa)
{
    lapic = pa >= DEVSPACE ? (volatile uint *)pa : 0;
}

int
lapic_found(void)
{
    return lapic != 0;
}

void
lapic_nmi(uint apicid, uint lint)
{
    if (nnmi == NNMI || lint > 1)
        return;
    nmi[nnmi].apicid = apicid;
    nmi[nnmi].lint = lint;
    nnmi++;
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
    return lapic ? lapic[ID] >> 24 : 0;
}

void
lapic_eoi(void)
{
    if (lapic)
        lapic[EOI] = 0;
}

static uint
base_low(void)
{
    uint lo, hi;

    asm volatile("rdmsr" : "=a"(lo), "=d"(hi) : "c"(MSR_APICBASE));
    return lo;
}

static void
set_base_low(uint v)
{
    uint lo, hi;

    asm volatile("rdmsr" : "=a"(lo), "=d"(hi) : "c"(MSR_APICBASE));
    asm volatile("wrmsr" :: "a"(v), "d"(hi), "c"(MSR_APICBASE));
}

static void
switch_on(void)
{
    uint base = base_low();

    if (base & BASE_X2APIC)
        set_base_low(base & ~(BASE_X2APIC | BASE_ENABLE));
    if ((base & (BASE_X2APIC | BASE_ENABLE)) != BASE_ENABLE)
        set_base_low((base & ~BASE_X2APIC) | BASE_ENABLE);
}

static void
set_nmi_inputs(void)
{
    uint i;

    wr(LVTLINT0, LVT_MASKED);
    wr(LVTLINT1, LVT_MASKED);
    for (i = 0; i < nnmi; i++)
        if (nmi[i].apicid == lapic_id() || nmi[i].apicid == ALLCPUS)
            wr(nmi[i].lint ? LVTLINT1 : LVTLINT0, LVT_NMI);
}

void
lapic_init(void)
{
    uint maxlvt;

    if (!lapic)
        return;
    switch_on();
    wr(TPR, 0);
    wr(SVR, SVR_ENABLE | T_SPURIOUS);
    wr(LVTTIMER, LVT_MASKED);
    set_nmi_inputs();
    maxlvt = lapic[VERSION] >> 16 & 0xff;
    if (maxlvt >= 4)
        wr(LVTPERF, LVT_MASKED);
    if (maxlvt >= 5)
        wr(LVTTHERM, LVT_MASKED);
    wr(ESR, 0);                     // written before it is read, 11.5.3;
    wr(ESR, 0);                     // twice, to clear it
    wr(LVTERR, T_LAPICERR);
    lapic_eoi();
}

// Timer clocks in MEASUREUS microseconds. A measurement can only be too
// long (the PIT is polled, an emulator may pause), so two short ones that
// agree are right.
static uint
measure(void)
{
    uint best = ~0u, n, i;

    for (i = 0; i < MAXMEASURE; i++) {
        pit_arm(MEASUREUS);
        wr(TICR, ~0u);
        pit_wait();
        n = ~0u - lapic[TCCR];
        if (best != ~0u && n - best + best / 256 < best / 128)
            return MIN(n, best);
        best = MIN(n, best);
    }
    return best;
}

void
lapic_timer(void)
{
    if (!lapic)
        return;
    wr(TDCR, TDCR_BY1);
    if (tickcount == 0)
        tickcount = measure() * (1000000 / HZ / MEASUREUS);
    wr(LVTTIMER, TIMER_PERIODIC | T_TIMER);
    wr(TICR, tickcount);
}

void
lapic_timer_on(int on)
{
    if (lapic)
        wr(TICR, on ? tickcount : 0);   // 0 stops it: SDM 3A 10.5.4
}

void
lapic_error(void)
{
    static volatile uint said;

    wr(ESR, 0);
    if (!xchg(&said, 1))
        cprintf("lapic %d: error 0x%x\n", lapic_id(), lapic[ESR]);
    lapic_eoi();
}

static void
wait_sent(void)
{
    uint i;

    for (i = 0; i < MAXPOLL && (lapic[ICRLO] & ICR_BUSY); i++)
        relax();
}

// Two registers make one command: nothing may come between them.
static void
command(uint apicid, uint cmd)
{
    uint eflags = readeflags();

    cli();
    wait_sent();
    wr(ICRHI, apicid << 24);
    wr(ICRLO, cmd);
    wait_sent();
    if (eflags & FL_IF)
        sti();
}

void
lapic_ipi(uint apicid, uint vector)
{
    if (lapic)
        command(apicid, ICR_ASSERT | vector);
}

void
lapic_start_ap(uint apicid, uint entrypa)
{
    struct {
        ushort offset, segment;
    } __attribute__((packed)) *warm = P2V(WARMVECTOR);
    int i;

    if (!lapic)
        return;
    assert(entrypa < EXTMEM && PGOFF(entrypa) == 0);
    cmos_write(CMOS_SHUTDOWN, SHUTDOWN_WARM);
    warm->offset = 0;
    warm->segment = entrypa >> 4;
    command(apicid, ICR_INIT | ICR_LEVEL | ICR_ASSERT);
    pit_delay_us(200);
    command(apicid, ICR_INIT | ICR_LEVEL);
    pit_delay_us(10000);
    for (i = 0; i < 2; i++) {
        command(apicid, ICR_SIPI | ICR_ASSERT | entrypa >> PGSHIFT);
        pit_delay_us(200);
    }
    cmos_write(CMOS_SHUTDOWN, SHUTDOWN_NONE);
}

void
lapic_stop_others(void)
{
    uint i;

    if (!lapic)
        return;
    for (i = 0; i < ncpu; i++)
        if (cpus[i].started && cpus[i].apicid != lapic_id())
            command(cpus[i].apicid, ICR_NMI | ICR_ASSERT);
}
