// machine.c: which CPUs and interrupt controllers this machine has.
//
// Three descriptions are tried, best first: ACPI's MADT, the MP table, and
// none, which means one CPU with the PC's original PIC and PIT. cpus[0] is
// always the CPU that booted.

#include "memlayout.h"
#include "lib.h"
#include "bootarg.h"
#include "print.h"
#include "irq.h"
#include "lapic.h"
#include "ioapic.h"
#include "acpi.h"
#include "mp.h"
#include "machine.h"
#include "cpu.h"

#define EBDASEG   0x40e             // BIOS data: segment of the extended area
#define EBDALEN   1024              // of which the first KB counts
#define BIOSAREA  0xe0000
#define BIOSEND   0x100000
#define ALIGN     16                // of what is looked for

static uint nseen;                  // CPUs that there are

uchar
bytesum(const void *p, uint n)
{
    const uchar *b = p;
    uchar sum = 0;

    while (n-- > 0)
        sum += *b++;
    return sum;
}

static void *
scan(uint pa, uint end, const char *sig, uint n)
{
    for (; pa + n <= end; pa += ALIGN)
        if (memcmp(P2V(pa), sig, strlen(sig)) == 0 && bytesum(P2V(pa), n) == 0)
            return P2V(pa);
    return 0;
}

void *
bios_find(const char *sig, uint n)
{
    uint ebda = *(ushort *)P2V(EBDASEG) << 4;
    void *found = scan(ebda, ebda + EBDALEN, sig, n);

    return found ? found : scan(BIOSAREA, BIOSEND, sig, n);
}

void
machine_add_cpu(uint apicid)
{
    nseen++;
    if (apicid == cpus[0].apicid || ncpu == NCPU)
        return;
    cpus[ncpu].apicid = apicid;
    cpus[ncpu].id = ncpu;
    ncpu++;
}

void
machine_init(void)
{
    uint limit = bootarg_int("cpus", 0);
    int apic = lapic_probe();

    cpus[0].apicid = lapic_id();
    acpi_init();
    if (nseen == 0)
        mp_init();
    apic = apic && ioapic_found() && bootarg_int("apic", 1);
    if (!apic)
        ncpu = 1;
    else if (limit > 0)
        ncpu = MIN(ncpu, limit);
    irq_init(apic);
    cprintf("cpus: %d of %d, %s\n", ncpu, MAX(nseen, ncpu),
            apic ? "APIC" : "PIC and PIT");
}
