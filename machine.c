// machine.c: which CPUs and interrupt controllers this machine has.
//
// Three descriptions are tried, best first: ACPI's MADT, the MP table, and
// none, which means one CPU with the PC's original PIC and PIT. cpus[0] is
// always the CPU that booted.

#include <types.h>
#include <param.h>
#include <mmu.h>
#include <x86.h>
#include <bootarg.h>
#include <print.h>
#include <irq.h>
#include <acpi.h>
#include <mp.h>
#include <machine.h>
#include <spinlock.h>
#include <cpu.h>

#define CPUID_APIC 0x200            // CPUID.1:EDX
#define CPUID_MSR  0x020

static uint nseen = 1;              // CPUs that there are
static uint limit;                  // those we want

uchar
bytesum(const void *p, uint n)
{
    const uchar *b = p;
    uchar sum = 0;

    while (n-- > 0)
        sum += *b++;
    return sum;
}

void
machine_add_cpu(uint apicid)
{
    if (apicid == cpus[0].apicid)
        return;
    nseen++;
    if (ncpu >= limit)
        return;
    cpus[ncpu].apicid = apicid;
    cpus[ncpu].id = ncpu;
    ncpu++;
}

// The booting CPU's APIC id, before any APIC's address is known (SDM 2A,
// CPUID leaf 1: EBX 31-24).
static int
cpu_has_apic(uint *apicid)
{
    uint r[4];

    cpuid(1, r);
    *apicid = r[1] >> 24;
    return (r[3] & CPUID_APIC) && (r[3] & CPUID_MSR);
}

static int
read_tables(void)
{
    return acpi_init() == 0 || mp_init() == 0;
}

void
machine_init(void)
{
    uint apicid;
    int usable = cpu_has_apic(&apicid) && bootarg_int("apic", 1);

    limit = bootarg_int("cpus", NCPU);
    limit = limit == 0 || limit > NCPU ? NCPU : limit;
    cpus[0].apicid = apicid;
    cpus[0].id = 0;
    ncpu = 1;
    usable = irq_init(read_tables() && usable);
    if (!usable)
        ncpu = 1;
    cprintf("cpus: %d of %d, %s\n", ncpu, nseen,
            usable ? "APIC" : "PIC and PIT");
}
