// swtch.S: from one kernel stack to another.
//
//     void swtch(uint *save, uint load);
//
// What a C caller expects to survive a call is pushed on the old stack, whose
// pointer goes to *save; `load` is such a pointer, saved by an earlier swtch
// or laid out by proc.c for a process that never ran:
//
//     low   edi  esi  ebx  ebp  return address   high
//
// The interrupt flag is not among them: both sides hold a run-queue lock.

.text
.globl swtch
swtch:
        movl    4(%esp), %eax
        movl    8(%esp), %edx
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
