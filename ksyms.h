// ksyms.h: the kernel's function symbols, ascending by address, made from
// the linked kernel (tools/ksyms). The first linking's table is empty.

#pragma once

#include "types.h"

struct ksym {
    uint addr;
    const char *name;
};

extern const struct ksym ksyms[];
extern const uint nksyms;

// The function that an address in the kernel's text belongs to.
const struct ksym *ksym_at(uint addr);
