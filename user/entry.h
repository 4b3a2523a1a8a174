// entry.h: the bits of a page-table entry, as getpagetableentry() gives it. One
// that is not present and not 0 names a swap slot, where a frame would be.

#pragma once

#include "user.h"

#define PTE_P 0x001                 // present
#define PTE_W 0x002                 // writable
#define PTE_U 0x004                 // for programs, not only the kernel
#define PTE_A 0x020                 // accessed
#define PTE_D 0x040                 // dirty: written to
#define PGSHIFT 12                  // above it: the frame's number, or slot's
