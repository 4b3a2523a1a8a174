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
#include "param.h"
#include "syscall.h"
#include "trap.h"

#define PGLAST 4096                     // past a page's last byte

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

// The two gates of system calls, interrupts off. syscall() does all of it in
// C; gate65 takes a short way, 40 instructions in and out, for calls whose
// arguments lie in the stack page that was used last (as->argva). The words
// are copied onto this stack before interrupts go on: nobody can change
// them after they have been looked at.
.balign 16
.globl gate64, gate65
gate64:
        pushl   $0
        pushl   $T_SYSCALL64
        save
        jmp     longway
gate65:
        pushl   $0
        pushl   $T_SYSCALL65
        save
        movl    %eax, %ebx              // the trap frame
        movl    TF_EAX(%ebx), %edi
        cmpl    $NSYSCALL, %edi
        jae     longway
        movl    %esp, %esi
        andl    $~(KSTACKSIZE - 1), %esi
        movl    (%esi), %esi            // the process
        movl    SYS_NARGS(%edi), %ecx
        testl   %ecx, %ecx
        jz      2f
        movl    P_AS(%esi), %eax
        movl    TF_ESP(%ebx), %edx
        testl   %edx, %edx              // at KERNBASE or above: it may be
        js      longway                 // anything, near NOARGVA, too
        subl    AS_ARGVA(%eax), %edx
        cmpl    $(PGLAST - 4 * 7), %edx
        ja      longway
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
        call    *SYS_FN(%edi)
        cli
        movl    %ebx, %esp
        movl    %eax, TF_EAX(%ebx)
        cmpl    $0, P_ATTENTION(%esi)
        je      trapret
        movl    %esi, %eax
        call    heed
        jmp     trapret
longway:
        movl    %esp, %eax
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
