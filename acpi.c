// acpi.c: the firmware's ACPI tables (ACPI specification 5.2).
//
//     RSDP  found by its signature in the BIOS's areas
//       RSDT or XSDT  addresses of all other tables
//         MADT "APIC"  CPUs, I/O APICs, interrupt overrides
//         FADT "FACP"  registers for power and reset; address of
//           DSDT       byte code, in which \_S5 tells how to power off
//
// Tables lie anywhere, so they are read through temporary mappings, at boot;
// what is needed later is kept here. The byte code is not interpreted: \_S5
// is a package of constants in every known firmware, and its bytes can be
// found by its name.

#include <types.h>
#include <mmu.h>
#include <memlayout.h>
#include <x86.h>
#include <lib.h>
#include <pagetable.h>
#include <pit.h>
#include <lapic.h>
#include <ioapic.h>
#include <machine.h>
#include <acpi.h>
#include <errno.h>

#define EBDASEG   0x40e             // BIOS data: segment of the EBDA
#define EBDALEN   1024
#define BIOSAREA  0xe0000
#define BIOSEND   0x100000
#define MAXTABLE  (1 << 20)         // bytes; a longer one is not believed

#pragma pack(1)                     // tables may stand at any address
struct rsdp {                       // 5.2.5.3
    char sig[8];
    uchar sum;
    char oem[6];
    uchar revision;
    uint rsdt;
    uint length;                    // from here on revision 2
    uint xsdt, xsdthigh;
    uchar xsum, reserved[3];
};

struct header {                     // 5.2.6
    char sig[4];
    uint length;
    uchar revision, sum;
    char oem[6], oemtable[8];
    uint oemrev, creator, creatorrev;
};

struct address {                    // generic address, 5.2.3.2
    uchar space, width, offset, size;
    uint lo, hi;
};
#define SPACE_MEM 0
#define SPACE_IO  1

struct fadt {                       // 5.2.9
    struct header h;
    uint facs, dsdt;
    uchar model, profile;
    ushort sciint;
    uint smicmd;
    uchar acpienable, acpidisable, s4bios, pstate;
    uint pm1aevt, pm1bevt, pm1acnt, pm1bcnt;
    uchar skip1[40];                // to offset 112
    uint flags;
    struct address resetreg;
    uchar resetvalue;
};
#define FADT_OLDLEN  116            // without the reset register
#define FADT_RESETOK 0x400

#define PM1_SCIEN  0x0001           // 4.8.3.2.1
#define PM1_SLPEN  0x2000
#define SLPTYP(t)  ((t) << 10)
#define ENABLEMS   300              // how long to wait for ACPI mode

struct madt {                       // 5.2.12; entries follow
    struct header h;
    uint lapic, flags;
};

union entry {
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
    struct {                        // an ISA IRQ that has another GSI
        uchar type, len, bus, irq;
        uint gsi;
        ushort flags;
    } over;
    struct {
        uchar type, len, acpiid;
        ushort flags;
        uchar lint;
    } nmi;
    struct {
        uchar type, len, reserved[2];
        uint addr, addrhigh;
    } lapic;
};
#pragma pack()
enum { M_CPU, M_IOAPIC, M_OVERRIDE, M_NMI = 4, M_LAPICADDR };
static const uchar entrylen[] = {   // bytes
    [M_CPU] = 8, [M_IOAPIC] = 12, [M_OVERRIDE] = 10, [M_NMI] = 6,
    [M_LAPICADDR] = 12,
};
#define CPU_ENABLED  1
#define NMI_ALLCPUS  0xff
#define MAXAPICID    254            // 255 means all

static struct {                     // what is needed to end
    uint pm1a, pm1b;                // ports; 0: not known
    uint smicmd;
    uchar enable;
    uchar s5known, s5a, s5b;        // SLP_TYP values
    uchar resetknown, resetvalue;
    struct address reset;
} pm;

// A whole table in a temporary mapping, or 0 if it is not sound.
static struct header *
map_table(uint pa)
{
    struct header *h = temp_map(pa, sizeof *h);
    uint len;

    if (h == 0)
        return 0;
    len = h->length;
    temp_unmap(h);
    if (len < sizeof *h || len > MAXTABLE || (h = temp_map(pa, len)) == 0)
        return 0;
    if (bytesum(h, len) == 0)
        return h;
    temp_unmap(h);
    return 0;
}

static struct rsdp *
scan(uint pa, uint len)
{
    uint end = pa + len;
    struct rsdp *r;

    for (; pa + sizeof *r <= end; pa += 16) {
        r = P2V(pa);
        if (memcmp(r->sig, "RSD PTR ", sizeof r->sig) == 0 &&
            bytesum(r, 20) == 0)
            return r;
    }
    return 0;
}

static struct rsdp *
find_rsdp(void)
{
    uint ebda = *(ushort *)P2V(EBDASEG) << 4;
    struct rsdp *r = 0;

    if (ebda >= 0x80000 && ebda < 0xa0000)
        r = scan(ebda, EBDALEN);
    return r ? r : scan(BIOSAREA, BIOSEND - BIOSAREA);
}

// Address of the nth table that the root table names; 0 past the last. An
// address above 4 GB, which we cannot reach, counts as 1.
static uint
nth_table(const struct header *root, uint n)
{
    uint wide = root->sig[0] == 'X', step = wide ? 8 : 4;
    uint at[2] = { 0, 0 };

    if (sizeof *root + (n + 1) * step > root->length)
        return 0;
    memcpy(at, (const char *)(root + 1) + n * step, step);
    return at[1] ? 1 : at[0];
}

static struct header *
map_root(void)
{
    struct rsdp *r = find_rsdp();
    struct header *h;

    if (r == 0)
        return 0;
    if (r->revision >= 2 && r->xsdt && r->xsdthigh == 0 &&
        (h = map_table(r->xsdt)) != 0) {
        if (memcmp(h->sig, "XSDT", 4) == 0)
            return h;
        temp_unmap(h);
    }
    return r->rsdt ? map_table(r->rsdt) : 0;
}

// The entry after e, or the first for e 0; 0: no more. One that is shorter
// than its type has to be is passed over, and so is a type we do not know.
static const union entry *
next_entry(const struct madt *m, const union entry *e)
{
    const uchar *p = e ? (const uchar *)e + e->h.len : (const uchar *)(m + 1);
    const uchar *end = (const uchar *)m + m->h.length;

    for (; p + 2 <= end && p[1] >= 2 && p + p[1] <= end; p += p[1])
        if (p[0] < NELEM(entrylen) && p[1] >= entrylen[p[0]])
            return (const union entry *)p;
    return 0;
}

static void
madt_cpus(const union entry *e)
{
    if (e->h.type == M_CPU && (e->cpu.flags & CPU_ENABLED) &&
        e->cpu.apicid <= MAXAPICID)
        machine_add_cpu(e->cpu.apicid);
    else if (e->h.type == M_LAPICADDR && e->lapic.addrhigh == 0)
        lapic_set(e->lapic.addr);
    else if (e->h.type == M_IOAPIC)
        ioapic_add(e->ioapic.id, e->ioapic.addr, e->ioapic.gsi);
    else if (e->h.type == M_OVERRIDE && e->over.bus == 0)
        ioapic_route(e->over.irq, e->over.gsi, e->over.flags);
}

// An NMI entry names a processor by its ACPI number: find the APIC's.
static void
madt_nmi(const struct madt *m, const union entry *nmi)
{
    const union entry *e = 0;

    if (nmi->h.type != M_NMI)
        return;
    if (nmi->nmi.acpiid == NMI_ALLCPUS) {
        lapic_nmi(NMI_ALLCPUS, nmi->nmi.lint);
        return;
    }
    while ((e = next_entry(m, e)) != 0)
        if (e->h.type == M_CPU && e->cpu.acpiid == nmi->nmi.acpiid)
            lapic_nmi(e->cpu.apicid, nmi->nmi.lint);
}

static void
read_madt(const struct header *h)
{
    const struct madt *m = (const struct madt *)h;
    const union entry *e = 0;

    lapic_set(m->lapic);
    while ((e = next_entry(m, e)) != 0)
        madt_cpus(e);
    while ((e = next_entry(m, e)) != 0)
        madt_nmi(m, e);
}

// One constant of an AML package (20.2.3): a byte, or Zero, One, Ones.
static const uchar *
aml_byte(const uchar *p, uchar *v)
{
    *v = *p;
    if (*p == 0x0a)                 // BytePrefix
        *v = *++p;
    return p + 1;
}

// Look for Name(_S5_, Package(){a, b, ...}): 08 [5c] _S5_ 12 length count.
static void
find_s5(const struct header *h)
{
    const uchar *p = (const uchar *)(h + 1);
    const uchar *end = (const uchar *)h + h->length - 13;   // all we read

    for (; p < end; p++) {
        if (memcmp(p, "_S5_", 4) != 0 || p[4] != 0x12)
            continue;
        if (p[-1] != 0x08 && !(p[-1] == '\\' && p[-2] == 0x08))
            continue;
        p += 5;
        p += (*p >> 6) + 2;         // length: 1 to 4 bytes; then the count
        p = aml_byte(p, &pm.s5a);
        aml_byte(p, &pm.s5b);
        pm.s5known = 1;
        return;
    }
}

static void
read_fadt(const struct header *h)
{
    const struct fadt *f = (const struct fadt *)h;
    struct header *dsdt;

    if (h->length < FADT_OLDLEN)
        return;
    pm.pm1a = f->pm1acnt;
    pm.pm1b = f->pm1bcnt;
    pm.smicmd = f->smicmd;
    pm.enable = f->acpienable;
    if (h->length >= sizeof *f && (f->flags & FADT_RESETOK)) {
        pm.reset = f->resetreg;
        pm.resetvalue = f->resetvalue;
        pm.resetknown = 1;
    }
    if ((dsdt = map_table(f->dsdt)) == 0)
        return;
    find_s5(dsdt);
    temp_unmap(dsdt);
}

int
acpi_init(void)
{
    struct header *root = map_root(), *h;
    int found = -ENXIO;
    uint pa, n;

    if (root == 0)
        return -ENXIO;
    for (n = 0; (pa = nth_table(root, n)) != 0; n++) {
        if (pa == 1 || (h = map_table(pa)) == 0)
            continue;
        if (memcmp(h->sig, "APIC", 4) == 0 &&
            h->length > sizeof(struct madt)) {
            read_madt(h);
            found = 0;
        } else if (memcmp(h->sig, "FACP", 4) == 0)
            read_fadt(h);
        else if (memcmp(h->sig, "SSDT", 4) == 0 && !pm.s5known)
            find_s5(h);
        temp_unmap(h);
    }
    temp_unmap(root);
    return found;
}

// Where the firmware has left the machine in legacy mode, ask it to hand the
// power registers over (4.8.3.2.1, 5.2.9 SMI_CMD).
static void
acpi_mode(void)
{
    int ms;

    if ((inw(pm.pm1a) & PM1_SCIEN) || !pm.smicmd || !pm.enable)
        return;
    outb(pm.smicmd, pm.enable);
    for (ms = 0; ms < ENABLEMS && !(inw(pm.pm1a) & PM1_SCIEN); ms++)
        pit_delay_us(1000);
}

void
acpi_poweroff(void)
{
    if (!pm.s5known || !pm.pm1a)
        return;
    acpi_mode();
    outw(pm.pm1a, SLPTYP(pm.s5a & 7) | PM1_SLPEN);
    if (pm.pm1b)
        outw(pm.pm1b, SLPTYP(pm.s5b & 7) | PM1_SLPEN);
    pit_delay_us(50000);
}

void
acpi_reset(void)
{
    if (!pm.resetknown || pm.reset.hi)
        return;
    if (pm.reset.space == SPACE_IO)
        outb(pm.reset.lo, pm.resetvalue);
    else if (pm.reset.space == SPACE_MEM && pm.reset.lo >= DEVSPACE)
        *(volatile uchar *)pm.reset.lo = pm.resetvalue;
    pit_delay_us(50000);
}
