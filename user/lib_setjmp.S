// lib_setjmp.S: jumps out of functions: setjmp keeps the registers that a
// function must preserve, its caller's stack pointer and return address.

    .section .note.GNU-stack, "", @progbits
    .text

    .globl  setjmp
    .type   setjmp, @function
setjmp:
    movl    4(%esp), %eax
    movl    %ebx, (%eax)
    movl    %esi, 4(%eax)
    movl    %edi, 8(%eax)
    movl    %ebp, 12(%eax)
    leal    4(%esp), %ecx           // as after the return
    movl    %ecx, 16(%eax)
    movl    (%esp), %ecx
    movl    %ecx, 20(%eax)
    xorl    %eax, %eax
    ret

    .globl  longjmp
    .type   longjmp, @function
longjmp:
    movl    4(%esp), %edx
    movl    8(%esp), %eax
    testl   %eax, %eax
    jnz     1f
    incl    %eax                    // setjmp must not seem to return 0
1:  movl    (%edx), %ebx
    movl    4(%edx), %esi
    movl    8(%edx), %edi
    movl    12(%edx), %ebp
    movl    16(%edx), %esp
    jmp     *20(%edx)
