// exec.h: running programs.

#pragma once

#include "types.h"

// Replace the current process's program. path is in kernel memory, argv a
// user address. 0, or -errno with the caller unchanged: -ENOENT, -EACCES,
// -ENOEXEC, -E2BIG, -ENOMEM, -EFAULT, -ETXTBSY, -EIO. May sleep.
int  exec(const char *path, uint argv);
// The same with arguments in kernel memory, for the first process.
int  exec_kernel(const char *path, char **argv);
