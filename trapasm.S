// trapasm.S: into the kernel and out again.
//
// 256 stubs of 16 bytes push what the CPU did not: an error code where the
// vector has none, and the vector's number. All continue in alltraps, which
// completes a struct trapframe (proc.h) and calls trap(). System calls and
// page faults have entries of their own.
//
// Nothing of the interrupted program is trusted: DF is cleared, and AC, with
// which SMAP would be off; the gates clear IF, TF and NT (SDM 3A 6.12.1.3).
// The kernel's %ds and %es are the flat segment of programs, so they are
// loaded only for a program that has changed them: to compare costs less, and
// under emulation a load ends the translated block. The kernel uses neither
// %fs nor %gs, so they stay the program's and are exchanged only when
// processes are. Before the return to user mode somebody has looked at
// p->attention.

#include "mmu.h"
#include "param.h"
#include "syscall.h"
#include "errno.h"
#include "vectors.h"

#define UDS  SEL(SEG_UDATA, DPL_USER)
#define FLAT (UDS << 16 | UDS)          // %ds and %es as they should be
#define ACBIT (FL_AC >> 16)             // in the flags' third byte
#define VMBIT (FL_VM >> 16)

// From a trap frame of user mode, which is at the stack's top, to the word at
// its bottom: the process.
#define PROC(frame) TFSIZE - KSTACKSIZE(frame)

// Vectors for which the CPU pushes an error code (SDM 3A table 6-1).
#define ERRORCODE(n) \
        (n == 8 || (n >= 10 && n <= 14) || n == 17 || n == 21 || n == 29 || n == 30)

// The rest of a trap frame, and what the kernel relies on. Changes flags only.
// vector: of an entry that has not pushed it.
.macro save vector
        pushw   %ds
        pushw   %es
        pushal
        cld
        cmpl    $FLAT, TF_SEGS(%esp)
        jne     8f
        testb   $ACBIT, TF_EFLAGS + 2(%esp)
        jnz     8f
9:
.subsection 1
8:      .ifnb   \vector
        movl    $\vector, TF_TRAPNO(%esp)
        .endif
        call    mend
        testb   $VMBIT, TF_EFLAGS + 2(%esp)
        jz      9b
        jmp     trapped                 // trap() does not return from that
.previous
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
trapped:
        movl    %esp, %eax
        call    trap
.globl trapret
trapret:
        cmpl    $FLAT, TF_SEGS(%esp)
        jne     1f
        popal
        addl    $12, %esp               // segments, vector, error code
        iret
1:      popal
        popw    %es
        popw    %ds
        addl    $8, %esp
        iret

// For the rare program that changed what the kernel relies on.
mend:
        pushl   %eax
        movl    $UDS, %eax
        movl    %eax, %ds
        movl    %eax, %es
        popl    %eax
        pushl   $2                      // bit 1 is always set
        popfl
        ret

// Page faults. Those of programs go straight to fault_once().
.balign 16
.globl pgflt
pgflt:
        pushl   $T_PGFLT                // the CPU has pushed the error code
        save
        testb   $DPL_USER, TF_CS(%esp)
        jz      trapped
        movl    %cr2, %ebx              // before another fault changes it
        movl    PROC(%esp), %esi
        movl    P_AS(%esi), %eax
        movl    %ebx, %edx
        movl    TF_ERR(%esp), %ecx
        sti
        call    fault_once
        cli
        testl   %eax, %eax
        js      1f
        cmpl    $0, P_ATTENTION(%esi)
        je      trapret
        jmp     attend
1:      movl    %eax, %ecx
        movl    %ebx, %edx
        movl    %esp, %eax
        call    hard_fault
attend: movl    %esi, %eax
        call    heed
        jmp     trapret

// The two gates of system calls, interrupts off. syscall() does all of it in
// C; gate65 takes a short way, 29 to 40 instructions in and out, for calls whose
// arguments lie in the stack page that was used last (as->argva). The words
// are copied onto this stack before interrupts go on: nobody can change
// them after they have been looked at.
.balign 16
.globl gate64, gate65
gate64:
        pushl   $0
        pushl   $T_SYSCALL64
        save
        jmp     1f
longway:
        movl    $T_SYSCALL65, TF_TRAPNO(%esp)
1:      movl    %esp, %eax
        call    syscall
        jmp     trapret
.balign 16
gate65:
        leal    -8(%esp), %esp          // error code, vector: as they are
        save    T_SYSCALL65
        cmpl    $NSYSCALL, %eax
        jae     longway
        movl    PROC(%esp), %esi
        movl    SYS_FN(%eax), %edi
        movl    SYS_NARGS(%eax), %ecx
        testl   %ecx, %ecx
        jz      2f
        movl    P_AS(%esi), %eax
        movl    TF_ESP(%esp), %edx
        subl    AS_ARGVA(%eax), %edx
        cmpl    AS_ARGLEN(%eax), %edx
        jae     longway
        addl    AS_ARGKVA(%eax), %edx
        cmpl    $3, %ecx
        jbe     1f
        pushl   24(%edx)
        pushl   20(%edx)
        pushl   16(%edx)
1:      pushl   12(%edx)
        pushl   8(%edx)
        pushl   4(%edx)
2:      movl    %esp, %eax
        sti
        call    *%edi
        cli
        movl    P_TF(%esi), %esp        // where it was before the arguments
        cmpl    $-ERESTART, %eax        // no memory: it begins again
        je      1f
        movl    %eax, TF_EAX(%esp)
        cmpl    $0, P_ATTENTION(%esi)
        jne     attend
        jmp     trapret
1:      sti
        call    mem_wait
        cli
        testl   %eax, %eax
        jz      longway
        movl    %eax, TF_EAX(%esp)
        jmp     attend

// void enter_user(struct trapframe *): leave through that frame.
.globl enter_user
enter_user:
        movl    %eax, %esp
        jmp     trapret

// A forked child's first instructions; its trap frame is next on the stack.
.globl forkret
forkret:
        call    sched_started
        movl    PROC(%esp), %eax        // it may have been killed meanwhile
        call    heed
        jmp     trapret

// The double fault's task starts here on its own stack (SDM 3A 6.15). The
// error code is on the stack; the interrupted state is in the old TSS.
.globl dfentry
dfentry:
        cld
        call    double_fault
