// usys.S: one entry per system call.
//
// The kernel finds the arguments above the caller's return address, so an
// entry only loads the number and traps. Results above LASTERR are -errno.
// exit and wait are not here: the library has its own, on _exit and
// waitpid. A new call goes to the end.

#include "../syscall.h"

#define TEAKGATE 65
#define LASTERR  0xfffff000

    .section .note.GNU-stack, "", @progbits

    .bss
    .globl  errno
    .type   errno, @object
    .size   errno, 4
    .balign 4
errno:
    .zero   4

    .cfi_sections .debug_frame      // for backtraces: there is no frame here
    .text

#define CALL(name) NAMED(name, SYS_##name)
#define NAMED(name, number) \
    .globl  name;           \
    .type   name, @function;\
name:                       \
    .cfi_startproc;         \
    movl    $number, %eax;  \
    jmp     trap;           \
    .cfi_endproc

trap:
    .cfi_startproc
    .globl  usys_int                // bench -g changes it
usys_int:
    int     $TEAKGATE
    cmpl    $LASTERR, %eax
    ja      failed
    ret
failed:
    negl    %eax
    movl    %eax, errno
    movl    $-1, %eax
    ret
    .cfi_endproc

#define CALLS(a, b, c, d)  CALL(a); CALL(b); CALL(c); CALL(d)

    CALLS(fork, exec, waitpid, _exit)
    CALLS(getpid, kill, setpgrp, procs)
    CALLS(sbrk, mmap, munmap, mprotect)
    CALLS(msync, regions, vmctl, sysinfo)
    CALL(memframes)
    CALLS(open, close, read, write)
    CALLS(pipe, dup, dup2, lseek)
    CALLS(setmtime, ftruncate, fsync, sync)
    CALLS(mknod, mkdir, link, unlink)
    CALLS(rename, chdir, bootarg, consctl)
    CALLS(sleep, uptime, gettime, shutdown)
    CALLS(kcheck, failmark, suspend, dumppagetable)
    CALL(getpagetableentry); CALL(isphysicalpagefree); CALL(execve)
    NAMED(fstat, SYS_fstatx)        // the call 8 is old programs'
    NAMED(workdir, SYS_getcwd)      // getcwd() is POSIX's
