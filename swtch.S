// swtch.S: from one kernel stack to another.
//
//     void swtch(uint *save, uint load);      %eax, %edx
//
// What a C caller expects to survive a call is pushed on the old stack, whose
// pointer goes to *save; `load` is such a pointer, saved by an earlier swtch
// or laid out by ptable.c for a process that never ran:
//
//     low   edi  esi  ebx  ebp  return address   high
//
// The interrupt flag is not among them: sched.lock is held on both sides, so
// interrupts are off. Arguments travel in registers (Makefile, -mregparm=3).

.text
.globl swtch
swtch:
        pushl   %ebp
        pushl   %ebx
        pushl   %esi
        pushl   %edi
        movl    %esp, (%eax)
        movl    %edx, %esp
        popl    %edi
        popl    %esi
        popl    %ebx
        popl    %ebp
        ret
