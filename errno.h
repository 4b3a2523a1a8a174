// errno.h: error numbers; the kernel returns them negated. Values are
// Linux i386's.

#pragma once

#define EPERM         1   // operation not permitted
#define ENOENT        2   // no such file or directory
#define ESRCH         3   // no such process
#define EINTR         4   // interrupted by a kill
#define EIO           5   // the device failed
#define ENXIO         6   // no such device
#define E2BIG         7   // argument list too long
#define ENOEXEC       8   // not a program this kernel can run
#define EBADF         9   // not an open descriptor, or not open for that
#define ECHILD       10   // no child to wait for
#define EAGAIN       11   // not now, try again
#define ENOMEM       12   // out of memory or address space
#define EACCES       13   // rights do not allow it
#define EFAULT       14   // bad address
#define EBUSY        16   // in use
#define EEXIST       17   // exists already
#define EXDEV        18   // would cross devices
#define ENODEV       19   // the device cannot do that
#define ENOTDIR      20   // a directory was needed
#define EISDIR       21   // a directory is not allowed here
#define EINVAL       22   // invalid argument
#define ENFILE       23   // no more open files in the system
#define EMFILE       24   // no more descriptors in this process
#define ENOTTY       25   // not a terminal
#define ETXTBSY      26   // a running program, or to be run while written
#define EFBIG        27   // file too large
#define ENOSPC       28   // disk full
#define ESPIPE       29   // a pipe or device has no offset
#define EROFS        30   // file system is read-only
#define EMLINK       31   // too many links
#define EPIPE        32   // nobody reads this pipe
#define ERANGE       34   // result does not fit
#define ENAMETOOLONG 36   // path too long
#define ENOSYS       38   // no such system call
#define ENOTEMPTY    39   // directory not empty
#define ELOOP        40   // too many scripts that run each other
#define EOVERFLOW    75   // value does not fit
#define ETIMEDOUT   110   // the time limit passed

// Within the kernel only: no frame was free, and nothing has changed. Whoever
// gets it passes it up to where nothing is held; there somebody waits for
// memory and begins again (memwait.h). No program sees it.
#define ERESTART    512
