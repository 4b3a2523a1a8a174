// trapasm.S: into the kernel and out again.
//
// 256 stubs of 16 bytes push what the CPU did not: an error code where the
// vector has none, and the vector's number. All continue in alltraps, which
// completes a struct trapframe (proc.h) and calls trap(). Nothing of the
// interrupted program is trusted: data segments are loaded afresh, DF is
// cleared; the gates clear IF, TF and NT (SDM 3A 6.12.1.3), trap() looks at
// AC. The kernel uses neither %fs nor %gs, so they stay the program's and
// are exchanged only when processes are. Before the return to user mode,
// trap() or syscall() has decided that there is one.

#include "mmu.h"
#include "trap.h"

// Vectors for which the CPU pushes an error code (SDM 3A table 6-1).
#define ERRORCODE(n) \
        (n == 8 || (n >= 10 && n <= 14) || n == 17 || n == 21 || n == 29 || n == 30)

// The rest of a trap frame, kernel data segments, and the frame's address in
// %eax: the argument of what is called next.
.macro save
        pushl   %ds
        pushl   %es
        pushal
        cld
        movl    $SEL(SEG_KDATA, 0), %ebx
        movl    %ebx, %ds
        movl    %ebx, %es
        movl    %esp, %eax
.endm

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
        save
        call    trap
trapret:
        popal
        popl    %es
        popl    %ds
        addl    $8, %esp                // vector and error code
        iret

// The two gates of system calls. Interrupts are off, as everywhere here;
// syscall() turns them on.
.balign 16
.globl gate64, gate65
gate64:
        pushl   $0
        pushl   $T_SYSCALL64
        jmp     gate
gate65:
        pushl   $0
        pushl   $T_SYSCALL65
gate:   save
        call    syscall
        jmp     trapret

// void enter_user(struct trapframe *): leave through that frame.
.globl enter_user
enter_user:
        movl    %eax, %esp
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
