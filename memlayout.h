// memlayout.h: the address map (docs/02-addresses.md).

#pragma once

#define KERNBASE   0x80000000       // physical N is at KERNBASE + N
#define APENTRY    0x7000           // physical page: other CPUs begin here
#define EXTMEM     0x00100000u      // the kernel is loaded here
#define DIRECTTOP  0x78000000u      // physical end of the direct map, 1920 MB
#define KSTACKBASE 0xf8000000u      // kernel stacks and temporary mappings
#define KSTACKSTEP 0x4000u          // 16 KB a slot: 8 KB unmapped, 8 KB stack
#define NKSTACK    768              // slots: three page tables' worth
#define TEMPBASE   0xf8c00000u      // temporary mappings: one page table
#define DEVSPACE   0xfe000000u      // memory-mapped devices, mapped 1:1

#ifdef __ASSEMBLER__
#define LOW(sym) ((sym) - KERNBASE) // its physical address
#else
#include "types.h"
#define V2P(a) ((uint)(a) - KERNBASE)
#define P2V(a) ((void *)((uint)(a) + KERNBASE))
#endif
