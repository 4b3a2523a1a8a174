// pagetable.h: page tables: the kernel's own (kvm.c), and those of processes
// (the first part of vm.c).

#pragma once

#include "mmu.h"

extern pde_t kpgdir[NPDENTRIES];    // the kernel's own directory
extern uint cpu_features;           // CPUID.1:EDX
extern uint pte_global;             // PTE_G where the CPU has it, else 0

// Build the kernel half from the table of ranges and switch to it. Once.
void kvm_init(void);
// Load kpgdir and this CPU's CR0/CR4 bits (WP, PSE, PGE, SMEP, SMAP).
void kvm_cpu(void);

// A directory with the kernel's mappings and an empty user half: one frame.
// 0 when out of memory (nothing is left behind).
pde_t *setupkvm(void);
// The address of va's PTE, or 0. alloc: make the second level if it is
// missing (0 when out of memory). The PDE of a new table is permissive: the
// PTE alone decides.
pte_t *walkpgdir(pde_t *, const void *va, int alloc);
// Map [va, va + size) to frames from pa on. 0, -ERESTART, or -EEXIST: some page
// is mapped already. On failure nothing has changed but for empty tables.
int mappages(pde_t *, void *va, uint size, uint pa, int perm);

// A walk over the entries for [start, end), by runs: the entries that one
// table has of them, from the first that is not zero. Where there is no table
// there is nothing to see.
//
//     struct ptrun run = PTRUN(as->pgdir, start, end);
//
//     while (ptrun_next(&run))
//         for (i = 0; i < run.n; i++)
//             look at run.pte[i], the entry of run.va + i * PGSIZE
//
// The space's lock is held, or it is the caller's own: nobody else makes or
// frees its tables.
struct ptrun {
    pde_t *pgdir;
    uint next, end;                 // yet to be seen
    uint va, n;                     // the run: address of the first, number
    pte_t *pte;
};
#define PTRUN(pgdir, start, end) { pgdir, start, end, 0, 0, 0 }
int ptrun_next(struct ptrun *);     // 0: that was the last

// Firmware tables may lie anywhere; boot time only, one CPU, at most 1 MB at
// a time, several at once until 4 MB are used. 0 when there is no room.
void *temp_map(uint pa, uint len);
void  temp_unmap(void *);           // newest first

// Kernel stacks. The address of one (KSTACKSIZE bytes, an unmapped guard
// below), or 0 when out of memory. Freeing may flush every CPU's TLB:
// interrupts on, no spin lock held.
uint kstack_alloc(void);
void kstack_free(uint);             // nobody stands on it any more
void kstack_trim(void);             // unmap the free ones; likewise
uint kstack_spare(void);            // frames held by stacks that are free

// Which stack's guard is this address in? Its kstack address, or 0.
uint kstack_guard(uint va);
