// event.h: what happens to memory, told as it happens: lines of text on the
// second serial line, for whoever draws a picture of them (docs/11-events.md
// has the format). Off, it costs a comparison where something could be told.
//
// A line says what something is from now on, not how it came about. The change
// comes first, then the line; and the state is looked up with the stream's lock
// held, or one that keeps it from changing. So the last line about a thing is
// true, whoever else changes it meanwhile.

#pragma once

#include "pagetable.h"

struct page;
struct aspace;
struct proc;
struct region;

extern int events_on;
#define EVENT(call) do { if (events_on) call; } while (0)

// Any context but an NMI, with any lock held but print.c's.
void event(const char *, ...) __attribute__((format(printf, 1, 2)));
uint space_id(const struct aspace *);       // its directory's frame; 0: none
void event_frame(struct page *);            // its owner, its block
void event_table(struct aspace *, uint va); // the page table for va
// n entries from va on. What guards them is held.
void event_ptes(struct aspace *, uint va, const pte_t *, uint n,
                const char *why);
void event_proc(struct proc *, const char *why);    // held: ptable.lock
// snapshot.c, with the space locked:
void event_region(struct aspace *, const struct region *);
void event_regions(struct aspace *);        // all it has
void event_noregion(struct aspace *, const struct region *);
// A try of a page fault, whose entry was old; to the console, too, if the fault
// trace is switched on. result: 0, a need, -errno.
void event_fault(struct aspace *, uint va, int write, int which,
                 int result, pte_t old);

// Before the first event: 0, or -ENODEV: there is no second serial line.
int  event_init(void);
// The device /dev/events: what is written to it becomes an event.
int  event_write(uint uva, uint n);

// Switch the stream on or off. A snapshot of everything comes first, and last.
// May sleep. 0, -ENODEV.
int  events_switch(int on);
