// crt0.S: where a program begins.
//
// exec leaves on the stack, lowest address first:
//
//     fake return address     argc     argv
//
// and the environment's pointers behind argv's final 0.
// _start aligns the stack as compilers expect it, calls main(argc, argv)
// and exits with main's result. argv[0]'s last part is kept as progname,
// for messages.

    .text
    .globl _start
_start:
    xorl    %ebp, %ebp              # the outermost frame, for debuggers
    movl    4(%esp), %esi           # argc
    movl    8(%esp), %edi           # argv
    andl    $-16, %esp
    subl    $8, %esp
    pushl   %edi
    pushl   %esi
    call    __libstart              # may set progname
    call    main
    movl    %eax, (%esp)
    call    exit
    hlt                             # exit does not return

    .section .note.GNU-stack, "", @progbits
