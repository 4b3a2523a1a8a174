// acpi.c: the firmware's ACPI tables (ACPI specification 5.2).
//
//     RSDP  found by its signature in the BIOS's areas
//       RSDT  addresses of all other tables
//         MADT "APIC"  CPUs, I/O APICs, interrupt overrides
//         FADT "FACP"  registers for switching off; address of
//           DSDT       byte code, in which \_S5 tells how to switch off
//
// Tables lie anywhere, so each is read through a temporary mapping, at boot;
// what is needed later is kept here. The byte code is not interpreted: \_S5
// is a package of constants in every known firmware, and its bytes can be
// found by its name. A firmware with a BIOS has the RSDT, whose addresses
// have 32 bits, so the XSDT, whose addresses have 64, is not read.

#include "x86.h"
#include "lib.h"
#include "pagetable.h"
#include "pit.h"
#include "ioapic.h"
#include "machine.h"
#include "acpi.h"

#define MAXTABLE  (1 << 20)         // bytes; a longer one is not believed

#pragma pack(1)                     // tables may stand at any address
struct rsdp {                       // 5.2.5.3
    char sig[8];
    uchar sum;
    char oem[6];
    uchar revision;
    uint rsdt;
};

struct header {                     // 5.2.6
    char sig[4];
    uint length;
    uchar revision, sum;
    char oem[6], oemtable[8];
    uint oemrev, creator, creatorrev;
};

struct rsdt {                       // 5.2.7
    struct header h;
    uint table[];                   // physical addresses
};

struct fadt {                       // 5.2.9
    struct header h;
    uint facs, dsdt;
    uchar model, profile;
    ushort sciint;
    uint smicmd;
    uchar acpienable, acpidisable, s4bios, pstate;
    uint pm1aevt, pm1bevt, pm1acnt; // the first and all that we read
};

union entry {                       // of the MADT
    struct {
        uchar type, len;
    } h;
    struct {                        // a CPU
        uchar type, len, acpiid, apicid;
        uint flags;
    } cpu;
    struct {
        uchar type, len, id, reserved;
        uint addr, gsi;
    } ioapic;
    struct {                        // an ISA IRQ that has another pin
        uchar type, len, bus, irq;
        uint gsi;
        ushort flags;
    } over;
};
#pragma pack()
enum { M_CPU, M_IOAPIC, M_OVERRIDE };
#define MADTHEAD    8               // 5.2.12: local APICs' address, flags
#define CPU_ENABLED 1
#define MAXAPICID   254             // 255 means all

#define AML_PACKAGE 0x12            // 20.2.5.4: length, count, elements
#define AML_BYTE    0x0a            // 20.2.3: a byte follows
#define AML_S5LEN   8               // the fewest bytes of \_S5 and its package

#define PM1_SCIEN   0x0001          // 4.8.3.2.1: the registers are ours
#define PM1_SLPEN   0x2000
#define SLPTYP(t)   ((t) << 10)
#define ENABLEMS    300             // how long to wait for ACPI mode

static struct fadt fadt;            // a copy for switching off; 0: not found
static int s5 = -1;                 // SLP_TYP value; -1: not known

// A whole table in a temporary mapping, or 0 if it is not sound.
static struct header *
map_table(uint pa)
{
    struct header *h = temp_map(pa, MAXTABLE);

    if (h == 0)
        return 0;
    if (h->length >= sizeof *h && h->length <= MAXTABLE &&
        bytesum(h, h->length) == 0)
        return h;
    temp_unmap(h);
    return 0;
}

static void
use_entry(const union entry *e)
{
    if (e->h.type == M_CPU && e->h.len >= sizeof e->cpu) {
        if ((e->cpu.flags & CPU_ENABLED) && e->cpu.apicid <= MAXAPICID)
            machine_add_cpu(e->cpu.apicid);
    } else if (e->h.type == M_IOAPIC && e->h.len >= sizeof e->ioapic) {
        if (e->ioapic.gsi == 0)     // the one that has the ISA IRQs
            ioapic_set(e->ioapic.addr);
    } else if (e->h.type == M_OVERRIDE && e->h.len >= sizeof e->over) {
        ioapic_route(e->over.irq, e->over.gsi, e->over.flags);
    }
}

static void
read_madt(const struct header *h)
{
    const uchar *p = (const uchar *)(h + 1) + MADTHEAD;
    const uchar *end = (const uchar *)h + h->length;

    for (; p + 2 <= end && p[1] >= 2 && p + p[1] <= end; p += p[1])
        use_entry((const union entry *)p);
}

// Look for Name(\_S5_, Package(){a, ...}): _S5_ 12 length count a ...
static void
find_s5(const struct header *h)
{
    const uchar *p = (const uchar *)(h + 1);
    const uchar *end = (const uchar *)h + h->length - AML_S5LEN;

    for (; p <= end; p++) {
        if (memcmp(p, "_S5_", 4) != 0 || p[4] != AML_PACKAGE)
            continue;
        p += 5;
        p += (*p >> 6) + 2;         // length: 1 to 4 bytes; then the count
        s5 = *p == AML_BYTE ? p[1] : p[0];
        return;
    }
}

static void
read_fadt(const struct header *h)
{
    struct header *dsdt;

    if (h->length < sizeof fadt)
        return;
    memcpy(&fadt, h, sizeof fadt);
    if ((dsdt = map_table(fadt.dsdt)) == 0)
        return;
    find_s5(dsdt);
    temp_unmap(dsdt);
}

void
acpi_init(void)
{
    struct rsdp *r = bios_find("RSD PTR ", sizeof *r);
    struct rsdt *rsdt;
    struct header *h;
    uint i, n;

    if (r == 0 || (rsdt = (struct rsdt *)map_table(r->rsdt)) == 0)
        return;
    n = (rsdt->h.length - sizeof rsdt->h) / sizeof rsdt->table[0];
    for (i = 0; i < n; i++) {
        if ((h = map_table(rsdt->table[i])) == 0)
            continue;
        if (memcmp(h->sig, "APIC", 4) == 0)
            read_madt(h);
        else if (memcmp(h->sig, "FACP", 4) == 0)
            read_fadt(h);
        else if (memcmp(h->sig, "SSDT", 4) == 0 && s5 < 0)
            find_s5(h);
        temp_unmap(h);
    }
    temp_unmap(rsdt);
}

// Where the firmware has left the machine in legacy mode, ask it to hand the
// power registers over (5.2.9, SMI_CMD).
static void
acpi_mode(void)
{
    int ms;

    if ((inw(fadt.pm1acnt) & PM1_SCIEN) || !fadt.smicmd || !fadt.acpienable)
        return;
    outb(fadt.smicmd, fadt.acpienable);
    for (ms = 0; ms < ENABLEMS && !(inw(fadt.pm1acnt) & PM1_SCIEN); ms++)
        pit_delay_us(1000);
}

void
acpi_poweroff(void)
{
    if (s5 < 0 || !fadt.pm1acnt)
        return;
    acpi_mode();
    outw(fadt.pm1acnt, SLPTYP(s5 & 7) | PM1_SLPEN);
    pit_delay_us(50000);
}
