// pageout.c: finding frames when there are none.
//
// The reclaimer sleeps until somebody waits in mem_wait(). Then it takes
// frames from the cache by second chance, and when only dirty ones are left
// it has them written. It never waits for an address space's lock and never
// opens a transaction, and it may use the frames that are kept in reserve,
// so whoever waits for it is always answered: memory, or -ENOMEM.

#include "types.h"
#include "param.h"
#include "errno.h"
#include "mmu.h"
#include "memlayout.h"
#include "x86.h"
#include "print.h"
#include "spinlock.h"
#include "kalloc.h"
#include "cpu.h"
#include "sleeplock.h"
#include "pagetable.h"
#include "sched.h"
#include "disk.h"
#include "cache.h"
#include "usercopy.h"
#include "proc.h"
#include "pageout.h"

#define WANTED 64                   // frames a round tries to free

static int
one_round(void)
{
    uint before = frames_free(), got;

    tables_shed();
    got = bevict(WANTED);
    if (got == 0)
        got = bevict(WANTED);       // a second chance was given, now taken
    if (got == 0 && cache_dirty() > 0) {
        bflush(DEV_FS);
        got = bevict(WANTED);
    }
    return got > 0 || before > frames_low() ? 0 : -ENOMEM;
}

static void
reclaimer(void *unused)
{
    (void)unused;
    myproc()->reserve = 1;
    for (;;) {
        mem_wanted();
        mem_round(one_round());
    }
}

void
pageout_start(void)
{
    if (kthread("pageout", reclaimer, 0) < 0)
        panic("no memory for the reclaimer");
}
