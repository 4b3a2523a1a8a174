// kvm.c: the kernel's half of every address space. Interface: pagetable.h.
//
// The kernel's directory, kpgdir, is made once, here. setupkvm() copies its
// upper half into each new directory, so whatever changes below a directory
// entry afterwards changes for all of them: nothing in the upper half of a
// directory itself changes any more.
//
//     first 4 MB        4 KB pages (lowtable): kernel text and constants are
//                       read-only, the rest of the first 4 MB is writable
//     the rest of RAM   4 MB pages
//     kernel stacks     three tables, filled by kstack.c
//     temporary         one table, for looking at memory that may lie above
//                       the direct map: firmware's tables, device registers
//     devices           4 MB pages, not cached
//
// All but the temporary ones are global where the CPU can: a CR3 load does not
// flush them.

#include "lib.h"
#include "kalloc.h"
#include "pagetable.h"
#include "ram.h"

__attribute__((aligned(PGSIZE))) pde_t kpgdir[NPDENTRIES];
static __attribute__((aligned(PGSIZE))) pte_t lowtable[NPTENTRIES];
static __attribute__((aligned(PGSIZE))) pte_t stacktables[3][NPTENTRIES];
static __attribute__((aligned(PGSIZE))) pte_t temptable[NPTENTRIES];

uint cpu_features;
uint pte_global;
static uint cpu_features7;          // CPUID.7:EBX

extern char kdata[];                // kernel.ld: text and constants end here

#define FEAT_PGE (1u << 13)
#define FEAT7_SMEP (1u << 7)
#define FEAT7_SMAP (1u << 20)

// The kernel half: ranges and rights. Ranges of 4 MB pages are whole
// multiples of 4 MB; `table` serves a range of 4 KB pages.
struct kmap {
    uint va, pa, end;               // end: physical, exclusive
    uint perm;
    pte_t *table;
};

static void
map_range(const struct kmap *k)
{
    uint at, va;

    for (at = 0; at < k->end - k->pa; at += k->table ? PGSIZE : BIGSIZE) {
        va = k->va + at;
        if (k->table) {
            kpgdir[PDX(va)] = V2P(k->table) | PTE_P | PTE_W;
            k->table[PTX(va)] = (k->pa + at) | k->perm | PTE_P;
        } else
            kpgdir[PDX(va)] = (k->pa + at) | k->perm | PTE_PS | PTE_P;
    }
}

void
kvm_init(void)
{
    uint r[4], g, ro = V2P(kdata), top, i;

    cpuid(1, r);
    cpu_features = r[3];
    cpuid(0, r);
    if (r[0] >= 7) {
        cpuid(7, r);
        cpu_features7 = r[1];
    }
    g = pte_global = cpu_features & FEAT_PGE ? PTE_G : 0;
    top = (ram_top + NPTENTRIES - 1) / NPTENTRIES * BIGSIZE;
    struct kmap kmap[] = {
        // va                   pa       end      rights                 table
        { KERNBASE,             0,       EXTMEM,  PTE_W | g,             lowtable },
        { KERNBASE + EXTMEM,    EXTMEM,  ro,      g,                     lowtable },
        { KERNBASE + ro,        ro,      BIGSIZE, PTE_W | g,             lowtable },
        { KERNBASE + BIGSIZE,   BIGSIZE, top,     PTE_W | g,             0 },
        { DEVSPACE,             DEVSPACE, 0xffffffff, PTE_W | PTE_PCD | PTE_PWT | g, 0 },
    };
    for (i = 0; i < NELEM(kmap); i++)
        map_range(&kmap[i]);
    for (i = 0; i < NELEM(stacktables); i++)
        kpgdir[PDX(KSTACKBASE) + i] = V2P(stacktables[i]) | PTE_P | PTE_W;
    kpgdir[PDX(TEMPBASE)] = V2P(temptable) | PTE_P | PTE_W;
    kvm_cpu();
}

void
kvm_cpu(void)
{
    uint cr4 = rcr4() | CR4_PSE;

    if (cpu_features7 & FEAT7_SMEP)
        cr4 |= CR4_SMEP;
    if (cpu_features7 & FEAT7_SMAP)
        cr4 |= CR4_SMAP;            // a net only: user addresses are never
                                    // followed (EFLAGS.AC would lift it:
                                    // trapasm.S clears that)
    lcr3(V2P(kpgdir));
    lcr4(cr4);
    if (cpu_features & FEAT_PGE)
        lcr4(cr4 | CR4_PGE);        // after CR3: no global entry of the old
    lcr0(rcr0() | CR0_WP);          // tables may survive (SDM 3A 4.10.2.4)
}

// Temporary mappings are a stack: tempnext is the first free entry.
static uint tempnext;

void *
temp_map(uint pa, uint len)
{
    uint n = PGROUNDUP(PGOFF(pa) + len) >> PGSHIFT;
    char *at = (char *)TEMPBASE + (tempnext << PGSHIFT);
    uint i;

    if (n > NPTENTRIES - tempnext)
        return 0;
    for (i = 0; i < n; i++)
        temptable[tempnext++] = (PTE_ADDR(pa) + i * PGSIZE) |
                                PTE_P | PTE_W | PTE_PCD | PTE_PWT;
    return at + PGOFF(pa);
}

void
temp_unmap(void *p)
{
    uint at = ((uint)p - TEMPBASE) >> PGSHIFT;

    for (; tempnext > at; tempnext--) {
        temptable[tempnext - 1] = 0;
        invlpg(TEMPBASE + ((tempnext - 1) << PGSHIFT));
    }
}
