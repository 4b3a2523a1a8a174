// usercopy.h: to and from user memory, faulting in what is not there. All calls
// check the right to all that they touch, mean the current process, may sleep
// (a page may have to be read), and are called with nothing locked.
//
// Besides what each says, all fail with -ENOMEM when a page is not there and no
// frame can be had for it, or the process was killed while it waited for one. A
// page that the disk cannot read is -EFAULT.

#pragma once

#include "copynow.h"

// 0 or -EFAULT: a part of the bytes may have been copied.
int  copyin(void *dst, uint uva, uint n);
int  copyout(uint uva, const void *src, uint n);
// A string with its NUL; its length, -EFAULT, or -ENAMETOOLONG when it does
// not fit in max bytes. dst 0: the length alone.
int  copyinstr(char *dst, uint uva, uint max);

// Have faulted in the pages of the first WHOLE of n bytes (copynow.h). Returns
// n; where a later page is none of the user's, the number of bytes before it.
int  user_ready(uint uva, uint n, int write);
