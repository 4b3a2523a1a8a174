// exec.h: running programs.

#pragma once

#include "types.h"

// Replace the current process's program. All three are user addresses; envp
// may be 0: no environment. Where the process has no address space yet, path is
// the kernel's, and the only argument. 0, or -errno with the caller unchanged:
// -ENOENT, -ENOTDIR, -ENAMETOOLONG, -EACCES, -ENOEXEC, -ELOOP, -E2BIG, -ENOMEM,
// -EFAULT, -ETXTBSY, -EIO; -EINTR: killed; -ERESTART: no frame (errno.h). May
// sleep.
int  exec(uint path, uint argv, uint envp);
