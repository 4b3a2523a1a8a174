// usys.S: one entry per system call.
//
// The kernel finds the arguments above the caller's return address, so an
// entry only loads the number and traps. Results above LASTERR are -errno.
// exit and wait are not here: the library has its own, on _exit and
// waitpid.

#include "../syscall.h"

#define TEAKGATE 65
#define LASTERR  0xfffff000

    .text

#define CALL(name)          \
    .globl  name;           \
    .type   name, @function;\
name:                       \
    movl    $SYS_##name, %eax; \
    jmp     trap

trap:
    int     $TEAKGATE
    cmpl    $LASTERR, %eax
    ja      failed
    ret
failed:
    negl    %eax
    movl    %eax, errno
    movl    $-1, %eax
    ret

CALL(fork)
CALL(pipe)
CALL(read)
CALL(kill)
CALL(exec)
CALL(fstat)
CALL(chdir)
CALL(dup)
CALL(getpid)
CALL(sbrk)
CALL(sleep)
CALL(uptime)
CALL(open)
CALL(write)
CALL(mknod)
CALL(unlink)
CALL(link)
CALL(mkdir)
CALL(close)
CALL(getpagetableentry)
CALL(isphysicalpagefree)
CALL(dumppagetable)
CALL(mmap)
CALL(munmap)
CALL(mprotect)
CALL(msync)
CALL(_exit)
CALL(waitpid)
CALL(lseek)
CALL(ftruncate)
CALL(rename)
CALL(fsync)
CALL(sync)
CALL(dup2)
CALL(regions)
CALL(procs)
CALL(sysinfo)
CALL(shutdown)
CALL(vmctl)
CALL(gettime)
CALL(setpgrp)
CALL(consctl)
CALL(getcwd)
CALL(kcheck)
CALL(failmark)
CALL(bootarg)

    .bss
    .globl  errno
    .type   errno, @object
    .size   errno, 4
    .balign 4
errno:
    .zero   4

    .section .note.GNU-stack, "", @progbits
