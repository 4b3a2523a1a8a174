// mp.c: the tables of the MultiProcessor Specification 1.4, older than ACPI.
//
// A 16-byte floating pointer in the BIOS's areas leads to the configuration
// table: a header and entries of five kinds, sorted by kind. An entry of a
// CPU has 20 bytes, all others 8. The default configurations (a number and
// no table; machines of 1994) are not supported: one CPU will do there.

#include "lib.h"
#include "pagetable.h"
#include "ioapic.h"
#include "machine.h"
#include "mp.h"

#define MAXTABLE  (1 << 16)         // its length has 16 bits

#pragma pack(1)                     // tables may stand at any address
struct floating {                   // 4.1
    char sig[4];
    uint table;
    uchar length, version, sum;
    uchar config;                   // 0: there is a table
    uchar imcr, reserved[3];
};

struct config {                     // 4.2; entries follow
    char sig[4];
    ushort length;
    uchar version, sum;
    char oem[8], product[12];
    uint oemtable;
    ushort oemsize, count;
    uint lapic, extended;
};

union entry {                       // 4.3
    uchar type;
    struct {
        uchar type, id;
        char name[6];
    } bus;
    struct {                        // a CPU's, which has no address, or an
        uchar type, id, version, flags;         // I/O APIC
        uint addr;
    } apic;
    struct {                        // from a bus to a pin
        uchar type, kind;
        ushort flags;
        uchar bus, irq, apic, pin;
    } intr;
};
#pragma pack()
enum { E_CPU, E_BUS, E_IOAPIC, E_INTERRUPT };
#define ENABLED   1                 // of a CPU or an I/O APIC
#define K_INT     0                 // not an NMI, nor the PIC's
#define CPUSIZE   20
#define OTHERSIZE 8

static uint isabus = ~0u;           // its number in this table
static uint isaapic = ~0u;          // and that of the first I/O APIC

static struct config *
map_config(uint pa)
{
    struct config *c = temp_map(pa, MAXTABLE);

    if (c == 0)
        return 0;
    if (memcmp(c->sig, "PCMP", 4) == 0 && c->length >= sizeof *c &&
        bytesum(c, c->length) == 0)
        return c;
    temp_unmap(c);
    return 0;
}

static void
use_entry(const union entry *e)
{
    switch (e->type) {
    case E_CPU:
        if (e->apic.flags & ENABLED)
            machine_add_cpu(e->apic.id);
        break;
    case E_BUS:
        if (memcmp(e->bus.name, "ISA", 3) == 0)
            isabus = e->bus.id;
        break;
    case E_IOAPIC:
        if ((e->apic.flags & ENABLED) && !ioapic_found()) {
            ioapic_set(e->apic.addr);
            isaapic = e->apic.id;
        }
        break;
    case E_INTERRUPT:
        if (e->intr.kind == K_INT && e->intr.bus == isabus &&
            e->intr.apic == isaapic)
            ioapic_route(e->intr.irq, e->intr.pin, e->intr.flags);
        break;
    }
}

void
mp_init(void)
{
    struct floating *f = bios_find("_MP_", sizeof *f);
    struct config *c;
    uchar *p, *end;
    uint n, size;

    if (f == 0 || f->config != 0 || (c = map_config(f->table)) == 0)
        return;
    p = (uchar *)(c + 1);
    end = (uchar *)c + c->length;
    for (n = 0; n < c->count; n++, p += size) {
        size = *p == E_CPU ? CPUSIZE : OTHERSIZE;
        if (p + size > end)
            break;
        use_entry((union entry *)p);
    }
    temp_unmap(c);
}
