// sys.h: the system calls, as syscall.c's table reaches them.
//
// a: the six words after the return address on the user's stack; a word
// that is not mapped reads as 0. Result: a value, or -errno. May sleep; no
// lock is held.

/* sysfile.c */
int sys_read(const uint *a);
int sys_write(const uint *a);
int sys_open(const uint *a);
int sys_close(const uint *a);
int sys_dup(const uint *a);
int sys_dup2(const uint *a);
int sys_pipe(const uint *a);
int sys_fstat(const uint *a);
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
