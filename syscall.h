// syscall.h: system-call numbers and the constants that go with them.
//
// Two gates, same numbers and arguments. int $64 is the gate of programs
// built for xv6: -1 for any failure. int $65 is Teak's own: -errno; no
// result above 0xfffff000 is a value. Number in %eax, arguments on the user
// stack above a return address, result in %eax, all else preserved.

#pragma once

#define SYS_fork       1    // () -> child's pid; 0 in the child
#define SYS_exit       2    // () status 0
#define SYS_wait       3    // () -> pid of a child that ended
#define SYS_pipe       4    // (int fd[2])
#define SYS_read       5    // (int fd, void *buf, int n) -> bytes
#define SYS_kill       6    // (int pid) pid < -1: the group -pid
#define SYS_exec       7    // (char *path, char **argv) no environment
#define SYS_fstat      8    // (int fd, struct stat *) as xv6 knows it: 20 bytes
#define SYS_chdir      9    // (char *path)
#define SYS_dup       10    // (int fd) -> fd
#define SYS_getpid    11    // ()
#define SYS_sbrk      12    // (int n) -> old break
#define SYS_sleep     13    // (int ticks), 100 a second
#define SYS_uptime    14    // () -> ticks
#define SYS_open      15    // (char *path, int flags) -> fd
#define SYS_write     16    // (int fd, void *buf, int n) -> bytes
#define SYS_mknod     17    // (char *path, int major, int minor)
#define SYS_unlink    18    // (char *path); an empty directory too
#define SYS_link      19    // (char *old, char *new)
#define SYS_mkdir     20    // (char *path)
#define SYS_close     21    // (int fd)
#define SYS_getpagetableentry  22  // (int pid, int va) -> raw PTE, 0 if none
#define SYS_isphysicalpagefree 23  // (int ppn) -> 1 or 0
#define SYS_dumppagetable      24  // (int pid), to the console
#define SYS_mmap      25    // (addr, len, prot, flags, fd, off) -> address
#define SYS_munmap    26    // (addr, len)
#define SYS_mprotect  27    // (addr, len, prot)
#define SYS_msync     28    // (addr, len, flags)
#define SYS__exit     29    // (int status)
#define SYS_waitpid   30    // (int pid, int *status, int options) -> pid
                            // pid: a child; -1 any; 0 one of the caller's
                            // group; < -1 one of group -pid
#define SYS_lseek     31    // (int fd, int off, int whence) -> offset
#define SYS_ftruncate 32    // (int fd, uint size)
#define SYS_rename    33    // (char *old, char *new)
#define SYS_fsync     34    // (int fd)
#define SYS_sync      35    // ()
#define SYS_dup2      36    // (int old, int new) -> new
#define SYS_regions   37    // (int pid, struct regioninfo *, int n) -> count
#define SYS_procs     38    // (struct procinfo *, int n) -> count
#define SYS_sysinfo   39    // (struct sysinfo *)
#define SYS_shutdown  40    // (int how, int status)
#define SYS_vmctl     41    // (int knob, int value or -1) -> value before
#define SYS_gettime   42    // (struct timespec *)
#define SYS_setpgrp   43    // (int pid or 0, int pgrp or 0)
#define SYS_consctl   44    // (int op, int arg)
#define SYS_getcwd    45    // (char *buf, int n) -> length
#define SYS_kcheck    46    // (struct kcheckinfo *) run the invariant checker
#define SYS_failmark  47    // (int what, int n) fail the n-th from now; 0 none
                            // -> how many were still to come before: 0 if it fired
#define SYS_bootarg   48    // (char *name, char *buf, int n) -> length
#define SYS_execve    49    // (char *path, char **argv, char **envp)
#define SYS_fstatx    50    // (int fd, struct stat *) all of it
#define SYS_setmtime  51    // (int fd, uint seconds) since 1970
#define SYS_suspend   52    // (int pid, int on) 1: stop, 0: continue; pid < -1:
                            // the group -pid
#define SYS_memframes 53    // (uint first, struct frameinfo *, int n) -> count
#define NSYSCALL      54    // every number below has its call

#define WNOHANG   1         // waitpid: 0 at once when nobody has ended
#define WUNTRACED 2         // tell of who was stopped, too, once: 0x147f

#ifndef __ASSEMBLER__
enum { POWEROFF, REBOOT };                          // shutdown
enum { CONS_SETFG, CONS_GETFG, CONS_MODE,           // consctl: foreground
       CONS_SIZE, CONS_WAIT,                        // group, mode, size, input,
       CONS_BREAKS };                               // ^Cs so far, modulo 2^31
enum { CONS_COOKED, CONS_RAW };                     // CONS_MODE's argument
                                                    // CONS_SIZE: -> rows << 16 | columns
                                                    // CONS_WAIT ticks: -> 1 if read() would
                                                    // find a byte, 0 if none has come by then
enum { VM_COW, VM_LAZYHEAP, VM_DEMANDLOAD,          // vmctl: switches,
       VM_TRACE, VM_POLICY, VM_EVENTS, NVMKNOB };   // fault trace, eviction,
                                                    // stream of events
// failmark: what is to fail.
//   FAIL_KALLOC  allocations of frames
//   FAIL_DISK    requests to the disks, of any kind
//   FAIL_SLOT    allocations of swap slots
//   FAIL_WRITE   writes to the disks
//   FAIL_READ    reads that the caller asks for; the mark empties the cache, so
//                that there are some
enum { FAIL_KALLOC, FAIL_DISK, FAIL_SLOT, FAIL_WRITE, FAIL_READ, NFAIL };
#endif
