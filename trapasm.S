// trapasm.S: into the kernel and out again. Interface: trap.h. C's arguments
// travel in %eax, %edx and %ecx (Makefile, -mregparm=3).
//
// Every interrupt, exception and system call takes the same way, but for the
// double fault (dfentry). The CPU has switched to the process's kernel stack,
// which is empty when it comes from user mode, and pushed the user's stack
// pointer, flags and eip. One of 256 stubs of 16 bytes pushes what the CPU did
// not: an error code where the vector has none, and the vector's number.
// alltraps pushes the registers. All that is together a struct trapframe
// (proc.h), which trap() gets:
//
//     low   edi esi ebp esp ebx edx ecx eax   gs fs es ds   trapno err
//           eip cs eflags   esp ss (these two only from user mode)   high
//
// Nothing of the interrupted program is trusted: %ds and %es are loaded, and
// the flags that a gate does not clear (SDM 3A 6.12.1.3) are cleared. Of these
// DF would turn copies round, and with AC the kernel could use user addresses
// (SMAP). The kernel uses neither %fs nor %gs, so it saves these two and loads
// nothing.
//
// The .cfi lines tell gdb where the stubs and alltraps have put what, so that a
// backtrace crosses them into the interrupted code. The CFA is the place of
// esp. They hold for forkret, too.

#include "mmu.h"

// Vectors for which the CPU pushes an error code (SDM 3A table 6-1).
#define ERRORCODE(n) \
        (n == 8 || (n >= 10 && n <= 14) || n == 17 || n == 21 || n == 29 || n == 30)

.cfi_sections .debug_frame

.text
.balign 16
.globl vectors
vectors:
        .cfi_startproc simple
        .cfi_signal_frame
        .cfi_offset eip, -12
        // %esp was the word at the CFA if cs, 8 bytes below, is a user's; else
        // the CFA, as none was pushed. val_expression esp, 14 bytes: dup,
        // const1s -8, plus, deref, lit3, and, bra +3, skip +1, deref
        .cfi_escape 22, 4, 14, 18, 9, -8&255, 34, 6, 51, 26, 40,3,0, 47,1,0, 6
        .set    n, 0
        .rept   256
        .balign 16
        .cfi_def_cfa esp, 12            // above eip, cs, eflags
        .if !ERRORCODE(n)
        pushl   $0
        .endif
        .cfi_def_cfa_offset 16
        pushl   $n
        .cfi_def_cfa_offset 20
        jmp     alltraps
        .set    n, n + 1
        .endr

.globl alltraps
alltraps:
        pushl   %ds; .cfi_adjust_cfa_offset 4
        pushl   %es; .cfi_adjust_cfa_offset 4
        pushl   %fs; .cfi_adjust_cfa_offset 4
        pushl   %gs; .cfi_adjust_cfa_offset 4
        pushal
        .cfi_adjust_cfa_offset 32
        .cfi_offset eax, -40
        .cfi_offset ecx, -44
        .cfi_offset edx, -48
        .cfi_offset ebx, -52
        .cfi_offset ebp, -60
        .cfi_offset esi, -64
        .cfi_offset edi, -68
        pushl   $FL_ONE                 // DF, AC, NT off
        popfl
        movl    $SEL(SEG_KDATA, 0), %eax
        movl    %eax, %ds
        movl    %eax, %es
        movl    %esp, %eax
        call    trap
.globl trapret
trapret:
        popal
        popl    %gs
        popl    %fs
        popl    %es
        popl    %ds
        addl    $8, %esp                // vector, error code
        iret

// A forked child's first instructions (proc_set_start() in ptable.c); its trap
// frame is next on the stack.
.globl forkret
forkret:
        call    sched_started
        cli
        call    user_return             // it may have been killed meanwhile
        jmp     trapret
        .cfi_endproc

// void enter_user(struct trapframe *): leave through that frame.
.globl enter_user
enter_user:
        movl    %eax, %esp
        jmp     trapret

// The double fault's task starts here on its own stack (SDM 3A 6.15). The
// error code is on the stack; the interrupted state is in the old TSS.
.globl dfentry
dfentry:
        cld
        call    double_fault
