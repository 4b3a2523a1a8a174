// pageout.h: the reclaimer, a kernel thread that finds frames before they are
// all used, and for those who wait for memory; and what is done when there
// are none to be found.

#pragma once

#include "types.h"

void reclaimer(void) __attribute__((noreturn));
// A page fault of this process at va cannot be served: nothing is left to be
// reclaimed. 1: another process has been chosen to die, try again. 0: it is
// this one.
int  oom(uint va);

// The overcommit check. sbrk and mmap reserve nothing; but they are refused
// when there is less available than the commit reserve, so that programs which
// allocate until refusal are refused before anybody is killed. 1: go on.
int  overcommit_ok(void);
// The same for a new process or program, which may use half of the reserve: a
// shell can still do something then. The other half is for pages that parents
// and children will have to copy.
int  overcommit_ok_fork(void);
