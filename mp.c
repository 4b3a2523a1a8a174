// mp.c: the tables of the MultiProcessor Specification 1.4, older than ACPI.
//
// A 16-byte floating pointer in the BIOS's areas leads to the configuration
// table: a header and entries of five kinds, sorted by kind. An entry of a
// CPU has 20 bytes, all others 8. The default configurations (a number and
// no table; machines of 1994) are not supported: one CPU will do there.

#include <types.h>
#include <mmu.h>
#include <memlayout.h>
#include <x86.h>
#include <lib.h>
#include <pagetable.h>
#include <lapic.h>
#include <ioapic.h>
#include <machine.h>
#include <mp.h>
#include <errno.h>

#define EBDASEG   0x40e             // BIOS data: segment of the EBDA
#define BASEKB    0x413             // and KB of base memory
#define KB        1024
#define BIOSAREA  0xf0000
#define BIOSLEN   0x10000

#pragma pack(1)                     // tables may stand at any address
struct floating {                   // 4.1
    char sig[4];
    uint table;
    uchar length, version, sum;
    uchar config;                   // 0: there is a table
    uchar imcr, reserved[3];
};
#define IMCR_PRESENT 0x80

struct config {                     // 4.2
    char sig[4];
    ushort length;
    uchar version, sum;
    char oem[8], product[12];
    uint oemtable;
    ushort oemsize, count;
    uint lapic;
    ushort extlength;
    uchar extsum, reserved;
};

union entry {                       // 4.3
    uchar type;
    struct {
        uchar type, apicid, version, flags;
    } cpu;
    struct {
        uchar type, id;
        char name[6];
    } bus;
    struct {
        uchar type, id, version, flags;
        uint addr;
    } ioapic;
    struct {                        // from a bus to a pin, or to a LINT
        uchar type, kind;
        ushort flags;
        uchar bus, irq, apic, pin;
    } intr;
};
#pragma pack()
enum { E_CPU, E_BUS, E_IOAPIC, E_IOINT, E_LOCALINT };
enum { K_INT, K_NMI };
#define CPU_ENABLED    1
#define IOAPIC_ENABLED 1
#define CPUSIZE        20
#define OTHERSIZE      8

static uint isabus = ~0u;           // its number in this table

static struct floating *
scan(uint pa, uint len)
{
    uint end = pa + len;
    struct floating *f;

    for (; pa + sizeof *f <= end; pa += sizeof *f) {
        f = P2V(pa);
        if (memcmp(f->sig, "_MP_", 4) == 0 && f->length == 1 &&
            bytesum(f, sizeof *f) == 0)
            return f;
    }
    return 0;
}

// Section 4: the EBDA's first KB, else base memory's last, or the BIOS.
static struct floating *
find(void)
{
    struct {
        ushort ebdaseg;
        uchar skip[BASEKB - EBDASEG - 2];
        ushort basekb;
    } __attribute__((packed)) *bios = P2V(EBDASEG);
    uint ebda = bios->ebdaseg << 4, top = bios->basekb * KB;
    struct floating *f = 0;

    if (ebda >= 0x80000 && ebda < 0xa0000)
        f = scan(ebda, KB);
    else if (top >= 0x80000 && top <= 0xa0000)
        f = scan(top - KB, KB);
    return f ? f : scan(BIOSAREA, BIOSLEN);
}

static struct config *
map_config(const struct floating *f)
{
    struct config *c;
    uint len;

    if (f->config != 0 || f->table == 0 ||
        (c = temp_map(f->table, sizeof *c)) == 0)
        return 0;
    len = c->length;
    temp_unmap(c);
    if (len < sizeof *c || (c = temp_map(f->table, len)) == 0)
        return 0;
    if (memcmp(c->sig, "PCMP", 4) == 0 && bytesum(c, len) == 0)
        return c;
    temp_unmap(c);
    return 0;
}

static void
interrupt(const union entry *e)
{
    uint gsi;

    if (e->intr.kind != K_INT || e->intr.bus != isabus)
        return;
    gsi = ioapic_gsi(e->intr.apic, e->intr.pin);
    if (gsi != GSI_NEXT)
        ioapic_route(e->intr.irq, gsi, e->intr.flags);
}

static void
use(const union entry *e)
{
    switch (e->type) {
    case E_CPU:
        if (e->cpu.flags & CPU_ENABLED)
            machine_add_cpu(e->cpu.apicid);
        break;
    case E_BUS:
        if (memcmp(e->bus.name, "ISA", 3) == 0)
            isabus = e->bus.id;
        break;
    case E_IOAPIC:
        if (e->ioapic.flags & IOAPIC_ENABLED)
            ioapic_add(e->ioapic.id, e->ioapic.addr, GSI_NEXT);
        break;
    case E_IOINT:
        interrupt(e);
        break;
    case E_LOCALINT:
        if (e->intr.kind == K_NMI)
            lapic_nmi(e->intr.apic, e->intr.pin);
        break;
    }
}

int
mp_init(void)
{
    struct floating *f = find();
    struct config *c;
    uchar *p, *end;
    uint n;

    if (f == 0 || (c = map_config(f)) == 0)
        return -ENXIO;
    lapic_set(c->lapic);
    p = (uchar *)(c + 1);
    end = (uchar *)c + c->length;
    for (n = 0; n < c->count; n++) {
        uint size = *p == E_CPU ? CPUSIZE : OTHERSIZE;

        if (p + size > end)
            break;
        use((union entry *)p);
        p += size;
    }
    temp_unmap(c);
    if (f->imcr & IMCR_PRESENT) {   // 3.6.2.1: from the PIC to the APICs
        outb(0x22, 0x70);
        outb(0x23, inb(0x23) | 1);
    }
    return 0;
}
