// entry.S: the kernel's first instructions, and paging on.
//
// Two loaders start the kernel here, both in 32-bit mode without paging and
// with interrupts off: Teak's own, with BOOTMAGIC in %eax and the boot
// information's physical address in %ebx, and any Multiboot 1 loader (GRUB,
// QEMU's -kernel), with MULTIBOOTMAGIC and the address of its own structure.
// kmain() gets both words.
//
// The section .boot is linked where it is loaded, at 1 MB. The rest of the
// kernel is linked KERNBASE higher than it is loaded, so until paging is on
// its symbols are used less KERNBASE: LOW(). The first page directory maps
// physical memory at KERNBASE, as far as there is room, and the first 4 MB
// also at 0, for the instructions here; kvm_init() soon replaces it, but the
// other CPUs begin with it, too (apentry.S).
//
// The kernel finds the running process at the lowest word of the 8 KB stack
// it stands on; for this first stack that is bootproc.

#include "boot.h"
#include "mmu.h"
#include "memlayout.h"
#include "param.h"

#define BIGPAGE  0x400000               // a PDE maps 4 MB
#define HIGHPDE  (KERNBASE >> 22)       // the first above KERNBASE
#define NBOOTPDE 480                    // up to DIRECTTOP
#define PDESIZE  4

#define CPUID_PSE  (1 << 3)             // CPUID.1:EDX
#define CPUID_CMOV (1 << 15)            // what -march=i686 asks for

#define MB_MAGIC   0x1badb002           // Multiboot 0.6.96, 3.1
#define MB_FLAGS   2                    // memory information, please

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
        movl %eax, %ebp                 // cpuid changes %eax and %ebx
        movl %ebx, %esi
        movl $1, %eax                   // 4 MB pages, and the instructions
        cpuid                           // that the compiler may use?
        andl $(CPUID_PSE | CPUID_CMOV), %edx
        cmpl $(CPUID_PSE | CPUID_CMOV), %edx
        jne badcpu

        movl $(PTE_P | PTE_W | PTE_PS), %eax
        movl %eax, LOW(bootpgdir)
        movl $LOW(bootpgdir + HIGHPDE * PDESIZE), %edi
        movl $NBOOTPDE, %ecx
1:      stosl
        addl $BIGPAGE, %eax
        loop 1b
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

// Say why on the screen and the serial line, and stop.
badcpu:
        movl $why, %esi
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
why:    .asciz "Teak needs a Pentium Pro or later processor\r\n"

        .text
high:
        movl $(bootstack + KSTACKSIZE), %esp
        movl $bootproc, bootstack
        movl %ebp, %eax
        movl %esi, %edx
        xorl %ebp, %ebp                 // backtraces end here
        pushl %ebp
        jmp kmain

        .bss
        .balign KSTACKSIZE
        .globl bootstack, bootpgdir
bootstack:
        .skip KSTACKSIZE
bootpgdir:
        .skip NPDENTRIES * PDESIZE
