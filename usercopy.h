// usercopy.h: to and from user memory, faulting in what is not there. All calls
// check the right to all that they touch, mean the current process, may sleep
// (a page may have to be read), and are called with nothing locked.

#pragma once

#include "copynow.h"

int  copyin(void *dst, uint uva, uint n);           // 0 or -EFAULT
int  copyout(uint uva, const void *src, uint n);    // 0 or -EFAULT
// A string with its NUL; its length, -EFAULT, or -ENAMETOOLONG when it does
// not fit in max bytes.
int  copyinstr(char *dst, uint uva, uint max);
// The length alone.
int  user_strlen(uint uva, uint max);

// Have the page of a byte faulted in, if it is not there: 0, -EFAULT, -ENOMEM.
int  user_fault(uint uva, int write);
// Likewise the pages of the first WHOLE of *n bytes (copynow.h). Where a later
// one is none of the user's, *n is cut to the bytes before it.
int  user_ready(uint uva, uint *n, int write);
