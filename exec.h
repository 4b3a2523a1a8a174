// exec.h: running programs.

#pragma once

#include "types.h"

// Replace the current process's program. path is in kernel memory. argv is a
// user address, or the kernel's where the process has no address space yet.
// 0, or -errno with the caller unchanged: -ENOENT, -ENOTDIR, -EACCES, -ENOEXEC,
// -E2BIG, -ENOMEM, -EFAULT, -ETXTBSY, -EIO; -EINTR: killed; -ERESTART: no frame
// (errno.h). May sleep.
int  exec(const char *path, uint argv);
