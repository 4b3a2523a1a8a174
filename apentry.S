// apentry.S: where the other CPUs begin: real mode, at APENTRY, where smp.c
// has copied this code (SDM 3A 8.4.4.2). smp.c fills the three words at its
// end: a directory that maps this page where it lies, a stack, and where to go.
//
// Who takes the stack is the CPU that smp.c waits for. One that comes later,
// when it has been given up, finds none and halts here: nothing but this
// page, which nobody else ever gets, has been touched.

#include "mmu.h"

#define APENTRY 0x7000
#define AT(label) ((label) - apentry + APENTRY)

.text
.code16
.globl apentry
apentry:
        cli
        xorw    %ax, %ax
        movw    %ax, %ds
        lgdtl   AT(apgdtdesc)
        movl    %cr0, %eax
        orl     $CR0_PE, %eax
        movl    %eax, %cr0
        ljmpl   $SEL(SEG_KCODE, 0), $AT(ap32)

.code32
ap32:
        movw    $SEL(SEG_KDATA, 0), %ax
        movw    %ax, %ds
        movw    %ax, %es
        movw    %ax, %ss
        xorl    %esp, %esp
        xchgl   %esp, AT(apstack)
        testl   %esp, %esp
        jz      late
        movl    %cr4, %eax
        orl     $CR4_PSE, %eax
        movl    %eax, %cr4
        movl    AT(apdir), %eax
        movl    %eax, %cr3
        movl    %cr0, %eax
        orl     $(CR0_PG | CR0_WP), %eax
        movl    %eax, %cr0
        xorl    %ebp, %ebp
        pushl   %ebp
        jmp     *AT(apmain)
late:   cli
        hlt
        jmp     late

.balign 8
apgdt:
        .quad   0
        .quad   0x00cf9a000000ffff      // code, 0..4 GB, 32 bits
        .quad   0x00cf92000000ffff      // data
apgdtdesc:
        .word   . - apgdt - 1
        .long   AT(apgdt)
.balign 4
.globl apdir, apstack, apmain, apend
apdir:   .long  0
apstack: .long  0
apmain:  .long  0
apend:
