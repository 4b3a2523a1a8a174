// tlb.h: keeping other CPUs' translation caches right (SDM 3A 4.10).
//
// Each CPU has two counters: flushwant, which others raise and then send an
// interrupt, and flushdone, to which it copies flushwant after flushing. A
// shoot-down is served when flushdone has reached the value asked for.

#pragma once

#include "types.h"

struct cpu;
struct aspace;

#define TLBFEW 12                   // pages: invlpg costs 423 cycles and a CR3
                                    // load 6,200 under emulation

// vm.c's switchuvm(), set at start.
extern void (*load_space)(struct aspace *);

// Flush this CPU's TLB for what has been asked. Interrupts off.
void tlb_serve(struct cpu *);
// The PTEs of [start, end) in as lost a right or a frame: flush them here
// and on every CPU that has as's directory loaded, and wait until done.
// Interrupts on, no spin lock held (other CPUs wait for us likewise). start is
// page-aligned, or the range lies within one page.
void tlb_shoot(struct aspace *, uint start, uint end);
// The same for kernel addresses (global entries), on every CPU.
void tlb_shoot_kernel(void);
// Make every CPU that has as's directory loaded let go of it, this one, too
// (exit() relies on that). No process runs on it; otherwise as tlb_shoot().
void tlb_drop(struct aspace *);
