// trapasm.S: into the kernel and out again.
//
// 256 stubs of 16 bytes push what the CPU did not: an error code where the
// vector has none, and the vector's number. All continue in alltraps, which
// completes a struct trapframe (proc.h) and calls trap(). Nothing of the
// interrupted program is trusted: data segments are loaded afresh, DF is
// cleared; the gates clear IF, TF and NT (SDM 3A 6.12.1.3), trap() looks at
// AC. Before the return to user mode, trap() has decided that there is one.

#include "mmu.h"

// Vectors for which the CPU pushes an error code (SDM 3A table 6-1).
#define ERRORCODE(n) \
        (n == 8 || (n >= 10 && n <= 14) || n == 17 || n == 21 || n == 29 || n == 30)

.text
.balign 16
.globl vectors
vectors:
        .set    n, 0
        .rept   256
        .balign 16
        .if !ERRORCODE(n)
        pushl   $0
        .endif
        pushl   $n
        jmp     alltraps
        .set    n, n + 1
        .endr

.balign 16
.globl alltraps
alltraps:
        pushl   %ds
        pushl   %es
        pushl   %fs
        pushl   %gs
        pushal
        cld
        movl    $SEL(SEG_KDATA, 0), %eax
        movl    %eax, %ds
        movl    %eax, %es
        xorl    %ebp, %ebp              // a backtrace ends here: %ebp was
        pushl   %esp                    // the program's
        call    trap
        addl    $4, %esp
trapret:
        popal
        popl    %gs
        popl    %fs
        popl    %es
        popl    %ds
        addl    $8, %esp                // vector and error code
        iret

// void enter_user(struct trapframe *): leave through that frame.
.globl enter_user
enter_user:
        movl    4(%esp), %esp
        jmp     trapret

// A forked child's first instructions; its trap frame is next on the stack.
.globl forkret
forkret:
        call    sched_started
        jmp     trapret

// The double fault's task starts here on its own stack (SDM 3A 6.15). The
// error code is on the stack; the interrupted state is in the old TSS.
.globl dfentry
dfentry:
        cld
        call    double_fault
