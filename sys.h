// sys.h: the system calls, as syscall.c's table reaches them.
//
// a: the argument words, which syscall() has copied from the user's stack.
// Result: a value, or -errno. -ERESTART: no frame, and nothing has changed;
// syscall() waits for memory and calls again. May sleep; no lock is held.

#pragma once

#include "types.h"

/* sysfile.c */
int sys_read(const uint *a);
int sys_write(const uint *a);
int sys_open(const uint *a);
int sys_close(const uint *a);
int sys_dup(const uint *a);
int sys_dup2(const uint *a);
int sys_pipe(const uint *a);
int sys_fstat(const uint *a);
int sys_fstatx(const uint *a);
int sys_setmtime(const uint *a);
int sys_lseek(const uint *a);
int sys_ftruncate(const uint *a);
int sys_fsync(const uint *a);
int sys_sync(const uint *a);
int sys_mkdir(const uint *a);
int sys_mknod(const uint *a);
int sys_unlink(const uint *a);
int sys_link(const uint *a);
int sys_rename(const uint *a);
int sys_chdir(const uint *a);
int sys_getcwd(const uint *a);

/* sysproc.c */
int sys_fork(const uint *a);
int sys_exit(const uint *a);
int sys__exit(const uint *a);
int sys_wait(const uint *a);
int sys_waitpid(const uint *a);
int sys_kill(const uint *a);
int sys_exec(const uint *a);
int sys_execve(const uint *a);
int sys_getpid(const uint *a);
int sys_sleep(const uint *a);
int sys_uptime(const uint *a);
int sys_procs(const uint *a);
int sys_setpgrp(const uint *a);
int sys_shutdown(const uint *a);
int sys_gettime(const uint *a);
int sys_consctl(const uint *a);
int sys_bootarg(const uint *a);
int sys_suspend(const uint *a);
int sys_memframes(const uint *a);

/* sysvm.c */
int sys_sbrk(const uint *a);
int sys_getpagetableentry(const uint *a);
int sys_isphysicalpagefree(const uint *a);
int sys_dumppagetable(const uint *a);
int sys_regions(const uint *a);
int sys_sysinfo(const uint *a);
int sys_vmctl(const uint *a);
int sys_kcheck(const uint *a);
int sys_failmark(const uint *a);

/* mmap.c */
int sys_mmap(const uint *a);
int sys_munmap(const uint *a);
int sys_mprotect(const uint *a);
int sys_msync(const uint *a);
