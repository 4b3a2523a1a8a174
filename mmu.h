// mmu.h: formats that the x86's memory management fixes. (SDM: Intel's
// Software Developer's Manual, volume 3A: paging 4.3, segments 3.4,
// descriptors 3.5, task state 7.2, gates 6.11.)

#pragma once

#define PGSIZE  4096u
#define PGSHIFT 12
#define BIGSIZE 0x400000u           // a 4 MB page
#define NPDENTRIES 1024
#define NPTENTRIES 1024

#define PDX(va) (((uint)(va)) >> 22)
#define PTX(va) ((((uint)(va)) >> 12) & 0x3ff)
#define PGROUNDUP(a)   (((uint)(a) + PGSIZE - 1) & ~(PGSIZE - 1))
#define PGROUNDDOWN(a) ((uint)(a) & ~(PGSIZE - 1))
#define PGOFF(a)       ((uint)(a) & (PGSIZE - 1))

#define PTE_P   0x001               // present
#define PTE_W   0x002               // writable
#define PTE_U   0x004               // user
#define PTE_PWT 0x008               // write-through
#define PTE_PCD 0x010               // not cached
#define PTE_A   0x020               // accessed
#define PTE_D   0x040               // dirty
#define PTE_PS  0x080               // 4 MB page (in a PDE)
#define PTE_G   0x100               // global: survives a CR3 load
#define PTE_ADDR(pte)  ((uint)(pte) & ~0xfffu)

#define CR0_PE 0x00000001
#define CR0_MP 0x00000002
#define CR0_EM 0x00000004
#define CR0_TS 0x00000008
#define CR0_NE 0x00000020
#define CR0_WP 0x00010000
#define CR0_PG 0x80000000
#define CR4_PSE 0x00000010
#define CR4_PGE 0x00000080
#define CR4_OSFXSR 0x00000200
#define CR4_OSXMMEXCPT 0x00000400
#define CR4_SMEP 0x00100000
#define CR4_SMAP 0x00200000

#define FL_ONE 0x00000002           // always set
#define FL_IF 0x00000200
#define FL_VM 0x00020000

// Page-fault error code, SDM 3A 4.7 (bit 0: protection, not absence; bit 2: in
// user mode).
#define FEC_W 2                     // a write

// Selectors.
#define SEG_KCODE 1
#define SEG_KDATA 2
#define SEG_UCODE 3
#define SEG_UDATA 4
#define SEG_TSS   5
#define SEG_DFTSS 6                 // double fault's task
#define NSEGS     7
#define DPL_USER  3
#define SEL(seg, rpl) ((seg) << 3 | (rpl))

#ifndef __ASSEMBLER__
#include "types.h"

struct descriptor {                 // of a segment or a gate
    uint lo, hi;
};

struct tabledesc {                  // what lgdt and lidt load
    ushort limit;
    uint base;
} __attribute__((packed));

struct taskstate {                  // SDM 3A figure 7-2
    uint link, esp0, ss0, esp1, ss1, esp2, ss2;
    uint cr3, eip, eflags, eax, ecx, edx, ebx, esp, ebp, esi, edi;
    uint es, cs, ss, ds, fs, gs, ldt;
    ushort trap, iomap;
};
#endif
