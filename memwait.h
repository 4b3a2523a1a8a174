// memwait.h: waiting for memory: one rule.
//
// Nobody waits for memory who holds anything that another may wait for: no
// lock, no transaction, no frame that is being read. (References to inodes and
// frames, a few a process, are no such things.) Whoever finds no frame undoes
// what it has begun and returns -ERESTART, up to where nothing is held. There
// somebody waits and begins again: syscall() the whole system call, the page
// fault its next try, op_begin() its transaction, a loop of steps its next
// step.

#pragma once

#include "types.h"

// Wait until there are as many frames as frames_reserve() lacked, and some more;
// wakes the reclaimer.
//
//   who      result     when
//   all      0          there are so many: begin again
//   all      -ERESTART  at once: the caller holds a sleep lock
//   all      -ENOMEM    killed
//   a fault  -ENOMEM    a whole round of the reclaimer's found nothing
//   a call   -ENOMEM    so have some, while no fault took a frame, waited or
//                       acted on that, and nobody was about to die; or it has
//                       waited for MOSTROUNDS (memwait.c)
//   a call   -ENOMEM    at once: an allocation was made to fail (once)
int  mem_wait(void);
// What to do after a step that returned err: err itself, but instead of
// -ERESTART 1, there is more to do, or what mem_wait() refused with.
int  mem_again(int err);
void mem_failed(void);              // an allocation was made to fail

// A program's page fault that has waited (p->faulting is FAULT_WAITED: set by
// mem_wait()) has been served, or has done something about what it did not get.
void mem_fault_ends(void);
// Somebody is to be chosen to die: 0 when another is dying already, else the
// choice is the caller's. It is over: the memory is back, or nobody was chosen.
int  mem_choose(void);
void mem_chosen_gone(void);

// The reclaimer is to work: the stock is low.
void mem_wake_reclaimer(void);
// For the reclaimer. Is it to work? Sleeps until it is, or so many ticks.
int  mem_wanted(uint nticks);
int  mem_lacking(void);             // does somebody wait for more than is there?
void mem_rest(void);                // sleep a tick, or until somebody waits
void mem_round_done(int result);    // 0: frames were found or will be; -ENOMEM
