// pageout.h: the reclaimer, a kernel thread that finds frames before they are
// all used, and for those who wait for memory; and what is done when there
// are none to be found.

#pragma once

#include "types.h"

void pageout_start(void);
// A page fault of this process at va cannot be served: nothing is left to be
// reclaimed. 1: another process has been chosen to die, try again. 0: it is
// this one.
int  oom(uint va);
