// bootmain.c: the boot loader's last step, in 32-bit mode without paging.
//
// bootasm.S has put the kernel's ELF file at 4 MB. Each loadable segment is
// copied to its physical address (1 MB and up), its bss is zeroed, and the
// kernel's entry is called with BOOTMAGIC in %eax and the physical address
// of the boot information in %ebx. Nothing here returns, and nothing here
// may call the C library: there is none.

#include "boot.h"
#include "elf.h"

#define KERNFILE  ((uchar *)0x400000)
#define LOADBASE  0x100000u         // segments go between here and KERNFILE
#define VGA       ((volatile ushort *)0xb8000)
#define VGAATTR   0x4f00            // white on red
#define COM1      0x3f8

struct bootinfo bootinfo;           // bootasm.S fills it in

_Static_assert(sizeof(struct e820) == E820SIZE, "boot.h: E820SIZE");
_Static_assert(__builtin_offsetof(struct bootinfo, args) == BI_ARGS,
               "boot.h: BI_ARGS");
_Static_assert(__builtin_offsetof(struct bootinfo, parts) == BI_PARTS,
               "boot.h: BI_PARTS");

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
        asm volatile("outb %b0, %w1" :: "a"(why[i]), "d"(COM1));
    }
    for (;;)
        asm volatile("cli; hlt");
}

static void
place(const struct proghdr *ph)
{
    uchar *to = (uchar *)ph->paddr;
    uint room = (uint)KERNFILE - LOADBASE;

    if (ph->paddr < LOADBASE || ph->filesz > ph->memsz ||
        ph->memsz > room || ph->paddr - LOADBASE > room - ph->memsz)
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
