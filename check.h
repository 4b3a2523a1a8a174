// check.h: the invariant checker.

#pragma once

struct kcheckinfo;
// Recount the world. Exact when no other process is at work; a difference is
// looked at again for a while before it counts as broken. May sleep.
void kcheck(struct kcheckinfo *);
void kcheck_boot_done(void);        // what is in use now is the kernel's own
extern int test_hooks;              // boot argument test=on: programs may call
                                    // kcheck and failmark
