// entry.S: the kernel's first instructions, and paging on.
//
// Two loaders start the kernel here, both in 32-bit mode without paging and
// with interrupts off: Teak's own, with BOOTMAGIC in %eax and the boot
// information's address in %ebx, and any Multiboot 1 loader (GRUB, QEMU's
// -kernel), with 0x2badb002 in %eax and its own structure in %ebx. Either
// way the result is a struct bootinfo in the kernel's bss.
//
// The section .boot is linked where it is loaded, at 1 MB. The rest of the
// kernel is linked KERNBASE higher than it is loaded, so until paging is on
// its symbols are used less KERNBASE: LOW(). The first page directory maps
// physical 0..16 MB twice, at 0 for the instructions here and at KERNBASE
// for all others; main() soon replaces it.
//
// The kernel finds the running process at the lowest word of the 8 KB stack
// it stands on; for this first stack that is bootproc.

#include "boot.h"
#include "mmu.h"
#include "param.h"

#define HIGH     0x80000000             // KERNBASE, as the assembler likes it
#define LOW(sym) ((sym) - HIGH)
#define NBOOTPDE 4                      // 4 MB pages: 16 MB
#define PDESIZE  4
#define BIGPAGE  0x400000
#define ONEMB    0x100000

#define FL_ID      0x200000             // EFLAGS: CPUID exists if it toggles
#define CPUID_PSE  (1 << 3)
#define CPUID_CMOV (1 << 15)            // what -march=i686 asks for

#define MB_MAGIC   0x1badb002           // Multiboot 0.6.96, 3.1
#define MB_FLAGS   2                    // memory information, please
#define MBI_FLAGS  0                    // 3.3, offsets
#define MBI_LOWER  4                    // KB from 0
#define MBI_UPPER  8                    // KB from 1 MB
#define MBI_CMD    16
#define MBI_MAPLEN 44
#define MBI_MAP    48
#define MBI_HASMEM (1 << 0)
#define MBI_HASCMD (1 << 2)
#define MBI_HASMAP (1 << 6)

#define COM1       0x3f8
#define VGATEXT    0xb8000
#define VGAATTR    0x4f

        .section .boot, "ax"
        .balign 4
        .long MB_MAGIC, MB_FLAGS, -(MB_MAGIC + MB_FLAGS)

        .globl _start
_start:
        cli
        cld
        movl $LOW(bootstack + KSTACKSIZE), %esp
        movl %eax, %ebp                 // cpuid uses %eax and %ebx
        movl %ebx, %esi
        call checkcpu
        movl $LOW(bootinfo), %edi
        cmpl $MULTIBOOTMAGIC, %ebp
        je 1f
        cmpl $BOOTMAGIC, %ebp
        movl $badloader, %esi
        jne stop
        movl %ebx, %esi
        movl $BI_SIZE, %ecx
        rep movsb
        jmp 2f
1:      call frommultiboot
2:      call mapboth
        movl $LOW(bootpgdir), %eax
        movl %eax, %cr3
        movl %cr4, %eax
        orl $CR4_PSE, %eax
        movl %eax, %cr4
        movl %cr0, %eax
        orl $(CR0_PG | CR0_WP), %eax
        movl %eax, %cr0
        movl $high, %eax
        jmp *%eax

// Stop unless the processor has 4 MB pages and the instructions that the
// compiler was told to use. Keeps %ebp, %esi; %ebx is %esi again after.
checkcpu:
        pushfl
        popl %eax
        movl %eax, %ecx
        xorl $FL_ID, %eax
        pushl %eax
        popfl
        pushfl
        popl %eax
        xorl %ecx, %eax
        testl $FL_ID, %eax
        jz 1f
        movl $1, %eax
        cpuid
        movl %esi, %ebx
        andl $(CPUID_PSE | CPUID_CMOV), %edx
        cmpl $(CPUID_PSE | CPUID_CMOV), %edx
        jne 1f
        ret
1:      movl $badcpu, %esi
        // fall through

// Say the text at %esi on the screen and the serial line, and stop.
stop:
        movl $VGATEXT, %edi
        movb $VGAATTR, %ah
        movw $COM1, %dx
1:      lodsb
        testb %al, %al
        jz 2f
        stosw
        outb %al, %dx
        jmp 1b
2:      hlt
        jmp 2b

// Fill in the bootinfo at %edi from the Multiboot structure at %ebx.
frommultiboot:
        movl $BOOTMAGIC, BI_MAGIC(%edi)
        movb $1, BI_MULTI(%edi)
        call mbmemory
        testl $MBI_HASCMD, MBI_FLAGS(%ebx)
        jz 9f
        movl MBI_CMD(%ebx), %esi
        call skipname
        leal BI_ARGS(%edi), %edi
        movl $(SECTSIZE - 1), %ecx
1:      lodsb
        testb %al, %al
        jz 9f
        stosb
        loop 1b
9:      ret

// QEMU puts the kernel's path before the arguments, GRUB 2 does not: a first
// word that has a '/' or a '.' but neither '=' nor '"' is a path.
skipname:
        movl %esi, %edx
        xorl %ecx, %ecx                 // how many of '/' and '.'
1:      movb (%edx), %al
        cmpb $' ', %al
        jbe 3f
        cmpb $'=', %al
        je 9f
        cmpb $'"', %al
        je 9f
        incl %edx
        cmpb $'/', %al
        je 2f
        cmpb $'.', %al
        jne 1b
2:      incl %ecx
        jmp 1b
3:      jecxz 9f
        movl %edx, %esi
9:      ret

// The memory map: its entries are an E820 entry behind a length. A loader
// without one gives two sizes.
mbmemory:
        pushl %edi
        leal BI_E820(%edi), %edx
        xorl %ebp, %ebp                 // how many
        testl $MBI_HASMAP, MBI_FLAGS(%ebx)
        jz 3f
        movl MBI_MAP(%ebx), %esi
        movl MBI_MAPLEN(%ebx), %eax
        addl %esi, %eax                 // its end
1:      cmpl %eax, %esi
        jae 4f
        cmpl $NE820, %ebp
        jae 4f
        movl %edx, %edi
        movl $E820SIZE, %ecx
        pushl %esi
        addl $4, %esi
        rep movsb
        popl %esi
        addl (%esi), %esi
        addl $4, %esi
        movl %edi, %edx
        incl %ebp
        jmp 1b
3:      testl $MBI_HASMEM, MBI_FLAGS(%ebx)
        jz 4f
        movl MBI_LOWER(%ebx), %eax
        shll $10, %eax
        movl %eax, 8(%edx)
        movl $E820_RAM, 16(%edx)
        movl $ONEMB, E820SIZE(%edx)
        movl MBI_UPPER(%ebx), %eax
        shll $10, %eax
        movl %eax, E820SIZE + 8(%edx)
        movl $E820_RAM, E820SIZE + 16(%edx)
        movl $2, %ebp
4:      popl %edi
        movl %ebp, BI_NE820(%edi)
        ret

mapboth:
        movl $LOW(bootpgdir), %edi
        movl $(PTE_P | PTE_W | PTE_PS), %eax
        movl $NBOOTPDE, %ecx
1:      movl %eax, (%edi)
        movl %eax, (HIGH >> 22) * PDESIZE(%edi)
        addl $BIGPAGE, %eax
        addl $PDESIZE, %edi
        loop 1b
        ret

badcpu:    .asciz "Teak needs a Pentium Pro or later processor\r\n"
badloader: .asciz "Teak: started by an unknown boot loader\r\n"

        .text
high:
        movl $(bootstack + KSTACKSIZE), %esp
        movl $bootproc, bootstack
        xorl %ebp, %ebp                 // backtraces end here
        movl $bootinfo, %eax
        pushl %ebp
        jmp kmain

        .bss
        .balign KSTACKSIZE
        .globl bootstack
bootstack:
        .skip KSTACKSIZE
bootpgdir:
        .skip NPDENTRIES * PDESIZE
bootinfo:
        .skip BI_SIZE
