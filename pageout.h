// pageout.h: the reclaimer, a kernel thread that finds frames for those who
// wait for memory.

void pageout_start(void);
