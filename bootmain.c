// bootmain.c: the boot loader's last step, in 32-bit mode without paging.
//
// bootasm.S has put the kernel's ELF file at 4 MB, and the BIOS's memory map
// into bootinfo, which is completed here. Address line 20 is opened if the BIOS
// has not done it. Each loadable segment is copied to its physical address
// (1 MB and up), its bss is zeroed, and the kernel's entry is called with
// BOOTMAGIC in %eax and the physical address of the boot information in %ebx.
// Nothing here returns, and nothing here may call the C library: there is none.

#include "boot.h"
#include "memlayout.h"
#include "x86.h"
#include "elf.h"

#define KERNFILE  ((uchar *)0x400000)   // segments go between EXTMEM and it
#define PARTTABLE 446               // offset in the first sector
#define VGA       ((volatile ushort *)0xb8000)
#define VGAATTR   0x4f00            // white on red
#define COM1      0x3f8

#define SYSCTL    0x92              // system control port A
#define SYS_RESET 1
#define SYS_A20   2
#define A20POLLS  1000              // the gate may take its time

extern const char start[];          // bootasm.S: the first sector in memory
extern const uchar drive;

struct bootinfo bootinfo;           // bootasm.S puts the memory map in

_Static_assert(sizeof(struct e820) == E820SIZE, "boot.h: E820SIZE");
_Static_assert(__builtin_offsetof(struct bootinfo, e820) == BI_E820,
               "boot.h: BI_E820");

static void
copy(void *to, const void *from, uint nbytes)
{
    asm volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(nbytes)
                 :: "memory");
}

static void
zero(void *to, uint nbytes)
{
    asm volatile("rep stosb" : "+D"(to), "+c"(nbytes) : "a"(0) : "memory");
}

static void
fail(const char *why)
{
    uint i;

    for (i = 0; why[i]; i++) {
        VGA[i] = VGAATTR | why[i];
        outb(COM1, why[i]);
    }
    for (;;)
        asm volatile("cli; hlt");
}

// Does a word 1 MB up have a value of its own? With address line 20 closed,
// each odd megabyte of memory is the even one below.
static int
a20_open(void)
{
    static volatile uint low;
    volatile uint *high = (uint *)((uint)&low + EXTMEM);
    uint i;

    for (i = 0; i < A20POLLS; i++) {
        *high = low + 1;
        if (*high != low)
            return 1;
    }
    return 0;
}

static void
place(const struct proghdr *ph)
{
    uchar *to = (uchar *)ph->paddr;
    uint room = (uint)KERNFILE - EXTMEM;

    if (ph->paddr < EXTMEM || ph->filesz > ph->memsz ||
        ph->memsz > room || ph->paddr - EXTMEM > room - ph->memsz)
        fail("Teak: a kernel segment lies outside 1..4 MB");
    copy(to, KERNFILE + ph->off, ph->filesz);
    zero(to + ph->filesz, ph->memsz - ph->filesz);
}

void
bootmain(void)
{
    const struct elfhdr *elf = (const struct elfhdr *)KERNFILE;
    const struct proghdr *ph;
    uint i;

    bootinfo.bootdrive = drive;
    copy(bootinfo.parts, start + PARTTABLE, sizeof bootinfo.parts);
    copy(bootinfo.args, start + ARGSECT * SECTSIZE, SECTSIZE - 1);
    if (bootinfo.ne820 == 0)
        fail("Teak: the BIOS has no memory map");
    if (!a20_open())
        outb(SYSCTL, (inb(SYSCTL) | SYS_A20) & ~SYS_RESET);
    if (!a20_open())
        fail("Teak: address line 20 stays closed");
    if (elf->magic != ELF_MAGIC || elf->machine != EM_386)
        fail("Teak: no kernel on this disk");
    ph = (const struct proghdr *)(KERNFILE + elf->phoff);
    for (i = 0; i < elf->phnum; i++)
        if (ph[i].type == PT_LOAD)
            place(&ph[i]);
    asm volatile("jmp *%0"
                 :: "r"(elf->entry), "a"(BOOTMAGIC), "b"(&bootinfo)
                 : "memory");
}
