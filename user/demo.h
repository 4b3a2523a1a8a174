// demo.h: what the demonstration programs share.
//
// They are called forkdemo, cowdemo, execdemo, mapdemo, swapdemo, oomdemo and
// faultdemo. Each tells what it does in steps, one line each. A step is printed
// before the thing that it tells of happens; the same line goes to /dev/events,
// if there is one, so that who watches the memory knows what he sees. With -s
// the program waits a little after each step.

#pragma once

#include "entry.h"

// Takes -s and --help; the operands begin at argv[optind], at most this many.
void demo_start(int argc, char **argv, int operands);

// One step. Ends the program if it cannot be printed.
void step(const char *fmt, ...) PRINTF(1, 2);

// This process's entry for an address; pid's entry; a step with pid's entry in
// words.
uint entry_of(const void *p);
uint entry_of_pid(int pid, const void *p);
void show_entry(const char *who, int pid, const void *p);

// A new private region of so many pages, or the program ends.
char *demo_pages(uint n);

// Parent and child take turns. demo_fork() is a fork whose parent goes on; the
// child returns from it when the parent calls demo_pass(), and so on: it gives
// the turn to the other and waits for it. 0: the other one has ended.
int  demo_fork(void);
int  demo_pass(void);

// Waits for pid to end; its wait status.
int  demo_wait(int pid);
