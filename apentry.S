// apentry.S: where the other CPUs begin: real mode, at APENTRY, where smp.c
// has copied the first part of this code (SDM 3A 8.4.4.2). It turns on
// protected mode and paging in one step (9.9.1), with the page directory that
// entry.S has made: that one maps low memory where it lies, and the kernel.
//
// The second part is not copied. It loads the kernel's directory, which maps
// the stacks, too, and takes the stack that smp.c offers. Who takes it is the
// CPU that smp.c waits for. One that comes later, when it has been given up,
// finds none and halts here: only its own registers have changed.

#include "mmu.h"
#include "memlayout.h"

#define AT(label) ((label) - apentry + APENTRY)

        .text
        .code16
        .globl apentry, apend
apentry:
        cli
        xorw %ax, %ax
        movw %ax, %ds
        lgdtl AT(apgdtr)
        movl $CR4_PSE, %eax
        movl %eax, %cr4
        movl $LOW(bootpgdir), %eax
        movl %eax, %cr3
        movl %cr0, %eax
        orl $(CR0_PE | CR0_PG), %eax
        movl %eax, %cr0
        ljmpl $SEL(SEG_KCODE, 0), $ap32
apgdtr: .word apgdtend - apgdt - 1
        .long apgdt
apend:

        .code32
ap32:
        movw $SEL(SEG_KDATA, 0), %ax
        movw %ax, %ds
        movw %ax, %es
        movw %ax, %ss
        movl $LOW(kpgdir), %eax
        movl %eax, %cr3
        xorl %esp, %esp
        xchgl %esp, apstack
        testl %esp, %esp
        jz late
        xorl %ebp, %ebp                 // backtraces end here
        pushl %ebp
        jmp ap_main
late:   hlt
        jmp late

        .balign 8
apgdt:  .quad 0
        .quad 0x00cf9a000000ffff        // code, 0..4 GB, 32 bits
        .quad 0x00cf92000000ffff        // data
apgdtend:
